"""Who meets whom, against a search of all pairs in plain Python."""

from collections import Counter
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.resolve.projects import candidates
from concerted.resolve.projects.candidates import find_candidates
from concerted.resolve.projects.facts import NO_DAY, Facts
from concerted.resolve.projects.sets import bits_of

from ._made_facts import made_facts

seeds = st.integers(0, 2**32)


def plain_keys(facts: Facts) -> list[set[tuple[object, ...]]]:
    """What each activity may meet others by; the percent of a key is its first part."""
    sets = {name: [set() for _ in range(len(facts))] for name in facts.sets}
    for name, told in facts.sets.items():
        for owner, value in zip(told.owner.tolist(), told.value.tolist(), strict=True):
            sets[name][owner].add(value)
    held = Counter(word for words in sets["title"] for word in words)
    owned = {code for codes in sets["own_codes"] for code in codes}
    orgs = facts.names["orgs"].to_pylist()
    found = []
    for at in range(len(facts)):
        rarest = sorted(sets["title"][at], key=lambda word: (held[word], word))
        reporter = int(facts.org[at])
        keys: set[tuple[object, ...]] = {(50, "word", word) for word in sets["title"][at] | sets["text"][at]}
        keys |= {(100, "two", *sorted(two)) for two in combinations(rarest[:4], 2)}
        keys |= {(200, "code", code) for code in sets["own_codes"][at] | (sets["named_codes"][at] & owned)}
        partners = [(reporter, "gives"), (reporter, "does")] if reporter else []
        for name, role in (("funders", "gives"), ("doers", "does")):
            for other in (orgs[value] for value in sets[name][at]):
                if other != reporter:
                    partners.append((other, role))
                    if reporter:
                        pair = (other, reporter) if role == "gives" else (reporter, other)
                        keys.add((200, "pair", *pair))
        year = 0 if facts.start[at] == NO_DAY else facts.start[at] // 365 + 200
        for partner in partners:
            keys |= {(100, "partner", *partner), (100, "year", *partner, int(year))}
            keys |= {(100, "country", *partner, country) for country in sets["countries"][at]}
            keys |= {(100, "title", *partner, word) for word in rarest[:2]}
        keys |= {(60, "amount", value) for value in sets["amounts"][at]}
        keys |= {(50, "place", value) for value in sets["places"][at]}
        found.append(keys)
    return found


def plain_candidates(facts: Facts, asked: list[int]) -> set[tuple[int, int]]:
    keys = plain_keys(facts)
    holders = Counter(key for own in keys for key in own)
    worth = {
        key: int(bits_of(np.array([count]), len(facts), candidates.ASSUMED)[0]) * key[0] // 100  # type: ignore[operator]
        for key, count in holders.items()
        if 2 <= count <= candidates.MAX_BLOCK
    }
    found = set()
    for here in asked:
        shared = {
            there: sum(worth[key] for key in keys[here] & keys[there] if key in worth)
            for there in range(len(facts))
            if here != there
            and any(key in worth for key in keys[here] & keys[there])
            and (facts.org[here] != facts.org[there] or facts.org[here] == 0)
        }
        best = sorted(shared, key=lambda there: (-shared[there], there))[: candidates.MAX_CANDIDATES]
        found |= {(min(here, there), max(here, there)) for there in best}
    return found


@given(seeds, st.data())
@settings(max_examples=60, deadline=None)
def test_those_meet_that_share_something_rare(seed: int, data: st.DataObject) -> None:
    facts = made_facts(seed, activities=36)
    asked = data.draw(st.lists(st.integers(0, len(facts) - 1), unique=True, min_size=1))
    left, right = find_candidates(facts, np.array(asked))
    assert list(zip(left.tolist(), right.tolist(), strict=True)) == sorted(plain_candidates(facts, asked))


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_everybody_is_asked_for_where_nobody_is_named(seed: int) -> None:
    facts = made_facts(seed)
    for found, named in zip(find_candidates(facts), find_candidates(facts, np.arange(len(facts))), strict=True):
        assert found.tolist() == named.tolist()


def test_how_many_are_weighed_at_a_time_changes_nothing(monkeypatch: object) -> None:
    facts = made_facts(7, activities=200)
    whole = [column.tolist() for column in find_candidates(facts)]
    for batch, activities in ((1, 1000), (50, 3), (10**9, 7)):
        monkeypatch.setattr(candidates, "BATCH", batch)  # type: ignore[attr-defined]
        monkeypatch.setattr(candidates, "BATCH_ACTIVITIES", activities)  # type: ignore[attr-defined]
        assert [column.tolist() for column in find_candidates(facts)] == whole
