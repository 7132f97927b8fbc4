"""A small word model learnt from statements whose publishers gave codes, for those who gave none.

Place on the way: step 5, only when asked for (`ClassifyParams.learn`). Enters: texts with the node that their codes
point at; leaves: one weight per word (or pair of words) and node, and how much to trust them beside the lexicon. The
model lives inside one build, is made from the build's own inputs and is never shipped (decision record 0002).
"""

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from concerted.classify.nodes import NodeReader, Scores
from concerted.classify.words import TextPart, Texts
from concerted.codelists.frameworks import Framework
from concerted.codelists.lexicon import fold
from concerted.model.tables import UNCLASSIFIED

Floats = npt.NDArray[np.float64]

#: A name or definition weighs as much as this many statements; both are rare and right.
DESCRIPTION_WEIGHT = 5.0
#: A publisher with n statements gets n^(1 - this) votes: large portfolios carry one house's coding habits.
PUBLISHER_DISCOUNT = 0.3
#: Regularisation of the linear SVM; measured by benchmarks/classify_text.py.
SVM_C = 0.1
#: Below this many statements, publishers or folds nothing is learnt.
MIN_STATEMENTS, MIN_PUBLISHERS, FOLDS = 300, 10, 3


@dataclass(frozen=True, slots=True)
class Sample:
    """A statement with known node."""

    parts: tuple[TextPart, ...]
    publisher: str
    node_id: str


@dataclass(frozen=True, slots=True)
class Fusion:
    """How much the word model, the lexicon and the nearness to definitions count; fitted on publishers held out."""

    words: float
    lexicon: float
    cosine: float

    def logits(self, words: Floats, lexicon: Floats, cosine: Floats) -> Floats:
        """One row per text, one column per node."""
        return self.words * words + self.lexicon * lexicon + self.cosine * cosine


@dataclass(frozen=True, slots=True)
class WordModel:
    """Weights of words for the nodes of one framework."""

    framework_id: str
    nodes: tuple[str, ...]
    vocabulary: Mapping[str, int]
    weights: Floats
    bias: Floats
    idf: Floats
    fusion: Fusion

    def decide(self, parts: Sequence[TextPart]) -> Floats:
        """The SVM's decision for each node."""
        counts = Counter(row for row in map(self.vocabulary.get, grams(joined(parts))) if row is not None)
        if not counts:
            return self.bias
        rows = np.fromiter(counts.keys(), np.int64, len(counts))
        values = (1 + np.log(np.fromiter(counts.values(), np.float64, len(counts)))) * self.idf[rows]
        return values @ self.weights[rows] / math.sqrt(values @ values) + self.bias

    def probabilities(self, parts: Sequence[TextPart], reader: NodeReader, scores: Scores) -> dict[str, float]:
        """Probability of each node the model knows, UNCLASSIFIED among them where it was learnt; they sum to one.

        `scores` are those of `reader` for this statement alone.
        """
        lexicon, cosine = score_rows(reader, scores, self.framework_id, self.nodes)
        p = softmax(self.fusion.logits(self.decide(parts)[None, :], lexicon, cosine))[0]
        return dict(zip(self.nodes, p.tolist(), strict=True))

    def telling_words(self, texts: Texts, node_id: str) -> list[int]:
        """The words of a statement that speak most for a node, the strongest first, each where it stands first."""
        column = self.nodes.index(node_id)
        strength: dict[str, tuple[float, int]] = {}
        for place, number in enumerate(texts.words.tolist()):
            word = texts.vocabulary.words[number]
            row = self.vocabulary.get(word)
            if row is not None and word not in strength and self.weights[row, column] > 0:
                strength[word] = (-float(self.weights[row, column] * self.idf[row]), place)
        return [place for _, place in sorted(strength.values())]

    @property
    def bytes(self) -> int:
        """Size in memory of weights and words."""
        return self.weights.nbytes + self.idf.nbytes + sum(len(w.encode()) for w in self.vocabulary)


def joined(parts: Sequence[TextPart]) -> str:
    """The folded texts of a statement, the title twice: it says what the rest is about."""
    return " ".join(w for p in [*(p for p in parts if p.field == "title"), *parts] for w in p.words)


