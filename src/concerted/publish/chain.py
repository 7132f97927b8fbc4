"""The chain of money as people read it: what is told twice, by whom, why, and what to ask first.

Enters: an edition and a viewer. Leaves: totals of each book, links with the names of both ends, and questions about
pairs of activities, those first whose answer would narrow a total most.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from concerted.judgements.decisions import Decision, activity_pairs
from concerted.marking import Viewer
from concerted.model.ids import id_text
from concerted.publish.visible import filter_of
from concerted.store.query import open_edition

#: Ends of a link that are looked at for questions: the widest; the rest are parts of the same doubt.
_WIDEST_ENDS = 5


@dataclass(frozen=True)
class Total:
    """One book, each kind of money apart, in dollars.

    Attributes:
        gross: as often as it is told.
        low, best, high: each amount once.
    """

    book: str
    gross: Decimal
    low: Decimal
    best: Decimal
    high: Decimal


@dataclass(frozen=True)
class End:
    """An activity at one end of a link, with where it is told."""

    activity_id: int
    identifier: str | None
    title: str | None
    organisation: str | None
    input_path: str
    line: int
    best_usd: Decimal
    high_usd: Decimal


@dataclass(frozen=True)
class Link:
    """Money that is, or may be, told twice.

    Attributes:
        sign, percent: why, and how sure that is.
        giver, receiver: organisations; null where any may be meant.
        givers, receivers: activities at the ends, the largest first.
    """

    link_id: int
    book: str
    sign: str
    percent: int
    giver: str | None
    receiver: str | None
    low_usd: Decimal
    best_usd: Decimal
    high_usd: Decimal
    givers: tuple[End, ...]
    receivers: tuple[End, ...]

    @property
    def width(self) -> Decimal:
        """By how much an answer would narrow the total."""
        return self.high_usd - self.low_usd


@dataclass(frozen=True)
class Question:
    """Does the money of `giver` stand in `receiver` again? `usd` is what the answer decides at most."""

    link: Link
    giver: End
    receiver: End
    usd: Decimal


def totals(viewer: Viewer, folder: Path) -> list[Total]:
    """Gross and net of each book, over the statements that the viewer sees in full."""
    with open_edition(folder) as connection:
        allowed = filter_of(viewer, connection)
        told = connection.execute(
            f"SELECT book, sum(gross_usd) FROM core_money_level WHERE level = 'last' AND {allowed.sql_precise()}"
            " GROUP BY ALL ORDER BY book",
            allowed.parameters if allowed.permitted else {},
        ).fetchall()
        twice = dict(_twice(viewer, connection))
    nothing = (Decimal(0),) * 3
    return [
        Total(book, gross, gross - high, gross - best, gross - low)
        for book, gross in told
        for low, best, high in [twice.get(book, nothing)]
    ]


def _twice(
    viewer: Viewer, connection: duckdb.DuckDBPyConnection
) -> Iterable[tuple[str, tuple[Decimal, Decimal, Decimal]]]:
    allowed = filter_of(viewer, connection)
    rows = connection.execute(
        f"""
        SELECT CASE t.type_code WHEN '2' THEN 'commitment' WHEN '12' THEN 'pledge' ELSE 'spent' END AS book,
          sum(d.low_usd), sum(d.best_usd), sum(d.high_usd)
        FROM core_double d
        JOIN core_transaction t ON t.record_id = d.record_id AND t.seq = d.transaction_seq
        JOIN core_activity a ON a.record_id = d.record_id
        WHERE d.view = 'precise' AND a.record_id IN (SELECT record_id FROM core_activity WHERE {allowed.sql_precise()})
        GROUP BY ALL
        """,
        allowed.parameters if allowed.permitted else {},
    ).fetchall()
    return ((book, (low, best, high)) for book, low, best, high in rows)


def links(viewer: Viewer, folder: Path, book: str | None = None, activity: int | None = None) -> list[Link]:
    """Links that the viewer may see, the widest range first.

    Args:
        book: only this one.
        activity: only links with this activity at one end.
    """
    with open_edition(folder) as connection:
        allowed = filter_of(viewer, connection)
        parameters: dict[str, Any] = dict(allowed.parameters if allowed.permitted else {})
        wanted = "TRUE"
        if book is not None:
            wanted, parameters["book"] = "book = $book", book
        if activity is not None:
            parameters["activity"] = activity
            wanted += " AND link_id IN (SELECT link_id FROM core_money_link_end WHERE activity_id = $activity)"
        names = (
            f"(SELECT org_id, min(name) AS name FROM core_organisation WHERE {allowed.sql_precise()} GROUP BY org_id)"
        )
        rows = connection.execute(
            f"""
            SELECT l.link_id, l.book, l.sign, l.percent, g.name, r.name, l.low_usd, l.best_usd, l.high_usd
            FROM (SELECT * FROM core_money_link WHERE {allowed.sql_precise()} AND {wanted}) l
            LEFT JOIN {names} g ON g.org_id = l.giver_org_id
            LEFT JOIN {names} r ON r.org_id = l.receiver_org_id
            ORDER BY l.high_usd - l.low_usd DESC, l.link_id
            """,
            parameters,
        ).fetchall()
        ends = _ends(viewer, connection)
    columns = [field.name for field in fields(Link)]
    sides = ({side: ends.get((row[0], side), ()) for side in ("giver", "receiver")} for row in rows)
    return [
        Link(**dict(zip(columns, (*row, side["giver"], side["receiver"]), strict=True)))
        for row, side in zip(rows, sides, strict=True)
    ]


def _ends(viewer: Viewer, connection: duckdb.DuckDBPyConnection) -> dict[tuple[int, str], tuple[End, ...]]:
    allowed = filter_of(viewer, connection)
    rows = connection.execute(
        f"""
        WITH told AS (
          SELECT activity_id, identifier, title, reporting_org_name, input_path, line,
            row_number() OVER (PARTITION BY activity_id ORDER BY marking_key, record_id) AS place
          FROM core_activity WHERE is_current AND {allowed.sql_precise()}
        )
        SELECT e.link_id, e.side, e.activity_id, t.identifier, t.title, t.reporting_org_name, t.input_path, t.line,
          e.best_usd, e.high_usd
        FROM (SELECT * FROM core_money_link_end WHERE {allowed.sql_precise()}) e
        JOIN told t ON t.activity_id = e.activity_id AND t.place = 1
        ORDER BY e.link_id, e.side, e.high_usd DESC, e.activity_id
        """,
        allowed.parameters if allowed.permitted else {},
    ).fetchall()
    found: dict[tuple[int, str], list[End]] = {}
    for link, side, *end in rows:
        found.setdefault((link, side), []).append(End(*end))
    return {key: tuple(ends) for key, ends in found.items()}


def questions(found: Sequence[Link], decisions: Iterable[Decision] = ()) -> list[Question]:
    """What to ask people, the answer that decides most first; pairs that somebody judged are not asked again."""
    judged = {
        frozenset(pair) for pair in activity_pairs(decisions, "same", "part_of", "funds", "successor_of", "different")
    }
    asked = []
    for link in found:
        if link.width <= 0:
            continue
        for giver in link.givers[:_WIDEST_ENDS]:
            for receiver in link.receivers[:_WIDEST_ENDS]:
                pair = frozenset((giver.activity_id, receiver.activity_id))
                if len(pair) == 2 and pair not in judged:
                    asked.append(Question(link, giver, receiver, min(link.width, giver.high_usd, receiver.high_usd)))
    asked.sort(key=lambda q: (-q.usd, q.link.link_id, q.giver.activity_id, q.receiver.activity_id))
    once: dict[frozenset[int], Question] = {}
    for question in asked:
        once.setdefault(frozenset((question.giver.activity_id, question.receiver.activity_id)), question)
    return list(once.values())


def end_text(end: End) -> str:
    """An end in one line: title, identifier, who tells it, and where."""
    who = f" ({end.organisation})" if end.organisation else ""
    name = end.identifier or id_text(end.activity_id)
    return f"{end.title or 'without title'}{who}; {name}; {end.input_path}:{end.line}"
