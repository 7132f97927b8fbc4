"""People on the pages: bounds, never a bare sum; who tells no figure stands apart; hidden records move nothing."""

from web.site import Site


def test_the_overview_and_a_cell_say_at_least_and_at_most(site: Site) -> None:
    for path in ("", "coverage/cell/?node=ALL"):
        text = site.get(f"/en/{path}").text
        assert '<bdi dir="ltr" class="num">1,200–' in text, path
        assert "told by" in text, path


def test_what_may_or_may_not_lie_in_a_cell_has_no_lower_end(site: Site) -> None:
    # Bandiagara holds one of the two places of its only public activity.
    text = site.get("/en/coverage/cell/?node=ALL&place=ML0502").text
    assert 'at most <bdi dir="ltr" class="num">1,200</bdi>' in text


def test_under_a_year_or_a_partner_nothing_is_said_of_people(site: Site) -> None:
    assert "People reached" in site.get("/en/coverage/cell/?node=ALL").text
    assert "People reached" not in site.get("/en/coverage/cell/?node=ALL&period=2026").text


def test_an_activity_tells_its_people_once(site: Site) -> None:
    from web.pages import COARSE_RECORD, PUBLIC_RECORD

    assert "People, each counted once" in site.get(f"/en/activities/{PUBLIC_RECORD}/").text
    assert "1,200" not in site.get(f"/en/activities/{COARSE_RECORD}/").text


def test_a_priority_says_how_its_owner_will_know(site: Site) -> None:
    text = site.get("/en/coverage/cell/?node=1.1&place=ML05").text
    assert "Teachers trained" in text
    assert "400" in text
    assert "How the strategy will know" not in site.get("/en/coverage/cell/?node=1.2").text


def test_a_partner_says_what_would_help_most_in_what_it_reports(site: Site) -> None:
    from web.pages import GIVER, PARTNER

    for partner in (GIVER, PARTNER):
        text = site.get(f"/en/partners/{partner}/").text
        assert "What would help most in what it reports" in text
        assert text.split("What would help most")[1].count("<h3>") == 2
