"""A sharing group in a real browser: made, an activity shared with it, seen by its member and by nobody else; through
other eyes; due diligence. French on a desk, Arabic on a phone of 360 px."""

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from web.workspace_app.test_browser import Demo, browser, demo

__all__ = ["browser", "demo"]
pytestmark = pytest.mark.browser
#: A folder for screenshots, for whoever wants to look at the pages.
SHOTS = os.environ.get("CONCERTED_SHOTS")


@contextlib.contextmanager
def person(browser: Any, demo: Demo, who: str, lang: str, width: int) -> Iterator[Any]:
    """A page of somebody of the demonstration."""
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda m: page.complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.goto(f"{demo.address}/{lang}/sign-in/")
    page.fill("input[name=login]", f"{who}@demo.example")
    page.fill("input[name=password]", demo.passwords[f"{who}@demo.example"])
    page.click("main button")
    yield page
    assert page.complaints == []
    context.close()


def look_at(page: Any, name: str, lang: str, width: int) -> None:
    """No serious barrier, whole on the screen; a picture of it where somebody wants one."""
    from axe_playwright_python.sync_playwright import Axe

    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}-{lang}-{width}.png"), full_page=True)
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
    serious = [v for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
    assert not [(v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in serious], name
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.parametrize(("lang", "width"), [("fr", 1280), ("ar", 360)])
def test_a_group_is_made_shared_with_seen_and_left(demo: Demo, browser: Any, lang: str, width: int) -> None:
    name = {"fr": "Justice de proximité", "ar": "العدالة القريبة"}[lang]
    with person(browser, demo, "implementer", lang, width) as page:
        page.goto(f"{demo.address}/{lang}/workspace/groups/")
        page.click("a.button")
        page.fill("#id_name", name)
        member = page.locator("label:has(input[name=members])", has_text=re.compile("Norrhald|نورهالد"))
        member.first.click()
        look_at(page, "group-form", lang, width)
        page.locator("#group-form button").click()
        assert page.locator("h1").inner_text() == name
        look_at(page, "group", lang, width)
        page.goto(f"{demo.address}/{lang}/workspace/groups/")
        look_at(page, "groups", lang, width)
        page.goto(f"{demo.address}/{lang}/workspace/records/new/")
        page.fill("#id_title", name)
        page.click("label:has(input[name=sharing][value=groups])")
        page.click("summary:has(+ .choices input[name=groups])")
        page.locator("label:has(input[name=groups])", has_text=name).click()
        page.wait_for_selector("#audience li")
        assert page.locator("#audience .tlp").inner_text() == "TLP:AMBER"
        assert re.search("Norrhald|نورهالد", page.locator("#audience").inner_text())
        look_at(page, "form", lang, width)
        page.click("section.side button[name=keep]")
        record = page.url
        look_at(page, "record", lang, width)
    with person(browser, demo, "donor", lang, width) as page:
        page.goto(record)
        assert page.locator("h1").inner_text() == name
        page.goto(f"{demo.address}/{lang}/workspace/look/")
        page.select_option("#id_as", "partner")
        look_at(page, "look", lang, width)
        page.locator("main form button").last.click()
        assert page.locator(".eyes").count() == 1
        look_at(page, "through-other-eyes", lang, width)
        assert page.goto(record).status == 404
        page.click(".eyes a")
        page.locator("form[action$='/end/'] button").click()
        assert page.locator(".eyes").count() == 0
        assert page.goto(record).status == 200
        page.complaints.clear()  # the browser notes the page that was refused
    with person(browser, demo, "community", lang, width) as page:
        assert page.goto(record).status == 404
        page.complaints.clear()


@pytest.mark.parametrize(("lang", "width"), [("fr", 360), ("ar", 1280), ("en", 1280)])
def test_a_focal_point_clears_support_to_the_police(demo: Demo, browser: Any, lang: str, width: int) -> None:
    title = {
        "fr": "Formation de la police nationale",
        "ar": "تدريب الشرطة الوطنية",
        "en": "Training of the national police",
    }[lang]
    with person(browser, demo, "implementer", lang, width) as page:
        page.goto(f"{demo.address}/{lang}/workspace/records/new/")
        page.fill("#id_title", title)
        page.click("label:has(input[name=state][value=planned])")
        page.click("label:has(input[name=sharing][value=partners])")
        page.click("section.side button[name=keep]")
        record = page.url
        assert page.locator("#due-diligence").count() == 1
        look_at(page, "lacking", lang, width)
    with person(browser, demo, "rights", lang, width) as page:
        page.goto(f"{demo.address}/{lang}/workspace/safeguards/")
        look_at(page, "safeguards", lang, width)
        page.locator("th a", has_text=title).click()
        page.click("label:has(input[value=cleared])")
        look_at(page, "assess", lang, width)
        page.locator("#assessment-form button").click()
        assert page.locator("th a", has_text=title).count() == 0
    with person(browser, demo, "implementer", lang, width) as page:
        page.goto(record)
        step = page.locator("form.step:has(input[value=ongoing])")
        page.locator("details:has(input[value=ongoing]) > summary").first.click() if not step.is_visible() else None
        step.locator("input[type=date]").fill("2026-01-02")
        step.locator("button").click()
        assert page.locator("ol.steps [aria-current]").inner_text() != ""
        look_at(page, "ongoing", lang, width)
