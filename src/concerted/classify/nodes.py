"""Which framework nodes the words of statements suggest, how likely, and the words themselves.

Place on the way: step 5, text second. Enters: the texts of a batch of statements; leaves: suggestions with a calibrated
probability and spans of the original text. Two things are weighed: how many different terms of a node's lexicon occur
(logarithmic: the tenth says less than the first) and how near the words are to the node's name and definition in all
languages (TF-IDF cosine, `nearness`). A node without a single term found is never suggested: there would be nothing to
show.

All statements of a batch are scored at once. Sums of floats run in the order of the text (`numpy.bincount` adds one
after the other), and logarithms and exponentials are those of `math`: numpy's own differ between processors. So a
statement scores the same to the last bit whatever stands beside it.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concerted.classify.matcher import Finds, Matcher
from concerted.classify.nearness import Floats, Nearness
from concerted.classify.words import Ints, Span, TextPart, Texts, Vocabulary, grouped
from concerted.codelists.frameworks import Framework, Node

#: A term in a title says more of what an activity is for than one in a long description.
TITLE_WEIGHT = 2.0
#: A term that comes back says more, ever less: one that stands n times counts 1 + this x ln n times.
REPEATED = 0.5
#: Suggestions below this are not even kept for combination with other signals.
FAINT = 0.1
#: Evidence shows this many spans per node, the first ones.
SPANS_SHOWN = 5


class Suggestion(NamedTuple):
    """A node that a text suggests."""

    framework_id: str
    node_id: str
    probability: float
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic curve from scores to the probability that a node holds.

    Fitted by benchmarks/fit_text_curves.py on the codes of one half of 160 publishers and judged on the other half
    (docs/explanation/labels.md).
    """

    bias: float
    lexicon: float
    cosine: float
    lead: float

    def for_node(self, key: "NodeKey") -> "Calibration":
        """The curve of one node of its framework."""
        return replace(self, bias=self.bias + BY_NODE.get(key, 0.0))

    def for_lists_of(self, terms: float) -> "Calibration":
        """The curve for lists of so many terms per node: a find from a short list is less often by chance."""
        return replace(self, bias=self.bias + PER_HALVING * math.log2(FULL_LIST / max(terms, SHORT_LIST)))


#: Terms per node, all languages together, that AIMS is for. With lists cut to half, a quarter .. a twelfth of that the
#: odds that a find is right grow by this (as a natural logarithm) per halving, on both halves of the publishers.
FULL_LIST, SHORT_LIST, PER_HALVING = 200, 12, 0.45
#: Frameworks of aims: a node is rare, and its words must be many. Fitted on two of them together.
AIMS = Calibration(bias=-5.09, lexicon=1.48, cosine=6.21, lead=0.21)
#: Frameworks of sectors, of which every activity has one: what counts is to be ahead of the others.
SECTORS = Calibration(bias=-2.22, lexicon=0.61, cosine=2.09, lead=0.66)
CALIBRATIONS = {"dac-groups": SECTORS}

NodeKey = tuple[str, str]
#: How much surer (as a natural logarithm of odds) a find in one node's list is than its curve says, fitted beside the
#: curves: women are named in many texts whose aim they are not. Frameworks of sectors gain nothing by it.
BY_NODE: Mapping[NodeKey, float] = {
    ("pve-plan", "1"): -0.03,
    ("pve-plan", "2"): 0.23,
    ("pve-plan", "5"): -0.44,
    ("pve-plan", "6"): -0.1,
    ("pve-plan", "7"): -0.39,
    ("un-gcts", "I"): -0.42,
    ("un-gcts", "IV"): 0.99,
}


@dataclass(frozen=True)
class Scores:
    """The raw scores of the nodes of which a term was found, one row per statement and node, in this order.

    Attributes:
        texts: the batch.
        statement: number in the batch.
        node: number in `NodeReader.nodes`.
        lexicon: log2(1 + weighted terms found).
        cosine: nearness to name and definition, 0 to 1.
        lead: score over the best other node of the framework; negative when behind.
        finds: the terms, those of one row together, in the order of the text.
        starts: per row, its first term in `finds`; one more at the end.
    """

    texts: Texts
    statement: Ints
    node: Ints
    lexicon: Floats
    cosine: Floats
    lead: Floats
    finds: Finds
    starts: Ints

    def shown(self, row: int) -> tuple[Span, ...]:
        """The first words of each term, none inside another, up to `SPANS_SHOWN`."""
        own = slice(self.starts[row], self.starts[row + 1])
        shown: list[tuple[int, int, int]] = []
        finds = zip(
            self.finds.term[own].tolist(), self.finds.first[own].tolist(), self.finds.last[own].tolist(), strict=True
        )
        for term, first, last in finds:
            if len(shown) == SPANS_SHOWN:
                break
            if not any(t == term or (f <= last and first <= e) for t, f, e in shown):
                shown.append((term, first, last))
        return tuple(self.texts.span(first, last) for _, first, last in shown)


