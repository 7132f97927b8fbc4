"""What text alone says of framework nodes, measured on publishers that were not learnt from.

Run `python -m benchmarks.classify_text`. `_text_units` says what is measured on and how publishers are divided. Five
folds hold whole publishers out; everything that is fitted (words, fusion, temperature) is fitted inside the other four,
by folds of publishers again. Two systems fit nothing at all: `word lists (shipped)` are what a build does.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from benchmarks._text_units import CHARS, LANGUAGES, Bools, Half, Task, Unit, data_folder, make_task, read_units
from benchmarks.fit_text_curves import reliability, suggested
from concerted.classify.language import detector
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
from concerted.classify.nodes import NodeReader
from concerted.classify.texts import StatementReader
from concerted.codelists.frameworks import Framework, load_crosswalks, load_framework, shipped_frameworks

OUTER_FOLDS, BINS = 5, 10

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


def shipped(task: Task, reader: NodeReader, train: Bools, test: Bools) -> Floats:
    """Exactly what a build suggests, nothing fitted; the twelve groups exclude each other, aims do not."""
    tested = Task(task.framework, [u for u, used in zip(task.units, test, strict=True) if used], [])
    return suggested(tested)[0]


def lexicon_only(task: Task, reader: NodeReader, train: Bools, test: Bools) -> Floats:
    """The shipped word lists and definitions; two numbers are fitted, no words: shares of the task's nodes."""
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
    found = [model.probabilities(u.parts, reader, reader.scores(reader.cut([u.parts]))) for u in tested]
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
    """top-1, top-3, macro-F1 and calibration error over some units; any node of the code counts as right.

    Nodes without a probability come last, in the order of the framework. `named3` is top-3 without them, `silent` the
    share of texts for which there is no other.
    """
    nodes = task.nodes
    truths = [t for t, used in zip(task.truths, of, strict=True) if used]
    order = np.argsort(-p[of], axis=1, kind="stable")
    hits = np.array([[nodes[c] in t for c in row[:3]] for row, t in zip(order, truths, strict=True)])
    named = hits & (np.take_along_axis(p[of], order[:, :3], axis=1) > 0)
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
        "named3": named.any(axis=1).mean(),
        "silent": (sure == 0).mean(),
    }


def speed(units: Sequence[Unit]) -> dict[str, float]:
    """Texts per second of processor time that the step reads on one core: all frameworks, marker and language together.

    `cold` are the first two thousand, while the memory of words fills; `warm` the best two thousand after them.
    """
    reader = StatementReader(
        NodeReader.of([load_framework(f) for f in shipped_frameworks()]),
        MarkerReader.of(marker_words()),
        LANGUAGES,
        CHARS,
    )
    texts = [(u.parts[0].text, u.parts[1].text, "", True, True) for u in units[:6_000]]
    # Loading the detector of languages (half a second) is start-up, not reading.
    detector(LANGUAGES)
    rates = []
    for start in range(0, len(texts), 2_000):
        began = time.process_time()
        reader.read_all(texts[start : start + 2_000])
        rates.append(len(texts[start : start + 2_000]) / (time.process_time() - began))
    return {"cold": rates[0], "warm": max(rates[1:])}


#: The default of a build. Its calibration is measured on all texts with a code, as a build meets them.
SHIPPED = "word lists (shipped)"
SYSTEMS: dict[str, Predictor] = {
    "majority": majority,
    "nearest description": nearest,
    SHIPPED: shipped,
    "lists, weights refitted": lexicon_only,
    "lists + learnt words": learned,
}
#: Name of the task: framework, and the relations by which a code counts as pointing at a node.
TASKS = {
    "dac-groups": ("dac-groups", ("exact", "narrower", "related")),
    "pve-plan": ("pve-plan", ("exact", "narrower")),
    "pve+related": ("pve-plan", ("exact", "narrower", "related")),
    "un-gcts": ("un-gcts", ("exact", "narrower")),
}


HALVES: tuple[Half | None, ...] = (None, "development", "held out")


def run() -> dict[str, Any]:
    """All figures by task, system, language and half of the publishers."""
    units = read_units(data_folder())
    result: dict[str, Any] = {"texts_per_second": speed(units)}
    for task_name, (framework_id, relations) in TASKS.items():
        task = make_task(framework_id, units, relations)
        met = make_task(framework_id, units, relations, with_others=True)
        probabilities, said = suggested(met)
        for name, predict in SYSTEMS.items():
            p, seconds = evaluate(task, predict)
            for lang in (None, "en", "fr"):
                for half in HALVES:
                    row = figures(task, p, task.of(lang, half)) | {"seconds": seconds}
                    if name == SHIPPED:
                        row["ece"] = reliability(met, probabilities, said, met.of(lang, half))["ece"]
                    result[f"{task_name}|{name}|{lang or 'all'}|{half or 'whole'}"] = row
    return result


def main() -> dict[str, Any]:
    """Print a compact table and return its figures."""
    result = run()
    for name, rate in result["texts_per_second"].items():
        print(f"{rate:,.0f} texts/s on one core, {name} (all frameworks, marker, language)")
    columns = ("top1", "top3", "f1", "ece", "named3", "silent")
    print(f"{'task':11} {'system':23} {'lang':4} {'publishers':11} {'n':>5} " + " ".join(f"{c:>6}" for c in columns))
    for key, row in result.items():
        if "|" in key:
            task, name, lang, half = key.split("|")
            numbers = " ".join(f"{row[c]:6.3f}" for c in columns)
            print(f"{task:11} {name:23} {lang:4} {half:11} {row['n']:5} {numbers}")
    return result


if __name__ == "__main__":
    main()
