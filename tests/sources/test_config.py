"""source.yml: what it may say, and how it says no."""

import dataclasses
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerted.model.errors import ConfigError
from concerted.sources.base import Claim, MarkingRule, SourceConfig
from concerted.sources.config import config_of, default_source_id, entry_for, load_entries

WHOLE = """
id: ocha-mli
kind: hxl-3w
publisher: OCHA Mali
licence: CC-BY-4.0
language: fr
as_of: 2022-03-31
claims: [{places: [ML], from: 2022-01-01, to: 2022-12-31, kinds: [presence]}]
marking: {precise: "AMBER:pve", coarse: GREEN, coarse_place_level: 0, hide_partner: true}
expected: {min: 10, max: 100000}
supply: false
demonstration: true
notes: anything
"""


def load(tmp_path: Path, text: str) -> SourceConfig:
    path = tmp_path / "source.yml"
    path.write_text(text, "utf-8")
    return config_of(entry_for(load_entries(path), tmp_path / "a.csv"), "a.csv")


def test_every_key_is_read(tmp_path: Path) -> None:
    assert load(tmp_path, WHOLE) == SourceConfig(
        source_id="ocha-mli",
        kind="hxl-3w",
        publisher="OCHA Mali",
        licence="CC-BY-4.0",
        lang="fr",
        as_of=date(2022, 3, 31),
        claims=(Claim(("ML",), date(2022, 1, 1), date(2022, 12, 31), ("presence",)),),
        marking=MarkingRule("AMBER:pve", "GREEN", 0, is_partner_hidden=True),
        expected_min=10,
        expected_max=100000,
        is_supply=False,
        is_demonstration=True,
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("publisher: [", "YAML"),
        ("text", "found str"),
        ("- a", "expected keys"),
        ("publicher: x", "publicher"),
        ("language: no", "in quotes"),
        ("language: French", "fr, en or ar"),
        ("as_of: soon", "as_of"),
        ("marking: AMBER", "AMBER:group"),
        ("marking: {precise: SECRET}", "SECRET"),
        ('marking: {precise: "AMBER:"}', "AMBER:group"),
        ("marking: {coarse_place_level: 7}", "coarse_place_level"),
        ("claims: [{from: 2022-01-01}]", "at least one place"),
        ("claims: [{places: ML, from: 2023-01-01, to: 2022-01-01}]", "is after"),
        ("expected: {min: -1}", "expected.min"),
        ("supply: perhaps", "true or false"),
        ("demonstration: 1", "true or false"),
        ("sources: [{files: a}]\npublisher: x", "no other key"),
        ("sources: [{id: 3}]", r"sources\[0\].id"),
    ],
)
def test_a_bad_value_names_file_key_found_and_expected(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as error:
        load(tmp_path, text)
    assert "source.yml" in str(error.value)


@pytest.mark.parametrize(
    ("name", "source_id"),
    [
        ("a/b.csv.gz", "a/b"),
        ("x.y.xlsx", "x.y"),
        ("a.zip!b.xml", "a.zip!b"),
        ("noending", "noending"),
        (".csv", ".csv"),
    ],
)
def test_the_default_id_is_the_name_without_endings(name: str, source_id: str) -> None:
    assert default_source_id(name) == source_id


CHANGES: dict[str, Any] = {
    "source_id": "b",
    "kind": "sheet",
    "publisher": "p",
    "licence": "l",
    "lang": "fr",
    "as_of": date(2020, 1, 1),
    "mapping": {"columns": {"A": "title"}},
    "claims": (Claim(("ML",)),),
    "marking": MarkingRule("GREEN"),
    "expected_min": 1,
    "expected_max": 2,
    "is_supply": False,
    "is_demonstration": True,
}


def test_every_field_changes_the_fingerprint() -> None:
    plain = SourceConfig("a")
    assert CHANGES.keys() == {f.name for f in dataclasses.fields(SourceConfig)}
    changed = {dataclasses.replace(plain, **{k: v}).fingerprint for k, v in CHANGES.items()}
    assert len(changed | {plain.fingerprint}) == len(CHANGES) + 1


@given(st.permutations(["A", "B", "C", "D"]))
def test_the_order_of_keys_does_not_change_the_fingerprint(order: list[str]) -> None:
    mapping = {"columns": dict.fromkeys(order, "title")}
    sorted_mapping = {"columns": dict.fromkeys(sorted(order), "title")}
    both = (SourceConfig("a", mapping=m) for m in (mapping, sorted_mapping))
    assert len({config.fingerprint for config in both}) == 1


@pytest.mark.parametrize("text", ["sources:\n- {files: a.csv, id: x}", "- {files: a.csv, id: x}"])
def test_entries_may_be_a_list_with_or_without_a_name(tmp_path: Path, text: str) -> None:
    assert load(tmp_path, text).source_id == "x"


def test_a_header_that_yaml_reads_as_a_date_has_a_fingerprint() -> None:
    dated = SourceConfig("a", mapping={"translate": {date(2022, 3, 1): "x", 4: "y"}})
    assert dated.fingerprint == dataclasses.replace(dated).fingerprint
    assert dated.fingerprint != SourceConfig("a").fingerprint
