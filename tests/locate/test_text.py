"""Codes and names: what is joined on both, what a code alone may say, names in three languages."""

import datetime as dt

import pytest

from concerted.codelists.places import load_place_codes, load_places
from concerted.locate.reference import Reference, build_reference
from concerted.locate.text import Finding, TextMatcher, Wording
from located import place

OLD = dt.date(2015, 4, 8)
#: Three cercles as the older numbering has them.
OLD_CERCLES = [
    place("ML0701", 2, "Gao", parent_id="ML07", valid_from=OLD, source_id="old"),
    place("ML0702", 2, "Ansongo", parent_id="ML07", valid_from=OLD, source_id="old"),
    place("ML0703", 2, "Bourem", parent_id="ML07", valid_from=OLD, source_id="old"),
]


@pytest.fixture(scope="module")
def both() -> Reference:
    return build_reference(load_places().to_pylist() + OLD_CERCLES, load_place_codes())


def admin(ref: Reference, *pairs: tuple[str | None, str | None], countries: tuple[str, ...] = ("ML",)) -> Finding:
    padded = [*pairs, *[(None, None)] * (3 - len(pairs))]
    codes, names = zip(*padded, strict=True)
    return TextMatcher(ref).find(Wording(countries=countries, codes=codes, names=names))


def named(ref: Reference, name: str, *countries: str, **more: object) -> str | None:
    found = TextMatcher(ref).find(Wording(countries=countries, name=name, **more))  # type: ignore[arg-type]
    return found.place.id if found.place else None


def outcome(found: Finding) -> tuple[str | None, str | None, list[str]]:
    return found.place.id if found.place else None, found.by, [i.code for i in found.issues]


def test_code_and_name_of_either_numbering_agree(both: Reference) -> None:
    for code, name, wanted in (("ML0701", "Ansongo", "ML0701"), ("ML0702", "Ansongo", "ML0701")):
        assert outcome(admin(both, (None, None), (code, name))) == (wanted, "code_and_name", [])


def test_when_code_and_name_disagree_the_name_wins_and_it_is_said(both: Reference) -> None:
    found = admin(both, ("ML07", "Gao"), ("ML0701", "Bourem"))
    assert outcome(found) == ("ML0702", "name", ["code_name_disagree"])
    assert found.issues[0].values["code_means"] == "Ansongo|Gao"


def test_a_code_alone_is_used_only_where_every_numbering_agrees(both: Reference, shipped: Reference) -> None:
    assert outcome(admin(shipped, (None, None), ("ML0702", None))) == ("ML0702", "code", [])
    assert outcome(admin(both, (None, None), ("ML0702", None))) == (None, None, ["code_ambiguous"])
    assert outcome(admin(both, ("ML07", "Gao"), ("ML0702", None))) == ("ML07", "code_and_name", ["code_ambiguous"])


def test_a_code_with_a_name_that_nobody_knows_is_not_trusted(both: Reference) -> None:
    assert outcome(admin(both, ("ML07", "Gao"), ("ML0702", "Nulle part"))) == (
        "ML07",
        "code_and_name",
        ["place_unknown"],
    )


def test_a_code_that_nobody_knows_gives_way_to_the_name(shipped: Reference) -> None:
    assert outcome(admin(shipped, ("MLI11", "Menaka"))) == ("ML10", "name", ["place_code_unknown"])


@pytest.mark.parametrize("code", ["MLI05", "ML05", " mli05 "])
def test_alpha_3_prefixes_are_read_as_alpha_2(shipped: Reference, code: str) -> None:
    assert outcome(admin(shipped, (code, "MOPTI"))) == ("ML05", "code_and_name", [])


def test_a_code_of_another_level_agrees_when_one_area_holds_the_other(shipped: Reference) -> None:
    assert outcome(admin(shipped, ("ML0901", "Bamako"))) == ("ML09", "code_and_name", [])


def test_with_a_fitting_code_a_name_may_differ_by_a_letter(shipped: Reference) -> None:
    assert outcome(admin(shipped, (None, None), ("ML0404", "Nion"))) == ("ML0404", "code_and_name", [])
    assert outcome(admin(shipped, (None, None), (None, "Nion")))[0] is None


