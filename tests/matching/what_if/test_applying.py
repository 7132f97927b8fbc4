"""Laws of a what-if, on small random worlds: nothing comes from nothing, and the picture drawn anew says the same."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import picture_oracle
from concerted.codelists.frameworks import CellRule
from concerted.marking import KEEPER, PUBLIC, Viewer
from concerted.marking.rows import row_filter
from concerted.matching.what_if.changes import Add, Change, Cost, End, Move, Rule, Where
from concerted.model.tables import ALL, UNCLASSIFIED
from concerted.picture.targets import StatedCost
from matching.what_if.pictures import FRAMEWORK, RULE, VIEWERS, Key, Picture, Sides, a_picture, public_alone, sides
from worlds import MARKINGS, PLACES, TREES, Row

seeds = st.integers(0, 3)
viewers = st.sampled_from(VIEWERS)
NODES = tuple(TREES[FRAMEWORK])
YEARS = (2022, 2023, 2024, 2025, 2026)
some = settings(max_examples=40, deadline=None)
nodes = st.sampled_from((*NODES, UNCLASSIFIED))
places = st.sampled_from((*PLACES, "REGIONAL", "UNKNOWN"))
years = st.sampled_from(YEARS)
wheres = st.builds(Where, st.none() | nodes, st.none() | places, st.none() | years)
amounts = st.integers(0, 10**8).map(lambda c: Decimal(c) / 100)


@st.composite
def additions(draw: st.DrawFn) -> Add:
    low, best, high = sorted(draw(st.tuples(amounts, amounts, amounts)))
    year = draw(years)
    money = (low, best, high) if draw(st.booleans()) else (None, None, None)
    return Add(draw(nodes), draw(places), year, year + draw(st.integers(0, 3)), *money)


ends = st.builds(End, st.integers(1, 9).map(lambda n: n * 1000), years.map(lambda y: date(y, 6, 30)))
rules = st.builds(
    Rule,
    st.none() | st.sampled_from((Decimal("0.5"), Decimal(1))),
    st.none() | st.sampled_from((Decimal(0), Decimal("0.5"))),
    st.none() | st.sampled_from((1, 60)),
    st.none() | st.sampled_from(("disbursement", "budget")),
)
costs = st.builds(Cost, st.none() | st.sampled_from(NODES), st.sampled_from((Decimal(0), Decimal("1.2"), Decimal(3))))


@st.composite
def moves(draw: st.DrawFn, seed: int, viewer: Viewer) -> Move:
    """A move that can be made: of some of what the viewer sees in a part that has money."""
    parts = parts_with_money(seed, viewer)
    assume(parts)
    source, best = draw(st.sampled_from(parts))
    target = source.but(draw(wheres.filter(lambda where: source.but(where) != source)))
    return Move(source, target, draw(st.integers(1, int(best * 100))) / Decimal(100))


@cache
def parts_with_money(seed: int, viewer: Viewer) -> list[tuple[Where, Decimal]]:
    """Parts of a picture in which there is best money of the rule's kind."""
    rows = seen(a_picture(seed).allocation, viewer)
    parts = {
        Where(None if node == ALL else node, place, year)
        for r in rows
        if r["finance_kind"] == RULE.supply_kind and r["high_usd"]
        for node in picture_oracle.nodes_above(FRAMEWORK, r["node_id"])
        for place in (*picture_oracle.places_above(r["place_id"]), None)
        if place in (None, "REGIONAL", "UNKNOWN", *PLACES)
        for year in {r["period"], None}
    }
    found = [(part, best_in(rows, part, RULE.supply_kind)) for part in sorted(parts, key=str)]
    return [(part, best) for part, best in found if best > 0]


def seen(allocation: Sequence[Row], viewer: Viewer) -> list[Row]:
    allowed = row_filter(viewer, [*MARKINGS])
    return [
        r
        for r in allocation
        if r["framework_id"] == FRAMEWORK and allowed.keeps(r["view"], r["marking_key"], r["precise_marking_key"])
    ]


def is_in(row: Row, where: Where) -> bool:
    return (
        (where.node or ALL) in picture_oracle.nodes_above(FRAMEWORK, row["node_id"])
        and where.place in (None, *picture_oracle.places_above(row["place_id"]))
        and where.year in (None, row["period"])
    )


