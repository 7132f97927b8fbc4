"""The names of organisations in an IATI organisation file.

Place on the way: step 1 and 2 for `iati-organisations`. Enters: one chunk of whole organisations. Leaves: rows of
`organisation_name`: the organisation, who reports on it, and the organisations it gives to. Files are small, so this is
plain element by element.
"""

import re
from collections import Counter
from collections.abc import Iterator

import pyarrow as pa
from lxml import etree

from concerted.model.tables import rec_schema
from concerted.records.iati.codes import codelists
from concerted.records.iati.typed import lang_of
from concerted.records.screening.texts import codes_of, screen_text
from concerted.sources.base import Batch, Input
from concerted.sources.iati.chunks import Chunk
from concerted.sources.iati.findings import Findings
from concerted.sources.iati.strict import Root

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_READ = frozenset({"organisation-identifier", "iati-identifier", "name", "reporting-org"})
Row = dict[str, str | int | None]


def read_organisations(
    chunk: Chunk, root: Root, source: Input, findings: Findings, known: set[tuple[object, ...]]
) -> Batch:
    """The names in a chunk.

    Args:
        chunk: whole children of the root.
        root: of the document; its namespaces hold.
        source: for paths.
        findings: of the chunk.
        known: (ref, name, lang) that this input has given already; a name is told once.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, recover=True
    )
    # The last chunk closes the root itself; trailing comments are no matter.
    opening = root.tag or b"<iati-organisations>"
    is_closed = re.search(rb"</iati-organisations\s*>", chunk.data) is not None or opening.endswith(b"/>")
    wrapped = opening + chunk.data + (b"" if is_closed else b"</iati-organisations>")
    batch, unread, rows = Batch(), Counter[str](), list[Row]()
    for element in etree.fromstring(wrapped, parser):
        if not isinstance(element.tag, str):
            continue
        line = chunk.first_lines[0] + element.sourceline - 1
        if element.tag != "iati-organisation":
            unread[f"../{element.tag}"] += 1
            findings.add("element_unknown", line=line, field=f"../{element.tag}", found=element.tag)
            continue
        batch.seen += 1
        unread.update(child.tag for child in element if isinstance(child.tag, str) and child.tag not in _READ)
        found = list(_names(element, line))
        if found:
            batch.read += 1
        else:
            batch.set_aside += 1
            findings.add("organisation_empty", line=line, field="organisation_name")
        for row in found:
            row["name"], traces = screen_text(str(row["name"]))
            for code in codes_of(traces):
                findings.add(code, line=line, field="organisation_name.name")
            key = (row["ref"], row["name"], row["lang"])
            if key not in known:
                known.add(key)
                rows.append(row | {"source_id": source.config.source_id, "input_path": source.name})
    if rows:
        schema = rec_schema("organisation_name")
        batch.tables["organisation_name"] = pa.Table.from_pylist(rows, schema=schema)
    batch.unread, batch.issues = dict(unread), findings.issues()
    return batch


def _names(organisation: etree._Element, line: int) -> Iterator[Row]:
    lang = _lang(organisation)
    ref = _text(organisation.find("organisation-identifier")) or _text(organisation.find("iati-identifier"))
    reporting = organisation.find("reporting-org")
    is_own = reporting is not None and ref is not None and _attribute(reporting, "ref") == ref
    type_code = _type(reporting) if is_own else None
    for name in organisation.findall("name"):
        yield from _rows(name, ref, type_code, lang, line)
    if reporting is not None:
        yield from _rows(reporting, _attribute(reporting, "ref"), _type(reporting), lang, line)
    for receiver in organisation.iterfind("recipient-org-budget/recipient-org"):
        yield from _rows(receiver, _attribute(receiver, "ref"), _type(receiver), lang, line)


def _rows(
    element: etree._Element, ref: str | None, type_code: str | None, lang: str | None, line: int
) -> Iterator[Row]:
    """One row per narrative; the element's own text is its name in 1.x."""
    own = _lang(element) or lang
    texts = [(_text(element), own), *((_text(n), _lang(n) or own) for n in element.findall("narrative"))]
    for name, its_lang in texts:
        if name is not None:
            yield {"line": line, "ref": ref, "type_code": type_code, "name": name, "lang": its_lang}


def _text(element: etree._Element | None) -> str | None:
    """Text up to the first element inside, comments left out; None when blank."""
    if element is None:
        return None
    pieces = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            break
        pieces.append(child.tail or "")
    return "".join(pieces).strip() or None


def _attribute(element: etree._Element, name: str) -> str | None:
    return (element.get(name) or "").strip() or None


def _type(element: etree._Element | None) -> str | None:
    code = None if element is None else _attribute(element, "type")
    return None if code is None else codelists()["OrganisationType"].normal(code)[0]


def _lang(element: etree._Element) -> str | None:
    declared = element.get(_LANG) or element.get("lang")
    return None if declared is None else lang_of(declared.strip())
