"""No subtraction of told totals tells what is hidden, and nothing is left out that need not be."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.marking.hidden_rule import HiddenRule
from concerted.marking.suppress import Cell, Part, Told, Tree, cells_of, choose_totals
from concerted.marking.suppress_audit import audit
from marking.attacker import Hidden, bounds

NODES: Tree = {"ALL": None, "1": "ALL", "1.1": "1", "1.2": "1", "2": "ALL"}
PLACES: Tree = {"ML": None, "ML01": "ML", "ML02": "ML", "ML0201": "ML02"}
OWNERS = ("a", "b", "c", "d", "e")
EVERYWHERE: tuple[Cell, ...] = tuple((n, p) for n in NODES for p in PLACES)

RECORDS = [f"{owner}{i}" for owner in OWNERS for i in (1, 2, 3)]
#: Most examples are crowded enough that something can be told of them.
PARTS = st.lists(
    st.builds(
        lambda record, node, place, value: Part(record, record[0], node, place, (value,)),
        st.sampled_from(RECORDS),
        st.sampled_from(["ALL", "1", "1.1", "1.1", "1.2", "2", "2"]),
        st.sampled_from(["ML", "ML01", "ML01", "ML02", "ML0201"]),
        st.sampled_from([50, 50, 50, 55, 40, 1, 0]) | st.integers(0, 60),
    ),
    min_size=6,
    max_size=14,
    unique_by=lambda part: (part.record, part.node, part.place),
)
SEEN_BY = st.dictionaries(
    st.sampled_from(RECORDS), st.frozensets(st.sampled_from([*OWNERS, "f"]), max_size=2), max_size=3
)
RULES = st.builds(HiddenRule, st.sampled_from([3, 4]), st.sampled_from([1, 20, 50]), SEEN_BY)
#: What happens to each part from one edition to the next.
FATES = st.sampled_from([("stays", "comes"), ("stays", "stays", "stays", "stays", "goes", "changes", "comes")]).flatmap(
    lambda kinds: st.lists(st.sampled_from(kinds), min_size=14, max_size=14)
)


def editions(parts: Sequence[Part], fates: Sequence[str], rule: HiddenRule) -> list[Told]:
    """Two editions of a table of which some parts come, go or change between them."""
    before = [p for p, fate in zip(parts, fates, strict=False) if fate != "comes"]
    after = [p for p, fate in zip(parts, fates, strict=False) if fate in ("stays", "comes")]
    after += [replace(p, values=(p.values[0] + 7,)) for p, fate in zip(parts, fates, strict=False) if fate == "changes"]
    first = choose_totals(before, NODES, PLACES, rule)
    return [first, choose_totals(after, NODES, PLACES, rule, [first])]


def classes(told: Sequence[Told]) -> list[set[Part]]:
    """Parts in the same totals of all editions, the plain way; without those that are in none."""
    found: dict[tuple[tuple[int, Cell], ...], set[Part]] = defaultdict(set)
    for part in frozenset[Part]().union(*(t.counted for t in told)):
        inside = [(i, cell) for i, t in enumerate(told) for cell in sorted(t.cells) if part in t.cells[cell]]
        found[tuple(inside)].add(part)
    return list(found.values())


def outside_view(told: Sequence[Told]) -> tuple[list[Hidden], list[list[Hidden]], dict[Part, Hidden]]:
    """What an attacker knows of the parts: all but their values."""
    parts = sorted(frozenset[Part]().union(*(t.counted for t in told)))
    known = {p: Hidden(p.record, p.owner, p.node, p.place, i) for i, p in enumerate(parts)}
    return list(known.values()), [[known[p] for p in t.counted] for t in told], known


@given(PARTS, FATES, RULES)
@settings(max_examples=8, deadline=None)
def test_the_audit_by_linear_programming_finds_nothing_in_one_edition_or_two(
    parts: list[Part], fates: list[str], rule: HiddenRule
) -> None:
    assert audit(editions(parts, fates, rule), NODES, PLACES, rule) == []


@pytest.mark.slow
@given(PARTS, FATES, RULES)
@settings(max_examples=300, deadline=None)
def test_the_audit_finds_nothing_in_hundreds_of_tables(parts: list[Part], fates: list[str], rule: HiddenRule) -> None:
    assert audit(editions(parts, fates, rule), NODES, PLACES, rule) == []


@given(PARTS, FATES, RULES)
@settings(max_examples=8, deadline=None)
def test_an_attacker_with_integer_programming_and_all_that_one_organisation_sees_gets_no_nearer(
    parts: list[Part], fates: list[str], rule: HiddenRule
) -> None:
    attack(editions(parts, fates, rule), rule)


@pytest.mark.slow
@given(PARTS, FATES, RULES)
@settings(max_examples=300, deadline=None)
def test_the_attacker_gets_no_nearer_in_hundreds_of_tables(
    parts: list[Part], fates: list[str], rule: HiddenRule
) -> None:
    attack(editions(parts, fates, rule), rule)


def attack(told: list[Told], rule: HiddenRule) -> None:
    """Let each reader bound what each organisation has, as a whole and in single parts."""
    hidden, counted, known = outside_view(told)
    totals = [{cell: t.total(cell)[0] for cell in t.cells} for t in told]
    for reader in (None, *OWNERS, "f"):
        mine = {p for p in known if reader in (p.owner, *rule.seen_by.get(p.record, ()))}
        for owner in sorted({p.owner for p in known if p not in mine}):
            theirs = [p for p in known if p.owner == owner and p not in mine]
            for target in (theirs, theirs[:1], theirs[-1:]):
                value = sum(p.values[0] for p in target)
                low, high = bounds(
                    hidden, counted, totals, (NODES, PLACES), {known[p]: p.values[0] for p in mine},
                    [known[p] for p in target],
                )  # fmt: skip
                assert low * 100 <= value * (100 - rule.margin_pct)
                assert high * 100 >= value * (100 + rule.margin_pct)


@given(PARTS, FATES, RULES)
@settings(deadline=None)
def test_every_class_is_safe_and_no_further_total_could_be_told(
    parts: list[Part], fates: list[str], rule: HiddenRule
) -> None:
    told = editions(parts, fates, rule)
    assert all(rule.is_safe(group) for group in classes(told))
    last = told[-1]
    there = (
        {p for p in parts if fates[parts.index(p)] in ("stays", "comes")}
        | {replace(p, values=(p.values[0] + 7,)) for p in parts if fates[parts.index(p)] == "changes"}
    ) - last.held
    for cell in EVERYWHERE:
        inside = frozenset(p for p in there if cell in set(cells_of(p, NODES, PLACES)))
        if cell in last.cells:
            assert last.cells[cell] == inside
        elif inside:
            more = [told[0], replace(last, cells={**last.cells, cell: inside})]
            assert not all(rule.is_safe(group) for group in classes(more))


@given(PARTS, st.randoms(use_true_random=False))
def test_the_order_of_parts_changes_nothing(parts: list[Part], random: "random.Random") -> None:  # type: ignore[name-defined]  # noqa: F821
    shuffled = [*parts, *parts[:2]]
    random.shuffle(shuffled)
    one, other = (choose_totals(p, NODES, PLACES, HiddenRule()) for p in (parts, shuffled))
    assert (list(one.cells.items()), one.held) == (list(other.cells.items()), other.held)


@given(PARTS)
def test_nothing_is_left_out_where_nothing_needs_it(parts: list[Part]) -> None:
    """Wherever something stands, three organisations stand with the same amount."""
    full = [
        replace(p, record=f"{p.record}{o}{i}", owner=o, values=(10,))
        for i, p in enumerate(parts)
        for o in ("a", "b", "c")
    ]
    told = choose_totals(full, NODES, PLACES, HiddenRule())
    assert set(told.cells) == {cell for p in full for cell in cells_of(p, NODES, PLACES)}


def part(owner: str, node: str, place: str, value: int = 100, record: str = "") -> Part:
    return Part(record or f"{owner}{node}{place}", owner, node, place, (value,))


THREE = [part(o, "1.1", "ML01") for o in "abc"]


def test_three_organisations_are_told_and_two_are_not() -> None:
    told = choose_totals(THREE, NODES, PLACES, HiddenRule())
    assert set(told.cells) == {(n, p) for n in ("1.1", "1", "ALL") for p in ("ML01", "ML")}
    assert told.total(("ALL", "ML")) == (300,)
    assert choose_totals(THREE[:2], NODES, PLACES, HiddenRule()) == Told()
    with pytest.raises(KeyError):
        told.total(("2", "ML"))


def test_two_records_of_one_organisation_do_not_count_as_two_organisations() -> None:
    parts = [*THREE[:2], part("a", "1.1", "ML01", record="again")]
    assert not choose_totals(parts, NODES, PLACES, HiddenRule()).cells


def test_a_row_and_the_total_are_not_both_told_where_their_difference_is_one_record() -> None:
    told = choose_totals([*THREE, part("d", "2", "ML01")], NODES, PLACES, HiddenRule())
    assert ("ALL", "ML") in told.cells
    assert ("1", "ML") not in told.cells
    assert ("1.1", "ML01") not in told.cells


def test_a_region_and_its_country_are_not_both_told_where_the_rest_of_the_country_is_one_record() -> None:
    told = choose_totals([*THREE, part("d", "1.1", "ML")], NODES, PLACES, HiddenRule())
    assert {p for _, p in told.cells} == {"ML"}


def test_a_giant_beside_dwarfs_is_not_told() -> None:
    giant = [part("a", "2", "ML", 1_000_000), part("b", "2", "ML", 100), part("c", "2", "ML", 100)]
    assert not choose_totals(giant, NODES, PLACES, HiddenRule()).cells
    enough = [part("a", "2", "ML", 500), part("b", "2", "ML", 400), part("c", "2", "ML", 100)]
    assert choose_totals(enough, NODES, PLACES, HiddenRule(margin_pct=20)).cells
    assert not choose_totals(enough, NODES, PLACES, HiddenRule(margin_pct=21)).cells


def test_every_measure_must_be_safe() -> None:
    parts = [replace(p, values=(100, 100 if p.owner == "a" else 0)) for p in THREE]
    assert not choose_totals(parts, NODES, PLACES, HiddenRule()).cells
    told = choose_totals([replace(p, values=(100, 0)) for p in THREE], NODES, PLACES, HiddenRule())
    assert told.total(("ALL", "ML")) == (300, 0)


def test_who_sees_the_record_of_another_takes_it_out_too() -> None:
    """b sees a's record beside its own, so in the sum of three it would read c."""
    assert not choose_totals(THREE, NODES, PLACES, HiddenRule(seen_by={"a1.1ML01": frozenset("b")})).cells
    four = [*THREE, part("d", "1.1", "ML01")]
    assert choose_totals(four, NODES, PLACES, HiddenRule(seen_by={"a1.1ML01": frozenset("b")})).cells
    outsider = HiddenRule(seen_by={p.record: frozenset("f") for p in THREE})
    assert not choose_totals(four, NODES, PLACES, outsider).cells