def grams(folded: str) -> list[str]:
    """Words of two letters and more, and pairs of neighbours; figures carry no meaning across publishers."""
    words = [w for w in folded.split(" ") if len(w) > 1 and w.isalpha()]
    return words + [f"{a} {b}" for a, b in itertools.pairwise(words)]


def described(framework: Framework, codes: Iterable[tuple[str, Mapping[str, str]]] = ()) -> list[tuple[str, str]]:
    """(node_id, folded text) for what is written about the nodes: names, definitions, and names of codes (`codes`)."""
    texts = [
        (node.id, fold(f"{node.name.get(lang, '')} {node.definition.get(lang, '')}"))
        for node in framework.nodes
        for lang in ("fr", "en", "ar")
    ]
    texts += [
        (node.id, " ".join(t.rstrip("*$") for t in terms))
        for node in framework.nodes
        for terms in node.lexicon.values()
    ]
    texts += [(node_id, fold(name)) for node_id, names in codes for name in names.values()]
    return [(node_id, text) for node_id, text in texts if text]


def learn(
    framework: Framework, samples: Sequence[Sample], texts: Sequence[tuple[str, str]], reader: NodeReader
) -> WordModel | None:
    """A model for the framework's nodes; None when there is too little to learn from.

    The order of `samples` does not matter; equal samples give an equal model (seeded, one thread).

    Args:
        framework: whose nodes are learnt.
        samples: statements with their node.
        texts: from `described`.
        reader: the lexicon that the model is weighed against.
    """
    ordered = sorted(samples, key=lambda s: (s.publisher, s.node_id, joined(s.parts)))
    publishers = sorted({s.publisher for s in ordered})
    if len(ordered) < MIN_STATEMENTS or len(publishers) < MIN_PUBLISHERS:
        return None
    nodes = tuple(n.id for n in framework.nodes)
    if any(s.node_id == UNCLASSIFIED for s in ordered):
        nodes += (UNCLASSIFIED,)
    features = _features(ordered, texts)
    target = np.array([nodes.index(s.node_id) for s in ordered])
    fold_of = balanced_folds([s.publisher for s in ordered], FOLDS)
    out_of_fold = np.zeros((len(ordered), len(nodes)))
    for number in range(FOLDS):
        train, test = fold_of != number, fold_of == number
        weights, bias = _fit(features, ordered, target, texts, nodes, train)
        out_of_fold[test] = features.statements[test] @ weights + bias
    lexicon, cosine = reader_scores([s.parts for s in ordered], reader, framework.id, nodes)
    votes = publisher_votes([s.publisher for s in ordered], 0.5)
    fusion = fit_fusion(out_of_fold, lexicon, cosine, target, votes)
    weights, bias = _fit(features, ordered, target, texts, nodes, np.ones(len(ordered), bool))
    return WordModel(framework.id, nodes, features.vocabulary, weights, bias, features.idf, fusion)


@dataclass(frozen=True)
class _Features:
    """TF-IDF rows of statements and of descriptions, of unit length."""

    statements: Any
    descriptions: Any
    vocabulary: dict[str, int]
    idf: Floats


def _features(samples: Sequence[Sample], texts: Sequence[tuple[str, str]]) -> _Features:
    from scipy.sparse import diags
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.preprocessing import normalize

    counter = CountVectorizer(analyzer=grams, min_df=2, dtype=np.float64)
    counts = counter.fit_transform([joined(s.parts) for s in samples] + [text for _, text in texts])
    used = np.asarray((counts > 0).sum(axis=0)).ravel()
    idf = np.log((1 + counts.shape[0]) / (1 + used)) + 1
    counts.data = 1 + np.log(counts.data)
    rows = normalize(counts @ diags(idf)).tocsr()
    vocabulary = {word: int(row) for word, row in counter.vocabulary_.items()}
    return _Features(rows[: len(samples)], rows[len(samples) :], vocabulary, idf)


