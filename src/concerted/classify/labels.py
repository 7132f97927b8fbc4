"""From signals to labels: several signals for one node are combined, weak ones are let go, people have the last word.

Place on the way: step 5. Enters: structured signals, text signals, judgements; leaves: `core_label` and `_held`
(one row per statement and node that is held, with its combined probability).

Combination is noisy-or: p = 1 - product(1 - p_i), never above the cap. Inside, -ln(1 - p_i) is kept as an integer of
millionths, because sums of floats would differ between engines.
"""

import json
import math
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.classify.params import ClassifyParams, Judgement
from concerted.classify.pointers import MILLION

#: Decimals of a probability as written.
DECIMALS = 4


@dataclass(frozen=True)
class Labels:
    """`labels` = core_label; `held` = one row per statement and node: probability, is_confirmed, ppm, and `is_soft`:
    something else than a code with a share speaks for it (words, a marker, a tag, a person).
    """

    labels: ir.Table
    held: ir.Table


def weight(probability_ppm: ir.IntegerValue) -> ir.IntegerValue:
    """-ln(1 - p) in millionths; a certainty counts as one in a million of doubt."""
    doubt = ibis.greatest(MILLION - probability_ppm, 1).cast("float64") / MILLION
    return (-doubt.ln() * MILLION).round().cast("int64")


def make_labels(signals: ir.Table, texts: ir.Table, params: ClassifyParams) -> Labels:
    """Labels of every statement.

    Args:
        signals: as `signals.find_signals` gives them.
        texts: record_id, framework_id, node_id, ppm, evidence (JSON object): what the words suggest.
        params: threshold, cap and judgements.
    """
    decided = judgement_table(params.judgements)
    keys = ["record_id", "framework_id", "node_id"]
    # The same code in ten transactions is one signal, not ten.
    once = signals.select(*keys, "method", "ppm", "is_confirmed", "evidence", is_soft=~signals.has_share).distinct()
    said = ibis.union(
        once,
        texts.select(
            *keys, method=ibis.literal("text"), ppm=texts.ppm, is_confirmed=False, evidence=texts.evidence, is_soft=True
        ),
        decided.filter(decided.is_yes).select(
            *keys,
            method=ibis.literal("judgement"),
            ppm=ibis.literal(MILLION, "int64"),
            is_confirmed=True,
            evidence="evidence",
            is_soft=True,
        ),
    )
    said = said.anti_join(decided.filter(~decided.is_yes), keys)
    weighed = said.mutate(weight=weight(said.ppm))
    by_method = weighed.group_by(*keys, "method").agg(
        weight=weighed.weight.sum(where=~weighed.is_confirmed).fill_null(0),
        is_confirmed=weighed.is_confirmed.any(),
        is_soft=weighed.is_soft.any(),
        evidence=weighed.evidence.collect(),
    )
    by_node = by_method.group_by(*keys).agg(
        total=by_method.weight.sum(), is_held=by_method.is_confirmed.any(), is_soft=by_method.is_soft.any()
    )
    by_node = by_node.mutate(probability=_probability(by_node.total, by_node.is_held, params.cap))
    held = by_node.filter(by_node.is_held | (by_node.probability >= params.threshold)).select(
        *keys,
        "probability",
        "is_soft",
        is_confirmed="is_held",
        ppm=(by_node.probability * MILLION).round().cast("int64"),
    )
    kept = by_method.semi_join(held, keys)
    labels = kept.select(
        *keys,
        "method",
        "is_confirmed",
        probability=_probability(kept.weight, kept.is_confirmed, params.cap),
        evidence=ibis.literal("[") + kept.evidence.sort().join(", ") + ibis.literal("]"),
    )
    return Labels(labels, held)


def combine(probabilities: list[float], cap: float) -> float:
    """Noisy-or of a few probabilities in plain Python, as the step computes it."""
    total = sum(round(-math.log(max(1 - p, 1 / MILLION)) * MILLION) for p in probabilities)
    return round(min(1 - math.exp(-total / MILLION), cap), DECIMALS)


def judgement_table(judgements: tuple[Judgement, ...]) -> ir.Table:
    """Decisions as an Ibis table, the last one where several were made about the same node."""
    schema = pa.schema(
        [
            ("record_id", pa.int64()),
            ("framework_id", pa.string()),
            ("node_id", pa.string()),
            ("is_yes", pa.bool_()),
            ("evidence", pa.string()),
        ]
    )
    last: dict[tuple[int, str, str], Judgement] = {}
    for judgement in sorted(judgements, key=lambda j: (j.on, j.is_yes, j.by)):
        last[judgement.record_id, judgement.framework_id, judgement.node_id] = judgement
    rows = [
        {
            "record_id": j.record_id,
            "framework_id": j.framework_id,
            "node_id": j.node_id,
            "is_yes": j.is_yes,
            "evidence": json.dumps(
                {"by": j.by, "field": "judgement", "note": j.note, "on": j.on.isoformat()}, ensure_ascii=False
            ),
        }
        for _, j in sorted(last.items())
    ]
    return ibis.memtable(pa.Table.from_pylist(rows, schema=schema))


def _probability(total: ir.IntegerValue, is_confirmed: ir.BooleanValue, cap: float) -> ir.FloatingValue:
    combined = 1 - (-(total.cast("float64") / MILLION)).exp()
    return ibis.ifelse(is_confirmed, 1.0, ibis.least(combined, cap).round(DECIMALS))
