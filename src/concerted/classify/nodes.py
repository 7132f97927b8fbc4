"""Which framework nodes the words of a statement suggest, how likely, and the words themselves.

Place on the way: step 5, text second. Enters: the texts of one statement; leaves: suggestions with a calibrated
probability and spans of the original text. Two things are weighed: how many different terms of a node's lexicon occur
(logarithmic: the tenth says less than the first) and how near the words are to the node's name and definition in all
languages (TF-IDF cosine). A node without a single term found is never suggested: there would be nothing to show.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from concerted.classify.matcher import Found, Matcher
from concerted.classify.spans import word_places
from concerted.codelists.frameworks import Framework, Node, load_framework, shipped_frameworks
from concerted.codelists.lexicon import folded_words

#: A term in a title says more of what an activity is for than one in a long description.
TITLE_WEIGHT = 2.0
#: A term that comes back says more, ever less: one that stands n times counts 1 + this x ln n times.
REPEATED = 0.5
#: Suggestions below this are not even kept for combination with other signals.
FAINT = 0.1
#: Evidence shows this many spans per node, the first ones.
SPANS_SHOWN = 5
#: Words shorter than this carry grammar, not content.
MIN_WORD = 3


@dataclass(frozen=True, slots=True)
class TextPart:
    """One text of a statement: the field it stands in, the text as written and its folded words."""

    field: str
    text: str
    words: list[str]

    @classmethod
    def of(cls, name: str, text: str) -> "TextPart":
        """A part with its folded words."""
        return cls(name, text, folded_words(text))


@dataclass(frozen=True, slots=True)
class Span:
    """Words that speak for something, with their place in a field of the statement."""

    field: str
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Suggestion:
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

    def probability(self, lexicon: float, cosine: float, lead: float) -> float:
        """Probability in four decimals.

        Args:
            lexicon: log2(1 + weighted terms found).
            cosine: nearness to name and definition, 0 to 1.
            lead: score (lexicon + 4 x cosine) over the best other node of the framework; negative when behind.
        """
        exponent = self.bias + self.lexicon * lexicon + self.cosine * cosine + self.lead * lead
        return round(1 / (1 + math.exp(-exponent)), 4)

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


#: Places of the words of each part, filled as they are asked for.
Places = dict[int, list[tuple[int, int]]]
#: A term found: number of the part, and the find in it.
NodeHit = tuple[int, Found[tuple[NodeKey, bool]]]


@dataclass(frozen=True, slots=True)
class NodeScore:
    """The raw scores of one node on one text."""

    key: NodeKey
    lexicon: float
    cosine: float
    hits: tuple["NodeHit", ...]

    @property
    def score(self) -> float:
        """One number to order nodes by."""
        return self.lexicon + 4 * self.cosine


@dataclass(slots=True)
class NodeReader:
    """Frameworks compiled for reading many texts. Nodes without a lexicon are left to codes.

    `terms` are lexicon terms and exclusions (true): `security` inside an excluded `food security` is no evidence, but
    `violence against women` is, though an excluded `women and children` follows in it.
    """

    terms: Matcher[tuple[NodeKey, bool]]
    nearness: "Nearness"
    order: dict[str, tuple[NodeKey, ...]]
    curves: Mapping[NodeKey, Calibration]

    @classmethod
    def of(cls, frameworks: Iterable[Framework]) -> "NodeReader":
        """Compile the lexicons and definitions of some frameworks."""
        worded = [(f, [n for n in f.nodes if any(n.lexicon.values())]) for f in sorted(frameworks, key=lambda f: f.id)]
        nodes = {(f.id, n.id): n for f, some in worded for n in some}
        texts = {key: " ".join([*n.name.values(), *n.definition.values()]) for key, n in nodes.items()}
        return cls(
            terms=Matcher.of(
                {(k, False): [t for ts in n.lexicon.values() for t in ts] for k, n in nodes.items()}
                | {(k, True): [t for ts in n.exclusions.values() for t in ts] for k, n in nodes.items()}
            ),
            nearness=Nearness.of(texts),
            order={f.id: tuple((f.id, n.id) for n in some) for f, some in worded if some},
            curves={k: c for f, some in worded if some for k, c in curves_of(f.id, some).items()},
        )

    def scores(self, parts: Sequence[TextPart]) -> dict[str, list[NodeScore]]:
        """Raw scores of the nodes with at least one term found, per framework."""
        hits: dict[NodeKey, list[NodeHit]] = defaultdict(list)
        for number, part in enumerate(parts):
            found = self.terms.find(part.words)
            voids: dict[NodeKey, list[tuple[int, int]]] = {}
            for (key, is_void), _, first, last in found:
                if is_void:
                    voids.setdefault(key, []).append((first, last))
            for one in found:
                (key, is_void), _, first, last = one
                if is_void or (key in voids and any(b <= first and last <= e for b, e in voids[key])):
                    continue
                hits[key].append((number, one))
        if not hits:
            return {}
        cosines = self.nearness.to_nodes(parts, hits)
        result: dict[str, list[NodeScore]] = {}
        for framework_id, keys in self.order.items():
            some = [
                NodeScore(key, _lexicon_score(parts, hits[key]), cosines.get(key, 0.0), tuple(hits[key]))
                for key in keys
                if key in hits
            ]
            if some:
                result[framework_id] = some
        return result

    def suggest(self, parts: Sequence[TextPart], minimum: float = 0.0) -> list[Suggestion]:
        """Suggestions of at least `minimum` probability, in the order of frameworks and nodes."""
        return self.suggestions(parts, self.scores(parts), minimum)

    def suggestions(
        self, parts: Sequence[TextPart], scores_by_framework: Mapping[str, Sequence[NodeScore]], minimum: float
    ) -> list[Suggestion]:
        """Scores as suggestions of at least `minimum` probability, with their words."""
        result: list[Suggestion] = []
        places: Places = {}
        for framework_id, scores in scores_by_framework.items():
            for one, lead in zip(scores, leads(scores), strict=True):
                p = self.curves[one.key].probability(one.lexicon, one.cosine, lead)
                if p >= minimum:
                    spans = tuple(span_of(parts, places, n, f.first, f.last) for n, f in _shown(one.hits))
                    result.append(Suggestion(framework_id, one.key[1], p, spans))
        return result


def leads(scores: Sequence[NodeScore]) -> list[float]:
    """By how much each node's score is above the best other one of its framework, below it when negative."""
    ranked = sorted((s.score for s in scores), reverse=True)
    second = ranked[1] if len(ranked) > 1 else 0.0
    return [one.score - (second if one.score == ranked[0] else ranked[0]) for one in scores]


