"""Each role from its own end, in a real browser: where it arrives, how far its task is, and whether every page stands.

At the pace of a person: two seconds before each click, four characters a second. In French and Arabic, on a desk and on
a phone of 360 px; the clicks and seconds are printed.
"""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from web.test_browser import browser
from web.workspace_app.test_browser import Demo, Hand, demo

__all__ = ["browser", "demo"]

pytestmark = pytest.mark.browser
#: Goals of the issue: from nothing to visible in the picture, and twenty changes validated.
CLICKS, SECONDS, VALIDATED = 12, 180, 3
#: Seconds that a person takes before a click, and for one character.
BEFORE_CLICK, PER_LETTER = 2.0, 0.25
ROLES = ("secretariat", "coordination", "donor", "implementer", "editor", "community", "rights")
EVERYWHERE = [(lang, width) for lang in ("fr", "ar") for width in (1280, 360)]
#: Pages of the workspace that no menu names.
_BESIDE = (
    "account/", "account/tokens/", "programs/", "releases/", "workspace/release/changes/", "workspace/look/",
    "workspace/groups/new/", "workspace/records/new/", "workspace/people/invite/", "workspace/strategy/load/",
    "workspace/strategy/crosswalks/", "workspace/strategy/regional-bodies/", "workspace/desk/judged/",
)  # fmt: skip
#: Twenty records of a partner that its signer has signed off.
_SIGNED = """
import sys
from pathlib import Path
from concerted.web.config.standalone import set_up
set_up(Path(sys.argv[1]))
from concerted.web.accounts.actions import actor_of
from concerted.web.accounts.models import User
from concerted.web.validation.actions import sign_off
from concerted.web.workspace.actions import begin, create
from concerted.web.workspace.models import Condition
author, signer = (User.objects.get(email=f"{name}@demo.example") for name in ("editor", "implementer"))
made = []
for number in range(20):
    document = begin(author.partner)
    document["activity"] |= {"marking_key": "CLEAR", "state": "planned", "start_planned_date": "2026-02-01"}
    document["narrative"] = [{"field": "title", "lang": "fr", "text": f"Forage {number}"}]
    document["recipient"] = [{"kind": "country", "code": "ML"}]
    made.append(create(actor_of(author), author.partner, document, Condition.KEPT).record)
print(len(sign_off(actor_of(signer), [(record.pk, record.version) for record in made]).done))
"""


@dataclass
class Person(Hand):
    """A hand at the pace of a person."""

    began: float = field(default_factory=time.monotonic)

    def click(self, what: str, at: int = 0) -> None:
        """Look, then click."""
        time.sleep(BEFORE_CLICK)
        super().click(what, at)

    def write(self, what: str, text: str) -> None:
        """Type a text into a field that the tab key led to."""
        time.sleep(PER_LETTER * len(text))
        self.page.fill(what, text)

    @property
    def seconds(self) -> float:
        """Since the first look at the page."""
        return time.monotonic() - self.began


@contextlib.contextmanager
def at_work(browser: Any, demo: Demo, who: str, lang: str, width: int = 1280, *, script: bool = True) -> Iterator[Any]:
    """The page on which somebody of the demonstration arrives."""
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=script)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda m: page.complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.goto(f"{demo.address}/{lang}/sign-in/")
    page.fill("input[name=login]", f"{who}@demo.example")
    page.fill("input[name=password]", demo.passwords[f"{who}@demo.example"])
    page.click("main button")
    yield page
    context.close()


def told(what: str, lang: str, width: int, hand: Person) -> None:
    sys.stdout.write(f"{what}, {lang} {width} px: {hand.clicks} clicks, {hand.seconds:.0f} s at the pace of a person\n")


