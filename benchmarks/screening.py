"""Safeguards at the door: how much of what is planted is found, what real texts are stopped for, what it costs.

Planted cases are those of `tests/records/screening/planted.py`. Real texts are the different free texts of the IATI and
3W files of `CONCERTED_REALDATA`, else `../shared/data`. Whether what was found in them is right was read by one person;
those figures stand in docs/explanation/safeguards.md and no script prints them. Nothing printed here quotes a text.
"""

import gzip
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
from lxml import etree
from tests.records.screening.planted import RULES, cases

from benchmarks._text_units import data_folder
from concerted.classify.due_diligence import ActivityFacts, due_diligence_needed
from concerted.records.screening.kinds import Rules
from concerted.records.screening.screen import screen
from concerted.records.screening.texts import screen_texts

_FREE = ("narrative", "title", "description", "comment")


def main() -> dict[str, Any]:
    """Print the figures and return them."""
    figures = planted()
    folder = data_folder()
    if folder.is_dir():
        texts = list(dict.fromkeys([*iati_texts(folder), *sheet_texts(folder)]))
        figures |= real(texts) | cost(texts) | due_diligence(folder)
    for key, value in figures.items():
        print(f"{key:34} {value}")
    return figures


def planted() -> dict[str, Any]:
    """Recall of the planted cases: together, by part, by kind; and how many are refused outright."""
    found, refused, total = Counter[str](), Counter[str](), Counter[str]()
    for case in cases():
        hits = [
            f for f in screen(case.text, RULES) if f.kind == case.kind and f.start < case.end and case.start < f.end
        ]
        for key in ("all", case.part, case.kind, case.lang):
            total[key] += 1
            found[key] += bool(hits)
            refused[key] += any(f.severity == "refuse" for f in hits)
    return {
        f"planted_{key}": f"{found[key]} of {n} ({found[key] / n:.3f}), {refused[key]} refused"
        for key, n in total.items()
    }


def real(texts: list[str]) -> dict[str, Any]:
    """Findings per 1,000 different real texts, by kind and severity."""
    counts = Counter((f.kind, f.severity) for text in texts for f in screen(text, Rules(finest_level=1)))
    per_1000 = {
        f"real_{kind}_{severity}_per_1000": round(1000 * n / len(texts), 2) for (kind, severity), n in counts.items()
    }
    return {"real_texts": len(texts)} | dict(sorted(per_1000.items()))


def cost(texts: list[str]) -> dict[str, Any]:
    """Processor seconds of a column, as readers screen it, and of texts one by one with all rules."""
    column = pa.array(texts, pa.string())
    screen_texts(column)
    start = time.process_time()
    screen_texts(column)
    between = time.process_time()
    for text in texts[:10_000]:
        screen(text, RULES)
    end = time.process_time()
    size = sum(len(text.encode()) for text in texts)
    return {
        "column_mb_s": round(size / 1e6 / (between - start), 1),
        "texts_one_by_one_per_s": round(min(10_000, len(texts)) / (end - between)),
    }


def due_diligence(folder: Path) -> dict[str, Any]:
    """How many activities of the publishers' files need a due-diligence record, or are asked about."""
    answers: dict[str, str] = {}
    for path in sorted((folder / "iati" / "publishers").glob("*.xml.gz")):
        with gzip.open(path) as stream:
            for activity in etree.parse(stream).getroot().iter("iati-activity"):
                answers[activity.findtext("iati-identifier") or ""] = due_diligence_needed(facts(activity)).answer
    return {f"due_diligence_{answer}": count for answer, count in sorted(Counter(answers.values()).items())}


def facts(activity: Any) -> ActivityFacts:
    """What the rule looks at."""
    sectors = [*activity.findall("sector"), *activity.findall("transaction/sector")]
    names = [*_texts(activity, "participating-org[@role='4']"), *_texts(activity, "transaction/receiver-org")]
    return ActivityFacts(
        frozenset(s.get("code") or "" for s in sectors if (s.get("vocabulary") or "1") in ("1", "DAC")),
        tuple(dict.fromkeys(names)),
        " / ".join(_texts(activity, "title")),
        " ".join(_texts(activity, "description")),
    )


def _texts(activity: Any, path: str) -> list[str]:
    return [" ".join("".join(element.itertext()).split()) for element in activity.findall(path)]


def iati_texts(folder: Path) -> Iterator[str]:
    """Free texts of all IATI files that can be parsed."""
    for path in sorted((folder / "iati").rglob("*.xml*")):
        if "broken" in path.parts:
            continue
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        root = etree.fromstring(data, etree.XMLParser(recover=True, huge_tree=True, resolve_entities=False))
        for element in root.iter(*_FREE):
            if element.text and element.text.strip():
                yield element.text.strip()


def sheet_texts(folder: Path) -> Iterator[str]:
    """Text cells of the 3W workbooks."""
    for path in sorted((folder / "hxl-3w").glob("*.xlsx")):
        for sheet in openpyxl.load_workbook(path, read_only=True):
            for row in sheet.iter_rows(values_only=True):
                yield from (cell.strip() for cell in row if isinstance(cell, str) and cell.strip())


if __name__ == "__main__":
    main()
