"""Structured signals: the codes, markers, tags and cells of a statement that point at nodes.

Place on the way: step 5. Enters: `core_sector`, `core_policy_marker`, `core_tag`, `core_attribute` and the table of
pointers; leaves: `_code` (every code a statement uses, once per place it stands) and `_signal` (code x node).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.classify.pointers import ANY_URI, CLUSTER, MARKER, OWN_VOCABULARIES
from concerted.codelists.lexicon import fold
from concerted.model.tables import ON_ACTIVITY

#: TagVocabulary -> SectorVocabulary, where both hold the same codes: SDG goals, SDG targets, own codes.
TAG_VOCABULARIES = {"2": "7", "3": "8", "99": "99"}
#: SectorVocabulary of humanitarian clusters, compared by name because the codes differ from country to country.
CLUSTER_VOCABULARY = "10"


def find_codes(tables: Mapping[str, ir.Table], columns: Sequence[str], framework_ids: Sequence[str]) -> ir.Table:
    """Every code of a statement: record_id, transaction_seq, seq, field, vocabulary, code, uri, pct, has_share.

    `has_share` is true where the place says how much of the activity the code covers (sectors, nodes named in a sheet);
    a marker or a tag says an aim, not a share. `columns` are the sheet columns that name nodes. `field` may stand
    between the quotes of a JSON string as it is.
    """
    named = _Named(framework_ids)
    return ibis.union(
        _sectors(tables["core_sector"], named),
        _tags(tables["core_tag"], named),
        _markers(tables["core_policy_marker"]),
        _cells(tables["core_attribute"], columns),
    )


@dataclass(frozen=True)
class _Named:
    """Codes that a source's mapping says are nodes of a framework: `vocabulary_uri` is the framework's id."""

    framework_ids: Sequence[str]

    def holds(self, uri: ir.StringValue) -> ir.BooleanValue:
        """Whether the codes beside this uri are nodes."""
        return uri.fill_null("").isin(list(self.framework_ids))

    def vocabulary(self, uri: ir.StringValue) -> ir.StringValue:
        """The vocabulary that `pointers` gives to the nodes of the framework."""
        return ibis.literal("column:node:") + uri.fill_null("")


def _sectors(sector: ir.Table, named: _Named) -> ir.Table:
    vocabulary = sector.vocabulary_code.fill_null("1")
    node_word = _fold(_text(sector.code.fill_null(sector.name)))
    cluster_word = _fold(_text(sector.name.fill_null(sector.code)))
    is_node = named.holds(sector.vocabulary_uri)
    # A 3W sheet often names a cluster in a column of sectors, without a code.
    is_cluster = vocabulary.isin([CLUSTER_VOCABULARY, CLUSTER]) | (
        vocabulary.isin(list(OWN_VOCABULARIES)) & (_text(sector.code) == "")
    )
    return sector.select(
        "record_id",
        "transaction_seq",
        "seq",
        field=ibis.ifelse(sector.transaction_seq == ON_ACTIVITY, "sector", "transaction/sector"),
        vocabulary=ibis.cases(
            (is_node, named.vocabulary(sector.vocabulary_uri)), (is_cluster, CLUSTER), else_=vocabulary
        ),
        code=ibis.cases(
            (is_node, node_word),
            (is_cluster, cluster_word),
            else_=_key(sector.code),
        ),
        uri=sector.vocabulary_uri.fill_null(""),
        pct=sector.pct,
        has_share=ibis.literal(True),
    )


def find_signals(codes: ir.Table, pointers: pa.Table) -> ir.Table:
    """Codes joined to the nodes they point at: the columns of both, `evidence` as a JSON object."""
    table = ibis.memtable(pointers)
    joined = codes.join(table, ["vocabulary", "code"], rname="{name}_wanted")
    met = joined.filter((joined.uri_wanted == ANY_URI) | (joined.uri_wanted == joined.uri))
    return met.mutate(evidence=ibis.literal('{"field": "') + met.field + ibis.literal('", ') + met.evidence).drop(
        "uri", "uri_wanted", *[c for c in met.columns if c.endswith("_wanted") and c != "uri_wanted"]
    )


def _tags(tag: ir.Table, named: _Named) -> ir.Table:
    is_node = named.holds(tag.vocabulary_uri)
    tags = tag.filter((tag.kind == "tag") & (is_node | tag.vocabulary_code.isin(list(TAG_VOCABULARIES))))
    is_node = named.holds(tags.vocabulary_uri)
    return tags.select(
        "record_id",
        transaction_seq=_on_activity(),
        seq=tags.seq,
        field=ibis.literal("tag"),
        vocabulary=ibis.ifelse(
            is_node, named.vocabulary(tags.vocabulary_uri), tags.vocabulary_code.cases(*TAG_VOCABULARIES.items())
        ),
        code=ibis.ifelse(is_node, _fold(_text(tags.code)), _key(tags.code)),
        uri=tags.vocabulary_uri.fill_null(""),
        pct=ibis.null("float64"),
        has_share=is_node,
    )


def _markers(marker: ir.Table) -> ir.Table:
    """Markers of the OECD's own vocabulary that are said to be significant or principal."""
    said = marker.filter(marker.vocabulary_code.fill_null("1") == "1")
    return said.select(
        "record_id",
        transaction_seq=_on_activity(),
        seq=said.seq,
        field=ibis.literal("policy-marker"),
        vocabulary=ibis.literal(MARKER),
        code=_key(said.code) + "/" + _key(said.significance_code),
        uri=ibis.literal(""),
        pct=ibis.null("float64"),
        has_share=ibis.literal(False),
    )


