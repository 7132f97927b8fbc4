"""Which rows of which table a viewer gets: the policy applied in the query, for every table that leaves the core.

A table that is not listed here is not given out at all: forgetting to decide means no.
"""

from difflib import get_close_matches
from enum import Enum

import duckdb

from concerted.marking import RowFilter, Viewer, row_filter
from concerted.model.errors import NotAllowedError
from concerted.store.query import COUNTS_OF_PEOPLE, SUPPRESSED


class Rule(Enum):
    """How a table's rows are filtered."""

    OPEN = "reference data, the same for everybody"
    ROWS = "view, marking_key and precise_marking_key on each row"
    PAIRS = "marking_key and other_marking_key on each row: both must be permitted"
    STATEMENTS = "marking_key of the statement"
    CHILDREN = "marking_key of the statement that record_id names"
    OWN = "marking_key alone"
    ASKS = "marking_key of the need or offer that record_id names"


#: Not here, on purpose: `out_unshown_part` (what hidden records hold, for the next build alone),
#: `out_suppressed` (which counts of people the public is not told: `counts_sql` leaves them out, and says where),
#: `core_organisation_name` (names as files list them, without a marking; `core_organisation`
#: tells those that the viewer may know) and `core_event` (context for drawing, not ours to pass on).
RULES = {
    "core_framework": Rule.OPEN,
    "core_node": Rule.OPEN,
    "core_node_indicator": Rule.OPEN,
    "core_organisation": Rule.OWN,
    "core_money_link": Rule.OWN,
    "core_money_link_end": Rule.OWN,
    "core_money_level": Rule.OWN,
    "core_organisation_match": Rule.OWN,
    "core_activity_relation": Rule.OWN,
    "core_place": Rule.OPEN,
    "core_population": Rule.OPEN,
    "out_target": Rule.OPEN,
    "out_informed": Rule.OWN,
    "out_allocation": Rule.ROWS,
    "out_cell": Rule.ROWS,
    "out_cliff": Rule.ROWS,
    "out_concentration": Rule.PAIRS,
    "out_freshness": Rule.OWN,
    "out_quality": Rule.OWN,
    "out_people_bound": Rule.OWN,
    "out_unshown_total": Rule.OWN,
    "out_issue": Rule.OWN,
    "core_activity": Rule.STATEMENTS,
    "core_need": Rule.OWN,
    "core_offer": Rule.OWN,
    "core_term": Rule.ASKS,
    **dict.fromkeys(
        (
            "core_narrative",
            "core_identifier",
            "core_related_activity",
            "core_participating_org",
            "core_sector",
            "core_recipient",
            "core_location",
            "core_location_code",
            "core_policy_marker",
            "core_tag",
            "core_budget",
            "core_transaction",
            "core_result",
            "core_indicator",
            "core_indicator_period",
            "core_document",
            "core_people",
            "core_attribute",
            "core_activity_link",
            "core_precedence",
            "core_double",
            "core_place_share",
            "core_label",
            "core_node_share",
            "core_text_language",
            "core_pve_marker",
            "out_people_figure",
        ),
        Rule.CHILDREN,
    ),
}


#: Every marking key of an edition; those of sources without statements stand in the tables about sources alone, those
#: of lists of organisations in the table that is made of them.
_KEYS = """
SELECT marking_key FROM core_activity UNION SELECT coarse_marking_key FROM core_activity
UNION SELECT marking_key FROM core_organisation UNION SELECT marking_key FROM out_freshness
UNION SELECT marking_key FROM out_informed UNION SELECT marking_key FROM out_quality
UNION SELECT marking_key FROM out_issue
"""
#: Tables with markings that an edition of an older version has not.
_ASKS = ("core_need", "core_offer")
_LATER = (*_ASKS, "out_unshown_total")

#: Columns that name an activity which another record tells of: null where the viewer may not see one that does, so that
#: hidden and absent look the same. A coarse view is not enough: the link would say which activity it is.
_LINKS = {
    "core_activity_link": ("other_activity_id",),
    "core_transaction": ("provider_activity_id", "receiver_activity_id"),
}


#: Tables of counts that hold what the public is told beside them: (for the public, for who is told them).
_TOLD = {
    "out_people_figure": (
        "CASE WHEN is_suppressed IS FALSE THEN value END AS value",
        "false AS is_suppressed, value AS told_least, value AS told_most",
    ),
    "out_people_bound": (
        "told_least AS at_least, told_most AS at_most",
        "at_least AS told_least, at_most AS told_most, CAST(0 AS BIGINT) AS suppressed",
    ),
}


