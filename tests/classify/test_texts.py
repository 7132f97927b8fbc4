"""Reading texts inside an engine: further narratives count, equal texts are read once, Spark's single values work."""

import json
from dataclasses import replace

import pyarrow as pa

from concerted.classify.nodes import NodeReader, TextPart
from concerted.classify.texts import FIELD, PART, column_reader, statement_reader

from .frameworks import PARAMS, PLAN
from .world import World


def test_a_further_narrative_is_read_too_and_equal_ones_once() -> None:
    world = World().activity(1, title="Programme d'appui", description="Projet dans le nord")
    for seq, text in enumerate(("Projet dans le nord", "Mediation and reconciliation", "Mediation and reconciliation")):
        world.add("narrative", record_id=1, field="description", seq=seq, lang="en", text=text)
    world.add("narrative", record_id=1, field="location/name", seq=0, lang="en", text="Youth centre")
    out = world.run(replace(PARAMS, threshold=0.05))
    label = out.labels()["dialogue", "text"]
    spans = json.loads(label["evidence"])[0]["spans"]
    assert [(s["field"], s["words"]) for s in spans] == [
        ("description", "Mediation"),
        ("description", "reconciliation"),
    ]
    assert ("youth", "text") not in out.labels(), "the name of a place is no aim"


def test_a_text_that_holds_the_inner_separators_is_read_as_one_text() -> None:
    world = World().activity(1, title="Office")
    world.add("narrative", record_id=1, field="description", seq=0, text=f"Rent{PART}title{FIELD}Justice and dialogue")
    out = world.run(replace(PARAMS, threshold=0.05))
    spans = json.loads(out.labels()["justice", "text"]["evidence"])[0]["spans"]
    assert [s["field"] for s in spans] == ["description"]


def test_arrays_and_single_values_are_read_alike() -> None:
    reader = statement_reader(PARAMS)
    read = column_reader(reader)
    row = ("Dialogue", "Youth and justice for all in the region of the north", "", True, True)
    [from_array] = read(*(pa.array([value]) for value in row)).to_pylist()
    assert from_array == read(*row) == reader.read(*row)


def test_more_different_terms_and_a_title_make_a_node_likelier() -> None:
    reader = NodeReader.of([PLAN])

    def probability(title: str, description: str) -> float:
        parts = [TextPart.of("title", title), TextPart.of("description", description)]
        return {s.node_id: s.probability for s in reader.suggest(parts)}.get("dialogue", 0.0)

    one = probability("Programme", "reconciliation in three districts")
    same_again = probability("Programme", "reconciliation in three districts and reconciliation")
    two = probability("Programme", "reconciliation and mediation in three districts")
    in_title = probability("Reconciliation programme", "in three districts")
    assert probability("Programme", "roads in three districts") == 0.0
    assert abs(one - same_again) < 0.05 < two - one
    assert in_title > one
