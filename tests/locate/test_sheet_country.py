"""The country of a sheet that names areas and no country: found when one fits, never guessed between two."""

from concerted.locate.reference import Reference
from concerted.locate.sheet_country import AreaRow, sheet_countries
from located import locate


def rows(path: str, *regions: str, marking: str = "CLEAR") -> list[AreaRow]:
    return [((path, marking), None, region, None, None) for region in regions]


def test_the_country_in_which_all_areas_exist_is_the_sheets(shipped: Reference) -> None:
    found = sheet_countries(rows("a", "Mopti", "Gao", "Kidal") + rows("b", "Diffa", "Zinder"), shipped)
    assert {path: sheet.country for (path, _), sheet in found.items()} == {"a": "ML", "b": "NE"}
    assert found["a", "CLEAR"].fitting == found["a", "CLEAR"].known == 3


def test_hidden_rows_of_a_sheet_have_no_say_in_the_country_of_open_ones(shipped: Reference) -> None:
    hidden = rows("a", "Diffa", "Zinder", "Agadez", marking="AMBER:a")
    found = sheet_countries(rows("a", "Mopti", "Gao") + hidden, shipped)
    assert {key: sheet.country for key, sheet in found.items()} == {("a", "CLEAR"): "ML", ("a", "AMBER:a"): "NE"}


def test_names_that_two_countries_share_decide_nothing(shipped: Reference) -> None:
    # Nord and Est are regions of Burkina Faso and of Cameroon; Sahel is of the first only.
    assert sheet_countries(rows("a", "Nord", "Est"), shipped) == {}
    assert sheet_countries(rows("a", "Nord", "Sahel", "Plateau-Central"), shipped)["a", "CLEAR"].country == "BF"


def test_a_sheet_of_several_countries_has_none(shipped: Reference) -> None:
    assert sheet_countries(rows("a", "Mopti", "Gao", "Diffa", "Zinder"), shipped) == {}
    assert sheet_countries(rows("a", "Nulle part"), shipped) == {}


def test_locations_of_such_a_sheet_are_looked_for_in_its_country_and_it_is_said() -> None:
    sheet = [{"record_id": n, "kind": "presence", "input_path": "bfa.xlsx"} for n in range(3)]
    iati = [{"record_id": 9, "kind": "iati", "input_path": "some.xml"}]
    regions = ["Est", "Sahel", "Plateau-Central"]
    found = locate(
        activities=sheet + iati,
        locations=[{"record_id": n, "admin1_name": name} for n, name in enumerate(regions)]
        + [{"record_id": 9, "admin1_name": "Sahel"}],
    )
    assert [p[0] for p in found.placed()] == ["BF52", "BF56", "BF55", "BF56"]
    said = [i for i in found.issues if i["code"] == "country_inferred"]
    assert [(i["input_path"], i["values"]) for i in said] == [
        ("bfa.xlsx", '{"country": "BF", "fitting": 3, "known": 3}')
    ]


def test_a_date_never_chooses_the_country_of_a_name() -> None:
    # Est ended in Burkina Faso in 2025 and is still a region of Cameroon.
    found = locate(
        activities=[{"record_id": 1, "start_actual_date": None}], locations=[{"record_id": 1, "admin1_name": "Est"}]
    )
    assert found.placed() == [(None, "unknown", "none")]
    assert [i["code"] for i in found.issues] == ["place_ambiguous"]
