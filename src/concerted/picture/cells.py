"""The stored cubes: money and distinct activities per grain, as rows of `out_cell`.

Place on the way: picture. Enters: allocations and codes. Leaves: rows with the marking of their view; a page sums those
that its reader may see.
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from concerted.model.tables import full_schema
from concerted.picture.codes import MARKS, Codes
from concerted.picture.counting_cells import GRAINS, counting_cells
from concerted.picture.money_cells import money_cells
from concerted.store.words import word

ANY = "ANY"

_GRAINS = tuple(sorted(GRAINS))
#: Columns of a cell that are numbers until the end.
_CODES = ("node", "mark", "place", "kind")


def cell_rows(allocation: ir.Table, codes: Codes) -> ir.Table:
    """`out_cell`: for every grain the rows with money (one per kind) and the rows that count (finance_kind ANY)."""
    found = (money_cells(allocation, codes), counting_cells(allocation, codes))
    cells = ibis.union(*(_as_cells(part, grain) for parts in found for grain, part in parts.items()))
    kinds = tuple(sorted({*codes.words.kinds, ANY}))
    kind = _mapped(cells.kind, codes.words.kinds, kinds).fill_null(kinds.index(ANY))
    told = {"grain": word(cells.grain, _GRAINS), "finance_kind": word(kind, kinds)}
    told["place_id"] = word(cells.place, codes.words.places)
    for number, name in enumerate(("framework_id", "node_id")):
        told[name] = _word_of([node[number] for node in codes.words.nodes], cells.node)
    for number, name in enumerate(MARKS):
        told[name] = _word_of([mark[number] for mark in codes.words.marks], cells.mark)
    return cells.select(**{name: told[name] if name in told else cells[name] for name in full_schema("cell").names})


def _as_cells(rows: ir.Table, grain: str) -> ir.Table:
    """`rows` with every column of `out_cell`, codes for words; what the grain does not set is null."""
    types = ibis.Schema.from_pyarrow(full_schema("cell"))
    types = {name: kind for name, kind in types.items() if not kind.is_string()} | dict.fromkeys(_CODES, "int32")
    have = {name: rows[name] for name in rows.columns}
    columns = {n: have[n].cast(kind) if n in have else ibis.null(kind) for n, kind in types.items()}
    return rows.select(**columns, grain=ibis.literal(_GRAINS.index(grain), "int32"))


def _word_of(words: Sequence[str | None], code: ir.IntegerValue) -> ir.StringValue:
    """The word of each code, by way of a number that is in the order of words."""
    known = tuple(sorted({word for word in words if word is not None}))
    return word(_mapped(code, words, known), known)


def _mapped(code: ir.IntegerValue, words: Sequence[str | None], known: Sequence[str]) -> ir.IntegerValue:
    """The place in `known` of the word of each code; null where there is none."""
    place = {word: number for number, word in enumerate(known)}
    places = [-1 if word is None else place[word] for word in words]
    # The null is for Spark, as in `word`.
    number: ir.IntegerValue = ibis.literal([*places, None], "array<int32>")[code.cast("int32")].nullif(-1)
    return number
