"""Names are found in any language, accents and case apart, and only those that the viewer may know of."""

import re

import pytest

from web.fixture_records import HIDDEN_PARTNERS
from web.site import Site


def _hits(site: Site, text: str, lang: str = "fr") -> list[tuple[str, str]]:
    page = site.get(f"/{lang}/search/?q={text}").text
    return re.findall(r'<li><a href="([^"]+)"><bdi>([^<]+)</bdi>', page)


@pytest.mark.parametrize(("text", "name"), [("segou", "Ségou"), ("SÉGOU", "Ségou"), ("timbuktu", "Tombouctou")])
def test_a_place_is_found_in_any_spelling_and_named_in_the_readers_language(site: Site, text: str, name: str) -> None:
    assert name in [found for _, found in _hits(site, text)]


def test_a_place_leads_to_its_coverage_and_says_where_it_lies(site: Site) -> None:
    page = site.get("/fr/search/?q=ansongo").text
    assert "place=ML0702" in page
    assert "Gao, Mali" in page


def test_priorities_of_every_framework_and_partners_are_found(site: Site) -> None:
    assert any("/coverage/cell/" in url for url, _ in _hits(site, "dialogue"))
    (url, name), *_ = _hits(site, "femmes mopti")
    assert (name, "/fr/partners/" in url) == ("Conseil des femmes de Mopti", True)


def test_every_address_that_is_found_is_there(site: Site) -> None:
    for text in ("mo", "dialogue", "radios"):
        hits = _hits(site, text)
        assert hits
        for url, _ in hits:
            assert site.get(url.replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize("name", HIDDEN_PARTNERS)
def test_a_partner_of_hidden_records_alone_is_not_found(site: Site, name: str) -> None:
    assert "Aucun lieu, partenaire ni priorité" in site.get(f"/fr/search/?q={name.split()[0]}").text


def test_one_letter_finds_nothing_rather_than_everything(site: Site) -> None:
    assert _hits(site, "m") == []


def test_while_one_types_only_the_names_are_sent(site: Site) -> None:
    whole = site.get("/fr/search/?q=gao")
    part = site.client.get("/fr/search/?q=gao", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "place=ML07" in part
    assert "HX-Request" in whole["Vary"]
    assert "<html" in site.get("/fr/search/?q=gao").text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mopty", "Mopti"),
        ("bamkao", "Bamako"),
        ("sikaso", "Sikasso"),
        ("tombuctou", "Tombouctou"),
        ("kidall", "Kidal"),
        ("timb", "Tombouctou"),
        ("ouct", "Tombouctou"),
        ("الغاو", "Gao"),
        ("كيدآل", "Kidal"),
    ],
)
def test_a_place_is_found_with_one_letter_wrong_by_a_part_and_in_arabic_spellings(
    site: Site, text: str, name: str
) -> None:
    assert name in [found for _, found in _hits(site, text)]


def test_what_is_found_as_it_is_typed_is_not_mixed_with_what_is_like_it(site: Site) -> None:
    from concerted.web.registry.likeness import Names

    names = Names([(1, ["Gao"]), (2, ["Gaya"]), (3, ["Kayes"])])
    assert names.find("gay") == [(0, 2)]
    assert names.find("gaio") == [(3, 1)]
    assert names.find("xyzw") == []
    assert names.find("") == []


@pytest.mark.parametrize("text", ["pnud", "UNDP", "programme des nations unies pour le developpement", "الإنمائي"])
def test_a_well_known_organisation_is_found_by_what_else_it_is_called(text: str) -> None:
    from concerted.resolve.aliases import other_names
    from concerted.web.registry.likeness import Names

    for said in (["XM-DAC-41114"], ["United Nations Development Programme"], ["PNUD"]):
        assert Names([(7, [*said, *other_names(said)])]).find(text), (said, text)
    assert other_names(["Conseil des femmes de Mopti"]) == ()
