"""How a statement spreads over the nodes of each framework.

Place on the way: step 5. Enters: codes with percentages, the nodes they point at, and the labels that are held; leaves:
`core_node_share`, whose shares of one (record, transaction, framework) sum to `ONE` exactly, with UNCLASSIFIED for what
no label claims. docs/explanation/labels.md states the rule in words; tests hold it against plain Python.
"""

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.classify.params import ClassifyParams
from concerted.classify.signals import find_signals
from concerted.model.tables import ON_ACTIVITY, ONE, UNCLASSIFIED
from concerted.store.exact import cumulative_share

#: Percentages may miss 100 by this much before they are normalised with an issue.
TOLERANCE_PCT = 0.5
#: Percentages enter as integers of a ten-thousandth; beyond 1,000 % they are cut, so that products fit 64 bits.
PCT_SCALE, PCT_MAX = 10_000, 1_000.0
#: What identifies a spread, and what identifies a group of codes whose percentages belong together.
SPREAD = ["record_id", "transaction_seq", "framework_id"]
CODES = ["record_id", "transaction_seq", "vocabulary"]


def code_parts(codes: ir.Table) -> ir.Table:
    """Each code's part of `ONE` among the codes of its vocabulary, and how that is known (`basis`).

    Codes without a percentage share equally what the others leave of 100; percentages that do not sum to 100 are
    normalised. An activity without sectors of its own takes the different codes of its transactions, equally.
    """
    shared = codes.filter(codes.has_share & (codes.code != ""))
    shared = ibis.union(shared, _from_transactions(shared))
    given = ibis.ifelse(shared.pct.isnan() | (shared.pct < 0), ibis.null("float64"), shared.pct)
    # Not `least`: DuckDB's ignores a null, and a code without a percentage would get the maximum.
    given = ibis.ifelse(given > PCT_MAX, PCT_MAX, given)
    shared = shared.mutate(
        given=(given * PCT_SCALE).round().cast("int64"),
        place=ibis.row_number().over(
            group_by=[shared[c] for c in CODES], order_by=[shared.seq, shared.code, shared.uri]
        ),
    )
    whole = ibis.window(group_by=[shared[c] for c in CODES])
    shared = shared.mutate(
        sum_given=shared.given.sum().over(whole).fill_null(0),
        missing=shared.given.isnull().sum().over(whole),
        rows=shared.count().over(whole),
    )
    rest = ibis.greatest(100 * PCT_SCALE - shared.sum_given, 0)
    # Nothing left for codes without a percentage, or all percentages zero: equal parts are the only fair reading.
    is_equal = (shared.sum_given == 0) | (shared.missing == shared.rows)
    weight = ibis.ifelse(
        is_equal,
        1,
        ibis.ifelse(
            shared.given.isnull(), (rest.cast("float64") / shared.missing.nullif(0)).floor().cast("int64"), shared.given
        ),
    )
    weighed = shared.mutate(
        weight=weight,
        basis=ibis.cases((shared.rows == 1, "whole"), (is_equal | (shared.missing > 0), "equal"), else_="stated"),
    )
    return weighed.mutate(part=cumulative_share(ONE, weighed.weight, CODES, ["place"])).select(
        *CODES, "code", "uri", "field", "place", "part", "basis", "missing", "sum_given"
    )


def _from_transactions(shared: ir.Table) -> ir.Table:
    """Codes of transactions as codes of their activity, where the activity has none of its own."""
    own = shared.filter(shared.transaction_seq == ON_ACTIVITY).select("record_id").distinct()
    lent = shared.filter(shared.transaction_seq != ON_ACTIVITY).anti_join(own, "record_id")
    return (
        lent.select("record_id", "vocabulary", "code", "uri")
        .distinct()
        .select(
            "record_id",
            transaction_seq=ibis.literal(ON_ACTIVITY, "int32"),
            seq=ibis.literal(0, "int32"),
            field=ibis.literal("transaction/sector"),
            vocabulary="vocabulary",
            code="code",
            uri="uri",
            pct=ibis.null("float64"),
            has_share=ibis.literal(True),
        )
    )


