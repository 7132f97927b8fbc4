"""Reference pages made from the data: the frameworks that are shipped, and the fields of a strategy file.

Place on the way: documentation. `make docs` writes the pages; a test holds the committed ones equal to the data.
"""

from collections import Counter
from collections.abc import Iterator

from concerted.codelists import lists
from concerted.codelists.frameworks import (
    LANGS,
    RELATIONS,
    SUPPLY_KINDS,
    Framework,
    load_crosswalks,
    load_framework,
    shipped_frameworks,
    versions,
)
from concerted.codelists.strategy_rows import TABLES, fields, header, sheet_name

MADE = "<!-- Generated from the code by `make docs`; edit the source it names. -->"


def frameworks_page() -> str:
    """The shipped frameworks with their dates, nodes and crosswalks, as Markdown."""
    lines = [
        MADE,
        "# Frameworks",
        "",
        "Trees that activities are read against. A framework is data: a version with its dates and source, nodes named "
        "in French, English and Arabic, and words by which texts are read. A crosswalk says what a foreign code is, "
        "seen from the node: *exact*, *narrower* (part of it), *broader* (more than it) or *related* (overlapping).",
    ]
    for name in shipped_frameworks():
        lines += ["", *_framework(load_framework(name))]
    return "\n".join(lines) + "\n"


def strategy_file_page() -> str:
    """Sheets and columns of a strategy file in three languages, as Markdown."""
    lines = [
        MADE,
        "# The strategy file",
        "",
        "Fields of the YAML form, and what the columns of a workbook are called. Headers may be in any of the three "
        "languages or the name of the field, in any case, with or without accents. Sheets and columns whose name "
        "begins with `#` are left aside. [Load a strategy](../how-to/load-a-strategy.md) shows a whole one.",
    ]
    for table in TABLES:
        lines += ["", f"## {table}", "", "| field | français | English | العربية |", "|---|---|---|---|"]
        lines += [f"| (sheet) | {' | '.join(sheet_name(table, lang) for lang in LANGS)} |"]
        lines += [f"| `{f}` | {' | '.join(header(table, f, lang) for lang in LANGS)} |" for f in fields(table)]
    lines += ["", "## Words", "", "| list | code | français | English | العربية |", "|---|---|---|---|---|"]
    for list_id, codes in (("strategy_status", None), ("relation", None), ("finance_kind", SUPPLY_KINDS)):
        for code in codes or lists.labels(list_id, "en"):
            names = " | ".join(lists.label(list_id, code, lang) or "" for lang in LANGS)
            lines.append(f"| {list_id} | `{code}` | {names} |")
    return "\n".join(lines) + "\n"


def _framework(framework: Framework) -> Iterator[str]:
    yield f"## {framework.name['en']} (`{framework.id}`)"
    yield ""
    for version in versions(framework.id):
        dated = load_framework(f"{framework.id}@{version}")
        span = f"{dated.valid_from} to {dated.valid_to or 'today'}"
        act = f", {dated.adopted_by}" if dated.adopted_by else ""
        yield f"- version {version}: {span}, {lists.label('strategy_status', dated.status, 'en')}{act}. {dated.source}."
        if dated.note:
            yield f"  {dated.note['en']}"
    rows = Counter((row.from_vocabulary, row.relation) for row in load_crosswalks(framework.id))
    if rows:
        yield ""
        yield "| crosswalk rows from | exact | narrower | broader | related |"
        yield "|---|---|---|---|---|"
        for vocabulary in sorted({v for v, _ in rows}):
            name = lists.label("SectorVocabulary", vocabulary, "en") or f"`{vocabulary}`"
            yield f"| {name} | {' | '.join(str(rows[vocabulary, relation]) for relation in RELATIONS)} |"
    yield ""
    if len(framework.nodes) > 20:
        yield f"{len(framework.nodes)} nodes, listed in `codelists/frameworks/{framework.id}.csv`."
        return
    yield "| node | français | English | العربية | words fr, en, ar |"
    yield "|---|---|---|---|---|"
    for node in framework.nodes:
        names = " | ".join(node.name[lang] for lang in LANGS)
        yield f"| `{node.id}` | {names} | {', '.join(str(len(node.lexicon.get(lang, ()))) for lang in LANGS)} |"
