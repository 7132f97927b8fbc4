"""What leaves the core is what its reader may see: no restricted record, and nothing that would tell of one."""

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from builds import Small, copy_small
from concerted.marking import KEEPER, PUBLIC, Viewer, may_see
from concerted.model.errors import NotAllowedError
from concerted.model.tables import tables
from concerted.publish.visible import RULES, visible_sql
from concerted.store.edition import find_edition
from concerted.store.query import COUNTS_OF_PEOPLE, open_edition

PARTNER = Viewer(person="p", organisation="XI-DEMO-ORA", groups=frozenset({"groupe-protection"}))


def seen(edition: Path, viewer: Viewer, table: str) -> list[dict[str, Any]]:
    with open_edition(edition) as connection:
        sql, parameters = visible_sql(viewer, connection, table)
        return connection.execute(sql, parameters).to_arrow_table().to_pylist()


@pytest.fixture(scope="module")
def edition(small_data: Path) -> Path:
    return find_edition(small_data)


@pytest.mark.parametrize("table", RULES)
def test_the_public_sees_no_restricted_word(edition: Path, small: Small, table: str) -> None:
    text = repr(seen(edition, PUBLIC, table)).lower()
    assert [word for word in small.canaries() if word.lower() in text] == []


@pytest.mark.parametrize("table", [t for t, rule in RULES.items() if rule.name != "OPEN"])
def test_a_lower_clearance_never_sees_a_row_that_a_higher_one_does_not(edition: Path, table: str) -> None:
    """Of a row that both see, counts of few people may be left out for the public (tests/test_build_few.py)."""
    left_out = {"suppressed", *(COUNTS_OF_PEOPLE[table][2] if table in COUNTS_OF_PEOPLE else ())}
    if table in ("out_people_figure", "out_people_bound"):
        left_out |= {"value", "is_suppressed", "told_least", "told_most", "at_least", "at_most"}

    def rows(viewer: Viewer) -> set[str]:
        found = [row for row in seen(edition, viewer, table) if row.get("view") != "coarse"]
        return {repr({name: value for name, value in row.items() if name not in left_out}) for row in found}

    assert rows(PUBLIC) <= rows(PARTNER) <= rows(KEEPER)


def test_the_keeper_finds_every_restricted_word(edition: Path, small: Small) -> None:
    text = "".join(repr(seen(edition, KEEPER, table)) for table in RULES)
    here = [word for word in small.canaries() if word in text]
    assert len(here) > 5


def test_the_keeper_sees_every_row(edition: Path) -> None:
    with open_edition(edition) as connection:
        for table in RULES:
            sql, parameters = visible_sql(KEEPER, connection, table)
            shown = len(connection.execute(sql, parameters).fetchall())
            rows = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            coarse = 0
            if RULES[table].name == "ROWS":  # he sees the precise view of everything, so no coarse one
                coarse = connection.execute(f"SELECT count(*) FROM {table} WHERE view = 'coarse'").fetchone()[0]
            assert (table, shown) == (table, rows[0] - coarse)


def test_a_table_without_a_rule_is_given_to_nobody(edition: Path) -> None:
    for table in ("core_event", "core_organisation_name", "no_such_table", "duckdb_settings()"):
        with pytest.raises(NotAllowedError, match="is not given out"):
            seen(edition, KEEPER, table)


def test_every_table_with_a_rule_exists_and_has_the_columns_of_its_rule() -> None:
    specs = {spec.full_name: {c.name for c in spec.columns} for spec in tables().values()}
    needed = {
        "ROWS": {"view", "marking_key", "precise_marking_key"},
        "PAIRS": {"marking_key", "other_marking_key"},
        "STATEMENTS": {"marking_key"},
        "OWN": {"marking_key"},
        "CHILDREN": {"record_id"},
        "ASKS": {"record_id"},
        "OPEN": set(),
    }
    for table, rule in RULES.items():
        assert needed[rule.name] <= specs[table], table


def test_no_open_table_carries_a_marking() -> None:
    specs = {spec.full_name: {c.name for c in spec.columns} for spec in tables().values()}
    marked = {name for name, columns in specs.items() if columns & {"marking_key", "record_id", "source_id"}}
    opened = {name for name, rule in RULES.items() if rule.name == "OPEN"}
    assert opened & marked <= {"core_place", "core_population"}  # reference lists name where they come from


def test_a_source_that_the_public_does_not_know_is_not_named_to_it(edition: Path) -> None:
    with open_edition(edition) as connection:
        keys = connection.execute("SELECT source_id, marking_key FROM core_activity").fetchall()
    sources = {source for source, _ in keys}
    shown = {source for source, key in keys if may_see(PUBLIC, key)}
    assert sources - shown, "every source is public: the test tests nothing"
    for table in RULES:
        named = {row["source_id"] for row in seen(edition, PUBLIC, table) if "source_id" in row}
        assert not named & (sources - shown), table


