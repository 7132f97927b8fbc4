"""Reading texts inside an engine: further narratives count, equal texts are read once, Spark's single values work."""

import json
from dataclasses import replace

import pyarrow as pa

from concerted.classify.nodes import NodeReader
from concerted.classify.texts import FIELD, PART, column_reader, spans_json, statement_reader
from concerted.classify.words import Span, TextPart

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
        parts = [TextPart("title", title), TextPart("description", description)]
        return {s.node_id: s.probability for s in reader.suggest(parts)}.get("dialogue", 0.0)

    one = probability("Programme", "reconciliation in three districts")
    same_again = probability("Programme", "reconciliation in three districts and reconciliation")
    two = probability("Programme", "reconciliation and mediation in three districts")
    in_title = probability("Reconciliation programme", "in three districts")
    assert probability("Programme", "roads in three districts") == 0.0
    assert one < same_again < two, "saying it again says a little more, another word more"
    assert in_title > one


def test_a_find_from_a_short_list_is_surer_than_one_from_a_long_list() -> None:
    parts = [TextPart("title", "Reconciliation programme"), TextPart("description", "")]
    terms = tuple(f"word{n}" for n in range(200))
    long = replace(PLAN, nodes=tuple(replace(n, lexicon={"en": (*n.lexicon["en"], *terms)}) for n in PLAN.nodes))
    (short_list,), (long_list,) = (NodeReader.of([plan]).suggest(parts) for plan in (PLAN, long))
    assert short_list.probability > 2 * long_list.probability


def test_an_exclusion_voids_what_lies_inside_it_and_nothing_else() -> None:
    terms = {"en": ("women", "violence against women")}
    women = replace(PLAN.nodes[0], lexicon=terms, exclusions={"en": ("women and children",)})
    reader = NodeReader.of([replace(PLAN, nodes=(women,))])

    def found(text: str) -> set[str]:
        scores = reader.scores(reader.cut([[TextPart("description", text)]]))
        return {reader.terms.terms[number][1] for number in scores.finds.term}

    assert found("food for women and children") == set()
    assert found("violence against women and children") == {"violence against women"}
    assert found("women and men") == {"women"}


def test_a_statement_reads_the_same_alone_and_among_others() -> None:
    words = (
        "Mediation",
        "and",
        "réconciliation",
        "youth",
        "justice,",
        "peace",
        "الحوار",
        "education",
        "for",
        "women\u0301",
    )
    rows = [
        (
            " ".join(words[(n + k) % 10] for k in range(n % 4)),
            " ".join(words[(n * k + k // 3) % 10] for k in range(n % 37)),
            f"title|00001|{FIELD}{words[n % 10]} and reconciliation{PART}description|00002|{FIELD}youth"
            if n % 3
            else "",
            n % 2 == 0,
            n % 5 == 0,
        )
        for n in range(120)
    ]
    together = statement_reader(PARAMS).read_all(rows)
    assert together == [statement_reader(PARAMS).read(*row) for row in rows]
    assert together == statement_reader(PARAMS).read_all(rows[::-1])[::-1], "nor does the order matter"
    assert sum(line.startswith("N") for lines in together for line in lines.split("\n")) > 60


def test_evidence_is_written_as_json_writes_it() -> None:
    spans = (Span('a "b"', 1, 4, 'c\\d\n"é"\u2028'), Span("title", 0, 2, "<>"))
    shown = [{"end": s.end, "field": s.field, "start": s.start, "words": s.words} for s in spans]
    assert spans_json(spans) == json.dumps({"field": "text", "spans": shown}, ensure_ascii=False)
    assert spans_json(()) == '{"field": "text", "spans": []}'
