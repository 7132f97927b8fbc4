"""Which reader reads a document: each reader is asked, found by where it lies.

Place on the way: between finding inputs and reading them. A name and the first bytes enter, the kind leaves; where no
reader knows it, `describe` says in technical words what it looks like.
"""

import importlib
import json
import re
from functools import cache
from pathlib import Path

from concerted.sources.base import Reader
from concerted.sources.opening.workbook import sheet_names

#: How much of a document a reader is shown, decompressed.
HEAD_BYTES = 64 * 1024


@cache
def readers() -> dict[str, Reader]:
    """Every reader by its kind: each `sources/<folder>/reader.py` has a tuple `READERS`.

    Raises:
        ValueError: two readers claim the same kind.
    """
    found: dict[str, Reader] = {}
    for path in sorted(Path(__file__).parent.glob("*/reader.py")):
        module = importlib.import_module(f"concerted.sources.{path.parent.name}.reader")
        for reader in module.READERS:
            if reader.kind in found:
                raise ValueError(f"two readers of kind {reader.kind!r}; the second is in {path}")
            found[reader.kind] = reader
    return found


def detect(name: str, head: bytes) -> str | None:
    """The kind of a document, or None when no reader knows it.

    Readers with `is_fallback = True` (the plain sheet) are asked after all others, so that a general reader never takes
    what a special one knows.

    Args:
        name: its name with endings; `.gz` may still be there.
        head: its first decompressed bytes, up to `HEAD_BYTES`; for a workbook see `opening.workbook.workbook_head`.
    """
    plain = name[:-3] if name.lower().endswith(".gz") else name
    by_order = sorted(readers().items(), key=lambda item: (getattr(item[1], "is_fallback", False), item[0]))
    return next((kind for kind, reader in by_order if reader.recognises(plain, head)), None)


def describe(name: str, head: bytes) -> str:
    """What an unknown document looks like, in the words of its format: `XML <codelist>`, `JSON {meta, data}`."""
    if (sheets := sheet_names(head)) is not None:
        what = "XLSForm questionnaire" if {"survey", "choices"} <= set(sheets) else "workbook"
        return f"{what} with sheets {json.dumps(sheets, ensure_ascii=False)}"
    text = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if not text:
        return "empty"
    if text.startswith("<"):
        root = re.search(r"<([A-Za-z_][\w.:-]*)", text)
        return f"XML <{root.group(1)}>" if root else "XML without a root element"
    if text.startswith(("{", "[")):
        keys = list(dict.fromkeys(re.findall(r'"([^"\\]{1,40})"\s*:', text)))[:4]
        return f"JSON with {json.dumps(keys, ensure_ascii=False)}"
    if b"\x00" in head[:1024]:
        return f"binary, starts with {head[:4].hex()}"
    return f"text, starts with {text.splitlines()[0][:40]!r}"
