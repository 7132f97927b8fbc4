"""Does anything restricted stand in what the public gets? Asked of the very queries that give rows to the public.

Place on the way: behind `integrity`. Enters: an edition. Leaves: rows of restricted statements and words of theirs that
the public would see. A second look that does not use the filter it examines for the question itself.
"""

from collections.abc import Iterator

import duckdb

from concerted.marking import PUBLIC, may_see
from concerted.model.ids import id_text
from concerted.model.tables import tables
from concerted.publish.visible import RULES, Rule, marking_keys, visible_sql

#: Shorter words occur in open texts by chance.
_LONG_ENOUGH = 8
#: Needs and offers as statements: whose word they are and who may see it.
_ASKED = """(SELECT record_id, identifier, title, input_path, line, marking_key FROM core_need
             UNION ALL SELECT record_id, identifier, title, input_path, line, marking_key FROM core_offer)"""
_TABLES = {spec.full_name: spec for spec in tables().values()}

Question = tuple[str, str, dict[str, str]]


def public_rows_of_restricted(connection: duckdb.DuckDBPyConnection) -> Iterator[Question]:
    """Table by table that holds rows of statements: a query for what the public sees of those it may not see."""
    open_keys = [key for key in sorted(marking_keys(connection)) if may_see(PUBLIC, key)]
    known = ", ".join(f"'{key}'" for key in open_keys) or "''"
    for table, spec in _TABLES.items():
        rule = RULES.get(table)
        if rule in (None, Rule.OPEN) or "record_id" not in {c.name for c in spec.columns}:
            continue
        sql, given = visible_sql(PUBLIC, connection, table)
        shown = "coarse_marking_key" if rule is Rule.ROWS else "marking_key"
        is_open = f"s.marking_key IN ({known})"
        if rule is Rule.ROWS:
            is_open = f"CASE v.view WHEN 'precise' THEN {is_open} ELSE coalesce(s.{shown}, '') IN ({known}) END"
        owner = _ASKED if table in ("core_need", "core_offer") or rule is Rule.ASKS else "core_activity"
        query = f"""
            SELECT v.record_id, s.identifier, s.input_path, s.line, s.marking_key
            FROM ({sql}) AS v JOIN {owner} AS s USING (record_id) WHERE NOT coalesce({is_open}, false)"""
        yield table, query, given


def few_in_public(connection: duckdb.DuckDBPyConnection, few: int) -> Question:
    """A query for counts from 1 to below `few` in what the public gets, of sheets, of needs and of figures."""
    asked, given = [], dict[str, str]()
    for table, column in (("core_people", "value"), ("core_term", "people"), ("out_people_figure", "value")):
        sql, parameters = visible_sql(PUBLIC, connection, table)
        asked.append(f"SELECT '{table}' AS told_in, record_id, seq, {column} AS people FROM ({sql})")
        given |= parameters
    return "out_people_figure", f"FROM ({' UNION ALL '.join(asked)}) WHERE people BETWEEN 1 AND {few - 1}", given


def restricted_words_in_public(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Identifiers and titles of restricted statements, not used by open ones, in any text that the public gets."""
    open_keys = [key for key in marking_keys(connection) if may_see(PUBLIC, key)]
    hidden = connection.execute(
        f"""
        SELECT word, min(record_id) FROM (
            SELECT unnest([identifier, title]) AS word, record_id, list_contains($keys, marking_key) AS is_open
            FROM core_activity
            UNION ALL
            SELECT unnest([identifier, title]), record_id, list_contains($keys, marking_key) FROM {_ASKED})
        WHERE length(word) >= {_LONG_ENOUGH} GROUP BY word HAVING NOT bool_or(is_open) ORDER BY word""",
        {"keys": open_keys},
    ).fetchall()
    if not hidden:
        return
    for table, spec in sorted(_TABLES.items()):
        if RULES.get(table) in (None, Rule.OPEN):
            continue
        texts = ", ".join(f'"{c.name}"' for c in spec.columns if c.type == "string")
        sql, given = visible_sql(PUBLIC, connection, table)
        found = connection.execute(
            f"""
            SELECT DISTINCT h.record
            FROM (SELECT DISTINCT unnest([{texts}]) AS text FROM ({sql})) AS said,
                 (SELECT unnest($words) AS word, unnest($records) AS record) AS h
            WHERE length(said.text) >= {_LONG_ENOUGH} AND contains(said.text, h.word) ORDER BY 1""",
            given | {"words": [word for word, _ in hidden], "records": [record for _, record in hidden]},
        ).fetchall()
        for (record,) in found:
            yield f"{table} holds the identifier or title of record {id_text(record)}"