def _cells(attribute: ir.Table, columns: Sequence[str]) -> ir.Table:
    """Cells of the sheet columns that name nodes; several in one cell are parted by `;` or `|`."""
    wanted = attribute.filter(attribute.name.isin(list(columns)) if columns else ibis.literal(False))
    parts = wanted.select("record_id", "name", value=wanted.value.fill_null("").replace("|", ";").split(";").unnest())
    return parts.select(
        "record_id",
        transaction_seq=_on_activity(),
        seq=ibis.literal(0, "int32"),
        field=_column_fields(parts.name, columns),
        vocabulary=ibis.literal("column:") + parts.name,
        code=_fold(parts.value),
        uri=ibis.literal(""),
        pct=ibis.null("float64"),
        has_share=ibis.literal(True),
    )


def _column_fields(name: ir.StringValue, columns: Sequence[str]) -> ir.StringValue:
    """`column <name>`, with the signs that JSON forbids in a string written as JSON writes them."""
    if not columns:
        return ibis.literal("")
    return name.cases(*((c, json.dumps(f"column {c}", ensure_ascii=False)[1:-1]) for c in columns), else_="")


def _on_activity() -> ir.IntegerScalar:
    return ibis.literal(ON_ACTIVITY, "int32")


def _text(value: ir.StringValue) -> ir.StringValue:
    return value.fill_null("")


def _key(code: ir.StringValue) -> ir.StringValue:
    """`pointers.code_key` as an expression."""
    return _text(code).strip().lower()


@ibis.udf.scalar.pyarrow(name="concerted_fold")  # type: ignore[untyped-decorator]  # Ibis ships no types
def _fold(text: str) -> str:
    folded: str = fold_column(text)
    return folded


def fold_column(text: Any) -> Any:
    """`lexicon.fold` over Arrow strings; distinct values are folded once. Spark hands over single values."""
    if isinstance(text, str):
        return fold(text)
    values = pa.chunked_array([text]).combine_chunks() if isinstance(text, pa.Array) else text.combine_chunks()
    encoded = values.dictionary_encode()
    encoded = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    folded = pa.array([fold(v) for v in encoded.dictionary.to_pylist()], pa.string())
    return folded.take(encoded.indices)
