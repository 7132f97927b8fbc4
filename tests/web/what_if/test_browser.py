"""A what-if in a real browser: from a cell to a change, to what it does, kept, opened by another, deleted; and without
JavaScript. French on a desk, Arabic on a phone of 360 px."""

import re
from typing import Any

import pytest

from web.sharing.test_browser import look_at, person
from web.workspace_app.test_browser import Demo, browser, demo

__all__ = ["browser", "demo"]
pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("lang", "width"), [("fr", 1280), ("ar", 360)])
def test_money_is_moved_out_of_a_cell_kept_opened_by_another_and_deleted(
    demo: Demo, browser: Any, lang: str, width: int
) -> None:
    title = {"fr": "Moins à Mopti, plus à Gao", "ar": "أقل في موبتي وأكثر في غاو"}[lang]
    with person(browser, demo, "donor", lang, width) as page:
        page.goto(f"{demo.address}/{lang}/coverage/cell/?node=P1&place=ML05")
        page.click('main a[href*="coverage/what-if"]')
        assert page.input_value("#id_move-from_node") == "P1"
        assert page.input_value("#id_move-from_place") == "ML05"
        look_at(page, "what-if-form", lang, width)
        page.fill("#id_move-usd", "999999999999")
        page.select_option("#id_move-to_place", "ML07")
        page.click("#change form button")
        assert page.locator("#change .errorlist").count() == 1  # more than is there
        page.fill("#id_move-usd", "2500000")
        page.click("#change form button")
        page.wait_for_url(re.compile("change=move"))
        row = page.locator("table.diff tr", has=page.locator("td.c, td.p")).first
        assert row.locator("td:not(.same) .sum").count() == 2
        assert page.locator(".map a.on-x").count() < page.locator(".map svg a").count()
        look_at(page, "what-if", lang, width)
        page.click("#change summary")
        page.click('main a[href*="form=end"]')
        with page.expect_response(lambda answer: "find=Bamako" in answer.url):
            page.fill("#find-project", "Bamako")
        page.locator("#found-projects a").first.click()
        page.fill("#id_end-last_day", "2020-12-31")
        page.click("#change form.form button")
        page.wait_for_url(re.compile("change=end"))
        assert page.locator("ol.plain > li").count() == 2
        open_address = page.url
        page.click('a[href*="what-if/save"]')
        page.fill("#id_title", title)
        page.select_option("#id_audience", "partners")
        look_at(page, "what-if-save", lang, width)
        page.locator("main form button").click()
        assert page.locator("h1").inner_text() == title
        look_at(page, "what-if-kept", lang, width)
        kept = page.url
    with person(browser, demo, "implementer", lang, width) as page:
        page.goto(f"{demo.address}/{lang}/workspace/what-if/")
        look_at(page, "what-ifs", lang, width)
        page.click(f'a:has-text("{title}")')
        assert page.url.partition("#")[0] == kept.partition("#")[0]
        assert page.locator("table.diff td:not(.same) .sum").count() > 0
        assert page.locator("form[action*=delete]").count() == 0
    without_script = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=False)
    page = without_script.new_page()
    page.goto(open_address)
    assert page.locator("table.diff td:not(.same) .sum").count() > 0
    page.click("#change summary")
    page.fill("#id_move-usd", "1000")
    page.select_option("#id_move-to_place", "ML07")
    page.click("#change form button")
    assert page.url.count("change=move") == 2
    page.goto(kept)
    assert "/sign-in/" in page.url  # the public reads no list, and its address tells nothing
    without_script.close()
    with person(browser, demo, "donor", lang, width) as page:
        page.goto(kept)
        page.click("details:has(form[action*=delete]) summary")
        page.click("form[action*=delete] button")
        assert title not in page.content()
