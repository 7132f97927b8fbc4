"""Texts stand in SQL as they are, whatever they hold."""

import subprocess
import sys

import duckdb
import pytest

from concerted.store.duck import with_literals


@pytest.mark.parametrize("text", ["plain", "it's", "'; DROP TABLE t; --", "\\", "\\'", "$b", "a\nb", "é"])
def test_a_parameter_put_in_as_a_literal_is_the_text_it_was(text: str) -> None:
    query = with_literals("SELECT $a, $a10, '-'", {"a": text, "a10": "other"})
    assert duckdb.connect().execute(query).fetchall() == [(text, "other", "-")]


def test_a_parameter_that_is_not_given_is_an_error() -> None:
    with pytest.raises(KeyError):
        with_literals("SELECT $a", {})


def test_the_public_id_is_made_without_loading_pandas(small_data: object) -> None:
    code = (
        "import sys; from pathlib import Path; from concerted.publish.shown import public_id;"
        "from concerted.store.edition import find_edition, read_manifest; folder = find_edition(Path(sys.argv[1]));"
        "manifest = read_manifest(folder); told = manifest.pop('public_id');"
        "assert public_id(folder, manifest) == told; assert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, str(small_data)], check=True)
