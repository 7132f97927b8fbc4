"""The page that explains source.yml says all of it, and its examples work."""

import re
from pathlib import Path

import pytest

from concerted.model.yaml import load_yaml
from concerted.sources.config import _KEYS, config_of, entry_for, load_entries
from concerted.sources.grid.fields import FIELDS
from concerted.sources.sheet.mapping import _KEYS as MAPPING_KEYS
from concerted.sources.sheet.mapping import _OPTIONS, parse_mapping

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "add-a-source.md").read_text("utf-8")
NAMED = set(re.findall(r"`([a-z0-9_]+)`", PAGE)) | {"columns"}
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_every_key_option_and_field_is_explained() -> None:
    # `_ref` and `_type` are explained once for all organisations.
    fields = {re.sub(r"_(ref|type)$", "", field) for field in FIELDS}
    assert set(_KEYS) | set(MAPPING_KEYS) | set(_OPTIONS) | fields <= NAMED


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_a_good_source_yml(tmp_path: Path, example: str) -> None:
    (tmp_path / "source.yml").write_text(example, "utf-8")
    entries = load_entries(tmp_path / "source.yml")
    config = config_of(entries[0], "x.xlsx")
    if "mapping" in load_yaml(example):
        assert entry_for(entries, tmp_path / "projets.xlsx") is entries[0]
        assert parse_mapping(config.mapping).header_rows == 2
    else:
        assert (config.source_id, config.marking.coarse) == ("ocha-mli-3w", "CLEAR")


def test_a_source_yml_of_comments_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "source.yml").write_text("# publisher: ?\n")
    assert load_entries(tmp_path / "source.yml") == []
