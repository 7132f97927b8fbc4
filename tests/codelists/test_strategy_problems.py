"""What is wrong with a strategy file is told in the reader's language, from codes and values."""

import re
from pathlib import Path
from string import Formatter

import pytest

import concerted.codelists
from concerted.codelists.frameworks import LANGS
from concerted.codelists.strategy import load_strategy
from concerted.codelists.strategy_problems import Problem, StrategyError, Where, kind_of
from concerted.model.yaml import load_yaml

from .strategy_files import small, workbook, written

FOLDER = Path(concerted.codelists.__file__).parent
WORDS = load_yaml((FOLDER / "strategy_problems.yml").read_text("utf-8"))
SENTENCES = {code: said for code, said in WORDS.items() if code not in ("place", "kinds", "whole")}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_code_that_is_used_has_a_sentence_and_every_sentence_is_used() -> None:
    code = "".join(path.read_text("utf-8") for path in FOLDER.glob("strategy_*.py"))
    code += (FOLDER / "strategy.py").read_text("utf-8")
    code += (FOLDER.parent / "web/strategy/texts.py").read_text("utf-8")
    used = set(re.findall(r'"([a-z_]+)"', code))
    assert SENTENCES.keys() - used == set()
    named = re.findall(r'(?:Problem\(|\.problem\(\s*|_whole\(\w+(?:\.\w+)?, )"([a-z_]+)"', code)
    assert set(named) - SENTENCES.keys() == set()
    assert len(named) > 30


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_says_the_same_values_in_each_language(code: str) -> None:
    said = SENTENCES[code]
    assert list(said) == ["en", "fr", "ar"]
    assert placeholders(said["fr"]) == placeholders(said["ar"]) == placeholders(said["en"])
    assert len(set(said.values())) == 3
    assert re.search("[\u0600-\u06ff]", said["ar"])


def problems_of(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(StrategyError) as error:
        load_strategy(path)
    return error.value.problems


def test_a_workbook_is_told_of_by_sheet_row_and_header_in_three_languages(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "s.xlsx",
        {
            "Stratégie": [["Identifiant", "plan"], ["Version", "1"], ["Nom (français)", "Plan"], ["Statut", "x"]],
            "Arbre": [["Identifiant", "Parent", "Nom (français)"], ["A", "Z", "Axe"]],
        },
    )
    parent, status = problems_of(path)
    assert (parent.code, parent.where) == ("no_parent", Where(sheet="Arbre", row=2))
    assert parent.text("en") == (
        "sheet Arbre, row 2, Parent: found 'Z', which is no node here; expected the id of a node, or nothing"
    )
    assert parent.text("fr") == (
        "feuille Arbre, ligne 2, Parent : trouvé : « Z », qui n'est pas un élément d'ici ; attendu : l'identifiant d'un"
        " élément, ou rien"
    )
    assert parent.text("ar").startswith("الورقة Arbre، السطر 2، ")
    assert "draft (" in status.text("fr")
    assert status.text("fr").startswith("feuille Stratégie, Statut : ")


def test_a_yaml_file_is_told_of_by_its_own_words(tmp_path: Path) -> None:
    (problem,) = problems_of(written(tmp_path, small(nodes="A")))[:1]
    assert problem.text("fr").startswith("nodes : attendu : une liste")
    assert "le texte 'A'" in problem.text("fr")
    assert kind_of([1]).said("fr") == "une liste"


def test_no_problem_of_a_spoilt_file_is_told_in_english_to_others(tmp_path: Path) -> None:
    cost = {"node": "Z", "year": 1, "low": 5, "high": "x", "currency": "CFA", "place": "ML99"}
    file = small(id=None, status="adopted", rule="x", costs=[cost] * 30, nodes=[{"id": "A", "colour": 1}])
    found = problems_of(written(tmp_path, file))
    for lang in LANGS:
        lines = StrategyError(Path("s.yml"), found).lines(lang)
        assert len(lines) == 21
        if lang != "en":
            assert not [line for line in lines if re.search(r"\b(expected|found|empty|more)\b", line)]


def test_a_circle_and_a_file_of_another_kind_are_told_as_a_whole(tmp_path: Path) -> None:
    nodes = [{"id": i, "parent": p, "name": {"fr": "x"}} for i, p in ("AB", "BA")]
    (circle,) = problems_of(written(tmp_path, small(nodes=nodes)))
    assert circle.text("ar").startswith("العناصر الأصلية تدور في حلقة: A > B > A")
    (other,) = problems_of(Path(__file__))
    assert other.text("fr") == "une stratégie est un fichier .yml ou .xlsx, trouvé : .py"