def best_in(rows: Sequence[Row], where: Where, kind: str) -> Decimal:
    return sum((r["best_usd"] for r in rows if r["finance_kind"] == kind and r["high_usd"] is not None and
                is_in(r, where)), Decimal(0))  # fmt: skip


def changed(
    viewer: Viewer, picture: Picture, changes: Sequence[Change]
) -> tuple[list[Row], CellRule, list[StatedCost]]:
    """The inputs with the changes made: rows that end are taken out, new ones stand beside, moved money is carried."""
    rule, stated = RULE, list(picture.costs)
    factors: dict[str | None, Decimal] = {}
    for change in changes:
        if isinstance(change, Rule):
            told = {n: v for n in Rule.__dataclass_fields__ if (v := getattr(change, n)) is not None}
            rule = replace(rule, **told)
        if isinstance(change, Cost):
            factors[change.node] = change.factor
    last = {}
    for change in changes:
        if isinstance(change, End):
            last[change.activity_id] = min(change.last_day.year, last.get(change.activity_id, 9999))
    rows = [
        r
        for r in seen(picture.allocation, viewer)
        if r["period"] is None or r["period"] <= last.get(r["activity_id"], 9999)
    ]
    for number, change in enumerate(changes):
        if isinstance(change, Add):
            rows += new_rows(number, change, rule.supply_kind)
    net: dict[tuple[Where, Where], Decimal] = {}
    for change in changes:
        if isinstance(change, Move):
            back = (change.target, change.source)
            pair, sign = (back, -1) if back in net else ((change.source, change.target), 1)
            net[pair] = net.get(pair, Decimal(0)) + sign * change.usd
    for (source, target), usd in net.items():
        if usd:
            rows += carried(rows, source if usd > 0 else target, target if usd > 0 else source, abs(usd), rule)
    for i, cost in enumerate(stated):
        chain = [*picture_oracle.nodes_above(FRAMEWORK, cost.node_id)[:-1], None]
        factor = next((factors[n] for n in chain if n in factors), Decimal(1))
        usd = replace(
            cost.cost, low_usd=cents(cost.cost.low_usd * factor),
            high_usd=None if cost.cost.high_usd is None else cents(cost.cost.high_usd * factor),
        )  # fmt: skip
        stated[i] = replace(cost, cost=usd)
    return rows, rule, stated


def cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))


def new_rows(number: int, new: Add, kind: str) -> list[Row]:
    years = range(new.year, new.last_year + 1)
    found, told = [], [0, 0, 0]
    for i, year in enumerate(years, 1):
        row = a_row(new.node, new.place, year, "presence") | {"activity_id": -number - 1, "record_id": -number - 1}
        found.append(row)
        if new.high is not None and new.best is not None and new.low is not None:
            steps = [int(new.low * 100), int((new.best - new.low) * 100), int((new.high - new.best) * 100)]
            now = [Fraction(step * i, len(years)).__floor__() for step in steps]
            low, more, most = (a - b for a, b in zip(now, told, strict=True))
            told = now
            found.append(row | {"finance_kind": kind} | money(low, low + more, low + more + most))
    return found


def a_row(node: str, place: str, year: int | None, kind: str) -> Row:
    empty = dict.fromkeys((f"{e}_{c}" for c in ("usd", "eur") for e in ("low", "best", "high", "gross")), None)
    return {
        "framework_id": FRAMEWORK, "node_id": node, "place_id": place, "period": year, "finance_kind": kind,
        "org_id": None, "state": "planned", "is_confirmed": True, "is_unvalued": False, "view": "precise",
        "marking_key": "CLEAR", "precise_marking_key": None,
    } | empty  # fmt: skip


def money(low: int, best: int, high: int) -> Row:
    usd = {f"{n}_usd": Decimal(v) / 100 for n, v in (("low", low), ("best", best), ("high", high), ("gross", high))}
    return usd | {f"{n}_eur": v for n, v in zip(("low", "best", "high", "gross"), usd.values(), strict=True)}


