"""People reached and targeted, as bounds: the same woman may be reached by three projects, so figures are never added.

Place on the way: picture. Enters: allocations, the caseloads of sheets, indicators and their periods, and which counts
the public is not told. Leaves: every figure that counts people (`out_people_figure`), and per node and place the
largest of those that lie wholly within it (at least so many) and the sum of all that may (at most so many); both a
second time, made of what the public is told.
"""

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.model.subjects import PEOPLE
from concerted.model.tables import UNCLASSIFIED
from concerted.picture.codes import Codes
from concerted.records.cells import parse_count
from concerted.store.people import figures_of_people, indicators_of_people
from concerted.store.precedence import set_aside, without_aside

_FIGURE = ("record_id", "kind", "origin", "seq", "group", "value", "is_part")


def people_figures(
    allocation: ir.Table,
    people: ir.Table,
    indicator: ir.Table,
    indicator_period: ir.Table,
    precedence: ir.Table,
    suppressed: ir.Table,
) -> ir.Table:
    """`out_people_figure`: every figure of a statement that counts, told by a column of a sheet or by an indicator.

    Where an organisation decided that those of its other source count, they are not here.

    Args:
        suppressed: `out_suppressed`.
    """
    told = ibis.union(_of_columns(people), _of_indicators(indicator, indicator_period))
    told = without_aside(told, set_aside(precedence), PEOPLE)
    counted = _counted(allocation).select("record_id", "activity_id").distinct()
    told = told.inner_join(counted, "record_id").select("activity_id", *_FIGURE)
    is_column = told.origin == "column"
    text = ibis.ifelse(told.kind == "reached", "actual_value", "target_value")
    told = told.mutate(
        in_table=ibis.ifelse(is_column, "core_people", "core_indicator_period"),
        column=ibis.ifelse(is_column, "value", text),
    )
    by = ["in_table", "record_id", "seq", "column"]
    joined = told.left_join(suppressed.select(*by, "least", "most"), by)
    return joined.select(
        "activity_id",
        *_FIGURE,
        is_suppressed=joined.least.notnull(),
        told_least=joined.least.fill_null(joined.value),
        told_most=joined.most.fill_null(joined.value),
    )


def people_bounds(allocation: ir.Table, figures: ir.Table, codes: Codes) -> ir.Table:
    """`out_people_bound`: a row per node, place (null = everywhere), kind and marking.

    A figure lies wholly within a cell when every node and place of its statement does, and all of these nodes are
    confirmed; else it may lie there, with none of its people or with all.
    """
    rows = _counted(allocation).semi_join(figures, "record_id")
    is_sure = rows.is_confirmed | (rows.node_id == UNCLASSIFIED)
    leaves = rows.group_by(["framework_id", "record_id", "marking_key", "node_id", "place_id"]).aggregate(
        is_sure=is_sure.all()
    )
    leaves = leaves.inner_join(codes.nodes.drop("framework"), ["framework_id", "node_id"])
    leaves = leaves.inner_join(codes.places, "place_id").cache()
    whole = leaves.group_by(["framework_id", "record_id"]).aggregate(
        leaves=leaves.count(), is_sure=leaves.is_sure.all()
    )
    nodes = leaves.select("framework_id", "record_id", "marking_key", "node", "place").inner_join(codes.node_up, "node")
    nodes = nodes.drop("node").rename(node="up")
    placed = nodes.inner_join(codes.place_up, "place").drop("place").rename(place="up")
    parts = ibis.union(placed, nodes.mutate(place=ibis.null("int32")).select(placed.columns))
    inside = parts.group_by(parts.columns).aggregate(inside=parts.count())
    inside = inside.inner_join(whole, ["framework_id", "record_id"])
    within = (inside.inside == inside.leaves) & inside.is_sure
    cells = inside.select("node", "place", "record_id", "marking_key", is_within=within).inner_join(
        figures, "record_id"
    )
    found = cells.group_by(["node", "place", "kind", "marking_key"]).aggregate(
        at_least=ibis.ifelse(cells.is_within, cells.value, 0).max(),
        at_most=cells.value.sum(where=~cells.is_part).fill_null(0).cast("int64"),
        told_least=ibis.ifelse(cells.is_within, cells.told_least, 0).max(),
        told_most=cells.told_most.sum(where=~cells.is_part).fill_null(0).cast("int64"),
        suppressed=cells.count(where=cells.is_suppressed),
        figures=cells.count(where=~cells.is_part),
        activities=cells.activity_id.nunique(),
    )
    named = found.inner_join(codes.nodes.drop("framework"), "node").left_join(codes.places, "place")
    return named.select(
        "framework_id", "node_id", "place_id", "kind", "at_least", "at_most", "told_least", "told_most", "suppressed",
        "figures", "activities", "marking_key",
    )  # fmt: skip


def _counted(allocation: ir.Table) -> ir.Table:
    """Where the statements stand that are seen in full: a coarse view tells no caseload."""
    return allocation.filter((allocation["view"] == "precise") & (allocation.finance_kind == "presence"))


def _of_columns(people: ir.Table) -> ir.Table:
    """Caseloads of sheets. Women or children are a part of all, where all are told beside them."""
    rows = figures_of_people(people)
    whole = rows.filter(rows.group.isnull()).select("record_id", "kind", whole=ibis.literal(True)).distinct()
    joined = rows.left_join(whole, ["record_id", "kind"])
    is_part = joined.group.notnull() & joined.whole.fill_null(False)
    return joined.mutate(origin=ibis.literal("column"), is_part=is_part).select(_FIGURE)


def _of_indicators(indicator: ir.Table, period: ir.Table) -> ir.Table:
    """Targets and results of indicators whose unit and title say that they count people."""
    kept = indicators_of_people(indicator).select("record_id", indicator_seq="seq")
    rows = period.semi_join(kept, ["record_id", "indicator_seq"])
    parts = [
        rows.select("record_id", "seq", kind=ibis.literal(kind), text=rows[column])
        for kind, column in (("reached", "actual_value"), ("targeted", "target_value"))
    ]
    told = ibis.union(*parts)
    told = told.filter(told.text.notnull()).cache()
    texts = told.select("text").distinct().to_pyarrow()["text"].to_pylist()
    counts = [(text, count) for text in sorted(texts) if (count := _count(text)) is not None]
    values = pa.table(
        {"text": pa.array([t for t, _ in counts], pa.string()), "value": pa.array([c for _, c in counts], pa.int64())}
    )
    valued = told.inner_join(ibis.memtable(values), "text")
    return valued.mutate(
        origin=ibis.literal("indicator"), group=ibis.null("string"), is_part=ibis.literal(False)
    ).select(_FIGURE)


def _count(text: str) -> int | None:
    """A whole number of people; what is none (a share, a sentence) is unknown, and told as it stands on the page."""
    try:
        return parse_count(text)
    except ValueError:
        return None
