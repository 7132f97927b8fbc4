"""The page of what-ifs, as anybody opens it: a form leads to an address, and the address is all there is."""

import gzip
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from web.pages import HIDDEN_RECORD, PUBLIC_RECORD
from web.site import Site

PAGE = "/en/coverage/what-if/"
MOVE = "change=move~~ML05~~~ML07~~5000"
NOBODY = "0123456789abcdef"


def test_without_a_change_the_page_says_that_all_is_as_it_is(site: Site) -> None:
    text = site.get(PAGE).text
    assert "Without a change everything is as it is" in text
    assert text.count('class="same') > 20
    assert "Map of what changes" not in text


def test_a_form_leads_to_an_address_with_its_change(site: Site) -> None:
    answer = site.get(f"{PAGE}?{MOVE}&new=move&move-from_place=ML07&move-to_place=ML05&move-to_year=2026&move-usd=7.25")
    assert answer.status_code == 302
    to = urlsplit(answer["Location"])
    assert parse_qs(to.query)["change"] == ["move~~ML05~~~ML07~~5000.00", "move~~ML07~~~ML05~2026~7.25"]
    text = site.get(answer["Location"].partition("#")[0]).text
    assert "5,000" in text
    assert "7.25" in text


def test_an_amount_is_written_as_people_write_it(site: Site) -> None:
    answer = site.get("/fr/coverage/what-if/?new=move&move-from_place=ML07&move-to_place=ML05&move-usd=1 000,50")
    assert parse_qs(urlsplit(answer["Location"]).query)["change"] == ["move~~ML07~~~ML05~~1000.50"]


def test_as_many_cells_are_told_to_change_as_are_coloured_and_listed(site: Site) -> None:
    text = site.get(f"{PAGE}?{MOVE}").text
    told = re.search(r"(\d+) cells of this matrix would change", text)
    assert told
    matrix, _, listed = text.partition("Map of what changes")
    assert int(told[1]) == listed.count('<tr><th scope="row">') > 2
    cells = re.findall(r'<td class="([^"]*)"><a', matrix.partition("Matrix of differences")[2])
    assert int(told[1]) == sum("same" not in each.split() for each in cells)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("new=move&move-usd=5", "It is there already"),
        ("new=move&move-usd=0&move-to_place=ML05", "Nothing would move"),
        ("new=move&move-usd=x&move-to_place=ML05", "Write the amount in digits"),
        ("new=move&move-usd=-5&move-to_place=ML05", "Not less than nothing"),
        ("new=move&move-usd=5.125001&move-to_place=ML05", "More digits than money has"),
        ("new=move&move-to_place=ML05", "This field is required"),
        ("new=move&move-usd=5&move-to_place=Nowhere", "Select a valid choice"),
        ("new=move&move-usd=99999999999&move-to_place=ML05", "is likely there, of what you see"),
        ("new=move&move-usd=5&move-from_year=2031&move-to_place=ML05", "No money is known there"),
        ("new=add&add-best=5", "Choose one."),
        ("new=add&add-node=1&add-place=ML05&add-year=2026&add-last_year=2025", "It would end before it begins"),
        (
            "new=add&add-node=1&add-place=ML05&add-year=2026&add-low=5&add-high=4&add-best=4",
            "from the least to the most",
        ),
        ("new=end&end-activity=x&end-last_day=2026-01-01", "at least 16 characters"),
        ("new=end&end-activity=zzzzzzzzzzzzzzzz&end-last_day=2026-01-01", "not the number of a project"),
        (f"new=end&end-activity={PUBLIC_RECORD}&end-last_day=soon", "Enter a valid date"),
        (f"new=end&end-activity={PUBLIC_RECORD}&end-last_day=2190-01-01", "You see no such project"),
        ("new=cost&cost-share=-1", "greater than or equal to 0"),
        ("new=rule&rule-covered=80&rule-not_covered=20&rule-freshness_months=12", "This is the rule as it stands"),
    ],
)
def test_a_form_that_makes_no_change_says_why(site: Site, sent: str, said: str) -> None:
    answer = site.get(f"{PAGE}?{sent}")
    assert answer.status_code == 200, answer["Location"]
    assert said in answer.text


