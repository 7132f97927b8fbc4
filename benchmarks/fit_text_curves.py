"""The curves that turn word scores into probabilities, fitted on the development half and judged on the other.

Run `python -m benchmarks.fit_text_curves`; what it prints stands in `concerted.classify.nodes` (AIMS, SECTORS, and for
aims BY_NODE, where a find in one node's list is surer or less sure than in others). A text
counts whatever its code: a build meets more texts that serve no node of a framework of aims than texts that do.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from benchmarks._text_units import Bools, Half, Task, Unit, data_folder, make_task, read_units
from concerted.classify.learned import Floats, publisher_votes
from concerted.classify.nodes import CALIBRATIONS, FAINT, Calibration, NodeKey, NodeReader, terms_per_node

BINS = 10
#: So many finds of a publisher with one text count as much as the belief that a node is like the others.
RIDGE = 10
HALVES: tuple[Half, ...] = ("development", "held out")
#: Frameworks of aims that codes can tell, fitted together; the framework of sectors.
AIMS, SECTORS = ("pve-plan", "un-gcts"), ("dac-groups",)


def tasks(framework_ids: Sequence[str], units: Sequence[Unit]) -> list[Task]:
    """All units, with the nodes that their codes are part of."""
    return [make_task(f, units, ("exact", "narrower"), with_others=True) for f in framework_ids]


@dataclass(frozen=True)
class Finds:
    """Nodes with a word found that codes can tell, one row each: 1, lexicon, cosine, lead; whether they are right."""

    nodes: tuple[NodeKey, ...]
    scores: Floats
    right: Floats
    votes: Floats
    offsets: Floats

    def of(self, key: NodeKey) -> "Finds":
        """Those of one node."""
        rows = np.array([node == key for node in self.nodes])
        return Finds(
            (key,) * int(rows.sum()), self.scores[rows], self.right[rows], self.votes[rows], self.offsets[rows]
        )

    def loss(self, beta: Floats) -> float:
        """Mean logistic loss of a curve, publishers discounted."""
        z = self.scores @ beta + self.offsets
        return float((self.votes * (np.logaddexp(0, z) - self.right * z)).sum() / self.votes.sum())


def finds(some: Sequence[Task], half: Half) -> Finds:
    """What the word lists find in the texts of one half."""
    rows, truths, votes, offsets, nodes = [], [], [], [], []
    for task in some:
        reader = NodeReader.of([task.framework])
        offset = length_offset(task)
        told = told_by_codes(task)
        weights = publisher_votes([u.publisher for u in task.units], 0.5)
        used = np.flatnonzero(task.of(half=half))
        scores = reader.scores(reader.cut([task.units[number].parts for number in used]))
        found = (scores.statement, scores.node, scores.lexicon, scores.cosine, scores.lead)
        for statement, node, *score in zip(*(column.tolist() for column in found), strict=True):
            key = reader.nodes[node]
            if key[1] in told:
                rows.append((1.0, *score))
                truths.append(key[1] in task.truths[used[statement]])
                votes.append(weights[used[statement]])
                offsets.append(offset)
                nodes.append(key)
    return Finds(tuple(nodes), np.array(rows), np.array(truths, float), np.array(votes), np.array(offsets))


def fit(some: Sequence[Task]) -> Calibration:
    """The logistic curve that makes the development half likeliest."""
    from scipy.optimize import minimize

    found = minimize(finds(some, "development").loss, np.zeros(4), method="L-BFGS-B")
    return Calibration(*(round(float(b), 2) for b in found.x))


def fit_by_node(some: Sequence[Task], curve: Calibration) -> dict[NodeKey, float]:
    """How much surer finds of each node are than `curve`, on the development half; drawn to 0 where they are few."""
    from scipy.optimize import minimize_scalar

    found = finds(some, "development")
    beta = np.array([curve.bias, curve.lexicon, curve.cosine, curve.lead])
    result = {}
    for key in sorted(set(found.nodes)):
        own = found.of(key)
        weight = own.votes.sum() / found.votes.mean()
        loss = partial(_shifted_and_drawn, own, beta, weight)
        result[key] = round(float(minimize_scalar(loss, bounds=(-4, 4), method="bounded").x), 2)
    return result


def _shifted_and_drawn(some: Finds, beta: Floats, weight: float, added: float) -> float:
    return weight * _shifted(some, beta, added) + RIDGE * added**2 / 2


def by_length(task: Task, curve: Calibration) -> dict[str, tuple[float, ...]]:
    """How much surer finds are when lists are cut to a few terms per language: PER_HALVING, measured.

    Returns terms per node -> what each half (development, held out) adds to the exponent of `curve`, length apart.
    """
    from scipy.optimize import minimize_scalar

    beta = np.array([curve.bias, curve.lexicon, curve.cosine, curve.lead])
    result: dict[str, tuple[float, ...]] = {}
    for kept in (6, 12, 25, 50, 400):
        shuffled = random.Random(0)  # noqa: S311 (which terms are kept, nothing secret)
        nodes = tuple(
            replace(n, lexicon={k: tuple(shuffled.sample(t, min(kept, len(t)))) for k, t in n.lexicon.items()})
            for n in task.framework.nodes
        )
        cut = Task(replace(task.framework, nodes=nodes), task.units, task.truths)
        added = []
        for half in HALVES:
            some = replace(finds([cut], half), offsets=np.zeros(1))
            loss = partial(_shifted, some, beta)
            added.append(round(float(minimize_scalar(loss, bounds=(-4, 4), method="bounded").x), 2))
        result[f"{terms_per_node(nodes):.0f}"] = tuple(added)
    return result


def _shifted(some: Finds, beta: Floats, added: float) -> float:
    return some.loss(beta + np.array([added, 0, 0, 0]))


def length_offset(task: Task) -> float:
    """What the length of a framework's lists adds to the exponent of its curve."""
    if task.framework.id in CALIBRATIONS:
        return 0.0
    return Calibration(0, 0, 0, 0).for_lists_of(terms_per_node(task.framework.nodes)).bias


