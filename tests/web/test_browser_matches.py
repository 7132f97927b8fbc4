"""From a gap to help, in a real browser: the offer that fits, why, two who accept, the promise, the new picture.

French on a desk; Arabic without scripts on a phone of 360 px for the last step. The clicks are printed.
"""

import time
from typing import Any
from urllib.parse import urlsplit

import pytest

from concerted.demo.asks import GAP_NEED, GAP_NODE, GAP_OFFER, GAP_PLACE
from web.test_browser import browser
from web.test_browser_decisions import check_page
from web.test_browser_roles import Person, at_work, told
from web.workspace_app.test_browser import Demo, demo

__all__ = ["browser", "demo"]

pytestmark = pytest.mark.browser
SECONDS = 240
GAP = f"coverage/cell/?node={GAP_NODE}&place={GAP_PLACE}"


def until_listed(page: Any, address: str, title: str) -> Any:
    """The row of an activity in a cell, once it stands there; the page is opened anew each time."""
    ends = time.monotonic() + SECONDS
    while True:
        page.goto(address)
        row = page.locator("#cell tbody tr", has_text=title)
        if row.count():
            return row.first
        assert time.monotonic() < ends, f"{title} is not there after {SECONDS} s"
        time.sleep(0.5)


def activities(page: Any) -> int:
    """How many activities the cell counts."""
    return int(page.locator("#cell dl.facts dd a").first.inner_text())


def test_a_gap_is_met_by_the_offer_that_fits_and_stands_in_the_new_picture(demo: Demo, browser: Any) -> None:
    base = f"{demo.address}/fr/"
    with at_work(browser, demo, "secretariat", "fr") as page:
        hand = Person(page)
        page.goto(base + GAP)
        assert "non couvert" in page.inner_text("#cell .badge").casefold()
        before = activities(page)
        hand.click("#cell a[href*='/workspace/matches/']")
        hand.click("#runs button")
        page.wait_for_selector("#runs a[href*='/runs/']", timeout=SECONDS * 1000)
        page.goto(base + GAP)
        hand.click("#cell a[href*='/workspace/matches/']")
        row = page.locator(f"#proposals tr:has-text('{GAP_NEED}')")
        assert GAP_OFFER in row.inner_text()
        assert "prouvé" in page.inner_text("main")
        check_page(page, 1280)
        row.locator("td a").click()
        hand.clicks += 1
        assert page.locator("#conditions .tag.due").count() == 0  # every condition is met
        assert page.locator("#conditions .tag.sure").count() >= 10
        check_page(page, 1280)
        hand.click("#put button")
        match = page.url
        assert "soumis" in page.inner_text("main").casefold()
        told("a proposal put forward from a gap", "fr", 1280, hand)
        page.goto(f"{base}workspace/matches/")
        assert page.locator("#mine").count() == 0  # nothing waits for the secretariat
        assert page.complaints == []
    for who in ("donor", "community"):
        with at_work(browser, demo, who, "fr") as page:
            hand = Person(page)
            hand.click("#waiting a[href$='/workspace/matches/']")
            hand.click(f"#mine a[href='{urlsplit(match).path}']")  # the demonstration's own wait there, too
            assert page.url == match
            hand.click("#act button[value=accepted]")
            assert page.locator(".notice.success").count() == 1
            told(f"accepted by the {who}", "fr", 1280, hand)
    with at_work(browser, demo, "donor", "fr") as page:
        hand = Person(page)
        hand.click("#waiting a[href$='/workspace/matches/']")
        hand.click(f"#mine a[href='{urlsplit(match).path}']")
        hand.click("#act a.button")
        title = page.input_value("#id_title")
        assert title
        check_page(page, 1280)
        hand.click("main form button")
        assert page.locator("#activity a").inner_text() == title
        check_page(page, 1280)
        told("promised", "fr", 1280, hand)
        row = until_listed(page, base + GAP, title)
        assert "prévu" in row.inner_text().casefold()
        assert activities(page) == before + 1
        assert "non couvert" not in page.inner_text("#cell .badge").casefold()
        assert page.complaints == []
    with at_work(browser, demo, "community", "ar", 360, script=False) as page:
        page.goto(match.replace("/fr/", "/ar/"))
        page.click("#act button[value=delivered]")
        assert page.locator("#act button").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize(("lang", "width"), [("fr", 1280), ("en", 360), ("ar", 360)])
def test_the_pages_of_matches_stand_in_each_language_and_on_a_phone(
    demo: Demo, browser: Any, lang: str, width: int
) -> None:
    with at_work(browser, demo, "secretariat", lang, width) as page:
        base = f"{demo.address}/{lang}/workspace/matches/"
        page.goto(base)
        check_page(page, width)
        if not page.locator("#runs a[href*='/runs/']").count():
            page.click("#runs button")
            page.wait_for_selector("#runs a[href*='/runs/']", timeout=SECONDS * 1000)
        run = page.locator("#runs a[href*='/runs/']").first.get_attribute("href")
        page.goto(demo.address + run)
        check_page(page, width)
        page.locator("#proposals a[href*='/runs/']").first.click()
        check_page(page, width)
        page.goto(f"{base}rules/")
        check_page(page, width)
        assert page.complaints == []
