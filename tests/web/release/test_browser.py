"""Twenty changes validated by three clicks, the picture released, and the public sees it: in a real browser."""

import subprocess
import sys
import time
from typing import Any

import pytest

from web.test_browser import browser
from web.workspace_app.test_browser import Demo, Hand, demo

__all__ = ["browser", "demo"]

pytestmark = pytest.mark.browser
TITLE = "Zzpuits de la vallée"
#: Records of a partner that its signer has signed off, as `concerted demo` names the accounts.
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
    document["narrative"] = [{"field": "title", "lang": "fr", "text": f"TITLE {number}"}]
    document["recipient"] = [{"kind": "country", "code": "ML"}]
    made.append(create(actor_of(author), author.partner, document, Condition.KEPT).record)
print(len(sign_off(actor_of(signer), [(record.pk, record.version) for record in made]).done))
""".replace("TITLE", TITLE)


def _sign_in(page: Any, demo: Demo, name: str) -> None:
    page.goto(f"{demo.address}/fr/sign-in/")
    page.fill("input[name=login]", f"{name}@demo.example")
    page.fill("input[name=password]", demo.passwords[f"{name}@demo.example"])
    page.click("main button")


def _public_sees(page: Any, demo: Demo) -> bool:
    page.goto(f"{demo.address}/fr/activities/?place=all&node=UNCLASSIFIED&q=zzpuits")
    return TITLE in page.inner_text("main")


def _until(what: Any, seconds: int = 180) -> None:
    ends = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < ends
        time.sleep(1)


def test_twenty_changes_are_validated_by_three_clicks_and_released_to_the_public(browser: Any, demo: Demo) -> None:
    done = subprocess.run([sys.executable, "-c", _SIGNED, str(demo.data)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "20"
    public = browser.new_context().new_page()
    page = browser.new_context(viewport={"width": 360, "height": 800}).new_page()
    _sign_in(page, demo, "secretariat")
    hand = Hand(page)
    hand.click("#waiting a[href$='/workspace/validation/']")
    hand.click("input[name=all]")
    hand.click("section.decide button")
    assert "20" in page.inner_text(".notice.success")
    assert hand.clicks == 3
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    address = f"{demo.address}/fr/activities/?place=all&node=UNCLASSIFIED&q=zzpuits"

    def is_there() -> bool:
        page.goto(address)
        return TITLE in page.inner_text("main")

    _until(is_there)
    assert page.locator(".band.unreleased").count() == 1
    assert not _public_sees(public, demo)
    page.goto(f"{demo.address}/fr/workspace/release/")
    page.fill("textarea[name=note]", "Tournée de printemps")
    page.click("main section.w8 button")
    page.wait_for_url("**/fr/releases/", timeout=120_000)  # an edition is held against every law first
    assert "Tournée de printemps" in page.inner_text("main")
    _until(lambda: _public_sees(public, demo))
    public.goto(f"{demo.address}/fr/releases/")
    assert "Tournée de printemps" in public.inner_text("main")