def curves_of(framework_id: str, nodes: Sequence[Node]) -> dict[NodeKey, Calibration]:
    """The curve of each node: that of its kind of framework, by the length of the lists where it is one of aims."""
    curve = CALIBRATIONS.get(framework_id) or AIMS.for_lists_of(terms_per_node(nodes))
    return {key: curve.for_node(key) for key in ((framework_id, node.id) for node in nodes)}


def terms_per_node(nodes: Sequence[Node]) -> float:
    """How long the lists of some nodes are, all languages together, on average."""
    return sum(len(terms) for node in nodes for terms in node.lexicon.values()) / len(nodes)


def _lexicon_score(parts: Sequence[TextPart], hits: Sequence[NodeHit]) -> float:
    """log2(1 + terms), a term counting double where it stands in a title and a little more where it comes back."""
    weights: dict[str, float] = {}
    times: dict[str, int] = {}
    for number, hit in hits:
        weight = TITLE_WEIGHT if parts[number].field == "title" else 1.0
        weights[hit.term] = max(weight, weights.get(hit.term, 0.0))
        times[hit.term] = times.get(hit.term, 0) + 1
    if len(times) == len(hits):
        return math.log2(1 + sum(weights.values()))
    return math.log2(1 + math.fsum(w * (1 + REPEATED * math.log(times[term])) for term, w in weights.items()))


