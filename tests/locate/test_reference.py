"""Merging places of several sources by name: ids stay, older numberings keep their own."""

import datetime as dt

from concerted.codelists.places import load_place_codes, load_places
from concerted.locate.reference import Reference, build_reference, normalise_code
from located import place

OLD = dt.date(2015, 4, 8)


def reference(*rows: dict) -> Reference:
    return build_reference([*load_places().to_pylist(), *rows], load_place_codes())


def test_a_place_of_another_numbering_keeps_the_present_id_where_the_name_is_known() -> None:
    ref = reference(
        place("ML0702", 2, "Ansongo", parent_id="ML07", valid_from=OLD, box=(0, 15, 1, 16)),
        place("ML0703", 2, "Bourem", parent_id="ML07", valid_from=OLD),
    )
    assert ref.places["ML0701"].row["geometry_wkb"] is not None
    assert ref.places["ML0702"].row["name"] == "Bourem"
    assert {p.id for p in ref.coded("ML0702").values()} == {"ML0701", "ML0702"}


def test_a_place_that_only_an_older_source_knows_carries_its_vintage_when_its_code_is_taken() -> None:
    ref = reference(
        place("ML0703", 2, "Almoustarat", parent_id="ML07", valid_from=OLD),
        place("ML0799", 2, "Gossi", parent_id="ML07", valid_from=OLD),
    )
    assert ref.places["ML0703@2015"].row["name"] == "Almoustarat"
    assert ref.places["ML0799"].row["name"] == "Gossi"
    assert ref.places["ML0703"].row["name"] == "Gao"


def test_a_third_scheme_of_codes_is_joined_by_name_not_by_its_digits() -> None:
    # One boundary file calls Niamey NER005 and Tahoua NER006; OCHA calls Tahoua NE005 and Tillaberi NE006.
    ref = reference(
        place("NER005", 1, "Niamey", country_code="NER", parent_id="NER"),
        place("NER006", 1, "Tahoua", country_code="NER", parent_id="NER"),
        place("NER006006", 2, "Abalak", country_code="NER", parent_id="NER006"),
    )
    assert {p.id for p in ref.by_code["NER006"].values()} == {"NE005"}
    assert {p.id for p in ref.coded("NER006").values()} == {"NE005", "NE006"}
    assert ref.places["NER006006"].parent is ref.places["NE005"]


def test_a_cercle_that_moved_to_a_new_region_is_still_the_same_cercle() -> None:
    ref = reference(place("ML0704", 2, "Menaka", parent_id="ML07", valid_from=OLD))
    assert {p.id for p in ref.by_code["ML0704"].values()} == {"ML1001"}


def test_a_spelling_without_a_place_of_its_own_is_a_spelling() -> None:
    ref = reference(place("ML02", 1, "Koulikouroo", parent_id="ML"))
    assert "Koulikouroo" in ref.places["ML02"].spellings
    assert len([p for p in ref.places.values() if p.country == "ML" and p.level == 1]) == 20


def test_two_names_that_differ_by_a_compass_word_are_two_places() -> None:
    ref = build_reference(
        [place("XX", 0, "X"), place("XX1", 1, "Ennedi Est"), place("XX1", 1, "Ennedi Ouest", source_id="other")], {}
    )
    assert {p.row["name"] for p in ref.places.values() if p.level == 1} == {"Ennedi Est", "Ennedi Ouest"}


def test_the_order_of_rows_does_not_matter() -> None:
    rows = [
        place("ML0702", 2, "Ansongo", parent_id="ML07", valid_from=OLD),
        place("ML0703", 2, "Almoustarat", parent_id="ML07", valid_from=OLD),
        place("ML07", 1, "Gao", source_id="b", box=(0, 14, 3, 20)),
        place("ML0703", 2, "Gaoo", parent_id="ML07", source_id="b"),
    ]
    assert reference(*rows).rows() == reference(*reversed(rows)).rows()


def test_eras_begin_where_a_division_changed() -> None:
    ref = reference()
    assert dt.date(2025, 7, 2) in ref.breaks
    east, sirba = ref.places["BF52"], ref.places["BF58"]
    assert east.last_era + 1 == sirba.first_era
    assert ref.places["NE001"].first_era == 0


def test_areas_that_all_carry_the_date_of_their_file_were_always_there() -> None:
    day = dt.date(2021, 12, 20)
    ref = build_reference([place("XX1", 1, "A", valid_from=day), place("XX2", 1, "B", valid_from=day)], {})
    assert ref.breaks == []


def test_rows_without_an_id_are_reported_and_not_dropped_silently() -> None:
    ref = reference(place("", 1, "Nowhere", country_code="ML"))
    assert [r["name"] for r in ref.without_id] == ["Nowhere"]


def test_codes_ignore_spaces_and_case() -> None:
    assert normalise_code(" ml-0506 ") == "ML0506"
