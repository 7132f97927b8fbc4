"""Real texts with the codes that their publishers gave them: what `classify_text` and `fit_text_curves` measure on.

Unit: one activity in one detected language (title and descriptions, 2,000 characters), equal texts of a publisher once.
Truth: what the publisher's own purpose code with the largest share points at. Publishers are divided once, by a hash of
their identifier: word lists and curves are worked on with the development half in view; of the held-out half nobody
reads texts, only figures.
"""

import gzip
import hashlib
import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from lxml import etree

from concerted.classify.language import language_candidates
from concerted.classify.words import TextPart
from concerted.codelists.frameworks import Framework, load_crosswalks, load_framework

LANGUAGES = ("en", "fr", "ar", "es", "pt", "de", "nl", "sv", "it")
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
CHARS = 2_000
Bools = npt.NDArray[np.bool_]
Half = Literal["development", "held out"]


@dataclass(frozen=True)
class Unit:
    """One activity in one language."""

    publisher: str
    lang: str
    parts: tuple[TextPart, ...]
    code: str


@dataclass(frozen=True)
class Task:
    """Units with the nodes that their code points at (none where at none); the first is what systems learn."""

    framework: Framework
    units: list[Unit]
    truths: list[tuple[str, ...]]

    @property
    def nodes(self) -> tuple[str, ...]:
        """Node ids in the order of the framework."""
        return tuple(n.id for n in self.framework.nodes)

    @property
    def target(self) -> npt.NDArray[np.int64]:
        """Column of the first true node."""
        return np.array([self.nodes.index(t[0]) for t in self.truths])

    @property
    def true(self) -> Bools:
        """One row per unit, one column per node."""
        return np.array([[node in truth for node in self.nodes] for truth in self.truths])

    def of(self, lang: str | None = None, half: Half | None = None) -> Bools:
        """Which units are in one language and one half; None means all."""
        return np.array(
            [lang in (None, u.lang) and half in (None, half_of(u.publisher)) for u in self.units], dtype=bool
        )


def half_of(publisher: str) -> Half:
    """The half a publisher is in, for good: the last bit of the SHA-256 of its identifier."""
    return "held out" if hashlib.sha256(publisher.encode()).digest()[-1] % 2 else "development"


def data_folder() -> Path:
    """Where the real files are: `CONCERTED_REALDATA`, else `../shared/data`."""
    return Path(os.environ.get("CONCERTED_REALDATA") or Path(__file__).parents[2] / "shared" / "data")


def read_units(folder: Path) -> list[Unit]:
    """Units of all publishers' files."""
    units: list[Unit] = []
    seen: set[tuple[str, str]] = set()
    for path in sorted((folder / "iati" / "publishers").glob("*.xml.gz")):
        with gzip.open(path) as stream:
            for activity in etree.parse(stream).getroot().iter("iati-activity"):
                code = main_code(activity)
                if code is None:
                    continue
                publisher = activity.find("reporting-org").get("ref") or ""
                for unit in _by_language(activity, publisher, code):
                    key = (publisher, " ".join(p.text for p in unit.parts))
                    if key not in seen:
                        seen.add(key)
                        units.append(unit)
    return units


def main_code(activity: Any) -> str | None:
    """The DAC purpose code with the largest share, of the transactions where the activity has none."""
    for elements in (activity.findall("sector"), activity.findall("transaction/sector")):
        sums: dict[str, float] = defaultdict(float)
        for element in elements:
            code = (element.get("code") or "").strip()
            if (element.get("vocabulary") or "1") in ("1", "DAC") and len(code) == 5 and code.isdigit():
                sums[code] += float(element.get("percentage") or 100 / len(elements))
        if sums:
            return min(sums, key=lambda c: (-sums[c], c))
    return None


def _by_language(activity: Any, publisher: str, code: str) -> list[Unit]:
    """Texts are put together by declared language, then told apart by the detected one."""
    texts: dict[str, dict[str, list[str]]] = {}
    default = activity.get(XML_LANG) or ""
    for field in ("title", "description"):
        for element in activity.findall(field):
            for narrative in element.findall("narrative") or [element]:
                text = " ".join("".join(narrative.itertext()).split())
                if text:
                    lang = narrative.get(XML_LANG) or default
                    texts.setdefault(lang, {"title": [], "description": []})[field].append(text)
    any_title = next((t["title"][0] for t in texts.values() if t["title"]), "")
    units: dict[str, Unit] = {}
    for fields in texts.values():
        title = " ".join(fields["title"]) or any_title
        body = " ".join(fields["description"])[: max(0, CHARS - len(title))]
        found = language_candidates(f"{title}. {body}", LANGUAGES)
        lang = found[0][0] if found else "en"
        parts = (TextPart("title", title), TextPart("description", body))
        if lang in ("en", "fr"):
            units.setdefault(lang, Unit(publisher, lang, parts, code))
    return list(units.values())


def make_task(framework_id: str, units: Sequence[Unit], relations: Sequence[str], *, with_others: bool = False) -> Task:
    """Units whose code points at nodes of the framework by one of the relations, the first relation that does.

    `with_others` keeps units whose code points at none, as a build meets them.
    """
    points: dict[tuple[str, str], list[str]] = {}
    for row in load_crosswalks(framework_id):
        if row.from_vocabulary == "1":
            points.setdefault((row.from_code, row.relation), []).append(row.node_id)
    kept, truths = [], []
    for unit in units:
        found = (points.get((unit.code, relation), ()) for relation in relations)
        nodes = tuple(sorted(next((nodes for nodes in found if nodes), ())))
        if nodes or with_others:
            kept.append(unit)
            truths.append(nodes)
    return Task(load_framework(framework_id), kept, truths)
