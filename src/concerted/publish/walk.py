"""One activity in the chain of money: who told its money before, who tells it again, and what is left of it.

Enters: an edition, a viewer, an activity. Leaves: for each kind of money gross, what was told before and net; and the
links on both sides, each with the part that falls on this activity.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from concerted.allocate.kinds import CHAINED, KIND_OF_TYPE
from concerted.codelists import lists
from concerted.model.ids import id_text
from concerted.publish.chain import Asked, End, Link, links, listed_ids

#: All money that left, whatever its kind: the book in which a chain is followed as a whole.
WHOLE = "spent"


@dataclass(frozen=True)
class Told:
    """One kind of an activity's money, in dollars: all that is told, and what somebody further up told before.

    Attributes:
        gross: as often as its statements tell it.
        low, best, high: told before: certainly, likely, at most.
    """

    kind: str
    gross: Decimal
    low: Decimal
    best: Decimal
    high: Decimal

    @property
    def net(self) -> tuple[Decimal, Decimal, Decimal]:
        """What is counted here: low, best, high."""
        return self.gross - self.high, self.gross - self.best, self.gross - self.low


@dataclass(frozen=True)
class Step:
    """A link as one of its ends meets it.

    Attributes:
        mine: the part of the link that falls on this activity.
        others: the activities at the other side, the largest first; the viewer may see each of them.
    """

    link: Link
    mine: End
    others: tuple[End, ...]


@dataclass(frozen=True)
class Walk:
    """What the chain says of one activity.

    Attributes:
        told: each kind of money that it let go, promised or committed.
        before: who told its money before: the links through which money came to it, the largest first.
        after: who tells again what it passed on.
    """

    activity_id: int
    told: tuple[Told, ...]
    before: tuple[Step, ...]
    after: tuple[Step, ...]

    def books(self) -> list[str]:
        """The books in which it has links; that of all money that left first."""
        found = {step.link.book for step in (*self.before, *self.after)}
        return sorted(found, key=lambda book: (book != WHOLE, CHAINED.index(book) if book in CHAINED else 0))

    def of(self, book: str) -> tuple[list[Step], list[Step]]:
        """(before, after) of one book."""
        before, after = ([step for step in side if step.link.book == book] for side in (self.before, self.after))
        return before, after


def walk(asked: Asked, activity: int) -> Walk:
    """The chain around one activity, one link to each side; empty where nothing is linked or visible."""
    found = links(asked, activities=[activity])
    return Walk(
        activity,
        told_of(asked, [activity]),
        _steps({activity}, [(link, link.receivers, link.givers) for link in found]),
        _steps({activity}, [(link, link.givers, link.receivers) for link in found]),
    )


def told_before(asked: Asked, activities: Collection[int], kind: str) -> tuple[Step, ...]:
    """The links through which money of one kind that these activities let go was told before, the largest first."""
    if kind not in CHAINED:
        return ()
    found = links(asked, kind, activities)
    return _steps(activities, [(link, link.receivers, link.givers) for link in found])


def further_up(asked: Asked, step: Step, most: int = 3) -> Iterator[tuple[int, Step]]:
    """(how far up, link) from the giver of a link to its own giver, as long as each is one activity; no circle."""
    seen = {step.mine.activity_id}
    for distance in range(1, most + 1):
        if len(step.others) != 1 or step.others[0].activity_id in seen:
            return
        giver = step.others[0].activity_id
        seen.add(giver)
        above = [s for s in walk(asked, giver).before if s.link.book == step.link.book and s.mine.best_usd > 0]
        if not above:
            return
        step = above[0]
        yield distance, step


def told_of(asked: Asked, activities: Collection[int]) -> tuple[Told, ...]:
    """Gross and told before of these activities together, each kind by itself, over what the viewer sees in full."""
    visible = asked.allowed.sql_precise()
    statements = asked.rows(
        f"""
        SELECT record_id FROM core_activity
        WHERE activity_id IN (SELECT unnest($activities)) AND is_current AND is_supply AND {visible} ORDER BY 1
        """,
        asked.parameters(activities=sorted(activities)),
    )
    if not statements:
        return ()
    kinds = " ".join(f"WHEN '{code}' THEN '{KIND_OF_TYPE[code]}'" for code in _TYPES)
    # Both tables are sorted by record_id: ids that are written out let DuckDB skip all row groups but theirs.
    listed = listed_ids(row[0] for row in statements)
    rows = asked.rows(
        f"""
        SELECT CASE t.type_code {kinds} END, sum(t.value_usd),
          coalesce(sum(d.low_usd), 0), coalesce(sum(d.best_usd), 0), coalesce(sum(d.high_usd), 0)
        FROM core_activity AS a JOIN core_transaction AS t USING (record_id)
        LEFT JOIN (SELECT * FROM core_double WHERE record_id IN ({listed})) AS d
          ON d.record_id = t.record_id AND d.transaction_seq = t.seq AND d.view = 'precise'
        WHERE a.record_id IN ({listed}) AND t.record_id IN ({listed})
          AND (t.record_id, CASE t.type_code {kinds} END) NOT IN (
            SELECT (record_id, subject) FROM core_precedence WHERE NOT is_counted AND record_id IN ({listed}))
          AND t.value_usd IS NOT NULL AND t.type_code IN ({", ".join(f"'{code}'" for code in _TYPES)})
          AND {asked.allowed.sql_precise("a")}
        GROUP BY 1
        """,
        asked.parameters(),
    )
    return tuple(sorted((Told(*row) for row in rows), key=lambda told: CHAINED.index(told.kind)))


_TYPES = tuple(code for code, kind in KIND_OF_TYPE.items() if kind in CHAINED)


def _steps(
    activities: Collection[int], sides: Sequence[tuple[Link, tuple[End, ...], tuple[End, ...]]]
) -> tuple[Step, ...]:
    wanted = frozenset(activities)
    steps = [
        Step(link, end, tuple(other for other in others if other.activity_id != end.activity_id))
        for link, mine, others in sides
        for end in mine
        if end.activity_id in wanted
    ]
    return tuple(sorted(steps, key=lambda s: (-s.mine.best_usd, -s.mine.high_usd, s.link.link_id, s.mine.activity_id)))


def step_row(step: Step) -> dict[str, Any]:
    """A link as one of its ends meets it, for machines; `reason` is the sign in words."""
    link = step.link
    return {
        "activity_id": id_text(step.mine.activity_id),
        "book": link.book,
        "sign": link.sign,
        "reason": lists.label("chain_sign", link.sign, "en") or link.sign,
        "percent": link.percent,
        "giver": link.giver,
        "receiver": link.receiver,
        "told_twice_low_usd": step.mine.low_usd,
        "told_twice_best_usd": step.mine.best_usd,
        "told_twice_high_usd": step.mine.high_usd,
        "others": [
            {
                "activity_id": id_text(end.activity_id),
                "identifier": end.identifier,
                "title": end.title,
                "organisation": end.organisation,
                "file": end.input_path,
                "line": end.line,
            }
            for end in step.others
        ],
    }
