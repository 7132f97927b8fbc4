"""What a partner has in the registry, as the rows of an upload are taken over one after the other.

`intake.preview.Holdings` over the database, in bounded memory: of each own record its code, version and title are held,
of each record that changes its document as bytes.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, cast
from uuid import UUID, uuid5

from django.db.models import QuerySet

from concerted.codelists.sheet_words import fold
from concerted.intake.cells import code_of
from concerted.intake.doubles import Doubles
from concerted.marking import Viewer, may_see
from concerted.statements.document import Document
from concerted.web.accounts.models import Partner
from concerted.web.workspace.actions import begin
from concerted.web.workspace.clearing import clearance
from concerted.web.workspace.models import Condition, Kept, Record


class HeldKept:
    """What all kinds share of `intake.preview.Holdings`."""

    model: type[Kept]

    def __init__(self, owner: Partner, viewer: Viewer, sha256: str) -> None:
        """`viewer`: who brings the file; he is told of nothing that he may not see."""
        self._owner, self._viewer, self._sha256 = owner, viewer, sha256
        self._by_code: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self._drafts = set[str]()
        for pk, version, condition, keys in self._own():
            record = str(pk)
            self.versions[record] = version
            self._by_code |= dict.fromkeys(keys, record)
            if condition == Condition.DRAFT:
                self._drafts.add(record)
        self._read: dict[str, Document] = {}
        self.after: dict[str, bytes] = {}
        self._before_last: tuple[str, bytes | None] | None = None

    def _own(self) -> Iterator[tuple[UUID, int, str, list[str]]]:
        """Id, version, condition and folded codes of each that the owner has."""
        raise NotImplementedError

    def _keys(self, document: Document) -> list[str]:
        """The folded codes of a document."""
        raise NotImplementedError

    def record_of(self, code: str) -> str | None:
        """See `Holdings`."""
        return self._by_code.get(fold(code))

    def document(self, record: str) -> Document | None:
        """See `Holdings`."""
        if (said := self.after.get(record)) is not None:
            found: Document = json.loads(said)
            return found
        if record not in self.versions:
            return None
        if record not in self._read:
            self._read_in([record])
        return self._read[record]

    def prefetch(self, codes: Iterable[str | None]) -> None:
        """Read the records that some rows are about at once; those of the rows before are let go."""
        self._read = {}
        self._read_in(sorted({r for c in codes if c and (r := self._by_code.get(fold(c))) in self.versions and r}))

    def _read_in(self, records: Sequence[str]) -> None:
        # A record that is saved meanwhile is found out when it is written: its version is not the one held here.
        found = self.model._default_manager.filter(pk__in=[UUID(each) for each in records])
        for pk, document in found.values_list("pk", "document"):
            self._read[str(pk)] = document

    def is_kept(self, record: str) -> bool:
        """See `Holdings`."""
        return record in self.versions

    def is_draft(self, record: str) -> bool:
        """Whether the record is one that only its owner knows, and that a row about it would bring out."""
        return record in self._drafts

    def put(self, record: str, document: Document) -> None:
        """See `Holdings`."""
        self._before_last = record, self.after.get(record)
        self.after[record] = json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")
        for key in self._keys(document):
            self._by_code.setdefault(key, record)

    def settle(self) -> None:
        """What was put last stays."""
        self._before_last = None

    def take_back(self) -> None:
        """Forget what was put since the last row was settled."""
        if self._before_last is not None:
            record, said = self._before_last
            self._before_last = None
            if said is None:
                del self.after[record]
            else:
                self.after[record] = said

    def doubles(self, title: str | None, code: str | None) -> tuple[str, ...]:
        """See `Holdings`."""
        return self._doubles.of(title, code)

    def by_code(self, code: str | None) -> Sequence[str]:
        """See `Holdings`."""
        return self._doubles.by_code(code)

    @cached_property
    def _doubles(self) -> Doubles:
        return Doubles(
            self._titles(), {code: record for code, record in self._by_code.items() if record in self.versions}
        )

    def _titles(self) -> dict[str, str]:
        """Titles of what is kept, of others as far as the viewer may see it."""
        titles = {}
        with_title = cast(QuerySet[Any], self.model._default_manager.exclude(title=""))
        kept = with_title.exclude(condition=Condition.DRAFT).exclude(owner=self._owner)
        for pk, title in with_title.filter(owner=self._owner).values_list("pk", "title").iterator(2_000):
            titles[str(pk)] = title
        for pk, title, key in kept.values_list("pk", "title", "marking_key").iterator(2_000):
            if may_see(self._viewer, key):
                titles[str(pk)] = title
        return titles


class HeldInRegistry(HeldKept):
    """Activities; see `intake.preview.Holdings`."""

    model = Record

    def __init__(self, owner: Partner, viewer: Viewer, sha256: str, marking_key: str) -> None:
        super().__init__(owner, viewer, sha256)
        self._blank = begin(owner)["activity"] | {"marking_key": marking_key}

    def _own(self) -> Iterator[tuple[UUID, int, str, list[str]]]:
        own = Record.objects.filter(owner=self._owner)
        told = own.values_list("pk", "document__activity__identifier", "version", "condition")
        for pk, code, version, condition in told.iterator(2_000):
            yield pk, version, condition, [fold(str(each)) for each in (pk, code) if each]

    def _keys(self, document: Document) -> list[str]:
        return [fold(document["record"]), fold(code_of(document))]

    def begin(self, code: str | None, place: str) -> Document:
        """See `Holdings`. The id follows from code or file and place, so that the same file names the same record."""
        name = f"code\x1f{fold(code)}" if code else f"place\x1f{self._sha256}\x1f{place}"
        activity = self._blank | ({"identifier": code} if code else {})
        return {"record": str(uuid5(self._owner.pk, name)), "version": 1, "activity": activity}

    def is_cleared(self, record: str, document: Document) -> bool:
        """See `Holdings`."""
        as_kept = Record(pk=UUID(record), owner=self._owner, condition=Condition.KEPT, **Record.columns_of(document))
        return clearance(as_kept, document).is_cleared