@dataclass(slots=True)
class NodeReader:
    """Frameworks compiled for reading many texts. Nodes without a lexicon are left to codes.

    `terms` are lexicon terms and exclusions (true): `security` inside an excluded `food security` is no evidence, but
    `violence against women` is, though an excluded `women and children` follows in it.
    """

    terms: Matcher[tuple[NodeKey, bool]]
    nearness: Nearness
    nodes: tuple[NodeKey, ...]
    curves: Mapping[NodeKey, Calibration]
    vocabulary: Vocabulary
    _node_of_term: Ints
    _is_void: npt.NDArray[np.bool_]
    _framework: Ints

    @classmethod
    def of(cls, frameworks: Iterable[Framework]) -> "NodeReader":
        """Compile the lexicons and definitions of some frameworks."""
        worded = [(f, [n for n in f.nodes if any(n.lexicon.values())]) for f in sorted(frameworks, key=lambda f: f.id)]
        nodes = {(f.id, n.id): n for f, some in worded for n in some}
        number = {key: place for place, key in enumerate(nodes)}
        texts = [" ".join([*n.name.values(), *n.definition.values()]) for n in nodes.values()]
        terms = Matcher.of(
            {(k, False): [t for ts in n.lexicon.values() for t in ts] for k, n in nodes.items()}
            | {(k, True): [t for ts in n.exclusions.values() for t in ts] for k, n in nodes.items()}
        )
        frameworks_in_order = {f.id: place for place, (f, _) in enumerate(worded)}
        return cls(
            terms=terms,
            nearness=Nearness.of(texts),
            nodes=tuple(nodes),
            curves={k: c for f, some in worded if some for k, c in curves_of(f.id, some).items()},
            vocabulary=Vocabulary(),
            _node_of_term=np.array([number[key] for (key, _), _ in terms.terms], np.int64),
            _is_void=np.array([is_void for (_, is_void), _ in terms.terms], bool),
            _framework=np.array([frameworks_in_order[f] for f, _ in nodes], np.int64),
        )

    @property
    def frameworks(self) -> frozenset[str]:
        """Frameworks with words."""
        return frozenset(framework_id for framework_id, _ in self.nodes)

    def cut(self, statements: Sequence[Sequence[TextPart]]) -> Texts:
        """The texts of some statements as words of the vocabulary that this reader knows."""
        if self.vocabulary.is_full:
            self.vocabulary = Vocabulary()
        return Texts.of(statements, self.vocabulary)

    def scores(self, texts: Texts) -> Scores:
        """Raw scores of every node with at least one term found."""
        finds = self._without_voids(texts, self.terms.find(texts))
        statement = texts.statement[texts.part[finds.first]]
        key = statement * len(self.nodes) + self._node_of_term[finds.term]
        order, starts = grouped(key)
        finds, key = Finds(finds.term[order], finds.first[order], finds.last[order]), key[order[starts[:-1]]]
        statement, node = np.divmod(key, max(len(self.nodes), 1))
        lexicon = _lexicon_scores(texts, finds, starts)
        cosine = self.nearness.to_nodes(texts, statement, node)
        lead = _leads(lexicon + 4 * cosine, statement, self._framework[node])
        return Scores(texts, statement, node, lexicon, cosine, lead, finds, starts)

    def suggestions(self, scores: Scores, minimum: float = 0.0) -> Iterator[tuple[int, Suggestion]]:
        """(statement, suggestion) of at least `minimum` probability, by statement, framework and node."""
        for row, p in enumerate(self.probabilities(scores)):
            if p >= minimum:
                framework_id, node_id = self.nodes[scores.node[row]]
                yield int(scores.statement[row]), Suggestion(framework_id, node_id, p, scores.shown(row))

    def probabilities(self, scores: Scores) -> list[float]:
        """Calibrated probability of each row, in four decimals."""
        curves = [self.curves[key] for key in self.nodes]
        bias, lexicon, cosine, lead = np.array([[c.bias, c.lexicon, c.cosine, c.lead] for c in curves]).reshape(-1, 4).T
        n = scores.node
        exponents = bias[n] + lexicon[n] * scores.lexicon + cosine[n] * scores.cosine + lead[n] * scores.lead
        return [round(1 / (1 + math.exp(-exponent)), 4) for exponent in exponents.tolist()]

    def suggest(self, parts: Sequence[TextPart], minimum: float = 0.0) -> list[Suggestion]:
        """Suggestions for one statement of at least `minimum` probability, in the order of frameworks and nodes."""
        return [one for _, one in self.suggestions(self.scores(self.cut([parts])), minimum)]

    def _without_voids(self, texts: Texts, finds: Finds) -> Finds:
        """Terms outside the exclusions of their node, and not the exclusions themselves."""
        is_void, node = self._is_void[finds.term], self._node_of_term[finds.term]
        voids: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        void = np.flatnonzero(is_void)
        part = texts.part[finds.first]
        for key, *place in zip(
            zip(part[void].tolist(), node[void].tolist(), strict=True),
            finds.first[void].tolist(),
            finds.last[void].tolist(),
            strict=True,
        ):
            voids[key].append((place[0], place[1]))
        kept = ~is_void
        size = max(len(self.nodes), 1)
        beside = np.isin(part * size + node, [p * size + n for p, n in voids]) & kept if voids else np.zeros(0, bool)
        for number in np.flatnonzero(beside).tolist():
            first, last = finds.first[number], finds.last[number]
            kept[number] = not any(b <= first and last <= e for b, e in voids[int(part[number]), int(node[number])])
        return Finds(finds.term[kept], finds.first[kept], finds.last[kept])


