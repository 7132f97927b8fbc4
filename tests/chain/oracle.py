"""What is told twice, worked out from the words of docs/explanation/net.md in plain Python, one activity after another.

It shares no line with `concerted.chain`: lists and fractions, no arrays. It knows the plain cases only, where every
transfer leaves one sign, and says so where a case is not plain.
"""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Row = dict[str, Any]
#: Money out and in, of one kind: disbursements and what came in.
OUT, CAME_IN = "3", "1"
CLAIMED, THROUGH = Fraction(80, 100), Fraction(40, 100)


class NotPlainError(Exception):
    """A case that the oracle does not decide."""


@dataclass
class Books:
    """Cents of one activity: what left, by (activity, organisation) named, and what came, by the same."""

    org: int | None
    out: dict[tuple[int | None, int | None], Fraction]
    came: dict[tuple[int | None, int | None], Fraction]

    @property
    def outflow(self) -> Fraction:
        return sum(self.out.values(), Fraction(0))

    @property
    def income(self) -> Fraction:
        return sum(self.came.values(), Fraction(0))

    def passed(self, end: tuple[int | None, int | None]) -> Fraction:
        """What left came from the incomes in proportion; no more of them left than there was."""
        return min(self.income, self.outflow) * self.came[end] / self.income


def books_of(activities: list[Row], transactions: list[Row]) -> dict[int, Books]:
    """The books of each activity. A correction lowers what it corrects, between the same two ends, before all else."""
    by_record = {a["record_id"]: a for a in activities if a["is_current"] and a["is_supply"]}
    found = {
        a["activity_id"]: Books(a["org_id"], defaultdict(Fraction), defaultdict(Fraction)) for a in by_record.values()
    }
    for t in transactions:
        if t["record_id"] not in by_record or t["type_code"] not in (OUT, CAME_IN) or t["value_usd"] is None:
            continue
        books = found[by_record[t["record_id"]]["activity_id"]]
        if t["type_code"] == OUT:
            books.out[t["receiver_activity_id"], t["receiver_org_id"]] += Fraction(t["value_usd"]) * 100
        else:
            books.came[t["provider_activity_id"], t["provider_org_id"]] += Fraction(t["value_usd"]) * 100
    return found


def told_before(all_books: dict[int, Books]) -> dict[int, tuple[Fraction, Fraction, Fraction]]:
    """Cents of the outflow of each activity that somebody told before: certainly, likely, at most."""
    result = {}
    for activity, books in all_books.items():
        parts = [*_named(activity, books, all_books), *_by_receiver(books, all_books), *_through(books, all_books)]
        sums = [min(books.outflow, sum((part[i] for part in parts), Fraction(0))) for i in range(3)]
        result[activity] = (sums[0], sums[1], sums[2])
    return result


def _named(activity: int, books: Books, all_books: dict[int, Books]) -> list[tuple[Fraction, Fraction, Fraction]]:
    """Givers whose transactions name this activity; its own books are compared."""
    parts = []
    givers = [(g, amount) for g, b in all_books.items() for (other, _), amount in b.out.items() if other == activity]
    for giver, given in givers:
        mine = [end for end in books.came if end[0] == giver]
        if mine:
            # Both name each other: certain and likely is what both allow, the larger claim is the upper bound.
            got = sum((books.came[end] for end in mine), Fraction(0))
            passed = sum((books.passed(end) for end in mine), Fraction(0))
            by_giver = given * passed / got
            both = min(passed, by_giver, given)
            # Of what left beyond all incomes, the rest of the giver's claim is likely a part.
            beyond = min(max(books.outflow - books.income, Fraction(0)), max(given - got, Fraction(0)))
            if beyond and len(givers) > 1:
                raise NotPlainError("several givers of what the books leave open")
            parts.append((both, both + beyond, min(given, max(passed, by_giver, both + beyond))))
        elif not books.came:
            # It tells no income: it may have been given what the giver says, and more.
            if len(givers) > 1:
                raise NotPlainError("several givers of an activity that tells no income")
            possible = min(given, books.outflow)
            parts.append((Fraction(0), possible, possible))
        else:
            raise NotPlainError("a giver that the receiver's books do not name")
    return parts


def _by_receiver(books: Books, all_books: dict[int, Books]) -> list[tuple[Fraction, Fraction, Fraction]]:
    """Incomes that name an activity whose transactions name nobody: 80 %, certain to nobody."""
    parts = []
    for end in books.came:
        giver = all_books.get(end[0]) if end[0] is not None else None
        if giver is None or any(other is not None for other, _ in giver.out):
            continue
        nameless = giver.out.get((None, None), Fraction(0))
        if len(giver.out) > 1:
            raise NotPlainError("a giver that names some of its receivers")
        possible = min(nameless, books.passed(end))
        parts.append((Fraction(0), possible * CLAIMED, possible))
    return parts


def _through(books: Books, all_books: dict[int, Books]) -> list[tuple[Fraction, Fraction, Fraction]]:
    """Incomes from an organisation that publishes nothing, and that a giver names as its receiver: 40 %."""
    parts = []
    publishers = {b.org for b in all_books.values()}
    for end in books.came:
        if end[0] is not None or end[1] is None or end[1] in publishers:
            continue
        to_it = [b.out[other] for b in all_books.values() for other in b.out if other == (None, end[1])]
        if not to_it:
            continue  # an organisation outside, which nobody here gives to
        if len(to_it) > 1:
            raise NotPlainError("several givers through one that publishes nothing")
        possible = min(to_it[0], books.passed(end))
        parts.append((Fraction(0), possible * THROUGH, possible))
    return parts


def differences(
    activities: list[Row], transactions: list[Row], doubles: list[Row], slack: int = 4
) -> list[tuple[int, str, Fraction, Fraction]]:
    """(activity, bound, by the oracle, by the tables) wherever they are more than a few cents of rounding apart."""
    by_record = {a["record_id"]: a["activity_id"] for a in activities}
    kind_of = {(t["record_id"], t["seq"]): t["type_code"] for t in transactions}
    told: dict[int, list[Fraction]] = defaultdict(lambda: [Fraction(0)] * 3)
    for row in doubles:
        if row["view"] == "precise" and kind_of[row["record_id"], row["transaction_seq"]] == OUT:
            mine = told[by_record[row["record_id"]]]
            for i, bound in enumerate(("low_usd", "best_usd", "high_usd")):
                mine[i] += Fraction(row[bound]) * 100
    wanted = told_before(books_of(activities, transactions))
    return [
        (activity, bound, wanted[activity][i], told[activity][i])
        for activity in sorted(wanted)
        for i, bound in enumerate(("low", "best", "high"))
        if abs(wanted[activity][i] - told[activity][i]) > slack
    ]
