"""What files declare of how two activities belong together, as rows of `activity_relation`.

Place on the way: resolve. Enters: declared links. Leaves: one row per pair, relation and marking; the evidence says by
which elements it is declared.
"""

import itertools
import json

import ibis
import ibis.expr.types as ir
import pyarrow as pa

#: The elements that declare a relation, in the order in which the evidence names them.
KINDS = ("provider", "receiver", "related", "participating", "other_identifier")


def declared_relations(links: ir.Table, marks: ir.Table) -> ir.Table:
    """Rows of `activity_relation` that files declare.

    Args:
        links: `links.declared_links`; precise views count.
        marks: (view, marking_key, mark).
    """
    told = links.filter((links["view"] == "precise") & links.other_activity_id.notnull())
    crosses = told.is_cross_publisher.fill_null(False)
    is_part = ((told.kind == "related") & (told.type_code == "1")).fill_null(False)
    is_whole = ((told.kind == "related") & (told.type_code == "2")).fill_null(False)
    is_funded = ((told.kind == "provider") & (told.flow == "in")).fill_null(False) | (
        (told.kind == "participating") & (told.type_code == "1")
    ).fill_null(False)
    funds = ((told.kind == "receiver") & (told.flow == "out")).fill_null(False) | (
        (told.kind == "participating") & (told.type_code == "4")
    ).fill_null(False)
    is_same = crosses & (
        ((told.kind == "related") & (told.type_code == "5")).fill_null(False) | (told.kind == "other_identifier")
    )
    relation = ibis.cases(
        (is_part | is_whole, "part_of"), (is_funded | funds, "funds"), (is_same, "same"), else_=ibis.null("string")
    )
    mine_is_left = is_part | funds | (is_same & (told.activity_id < told.other_activity_id))
    rows = told.select(
        "mark",
        "kind",
        relation=relation,
        left_activity_id=ibis.ifelse(mine_is_left, told.activity_id, told.other_activity_id),
        right_activity_id=ibis.ifelse(mine_is_left, told.other_activity_id, told.activity_id),
    )
    rows = rows.filter(rows.relation.notnull())
    # Which elements declare it, as a number: text would have to be put together in an order that engines agree on.
    elements = {
        f"has_{kind}": ibis.ifelse(rows.kind == kind, 1 << at, 0).max().cast("int64") for at, kind in enumerate(KINDS)
    }
    found = rows.group_by(["left_activity_id", "right_activity_id", "relation", "mark"]).aggregate(**elements)
    found = found.mutate(elements=sum((found[name] for name in elements), ibis.literal(0, "int64")))
    key_of = marks.filter(marks["view"] == "precise")
    key_of = key_of.group_by("mark").aggregate(marking_key=key_of.marking_key.min())
    named = found.inner_join(key_of, "mark").inner_join(ibis.memtable(_evidence()), "elements")
    return named.select(
        "left_activity_id",
        "right_activity_id",
        "relation",
        "marking_key",
        "evidence",
        decided_by=ibis.literal("declared"),
        probability=ibis.literal(1.0),
        is_contradicted=ibis.literal(False),
    )


def _evidence() -> pa.Table:
    """(elements, evidence) of every set of elements."""
    sets = [chosen for size in range(1, len(KINDS) + 1) for chosen in itertools.combinations(range(len(KINDS)), size)]
    return pa.table(
        {
            "elements": pa.array([sum(1 << at for at in chosen) for chosen in sets], pa.int64()),
            "evidence": [
                json.dumps([{"code": "declared", "bits": 0, "by": KINDS[at]} for at in chosen]) for chosen in sets
            ],
        }
    )
