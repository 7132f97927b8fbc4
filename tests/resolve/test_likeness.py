"""Names without a reference find their organisation inside the step; every proposal is told, to those who may know."""

import json
from dataclasses import replace
from typing import Any

from concerted.model.ids import hash_id
from concerted.resolve import step
from worlds import AS_OF, Row, World, on_duckdb, rows_of

PARAMS = step.Params(as_of=AS_OF)
RIGHT, MISSPELT = "Réseau Billital Maroobé", "Reseau Bilital Maroobe"


def say(world: World, record: int, partner: str, partner_ref: str | None = None, **more: Any) -> None:
    """A statement of XX-1 that names a partner in Niger."""
    world.add(
        "activity", record_id=record, source_id="s", input_path="a.xml", line=record, kind="iati",
        identifier=f"XX-1-{record}", reporting_org_ref="XX-1", reporting_org_name="Reporter One",
        is_secondary_reporter=False, is_supply=True, **{"marking_key": "CLEAR"} | more,
    )  # fmt: skip
    world.add(
        "participating_org", record_id=record, seq=0, role_code="4", ref=partner_ref, name=partner, type_code="22"
    )
    world.add("recipient", record_id=record, transaction_seq=-1, seq=0, kind="country", code="NE")


def partners(world: World, params: step.Params = PARAMS) -> dict[str, int]:
    """Organisation of each partner's name."""
    result = step.run(on_duckdb(world, step.INPUTS), params)
    return {r["name"]: r["org_id"] for r in rows_of(result.tables["core_participating_org"], "participating_org")}


def proposals(world: World) -> list[Row]:
    result = step.run(on_duckdb(world, step.INPUTS), PARAMS)
    return rows_of(result.tables["core_organisation_match"], "organisation_match")


def test_a_misspelt_name_without_reference_is_its_organisation() -> None:
    world = World()
    say(world, 1, RIGHT, "NE-REG-12345")
    say(world, 2, MISSPELT)
    assert set(partners(world).values()) == {hash_id("organisation", "ref:NE-REG-12345")}


def test_without_likeness_only_equal_names_are_one() -> None:
    world = World()
    say(world, 1, RIGHT, "NE-REG-12345")
    say(world, 2, MISSPELT)
    assert len(set(partners(world, replace(PARAMS, likeness=None)).values())) == 2


def test_a_proposal_says_who_how_likely_and_why() -> None:
    world = World()
    say(world, 1, RIGHT, "NE-REG-12345")
    say(world, 2, MISSPELT)
    (found,) = [row for row in proposals(world) if row["relation"] == "same_as"]
    assert (found["left_key"], found["right_key"]) == ("name:reseau bilital maroobe", "ref:NE-REG-12345")
    assert found["left_org_id"] == found["right_org_id"]
    assert found["is_joined"]
    assert found["probability"] > 0.8
    assert json.loads(found["reasons"])[0].startswith("+ ")


def test_a_restricted_spelling_is_told_to_those_who_may_see_it_only() -> None:
    world = World()
    say(world, 1, RIGHT, "NE-REG-12345")
    say(world, 2, MISSPELT, marking_key="AMBER:g")
    assert {row["marking_key"] for row in proposals(world)} == {"AMBER:g"}


def test_an_organisation_of_the_table_without_public_reference_shows_none() -> None:
    world = World()
    say(world, 1, "Ministère de la Santé du Mali")
    result = step.run(on_duckdb(world, step.INPUTS), PARAMS)
    rows = rows_of(result.tables["core_organisation"], "organisation")
    (ministry,) = [row for row in rows if row["name"].startswith("Ministère")]
    assert ministry["ref"] is None
    assert ministry["is_minted"]
    assert ministry["name_ar"] == "وزارة الصحة في مالي"


def test_a_reference_of_many_unlike_names_gives_way_to_the_names() -> None:
    world = World()
    for number, name in enumerate(
        ("Tassaght", "Université de Zinder", "Oxfam Novib", "Mairie de Diffa", "Bureau Kéné")
    ):
        say(world, number, name, "NE-LOCAL")
    assert len(set(partners(world).values())) == 5
