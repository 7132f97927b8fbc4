"""What a list of changes does together, as far as one viewer may see.

Place on the way: between a finished edition and `effect`. Enters: changes, and questions that hold the viewer's filter.
Leaves: an `Effect`. Only rows of what is touched are read. Ends come first, then new projects, then moves in the order
in which they stand: what a project takes with it cannot be moved, and what is new can. Amounts that move between the
same two parts are netted before anything moves, so that what goes there and back was never moved.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from concerted.codelists.frameworks import CellRule
from concerted.matching.what_if.changes import Add, Change, Cost, End, Move, Problem, Rule, Where
from concerted.matching.what_if.effect import (
    NOTHING,
    Cents,
    Effect,
    Need,
    cells_of,
    exact_cells_of,
    rolled,
)
from concerted.matching.what_if.ground import NO_YEAR, Asker, Ground, Key, Leaf, Reference
from concerted.model.tables import ALL
from concerted.picture.cliff import months_after
from concerted.picture.codes import times_counted
from concerted.picture.targets import Cost as Stated
from concerted.picture.targets import StatedCost, target_rows

Leaves = dict[Leaf, Cents]
#: Markings under which an activity is told: view, key, and the key of the precise view behind a coarse one.
_Marks = frozenset[tuple[str, str, str]]
_CENT = Decimal("0.01")


@dataclass
class _Sums:
    """Differences on their way to an effect."""

    leaves: Leaves = field(default_factory=dict)
    counts: dict[Key, int] = field(default_factory=dict)
    exact_counts: dict[Key, int] = field(default_factory=dict)
    ended: dict[int, int] = field(default_factory=dict)
    ended_leaves: set[Leaf] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def add(self, leaf: Leaf, cents: Cents, sign: int) -> None:
        there = self.leaves.get(leaf, NOTHING)
        self.leaves[leaf] = (there[0] + sign * cents[0], there[1] + sign * cents[1], there[2] + sign * cents[2])

    def begin(self, ground: Ground, leaves: Iterable[Leaf]) -> None:
        """One activity more in every cell of these leaves."""
        own = list(leaves)
        for cells, into in ((cells_of, self.counts), (exact_cells_of, self.exact_counts)):
            for key in {key for leaf in own for key in cells(leaf, ground)}:
                into[key] = into.get(key, 0) + 1

    def end(self, ground: Ground, gone: Mapping[Leaf, _Marks], kept: Mapping[Leaf, _Marks]) -> None:
        """An activity less in the cells of what is gone, as often as the cube counts it there and no longer would."""
        for cells, into, is_exact in (
            (cells_of, self.counts, False),
            (exact_cells_of, self.exact_counts, True),  # where each activity counts once, whatever its markings
        ):
            before, after = dict[Key, _Marks](), dict[Key, _Marks]()
            for leaves, sides in ((gone, (before,)), (kept, (before, after))):
                for leaf, marks in leaves.items():
                    for key in cells(leaf, ground):
                        for side in sides:
                            side[key] = side.get(key, frozenset()) | marks
            for key in {key for leaf in gone for key in cells(leaf, ground)}:
                was, now = before[key], after.get(key, frozenset())
                less = bool(now) - 1 if is_exact else _times_told(now) - _times_told(was)
                into[key] = into.get(key, 0) + less


def apply(
    asker: Asker, reference: Reference, ground: Ground, rule: CellRule, changes: Sequence[Change], as_of: date | None
) -> Effect:
    """The effect of some changes, which `Ground.check` has let through.

    Args:
        asker: the viewer's questions; what he may not see enters nothing.
        reference: questions about costs, which are the same for everybody.
        rule: the framework's own.
        as_of: day of the edition; without one another limit of freshness changes nothing.
    """
    sums, after = _Sums(), _rule_after(rule, changes)
    _end(asker, ground, after.supply_kind, changes, sums)
    for change in changes:
        if isinstance(change, Add):
            _begin(ground, change, sums)
    _move(asker, ground, after.supply_kind, changes, sums)
    money, exact = rolled(sums.leaves, ground)
    return Effect(
        money,
        {key: count for key, count in sums.counts.items() if count},
        exact,
        {key: count for key, count in sums.exact_counts.items() if count},
        after,
        is_other_rule=after != rule,
        needs=_needs(reference, ground, changes),
        fresh=_fresh(asker, after, as_of) if after.freshness_months != rule.freshness_months and as_of else None,
        ended=sums.ended,
        ended_cells=frozenset(key for leaf in sums.ended_leaves for key in cells_of(leaf, ground)),
        ended_exact=frozenset(key for leaf in sums.ended_leaves for key in exact_cells_of(leaf, ground)),
        problems=tuple(sorted(sums.problems, key=lambda problem: problem.number)),
    )


def still_known(
    asker: Asker, ground: Ground, effect: Effect, cells: Iterable[Key], *, exact: bool = False
) -> frozenset[Key]:
    """Of cells that lost a project and hold nothing any more, those of which money is told all the same: zero there is
    known, in the others it is unknown.
    """
    wanted = set(cells)
    if not wanted:
        return frozenset()
    ends = [f"(a.activity_id = $e{i} AND coalesce(a.period > $y{i}, false))" for i in range(len(effect.ended))]
    given: dict[str, Any] = {"framework": ground.framework, "kind": effect.rule.supply_kind}
    for i, (activity, year) in enumerate(sorted(effect.ended.items())):
        given |= {f"e{i}": activity, f"y{i}": year}
    nodes = {node for node, _, _ in wanted}
    narrowed = ""
    if ALL not in nodes:
        narrowed = " AND a.node_id IN (SELECT unnest($nodes))"
        given["nodes"] = sorted({below for node in nodes for below in ground.nodes_in(node)})
    rows = asker.rows(
        f"""SELECT DISTINCT a.node_id, a.place_id, coalesce(a.period, {NO_YEAR}) FROM out_allocation a
            WHERE a.framework_id = $framework AND a.finance_kind = $kind AND a.high_usd IS NOT NULL
              AND NOT ({" OR ".join(ends)}) AND {asker.filter.sql("a")}{narrowed}""",  # noqa: S608 (our own words)
        given,
    )
    above = exact_cells_of if exact else cells_of
    return frozenset(key for row in rows for key in above((row[0], row[1], row[2]), ground) if key in wanted)


def _rule_after(rule: CellRule, changes: Iterable[Change]) -> CellRule:
    for change in changes:
        if isinstance(change, Rule):
            stated = {name: getattr(change, name) for name in Rule.__dataclass_fields__}
            rule = replace(rule, **{name: value for name, value in stated.items() if value is not None})
    return rule


def _end(asker: Asker, ground: Ground, kind: str, changes: Sequence[Change], sums: _Sums) -> None:
    ends: dict[int, int] = {}
    for change in changes:
        if isinstance(change, End):
            ends[change.activity_id] = min(change.last_day.year, ends.get(change.activity_id, change.last_day.year))
    if not ends:
        return
    money = ", ".join(f"sum(a.{end}_usd) FILTER (a.finance_kind = $kind)" for end in ("low", "best", "high"))
    rows = asker.rows(
        f"""SELECT a.activity_id, a.node_id, a.place_id, coalesce(a.period, {NO_YEAR}), a.view, a.marking_key,
              coalesce(a.precise_marking_key, ''), {money} FROM out_allocation a
            WHERE a.framework_id = $framework AND a.activity_id IN (SELECT unnest($ids)) AND {asker.filter.sql("a")}
            GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7""",  # noqa: S608 (our own words)
        {"framework": ground.framework, "kind": kind, "ids": sorted(ends)},
    )
    told: dict[int, dict[Leaf, _Marks]] = {activity: {} for activity in ends}
    for activity, node, place, year, *marks, low, best, high in rows:
        leaf = (node, place, year)
        told[activity][leaf] = told[activity].get(leaf, frozenset()) | {(marks[0], marks[1], marks[2])}
        if year > ends[activity] and high is not None:
            sums.ended_leaves.add(leaf)
            sums.add(leaf, (_cents(low), _cents(best), _cents(high)), -1)
    for activity, last in ends.items():
        gone = {leaf: marks for leaf, marks in told[activity].items() if leaf[2] > last}
        if gone:
            sums.ended[activity] = last
            sums.end(ground, gone, {leaf: marks for leaf, marks in told[activity].items() if leaf[2] <= last})
    sums.problems += [
        Problem(number, "nothing")
        for number, change in enumerate(changes)
        if isinstance(change, End) and change.activity_id not in sums.ended
    ]


def _begin(ground: Ground, new: Add, sums: _Sums) -> None:
    years = range(new.year, new.last_year + 1)
    leaves = [(new.node, new.place, year) for year in years]
    sums.begin(ground, leaves)
    if new.low is None or new.best is None or new.high is None:
        return
    # Three amounts of which none is negative are spread, so that low, best and high keep their order in every year.
    steps = (_cents(new.low), _cents(new.best) - _cents(new.low), _cents(new.high) - _cents(new.best))
    for i, leaf in enumerate(leaves):
        low, more, most = (whole * (i + 1) // len(leaves) - whole * i // len(leaves) for whole in steps)
        sums.add(leaf, (low, low + more, low + more + most), 1)


@dataclass
class _Between:
    """What moves between two parts: the changes in one direction and in the other, with their places in the list."""

    moves: list[tuple[int, int]] = field(default_factory=list)

    @property
    def net(self) -> int:
        return sum(cents for _, cents in self.moves)


def _move(asker: Asker, ground: Ground, kind: str, changes: Sequence[Change], sums: _Sums) -> None:
    pairs: dict[tuple[Where, Where], _Between] = {}
    for number, change in enumerate(changes):
        if isinstance(change, Move):
            there, back = (change.source, change.target), (change.target, change.source)
            is_back = there not in pairs and back in pairs
            pairs.setdefault(back if is_back else there, _Between()).moves.append(
                (number, _cents(change.usd) * (-1 if is_back else 1))
            )
    for (source, target), between in pairs.items():
        _move_net(asker, ground, kind, source, target, between, sums)


def _move_net(
    asker: Asker, ground: Ground, kind: str, source: Where, target: Where, between: _Between, sums: _Sums
) -> None:
    """Move what remains between two parts; changes for which too little is there are left out, the last first."""
    while between.net:
        is_back = between.net < 0
        out_of, into = (target, source) if is_back else (source, target)
        there = _leaves_in(asker, ground, kind, out_of, sums.leaves)
        whole = sum(cents[1] for cents in there.values())
        if abs(between.net) <= whole:
            for leaf, part in _parts(there, whole, abs(between.net)):
                sums.add(leaf, part, -1)
                sums.add(_moved(leaf, out_of, into), part, 1)
            return
        number = max(n for n, cents in between.moves if (cents < 0) == is_back)
        between.moves = [each for each in between.moves if each[0] != number]
        best = Decimal(whole).scaleb(-2)
        sums.problems.append(Problem(number, "little", best) if there else Problem(number, "no_money"))


def _leaves_in(asker: Asker, ground: Ground, kind: str, where: Where, changed: Mapping[Leaf, Cents]) -> Leaves:
    """Money in a part of the picture at its leaves, with the changes so far; in a stable order."""
    given: dict[str, Any] = {"framework": ground.framework, "kind": kind}
    narrowed = ""
    if where.node is not None:
        narrowed += " AND a.node_id IN (SELECT unnest($nodes))"
        given["nodes"] = ground.nodes_in(where.node)
    else:
        narrowed += " AND a.node_id <> 'UNCLASSIFIED'"
    if where.place is not None:
        narrowed += " AND a.place_id IN (SELECT unnest($places))"
        given["places"] = ground.places_in(where.place)
    if where.year is not None:
        narrowed += " AND a.period = $year"
        given["year"] = where.year
    rows = asker.rows(
        f"""SELECT a.node_id, a.place_id, coalesce(a.period, {NO_YEAR}),
              sum(a.low_usd), sum(a.best_usd), sum(a.high_usd)
            FROM out_allocation a
            WHERE a.framework_id = $framework AND a.finance_kind = $kind AND a.high_usd IS NOT NULL
              AND {asker.filter.sql("a")}{narrowed}
            GROUP BY 1, 2, 3""",  # noqa: S608 (our own words)
        given,
    )
    found: Leaves = {(n, p, y): (_cents(low), _cents(best), _cents(high)) for n, p, y, low, best, high in rows}
    for leaf, cents in changed.items():
        if ground.holds(where, leaf):
            there = found.get(leaf, NOTHING)
            found[leaf] = (there[0] + cents[0], there[1] + cents[1], there[2] + cents[2])
    return {leaf: found[leaf] for leaf in sorted(found)}


def _parts(leaves: Leaves, whole: int, moved: int) -> Iterable[tuple[Leaf, Cents]]:
    """The same share of every amount, by cumulative rounding, so that the parts of best are exactly what is moved.

    Low, best less low, and high less best are each shared out, the second rounded the other way than the first, so that
    the order of the three is kept in every part and in what remains of it.
    """
    before, sums = NOTHING, [0, 0, 0]
    for leaf, (low, best, high) in leaves.items():
        for i, amount in enumerate((low, best - low, high - best)):
            sums[i] += amount
        now = (
            (2 * sums[0] * moved + whole) // (2 * whole),
            -((whole - 2 * sums[1] * moved) // (2 * whole)),
            (2 * sums[2] * moved + whole) // (2 * whole),
        )
        first, second, third = (a - b for a, b in zip(now, before, strict=True))
        before = now
        yield leaf, (first, first + second, first + second + third)


def _moved(leaf: Leaf, source: Where, target: Where) -> Leaf:
    """Where a leaf's money comes to lie: what source and target have in common stays as it is."""
    node, place, year = leaf
    return (
        node if target.node == source.node or target.node is None else target.node,
        place if target.place == source.place or target.place is None else target.place,
        year if target.year == source.year or target.year is None else target.year,
    )


