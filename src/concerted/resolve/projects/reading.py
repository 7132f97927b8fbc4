"""The texts and identifiers of one input as tokens: what projects are compared by and needs nothing but the input.

Place on the way: before resolve, per input, in workers. Enters: statements, narratives and references of one input.
Leaves: `rec_project_tokens`, one row per statement.
"""

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from concerted.codelists.lexicon import folded_words
from concerted.resolve.projects.meanings import code_forms, codes, title_tokens

NAME = "project_tokens"
SCHEMA = pa.schema(
    [
        ("record_id", pa.int64()),
        ("title", pa.string()),  # tokens of the title in all its languages, once each, joined by blanks
        ("letters", pa.string()),  # words of its first title, folded, in the order of the alphabet
        ("text", pa.string()),  # tokens of the beginning of the description, once each
        ("own_codes", pa.string()),  # the statement's own identifier and what it is called elsewhere
        ("named_codes", pa.string()),  # codes that its texts and references name
    ]
)
INPUTS = (
    "activity",
    "narrative",
    "identifier",
    "related_activity",
    "participating_org",
    "transaction",
)
#: Of a description this many characters are read: its beginning says what it is, its end is boilerplate.
READ_CHARS = 800
#: A statement keeps this many codes of a kind, the first in their order.
MAX_CODES = 40


#: Where statements name other activities: columns by record table.
NAMED_IN = {
    "related_activity": ("ref",),
    "participating_org": ("activity_ref",),
    "transaction": ("provider_activity_ref", "receiver_activity_ref"),
}


def applies(params: Any) -> bool:
    """Always."""
    return True


def told(params: Any) -> Any:
    """Nothing: words are part of the code."""
    return None


def compute(tables: dict[str, pa.Table], params: Any, key: str, known: pa.Table | None = None) -> pa.Table:
    """`rec_project_tokens` of one input; all is read again, it takes 0.3 ms a statement."""
    activity = tables["activity"]
    columns = (
        activity[name].to_pylist() for name in ("record_id", "identifier", "reporting_org_ref", "title", "description")
    )
    titles = _titles(tables["narrative"])
    others = _refs(tables["identifier"], "ref")
    named: dict[int, set[str]] = {}
    for name, columns_of in NAMED_IN.items():
        for column in columns_of:
            for record, refs in _refs(tables[name], column).items():
                named.setdefault(record, set()).update(refs)
    rows = [
        read_statement(
            record, identifier, reporter, [title or "", *titles.get(record, ())], description or "",
            others.get(record, ()), named.get(record, ()),
        )
        for record, identifier, reporter, title, description in zip(*columns, strict=True)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def read_statement(
    record: int,
    identifier: str | None,
    reporter: str | None,
    titles: Iterable[str],
    description: str,
    others: Iterable[str] = (),
    named: Iterable[str] = (),
) -> dict[str, Any]:
    """One row of `rec_project_tokens`."""
    texts = sorted({title for title in titles if title})
    read = description[:READ_CHARS]
    own = {code for other in others for code in code_forms(other)}
    if identifier:
        own.update(code_forms(identifier), code_forms(_local(identifier, reporter)))
    said = [code for text in (*texts, read) for code in codes(text)]
    said += [code for ref in sorted(set(named)) for code in code_forms(ref)]
    return {
        "record_id": record,
        "title": " ".join(sorted({token for text in texts for token in title_tokens(text)})),
        "letters": " ".join(sorted(folded_words(texts[0]))) if texts else "",
        "text": " ".join(sorted(set(title_tokens(read)))),
        "own_codes": " ".join(sorted(own)[:MAX_CODES]),
        "named_codes": " ".join(sorted(set(said) - own)[:MAX_CODES]),
    }


def _local(identifier: str, reporter: str | None) -> str:
    """An identifier without the reporter's reference that it begins with."""
    if reporter and identifier.upper().startswith(f"{reporter.strip().upper()}-"):
        return identifier[len(reporter.strip()) + 1 :]
    return identifier


def _titles(narrative: pa.Table) -> dict[int, list[str]]:
    import pyarrow.compute as pc

    rows = narrative.filter(pc.equal(narrative["field"], "title")).select(["record_id", "text"])
    found: dict[int, list[str]] = {}
    for record, text in zip(rows["record_id"].to_pylist(), rows["text"].to_pylist(), strict=True):
        found.setdefault(record, []).append(text)
    return found


def _refs(table: pa.Table, column: str) -> dict[int, set[str]]:
    import pyarrow.compute as pc

    rows = table.filter(pc.is_valid(table[column])).select(["record_id", column])
    found: dict[int, set[str]] = {}
    for record, ref in zip(rows["record_id"].to_pylist(), rows[column].to_pylist(), strict=True):
        found.setdefault(record, set()).add(ref)
    return found