def test_the_public_is_kept_from_a_giant_that_all_others_see() -> None:
    parts = [part("a", "2", "ML", 1000), *(part(o, "2", "ML", 10) for o in "bcd")]
    rule = HiddenRule(seen_by={parts[0].record: frozenset("bcd")})
    assert not rule.is_safe(parts)
    assert rule.is_safe(parts[1:])


def test_a_new_record_waits_until_the_difference_between_editions_holds_three_organisations() -> None:
    rule = HiddenRule()
    first = choose_totals(THREE, NODES, PLACES, rule)
    new = [part(o, "1.1", "ML01", record=f"new {o}") for o in "abd"]
    for count in (1, 2):
        second = choose_totals([*THREE, *new[:count]], NODES, PLACES, rule, [first])
        assert second == Told(first.cells, frozenset(new[:count]))
    third = choose_totals([*THREE, *new], NODES, PLACES, rule, [first])
    assert (third.total(("ALL", "ML")), third.held) == ((600,), frozenset())


def test_a_record_that_goes_takes_the_totals_with_it_that_would_show_it() -> None:
    rule = HiddenRule()
    four = [*THREE, part("d", "1.1", "ML01")]
    first = choose_totals(four, NODES, PLACES, rule)
    assert choose_totals(THREE, NODES, PLACES, rule, [first]).cells == {}
    other = [part(o, "2", "ML02") for o in "abc"]
    first = choose_totals([*four, *other], NODES, PLACES, rule)
    second = choose_totals([*THREE, *other], NODES, PLACES, rule, [first])
    assert ("2", "ML02") in second.cells
    assert ("ALL", "ML") not in second.cells


