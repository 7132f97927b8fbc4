"""What text alone says of framework nodes, measured on publishers that were not learnt from.

Run `python -m benchmarks.classify_text`. Real IATI files are looked for in `CONCERTED_REALDATA`, else `../shared/data`.
Unit: one activity in one detected language (title and descriptions, 2,000 characters), equal texts of a publisher once.
Truth: what the publisher's own purpose code with the largest share points at. Five folds hold whole publishers out;
everything that is fitted (words, fusion, temperature) is fitted inside the other four, by folds of publishers again.
"""

import gzip
import os
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from lxml import etree

from concerted.classify.language import language_candidates
from concerted.classify.learned import (
    Floats,
    Fusion,
    Sample,
    balanced_folds,
    described,
    fit_fusion,
    joined,
    learn,
    publisher_votes,
    reader_scores,
    softmax,
)
from concerted.classify.marker import MarkerReader
from concerted.classify.marker_words import marker_words
from concerted.classify.nodes import NodeReader, TextPart
from concerted.classify.texts import StatementReader
from concerted.codelists.frameworks import Framework, load_crosswalks, load_framework, shipped_frameworks

LANGUAGES = ("en", "fr", "ar", "es", "pt", "de", "nl", "sv", "it")
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
OUTER_FOLDS, CHARS, BINS = 5, 2_000, 10
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Unit:
    """One activity in one language."""

    publisher: str
    lang: str
    parts: tuple[TextPart, ...]
    code: str


@dataclass(frozen=True)
class Task:
    """Units with the nodes that their code points at; the first one is what systems learn."""

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


def data_folder() -> Path:
    """Where the real files are."""
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
        sums: Counter[str] = Counter()
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
        parts = (TextPart.of("title", title), TextPart.of("description", body))
        if lang in ("en", "fr"):
            units.setdefault(lang, Unit(publisher, lang, parts, code))
    return list(units.values())


def make_task(framework_id: str, units: Sequence[Unit], relations: Sequence[str]) -> Task:
    """Units whose code points at nodes of the framework by one of the relations, the first relation that does."""
    points: dict[tuple[str, str], list[str]] = {}
    for row in load_crosswalks(framework_id):
        if row.from_vocabulary == "1":
            points.setdefault((row.from_code, row.relation), []).append(row.node_id)
    kept, truths = [], []
    for unit in units:
        for relation in relations:
            if nodes := points.get((unit.code, relation)):
                kept.append(unit)
                truths.append(tuple(sorted(nodes)))
                break
    return Task(load_framework(framework_id), kept, truths)


Predictor = Callable[[Task, NodeReader, Bools, Bools], Floats]


def majority(task: Task, reader: NodeReader, train: Bools, test: Bools) -> Floats:
    """The frequencies of the other publishers, whatever the text."""
    counts = np.bincount(task.target[train], minlength=len(task.nodes)) + 1.0
    return np.tile(counts / counts.sum(), (int(test.sum()), 1))