def _needs(reference: Reference, ground: Ground, changes: Iterable[Change]) -> dict[Key, Need] | None:
    """Every cost with the factors of its nearest node, summed upwards as the picture does; null = none changed."""
    factors = {change.node: change.factor for change in changes if isinstance(change, Cost)}
    if all(factor == 1 for factor in factors.values()):
        return None
    rows = reference(
        """SELECT node_id, place_id, period, low_usd, high_usd, low_eur, high_eur, source FROM out_target
           WHERE framework_id = $framework AND is_stated""",
        {"framework": ground.framework},
    )
    stated = []
    for node, place, year, low, high, low_eur, high_eur, source in rows:
        nearest = next((up for up in ground.nodes.get(node, (node,)) if up in factors), None)
        by = factors.get(nearest, Decimal(1))
        cost = Stated(_times(low, by) or Decimal(0), _times(high, by), low_eur or Decimal(0), high_eur)
        stated.append(StatedCost(ground.framework, node, place, year, cost, source))
    table = target_rows(
        stated, {ground.framework: ground.node_parents}, ground.place_parents, {ground.framework: ground.country}
    )
    columns = (table[name].to_pylist() for name in ("node_id", "place_id", "period", "low_usd", "high_usd"))
    return {(node, place, year): (low, high) for node, place, year, low, high in zip(*columns, strict=True)}


def _times(value: Decimal | None, by: Decimal) -> Decimal | None:
    return None if value is None else (value * by).quantize(_CENT)


def _fresh(asker: Asker, rule: CellRule, as_of: date) -> frozenset[tuple[str, int | None]]:
    rows = asker.rows(
        f"""SELECT DISTINCT place_id, period FROM out_informed
            WHERE reported_date >= $day AND {asker.filter.sql_precise()}""",  # noqa: S608 (our own words)
        {"day": months_after(as_of, -rule.freshness_months)},
    )
    return frozenset((place, period) for place, period in rows)


def _times_told(marks: _Marks) -> int:
    return times_counted((view, key) for view, key, _ in marks)


def _cents(value: Decimal | None) -> int:
    return 0 if value is None else int(value.scaleb(2))
