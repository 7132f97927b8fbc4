"""The word model: learns from coded statements, speaks only for those without codes, and is the same every time."""

import json
from dataclasses import replace

import numpy as np
import pytest

from concerted.classify.learned import Sample, balanced_folds, described, learn, publisher_votes
from concerted.classify.nodes import NodeReader
from concerted.classify.words import TextPart

from .frameworks import PARAMS, PLAN
from .world import World

sklearn = pytest.importorskip("sklearn", reason="the extra `text` is not installed")

READER = NodeReader.of([PLAN])
#: Words that no lexicon of the plan has; the model can only know them from the codes.
SPEECH = {"dialogue": "elders herders wells", "youth": "football skating songs", "justice": "judges courts appeals"}


def samples() -> list[Sample]:
    """360 statements of 12 publishers."""
    found = []
    for n in range(360):
        node_id = sorted(SPEECH)[n % 3]
        words = SPEECH[node_id].split()
        text = f"Programme {words[n % 2]} and {words[2]} in district {'abcdefghij'[n % 10] * 3}"
        parts = (TextPart("title", text), TextPart("description", "Funded by many"))
        found.append(Sample(parts, f"P{n % 12}", node_id))
    return found


def test_it_learns_words_that_no_lexicon_has() -> None:
    model = learn(PLAN, samples(), described(PLAN), READER)
    assert model is not None
    for node_id, words in SPEECH.items():
        parts = [TextPart("title", f"Project with {words.split()[0]}")]
        p = model.probabilities(parts, READER, READER.scores(READER.cut([parts])))
        assert max(p, key=lambda n: p[n]) == node_id
        assert sum(p.values()) == pytest.approx(1)
    assert model.bytes < 20_000_000


def test_the_order_of_statements_changes_nothing() -> None:
    one, other = (learn(PLAN, some, described(PLAN), READER) for some in (samples(), samples()[::-1]))
    assert one is not None
    assert other is not None
    assert one.fusion == other.fusion
    assert np.array_equal(one.weights, other.weights)


def test_too_few_statements_or_publishers_teach_nothing() -> None:
    assert learn(PLAN, samples()[:200], described(PLAN), READER) is None
    assert learn(PLAN, [replace(s, publisher="P1") for s in samples()], described(PLAN), READER) is None


def test_folds_hold_publishers_together_and_votes_are_balanced() -> None:
    publishers = ["a"] * 6 + ["b"] * 3 + ["c"] * 3
    folds = balanced_folds(publishers, 2)
    assert len(set(folds[:6])) == 1
    assert sorted(np.bincount(folds)) == [6, 6]
    votes = publisher_votes(publishers, 1.0)
    assert votes.mean() == pytest.approx(1)
    assert votes[:6].sum() == pytest.approx(votes[6:9].sum())


def test_in_the_step_a_model_speaks_for_statements_without_codes_and_shows_its_words() -> None:
    codes = {"dialogue": "15220", "justice": "15130", "youth": "99999"}
    world = World()
    for record_id, sample in enumerate(samples(), start=10):
        title = sample.parts[0].text
        world.activity(record_id, title=title, reporting_org_ref=sample.publisher)
        world.sector(codes[sample.node_id], record_id=record_id)
    world.activity(1, title="Project with judges and courts", reporting_org_ref="new")
    world.activity(2, title="Project with judges and courts", reporting_org_ref="new").sector("99999", record_id=2)
    world.activity(3, title="Project with football and songs", reporting_org_ref="new")
    out = world.run(replace(PARAMS, learn=True))
    label = out.labels(1)["justice", "text"]
    assert not label["is_confirmed"]
    words = {s["words"] for s in json.loads(label["evidence"])[0]["spans"]}
    assert {"judges", "courts"} <= words
    assert out.labels(2) == {}
    assert out.labels(3) == {}, "football was only ever seen under codes that lead to no node"
