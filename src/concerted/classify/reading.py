"""The texts of one input, read: the part of classify that needs nothing but the input and the word lists.

Place on the way: before step 5, per input, in workers. Enters: activities, narratives and sectors of one input.
Leaves: `rec_reading`, the lines of `StatementReader.read` by record_id, and by `text_key`, a hash of the texts and of
how they are read: a text that was read in an earlier state of the input is not read again.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from concerted.classify.params import ClassifyParams
from concerted.classify.texts import FIELD, PART, READ_FIELDS, Statement, StatementReader, statement_reader

NAME = "reading"
SCHEMA = pa.schema([("record_id", pa.int64()), ("lines", pa.string()), ("text_key", pa.binary())])
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


def compute(tables: dict[str, pa.Table], params: ClassifyParams, key: str, known: pa.Table | None = None) -> pa.Table:
    """`rec_reading` of one input; `key` stands for what `told` gives. Texts that `known` has are not read again."""
    texts = statements(tables)
    text_keys = _text_keys(texts, key)
    read: dict[bytes, str] = {}
    if known is not None:
        read = dict(zip(known["text_key"].to_pylist(), known["lines"].to_pylist(), strict=True))
    new = {text_key: text for text_key, text in zip(text_keys, texts, strict=True) if text_key not in read}
    read.update(zip(new, _reader(params, key).read_all([*new.values()]), strict=True) if new else ())
    lines = [read[text_key] for text_key in text_keys]
    return pa.table(
        [tables["activity"]["record_id"], pa.array(lines, pa.string()), pa.array(text_keys, pa.binary())], schema=SCHEMA
    )


def statements(tables: dict[str, pa.Table]) -> list[Statement]:
    """What is read of each activity of one input, as `texts.documents` has it (a test holds them together).

    Not by an engine: to open one and to join three tables takes it longer than to read the texts of most inputs.
    """
    activity, sector = tables["activity"], tables["sector"]
    records = activity["record_id"].to_pylist()
    titles, descriptions = (activity[name].fill_null("").to_pylist() for name in ("title", "description"))
    others = _others(tables["narrative"], dict(zip(records, zip(titles, descriptions, strict=True), strict=True)))
    is_dac = pc.equal(sector["vocabulary_code"].fill_null("1"), "1")
    is_dac_15 = pc.and_kleene(is_dac, pc.starts_with(sector["code"], "15")).fill_null(False)
    coded = set(sector["record_id"].to_pylist())
    dac_15 = set(sector["record_id"].filter(is_dac_15).to_pylist())
    return [
        (title, description, PART.join(sorted(others.get(record, ()))), record in dac_15, record in coded)
        for record, title, description in zip(records, titles, descriptions, strict=True)
    ]


def _others(narrative: pa.Table, first: Mapping[int, tuple[str, str]]) -> dict[int, list[str]]:
    """Further texts by record, each behind its place; `first` are titles and descriptions."""
    wanted = pc.and_(pc.is_in(narrative["field"], pa.array(READ_FIELDS)), pc.is_valid(narrative["text"]))
    rows = narrative.select(["record_id", "field", "seq", "text"]).filter(wanted)
    result: dict[int, list[str]] = defaultdict(list)
    for record, name, seq, text in zip(*(column.to_pylist() for column in rows.columns), strict=True):
        if record in first and seq is not None and text not in first[record]:
            text = text.replace(PART, " ").replace(FIELD, " ")
            result[record].append(f"{name}|{str(seq).rjust(5, '0')}|{FIELD}{text}")
    return result


def _text_keys(texts: Sequence[Statement], key: str) -> list[bytes]:
    """A hash of each text and of how it is read; `key` may be long, so it is hashed once."""
    rules, result = sha256(key.encode()), []
    for text in texts:
        digest = rules.copy()
        digest.update(repr(text).encode())
        result.append(digest.digest())
    return result


def _reader(params: ClassifyParams, key: str) -> StatementReader:
    """The reader of texts, compiled once per worker."""
    if key not in _readers:
        _readers.clear()
        _readers[key] = statement_reader(params)
    return _readers[key]