def told_by_codes(task: Task) -> set[str]:
    """Nodes that some code points at; of the others nobody knows when they are right."""
    return {node for truth in task.truths for node in truth}


def suggested(
    task: Task, curve: Calibration | None = None, by_node: Mapping[NodeKey, float] | None = None
) -> tuple[Floats, Bools]:
    """Probabilities as the step gives them, 0 where it says nothing, and which of them are said (`FAINT` and above).

    `curve` and `by_node` are tried instead of the shipped ones.
    """
    reader = NodeReader.of([task.framework])
    if curve is not None and by_node is not None:
        bias = curve.bias + length_offset(task)
        reader.curves = {key: replace(curve, bias=bias + by_node.get(key, 0.0)) for key in reader.curves}
    column = {node: i for i, node in enumerate(task.nodes)}
    p = np.zeros((len(task.units), len(task.nodes)))
    for row, one in reader.suggestions(reader.scores(reader.cut([unit.parts for unit in task.units]))):
        p[row, column[one.node_id]] = one.probability
    return p, p >= FAINT


def reliability(task: Task, p: Floats, said: Bools, of: Bools) -> dict[str, float]:
    """Calibration error of what is suggested, all suggestions of nodes that codes can tell; `n` of them."""
    told = np.array([node in told_by_codes(task) for node in task.nodes])
    used = said & of[:, None] & told[None, :]
    chances, right = p[used], task.true[used]
    bins = np.minimum((chances * BINS).astype(int), BINS - 1)
    error = sum(abs(right[bins == b].mean() - chances[bins == b].mean()) * (bins == b).mean() for b in set(bins))
    return {"n": len(chances), "ece": float(error), "said": float(chances.mean()), "right": float(right.mean())}


def main() -> dict[str, Any]:
    """Print curves and how they hold; the figures of both."""
    units = read_units(data_folder())
    result: dict[str, Any] = {}
    for name, ids in (("AIMS", AIMS), ("SECTORS", SECTORS)):
        some = tasks(ids, units)
        curve = fit(some)
        by_node = fit_by_node(some, curve)
        print(f"{name} = {curve}, BY_NODE = {by_node}")
        result[name] = f"{curve!r}, {by_node}"
        for task in some:
            p, said = suggested(task, curve, by_node)
            for lang in (None, "en", "fr"):
                for half in (None, *HALVES):
                    row = reliability(task, p, said, task.of(lang, half))
                    result[f"{task.framework.id}|{lang or 'all'}|{half or 'whole'}"] = row
                    print(
                        f"  {task.framework.id:10} {lang or 'all':4} {half or 'whole':11} {row['n']:6} suggestions, "
                        f"said {row['said']:.3f}, right {row['right']:.3f}, calibration error {row['ece']:.3f}"
                    )
        if name == "AIMS":
            result["by_length"] = by_length(some[0], curve)
            print(f"  added to the exponent by terms per node, development and held out: {result['by_length']}")
    return result


if __name__ == "__main__":
    main()