def _leads(score: Floats, statement: Ints, framework: Ints) -> Floats:
    """By how much each node's score is above the best other one of its framework, below it when negative.

    Rows of one statement and framework stand together. A single node leads by its whole score.
    """
    starts = np.flatnonzero(np.diff(statement, prepend=-1) | np.diff(framework, prepend=-1))
    if not len(starts):
        return score
    sizes = np.diff(np.append(starts, len(score)))
    best = np.repeat(np.maximum.reduceat(score, starts), sizes)
    is_best = score == best
    others = np.maximum.reduceat(np.where(is_best, -np.inf, score), starts)
    second = np.where(np.add.reduceat(is_best.astype(np.int64), starts) > 1, best[starts], others)
    second = np.where(sizes > 1, second, 0.0)
    return score - np.where(is_best, np.repeat(second, sizes), best)


def curves_of(framework_id: str, nodes: Sequence[Node]) -> dict[NodeKey, Calibration]:
    """The curve of each node: that of its kind of framework, by the length of the lists where it is one of aims."""
    curve = CALIBRATIONS.get(framework_id) or AIMS.for_lists_of(terms_per_node(nodes))
    return {key: curve.for_node(key) for key in ((framework_id, node.id) for node in nodes)}


def terms_per_node(nodes: Sequence[Node]) -> float:
    """How long the lists of some nodes are, all languages together, on average."""
    return sum(len(terms) for node in nodes for terms in node.lexicon.values()) / len(nodes)


def _lexicon_scores(texts: Texts, finds: Finds, starts: Ints) -> Floats:
    """log2(1 + terms), a term counting double where it stands in a title and a little more where it comes back."""
    row = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    in_title = np.array([part.field == "title" for part in texts.parts], bool)[texts.part[finds.first]]
    terms = int(finds.term.max(initial=0)) + 1
    order, bounds = grouped(row * terms + finds.term)
    times = np.diff(bounds)
    which = np.repeat(np.arange(len(times)), times)
    titled = np.bincount(which, in_title[order], len(times)) > 0
    weight = np.where(titled, TITLE_WEIGHT, 1.0)
    of_row = row[order[bounds[:-1]]]
    weights = np.bincount(of_row, weight, len(starts) - 1)
    repeated = np.zeros(len(starts) - 1, bool)
    repeated[of_row[times > 1]] = True
    result = [_log2_of_one_and(total) for total in weights.tolist()]
    begins = np.searchsorted(of_row, np.arange(len(starts)))
    for number in np.flatnonzero(repeated).tolist():
        own = slice(begins[number], begins[number + 1])
        pairs = zip(weight[own].tolist(), times[own].tolist(), strict=True)
        result[number] = math.log2(1 + math.fsum(w * (1 + REPEATED * math.log(n)) for w, n in pairs))
    return np.array(result, np.float64)


@cache
def _log2_of_one_and(total: float) -> float:
    return math.log2(1 + total)
