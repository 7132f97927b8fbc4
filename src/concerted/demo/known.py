"""What is true in the invented world, in the figures that a picture must show.

Place on the way: the world enters, the content of `truth.json` leaves. Nothing is read back from the files and nothing
of the pipeline is used: rates come from the ECB file directly, shares from the world's own weights.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

from concerted.demo.calendar import AS_OF, rates
from concerted.demo.catalogue import NOTICE, partners, places, strategy_nodes
from concerted.demo.expected import EMPTY_PLACES, ISSUE_OF, expected_files, expected_information
from concerted.demo.world_types import Money, Telling, World

#: Francs per euro, fixed since 1999.
XOF_PER_EUR = Decimal("655.957")
KINDS = ("commitment", "disbursement", "expenditure", "budget")
#: Node of everything below the strategy; node of everything, what lies outside of it included.
ALL, ANY = "ALL", "ANY"


@dataclass
class Figure:
    """One true figure in USD: all of it, what owners declare of it, and from how many projects and lines."""

    true: Fraction = Fraction(0)
    declared: Fraction = Fraction(0)
    lines: int = 0


Key = tuple[str, str, str, str, int | None]  # view, kind, node, place, year


def known(world: World) -> dict[str, Any]:
    """The content of truth.json; see docs/tutorials for the meaning of its parts."""
    figures = _figures(world)
    return {
        "notice": NOTICE,
        "seed": world.seed,
        "as_of": AS_OF.isoformat(),
        "framework_id": "demo-strategy",
        "projects": len(world.projects),
        "tellings": len(world.tellings),
        "partners": len(partners()),
        "pillars": [node.id for node in strategy_nodes().values() if node.parent is None],
        "headlines": _headlines(figures),
        "figures": [
            {
                "view": view,
                "finance_kind": kind,
                "node": node,
                "place": place,
                "year": year,
                "true_usd": _cents(figure.true),
                "declared_usd": _cents(figure.declared),
                "lines": figure.lines,
            }
            for (view, kind, node, place, year), figure in sorted(
                figures.items(), key=lambda item: tuple(map(str, item[0]))
            )
        ],
        "files": expected_files(world),
        "information": expected_information(),
        "empty_places": list(EMPTY_PLACES),
        "declared_projects": _declared_projects(world),
        "unvalued": _unvalued(world),
        "same_projects": _same_projects(world),
        "pve": {t.identifier: t.project.theme.pve for t in world.tellings},
        "traps": {t.identifier: t.project.theme.trap for t in world.tellings if t.project.theme.trap},
        "canaries": [_canary(t) for t in world.tellings if t.canary],
        "faults": _faults(world),
    }


def _headlines(figures: dict[Key, Figure]) -> dict[str, Any]:
    """The figures a person looks for first: true dollars by pillar and by region, for one who may see everything."""
    found: dict[str, Any] = {}
    for kind in ("commitment", "disbursement"):
        by_pillar, by_place = {}, {}
        for (view, of_kind, node, place, year), figure in sorted(figures.items(), key=lambda item: str(item[0])):
            if (view, of_kind, year) == ("everything", kind, None):
                if place == "*":
                    by_pillar[node] = _cents(figure.true)
                if node == ALL:
                    by_place[place] = _cents(figure.true)
        found[kind] = {"by_pillar": by_pillar, "by_place": by_place}
    return found


def usd(line: Money) -> Decimal | None:
    """Dollars of a line at the ECB's rate of its day, to the cent; None without day or rate."""
    if line.day is None or line.raw is not None:
        return None
    if line.currency == "USD":
        return line.value
    per_eur = Decimal(repr(rates().convert(1, "EUR", "USD", date=line.day)))
    if line.currency == "XOF":
        euros = line.value / XOF_PER_EUR
    elif line.currency in rates().currencies:
        euros = line.value / Decimal(repr(rates().convert(1, "EUR", line.currency, date=line.day)))
    else:
        return None
    return (euros * per_eur).quantize(Decimal("0.01"), ROUND_HALF_EVEN)


def true_lines(world: World) -> Iterator[tuple[Telling, Money, Decimal]]:
    """Each true dollar once: commitments, payments and budgets of who holds the money first, and all that was spent."""
    for telling in world.tellings:
        for line in telling.money:
            is_first = telling.role == "top" or line.kind == "expenditure"
            if line.is_true and is_first and line.kind in KINDS and (value := usd(line)) is not None:
                yield telling, line, value