def test_a_record_of_two_views_is_shown_in_one(edition: Path) -> None:
    for viewer in (PUBLIC, PARTNER, KEEPER):
        views: dict[int, set[str]] = {}
        for row in seen(edition, viewer, "out_allocation"):
            views.setdefault(row["record_id"], set()).add(row["view"])
        assert all(len(found) == 1 for found in views.values())
    coarse = [row for row in seen(edition, PUBLIC, "out_allocation") if row["view"] == "coarse"]
    assert coarse, "no coarse view in the small set: the test tests nothing"
    assert {row["org_id"] for row in coarse} == {None}


def test_findings_about_a_file_are_hidden_with_its_records(edition: Path) -> None:
    public = seen(edition, PUBLIC, "out_issue")
    assert public
    assert not [row for row in public if (row["input_path"] or "").startswith("acces-restreint")]
    assert len(seen(edition, KEEPER, "out_issue")) >= len(public)


@pytest.mark.slow
def test_what_is_restricted_changes_nothing_of_what_the_public_sees(
    small: Small, edition: Path, tmp_path: Path
) -> None:
    """Non-interference: the edition without the restricted files that offer no coarse view looks the same."""
    open_only = copy_small(small, tmp_path / "set")
    for name in ("presence-partenaires.csv", "projets-sensibles.xlsx"):
        (open_only.root / "sources" / "acces-restreint" / name).unlink()
    without = open_only.build(tmp_path / "data").folder
    for table in RULES:
        rows = [
            sorted(json.dumps(r, default=str, sort_keys=True) for r in seen(e, PUBLIC, table))
            for e in (edition, without)
        ]
        assert rows[0] == rows[1], table


def test_a_link_to_a_hidden_activity_looks_like_one_to_an_absent_one() -> None:
    with duckdb.connect() as connection:
        for spec in tables().values():
            connection.register("empty", spec.schema().empty_table())
            connection.execute(f"CREATE TABLE {spec.full_name} AS SELECT * FROM empty")
        activities = [(1, 1, "CLEAR", None), (2, 2, "RED:a", None), (3, 3, "RED:a", "CLEAR"), (4, 4, "CLEAR", None)]
        connection.executemany(
            "INSERT INTO core_activity BY NAME SELECT * FROM (VALUES ($1::BIGINT, $2::BIGINT, $3, $4)) AS"
            " v(record_id, activity_id, marking_key, coarse_marking_key)",
            activities,
        )
        links = [(kind, other) for kind in ("related", "other_identifier") for other in (2, 3, 4)]
        connection.executemany(
            "INSERT INTO core_activity_link BY NAME SELECT 1 AS record_id, $1 AS kind, 'X' AS ref,"
            " $2::BIGINT AS other_activity_id, true AS is_cross_publisher",
            [*links, ("related", None)],
        )
        connection.execute(
            "INSERT INTO core_transaction BY NAME SELECT 1 AS record_id, 2 AS provider_activity_id,"
            " 4 AS receiver_activity_id"
        )

        def rows(viewer: Viewer, table: str, *columns: str) -> list[tuple[Any, ...]]:
            sql, parameters = visible_sql(viewer, connection, table)
            return connection.execute(f"SELECT {', '.join(columns)} FROM ({sql}) ORDER BY ALL", parameters).fetchall()

        shown = ("kind", "other_activity_id", "is_cross_publisher")
        assert rows(PUBLIC, "core_activity_link", *shown) == [
            ("other_identifier", 4, True),
            ("related", 4, True),
            *[("related", None, None)] * 3,
        ]
        assert len(rows(KEEPER, "core_activity_link", *shown)) == 7
        ends = ("provider_activity_id", "receiver_activity_id")
        assert rows(PUBLIC, "core_transaction", *ends) == [(None, 4)]
        assert rows(KEEPER, "core_transaction", *ends) == [(2, 4)]


def test_counts_of_people_are_read_through_the_one_function_that_leaves_out_those_of_few() -> None:
    """Laws and the look for secrets read tables as they are, on purpose; steps make them."""
    import concerted

    root = Path(concerted.__file__).parent
    counts = "|".join((*COUNTS_OF_PEOPLE, "out_people_figure", "out_people_bound"))
    raw = re.compile(rf"\b(?:FROM|JOIN)\s+(?:{counts})\b")
    told = {
        str(path.relative_to(root)): raw.findall(path.read_text("utf-8"))
        for folder in ("publish", "web", "matching", "cli", "alerts", "home")
        for path in (root / folder).rglob("*.py")
    }
    aside = {"publish/laws.py", "publish/people_laws.py", "publish/precedence_laws.py"}
    #: It asks which of an organisation's own activities count people at all, and tells no value.
    aside |= {"publish/precedence.py"}
    #: It joins the title of an indicator by the period's place in it, and tells no value of either.
    aside |= {"publish/people.py"}
    assert {name: found for name, found in told.items() if found and name not in aside} == {}
    assert told["publish/people_laws.py"]
