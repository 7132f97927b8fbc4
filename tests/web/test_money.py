"""The page of the chain: gross and net of each kind, links that open, the same to the cent as the tables."""

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
    assert drawn.index('x="0"') < drawn.index('x="830"')


def test_a_chain_without_both_ends_is_not_drawn(site: Site) -> None:
    from concerted.web.chain.chain_html import chain_svg

    assert chain_svg([]) == ""
