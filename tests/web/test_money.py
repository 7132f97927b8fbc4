"""The page of the chain: gross and net of each kind, links that open, the same to the cent as the tables."""

import re
from decimal import Decimal

import pytest

from concerted.publish.chain import End, Link
from web.site import Site


@pytest.mark.parametrize("lang", ["fr", "en", "ar"])
def test_the_page_answers_in_every_language(site: Site, lang: str) -> None:
    answer = site.get(f"/{lang}/money/")
    assert answer.status_code == 200
    assert "<h1>" in answer.text


def test_an_unknown_book_is_the_whole_chain(site: Site) -> None:
    assert site.get("/en/money/?book=zz<script>").status_code == 200
    assert "<script>zz" not in site.get("/en/money/?book=zz<script>").text


def _link(giver: str, receiver: str, best: int) -> Link:
    end = End(1, "x", "x", None, "a.xml", 1, Decimal(0), Decimal(best), Decimal(best))
    return Link(1, "spent", "named", 100, giver, receiver, *[Decimal(best)] * 3, (end,), (end,))


def test_the_drawing_puts_receivers_behind_givers_and_escapes_names(site: Site) -> None:
    from concerted.web.chain.chain_html import chain_svg, largest_bands

    drawn = chain_svg(largest_bands([_link("Fund", "<b>Agency</b>", 9), _link("<b>Agency</b>", "Partner", 4)]))
    assert "<b>" not in drawn
    assert "&lt;b&gt;Agency" in drawn
    assert drawn.index('x="1"') < drawn.index('x="829"')


def test_a_chain_without_both_ends_is_not_drawn(site: Site) -> None:
    from concerted.web.chain.chain_html import chain_svg

    assert chain_svg([]) == ""


def test_an_activity_shows_who_told_its_money_before_and_what_is_left(site: Site) -> None:
    from web.pages import LINKED_RECORD, PUBLIC_RECORD

    text = site.get(f"/en/activities/{LINKED_RECORD}/").text
    assert "Who gave to this, and told it before" in text
    assert "the giver names the receiver" in text
    assert f'href="/en/activities/{PUBLIC_RECORD}/"' in text
    assert '<svg class="chain"' in text
    # 179,503.50 is paid out, of which 60,000 to 75,000 were told before.
    assert re.search(r"60–75</bdi> thousand USD", text)
    assert re.search(r"<b>.*105–120</bdi> thousand USD</b>", text)
    given = site.get(f"/en/activities/{PUBLIC_RECORD}/").text
    assert "What this passed on, and others tell again" in given


def test_a_partner_opens_to_its_chain_and_back(site: Site) -> None:
    from web.pages import GIVER, PARTNER

    assert f"/en/money/?partner={GIVER}" in site.get(f"/en/partners/{GIVER}/").text
    text = site.get(f"/en/money/?partner={GIVER}").text
    assert "Fonds Horizon" in text
    assert f"/en/partners/{GIVER}/" in text
    assert "widest range" in text
    assert "No sign of money that is told twice." in site.get(f"/en/money/?partner={PARTNER}").text


def test_each_question_says_what_yes_and_what_no_would_do(site: Site) -> None:
    text = site.get("/en/money/").text
    asked = text.split("Ten questions that would narrow the range most")[1].split("</section>")[0]
    # 20,000 are decided at most: of 480,001 to 640,000, yes takes them off the high end, no adds them to the low end.
    assert "20</bdi> thousand USD" in asked
    assert "480–620</bdi> thousand USD" in asked
    assert "500–640</bdi> thousand USD" in asked


def test_an_activity_says_what_it_may_be_to_others_and_why(site: Site) -> None:
    from web.pages import LINKED_RECORD

    text = site.get(f"/en/activities/{LINKED_RECORD}/").text
    section = text.split('id="relations"')[1].split("</section>")[0]
    assert "Maybe the same project as" in section
    assert "73%" in section
    assert "The titles say the same" in section
    assert "before the other begins" not in section, "what speaks against it is no reason for it"
    assert "A part of" in section
    assert "91%" not in section