def carried(rows: Sequence[Row], source: Where, target: Where, usd: Decimal, rule: CellRule) -> list[Row]:
    """Rows that take the same share out of every leaf of a part and put it where it goes."""
    leaves: dict[tuple[str, str, int], list[int]] = {}
    for r in rows:
        if r["finance_kind"] == rule.supply_kind and r["high_usd"] is not None and is_in(r, source):
            leaf = leaves.setdefault((r["node_id"], r["place_id"], r["period"] or 0), [0, 0, 0])
            for i, name in enumerate(("low_usd", "best_usd", "high_usd")):
                leaf[i] += int(r[name] * 100)
    whole, moved = sum(leaf[1] for leaf in leaves.values()), int(usd * 100)
    assume(0 < moved <= whole)
    found, sums, before = [], [0, 0, 0], [0, 0, 0]
    half = Fraction(1, 2)
    for (node, place, year), (low, best, high) in sorted(leaves.items()):
        sums = [sums[0] + low, sums[1] + best - low, sums[2] + high - best]
        share = [Fraction(s * moved, whole) for s in sums]
        now = [(share[0] + half).__floor__(), (share[1] - half).__ceil__(), (share[2] + half).__floor__()]
        first, second, third = (a - b for a, b in zip(now, before, strict=True))
        before = now
        part = (first, first + second, first + second + third)
        spot = a_row(node, place, year or None, rule.supply_kind)
        there = spot | {
            name: getattr(target, at)
            for name, at in (("node_id", "node"), ("place_id", "place"), ("period", "year"))
            if getattr(target, at) not in (None, getattr(source, at))
        }
        for row, sign in ((spot, -1), (there, 1)):
            found.append(row | money(*(sign * p for p in part)) | {"is_carried": True})
    return found


def drawn(picture: Picture, viewer: Viewer, changes: Sequence[Change]) -> Sides:
    """The picture drawn anew with the changes made in its inputs."""
    rows, rule, stated = changed(viewer, picture, changes)
    told = [r for r in rows if "is_carried" not in r]
    found = picture.sides(viewer, told, rule, stated)
    # What is carried is money and no activity: it is summed beside, over the same cells.
    carried_in: dict[Key, list[Decimal]] = {}
    for r in (r for r in rows if "is_carried" in r):
        for _, grain, node, place, period, _, _ in picture_oracle.occurrences(r):
            if grain != "node_partner" and not ("period" in grain and period is None):
                sums = carried_in.setdefault((node, place, period), [Decimal(0)] * 3)
                for i, name in enumerate(("low_usd", "best_usd", "high_usd")):
                    sums[i] += r[name]
    return with_money(picture, found, carried_in, viewer, rule, stated)


def with_money(
    picture: Picture,
    found: Sides,
    more: dict[Key, list[Decimal]],
    viewer: Viewer,
    rule: CellRule,
    stated: list[StatedCost],
) -> Sides:
    from concerted.model.tables import REGIONAL, UNKNOWN
    from concerted.picture.cliff import months_after
    from concerted.picture.informed import Informed
    from concerted.picture.state import cell_state
    from worlds import AS_OF

    needs, allowed = picture.needs(stated), row_filter(viewer, [*MARKINGS])
    since = months_after(AS_OF, -rule.freshness_months)
    fresh = [r | {"is_fresh": r["reported_date"] >= since} for r in picture.world.rows("informed")]
    informed = Informed.of(fresh, allowed.permitted, ("ML",))
    sides: Sides = {}
    for key in {*found, *(k for k, sums in more.items() if any(sums))}:
        low, best, high, count, _ = found.get(key, (None, None, None, 0, None))
        if any(sums := more.get(key, [Decimal(0)] * 3)):
            low, best, high = ((v or 0) + s for v, s in zip((low, best, high), sums, strict=True))
        state = None
        if key[0] != UNCLASSIFIED and key[1] not in (REGIONAL, UNKNOWN):
            need = needs.get(key, (None, None))
            state = cell_state(low, high, *need, informed.at(key[1], key[2]), count, rule)
        sides[key] = (low, best, high, count, state)
    return sides


NOT_THERE = (None, None, None, 0)


def assert_same(picture: Picture, viewer: Viewer, changes: Sequence[Change]) -> None:
    """Every cell of the picture drawn anew is what the what-if says; those that it does not name are as they were."""
    compared = picture.sandboxes[viewer].compare(changes)
    assert compared.problems == ()
    was, now = sides(compared)
    before, after = drawn(picture, viewer, ()), drawn(picture, viewer, changes)
    for key in {*before, *after, *was}:
        expected = after.get(key, (*NOT_THERE, now.get(key, (None,) * 5)[4]))
        found = now.get(key) or before.get(key, (*NOT_THERE, expected[4]))
        assert found == expected, (key, found, expected)
        if key in was and key in before:
            assert was[key] == before[key], key


