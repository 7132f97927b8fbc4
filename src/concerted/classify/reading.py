"""The texts of one input, read: the part of classify that needs nothing but the input and the word lists.

Place on the way: before step 5, per input, in workers. Enters: activities, narratives and sectors of one input.
Leaves: `rec_reading`, the lines of `StatementReader.read` by record_id, and by `text_key`, a hash of the texts and of
how they are read: a text that was read in an earlier state of the input is not read again.
"""

from contextlib import closing
from hashlib import sha256
from typing import Any

import ibis
import pyarrow as pa

from concerted.classify.params import ClassifyParams
from concerted.classify.texts import StatementReader, documents, statement_reader
from concerted.store.backend import Backend
from concerted.store.duck import NO_EXTENSIONS

NAME = "reading"
SCHEMA = pa.schema([("record_id", pa.int64()), ("lines", pa.string()), ("text_key", pa.binary())])
INPUTS = ("activity", "narrative", "sector")

#: What is read of a statement, and what else decides how.
_TEXTS = ("title", "description", "others", "is_dac_15", "is_coded")

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


def compute(tables: dict[str, pa.Table], params: ClassifyParams, key: str, known: pa.Table | None = None) -> pa.Table:
    """`rec_reading` of one input; `key` stands for what `told` gives. Texts that `known` has are not read again."""
    have = {name: ibis.memtable(table) for name, table in tables.items()}
    # Not Ibis's own connection, which loads pandas: that takes a worker longer than to read the texts of one file.
    with closing(Backend(NO_EXTENSIONS | {"threads": 1})) as engine:
        rows = engine.to_pyarrow(documents(have["activity"], have["narrative"], have["sector"]))
    texts = [*zip(*(rows[name].to_pylist() for name in _TEXTS), strict=True)]
    text_keys = [sha256(repr((key, *text)).encode()).digest() for text in texts]
    read: dict[bytes, str] = {}
    if known is not None:
        read = dict(zip(known["text_key"].to_pylist(), known["lines"].to_pylist(), strict=True))
    for text, text_key in zip(texts, text_keys, strict=True):
        if text_key not in read:
            read[text_key] = _reader(params, key).read(*text)
    lines = [read[text_key] for text_key in text_keys]
    return pa.table([rows["record_id"], pa.array(lines, pa.string()), pa.array(text_keys, pa.binary())], schema=SCHEMA)


def _reader(params: ClassifyParams, key: str) -> StatementReader:
    """The reader of texts, compiled once per worker."""
    if key not in _readers:
        _readers.clear()
        _readers[key] = statement_reader(params)
    return _readers[key]