def share_sum_issues(parts: ir.Table, activity: ir.Table) -> ir.Table:
    """One warning per group of codes whose percentages, all of them given, do not sum to 100."""
    off = (parts.sum_given - 100 * PCT_SCALE).abs() > int(TOLERANCE_PCT * PCT_SCALE)
    wrong = parts.filter((parts.place == 0) & (parts.missing == 0) & off)
    joined = wrong.join(activity.select("record_id", "source_id", "input_path", "line"), "record_id")
    total = (joined.sum_given / PCT_SCALE).cast("decimal(18, 2)").cast("string")
    return joined.select(
        severity=ibis.literal("warning"),
        code=ibis.literal("share_sum"),
        step=ibis.literal("classify"),
        source_id=joined.source_id,
        input_path=joined.input_path,
        line=joined.line,
        record_id=joined.record_id,
        field=joined.field,
        values=ibis.literal('{"sum": "')
        + total
        + '", "transaction_seq": '
        + joined.transaction_seq.cast("string")
        + ', "vocabulary": "'
        + joined.vocabulary.replace("\\", " ").replace('"', " ")
        + '"}',
    )


def node_shares(
    parts: ir.Table, pointers: pa.Table, held: ir.Table, records: ir.Table, params: ClassifyParams
) -> ir.Table:
    """Rows of `core_node_share`.

    Args:
        parts: from `code_parts`.
        pointers: from `pointers.pointer_table`.
        held: from `labels.make_labels`.
        records: record_id of every statement.
        params: frameworks.
    """
    stated = _stated(parts, pointers, held)
    claimed = stated.group_by(*SPREAD).agg(claimed=stated.share.sum(), basis=stated.basis.min())
    spreads = _spreads(parts, records, params).left_join(claimed, SPREAD)
    left = spreads.select(
        *SPREAD, left=ONE - spreads.claimed.fill_null(0), basis=spreads.basis.fill_null("whole")
    ).filter(ibis._.left > 0)
    soft = _soft(left, held)
    nobody = left.anti_join(soft, SPREAD)
    rows = ibis.union(
        stated.select(*SPREAD, "node_id", "share", "basis"),
        soft,
        nobody.select(*SPREAD, node_id=ibis.literal(UNCLASSIFIED), share=nobody.left, basis=nobody.basis),
    )
    summed = rows.group_by(*SPREAD, "node_id").agg(
        share=rows.share.sum(),
        # `equal` < `stated` < `whole`: a share is known as well as its least known part.
        basis=rows.basis.min(),
    )
    known = summed.left_join(held, ["record_id", "framework_id", "node_id"])
    return known.filter(known.share > 0).select(
        *SPREAD, "node_id", "share", "probability", "basis", is_confirmed=known.is_confirmed.fill_null(False)
    )


def _stated(parts: ir.Table, pointers: pa.Table, held: ir.Table) -> ir.Table:
    """What codes claim: the part of each code, split over the held nodes that it points at by their probability.

    Where several vocabularies speak for a framework, one is believed: what the owner declared, then own codes with a
    crosswalk, then the others in the order of their numbers.
    """
    met = find_signals(parts, pointers).semi_join(held, ["record_id", "framework_id", "node_id"])
    ranked = met.mutate(choice=met["rank"].cast("string") + met.vocabulary)
    ranked = ranked.mutate(chosen=ranked.choice.min().over(group_by=[ranked[c] for c in SPREAD]))
    believed = ranked.filter(ranked.vocabulary == ranked.chosen.substr(1))
    one = believed.group_by(*SPREAD, "vocabulary", "place", "node_id").agg(
        weight=believed.weight.max(), part=believed.part.max(), basis=believed.basis.min()
    )
    share = cumulative_share(one.part, one.weight, [*SPREAD, "vocabulary", "place"], ["node_id"])
    return one.select(*SPREAD, "node_id", "basis", share=share)


def _soft(left: ir.Table, held: ir.Table) -> ir.Table:
    """What words, markers, tags and judgements claim of the rest, by their probability."""
    aims = held.filter(held.is_soft)
    claims = left.join(aims, ["record_id", "framework_id"]).select(*SPREAD, "node_id", "left", "ppm")
    claims = claims.mutate(nodes=claims.count().over(group_by=[claims[c] for c in SPREAD]))
    return claims.select(
        *SPREAD,
        "node_id",
        share=cumulative_share(claims.left, claims.ppm, SPREAD, ["node_id"]),
        basis=ibis.ifelse((claims.nodes == 1) & (claims.left == ONE), "whole", "equal"),
    )


def _spreads(parts: ir.Table, records: ir.Table, params: ClassifyParams) -> ir.Table:
    """Every (record, transaction, framework) that needs a spread: each record's own, and transactions with codes."""
    own = records.select("record_id", transaction_seq=ibis.literal(ON_ACTIVITY, "int32"))
    with_codes = parts.filter(parts.transaction_seq != ON_ACTIVITY).select("record_id", "transaction_seq").distinct()
    frameworks = ibis.memtable(pa.table({"framework_id": sorted(f.id for f in params.frameworks)}))
    return ibis.union(own, with_codes).cross_join(frameworks)