def test_a_name_outside_its_parent_is_kept_and_said(shipped: Reference) -> None:
    # Before 2016 Menaka was a cercle of Gao.
    assert outcome(admin(shipped, (None, "Gao"), (None, "Ménaka"))) == ("ML1001", "name", ["parent_disagree"])


@pytest.mark.parametrize(
    ("name", "country", "wanted"),
    [
        ("Ségou", "ML", "ML04"),
        ("Timbuktu", "ML", "ML06"),
        ("Tombouctou", "ML", "ML06"),
        ("تمبكتو", "ML", "ML06"),
        ("منطقة موبتي", "ML", "ML05"),
        ("Mopti", "ML", "ML05"),
        ("Mopti Cercle", "ML", "ML0506"),
        ("Cercle de Ténenkou", "ML", "ML0507"),
        ("Kolondieba", "ML", "ML0303"),
        ("Kolondiébaa", "ML", "ML0303"),
        ("Bamako, Mali", "ML", "ML09"),
        ("Moyen-Chari Region", "TD", "TD13"),
        ("Republic of Chad", "TD", "TD"),
        ("N’Djamena", "TD", "TD18"),
        ("البحيرة", "TD", "TD07"),
        ("Nord region", "BF", "BF54"),
        ("Cascades", "BF", "BF47"),
        ("Niger", "NE", "NE"),
        ("Niger", "NG", "NG027"),
        ("Niger State", "NG", "NG027"),
        ("الحوض الشرقي", "MR", "MR01"),
        ("Hodh Ech Chargi", "MR", "MR01"),
        ("Tillabéry", "NE", "NE006"),
        ("Niveau national", "ML", "ML"),
        ("Nulle part", "ML", None),
    ],
)
def test_names_are_found_in_french_english_and_arabic(
    shipped: Reference, name: str, country: str, wanted: str | None
) -> None:
    assert named(shipped, name, country) == wanted


def test_a_name_is_looked_for_only_in_the_countries_of_the_statement(shipped: Reference) -> None:
    assert named(shipped, "Mopti", "NE") is None
    assert named(shipped, "Adrar", "MR") == "MR07"
    assert named(shipped, "Adrar", "DZ") == "DZ001"
    assert named(shipped, "Adrar", "DZ", "MR") is None


def test_sahel_is_a_region_of_several_countries_unless_only_burkina_faso_is_meant(shipped: Reference) -> None:
    assert named(shipped, "Sahel", "BF") == "BF56"
    assert named(shipped, "Sahel", "BF", "ML") is None


def test_of_two_named_places_the_finer_counts_when_it_lies_in_the_other(shipped: Reference) -> None:
    assert named(shipped, "Mopti region, Bandiagara cercle", "ML") == "ML0501"
    assert named(shipped, "Gao, Kidal", "ML") == "ML"


def test_a_new_region_without_p_code_needs_a_word_for_its_level(shipped: Reference) -> None:
    assert named(shipped, "Nioro", "ML", era=99) == "ML0106"
    assert named(shipped, "Région de Nioro", "ML", era=99) == "ML-nioro"
    assert named(shipped, "Nioro", "ML", era=99, kind="admin1") == "ML-nioro"


def test_short_names_are_never_guessed(shipped: Reference) -> None:
    assert named(shipped, "Goa", "ML") is None
    assert named(shipped, "Kidel", "ML") is None


def test_geonames_and_country_codes_stand_in_for_names(shipped: Reference) -> None:
    for code in ("geonames:2453866", "A4:ML"):
        found = TextMatcher(shipped).find(Wording(other_codes=(code,)))
        assert outcome(found) == ("ML", "code", [])


def test_a_p_code_of_a_location_is_joined_on_its_name_too(both: Reference) -> None:
    find = TextMatcher(both).find
    assert outcome(find(Wording(("ML",), name="Ansongo", other_codes=("ML0702",)))) == ("ML0701", "code_and_name", [])
    assert outcome(find(Wording(("ML",), other_codes=("ML0702",)))) == (None, None, ["code_ambiguous"])
    assert outcome(find(Wording(("ML",), other_codes=("1926.0",)))) == (None, None, [])
