"""What could become a part: activities and needs that the package's owner sees, and who would answer for each.

What is kept on the site is answered for by the organisation that keeps it. What came by a file names an organisation:
one with that very reference is asked, if it takes part here; the form says who that is before it is asked. A need that
names nobody who takes part is the secretariat's, which owns the strategy.
"""

from dataclasses import dataclass
from uuid import UUID

from concerted.codelists.sheet_words import fold
from concerted.marking import Viewer
from concerted.matching.life import OPEN
from concerted.model.ids import id_from_text, id_text
from concerted.web.accounts.models import Partner
from concerted.web.accounts.roles import Role
from concerted.web.asks.models import Ask
from concerted.web.coverage.filters import default_filters
from concerted.web.edition.scope import Scope
from concerted.web.matches.queries import readable
from concerted.web.packages import facts
from concerted.web.packages.actions import Stands, answering_for
from concerted.web.packages.components import Component
from concerted.web.packages.facts import Fact
from concerted.web.packages.models import Package
from concerted.web.registry.activities import list_activities
from concerted.web.workspace.models import Record

#: Lines of each kind that are offered at once; more words make them fewer.
OFFERED = 12


@dataclass(frozen=True)
class Candidate:
    """Something that could become a part; `value` is what the form sends."""

    value: str
    kind: str
    fact: Fact
    partner: Partner | None


def candidates(
    viewer: Viewer,
    scope: Scope | None,
    package: Package,
    component: Component | None,
    words: str,
    lang: str,
    most: int = OFFERED,
) -> list[Candidate]:
    """What is offered for a package: of a component's lines and the package's places, and holding some words."""
    there = set(package.parts.filter(removed_at=None, match=None).values_list("statement", flat=True))
    found = []
    activities = _activities(scope, package, component, words, lang) if scope else []
    for kind, statements in (("activity", activities), ("need", _needs(viewer, scope, words))):
        read = facts.activities if kind == "activity" else facts.needs
        known = read(viewer, scope, statements, lang)
        fresh = [each for each in statements if each in known and each not in there and known[each].is_live][:most]
        partners = _partners(kind, {each: known[each] for each in fresh})
        found += [Candidate(f"{kind}-{id_text(each)}", kind, known[each], partners.get(each)) for each in fresh]
    return found + _matches(viewer, scope, package, words, lang)[:most]


def stands_for(viewer: Viewer, scope: Scope | None, value: str) -> Stands | None:
    """What a value of the form stands for, if the viewer sees it; else it is as if it were not there."""
    kind, _, text = value.partition("-")
    if kind == "match":
        return _match_for(viewer, text)
    read = {"activity": facts.activities, "need": facts.needs}.get(kind)
    statement = _statement(text)
    if read is None or statement is None:
        return None
    known = read(viewer, scope, [statement], "fr")
    if statement not in known:
        return None
    partner = _partners(kind, known).get(statement)
    return Stands(kind, statement, None, partner.pk if partner else None)


def _match_for(viewer: Viewer, text: str) -> Stands | None:
    """A match that the viewer reads: both of its sides answer for it. One without an organisation on a side stays with
    the package's owner, as nobody can agree."""
    try:
        wanted = UUID(text)
    except ValueError:
        return None
    found = readable(viewer).filter(pk=wanted).first()
    if found is None:
        return None
    return Stands("match", None, found.pk, found.giver_id or found.receiver_id, found.receiver_id)


def _matches(viewer: Viewer, scope: Scope | None, package: Package, words: str, lang: str) -> list[Candidate]:
    """Open matches that the viewer reads and that are not in the package yet."""
    placed = package.parts.filter(removed_at=None).values_list("match", flat=True)
    there = [each for each in placed if each is not None]
    rows = {row.pk: row for row in readable(viewer).filter(state__in=OPEN).exclude(pk__in=there)}
    known, wanted = facts.matches(viewer, scope, rows, lang), fold(words).split()
    return [
        Candidate(f"match-{pk}", "match", fact, rows[pk].giver)
        for pk, fact in known.items()
        if all(word in fold(fact.title) for word in wanted)
    ]


def _statement(text: str) -> int | None:
    try:
        return id_from_text(text)
    except ValueError:
        return None


def _activities(scope: Scope, package: Package, component: Component | None, words: str, lang: str) -> list[int]:
    """Statements on activities: of each activity the one for which somebody here answers, else the one that counts."""
    if not scope.edition.frameworks:
        return []
    framework, node = component.nodes[0] if component and component.nodes else (None, None)
    filters = default_filters(scope.edition, framework)
    place = next((each for each in package.places if each in scope.edition.places), filters.place)
    listed = list_activities(scope, filters.but(node=node, place=place, q=words[:100]), lang)
    ids = [row.activity_id for row in listed.rows if row.title is not None]
    rows = scope.rows(
        "SELECT activity_id, record_id, reporting_org_ref, is_current FROM core_activity"
        f" WHERE activity_id IN (SELECT unnest($ids::BIGINT[])) AND {scope.filter.sql_precise()}",
        {"ids": ids},
    )
    here = set(
        Partner.objects.filter(reference__in={row[2] for row in rows if row[2]}).values_list("reference", flat=True)
    )
    kept = set(Record.objects.filter(statement__in=[row[1] for row in rows]).values_list("statement", flat=True))
    best: dict[int, tuple[bool, bool, bool, int]] = {}
    for activity, record, reference, is_current in rows:
        rank = (record not in kept, reference not in here, not is_current, record)
        best[activity] = min(best.get(activity, rank), rank)
    return [best[each][-1] for each in ids if each in best]


def _needs(viewer: Viewer, scope: Scope | None, words: str) -> list[int]:
    """Statements of needs whose title or code hold all the words; those kept here that no picture has yet, too."""
    rows: list[tuple[int, str | None, str | None]] = []
    if scope is not None:
        rows = [
            (row[0], row[1], row[2])
            for row in scope.rows(
                "SELECT record_id, title, identifier FROM core_need"
                f" WHERE {scope.filter.sql_precise()} ORDER BY urgency DESC NULLS LAST, record_id"
            )
        ]
    known = {row[0] for row in rows}
    asks = Ask.objects.filter(which="need", condition="kept").order_by("-updated_at", "pk")
    rows += [(ask.statement, ask.title, None) for ask in asks.defer("document") if ask.statement not in known]
    wanted = fold(words).split()
    return [
        statement
        for statement, title, code in rows
        if all(word in fold(f"{title or ''} {code or ''}") for word in wanted)
    ]


def _partners(kind: str, known: dict[int, Fact]) -> dict[int, Partner]:
    """Who answers for each."""
    model = Record if kind == "activity" else Ask
    kept = {row.statement: row.owner for row in model.objects.filter(statement__in=list(known)).select_related("owner")}
    found: dict[int, Partner] = {}
    for statement, fact in known.items():
        partner = kept.get(statement) or answering_for(fact.reference)
        if partner is None and kind == "need":
            partner = _secretariat()
        if partner is not None:
            found[statement] = partner
    return found


def _secretariat() -> Partner | None:
    """The secretariat, where there is one and no more."""
    found = [p for p in Partner.objects.filter(parent=None, is_active=True) if str(Role.SECRETARIAT) in p.roles]
    return found[0] if len(found) == 1 else None
