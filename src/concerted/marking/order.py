"""The order of markings: whose statement may be evidence for whose.

Evidence flows from the more open to the more restricted, never back: what is worked out for a row rests only on rows
that everybody who may see it may also see. So a hidden record moves no figure of those from whom it is hidden, whoever
they are. Docs: decisions/0004-evidence-flows-one-way.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

import pyarrow as pa

from concerted.marking.keys import NAMED, NOBODY, Label, Marking, narrowness, parse_key

View: TypeAlias = Literal["precise", "coarse"]
#: The labels whose viewers belong to an organisation, so are among those of GREEN.
_PARTNERS = frozenset({Label.GREEN, Label.AMBER, Label.AMBER_STRICT})


def audience(key: str | None) -> Marking:
    """The marking of a key, with one form for all that nobody may see."""
    marking = parse_key(key)
    return NOBODY if marking.label in NAMED and not marking.names else marking


def is_own_only(precise: str | None, coarse: str | None = None) -> bool:
    """Whether nobody but one organisation sees a record, in either view, for certain.

    Who is in a group, and for which organisation a named person works, is not known here. AMBER+STRICT with one name is
    taken to name the owner, as the form writes it; what names somebody else as well is seen by others.
    """
    seen = audience(precise)
    if audience(coarse) != NOBODY:
        return False
    return seen == NOBODY or (seen.label is Label.AMBER_STRICT and len(seen.names) == 1)


def is_evidence(key: str | None, target: str | None) -> bool:
    """Whether everybody who may see `target` may also see `key`, so that `key` may bear on what is said under `target`.

    Reflexive and transitive. Membership of groups and organisations changes and is not known here: markings that it
    would have to decide on are not evidence for each other.
    """
    wide, narrow = audience(key), audience(target)
    if wide == narrow or wide.label is Label.CLEAR or narrow.label is Label.NOBODY:
        return True
    if wide.label is Label.GREEN:
        return narrow.label in _PARTNERS
    return wide.label is narrow.label and wide.label in NAMED and narrow.names <= wide.names


@dataclass(frozen=True)
class EvidenceOrder:
    """The marks of an edition's views as whole numbers, and which of them are evidence for which.

    A mark is a view (precise or coarse) under a marking. A precise view is evidence by its marking. A coarse view is
    evidence for other coarse views only: joined to a precise statement by what its owner left out of it (identifier,
    partner), it would tell what that was.

    Attributes:
        numbers: (view, marking key) -> number. Marks that the same people see have one number, and a mark that is
            evidence for another one has the smaller number.
        pairs: (mark, evidence): every mark with itself and with all that is evidence for it.
    """

    numbers: dict[tuple[View, str], int]
    pairs: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, precise: Iterable[str], coarse: Iterable[str] = ()) -> "EvidenceOrder":
        """The order of the markings of precise and of coarse views."""
        marks: set[tuple[View, str]] = {("precise", key) for key in precise}
        marks |= {("coarse", key) for key in coarse}
        numbers: dict[tuple[View, str], int] = {}
        firsts: list[tuple[View, str]] = []
        for view, key in sorted(marks, key=lambda mark: (_openness(mark[1]), mark[0] == "coarse", mark[1])):
            if not firsts or firsts[-1][0] != view or audience(firsts[-1][1]) != audience(key):
                firsts.append((view, key))
            numbers[view, key] = len(firsts) - 1
        pairs = [
            (number, other)
            for number, (view, key) in enumerate(firsts)
            for other, (other_view, other_key) in enumerate(firsts)
            if (other_view == "precise" or view == "coarse") and is_evidence(other_key, key)
        ]
        return cls(numbers, tuple(pairs))

    @cached_property
    def marks_table(self) -> pa.Table:
        """view, marking_key, mark."""
        rows = [(view, key, number) for (view, key), number in sorted(self.numbers.items())]
        return _table(rows, (("view", pa.string()), ("marking_key", pa.string()), ("mark", pa.int32())))

    @cached_property
    def pairs_table(self) -> pa.Table:
        """mark, evidence, is_wider: more people see the evidence than the mark."""
        rows = [(mark, evidence, mark != evidence) for mark, evidence in self.pairs]
        return _table(rows, (("mark", pa.int32()), ("evidence", pa.int32()), ("is_wider", pa.bool_())))


def _openness(key: str) -> tuple[int, int, str]:
    """Sort key under which evidence comes before what it is evidence for, and equal audiences stand side by side."""
    marking = audience(key)
    label, names, _ = narrowness(str(marking.label)) if marking == NOBODY else narrowness(key)
    return label, names, ",".join(sorted(marking.names))


def _table(rows: Iterable[tuple[object, ...]], fields: tuple[tuple[str, pa.DataType], ...]) -> pa.Table:
    schema = pa.schema(list(fields))
    return pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema=schema)
