"""Changes in an address: the address is the whole state, so every what-if is a link, and a link holds no figure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from concerted.matching.what_if.changes import MOST, Change
from concerted.matching.what_if.written import ChangeError, from_text, text_of
from concerted.web.coverage.filters import Filters, NotThere, default_filters
from concerted.web.edition.scope import Scope

NAME = "change"


@dataclass(frozen=True)
class Address:
    """Where a what-if stands: the page, its filters, and the changes where the page does not hold them itself."""

    page: str
    filters: Filters
    defaults: Filters
    changes: tuple[Change, ...] = ()

    def to(
        self,
        filters: Filters | None = None,
        changes: Sequence[Change] | None = None,
        more: Mapping[str, str] | None = None,
    ) -> str:
        """The address with other filters, other changes, and what else stands in it."""
        query = (self.filters if filters is None else filters).query(self.defaults)
        pairs = [(NAME, text_of(change)) for change in (self.changes if changes is None else changes)]
        rest = urlencode([*pairs, *(more or {}).items()])
        return self.page + query + (("&" if query else "?") + rest if rest else "")


def read_changes(query: QueryDict) -> tuple[Change, ...]:
    """The changes of an address.

    Raises:
        NotThere: one cannot be read, or there are too many.
    """
    return changes_of(query.getlist(NAME))


def changes_of(texts: Sequence[str]) -> tuple[Change, ...]:
    """Changes from their texts.

    Raises:
        NotThere: one cannot be read, or there are too many.
    """
    if len(texts) > MOST:
        raise NotThere(NAME)
    try:
        return tuple(from_text(text, number) for number, text in enumerate(texts, 1))
    except ChangeError as error:
        raise NotThere(NAME) from error


def opened_for(scope: Scope, filters: Filters, nodes: Iterable[str | None]) -> Filters:
    """The filters with those lines open below which something changes, unless somebody has opened lines himself."""
    if filters.opened:
        return filters
    tree = scope.edition.frameworks[filters.framework]
    above = frozenset(up for node in nodes if node for up in tree.chain(node)[1:])
    return filters.but(opened=above, start=filters.start)


def address(scope: Scope, page: str, filters: Filters, changes: tuple[Change, ...] = ()) -> Address:
    """Where a what-if stands."""
    return Address(page, filters, default_filters(scope.edition), changes)
