"""The chain of money as people read it: what is told twice, by whom, why, and what to ask first.

Enters: an edition and a viewer. Leaves: totals of each book, links with the names of both ends, and questions about
pairs of activities, those first whose answer would narrow a total most.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from concerted.judgements.decisions import Decision, judged_pairs
from concerted.marking import RowFilter, Viewer
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
class ToldActivity:
    """An activity with where it is told."""

    activity_id: int
    identifier: str | None
    title: str | None
    organisation: str | None
    input_path: str
    line: int


@dataclass(frozen=True)
class End(ToldActivity):
    """An activity at one end of a link."""

    low_usd: Decimal
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


@dataclass(frozen=True)
class Asked:
    """An edition as a viewer may ask it: `rows(sql, parameters)`, and the filter that every query holds."""

    rows: Callable[[str, Mapping[str, Any]], list[tuple[Any, ...]]]
    allowed: RowFilter

    def parameters(self, **more: Any) -> dict[str, Any]:
        """The filter's parameters and some more."""
        return {**(self.allowed.parameters if self.allowed.permitted else {}), **more}


@contextmanager
def asking(viewer: Viewer, folder: Path) -> Iterator[Asked]:
    """A finished edition, opened for a viewer."""
    with open_edition(folder) as connection:

        def rows(sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
            return connection.execute(sql, parameters).fetchall()

        yield Asked(rows, filter_of(viewer, connection))


def totals(asked: Asked, organisation: int | None = None) -> list[Total]:
    """Gross and net of each book, over the statements that the viewer sees in full: all, or those of one reporter."""
    visible = asked.allowed.sql_precise()
    wanted = "TRUE" if organisation is None else "org_id = $organisation"
    rows = asked.rows(
        f"""
        SELECT book, sum(gross_usd), sum(low_usd), sum(best_usd), sum(high_usd) FROM core_money_level
        WHERE level = 'first' AND {visible} AND {wanted} GROUP BY book ORDER BY book
        """,
        asked.parameters(**({} if organisation is None else {"organisation": organisation})),
    )
    return [Total(*row) for row in rows]


@dataclass(frozen=True)
class Holder:
    """An organisation with what its statements tell and what is counted with it, in dollars, by level."""

    org_id: int | None
    name: str | None
    gross: Decimal
    first: Decimal
    country: Decimal
    last: Decimal


def holders(asked: Asked, book: str) -> list[Holder]:
    """Organisations by what the level moves, the largest first; each level's column has the same sum."""
    visible = asked.allowed.sql_precise()
    rows = asked.rows(
        f"""
        WITH by_level AS (
          SELECT org_id, level, sum(gross_usd) AS gross, sum(best_usd) AS best FROM core_money_level
          WHERE book = $book AND {visible} GROUP BY ALL)
        SELECT l.org_id, o.name,
          coalesce(max(gross), 0), coalesce(sum(best) FILTER (level = 'first'), 0),
          coalesce(sum(best) FILTER (level = 'country'), 0), coalesce(sum(best) FILTER (level = 'last'), 0)
        FROM by_level AS l LEFT JOIN {_names(visible)} AS o ON o.org_id = l.org_id
        GROUP BY ALL
        """,
        asked.parameters(book=book),
    )
    found = [Holder(*row) for row in rows]
    return sorted(found, key=lambda h: (-abs(h.first - h.last), -h.gross, h.org_id or 0))


def _names(visible: str) -> str:
    return f"(SELECT org_id, min(name) AS name FROM core_organisation WHERE {visible} GROUP BY org_id)"


def links(
    asked: Asked,
    book: str | None = None,
    activities: Collection[int] | None = None,
    organisation: int | None = None,
) -> list[Link]:
    """Links that the viewer may see, the widest range first.

    Args:
        book: only this one.
        activities: only links with one of these at one end.
        organisation: only links that name it, or have an activity that it reports at one end.
    """
    visible = asked.allowed.sql_precise()
    wanted, more = "TRUE", dict[str, Any]()
    if book is not None:
        wanted, more["book"] = "book = $book", book
    if activities is not None:
        ids = asked.rows(
            f"""
            SELECT DISTINCT link_id FROM core_money_link_end
            WHERE activity_id IN (SELECT unnest($activities::BIGINT[])) AND {visible} ORDER BY 1
            """,
            asked.parameters(activities=sorted(activities)),
        )
        if not ids:
            return []
        # Written out, they let DuckDB skip what it would else read three times.
        wanted += f" AND link_id IN ({listed_ids(row[0] for row in ids)})"
    if organisation is not None:
        more["organisation"] = organisation
        wanted += f""" AND (giver_org_id = $organisation OR receiver_org_id = $organisation OR link_id IN (
            SELECT link_id FROM core_money_link_end WHERE {visible} AND activity_id IN (
              SELECT activity_id FROM core_activity WHERE org_id = $organisation AND {visible})))"""
    chosen = f"SELECT * FROM core_money_link WHERE {visible} AND {wanted}"
    rows = asked.rows(
        f"""
        SELECT l.link_id, l.book, l.sign, l.percent, g.name, r.name, l.low_usd, l.best_usd, l.high_usd
        FROM ({chosen}) AS l
        LEFT JOIN {_names(visible)} AS g ON g.org_id = l.giver_org_id
        LEFT JOIN {_names(visible)} AS r ON r.org_id = l.receiver_org_id
        ORDER BY l.high_usd - l.low_usd DESC, l.link_id
        """,
        asked.parameters(**more),
    )
    ends = _ends(asked, chosen, more)
    columns = [field.name for field in fields(Link)]
    sides = [(ends.get((row[0], "giver"), ()), ends.get((row[0], "receiver"), ())) for row in rows]
    return [Link(**dict(zip(columns, (*row, *both), strict=True))) for row, both in zip(rows, sides, strict=True)]


def listed_ids(ids: Iterable[int]) -> str:
    """SQL: ids of ours as a list of literals."""
    return ", ".join(str(int(each)) for each in ids)


def _ends(asked: Asked, chosen: str, more: Mapping[str, Any]) -> dict[tuple[int, str], tuple[End, ...]]:
    """The ends of the links that the query `chosen` finds, as those statements tell of them that the viewer sees."""
    visible = asked.allowed.sql_precise()
    rows = asked.rows(
        f"""
        WITH here AS (
          SELECT * FROM core_money_link_end WHERE {visible} AND link_id IN (SELECT link_id FROM ({chosen}))),
        told AS ({told_once(f"{visible} AND activity_id IN (SELECT activity_id FROM here)")})
        SELECT e.link_id, e.side, e.activity_id, t.identifier, t.title, t.reporting_org_name, t.input_path, t.line,
          e.low_usd, e.best_usd, e.high_usd
        FROM here AS e JOIN told AS t ON t.activity_id = e.activity_id
        ORDER BY e.link_id, e.side, e.high_usd DESC, e.activity_id, e.best_usd DESC, e.low_usd DESC
        """,
        asked.parameters(**more),
    )
    found: dict[tuple[int, str], list[End]] = {}
    for link, side, *end in rows:
        found.setdefault((link, side), []).append(End(*end))
    return {key: tuple(ends) for key, ends in found.items()}


def told_once(condition: str) -> str:
    """SQL: the columns of `ToldActivity` and record_id, of each activity as its most open statement tells them.

    Args:
        condition: SQL over core_activity that says at least who sees what.
    """
    return f"""
        SELECT activity_id, record_id, identifier, title, reporting_org_name, input_path, line
        FROM core_activity WHERE is_current AND {condition}
        QUALIFY row_number() OVER (PARTITION BY activity_id ORDER BY marking_key, record_id) = 1"""


def questions(found: Sequence[Link], decisions: Iterable[Decision] = ()) -> list[Question]:
    """What to ask people, the answer that decides most first; pairs that somebody judged are not asked again."""
    judged = judged_pairs(decisions)
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


class Decides(Protocol):
    """A question, whatever it asks: `usd` is what its answer decides at most."""

    @property
    def usd(self) -> Decimal:
        """Dollars."""
        ...


def if_yes(total: Total, question: Decides) -> tuple[Decimal, Decimal]:
    """Net low and high of `total` where the answer is yes, as far as it can go: what it decides is told twice."""
    return total.low, max(total.low, total.high - question.usd)


def if_no(total: Total, question: Decides) -> tuple[Decimal, Decimal]:
    """Net low and high of `total` where the answer is no, as far as it can go."""
    return min(total.high, total.low + question.usd), total.high


def end_text(end: End) -> str:
    """An end in one line: title, identifier, who tells it, and where."""
    who = f" ({end.organisation})" if end.organisation else ""
    name = end.identifier or id_text(end.activity_id)
    return f"{end.title or 'without title'}{who}; {name}; {end.input_path}:{end.line}"
