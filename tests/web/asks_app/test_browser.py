"""A need from nothing to the picture in a real browser: French on a desk, Arabic on a phone; clicks are counted."""

import re
import sys
import time
from typing import Any

import pytest

from web.test_browser import browser
from web.workspace_app.test_browser import Demo, Hand, demo, signed_in

__all__ = ["browser", "demo"]

pytestmark = pytest.mark.browser
#: Clicks from the list to the saved need.
CLICKS = 8


@pytest.mark.parametrize(("lang", "width"), [("fr", 1280), ("ar", 360)])
def test_a_need_comes_from_nothing_into_the_picture(demo: Demo, browser: Any, lang: str, width: int) -> None:
    with signed_in(browser, demo, lang, width) as page:
        page.goto(f"{demo.address}/{lang}/workspace/needs/")
        began, hand = time.monotonic(), Hand(page)
        hand.click("main a.button")
        title = {"fr": "Mentors pour les magistrats", "ar": "مرشدون للقضاة"}[lang]
        page.wait_for_selector("#id_title:focus")
        page.keyboard.type(title)
        page.fill("#id_low", "10 000 000")
        page.fill("#id_high", "15 000 000")
        hand.click("label:has(input[name=places])", 1)
        hand.click(".tree > details > summary")
        hand.click(".tree > details[open] label:has(input[name=nodes])")
        page.fill("#id_end_date", "2027-11-30")
        hand.click("label:has(input[name=sharing][value=anyone])")
        page.wait_for_selector("#audience .tlp:text-is('TLP:CLEAR')")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        hand.click("button[name=keep]")
        page.wait_for_selector("#picture")
        assert page.locator("h1").inner_text() == title
        sys.stdout.write(f"{lang}: a need is saved after {hand.clicks} clicks, {time.monotonic() - began:.1f} s\n")
        assert hand.clicks <= CLICKS
        page.wait_for_selector("#picture a", timeout=180_000)
        page.click("#picture a")
        assert page.locator("h1").inner_text() == title
        address = page.url
        assert page.complaints == []
        page.goto(f"{demo.address}/{lang}/needs/")
        assert page.locator(f"a:has-text('{title}')").count() >= 1
        public = browser.new_context().new_page()
        public.goto(address)
        assert title not in public.locator("body").inner_text(), "the public sees what is released"


@pytest.mark.parametrize("lang", ["fr", "en", "ar"])
def test_pages_of_needs_have_no_serious_barrier_and_fit_a_phone(demo: Demo, browser: Any, lang: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with signed_in(browser, demo, lang, 360) as page:
        start = f"{demo.address}/{lang}/workspace/needs/"
        page.goto(f"{start}new/offer/")
        page.fill("#id_title", "Vehicles")
        page.locator("button[name=draft]").first.click()
        page.wait_for_selector("#picture")
        addresses = [page.url, f"{page.url}edit/", f"{page.url}history/", start, f"{start}new/need/"]
        page.goto(f"{demo.address}/{lang}/needs/")
        addresses += [page.url, f"{demo.address}{page.locator('.asks a').first.get_attribute('href')}"]
        for address in addresses:
            page.goto(address)
            found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
            serious = [v for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
            told = [(v["id"], v["help"], [n["html"][:160] for n in v["nodes"][:3]]) for v in serious]
            assert not told, address
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, address


def test_everything_works_without_javascript(demo: Demo, browser: Any) -> None:
    with signed_in(browser, demo, "en", 1280, script=False) as page:
        page.goto(f"{demo.address}/en/workspace/needs/")
        page.click("main a.button >> nth=0")
        page.fill("#id_title", "Advice without a script")
        page.click("label:has(input[name=kind][value=expertise])")
        page.fill("#id_high", "20")
        page.fill("#id_unit", "days")
        page.locator("button[name=keep]").first.click()
        assert re.search(r"/needs/[0-9a-f-]{36}/$", page.url)
        assert "20 days" in page.locator("main").inner_text()
        page.click("#state button.grave")
        assert "withdrawn" in page.locator("main").inner_text()
        page.goto(f"{page.url}history/")
        assert "its state was changed" in page.locator("main").inner_text()
