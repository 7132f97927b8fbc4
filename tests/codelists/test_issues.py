"""The catalogue of issues: three languages, the same values in each, and every code that readers use."""

import re
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest

import concerted.sources
from concerted.codelists.issues import GAINS, gain_of_code
from concerted.codelists.lists import codes
from concerted.model.yaml import load_yaml

CATALOGUE = load_yaml(files("concerted.codelists").joinpath("issues.yml").read_text("utf-8"))
LANGUAGES = {"fr", "en", "ar"}
#: Readers of sheets name their codes in calls of `note`, `read` and `_issue`.
FOLDERS = ("grid", "geojson", "hxl", "sheet", "events", "boundaries", "population")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_issue_says_the_same_in_three_languages(code: str) -> None:
    entry = CATALOGUE[code]
    assert entry["severity"] in {"error", "warning", "info"}
    for part in ("message", "action"):
        assert entry[part].keys() == LANGUAGES
        assert len({frozenset(placeholders(text)) for text in entry[part].values()}) == 1


def test_every_code_of_the_readers_is_in_the_catalogue() -> None:
    root = Path(concerted.sources.__file__).parent
    used: set[str] = set()
    for path in [root / "open.py", *(p for folder in FOLDERS for p in (root / folder).glob("*.py"))]:
        text = path.read_text("utf-8")
        used |= set(re.findall(r'"(?:error|warning|info)",\s*"([a-z_]+)"', text))
        used |= set(re.findall(r'"([a-z]+_(?:wrong|unknown))"\)', text))
    assert len(used) > 25
    assert used <= CATALOGUE.keys()


def test_what_mending_brings_is_one_of_the_gains_and_has_words() -> None:
    assert set(gain_of_code().values()) == set(GAINS) == codes("gain")
    assert {entry.get("brings") for entry in CATALOGUE.values()} - {None} == set(GAINS)
