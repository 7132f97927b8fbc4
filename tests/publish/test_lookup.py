"""Names that people type, and the ids they stand for."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from concerted.marking import KEEPER, PUBLIC
from concerted.model.errors import ConfigError
from concerted.model.ids import id_text
from concerted.publish import lookup
from concerted.store.edition import find_edition
from concerted.store.query import open_edition


@pytest.fixture(scope="module")
def connection(small_data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_edition(find_edition(small_data)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("ML05", "ML05"),
        ("ml05", "ML05"),
        ("Mali", "ML"),
        ("مالي", "ML"),
        ("burkina faso", "BF"),
        ("unknown", "UNKNOWN"),
    ],
)
def test_a_place_is_found_by_code_and_by_name(connection: duckdb.DuckDBPyConnection, words: str, place: str) -> None:
    assert lookup.find_place(PUBLIC, connection, words) == place


@pytest.mark.parametrize(
    ("words", "said"),
    [("Mopti", "ML05 Mopti (region, Mali)"), ("Tombouctu", "did you mean ML06 Tombouctou"), ("qqqq", "there are")],
)
def test_a_place_that_is_shared_or_unknown_names_those_that_are_near(
    connection: duckdb.DuckDBPyConnection, words: str, said: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        lookup.find_place(PUBLIC, connection, words)
    assert said in str(caught.value)


def test_a_node_is_found_in_any_case_and_by_each_of_its_names(connection: duckdb.DuckDBPyConnection) -> None:
    framework = lookup.find_framework(connection, "DEMO-strategy")
    row = connection.execute(
        "SELECT node_id, name_fr, name_en FROM core_node WHERE framework_id = ? AND depth = 0 LIMIT 1", [framework]
    ).fetchone()
    assert row is not None
    for words in (row[0].lower(), row[1].upper(), row[2]):
        assert lookup.find_node(connection, framework, words) == row[0]
    assert lookup.find_node(connection, framework, "unclassified") == "UNCLASSIFIED"
    with pytest.raises(ConfigError, match="did you mean"):
        lookup.find_node(connection, framework, row[0] + "x")


def test_a_kind_of_money_is_found_in_three_languages() -> None:
    assert {lookup.find_kind(w) for w in ("commitment", "Engagement", "التزام")} == {"commitment"}
    with pytest.raises(ConfigError, match="did you mean commitment"):
        lookup.find_kind("comitment")


def test_a_partner_and_an_activity_that_are_hidden_have_no_name(connection: duckdb.DuckDBPyConnection) -> None:
    shown = "SELECT min(org_id), name FROM core_organisation GROUP BY name HAVING "
    hidden = connection.execute(
        "SELECT activity_id, identifier FROM core_activity WHERE marking_key <> 'CLEAR' AND identifier IS NOT NULL"
        " ORDER BY ALL LIMIT 1"
    ).fetchone()
    assert hidden is not None
    assert lookup.find_activity(KEEPER, connection, hidden[1]) == hidden[0]
    with pytest.raises(ConfigError) as caught:
        lookup.find_activity(PUBLIC, connection, hidden[1])
    assert "no activity" in str(caught.value)
    org, name = connection.execute(shown + "bool_and(marking_key = 'CLEAR') ORDER BY ALL LIMIT 1").fetchall()[0]
    assert lookup.find_partner(PUBLIC, connection, name.upper()) == org
    assert lookup.find_partner(PUBLIC, connection, id_text(org)) == org
    secret = connection.execute(shown + "bool_and(marking_key <> 'CLEAR') ORDER BY ALL LIMIT 1").fetchone()
    if secret is not None:
        with pytest.raises(ConfigError, match="no partner"):
            lookup.find_partner(PUBLIC, connection, secret[1])
