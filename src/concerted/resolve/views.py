"""The views of statements: what is resolved is not a statement, but what certain people may see of it.

Place on the way: resolve, inner. Enters: statements with their markings, and who the mentions are under each marking.
Leaves: one row per statement and view, with the number of its mark, so that what is worked out for a view can rest on
nothing but its evidence.
"""

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.marking import is_evidence
from concerted.marking.keys import Label

#: Columns of a statement that resolving needs.
_COLUMNS = (
    "record_id", "source_id", "input_path", "line", "kind", "identifier", "group_key", "reporting_org_ref",
    "reporting_org_name", "is_secondary_reporter", "last_updated", "is_supply",
)  # fmt: skip

_MARKINGS = pa.schema([("marking_key", pa.string()), ("coarse_marking_key", pa.string())])


def with_known_marking(activity: ir.Table) -> ir.Table:
    """`activity`; a statement without a marking is for nobody."""
    return activity.mutate(marking_key=activity.marking_key.fill_null(str(Label.NOBODY)))


def statement_views(activity: ir.Table, owner: ir.Table, marks: ir.Table) -> ir.Table:
    """One row per statement and view: `_COLUMNS`, view, marking_key, mark and org_id.

    Args:
        activity: statements with a marking.
        owner: (ref, name, marking_key, org_id).
        marks: (view, marking_key, mark).
    """
    coarse = activity.filter(activity.coarse_marking_key.notnull())
    # Where everybody who may see the coarse view sees the precise one, nobody ever gets it.
    both_keys = coarse.select("marking_key", "coarse_marking_key").distinct().to_pyarrow().to_pylist()
    unseen = [row for row in both_keys if is_evidence(row["marking_key"], row["coarse_marking_key"])]
    coarse = coarse.anti_join(ibis.memtable(pa.Table.from_pylist(unseen, schema=_MARKINGS)), _MARKINGS.names)
    both = ibis.union(
        activity.select(*_COLUMNS, "marking_key", view=ibis.literal("precise")),
        coarse.select(*_COLUMNS, marking_key="coarse_marking_key", view=ibis.literal("coarse")),
    )
    marked = both.inner_join(marks, ["view", "marking_key"])
    return with_org(marked, owner, "reporting_org_ref", "reporting_org_name", "org_id")


def with_org(table: ir.Table, owner: ir.Table, ref: str, name: str, target: str) -> ir.Table:
    """`table` and column `target`: the organisation that its columns `ref` and `name` mention under `marking_key`."""
    renamed = owner.select(_ref="ref", _name="name", _marking="marking_key", **{target: "org_id"})
    joined = table.left_join(
        renamed,
        [
            table[ref].fill_null("") == renamed["_ref"],
            table[name].fill_null("") == renamed["_name"],
            table.marking_key == renamed["_marking"],
        ],
    )
    return joined.drop("_ref", "_name", "_marking")
