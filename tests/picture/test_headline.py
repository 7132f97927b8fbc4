"""The headline counts what the matrix shows, for the same reader, with the same rule."""

from datetime import date
from decimal import Decimal

from concerted.codelists.frameworks import CellRule
from concerted.marking.rows import RowFilter
from concerted.picture.headline import cell_facts, headline
from concerted.picture.informed import Informed, Reported, SourceClaim, informed_rows
from worlds import Row

RULE = CellRule()
AS_OF = date(2026, 6, 30)
PUBLIC, PARTNER = RowFilter(frozenset({"CLEAR"})), RowFilter(frozenset({"CLEAR", "GREEN"}))


def money(node: str, low: int, high: int, marking: str = "CLEAR") -> Row:
    amounts = {"low_usd": Decimal(low), "best_usd": Decimal(low), "high_usd": Decimal(high)}
    return cell(node, "commitment", marking) | amounts


def count(node: str, activities: int, marking: str = "CLEAR") -> Row:
    return cell(node, "ANY", marking) | {"activities": activities, "unvalued": 0}


def cell(node: str, kind: str, marking: str) -> Row:
    return {
        "node_id": node,
        "place_id": None,
        "period": None,
        "finance_kind": kind,
        "view": "precise",
        "marking_key": marking,
        "precise_marking_key": None,
    }


def target(node: str, low: int, high: int) -> Row:
    return {"node_id": node, "place_id": None, "period": None, "low_usd": Decimal(low), "high_usd": Decimal(high)}


CELLS = [
    *(money("1", 90, 90), count("1", 2), money("2", 10, 30), count("2", 1)),
    *(money("2", 70, 70, "GREEN"), count("2", 1, "GREEN"), money("ALL", 100, 120), count("ALL", 3)),
]
TARGETS = [target("1", 100, 100), target("2", 100, 100), target("3", 10, 10)]
INFORMED = Informed(frozenset({("ML", None)}), ("ML",))


def test_the_headline_counts_the_states_of_the_matrix() -> None:
    said = headline(CELLS, TARGETS, INFORMED, PUBLIC, RULE, ["1", "2", "3", "4"])
    assert said.by_state == {"covered": 1, "partly": 1, "not_covered": 1, "no_information": 1}
    assert said.nodes == 4
    facts = cell_facts(CELLS, TARGETS, INFORMED, PUBLIC, RULE, [(n, None, None) for n in "1234"])
    assert [f.state for f in facts.values()] == ["covered", "partly", "not_covered", "no_information"]


def test_the_whole_shows_its_own_distinct_count_and_the_widest_range() -> None:
    said = headline(CELLS, TARGETS, INFORMED, PUBLIC, RULE, ["1", "2", "3"])
    assert (said.whole.activities, said.whole.low, said.whole.high) == (3, 100, 120)
    assert said.widest == "2"


def test_a_partner_with_more_keys_sees_more_money_and_the_public_does_not() -> None:
    public = headline(CELLS, TARGETS, INFORMED, PUBLIC, RULE, ["2"])
    partner = headline(CELLS, TARGETS, INFORMED, PARTNER, RULE, ["2"])
    assert public.by_state["partly"] == 1
    assert partner.by_state["covered"] == 1


def test_a_source_informs_only_those_who_may_see_what_it_reports() -> None:
    claim = SourceClaim("s", "ML", "GREEN", date(2025, 1, 1), date(2026, 12, 31))
    reported = Reported({("s", "GREEN"): date(2026, 6, 1)}, {"CLEAR": [2024]})
    rows = informed_rows([claim], reported, {"ML": ("ML", "ML01")}, AS_OF, date(2025, 6, 30))
    found = rows.to_pylist()
    assert not Informed.of(found, frozenset({"CLEAR"}), ["ML"]).at("ML", 2026)
    partner = Informed.of(found, frozenset({"GREEN"}), ["ML"])
    assert partner.at("ML01", 2025)
    assert partner.at("ML", None)
    assert partner.at(None, 2026)
    assert not partner.at("ML", 2024)


def test_a_source_that_has_not_reported_lately_informs_of_nothing() -> None:
    claim = SourceClaim("s", "ML", "CLEAR")
    for days in ({("s", "CLEAR"): date(2025, 6, 29)}, {("s", "AMBER:a"): AS_OF}, {}):
        found = informed_rows([claim], Reported(days, {"CLEAR": [2025]}), {}, AS_OF, date(2025, 6, 30)).to_pylist()
        assert found
        assert not Informed.of(found, frozenset({"CLEAR"}), ["ML"]).at("ML", 2025)


def test_a_hidden_year_and_a_hidden_claim_move_nothing_that_is_open() -> None:
    claim = SourceClaim("s", "ML", "CLEAR")
    days = {("s", "CLEAR"): AS_OF}
    alone = informed_rows([claim], Reported(days, {"CLEAR": [2025]}), {}, AS_OF, AS_OF).to_pylist()
    hidden = SourceClaim("s", "ML", "AMBER:a", date(2020, 1, 1))
    reported = Reported({**days, ("s", "AMBER:a"): date(2026, 1, 1)}, {"CLEAR": [2025], "AMBER:a": [2019]})
    together = informed_rows([claim, hidden], reported, {}, AS_OF, AS_OF).to_pylist()
    assert [row for row in together if row["marking_key"] == "CLEAR"] == alone
    assert {row["period"] for row in together if row["marking_key"] == "AMBER:a"} == {None, *range(2020, 2027)}