def nearest(task: Task, reader: NodeReader, train: Bools, test: Bools) -> Floats:
    """TF-IDF cosine to the nearest description (names, definitions and code names in French and English)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = descriptions(task.framework)
    names = TfidfVectorizer(sublinear_tf=True)
    words = [joined(u.parts) for u in task.units]
    names.fit([w for w, used in zip(words, train, strict=True) if used] + [t for _, t in texts])
    near = (names.transform(words) @ names.transform([t for _, t in texts]).T).toarray()
    owners = np.array([task.nodes.index(n) for n, _ in texts])
    best = np.stack([near[:, owners == i].max(axis=1) for i in range(len(task.nodes))], axis=1)
    return _tempered(task, best, np.zeros_like(best), np.zeros_like(best), train, test)


def lexicon_only(task: Task, reader: NodeReader, train: Bools, test: Bools) -> Floats:
    """The shipped word lists and definitions; two numbers are fitted, no words."""
    lexicon, cosine = reader_scores([u.parts for u in task.units], reader, task.framework.id, task.nodes)
    return _tempered(task, np.zeros_like(lexicon), lexicon, cosine, train, test)


def learned(task: Task, reader: NodeReader, train: Bools, test: Bools) -> Floats:
    """The word model fused with the lexicon, as the build learns it."""
    samples = [
        Sample(u.parts, u.publisher, t[0]) for u, t, used in zip(task.units, task.truths, train, strict=True) if used
    ]
    model = learn(task.framework, samples, descriptions(task.framework), reader)
    if model is None:
        raise SystemExit(f"{len(samples)} samples are too few to learn {task.framework.id} from")
    tested = [u for u, used in zip(task.units, test, strict=True) if used]
    found = [model.probabilities(u.parts, reader.scores(u.parts)) for u in tested]
    return np.array([[p[n] for n in task.nodes] for p in found])


def descriptions(framework: Framework) -> list[tuple[str, str]]:
    """What is written about the nodes, the names of the DAC codes that lead to them included."""
    names = {n.code: n.name for n in load_framework("dac").nodes}
    rows = [
        r for r in load_crosswalks(framework.id) if r.from_vocabulary == "1" and r.relation in ("exact", "narrower")
    ]
    return described(framework, [(r.node_id, names[r.from_code]) for r in rows if r.from_code in names])


def _tempered(task: Task, words: Floats, lexicon: Floats, cosine: Floats, train: Bools, test: Bools) -> Floats:
    """Probabilities from raw scores, the weights fitted on the training publishers."""
    votes = publisher_votes([u.publisher for u, used in zip(task.units, train, strict=True) if used], 0.5)
    fusion: Fusion = fit_fusion(words[train], lexicon[train], cosine[train], task.target[train], votes)
    return softmax(fusion.logits(words[test], lexicon[test], cosine[test]))


def evaluate(task: Task, predict: Predictor) -> tuple[Floats, float]:
    """Probabilities for every unit, each from a model that saw no text of its publisher; seconds for all folds."""
    reader = NodeReader.of([task.framework])
    fold = balanced_folds([u.publisher for u in task.units], OUTER_FOLDS)
    result = np.zeros((len(task.units), len(task.nodes)))
    began = time.perf_counter()
    for number in range(OUTER_FOLDS):
        result[fold == number] = predict(task, reader, fold != number, fold == number)
    return result, time.perf_counter() - began


def figures(task: Task, p: Floats, of: Bools) -> dict[str, float]:
    """top-1, top-3, macro-F1 and calibration error over some units; any node of the code counts as right."""
    nodes = task.nodes
    truths = [t for t, used in zip(task.truths, of, strict=True) if used]
    order = np.argsort(-p[of], axis=1, kind="stable")
    hits = np.array([[nodes[c] in t for c in row[:3]] for row, t in zip(order, truths, strict=True)])
    said = [nodes[row[0]] for row in order]
    true = [s if s in t else t[0] for s, t in zip(said, truths, strict=True)]
    f1 = []
    for node in nodes:
        both = sum(s == t == node for s, t in zip(said, true, strict=True))
        total = sum(s == node for s in said) + sum(t == node for t in true)
        if node in true:
            f1.append(2 * both / total)
    sure = p[of].max(axis=1)
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    error = sum(abs(hits[bins == b, 0].mean() - sure[bins == b].mean()) * (bins == b).mean() for b in set(bins))
    return {
        "n": len(truths),
        "top1": hits[:, 0].mean(),
        "top3": hits.any(axis=1).mean(),
        "f1": np.mean(f1),
        "ece": error,
    }


def speed(units: Sequence[Unit]) -> float:
    """Texts per second that the step reads on one core: all frameworks, marker and language together."""
    reader = StatementReader(
        NodeReader.of([load_framework(f) for f in shipped_frameworks()]),
        MarkerReader.of(marker_words()),
        LANGUAGES,
        CHARS,
    )
    texts = [[p.text for p in u.parts] for u in units[:6_000]]
    best = 0.0
    # The first two thousand fill the memory of words; a million texts are read at the speed of the rest.
    for start in range(0, len(texts), 2_000):
        began = time.process_time()
        for title, body in texts[start : start + 2_000]:
            reader.read(title, body, "", True, True)
        best = max(best, len(texts[start : start + 2_000]) / (time.process_time() - began))
    return best


SYSTEMS: dict[str, Predictor] = {
    "majority": majority,
    "nearest description": nearest,
    "lexicon (shipped)": lexicon_only,
    "lexicon + learnt words": learned,
}
#: Name of the task: framework, and the relations by which a code counts as pointing at a node.
TASKS = {
    "dac-groups": ("dac-groups", ("exact", "narrower", "related")),
    "pve-plan": ("pve-plan", ("exact", "narrower")),
    "pve+related": ("pve-plan", ("exact", "narrower", "related")),
    "un-gcts": ("un-gcts", ("exact", "narrower")),
}


def run() -> dict[str, Any]:
    """All figures by task, system and language."""
    units = read_units(data_folder())
    result: dict[str, Any] = {"texts_per_second": speed(units)}
    for task_name, (framework_id, relations) in TASKS.items():
        task = make_task(framework_id, units, relations)
        langs = np.array([u.lang for u in task.units])
        for name, predict in SYSTEMS.items():
            p, seconds = evaluate(task, predict)
            for lang in ("all", "en", "fr"):
                of = np.ones(len(langs), bool) if lang == "all" else langs == lang
                result[f"{task_name}|{name}|{lang}"] = figures(task, p, of) | {"seconds": seconds}
    return result


def main() -> dict[str, Any]:
    """Print a compact table and return its figures."""
    result = run()
    print(f"{result['texts_per_second']:,.0f} texts/s on one core (all frameworks, marker, language)")
    print(f"{'task':11} {'system':23} {'lang':4} {'n':>5} {'top1':>6} {'top3':>6} {'mF1':>6} {'ECE':>6}")
    for key, row in result.items():
        if isinstance(row, dict):
            task, name, lang = key.split("|")
            numbers = " ".join(f"{row[k]:6.3f}" for k in ("top1", "top3", "f1", "ece"))
            print(f"{task:11} {name:23} {lang:4} {row['n']:5} {numbers}")
    return result


if __name__ == "__main__":
    main()
