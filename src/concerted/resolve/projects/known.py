"""What those who may see a marking know to be declared of two activities.

Place on the way: resolve. Enters: relations that files declare, each under a marking. Leaves: answers for one marking
at a time, because what is declared in a hidden file may neither take a proposal from others nor make them doubt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import ibis.expr.types as ir

from concerted.marking import EvidenceOrder
from concerted.resolve.projects.judged import Judged

#: A judgement and the relations that, declared of the same pair, speak against it: the same way round, and turned.
_AGAINST: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "different": (("same", "part_of", "funds"), ("same", "part_of", "funds")),
    "successor_of": (("same", "part_of", "funds"), ("same", "part_of", "funds")),
    "funds": ((), ("funds",)),
    "part_of": (("funds",), ("part_of",)),
}


@dataclass(frozen=True)
class Declared:
    """Declared relations.

    Attributes:
        by_pair: (relation, left activity, mark) by the two activities, sorted.
        evidence: marks that are evidence for a mark.
    """

    by_pair: Mapping[frozenset[int], Sequence[tuple[str, int, int]]]
    evidence: Mapping[int, frozenset[int]]

    @classmethod
    def of(cls, declared: ir.Table, order: EvidenceOrder) -> Self:
        """From rows of `activity_relation`."""
        columns = ["left_activity_id", "right_activity_id", "relation", "marking_key"]
        by_pair: dict[frozenset[int], list[tuple[str, int, int]]] = {}
        for row in declared.select(columns).distinct().order_by(columns).to_pyarrow().to_pylist():
            pair = frozenset((row["left_activity_id"], row["right_activity_id"]))
            mark = order.numbers["precise", row["marking_key"]]
            by_pair.setdefault(pair, []).append((row["relation"], row["left_activity_id"], mark))
        evidence: dict[int, set[int]] = {}
        for mark, other in order.pairs:
            evidence.setdefault(mark, set()).add(other)
        return cls(
            {pair: sorted(found) for pair, found in by_pair.items()},
            {mark: frozenset(others) for mark, others in evidence.items()},
        )

    def settles(self, pair: tuple[int, int], mark: int) -> bool:
        """Whether something is declared of these two, as far as the mark knows."""
        return bool(self._known(frozenset(pair), mark))

    def against(self, judged: Judged, mark: int) -> str | None:
        """The declared relation that speaks against a judgement, as far as the mark knows; null = none."""
        straight, turned = _AGAINST[judged.decision]
        known = self._known(frozenset((judged.left, judged.right)), mark)
        for relation, left in known:
            if relation in (straight if left == judged.left else turned):
                return relation
        return None

    def _known(self, pair: frozenset[int], mark: int) -> list[tuple[str, int]]:
        return [(relation, left) for relation, left, at in self.by_pair.get(pair, ()) if at in self.evidence[mark]]
