"""An activity that no statement gives a title is called by who does what where."""

from concerted.model.ids import id_text
from web.fixture_records import PARTNERS, UNTITLED, records
from web.site import Site


def test_a_row_without_a_title_is_called_by_organisation_sector_and_place(site: Site) -> None:
    record = records()[UNTITLED]
    for lang, sector in (("fr", "paix"), ("en", "peace"), ("ar", "السلام")):
        text = site.get(f"/{lang}/activities/{id_text(record.id)}/").text
        heading = text.split("<h1")[1].split("</h1>")[0]
        assert PARTNERS[record.partner] in heading
        assert sector in heading.casefold()
        assert heading.count(" · ") == 2
    assert "La source ne donne pas de titre" in site.get(f"/fr/activities/{id_text(record.id)}/").text


def test_the_made_title_stands_in_lists_too(site: Site) -> None:
    record = records()[UNTITLED]
    listed = site.get("/fr/activities/?place=all").text
    row = listed.split(f"/fr/activities/{id_text(record.id)}/")[1].split("</a>")[0]
    assert f"{PARTNERS[record.partner]} · " in row
    assert "grandes lignes" not in row