def test_what_any_earlier_edition_told_counts_and_not_only_the_last() -> None:
    rule = HiddenRule()
    four = [*THREE, part("d", "1.1", "ML01")]
    first = choose_totals(four, NODES, PLACES, rule)
    empty = choose_totals([], NODES, PLACES, rule, [first])
    assert choose_totals(THREE, NODES, PLACES, rule, [first, empty]).cells == {}
    assert choose_totals(four, NODES, PLACES, rule, [first, empty]).cells == first.cells


def test_series_go_on_where_both_cannot_be_told() -> None:
    """A cell that was told before goes before one nearer to the root that was not."""
    rule = HiddenRule()
    first = choose_totals(THREE, NODES, PLACES, rule)
    more = [*THREE, part("d", "2", "ML01", record="new")]
    second = choose_totals(more, NODES, PLACES, rule, [Told({("1", "ML"): first.cells["1", "ML"]})])
    assert ("1", "ML") in second.cells
    assert ("ALL", "ML") not in second.cells


def test_of_cells_as_near_to_the_root_the_one_with_more_parts_goes_first() -> None:
    parts = [*(part(o, "1", "ML02") for o in "abc"), part("d", "1", "ML01"), *(part(o, "2", "ML01") for o in "abce")]
    told = choose_totals(parts, NODES, PLACES, HiddenRule())
    assert ("ALL", "ML01") in told.cells
    assert ("1", "ML") not in told.cells


