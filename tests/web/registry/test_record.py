"""The page of an activity asks the tables that say something of it, and tells what asking all of them would."""

import pytest

from concerted.marking import KEEPER, PUBLIC
from concerted.web.edition.opened import Edition, open_edition
from concerted.web.edition.owners import owners_among, restricted_owners
from concerted.web.edition.scope import Scope
from concerted.web.registry import record as module
from concerted.web.registry.record import read_activity
from web.edition import write_edition


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return open_edition(write_edition(tmp_path_factory.mktemp("record")))


def test_rows_are_those_of_each_table_asked_by_itself(edition: Edition) -> None:
    scope = Scope(PUBLIC, edition)
    seen = scope.rows(
        f"SELECT activity_id, list(record_id) FROM core_activity WHERE {scope.filter.sql_precise()} GROUP BY 1"
    )
    assert len(seen) > 10
    found = set()
    for activity, ids in seen:
        record = read_activity(scope, activity, next(iter(edition.frameworks)), "USD", "fr")
        for table, order in module._CHILDREN.items():
            alone = scope.dicts(
                f"""SELECT * FROM {module._source(scope, f"core_{table}")} WHERE record_id IN (
                    SELECT record_id FROM core_activity WHERE activity_id = $activity AND {scope.filter.sql_precise()})
                ORDER BY {order} LIMIT {module.MOST + 1}""",
                {"activity": activity},
            )
            for row in [*alone, *record.children[table]]:
                row.pop("evidence", None)  # read as JSON already
            assert record.children[table] == alone, table
            found |= {table} if alone else set()
        assert {s["record_id"] for s in record.statements} == set(ids)
    assert len(found) > 8


def test_the_tables_of_a_statement_are_those_with_a_row_of_it(edition: Edition) -> None:
    records = [each for (each,) in edition.rows("SELECT record_id FROM core_activity")]
    for table in ("core_narrative", "core_transaction", "core_location", "out_issue"):
        there = {each for (each,) in edition.rows(f"SELECT DISTINCT record_id FROM {table}")}
        assert {each for each in records if table in edition.told_in.tables([each])} == there & set(records)
    assert edition.told_in.tables([-1]) == frozenset()
    assert edition.told_in.tables([]) == frozenset()


def test_whose_restricted_records_a_page_holds_is_told_alike_by_its_statements(edition: Edition) -> None:
    scope, whole = Scope(KEEPER, edition), set()
    for (activity,) in edition.rows("SELECT DISTINCT activity_id FROM core_activity"):
        record = read_activity(scope, activity, next(iter(edition.frameworks)), "USD", "fr")
        assert owners_among(scope, record.statements) == restricted_owners(scope, [activity])
        whole |= set(owners_among(scope, record.statements))
        assert owners_among(Scope(PUBLIC, edition), record.statements) == ()
    assert whole
