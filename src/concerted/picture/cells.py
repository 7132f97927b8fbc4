"""The stored cubes: money and distinct activities per grain, as rows of `out_cell`.

Place on the way: picture. Enters: allocations and codes. Leaves: rows with the marking of their view; a page sums those
that its reader may see.
"""

import ibis
import ibis.expr.types as ir

from concerted.model.tables import full_schema
from concerted.picture.codes import Codes, coded, in_words
from concerted.picture.counting_cells import counting_cells
from concerted.picture.money_cells import money_cells

ANY = "ANY"


def cell_rows(allocation: ir.Table, codes: Codes) -> ir.Table:
    """`out_cell`: for every grain the rows with money (one per kind) and the rows that count (finance_kind ANY)."""
    rows = coded(allocation, codes)
    parts: list[ir.Table] = []
    for found in (money_cells(rows, codes), counting_cells(rows, codes)):
        parts.extend(_as_cells(in_words(cells, codes), grain) for grain, cells in found.items())
    return ibis.union(*parts)


def _as_cells(rows: ir.Table, grain: str) -> ir.Table:
    """`rows` with every column of `out_cell`; what the grain does not set is null."""
    types = ibis.Schema.from_pyarrow(full_schema("cell"))
    have = {"grain": ibis.literal(grain), "finance_kind": ibis.literal(ANY)}
    have |= {name: rows[name] for name in rows.columns}
    return rows.select(**{name: have[name].cast(t) if name in have else ibis.null(t) for name, t in types.items()})
