"""How often one is told, in a real browser: French on a desk, Arabic on a phone of 360 px, English."""

from typing import Any

import pytest

from web.sharing.test_browser import look_at, person
from web.workspace_app.test_browser import Demo, browser, demo

__all__ = ["browser", "demo"]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", autouse=True)
def _mail(request: pytest.FixtureRequest) -> Any:
    """The site prints its digests: with no way out for e-mail there is nothing to choose."""
    patch = pytest.MonkeyPatch()
    patch.setenv("CONCERTED_MAIL", "console")
    patch.setenv("CONCERTED_MAIL_FROM", "noreply@demo.example")
    patch.setenv("CONCERTED_SITE", "http://127.0.0.1:8000")
    request.getfixturevalue("demo")
    yield
    patch.undo()


@pytest.mark.parametrize(("lang", "width"), [("fr", 1280), ("ar", 360), ("en", 1280)])
def test_how_often_one_is_told_is_chosen_on_the_own_account(demo: Demo, browser: Any, lang: str, width: int) -> None:
    with person(browser, demo, "implementer", lang, width) as page:
        page.goto(f"{demo.address}/{lang}/account/")
        look_at(page, "account", lang, width)
        for every in ("weekly", "never", "daily"):
            page.click(f"#e-mail label:has(input[value={every}])")
            page.click("#e-mail button")
            assert page.locator(f"#e-mail input[value={every}]").is_checked()
