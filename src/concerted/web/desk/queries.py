"""What is open for a viewer, both its sides, what an answer would do; and the judgements that he may read.

The marking of a judgement is that of what it is about: a question is asked, and a judgement shown, only where the
viewer sees both statements in full. So nothing here is asked of the edition but through his scope.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.conf import settings

from concerted.judgements.decisions import ABOUT_ACTIVITIES, Decision, activity_id, in_force, read_decisions
from concerted.model.errors import ConfigError
from concerted.publish.chain import Asked, Question, Total, links, told_once, totals
from concerted.publish.open_questions import About, AnyQuestion, about, decides, ends, open_questions
from concerted.publish.proposals import NameQuestion, ProjectQuestion
from concerted.rebuild import kept_request
from concerted.web.chain.effects import Effect, effect_of
from concerted.web.desk.models import Judgement, Undoing
from concerted.web.edition.scope import Scope

log = logging.getLogger(__name__)

#: The book whose range is shown with a question that is not asked about one.
BOOK = "spent"


def held() -> list[Judgement]:
    """Judgements that were not taken back, one per pair, the last said; in the order in which they were said."""
    undone = set(Undoing.objects.values_list("judgement_id", flat=True))
    last: dict[frozenset[str], Judgement] = {}
    for each in Judgement.objects.all():
        if each.pk not in undone:
            last.pop(frozenset((each.left, each.right)), None)
            last[frozenset((each.left, each.right))] = each
    return list(last.values())


def decisions() -> list[Decision]:
    """The judgements that hold, as the build reads them, in one order."""
    found = [Decision(j.decision, j.left, j.right, j.said_on, j.said_by, j.reason) for j in held()]
    return sorted(found, key=lambda d: (d.core, d.decided_on))


def known() -> tuple[Decision, ...]:
    """All that holds: of the file with which the picture is built, and of the site."""
    asked = kept_request(settings.CONCERTED_DATA)
    path = asked.request.decisions if asked else None
    filed: tuple[Decision, ...] = ()
    try:
        filed = read_decisions(path) if path is not None and path.is_file() else ()
    except ConfigError as error:  # the next build says so too, and stops; questions can be asked meanwhile
        log.error("the file of decisions cannot be read, so what it settles is asked again: %s", error)
    return in_force((*filed, *decisions()))


def open_for(scope: Scope, what: str, book: str) -> list[AnyQuestion]:
    """What this viewer may be asked, the answer that decides most money first."""
    settled = known()
    key = tuple(decision.core for decision in settled)
    asked = Asked(scope.rows, scope.filter)
    return scope.remember(("open questions", what, book, key), lambda: open_questions(asked, what, book, settled))


@dataclass(frozen=True)
class Side:
    """One of the two that are asked about, as the viewer sees it.

    Attributes:
        statement: the most open statement of it that he sees.
        promised, spent: dollars, as this statement tells them; null = it tells none.
    """

    activity: int
    statement: int
    identifier: str | None
    title: str | None
    organisation: str | None
    state: str | None
    begins: date | None
    ends: date | None
    input_path: str
    line: int
    marking_key: str
    promised: Decimal | None
    spent: Decimal | None


def sides(scope: Scope, activities: Sequence[int]) -> dict[int, Side]:
    """Both sides by activity; one that the viewer does not see in full is absent."""
    rows = scope.rows(
        f"""
        WITH told AS ({told_once(f"{scope.filter.sql_precise()} AND activity_id IN (SELECT unnest($ids))")}),
        paid AS (
          SELECT record_id, sum(value_usd) FILTER (type_code = '2') AS promised,
            sum(value_usd) FILTER (type_code IN ('3', '4')) AS spent
          FROM core_transaction WHERE record_id IN (SELECT record_id FROM told) GROUP BY record_id)
        SELECT t.activity_id, t.record_id, t.identifier, t.title, t.reporting_org_name, a.state,
          coalesce(a.start_actual_date, a.start_planned_date), coalesce(a.end_actual_date, a.end_planned_date),
          t.input_path, t.line, a.marking_key, p.promised, p.spent
        FROM told AS t JOIN core_activity AS a ON a.record_id = t.record_id
        LEFT JOIN paid AS p ON p.record_id = t.record_id
        """,
        {"ids": list(activities)},
    )
    return {row[0]: Side(*row) for row in rows}


@dataclass(frozen=True)
class _Decided:
    usd: Decimal


def effect(scope: Scope, question: AnyQuestion, book: str, both: Iterable[Side]) -> Effect | None:
    """What an answer would do to the net range of a book, at most; null where it moves none.

    Of a project that was told twice: what both sides tell in that book.
    """
    asked = Asked(scope.rows, scope.filter)
    sums: list[Total] = scope.remember(("chain totals", None), lambda: totals(asked, None))
    match question:
        case Question():
            book, usd = question.link.book, question.usd
        case ProjectQuestion():
            usd = min([decides(question), *(side.spent or Decimal(0) for side in both)])
            book = BOOK
        case NameQuestion():
            return None
    total = next((each for each in sums if each.book == book), None)
    return effect_of(total, _Decided(usd)) if total is not None and usd > 0 else None


def is_there(scope: Scope, kind: About, left: str, right: str) -> bool:
    """Whether the viewer sees both that a judgement is about."""
    if kind == "organisation":
        return frozenset((left, right)) in _pairs_of_names(scope)
    both = {activity_id(left), activity_id(right)}
    return len(both) == 2 and set(sides(scope, sorted(both))) == both


def _pairs_of_names(scope: Scope) -> frozenset[frozenset[str]]:
    def ask() -> frozenset[frozenset[str]]:
        rows = scope.rows(
            f"SELECT DISTINCT left_key, right_key FROM core_organisation_match WHERE {scope.filter.sql_precise()}"
        )
        return frozenset(frozenset(row) for row in rows)

    return scope.remember(("pairs of names",), ask)


@dataclass(frozen=True)
class Read:
    """A judgement as a viewer may read it.

    Attributes:
        left, right: what the two are called; null where he does not see them both: then it is his own organisation's,
            and he is told no more of it than that it was made.
        is_held: it was not taken back.
    """

    judgement: Judgement
    left: str | None
    right: str | None
    is_held: bool


def readable(scope: Scope | None, organisation: UUID, most: int = 50, number: int | None = None) -> list[Read]:
    """The newest judgements that a viewer may read, or the one of this number, however old it is."""
    undone = set(Undoing.objects.values_list("judgement_id", flat=True))
    asked = Judgement.objects.order_by("-pk") if number is None else Judgement.objects.filter(pk=number)
    rows = list(asked[: 20 * most])
    statements = [s for j in rows for s in (j.left_statement, j.right_statement) if s is not None]
    titles = _titles(scope, statements) if scope else {}
    names = _pairs_of_names(scope) if scope and any(j.left_statement is None for j in rows) else frozenset()
    found: list[Read] = []
    for each in rows:
        left, right = _called(each, titles, names)
        if (left is not None and right is not None) or each.made_for == organisation:
            both = left is not None and right is not None
            found.append(Read(each, left if both else None, right if both else None, each.pk not in undone))
    return found[:most]


def _called(
    judgement: Judgement, titles: Mapping[int, str], names: frozenset[frozenset[str]]
) -> tuple[str | None, str | None]:
    if judgement.decision in ABOUT_ACTIVITIES:
        left, right = judgement.left_statement, judgement.right_statement
        return (titles.get(left) if left is not None else None), (titles.get(right) if right is not None else None)
    pair = frozenset((judgement.left, judgement.right))
    return (judgement.left, judgement.right) if pair in names else (None, None)


def _titles(scope: Scope, statements: Sequence[int]) -> dict[int, str]:
    rows = scope.rows(
        "SELECT record_id, coalesce(title, identifier, '') FROM core_activity"
        f" WHERE record_id IN (SELECT unnest($ids::BIGINT[])) AND {scope.filter.sql_precise()}",
        {"ids": list(statements)},
    )
    return dict(rows)


def chain_links(scope: Scope, question: AnyQuestion, book: str) -> int:
    """How many links of the chain of money tie the two sides."""
    if isinstance(question, NameQuestion):
        return 0
    left, right = (activity_id(end) for end in ends(question))
    asked = Asked(scope.rows, scope.filter)
    found = links(asked, book, activities=(left,))
    return sum(1 for link in found if right in {end.activity_id for end in (*link.givers, *link.receivers)})


__all__ = ["BOOK", "Read", "Side", "about", "chain_links", "decides", "effect", "ends", "held", "is_there", "known",
           "open_for", "readable", "sides"]  # fmt: skip
