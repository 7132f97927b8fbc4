"""Step 5, classify: statements to framework nodes.

Place on the way: after locate, before allocate. Enters: sectors, markers, tags, cells and texts of every statement,
with frameworks and crosswalks as parameters; leaves: labels with evidence, shares, the PVE marker, the language.
Structured signals come first, words second; every label shows what it rests on; below the threshold there is none.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Protocol

import ibis
import ibis.expr.types as ir

from concerted.classify.labels import make_labels
from concerted.classify.learning import learn_models
from concerted.classify.params import ClassifyParams
from concerted.classify.pointers import all_pointers, pointer_table
from concerted.classify.shares import code_parts, node_shares, share_sum_issues
from concerted.classify.signals import find_codes, find_signals
from concerted.classify.text_languages import text_languages
from concerted.classify.texts import cut_up, documents, markers, read_statements, statement_reader, suggestions
from concerted.codelists.frameworks import Framework, load_crosswalks, shipped_frameworks
from concerted.model.tables import full_schema
from concerted.store.step import WORDS, StepResult, Tables

NAME = "classify"
INPUTS = (
    "core_activity",
    "core_narrative",
    "core_sector",
    "core_policy_marker",
    "core_tag",
    "core_attribute",
)
#: What is learnt per input beforehand (`rec_reading`); without it the texts are read here.
PER_INPUT = "concerted.classify.reading"
OUTPUTS = ("core_label", "core_node_share", "core_pve_marker", "core_text_language")

Params = ClassifyParams


class Context(Protocol):
    """What this step takes from the build's context."""

    @property
    def frameworks(self) -> Sequence[Framework]:
        """Frameworks of the edition, the strategy among them."""
        ...

    @property
    def learn(self) -> bool:
        """Whether to learn from the codes of the inputs."""
        ...


def params(context: Context) -> ClassifyParams:
    """Every framework of the edition, with the shipped crosswalks that lead to it."""
    shipped = [f.id for f in context.frameworks if f.id.partition("@")[0] in shipped_frameworks()]
    crosswalks = tuple(row for framework_id in shipped for row in load_crosswalks(framework_id))
    return ClassifyParams(tuple(context.frameworks), crosswalks, learn=context.learn)


def unread(params: ClassifyParams) -> Mapping[str, Sequence[str]]:
    """Columns that change nothing here: the texts, which were read per input, unless models are learnt from all."""
    if params.learn:
        return {}
    return {**WORDS, "core_narrative": full_schema("narrative").names, "rec_reading": ("text_key",)}


def run(tables: Tables, params: ClassifyParams) -> StepResult:
    """Label every statement.

    Args:
        tables: the tables of `INPUTS`.
        params: frameworks, crosswalks, judgements and the numbers of the rules.

    Returns:
        `core_label`, `core_node_share`, `core_pve_marker`, `core_text_language` as fields.yml has them.
    Issues:
        share_sum (warning): sector percentages that do not sum to 100 (tolerance 0.5) were normalised.
    """
    activity = tables["core_activity"]
    found = all_pointers(params)
    pointers = pointer_table(found)
    columns = sorted({p.vocabulary.removeprefix("column:") for p in found if p.vocabulary.startswith("column:")})
    codes = find_codes(tables, columns, [f.id for f in params.frameworks])
    parts = code_parts(codes)
    if "rec_reading" in tables:
        reading = cut_up(tables["rec_reading"])
    else:
        texts = documents(activity, tables["core_narrative"], tables["core_sector"])
        reader = statement_reader(params)
        if params.learn:
            reader.models = learn_models(parts, pointers, texts, reader.nodes, params)
        reading = read_statements(texts, reader)
    result = make_labels(find_signals(codes, pointers), suggestions(reading), params)
    shares = node_shares(parts, pointers, result.held, activity.select("record_id"), params)
    return StepResult(
        tables={
            "core_label": result.labels,
            "core_node_share": shares,
            "core_pve_marker": _pve_markers(activity, markers(reading), result.held, params),
            "core_text_language": text_languages(activity, reading),
        },
        issues=[share_sum_issues(parts, activity)],
    )


def _pve_markers(activity: ir.Table, said: ir.Table, held: ir.Table, params: ClassifyParams) -> ir.Table:
    """What the words say, and *specific* for certain where the owner named a node that is so by its own definition."""
    specific = [(f.id, n.id) for f in params.frameworks for n in f.nodes if n.is_pve_specific]
    keys = ibis.literal(False)
    for framework_id, node_id in specific:
        keys = keys | ((held.framework_id == framework_id) & (held.node_id == node_id))
    named = held.filter(held.is_confirmed & keys)
    # An owner's node id may hold any sign: only json knows how to write it.
    texts = {f"{f}/{n}": json.dumps([{"field": "node", "node": f"{f}/{n}"}], ensure_ascii=False) for f, n in specific}
    named = named.group_by("record_id").agg(node=(named.framework_id + "/" + named.node_id).min())
    named = named.mutate(said=named.node.cases(*texts.items(), else_="[]") if texts else ibis.literal("[]"))
    rows = activity.select("record_id").left_join(said, "record_id").drop("record_id_right")
    rows = rows.left_join(named, "record_id")
    is_named = rows.node.notnull()
    return rows.select(
        "record_id",
        level=ibis.ifelse(is_named, "specific", rows.level.fill_null("none")),
        probability=ibis.ifelse(is_named, 1.0, (rows.ppm.cast("float64") / 1_000_000).round(4)),
        evidence=ibis.ifelse(is_named, rows.said, "[" + rows.evidence + "]"),
    )