def span_of(parts: Sequence[TextPart], places: Places, number: int, first: int, last: int) -> Span:
    """The span behind words `first` to `last` of part `number`; `places` remembers the words of each part."""
    part = parts[number]
    if number not in places:
        places[number] = word_places(part.text, " ".join(part.words))
    begin, end = places[number][first][0], places[number][last][1]
    return Span(part.field, begin, end, part.text[begin:end])


def _shown(hits: Sequence[NodeHit]) -> list[NodeHit]:
    """The first hit of each term, none inside another, up to `SPANS_SHOWN`."""
    shown: list[NodeHit] = []
    for number, one in hits:
        if len(shown) == SPANS_SHOWN:
            break
        if not any(
            f.term == one.term or (n == number and f.first <= one.last and one.first <= f.last) for n, f in shown
        ):
            shown.append((number, one))
    return shown


@dataclass(slots=True)
class Nearness:
    """TF-IDF cosine of a text to the words of nodes, in every language they are written in.

    `words` has what is known of a word: how rare it is, and its weight for each node that uses it.
    """

    words: dict[str, tuple[float, tuple[tuple[NodeKey, float], ...]]]
    unseen: float

    @classmethod
    def of(cls, texts: dict[NodeKey, str]) -> "Nearness":
        """Weigh the words of each node; a word that many nodes use says little."""
        known, unseen = background()
        idf = dict(known)
        weights: dict[str, list[tuple[NodeKey, float]]] = defaultdict(list)
        for key, text in texts.items():
            words = Counter(content_words(text))
            for word in words:
                idf.setdefault(word, unseen)
            vector = {w: (1 + math.log(n)) * idf[w] for w, n in words.items()}
            norm = math.sqrt(math.fsum(v * v for v in vector.values()))
            for word in sorted(vector):
                if vector[word]:
                    weights[word].append((key, vector[word] / norm))
        return cls({word: (rarity, tuple(weights.get(word, ()))) for word, rarity in idf.items()}, unseen)

    def to_nodes(self, parts: Sequence[TextPart], wanted: Iterable[NodeKey]) -> dict[NodeKey, float]:
        """Cosine to each node of `wanted` that shares a word with the text."""
        counts = Counter(parts[0].words)
        for part in parts[1:]:
            counts.update(part.words)
        products: dict[NodeKey, float] = dict.fromkeys(wanted, 0.0)
        squares = 0.0
        known, foreign = self.words, (self.unseen / 2, ())
        for word, count in counts.items():
            found = known.get(word)
            if found is None:
                if len(word) <= MIN_WORD:
                    continue
                found = foreign
            idf, weights = found
            value = (1 + math.log(count)) * idf if count > 1 else idf
            squares += value * value
            for key, weight in weights:
                if key in products:
                    products[key] += value * weight
        norm = math.sqrt(squares) or 1.0
        return {key: product / norm for key, product in products.items() if product}


def content_words(text: str) -> list[str]:
    """Folded words of a text that are long enough to carry content."""
    return [w for w in folded_words(text) if len(w) >= MIN_WORD]


@cache
def background() -> tuple[Mapping[str, float], float]:
    """Inverse document frequencies of words over the nodes of all shipped frameworks, and that of an unseen word.

    Always all of them: what a text says of one framework must not depend on which others are in the build.
    """
    frameworks = (load_framework(framework_id) for framework_id in shipped_frameworks())
    nodes = [node for framework in frameworks for node in framework.nodes if node.definition]
    used = Counter(w for n in nodes for w in set(content_words(" ".join([*n.name.values(), *n.definition.values()]))))
    idf = {w: math.log((1 + len(nodes)) / (1 + n)) + 1 if n < len(nodes) / 2 else 0.0 for w, n in used.items()}
    return idf, math.log(1 + len(nodes)) + 1