def test_each_kind_of_change_is_tried_and_taken_away(site: Site) -> None:
    changes = [
        "move~~ML05~~1~ML07~~5000.00",
        "add~1.1~ML08~2026~2027~1.00~2.00~3.00",
        "add~1.1~ML08~2026~2026~~~",
        f"end~{PUBLIC_RECORD}~2000-12-31",
        "cost~1~1.5",
        "rule~0.5~0.1~6~budget",
    ]
    address = PAGE + "?" + "&".join(f"change={each}" for each in changes)
    text = site.get(address).text
    for said in (
        "from",
        "A new project",
        "amount unknown",
        "ends on 31 December 2000",
        "costs are 150%",
        "for 6 months",
    ):
        assert said in text, said
    away = re.findall(r'<a class="small" href="([^"]+)">take away', text)
    assert len(away) == len(changes)
    left = site.get(away[3].replace("&amp;", "&")).text
    assert "ends on 31 December 2000" not in left
    assert "costs are 150%" in left


def test_a_project_that_is_hidden_and_one_that_nobody_has_are_told_alike(site: Site) -> None:
    def told(path: str, number: str) -> str:
        answer = site.get(path.format(number))
        assert answer.status_code == 200
        return str(answer.text.replace(number, "NUMBER"))

    for path in (
        PAGE + "?change=end~{}~2000-12-31&" + MOVE,
        PAGE + "?form=end&end-activity={}",
        PAGE + "?new=end&end-activity={}&end-last_day=2000-12-31",
    ):
        assert told(path, HIDDEN_RECORD) == told(path, NOBODY), path
    listed = site.get(f"{PAGE}?change=end~{HIDDEN_RECORD}~2000-12-31&{MOVE}").text
    main = listed.partition("<main")[2].partition("</main>")[0]
    assert HIDDEN_RECORD not in main  # the links of languages repeat the address, and nothing else does


@pytest.mark.parametrize(
    "query",
    [
        "change=",
        "change=move",
        "change=shift~1",
        "change=move~~ML05~~~ML07~~-5",
        "change=move~~ML05~~~ML07~~5&change=x",
        "change=end~x~2026-01-01",
        "change=add~1~ML05~1~1~~~",
        "&".join([MOVE] * 31),
    ],
)
def test_an_address_that_cannot_be_read_is_not_there(site: Site, query: str) -> None:
    answer = site.get(f"{PAGE}?{query}")
    assert answer.status_code == 404
    assert answer.content == site.get("/en/no/such/page/").content


def test_what_the_picture_does_not_have_any_more_is_left_out_and_said(site: Site) -> None:
    text = site.get(f"{PAGE}?change=cost~gone~2&{MOVE}").text
    assert "names a place or a priority that this picture does not have" in text
    assert "5,000" in text


def test_what_a_hostile_address_says_is_text(site: Site) -> None:
    for path in ("?change=cost~%3Cscript%3E~2", "?form=end&find=%3Cscript%3E", "?new=move&move-usd=%22%3E%3Cscript%3E"):
        assert "<script>" not in site.get(PAGE + path).text


def test_the_page_is_light_and_is_kept_for_everybody_alike(site: Site) -> None:
    for path in ("", f"?{MOVE}", "?form=end", f"?by=period&{MOVE}&change=rule~0.5~~~"):
        answer = site.get(PAGE + path)
        assert len(gzip.compress(answer.content)) < 60_000, path
        assert "csrf" not in answer.text
        assert not re.search(r"<[^>]+ style=|<script(?![^>]*src=)", answer.text), path
        again = site.get(PAGE + path, **{"If-None-Match": answer["ETag"]})
        assert again.status_code == 304


def test_filters_links_and_languages_keep_the_changes(site: Site) -> None:
    text = site.get(f"{PAGE}?{MOVE}").text
    (form,) = re.findall(r'<form method="get" data-auto.*?</form>', text, re.S)
    assert 'name="change" value="move~~ML05~~~ML07~~5000.00"' in form
    assert 'name="framework"' in form
    assert 'select name="framework"' not in form  # changes are about one framework
    toggles = re.findall(r'<a href="([^"]+)" aria-expanded', text)
    assert toggles
    assert all("change=move" in link for link in toggles)
    assert f"/fr/coverage/what-if/?{MOVE}" in text.replace("&amp;", "&")


def test_cells_and_projects_lead_to_the_form_filled_in(site: Site) -> None:
    (link,) = re.findall(
        r'href="(/en/coverage/what-if/[^"]*)"', site.get("/en/coverage/cell/?node=1.1&place=ML05").text
    )
    text = site.get(link.replace("&amp;", "&").partition("#")[0]).text
    assert '<option value="1.1" selected' in text
    assert '<option value="ML05" selected' in text
    (link,) = re.findall(
        r'href="(/en/coverage/what-if/\?form=end[^"]*)"', site.get(f"/en/activities/{PUBLIC_RECORD}/").text
    )
    assert f'value="{PUBLIC_RECORD}"' in site.get(link.replace("&amp;", "&").partition("#")[0]).text
