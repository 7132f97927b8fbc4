"""The texts of one input, read: the part of classify that needs nothing but the input and the word lists.

Place on the way: before step 5, per input, in workers. Enters: activities, narratives and sectors of one input.
Leaves: `rec_reading`, the lines of `StatementReader.read` by record_id.
"""

from contextlib import closing
from typing import Any

import ibis
import pyarrow as pa

from concerted.classify.params import ClassifyParams
from concerted.classify.texts import StatementReader, documents, statement_reader
from concerted.store.backend import Backend
from concerted.store.duck import NO_EXTENSIONS

NAME = "reading"
SCHEMA = pa.schema([("record_id", pa.int64()), ("lines", pa.string())])
INPUTS = ("activity", "narrative", "sector")

_readers: dict[str, StatementReader] = {}


def applies(params: ClassifyParams) -> bool:
    """Not when models are learnt: they come from all inputs of the edition together."""
    return not params.learn


def told(params: ClassifyParams) -> Any:
    """Frameworks with their words, the languages to tell apart, and how far texts are read."""
    words = [
        [f.id, n.id, n.parent_id, dict(n.name), dict(n.definition), dict(n.lexicon), dict(n.exclusions)]
        for f in params.frameworks
        for n in f.nodes
    ]
    return [words, params.languages, params.max_chars]


def compute(tables: dict[str, pa.Table], params: ClassifyParams, key: str) -> pa.Table:
    """`rec_reading` of one input; `key` stands for what `told` gives."""
    have = {name: ibis.memtable(table) for name, table in tables.items()}
    # Not Ibis's own connection, which loads pandas: that takes a worker longer than to read the texts of one file.
    with closing(Backend(NO_EXTENSIONS | {"threads": 1})) as engine:
        rows = engine.to_pyarrow(documents(have["activity"], have["narrative"], have["sector"]))
    if key not in _readers:  # compiled once per worker
        _readers.clear()
        _readers[key] = statement_reader(params)
    columns = (rows[c].to_pylist() for c in ("title", "description", "others", "is_dac_15", "is_coded"))
    lines = [_readers[key].read(*row) for row in zip(*columns, strict=True)]
    return pa.table({"record_id": rows["record_id"], "lines": pa.array(lines, pa.string())}, schema=SCHEMA)