@some
@given(seeds, viewers)
def test_no_change_is_no_difference(seed: int, viewer: Viewer) -> None:
    compared = a_picture(seed).sandboxes[viewer].compare([])
    assert (compared.differences, compared.problems) == ((), ())


@some
@given(st.data(), seeds, viewers)
def test_a_move_equals_the_picture_drawn_anew(data: st.DataObject, seed: int, viewer: Viewer) -> None:
    picture = a_picture(seed)
    assert_same(picture, viewer, [data.draw(moves(seed, viewer))])


@some
@given(seeds, viewers, st.lists(additions(), min_size=1, max_size=3))
def test_new_projects_equal_the_picture_drawn_anew(seed: int, viewer: Viewer, new: list[Add]) -> None:
    assert_same(a_picture(seed), viewer, new)


@some
@given(seeds, viewers, st.lists(ends, min_size=1, max_size=3))
def test_ends_equal_the_picture_drawn_anew(seed: int, viewer: Viewer, ended: list[End]) -> None:
    picture = a_picture(seed)
    problems = {p.number for p in picture.sandboxes[viewer].effect(ended).problems}
    assert_same(picture, viewer, [end for i, end in enumerate(ended) if i not in problems])


@some
@given(seeds, viewers, st.lists(rules | costs, min_size=1, max_size=3))
def test_rules_and_costs_equal_the_picture_drawn_anew(seed: int, viewer: Viewer, other: list[Change]) -> None:
    assert_same(a_picture(seed), viewer, other)


@some
@given(st.data(), seeds, viewers, st.lists(additions() | ends | costs, max_size=4))
def test_all_together_equal_the_picture_drawn_anew(
    data: st.DataObject, seed: int, viewer: Viewer, changes: list[Change]
) -> None:
    picture = a_picture(seed)
    changes = [*changes, data.draw(moves(seed, viewer)), data.draw(moves(seed, viewer))]
    effect = picture.sandboxes[viewer].effect(changes)
    left_out = {p.number for p in effect.problems}
    assert_same(picture, viewer, [c for i, c in enumerate(changes) if i not in left_out])


@some
@given(st.data(), seeds, viewers)
def test_a_move_and_its_opposite_are_nothing(data: st.DataObject, seed: int, viewer: Viewer) -> None:
    picture = a_picture(seed)
    there = data.draw(moves(seed, viewer))
    back = Move(there.target, there.source, there.usd)
    compared = picture.sandboxes[viewer].compare([there, back])
    assert (compared.differences, compared.problems) == ((), ())


@some
@given(seeds, viewers, costs, st.booleans())
def test_a_cost_or_a_rule_and_its_opposite_are_nothing(seed: int, viewer: Viewer, cost: Cost, is_rule: bool) -> None:
    there: list[Change] = [Rule(covered=Decimal("0.3"), supply_kind="budget")] if is_rule else [cost]
    back: list[Change] = (
        [Rule(covered=Decimal("0.8"), supply_kind=RULE.supply_kind)] if is_rule else [Cost(cost.node, Decimal(1))]
    )
    assert a_picture(seed).sandboxes[viewer].compare(there + back).differences == ()


@some
@given(st.data(), seeds, viewers)
def test_what_moves_is_conserved_to_the_cent_on_every_level(data: st.DataObject, seed: int, viewer: Viewer) -> None:
    picture = a_picture(seed)
    sandbox = picture.sandboxes[viewer]
    move = data.draw(moves(seed, viewer))
    effect = sandbox.effect([move])
    assert effect.problems == ()
    whole = [effect.money.get((node, None, None), (0, 0, 0)) for node in (ALL, UNCLASSIFIED)]
    assert [sum(parts) for parts in zip(*whole, strict=True)] == [0, 0, 0]
    is_within = (move.source.node == UNCLASSIFIED) == (move.target.node == UNCLASSIFIED)
    if is_within and move.source.node != UNCLASSIFIED:
        assert whole[0] == (0, 0, 0)
    gained = [c for c in effect.exact_money.items() if c[0][0] != ALL and c[0][2] is None and c[1][1] > 0]
    assert sum(c[1] for _, c in gained if c) >= 0
    for (node, place, year), cents_ in effect.money.items():
        if year is None and place is None:
            by_year = [c for (n, p, y), c in effect.money.items() if (n, p) == (node, place) and y is not None]
            assert tuple(map(sum, zip(*by_year, strict=True))) == cents_