def _fit(
    features: _Features,
    samples: Sequence[Sample],
    target: npt.NDArray[np.int64],
    texts: Sequence[tuple[str, str]],
    nodes: tuple[str, ...],
    train: npt.NDArray[np.bool_],
) -> tuple[Floats, Floats]:
    from scipy.sparse import vstack
    from sklearn.svm import LinearSVC

    votes = publisher_votes([s.publisher for s, used in zip(samples, train, strict=True) if used], PUBLISHER_DISCOUNT)
    svm = LinearSVC(C=SVM_C, class_weight="balanced", random_state=0)
    svm.fit(
        vstack([features.statements[train], features.descriptions]),
        np.concatenate([target[train], [nodes.index(node_id) for node_id, _ in texts]]),
        sample_weight=np.concatenate([votes, np.full(len(texts), DESCRIPTION_WEIGHT)]),
    )
    weights, bias = np.zeros((svm.coef_.shape[1], len(nodes))), np.full(len(nodes), -1.0)
    if len(svm.classes_) == 2:
        svm.coef_, svm.intercept_ = (
            np.vstack([-svm.coef_, svm.coef_]),
            np.concatenate([-svm.intercept_, svm.intercept_]),
        )
    weights[:, svm.classes_], bias[svm.classes_] = svm.coef_.T, svm.intercept_
    return weights, bias


def balanced_folds(publishers: Sequence[str], folds: int) -> npt.NDArray[np.int64]:
    """A fold number per statement, whole publishers together, largest first into the emptiest fold."""
    sizes = Counter(publishers)
    load, place = [0] * folds, dict[str, int]()
    for publisher in sorted(sizes, key=lambda p: (-sizes[p], p)):
        place[publisher] = load.index(min(load))
        load[place[publisher]] += sizes[publisher]
    return np.array([place[p] for p in publishers])


def publisher_votes(publishers: Sequence[str], discount: float) -> Floats:
    """Weights with mean one: n^-discount for each statement of a publisher with n."""
    sizes = Counter(publishers)
    votes: Floats = np.array([sizes[p] ** -discount for p in publishers])
    scaled: Floats = votes / votes.mean()
    return scaled


def reader_scores(
    texts: Sequence[Sequence[TextPart]], reader: NodeReader, framework_id: str, nodes: Sequence[str]
) -> tuple[Floats, Floats]:
    """Lexicon and cosine scores, one row per text and one column per node; 0 where no term was found."""
    return score_rows(reader, reader.scores(reader.cut(texts)), framework_id, nodes)


def score_rows(reader: NodeReader, scores: Scores, framework_id: str, nodes: Sequence[str]) -> tuple[Floats, Floats]:
    """Lexicon and cosine scores of a batch as two matrices, one column per node of a framework."""
    column = {(framework_id, node): i for i, node in enumerate(nodes)}
    columns = np.array([column.get(key, -1) for key in reader.nodes], np.int64)[scores.node]
    own = np.flatnonzero(columns >= 0)
    lexicon, cosine = (np.zeros((scores.texts.statements, len(nodes))) for _ in range(2))
    place = scores.statement[own], columns[own]
    lexicon[place], cosine[place] = scores.lexicon[own], scores.cosine[own]
    return lexicon, cosine


def fit_fusion(words: Floats, lexicon: Floats, cosine: Floats, target: npt.NDArray[np.int64], votes: Floats) -> Fusion:
    """The weights of the three scores that make the known nodes likeliest; this also sets how sure the result is."""
    from scipy.optimize import minimize

    scores = np.stack([words, lexicon, cosine])

    def loss(beta: Floats) -> float:
        p = softmax(np.tensordot(beta, scores, axes=1))
        return float(-(votes * np.log(p[np.arange(len(target)), target] + 1e-12)).mean())

    found = minimize(loss, np.array([1.0, 0.5, 2.0]), method="L-BFGS-B", bounds=[(0.0, 20.0)] * 3)
    return Fusion(*(round(float(b), 3) for b in found.x))


def softmax(logits: Floats) -> Floats:
    """Rows of probabilities."""
    e: Floats = np.exp(logits - logits.max(axis=1, keepdims=True))
    rows: Floats = e / e.sum(axis=1, keepdims=True)
    return rows
