"""Learning from this edition: which statements are learnt from, and the models that come of it.

Place on the way: step 5, only with `ClassifyParams.learn`. Enters: codes, pointers and documents; leaves: one word
model per framework with a lexicon. Statements whose codes lead to no node of the framework are learnt as UNCLASSIFIED,
so that a model also knows what is not meant.
"""

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.classify.learned import Sample, WordModel, described, learn
from concerted.classify.nodes import NodeReader
from concerted.classify.params import ClassifyParams
from concerted.classify.signals import find_signals
from concerted.classify.words import TextPart
from concerted.codelists.frameworks import Framework, load_framework
from concerted.model.errors import ConfigError
from concerted.model.tables import ON_ACTIVITY, UNCLASSIFIED

#: Statements learnt from, the first by record_id: ids are hashes, so this is a sample that does not depend on order.
MAX_STATEMENTS = 20_000
#: Vocabularies that every donor uses; own codes are known to too few to be learnt from.
LEARNT_VOCABULARIES = ("1", "2")


def learn_models(
    parts: ir.Table, pointers: pa.Table, documents: ir.Table, reader: NodeReader, params: ClassifyParams
) -> dict[str, WordModel]:
    """A word model per framework with a lexicon; frameworks with too few coded statements have none.

    Args:
        parts: from `shares.code_parts`.
        pointers: from `pointers.pointer_table`.
        documents: from `texts.documents`.
        reader: the lexicons.
        params: frameworks and crosswalks.

    Raises:
        ConfigError: the extra `text` (scikit-learn) is not installed.
    """
    try:
        import sklearn  # noqa: F401 (only whether it is there)
    except ImportError as error:
        raise ConfigError("learning from texts needs the extra `text`: pip install 'concerted[text]'") from error
    models: dict[str, WordModel] = {}
    for framework in params.frameworks:
        if framework.id in reader.frameworks:
            rows = _coded(parts, pointers, documents, framework.id).to_pyarrow().to_pylist()
            samples = [_sample(row) for row in rows]
            model = learn(framework, samples, described(framework, _code_names(framework, params)), reader)
            if model is not None:
                models[framework.id] = model
    return models


def _coded(parts: ir.Table, pointers: pa.Table, documents: ir.Table, framework_id: str) -> ir.Table:
    """Statements with a code, their text, and the node that the largest part of their codes points at."""
    own = parts.filter((parts.transaction_seq == ON_ACTIVITY) & parts.vocabulary.isin(LEARNT_VOCABULARIES))
    met = find_signals(own, pointers).filter(ibis._.framework_id == framework_id)
    sums = met.group_by("record_id", "node_id").agg(part=met.part.sum(), ppm=met.ppm.max())
    order = [sums.part.desc(), sums.ppm.desc(), sums.node_id]
    first = sums.mutate(place=ibis.row_number().over(group_by=sums.record_id, order_by=order)).filter(ibis._.place == 0)
    coded = own.select("record_id").distinct().left_join(first, "record_id").select("record_id", "node_id")
    rows = coded.join(documents, "record_id").select("record_id", "node_id", "publisher", "title", "description")
    return rows.filter((rows.title + rows.description) != "").order_by("record_id").limit(MAX_STATEMENTS)


def _sample(row: Mapping[str, str | None]) -> Sample:
    parts = tuple(TextPart(name, row[name] or "") for name in ("title", "description"))
    return Sample(parts, row["publisher"] or "", row["node_id"] or UNCLASSIFIED)


def _code_names(framework: Framework, params: ClassifyParams) -> Sequence[tuple[str, Mapping[str, str]]]:
    """(node_id, names) of the DAC codes that are part of a node."""
    names = {node.code: node.name for node in load_framework("dac").nodes}
    rows = [*params.crosswalks, *framework.crosswalks]
    return [
        (row.node_id, names[row.from_code])
        for row in rows
        if row.framework_id == framework.id
        and row.from_vocabulary == "1"
        and row.relation in ("exact", "narrower")
        and row.from_code in names
    ]
