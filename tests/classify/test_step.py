"""The step as a whole: who is confirmed, what is a suggestion, where it abstains."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

from concerted.classify.params import Judgement
from concerted.classify.step import params
from concerted.codelists.frameworks import FormerCode, OwnCode, load_framework
from concerted.model.tables import ONE, UNCLASSIFIED, full_schema

from .frameworks import CODES, PARAMS, PLAN, walk
from .world import World


def test_a_code_of_the_framework_itself_is_a_declaration() -> None:
    out = World().activity().sector("15220").run(replace(PARAMS, frameworks=(CODES,)))
    label = out.labels(framework="dac")["15220", "declared"]
    assert label["is_confirmed"]
    assert label["probability"] == 1.0


def test_a_crosswalked_code_is_a_suggestion_with_its_crosswalk_as_evidence() -> None:
    out = World().activity().sector("15220").run(PARAMS)
    label = out.labels()["dialogue", "crosswalk"]
    assert not label["is_confirmed"]
    assert label["probability"] == 0.9
    assert json.loads(label["evidence"]) == [
        {
            "field": "sector",
            "vocabulary": "1",
            "code": "15220",
            "crosswalk": {"relation": "narrower", "author": "Tester", "date": "2026-01-02"},
        }
    ]


def test_an_own_code_of_the_owner_is_confirmed_and_a_strangers_is_not() -> None:
    world = World().activity(1).activity(2).activity(3)
    world.sector("P1", record_id=1, vocabulary_code="99", vocabulary_uri="http://plan.example/codes")
    world.sector("P1", record_id=2, vocabulary_code="99", vocabulary_uri="http://other.example/codes")
    world.sector("P1", record_id=3, vocabulary_code="99")
    out = world.run(PARAMS)
    assert out.labels(1)["dialogue", "declared"]["is_confirmed"]
    assert out.labels(2) == {}
    assert out.labels(3) == {}


def test_a_node_named_in_a_mapped_column_is_confirmed_by_id_or_name_in_any_language() -> None:
    values = ["justice", "JUSTICE", "Area justice", "Domaine justice", "مجال justice", "x; justice"]
    world = World()
    for record_id, value in enumerate(values):
        world.activity(record_id).add("attribute", record_id=record_id, name="node:plan", value=value)
    out = world.run(PARAMS)
    for record_id in range(len(values)):
        assert out.labels(record_id)["justice", "declared"]["is_confirmed"]


def test_an_own_word_of_the_owners_column_is_confirmed() -> None:
    out = World().activity().add("attribute", record_id=1, name="#pillar", value="Pillar of  justice").run(PARAMS)
    assert out.shares() == {"justice": ONE}
    assert out.labels()["justice", "declared"]["is_confirmed"]


def test_words_suggest_with_their_place_in_the_original_text() -> None:
    title = "Réconciliation & youth: « dialogue » for peace"
    out = World().activity(title=title).run(replace(PARAMS, threshold=0.05))
    label = out.labels()["dialogue", "text"]
    assert not label["is_confirmed"]
    spans = json.loads(label["evidence"])[0]["spans"]
    assert [s["words"] for s in spans] == ["Réconciliation", "dialogue"]
    for span in spans:
        assert span["field"] == "title"
        assert title[span["start"] : span["end"]] == span["words"]


def test_an_excluded_wording_is_no_evidence() -> None:
    out = World().activity(title="Climate justice for coastal towns").run(replace(PARAMS, threshold=0.01))
    assert out.labels() == {}


def test_below_the_threshold_there_is_no_label_and_the_money_stays_unclassified() -> None:
    world = World().activity().sector("16020")
    assert set(world.run(PARAMS).shares()) == {"youth", "dialogue"}
    shy = world.run(replace(PARAMS, threshold=0.45))
    assert set(shy.labels()) == {("youth", "crosswalk")}
    assert shy.shares() == {"youth": ONE}
    silent = world.run(replace(PARAMS, threshold=0.6))
    assert silent.labels() == {}
    assert silent.shares() == {UNCLASSIFIED: ONE}


def test_a_marker_that_is_not_targeted_says_nothing() -> None:
    world = World().activity(1).activity(2)
    world.add("policy_marker", record_id=1, seq=0, vocabulary_code="1", code="1", significance_code="2")
    world.add("policy_marker", record_id=2, seq=0, vocabulary_code="1", code="1", significance_code="0")
    out = world.run(PARAMS)
    assert out.labels(1)["youth", "marker"]["probability"] == 0.72
    assert out.labels(2) == {}


def test_an_sdg_target_given_as_a_tag_counts_like_one_given_as_a_sector() -> None:
    world = World().activity().add("tag", record_id=1, kind="tag", seq=0, vocabulary_code="3", code="16.3")
    assert world.run(PARAMS).labels()["justice", "crosswalk"]["probability"] == 0.9


def test_the_same_code_in_many_transactions_is_one_signal() -> None:
    world = World().activity()
    for transaction in range(4):
        world.sector("15220", transaction=transaction)
    label = world.run(PARAMS).labels()["dialogue", "crosswalk"]
    assert label["probability"] == 0.9


def test_a_person_outranks_every_signal() -> None:
    no = Judgement(1, "plan", "dialogue", False, "focal point", date(2026, 5, 1))
    yes = Judgement(1, "plan", "youth", True, "focal point", date(2026, 5, 1), "their workshop")
    out = World().activity().sector("15220").run(replace(PARAMS, judgements=(no, yes)))
    assert set(out.labels()) == {("youth", "judgement")}
    assert out.labels()["youth", "judgement"]["is_confirmed"]
    assert out.shares() == {"youth": ONE}


def test_the_last_judgement_stands() -> None:
    no = Judgement(1, "plan", "dialogue", False, "a", date(2026, 5, 1))
    yes = Judgement(1, "plan", "dialogue", True, "b", date(2026, 6, 1))
    for order in ((no, yes), (yes, no)):
        out = World().activity().run(replace(PARAMS, judgements=order))
        assert set(out.labels()) == {("dialogue", "judgement")}


def test_a_node_that_is_specific_by_definition_makes_the_statement_specific_once_declared() -> None:
    world = World().activity(1).activity(2).add("attribute", record_id=1, name="#pillar", value="Pillar of Justice")
    world.sector("15130", record_id=2)
    levels = {r["record_id"]: (r["level"], r["probability"]) for r in world.run(PARAMS).tables["pve_marker"]}
    assert levels == {1: ("specific", 1.0), 2: ("none", 1.0)}


def test_evidence_is_json_whatever_signs_a_node_or_a_column_is_called_by() -> None:
    odd = 'a "quoted" \\ node'
    own = OwnCode("yes", odd, column='#pillar\n"main"\t\\')
    plan = replace(PLAN, nodes=(replace(PLAN.nodes[2], id=odd),), own_codes=(own,))
    world = World().activity().add("attribute", record_id=1, name=own.column, value="Yes")
    out = world.run(replace(PARAMS, frameworks=(plan,), crosswalks=()))
    (marker,) = out.tables["pve_marker"]
    assert json.loads(marker["evidence"]) == [{"field": "node", "node": f"plan/{odd}"}]
    (evidence,) = json.loads(out.labels()[odd, "declared"]["evidence"])
    assert evidence["field"] == f"column {own.column}"


def test_every_statement_has_a_language_row_a_marker_row_and_a_spread_per_framework() -> None:
    out = World().activity(1).activity(2, title="Dialogue").run(replace(PARAMS, frameworks=(*PARAMS.frameworks, CODES)))
    assert [r["record_id"] for r in sorted(out.tables["text_language"], key=lambda r: r["record_id"])] == [1, 2]
    assert len(out.tables["pve_marker"]) == 2
    assert out.shares(1, framework="dac") == {UNCLASSIFIED: ONE}
    for name, rows in out.tables.items():
        assert set(rows[0]) == set(full_schema(name).names), name


def test_a_sheet_column_mapped_to_a_framework_declares_its_nodes() -> None:
    world = World().activity(1).activity(2).activity(3)
    for record_id, (seq, word) in enumerate([(0, "Area justice"), (0, "pillar of justice"), (0, "Justices")], start=1):
        world.add(
            "tag", record_id=record_id, kind="tag", seq=seq, vocabulary_code="99", vocabulary_uri="plan", code=word
        )
    out = world.run(PARAMS)
    for record_id in (1, 2):
        assert out.labels(record_id)["justice", "declared"]["is_confirmed"]
        assert out.shares(record_id) == {"justice": ONE}
    assert out.labels(3) == {}, "a word that is no node is not bent into one"


def test_a_cluster_is_known_by_its_name_in_any_writing() -> None:
    params = replace(PARAMS, crosswalks=(walk("protection de l enfance", "youth", "narrower", "cluster"),))
    world = World().activity(1).activity(2)
    world.sector("PRO-CPN", record_id=1, vocabulary_code="10", name="Protection de l'Enfance")
    world.add("sector", record_id=2, transaction_seq=-1, seq=0, vocabulary_code="99", name="PROTECTION DE L’ENFANCE")
    out = world.run(params)
    assert out.shares(1) == out.shares(2) == {"youth": ONE}


def test_the_build_gives_the_shipped_crosswalks_and_a_strategy_needs_none() -> None:
    class Built:
        frameworks = (PLAN, load_framework("un-gcts"))
        learn = False

    made = params(Built())
    assert {row.framework_id for row in made.crosswalks} == {"un-gcts"}
    assert made.frameworks == Built.frameworks


def test_a_word_of_an_earlier_version_is_a_declaration_with_the_shares_of_its_remap() -> None:
    def former(code: str, node_id: str, share: int, place: Any = "node") -> FormerCode:
        uri = "http://plan.example/codes" if place == "own" else None
        return FormerCode("0", place, code, node_id, share, "Secretariat", date(2026, 11, 28), uri)

    rows = (
        former("OLD", "dialogue", 250_000),
        former("OLD", "youth", 750_000),
        former("P9", "youth", 1_000_000, "own"),
    )
    clash = former("youth", "justice", 1_000_000)  # a word of this version means this version's line
    plan = replace(PLAN, former_codes=(*rows, clash))
    world = World()
    world.activity(1)
    world.add("tag", record_id=1, seq=0, kind="tag", vocabulary_code="99", vocabulary_uri="plan", code="old")
    world.activity(2)
    world.add("tag", record_id=2, seq=0, kind="tag", vocabulary_code="99", vocabulary_uri="plan", code="youth")
    world.activity(3)
    world.add("sector", record_id=3, seq=0, transaction_seq=-1, vocabulary_code="99",
              vocabulary_uri="http://plan.example/codes", code="P9", pct=None)  # fmt: skip
    out = world.run(replace(PARAMS, frameworks=(plan,)))
    assert out.shares(1) == {"dialogue": 250_000_000, "youth": 750_000_000}
    assert out.shares(2) == out.shares(3) == {"youth": 1_000_000_000}
    assert {(r["node_id"], r["is_confirmed"]) for r in out.tables["node_share"] if r["record_id"] == 1} == {
        ("dialogue", True),
        ("youth", True),
    }
