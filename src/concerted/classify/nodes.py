"""Which framework nodes the words of a statement suggest, how likely, and the words themselves.

Place on the way: step 5, text second. Enters: the texts of one statement; leaves: suggestions with a calibrated
probability and spans of the original text. Two things are weighed: how many different terms of a node's lexicon occur
(logarithmic: the tenth says less than the first) and how near the words are to the node's name and definition in all
languages (TF-IDF cosine). A node without a single term found is never suggested: there would be nothing to show.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from concerted.classify.matcher import Found, Matcher
from concerted.classify.spans import word_places
from concerted.codelists.frameworks import Framework, load_framework, shipped_frameworks
from concerted.codelists.lexicon import fold

#: A term in a title says more of what an activity is for than one in a long description.
TITLE_WEIGHT = 2.0
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
        folded = fold(text)
        return cls(name, text, folded.split(" ") if folded else [])


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

    Fitted on the codes of 160 publishers, judged on those held out: calibration error .03 (docs/explanation/labels.md).
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


#: Frameworks of aims: a node is rare, and its words must be many. Fitted on two of them together.
AIMS = Calibration(bias=-4.67, lexicon=1.48, cosine=6.54, lead=0.21)
#: Frameworks of sectors, of which every activity has one: what counts is to be ahead of the others.
SECTORS = Calibration(bias=-1.90, lexicon=0.55, cosine=1.29, lead=0.82)
CALIBRATIONS = {"dac-groups": SECTORS}


NodeKey = tuple[str, str]
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

    `terms` are lexicon terms and exclusions (true): `security` inside an excluded `food security` is no evidence.
    """

    terms: Matcher[tuple[NodeKey, bool]]
    nearness: "Nearness"
    order: dict[str, tuple[NodeKey, ...]]

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
        )

    def scores(self, parts: Sequence[TextPart]) -> dict[str, list[NodeScore]]:
        """Raw scores of the nodes with at least one term found, per framework."""
        hits: dict[NodeKey, list[NodeHit]] = defaultdict(list)
        for number, part in enumerate(parts):
            voids: dict[NodeKey, list[tuple[int, int]]] = defaultdict(list)
            found = self.terms.find(part.words)
            for (key, is_void), _, first, last in found:
                if is_void:
                    voids[key].append((first, last))
            for one in found:
                key, is_void = one.key
                if not is_void and not any(one.first <= e and b <= one.last for b, e in voids.get(key, ())):
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
        return suggestions_of(parts, self.scores(parts), minimum)


def suggestions_of(
    parts: Sequence[TextPart], scores_by_framework: Mapping[str, Sequence[NodeScore]], minimum: float
) -> list[Suggestion]:
    """Scores as suggestions of at least `minimum` probability, with their words."""
    result: list[Suggestion] = []
    places: Places = {}
    for framework_id, scores in scores_by_framework.items():
        ranked = sorted((s.score for s in scores), reverse=True)
        calibration = CALIBRATIONS.get(framework_id, AIMS)
        for one in scores:
            other = ranked[1] if len(ranked) > 1 and one.score == ranked[0] else ranked[0]
            rival = 0.0 if len(ranked) == 1 else other
            p = calibration.probability(one.lexicon, one.cosine, one.score - rival)
            if p >= minimum:
                spans = tuple(span_of(parts, places, n, f.first, f.last) for n, f in _shown(one.hits))
                result.append(Suggestion(framework_id, one.key[1], p, spans))
    return result


def _lexicon_score(parts: Sequence[TextPart], hits: Sequence[NodeHit]) -> float:
    """log2(1 + different terms), a term counting double where it stands in a title."""
    weights: dict[str, float] = {}
    for number, hit in hits:
        weight = TITLE_WEIGHT if parts[number].field == "title" else 1.0
        weights[hit.term] = max(weight, weights.get(hit.term, 0.0))
    return math.log2(1 + sum(weights.values()))


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
    """TF-IDF cosine of a text to the words of nodes, in every language they are written in."""

    weights: dict[str, list[tuple[NodeKey, float]]]
    idf: dict[str, float]
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
        return cls(dict(weights), idf, unseen)

    def to_nodes(self, parts: Sequence[TextPart], wanted: Iterable[NodeKey]) -> dict[NodeKey, float]:
        """Cosine to each node of `wanted` that shares a word with the text."""
        counts = Counter(parts[0].words)
        for part in parts[1:]:
            counts.update(part.words)
        products: dict[NodeKey, float] = dict.fromkeys(wanted, 0.0)
        squares = 0.0
        for word, count in counts.items():
            idf = self.idf.get(word)
            if idf is None:
                idf = self.unseen / 2 if len(word) > MIN_WORD else 0.0
            if not idf:
                continue
            value = (1 + math.log(count)) * idf if count > 1 else idf
            squares += value * value
            for key, weight in self.weights.get(word, ()):
                if key in products:
                    products[key] += value * weight
        norm = math.sqrt(squares) or 1.0
        return {key: product / norm for key, product in products.items() if product}


def content_words(text: str) -> list[str]:
    """Folded words of a text that are long enough to carry content."""
    return [w for w in fold(text).split(" ") if len(w) >= MIN_WORD]


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
