"""The filters of a page: one value for the whole state, read from the address and written back to it.

Enters: the query part of an address. Leaves: frozen `Filters`, in which every value exists in the edition. The address
is the state, so every view is a link; values that are the default are left out of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal
from urllib.parse import urlencode

from concerted.model.ids import id_from_text, id_text
from concerted.model.tables import ALL, UNCLASSIFIED
from concerted.web.edition.frameworks import Tree
from concerted.web.edition.opened import Edition
from concerted.web.edition.places import APART

By = Literal["place", "period", "partner"]
COLUMNS: tuple[By, ...] = ("place", "period", "partner")
CURRENCIES = ("USD", "EUR", "XOF")
KINDS = ("pledge", "commitment", "disbursement", "expenditure", "incoming", "budget", "planned_disbursement")
VALIDATIONS = ("validated", "signed", "waiting", "unvalidated")
STATES = ("requested", "planned", "ongoing", "completed", "cancelled", "unknown")
#: Word for a year that no statement gives, and for a partner that the coarse view hides.
NO_YEAR = "unknown"
NO_PARTNER = "hidden"


class NotThere(Exception):  # noqa: N818 (it is no error: the page answers that nothing is there)
    """A value in the address names nothing that is there for this viewer."""


@dataclass(frozen=True)
class Filters:
    """What a page shows. `None` = all.

    Attributes:
        place: a place with everything in it; REGIONAL; UNKNOWN; with `exact`, only what is said of it as a whole.
        period: a calendar year, or `unknown`.
        partner: hexadecimal id of the organisation that reports, or `hidden`.
        by: what the columns of the matrix are.
        validation: how far what partners keep on the site has been validated.
        opened: nodes whose children are shown as rows.
        start: first column, or first row of a list, that is shown.
    """

    framework: str
    node: str | None = None
    place: str | None = None
    exact: bool = False
    period: str | None = None
    partner: str | None = None
    state: str | None = None
    validation: str | None = None
    currency: str = "USD"
    kind: str = "commitment"
    by: By = "place"
    opened: frozenset[str] = frozenset()
    q: str = ""
    start: int = 0

    @property
    def needs_rows(self) -> bool:
        """Whether what is asked for is in no stored figure, so that rows are looked through."""
        return bool(self.q or self.state or self.validation)

    @property
    def year(self) -> int | None:
        """The calendar year, or None for all years and for the unknown year."""
        return int(self.period) if self.period and self.period != NO_YEAR else None

    @property
    def org_id(self) -> int | None:
        """The partner's id, or None for all and for the hidden ones."""
        return id_from_text(self.partner) if self.partner and self.partner != NO_PARTNER else None

    def but(self, **changes: Any) -> "Filters":
        """The same with some values changed; another first row or column would be somewhere else, so it starts anew."""
        return replace(self, **{"start": 0, **changes})

    def without(self, dimension: By | None) -> "Filters":
        """The same, not filtered by place, period or partner."""
        match dimension:
            case "place":
                return replace(self, place=None, exact=False)
            case "period":
                return replace(self, period=None)
            case "partner":
                return replace(self, partner=None)
            case None:
                return self

    def query(self, defaults: "Filters") -> str:
        """The query part of the address, `?` included, without what is the default; empty when all is."""
        parts: dict[str, str] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if value == getattr(defaults, item.name):
                continue
            if item.name == "opened":
                parts["open"] = ",".join(sorted(value))
            elif item.name == "exact":
                parts["exact"] = "1"
            else:
                parts[item.name] = "all" if value is None else str(value)
        return "?" + urlencode(parts) if parts else ""


def default_filters(edition: Edition, framework_id: str | None = None) -> Filters:
    """The view that opens first: the strategy (else the first framework), in its country where it has one.

    Raises:
        NotThere: the edition has no such framework, or none at all.
    """
    frameworks = edition.frameworks
    if not frameworks or (framework_id is not None and framework_id not in frameworks):
        raise NotThere("framework")
    framework = frameworks[framework_id] if framework_id else next(iter(frameworks.values()))
    place = framework.place_id if framework.place_id in edition.places else None
    return Filters(framework=framework.id, place=place, kind=framework.rule.supply_kind)


def read_filters(edition: Edition, query: Mapping[str, str]) -> Filters:
    """The filters that an address asks for; `all` stands for no filter where the default has one.

    Raises:
        NotThere: a value is malformed or not in this edition. That an organisation may be seen is checked where its
            name is asked for.
    """
    filters = default_filters(edition, query.get("framework"))
    nodes = edition.frameworks[filters.framework].nodes.keys() | {ALL, UNCLASSIFIED}
    changes: dict[str, Any] = {
        "node": _one(query, "node", filters.node, nodes),
        "place": _one(query, "place", filters.place, edition.places, APART),
        "exact": query.get("exact") == "1",
        "period": _year(query.get("period"), filters.period),
        "partner": _partner(query.get("partner")),
        "state": _one(query, "state", None, STATES),
        "validation": _one(query, "validation", None, VALIDATIONS),
        "currency": _one(query, "currency", "USD", CURRENCIES),
        "kind": _one(query, "kind", filters.kind, KINDS),
        "by": _one(query, "by", "place", COLUMNS),
        "opened": frozenset(query.get("open", "").split(",")) & nodes,
        "q": query.get("q", "").strip()[:100],
        "start": _count(query.get("start")),
    }
    return replace(filters, **changes)


def framework_of(edition: Edition, filters: Filters) -> Tree:
    """The framework that the filters name; `read_filters` has checked that it is there."""
    return edition.frameworks[filters.framework]


def _one(query: Mapping[str, str], name: str, default: str | None, *known: Any) -> str | None:
    value = query.get(name, "")
    if not value:
        return default
    if value == "all" and name in ("node", "place", "state", "validation"):
        return None
    if not any(value in values for values in known):
        raise NotThere(name)
    return value


def _year(text: str | None, default: str | None) -> str | None:
    if not text:
        return default
    if text == "all":
        return None
    if text != NO_YEAR and not (text.isascii() and text.isdigit() and len(text) == 4):
        raise NotThere("period")
    return text


def _partner(text: str | None) -> str | None:
    if not text or text == "all":
        return None
    if text == NO_PARTNER:
        return text
    try:
        return id_text(id_from_text(text))
    except ValueError as error:
        raise NotThere("partner") from error


def _count(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 7 else 0
