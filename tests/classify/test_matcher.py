"""The fast matcher finds exactly what the lexicon's own index finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerted.classify.matcher import Matcher
from concerted.classify.words import TextPart, Texts, Vocabulary
from concerted.codelists.frameworks import load_framework, shipped_frameworks
from concerted.codelists.lexicon import TermIndex, fold

VOCABULARY = Vocabulary()
WORDS = (
    "prevent",
    "prevents",
    "conflict",
    "conflicts",
    "of",
    "the",
    "peace",
    "peaceful",
    "والسلام",
    "السلام",
    "سلام",
    "ddr",
    "des",
    "lemploi",
    "emplois",
)
TERMS = (
    "prevent* conflict",
    "prevent",
    "peace",
    "ddr$",
    "peace of the",
    "conflict of peace",
    "سلام",
    "conflict$",
    "of the peace",
    "prevent des conflicts",
    "des emploi",
    "emploi des",
    "conflict of",
)


def finds(matcher: Matcher[str], text: str) -> list[tuple[str, str, int, int]]:
    """Finds as the index gives them: character places."""
    texts = Texts.of([[TextPart("title", text)]], VOCABULARY)
    words = text.split(" ")
    starts = [sum(len(w) + 1 for w in words[:i]) for i in range(len(words))]
    found = zip(*(column.tolist() for column in matcher.find(texts)), strict=True)
    return sorted((*matcher.terms[t], starts[first], starts[last] + len(words[last])) for t, first, last in found)


@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join), st.sets(st.sampled_from(TERMS), min_size=1)
)
def test_it_finds_what_the_lexicon_index_finds(text: str, terms: set[str]) -> None:
    lists = {"k": sorted(terms)}
    expected = sorted((h.key, h.term, h.start, h.end) for h in TermIndex.of(lists).find(text))
    matcher = Matcher.of(lists)
    assert finds(matcher, text) == expected
    assert finds(matcher, text) == expected, "what is remembered of words changes nothing"


@pytest.mark.slow
def test_it_agrees_on_every_shipped_definition_with_every_shipped_lexicon() -> None:
    nodes = [(f"{f}/{n.id}", n) for f in shipped_frameworks() for n in load_framework(f).nodes]
    lists = {key: [t for terms in n.lexicon.values() for t in terms] for key, n in nodes if n.lexicon}
    index, matcher = TermIndex.of(lists), Matcher.of(lists)
    defined = [fold(text) for _, n in nodes for text in (*n.definition.values(), *n.name.values())]
    for text in defined[:300]:
        # A term that two languages share stands twice in the index.
        assert finds(matcher, text) == sorted({(h.key, h.term, h.start, h.end) for h in index.find(text)})
