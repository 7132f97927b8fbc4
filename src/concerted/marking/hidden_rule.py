"""When a sum of hidden records is safe to be known: the rule under which `suppress` tells totals.

The thresholds are defaults of ours, for people who know the ground to set: three organisations, 20 %. Counts of few
people have a rule of their own, which needs no choice of totals: `few_people`.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from concerted.marking.suppress import Part


@dataclass(frozen=True)
class HiddenRule:
    """For records counted though hidden: no organisation's amount is known better than `margin_pct` %, to anybody.

    A sum is safe if at least `organisations` have hidden records in it and if, in every measure and for every reader,
    what all but the largest have is at least `margin_pct` % of the largest, among the records that this reader does not
    see. A reader who sees his own only makes it the p% rule.

    Attributes:
        organisations: how many must be in a sum.
        margin_pct: half of the interval, in % of the amount, that nobody can get below.
        seen_by: record -> organisations that see it today, beside its owner. They take it out of any sum.
        opened: records that everybody sees today, though earlier editions counted them as hidden. They protect nothing.

    Raises:
        ValueError: fewer than three organisations, or a margin below 1 %: then the sum of two would be told, from which
            each of them reads the other.
    """

    organisations: int = 3
    margin_pct: int = 20
    seen_by: Mapping[str, frozenset[str]] = field(default_factory=dict)
    opened: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.organisations < 3 or self.margin_pct < 1:
            raise ValueError(f"at least 3 organisations and 1 %, found {self.organisations} and {self.margin_pct} %")

    def is_safe(self, parts: Collection[Part]) -> bool:
        """Whether everybody may know the sum of `parts`."""
        sums: dict[tuple[str, frozenset[str]], tuple[int, ...]] = {}
        for part in parts:
            if part.record not in self.opened:
                known_to = (part.owner, self.seen_by.get(part.record, frozenset()))
                sums[known_to] = _plus(sums.get(known_to), part.values)
        owners = {owner for owner, _ in sums}
        if len(owners) < self.organisations:
            return not owners
        return all(self._is_kept_from(reader, sums) for reader in (None, *owners, *_others(sums)))

    def knows(self, reader: str | None, part: Part) -> bool:
        """Whether an organisation (null = the public) sees the record that a part is of."""
        return part.record in self.opened or reader in (part.owner, *self.seen_by.get(part.record, ()))

    def _is_kept_from(self, reader: str | None, sums: Mapping[tuple[str, frozenset[str]], tuple[int, ...]]) -> bool:
        unknown: dict[str, tuple[int, ...]] = {}
        for (owner, seen_by), values in sums.items():
            if reader != owner and reader not in seen_by:
                unknown[owner] = _plus(unknown.get(owner), values)
        measures = zip(*unknown.values(), strict=True)
        return all(100 * (sum(amounts) - max(amounts)) >= self.margin_pct * max(amounts) for amounts in measures)


def _others(sums: Mapping[tuple[str, frozenset[str]], tuple[int, ...]]) -> Iterator[str]:
    return iter(frozenset().union(*(seen_by for _, seen_by in sums)))


def _plus(known: tuple[int, ...] | None, more: tuple[int, ...]) -> tuple[int, ...]:
    return more if known is None else tuple(map(int.__add__, known, more))