def counts_sql(allowed: RowFilter, table: str) -> str:
    """A table with counts of people as a viewer may read it, for a FROM: without those that the public is not told.

    Columns are those of the table; one more, `suppressed`, stands behind those of what somebody wrote: the columns
    whose value is left out of the row, null where none is. In an edition without `out_suppressed`, made by an older
    version, nobody has looked for them: the public is told none. It filters no rows.
    """
    if table in _TOLD:
        return f"(SELECT * REPLACE ({_TOLD[table][allowed.is_told_few]}) FROM {table})"
    seq, name, columns = COUNTS_OF_PEOPLE[table]
    if allowed.is_told_few:
        return f"(SELECT *, CAST(NULL AS VARCHAR) AS suppressed FROM {table})"
    by = {"record_id": "record_id"} | {k: v for k, v in (("seq", seq), ("name", name)) if v.isidentifier()}
    flags = ", ".join(f"bool_or(\"column\" = '{column}') AS is_{column}" for column in columns)
    left_out = ", ".join(f"CASE WHEN s.is_{column} THEN NULL ELSE t.{column} END AS {column}" for column in columns)
    told = ", ".join(f"CASE WHEN s.is_{column} THEN '{column}' END" for column in columns)
    return f"""(
        SELECT t.* REPLACE ({left_out}), nullif(concat_ws(',', {told}), '') AS suppressed
        FROM {table} AS t LEFT JOIN (
            SELECT {", ".join(by)}, {flags} FROM {SUPPRESSED} WHERE in_table = '{table}' GROUP BY {", ".join(by)}
        ) AS s ON {" AND ".join(f"s.{mine} = t.{theirs}" for mine, theirs in by.items())})"""


def marking_keys(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Every marking that occurs in an edition, of precise and of coarse views."""
    # No list is given as a parameter: DuckDB would load pandas to look at it, which takes longer than the question.
    there = {name for (name,) in connection.execute("SELECT view_name FROM duckdb_views()").fetchall()}
    asks = "".join(f" UNION SELECT marking_key FROM {name}" for name in _LATER if name in there)
    return frozenset(key for (key,) in connection.execute(_KEYS + asks).fetchall() if key is not None)


def filter_of(viewer: Viewer, connection: duckdb.DuckDBPyConnection) -> RowFilter:
    """The viewer's filter over the markings that occur in this edition."""
    return row_filter(viewer, marking_keys(connection))


def visible_sql(viewer: Viewer, connection: duckdb.DuckDBPyConnection, table: str) -> tuple[str, dict[str, str]]:
    """A query for the rows of `table` that `viewer` may see, and its parameters.

    Raises:
        NotAllowedError: the table is given to nobody, or there is no such table.
    """
    return rows_sql(filter_of(viewer, connection), table)


def rows_sql(allowed: RowFilter, table: str) -> tuple[str, dict[str, str]]:
    """A query for the rows of `table` that a viewer's filter lets through, and its parameters.

    Raises:
        NotAllowedError: the table is given to nobody, or there is no such table.
    """
    rule = RULES.get(table)
    if rule is None:
        near = get_close_matches(table, list(RULES), 3)
        hint = f"did you mean {' or '.join(near)}? " if near else ""
        raise NotAllowedError(f"table {table!r} is not given out; {hint}Tables that are: {', '.join(sorted(RULES))}")
    match rule:
        case Rule.OPEN:
            return f"SELECT * FROM {table}", {}
        case Rule.ROWS:
            where = allowed.sql()
        case Rule.PAIRS:
            where = f"{allowed.sql_precise()} AND {allowed.sql_precise(column='other_marking_key')}"
        case Rule.STATEMENTS | Rule.OWN:
            where = allowed.sql_precise()
        case Rule.CHILDREN:
            where = f"record_id IN (SELECT record_id FROM core_activity WHERE {allowed.sql_precise()})"
            if table == "core_activity_link":  # such a row is there only because the other activity is
                where += f" AND (kind <> 'other_identifier' OR other_activity_id IN {_known(allowed)})"
        case Rule.ASKS:
            asks = " UNION ALL ".join(f"SELECT record_id FROM {t} WHERE {allowed.sql_precise()}" for t in _ASKS)
            where = f"record_id IN ({asks})"
    parameters = allowed.parameters if allowed.permitted and "$mark" in where else {}
    source = counts_sql(allowed, table) if table in COUNTS_OF_PEOPLE or table in _TOLD else table
    return f"SELECT {_columns(table, allowed)} FROM {source} WHERE {where}", parameters


def _known(allowed: RowFilter) -> str:
    """The activities that a statement which the viewer sees in full tells of."""
    return f"(SELECT activity_id FROM core_activity WHERE {allowed.sql_precise()})"


def _columns(table: str, allowed: RowFilter) -> str:
    links = _LINKS.get(table)
    if links is None:
        return "*"
    known = _known(allowed)
    shown = [f"CASE WHEN {name} IN {known} THEN {name} END AS {name}" for name in links]
    if table == "core_activity_link":
        shown.append(f"CASE WHEN other_activity_id IN {known} THEN is_cross_publisher END AS is_cross_publisher")
    return f"* REPLACE ({', '.join(shown)})"
