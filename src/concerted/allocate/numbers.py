"""Numbers for the words of allocations, so that tens of millions of rows are joined and sorted by four bytes each.

Place on the way: allocate, inner. Enters: shares, places and statements. Leaves: the words that occur, each list in its
order, and shares with numbers. Only the last projection of the step turns numbers into words again (`store.words`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.model.tables import REGIONAL, UNCLASSIFIED, UNKNOWN
from concerted.store.words import numbered

#: From fine to coarse; where places fall together the coarser word is the true one.
PRECISIONS = ("site", "admin2", "admin1", "country", "region", "unknown")
#: From the most active to the least: what an activity is called when its statements differ.
STATES = ("ongoing", "planned", "requested", "completed", "cancelled")
RISKS = ("linked", "none", "possible")
VIEWS = ("coarse", "precise")


@dataclass(frozen=True)
class Words:
    """The words that occur in one edition; a word's number is its place in its list."""

    frameworks: tuple[str, ...]
    nodes: tuple[str, ...]
    places: tuple[str, ...]
    markings: tuple[str, ...]


def words_of(
    node_share: ir.Table, frameworks: Sequence[str], place_share: ir.Table, cuts: pa.Table, statements: ir.Table
) -> Words:
    """The words of these tables.

    Args:
        frameworks: ids that are to be allocated though nothing may be classified to them.
        cuts: `cut_places`.
        statements: marking_key and coarse_marking_key.
    """
    places = {*cuts["place_id"].to_pylist(), *cuts["coarse_place_id"].to_pylist()}
    markings = _distinct(statements, "marking_key") | _distinct(statements, "coarse_marking_key")
    return Words(
        frameworks=tuple(sorted(_distinct(node_share, "framework_id").union(frameworks))),
        nodes=tuple(sorted({*_distinct(node_share, "node_id"), UNCLASSIFIED})),
        places=tuple(sorted({*_distinct(place_share, "place_id"), *places, REGIONAL, UNKNOWN})),
        markings=tuple(sorted(markings)),
    )


def numbered_nodes(node_share: ir.Table, words: Words) -> ir.Table:
    """`core_node_share` with numbers of frameworks and nodes."""
    return numbered(node_share, framework_id=words.frameworks, node_id=words.nodes)


def numbered_places(place_share: ir.Table, words: Words) -> ir.Table:
    """`core_place_share` with numbers of places and precisions."""
    return numbered(place_share, place_id=words.places, precision=PRECISIONS)


def number(value: ir.StringValue, words: tuple[str, ...]) -> ir.IntegerValue:
    """The number of each word of a short list; null where it is in none."""
    return value.cases(*((word, place) for place, word in enumerate(words)), else_=ibis.null("int32")).cast("int32")


def _distinct(table: ir.Table, column: str) -> set[str]:
    values: list[str] = table.filter(table[column].notnull()).select(column).distinct().to_pyarrow()[column].to_pylist()
    return {*values}
