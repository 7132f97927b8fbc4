"""What is wrong with a strategy file is told with the place, what was found and expected, and the remedy."""

from pathlib import Path
from typing import Any

import pytest

from concerted.codelists.strategy import load_strategy
from concerted.model.errors import ConfigError

from .strategy_files import small, workbook, written


def refused(path: Path, **kwargs: Any) -> str:
    with pytest.raises(ConfigError) as error:
        load_strategy(path, **kwargs)
    return str(error.value)


COST = {"node": "A", "year": 2026, "low": 1, "high": 2, "currency": "XOF"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id": None}, ["strategy, id: is empty"]),
        ({"id": "un-gcts"}, ["id of a shipped framework"]),
        ({"name": "Plan"}, ["unknown field 'name'", "{fr: .., en: .., ar: ..}"]),
        ({"nodes": []}, ["there is no node", "expected a sheet Nodes"]),
        ({"nodes": "A"}, ["nodes: expected a list", "found str 'A'"]),
        ({"nodes": ["A"]}, ["nodes[0]: expected a mapping"]),
        ({"nodes": [{"id": "A", "name": {"fr": "x"}}] * 2}, ["nodes[1], id: 'A' is used twice"]),
        ({"nodes": [{"id": "ALL", "name": {"fr": "x"}}]}, ["'ALL' has a meaning of its own"]),
        ({"nodes": [{"id": "A", "parent": "B", "name": {"fr": "x"}}]}, ["nodes[0], parent: found 'B'"]),
        ({"nodes": [{"id": "A", "name": {"fr": "x"}, "colour": "red"}]}, ["unknown field 'colour'; expected one of"]),
        ({"nodes": [{"id": "A"}]}, ["nodes[0], name: is empty in all languages"]),
        ({"status": "maybe"}, ["strategy, status: found 'maybe'; expected one of draft"]),
        ({"status": "adopted"}, ["expected the act in adopted_by"]),
        ({"valid_from": "2027-01-01", "valid_to": "2026-01-01"}, ["lies before valid_from"]),
        ({"valid_from": "31/02/2026"}, ["found '31/02/2026'; expected a date"]),
        ({"place": "Mali"}, ["strategy, place: found 'Mali'; expected a country code"]),
        ({"costs": [COST | {"year": None}]}, ["costs[0], year: is empty"]),
        ({"costs": [COST | {"year": 26}]}, ["costs[0], year: found 26; expected a number from 1990 to 2100"]),
        ({"costs": [COST | {"year": 2026.5}]}, ["found 2026.5; expected a whole number"]),
        ({"costs": [COST | {"low": -3}]}, ["costs[0], low: found -3; expected a number from 0"]),
        ({"costs": [COST | {"low": 3}]}, ["low 3 is above high 2"]),
        ({"costs": [COST | {"low": None}]}, ["low and high are both needed"]),
        ({"costs": [COST | {"low": "much"}]}, ["costs[0], low: found 'much'"]),
        ({"costs": [COST | {"low": float("nan")}]}, ["costs[0], low: found 'nan'"]),
        ({"costs": [COST | {"currency": "CFA"}]}, ["costs[0], currency: found 'CFA'; expected a three-letter"]),
        ({"costs": [COST | {"place": "ml05"}]}, ["costs[0], place: found 'ml05'", "did you mean ML05?"]),
        ({"costs": [COST | {"place": "ML99"}]}, ["costs[0], place: found 'ML99'", "mend the code"]),
        ({"costs": [COST | {"node": "Z"}]}, ["costs[0], node: found 'Z', which is no node here"]),
        ({"costs": [COST, COST]}, ["stands already in costs[0]; keep one"]),
        ({"costs": [COST, COST | {"place": "ML"}]}, ["stands already in costs[0]; keep one"]),
        ({"place": None, "costs": [COST]}, ["the strategy names no country"]),
        ({"indicators": [{"id": "I", "node": "A", "name": {"fr": "x"}}] * 2}, ["indicators[1], id: 'I' is used twice"]),
        ({"codes": [{"code": "c", "node": "A", "relation": "related"}]}, ["expected one of exact, narrower"]),
        (
            {"crosswalks": [{"node": "A"}]},
            ["crosswalks[0], from_code: is empty", "relation: is empty", "date: is empty"],
        ),
        (
            {"crosswalks": [{"from_vocabulary": "1", "from_code": "99", "node": "A"}]},
            ["found '99', which 1 does not have"],
        ),
        ({"crosswalks": [{"from_vocabulary": "x", "from_code": "9", "node": "A"}]}, ["found 'x'; expected one of dac"]),
        ({"rule": "strict"}, ["rule: expected a mapping"]),
        ({"rule": {"covered": 2}}, ["strategy, covered: found 2; expected a number from 0 to 1"]),
        ({"rule": {"covered": 0.2, "not_covered": 0.5}}, ["no cell could be partly covered"]),
        ({"rule": {"freshness_months": 0}}, ["found 0; expected a number from 1 to 120"]),
        ({"rule": {"supply_kind": "presence"}}, ["expected one of commitment, disbursement, expenditure, budget"]),
    ],
)
def test_what_is_wrong_is_told_with_place_and_remedy(tmp_path: Path, changes: dict[str, Any], words: list[str]) -> None:
    message = refused(written(tmp_path, small(**changes)))
    assert "strategy.yml" in message
    assert [w for w in words if w not in message] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nodes: &a [{id: A, name: {fr: x}, children: *a}]", "more than 20 levels deep"),
        ("nodes: []\nstatus: &a [*a]", "found a list or a mapping"),
        (
            "a: &a [{id: A}, {id: B}, {id: C}, {id: D}]\n"
            + "".join(
                f"{x}: &{x} [{{children: *{y}}}, {{children: *{y}}}]\n"
                for x, y in zip("bcdefghijklmnopq", "abcdefghijklmnop", strict=True)
            )
            + "nodes: *q",
            "more than 100000 nodes",
        ),
    ],
)
def test_aliases_cannot_make_a_small_file_endless(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "strategy.yml"
    path.write_text("id: x\nversion: 1\nname: {fr: x}\n" + text, "utf-8")
    assert words in refused(path)


def test_a_circle_of_parents_is_refused(tmp_path: Path) -> None:
    nodes = [{"id": "A", "parent": "B", "name": {"fr": "x"}}, {"id": "B", "parent": "A", "name": {"fr": "x"}}]
    assert "A > B > A" in refused(written(tmp_path, small(nodes=nodes)))


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    message = refused(written(tmp_path, small(costs=[COST | {"year": 1}] * 30)))
    assert "30 to mend" in message
    assert "and 10 more" in message


def test_problems_of_a_workbook_name_sheet_and_row(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "s.xlsx",
        {
            "Stratégie": [["Identifiant", "plan"], ["Version", "1"], ["Nom (français)", "Plan"], ["Couleur", "bleu"]],
            "Arbre": [["Identifiant", "Nom (français)", "Nom (français)"], ["A", "Axe"]],
            "Coûts": [["Élément", "Année", "Prix"], [], ["A", 1]],
            "Divers": [["x"]],
        },
    )
    message = refused(path)
    for words in (
        "sheet Stratégie, row 4: unknown field 'Couleur'",
        "sheet Arbre, row 1: column 'Nom (français)' is there twice",
        "sheet Coûts, row 1: unknown column 'Prix'",
        "sheet Coûts, row 3, Year: found 1",
        "sheet Divers: unknown sheet",
    ):
        assert words in message


def test_an_id_that_a_spreadsheet_changed_is_explained(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "s.xlsx",
        {
            "Strategy": [["Id", "plan"], ["Version", "1"], ["name_en", "Plan"]],
            "Nodes": [["Id", "name_en"], [1.1, "one"], [1.10, "ten"]],
        },
    )
    assert "a spreadsheet turns 1.10 into 1.1" in refused(path)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("s.yml", b"a: [", "not YAML"),
        ("s.yml", b"\xff\xfe", "not YAML in UTF-8"),
        ("s.yml", b"- a", "expected a mapping"),
        ("s.xlsx", b"not a zip", "not a readable .xlsx"),
        ("s.csv", b"", "a strategy is a .yml or .xlsx file, found .csv"),
    ],
)
def test_a_file_that_is_no_strategy_is_refused(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert words in refused(tmp_path / name)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "s.yml")


def test_places_of_the_deployment_may_be_given(tmp_path: Path) -> None:
    path = written(tmp_path, small(place="X1", costs=[COST | {"place": "X2"}]))
    assert load_strategy(path, known_places={"X1", "X2"}).place_id == "X1"
    assert "'X2'" in refused(path, known_places={"X1"})


def test_shares_of_a_former_code_that_do_not_sum_to_the_whole_are_told(tmp_path: Path) -> None:
    row = {"version": "0", "code": "Z", "node": "A", "share": 60, "author": "S", "date": "2026-01-01"}
    path = written(tmp_path, small(former=[row, row | {"share": "39,99999"}, row | {"code": "Y", "place": "here"}]))
    told = refused(path)
    assert "former[1], share: found 39.99999; expected four decimals at most" in told
    assert "former[2], place: found 'here'; expected one of node, own, column" in told
    assert "former[0], share: the shares of 'Z' sum to 60 %; expected 100" in told