@some
@given(st.data(), seeds, viewers)
def test_low_best_and_high_keep_their_order_where_they_had_one(data: st.DataObject, seed: int, viewer: Viewer) -> None:
    picture = a_picture(seed)
    move = data.draw(moves(seed, viewer))
    rows = [r for r in seen(picture.allocation, viewer) if r["high_usd"] is not None and is_in(r, move.source)]
    assume(all(0 <= r["low_usd"] <= r["best_usd"] <= r["high_usd"] for r in rows))
    for d in picture.sandboxes[viewer].compare([move]).differences:
        before, after = d.before, d.after
        if before.high is None or before.low <= before.best <= before.high:  # type: ignore[operator]
            assert after.low <= after.best <= after.high  # type: ignore[operator]


@some
@given(st.data(), seeds)
def test_hidden_rows_change_nothing_of_what_the_public_gets(data: st.DataObject, seed: int) -> None:
    """A world without what the public may not see, and one with it: the same answers, whatever is tried."""
    picture = a_picture(seed)
    changes = data.draw(st.lists(additions() | ends | costs, max_size=3))
    best = best_in(seen(picture.allocation, PUBLIC), Where(), RULE.supply_kind)
    if best > 0:
        changes.append(Move(Where(), Where(place="NE01"), data.draw(amounts.filter(bool))))
    assert picture.sandboxes[PUBLIC].compare(changes) == public_alone(seed).compare(changes)


def test_what_nobody_knows_stays_unknown_and_never_turns_to_zero() -> None:
    for seed in range(4):
        for viewer in VIEWERS:
            sandbox = a_picture(seed).sandboxes[viewer]
            found = sandbox.compare([Add("1.1", "NE01", 2031, 2031)])
            assert {d.after.activities - d.before.activities for d in found.differences} == {1}
            assert all((d.after.low, d.after.best, d.after.high) == (d.before.low, d.before.best, d.before.high)
                       for d in found.differences)  # fmt: skip
            fresh = next(d for d in found.differences if (d.node, d.place, d.period) == ("1.1", "NE01", 2031))
            assert fresh.after.high is None


def test_more_than_is_there_is_said_with_what_is_there_and_does_nothing() -> None:
    picture = a_picture(0)
    sandbox = picture.sandboxes[KEEPER]
    best = best_in(seen(picture.allocation, KEEPER), Where(), RULE.supply_kind)
    assert best > 0
    much = Move(Where(), Where(place="NE01"), best + Decimal("0.01"))
    compared = sandbox.compare([much])
    assert compared.differences == ()
    assert [(p.number, p.kind, p.there) for p in compared.problems] == [(0, "little", best)]
    # Of two moves between the same parts the one that fits is made.
    half = Move(Where(), Where(place="NE01"), (best / 2).quantize(Decimal("0.01")) + 1)
    again = sandbox.compare([half, half])
    assert [(p.number, p.kind) for p in again.problems] == [(1, "little")]
    assert again.differences == sandbox.compare([half]).differences
    empty = sandbox.compare([Move(Where(year=1990), Where(place="NE01"), Decimal(1))])
    assert [p.kind for p in empty.problems] == ["no_money"]


@pytest.mark.parametrize("viewer", VIEWERS)
def test_a_project_that_nobody_has_and_one_that_is_hidden_are_told_alike(viewer: Viewer) -> None:
    sandbox = a_picture(1).sandboxes[viewer]
    shown = {r["activity_id"] for r in seen(a_picture(1).allocation, viewer)}
    hidden = sorted({r["activity_id"] for r in a_picture(1).allocation} - shown)
    for activity in (*hidden, 4711):
        compared = sandbox.compare([End(activity, date(1990, 1, 1))])
        assert compared.differences == ()
        assert [(p.number, p.kind, p.there) for p in compared.problems] == [(0, "nothing", None)]