def _figures(world: World) -> dict[Key, Figure]:
    found: dict[Key, Figure] = defaultdict(Figure)
    for telling, line, value in true_lines(world):
        year = line.year or (line.day.year if line.day else None)
        for node, node_share in _node_shares(telling):
            for place, place_share, is_sure in _place_shares(telling):
                for view, seen_at in _views(telling, place):
                    part = Fraction(value) * node_share * place_share
                    declared = part if is_sure and (telling.declares or node == ANY) else Fraction(0)
                    for where in {"*", seen_at, seen_at[:2]} if len(seen_at) < 6 else {"*", seen_at}:
                        for when in (None, year):
                            figure = found[view, line.kind, node, where, when]
                            figure.true += part
                            figure.declared += declared
                            figure.lines += 1
    return dict(found)


def _node_shares(telling: Telling) -> list[tuple[str, Fraction]]:
    """Shares over pillars; all of it counts under ANY, and under ALL when the project serves the strategy."""
    actions = telling.project.actions
    whole = sum(weight for _, weight in actions)
    pillars: Counter[str] = Counter()
    for node, weight in actions:
        pillars[node[:2]] += weight
    shares = [(pillar, Fraction(weight, whole)) for pillar, weight in pillars.items()]
    return [(ANY, Fraction(1)), *([(ALL, Fraction(1)), *shares] if actions else [])]


def _place_shares(telling: Telling) -> list[tuple[str, Fraction, bool]]:
    """Shares over regions, countries as wholes, REGIONAL and UNKNOWN, and whether the file says them."""
    project = telling.project
    whole = sum(weight for _, weight in project.places)
    regions: Counter[str] = Counter()
    for code, weight in project.places:
        regions[places()[code].admin1 if code in places() else code] += weight
    return [(code, Fraction(weight, whole), project.place_sure) for code, weight in regions.items()]


def _views(telling: Telling, place: str) -> Iterator[tuple[str, str]]:
    """(viewer, place as that viewer sees it): one who may see all, and the public."""
    yield "everything", place
    marking = telling.marking
    if marking.precise == "CLEAR":
        yield "public", place
    elif marking.coarse == "CLEAR":
        yield "public", place[:2] if marking.coarse_place_level == 0 and place in places() else place


def _declared_projects(world: World) -> list[dict[str, Any]]:
    """Distinct true projects that some telling declares under a pillar, by pillar and region."""
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for telling in world.tellings:
        if telling.declares:
            for node in {node[:2] for node, _ in telling.project.actions}:
                for place in {p for p, _, is_sure in _place_shares(telling) if is_sure}:
                    found[node, place].add(telling.project.number)
                found[node, "*"].add(telling.project.number)
    return [{"node": node, "place": place, "projects": len(ids)} for (node, place), ids in sorted(found.items())]


def _unvalued(world: World) -> list[dict[str, Any]]:
    """Money that is stated and cannot be valued: unknown in every figure."""
    return [
        {"identifier": telling.identifier, "finance_kind": line.kind}
        for telling in world.tellings
        for line in telling.money
        if line.is_true and line.raw is None and usd(line) is None
    ]


def _same_projects(world: World) -> list[dict[str, Any]]:
    """Projects told by several partners, and whether the tellings are tied to each other by identifiers."""
    return [
        {
            "project": project.number,
            "identifiers": [t.identifier for t in project.tellings],
            "partners": [t.partner.key for t in project.tellings],
            "is_linked": all(t.funder_activity or t.related for t in project.tellings[1:]),
        }
        for project in world.projects
        if len(project.tellings) > 1
    ]


def _canary(telling: Telling) -> dict[str, Any]:
    return {
        "word": telling.canary,
        "identifier": telling.identifier,
        "file": telling.file,
        "marking": telling.marking.precise,
        "coarse": telling.marking.coarse,
        "partner": telling.partner.key,
    }


def _faults(world: World) -> list[dict[str, Any]]:
    """Every planted mistake with the file, the activity and the issue that must be reported."""
    return [
        {"fault": fault, "file": telling.file, "identifier": telling.identifier, "issue": ISSUE_OF[fault]}
        for telling in world.tellings
        for fault in telling.faults
    ]


def _cents(value: Fraction) -> float:
    return float((Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.01"), ROUND_HALF_EVEN))
