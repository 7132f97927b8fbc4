"""A token in a real browser: made under a security key, copied once, and used by a program of one's own."""

import json
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from web.test_browser import _page, browser
from web.test_browser_accounts import Served, join, served, with_key

__all__ = ["browser", "served"]

pytestmark = pytest.mark.browser


def _ask(address: str, token: str) -> tuple[int, Any]:
    request = Request(address, headers={"Authorization": f"Bearer {token}"})  # noqa: S310 (our own server)
    try:
        with urlopen(request) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except HTTPError as error:
        return error.code, json.load(error)


@pytest.mark.parametrize(("lang", "width"), [("fr", 1280), ("ar", 360)])
def test_a_token_is_made_used_and_revoked(served: Served, browser: Any, lang: str, width: int, tmp_path: Path) -> None:
    with _page(browser) as page:
        page.set_viewport_size({"width": width, "height": 800})
        with_key(page)
        join(page, served.link(), f"token-{lang}@example.org", lang)
        page.goto(f"{served.address}/{lang}/account/tokens/")
        assert page.locator("[name=name]").count() == 0  # no second factor yet
        page.goto(f"{served.address}/{lang}/account/second-factor/keys/add/")
        page.click("[data-key-start]")
        page.wait_for_url("**/codes/")
        page.goto(f"{served.address}/{lang}/account/")
        page.click("a[href$='/account/tokens/']")
        page.fill("[name=name]", "Tableur")
        page.check("[value='records:read']")
        page.click("main .form button")
        text = page.locator("code.copy").inner_text()
        page.screenshot(path=str(tmp_path / "page.png"), full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        status, account = _ask(f"{served.address}/api/v1/account", text)
        assert (status, account["scopes"]) == (200, ["picture:read", "records:read"])
        page.goto(f"{served.address}/{lang}/account/tokens/")
        assert page.locator("code.copy").count() == 0
        page.click("main form.inline button")
        assert page.locator("main form.inline").count() == 0
        assert _ask(f"{served.address}/api/v1/account", text)[0] == 401


@pytest.mark.parametrize("lang", ["fr", "en", "ar"])
def test_what_programs_can_ask_is_read_on_a_phone_and_asks_nothing_outside(
    served: Served, browser: Any, lang: str, tmp_path: Path
) -> None:
    outside: list[str] = []
    with _page(browser) as page:
        page.on(
            "request", lambda asked: outside.append(asked.url) if not asked.url.startswith(served.address) else None
        )
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(f"{served.address}/{lang}/programs/")
        page.click("#change_record summary")
        assert page.locator("#change_record").inner_text().count("began") >= 1
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.screenshot(path=str(tmp_path / "page.png"))
    assert outside == []