@pytest.mark.parametrize(("lang", "width"), EVERYWHERE)
def test_a_new_activity_is_in_the_picture_within_twelve_clicks_and_three_minutes(
    demo: Demo, browser: Any, lang: str, width: int
) -> None:
    title = {"fr": "Médiation entre éleveurs et cultivateurs", "ar": "وساطة بين الرعاة والمزارعين"}[lang]
    with at_work(browser, demo, "implementer", lang, width) as page:
        hand = Person(page)
        hand.click("main a[href$='/workspace/records/new/']")
        page.wait_for_selector("#id_title:focus")
        hand.write("#id_title", title)
        hand.click("label:has(input[name=state][value=planned])")
        hand.write("#id_start", "2026-12-01")
        hand.write("#id_end", "2027-11-30")
        hand.click("label:has(input[name=places])", 1)
        hand.click(".tree > details > summary")
        hand.click(".tree > details[open] label:has(input[name=nodes])")
        hand.write("#id_money-0-amount", "15 000 000")
        hand.click("label:has(input[name=sharing][value=anyone])")
        page.wait_for_selector("#audience .tlp:text-is('TLP:CLEAR')")
        hand.click("button[name=keep]")
        page.wait_for_selector("#picture a", timeout=90_000)
        hand.click("#picture a")
        assert page.locator("h1").inner_text() == title
        told("a new activity", lang, width, hand)
        assert hand.clicks <= CLICKS
        assert hand.seconds <= SECONDS
        assert page.complaints == []


@pytest.mark.parametrize(("lang", "width"), EVERYWHERE)
def test_twenty_changes_are_validated_by_three_clicks_from_where_one_arrives(
    demo: Demo, browser: Any, lang: str, width: int
) -> None:
    done = subprocess.run([sys.executable, "-c", _SIGNED, str(demo.data)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "20"
    with at_work(browser, demo, "secretariat", lang, width) as page:
        hand = Person(page)
        hand.click("#waiting a[href$='/workspace/validation/']")
        hand.click("input[name=all]")
        hand.click("section.decide button")
        assert "20" in page.inner_text(".notice.success")
        told("twenty changes validated", lang, width, hand)
        assert hand.clicks == VALIDATED
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("lang", ["fr", "en", "ar"])
def test_no_page_of_any_role_has_a_serious_barrier_or_runs_off_a_phone(demo: Demo, browser: Any, lang: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    seen: set[str] = set()
    faults = []
    for who in ROLES:
        with at_work(browser, demo, who, lang, 360) as page:
            page.click(".pages summary")
            menu = [each.get_attribute("href") for each in page.locator(".pages a").all()]
            beside = [f"/{lang}/{path}" for path in _BESIDE]
            for path in [f"/{lang}/workspace/", *menu, *beside]:
                if path in seen and path != f"/{lang}/workspace/":
                    continue
                if page.goto(f"{demo.address}{path}").status != 200:
                    assert path in beside, path  # a page that the menu names opens
                    continue
                seen.add(path)
                found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
                serious = [v for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
                faults += [(who, path, v["id"], v["nodes"][0]["html"][:160]) for v in serious]
                if page.evaluate("document.documentElement.scrollWidth") > 360:
                    faults.append((who, path, "runs off a phone", ""))
    assert faults == []
    assert {f"/{lang}/{path}" for path in _BESIDE} <= seen


@pytest.mark.parametrize("who", ROLES)
def test_every_page_of_a_role_is_reached_without_javascript(demo: Demo, browser: Any, who: str) -> None:
    with at_work(browser, demo, who, "fr", script=False) as page:
        assert page.url.endswith("/fr/workspace/")
        page.click(".pages summary")
        names = page.locator(".pages a").all_inner_texts()
        assert len(names) >= 6
        for place in range(len(names)):
            if not page.locator(".pages a").nth(place).is_visible():
                page.click(".pages summary")
            page.locator(".pages a").nth(place).click()
            assert page.locator(".pages a[aria-current]").count() == 1
            assert page.locator("main h1").count() == 1


def test_the_list_of_pages_closes_when_one_looks_elsewhere(demo: Demo, browser: Any) -> None:
    with at_work(browser, demo, "secretariat", "fr") as page:
        page.click(".pages summary")
        assert page.locator(".pages a").first.is_visible()
        page.keyboard.press("Escape")
        assert not page.locator(".pages a").first.is_visible()
        page.click(".pages summary")
        page.click("footer")
        assert not page.locator(".pages a").first.is_visible()
        assert page.complaints == []