def test_a_record_opened_since_protects_nobody() -> None:
    four = [*THREE, part("d", "1.1", "ML01")]
    assert choose_totals(four, NODES, PLACES, HiddenRule(opened=frozenset({"d1.1ML01"}))).cells
    two = HiddenRule(opened=frozenset({"d1.1ML01", "c1.1ML01"}))
    assert not choose_totals(four, NODES, PLACES, two).cells
    assert two.is_safe(four[2:])
    assert two.knows(None, four[2])
    assert two.knows("a", four[0])
    assert not two.knows(None, four[0])


def test_values_below_zero_and_uneven_measures_are_refused() -> None:
    with pytest.raises(ValueError, match="below 0"):
        choose_totals([part("a", "1", "ML", -1)], NODES, PLACES, HiddenRule())
    with pytest.raises(ValueError, match="same measures"):
        choose_totals([part("a", "1", "ML"), Part("x", "b", "1", "ML", (1, 2))], NODES, PLACES, HiddenRule())
    with pytest.raises(KeyError):
        choose_totals([part("a", "9", "ML")], NODES, PLACES, HiddenRule())
    assert choose_totals([Part(o, o, "1", "ML", ()) for o in "abc"], NODES, PLACES, HiddenRule()).cells


@pytest.mark.parametrize("make", [lambda: HiddenRule(2), lambda: HiddenRule(3, 0)], ids=["two", "no margin"])
def test_rules_that_protect_nothing_are_refused(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="at least"):
        make()
    assert HiddenRule(3, 1).margin_pct == 1


@pytest.mark.parametrize(
    ("told", "reader", "low", "high"),
    [
        ({("1.1", "ML01"): THREE[:1]}, None, 100, 100),
        ({("1.1", "ML01"): THREE[:2]}, "a", 100, 100),
        ({("ALL", "ML"): [*THREE, part("d", "2", "ML01")], ("1", "ML"): THREE}, None, 100, 100),
    ],
)
def test_the_audit_finds_what_a_careless_choice_tells(
    told: dict[Cell, list[Part]], reader: str | None, low: float, high: float
) -> None:
    found = audit([Told({cell: frozenset(parts) for cell, parts in told.items()})], NODES, PLACES, HiddenRule())
    first = [breach for breach in found if breach.reader == reader]
    assert first
    assert (first[0].low, first[0].high) == pytest.approx((low, high))
    assert (first[0].demanded_low, first[0].demanded_high, first[0].measure) == (80, 120, 0)


def test_the_audit_finds_what_two_editions_tell_together() -> None:
    new = part("d", "1.1", "ML01")
    cell = ("ALL", "ML")
    careless = [Told({cell: frozenset(THREE)}), Told({cell: frozenset([*THREE, new])})]
    found = audit(careless, NODES, PLACES, HiddenRule())
    assert {breach.parts for breach in found if breach.reader is None} == {frozenset({new})}
    assert audit(careless[:1], NODES, PLACES, HiddenRule()) == []


def test_each_measure_is_audited() -> None:
    parts = frozenset(replace(p, values=(100, 100 if p.owner == "a" else 0)) for p in THREE)
    found = audit([Told({("ALL", "ML"): parts})], NODES, PLACES, HiddenRule())
    assert {(breach.measure, breach.reader) for breach in found} == {(1, None), (1, "b"), (1, "c")}


def test_what_is_in_no_told_total_is_not_bounded_and_no_breach() -> None:
    assert audit([Told(held=frozenset(THREE))], NODES, PLACES, HiddenRule()) == []
    assert audit([], NODES, PLACES, HiddenRule()) == []
