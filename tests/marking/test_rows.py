import duckdb
import ibis
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.marking import PUBLIC, RowFilter, Viewer, row_filter, visible_view

KEYS = ["CLEAR", "GREEN", "AMBER:justice", "AMBER+STRICT:org-1", "RED:amina", "RED:", "nonsense", "o'hara"]
RECORDS = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS) | st.none()), max_size=12)
VIEWERS = st.sampled_from(
    [
        PUBLIC,
        Viewer("ibrahim", "org-2"),
        Viewer("amina", "org-1", frozenset({"justice"})),
        Viewer("someone", "org-3", frozenset({"justice"})),
    ]
)
SCHEMA = pa.schema([(name, pa.string()) for name in ("record", "view", "marking_key", "precise_marking_key")])


def _rows(records: list[tuple[str, str | None]]) -> list[dict[str, str | None]]:
    rows: list[dict[str, str | None]] = []
    for number, (precise, coarse) in enumerate(records):
        rows.append({"record": str(number), "view": "precise", "marking_key": precise, "precise_marking_key": None})
        if coarse is not None:
            rows.append(
                {"record": str(number), "view": "coarse", "marking_key": coarse, "precise_marking_key": precise}
            )
    return rows


@given(VIEWERS, RECORDS)
@settings(max_examples=25, deadline=None)
def test_predicate_sql_and_ibis_keep_the_same_rows_and_one_view_per_record(
    viewer: Viewer, records: list[tuple[str, str | None]]
) -> None:
    rows = _rows(records)
    rule = row_filter(viewer, KEYS)
    kept = [r for r in rows if rule.keeps(r["view"] or "", r["marking_key"], r["precise_marking_key"])]
    arrow_rows = pa.Table.from_pylist(rows, schema=SCHEMA)
    by_sql = (
        duckdb.connect().execute(f"SELECT record, view FROM arrow_rows WHERE {rule.sql()}", rule.parameters).fetchall()
    )
    memory = ibis.memtable(arrow_rows)
    by_ibis = ibis.duckdb.connect().execute(memory.filter(rule.ibis(memory))[["record", "view"]])
    expected = [(r["record"], r["view"]) for r in kept]
    assert sorted(by_sql) == sorted(expected)
    assert sorted(by_ibis.itertuples(index=False, name=None)) == sorted(expected)
    assert len({record for record, _ in expected}) == len(expected)
    assert dict(expected) == {
        str(i): view for i, (precise, coarse) in enumerate(records) if (view := visible_view(viewer, precise, coarse))
    }


def test_nothing_permitted_shows_nothing_and_binds_nothing() -> None:
    rule = RowFilter(frozenset())
    assert rule.sql() == rule.sql_precise() == "false"
    assert rule.parameters == {}


def test_a_view_of_another_name_is_not_shown() -> None:
    assert not RowFilter(frozenset({"CLEAR"})).keeps("exact", "CLEAR")


def test_the_rule_speaks_of_the_table_that_is_named() -> None:
    arrow_rows = pa.Table.from_pylist(_rows([("CLEAR", None), ("GREEN", "CLEAR")]), schema=SCHEMA)
    rule = RowFilter(frozenset({"CLEAR"}))
    other = "(SELECT 'x' AS view, 'x' AS marking_key, 'x' AS precise_marking_key) AS other"
    asked = duckdb.connect()
    assert arrow_rows.num_rows == 3
    for where, found in ((rule.sql("mine"), 2), (rule.sql_precise("mine"), 2), (rule.sql_precise("mine", "view"), 0)):
        sql = f"SELECT count(*) FROM arrow_rows AS mine, {other} WHERE {where}"
        assert asked.execute(sql, rule.parameters).fetchall() == [(found,)]
