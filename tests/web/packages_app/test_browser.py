"""A package in a real browser: made, filled, put in order and put forward; its partner agrees, and another sees it. The
coordination's task, in French on a desk and in Arabic on a phone of 360 px."""

from typing import Any

import pytest

from web.sharing.test_browser import look_at, person
from web.workspace_app.test_browser import Demo, browser, demo

__all__ = ["browser", "demo"]
pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("lang", "width"), [("fr", 1280), ("ar", 360)])
def test_a_package_is_made_its_partner_agrees_and_another_sees_the_part(
    demo: Demo, browser: Any, lang: str, width: int
) -> None:
    title = {"fr": "Écoles et justice du Nord", "ar": "مدارس وعدالة الشمال"}[lang]
    with person(browser, demo, "coordination", lang, width) as page:
        page.goto(f"{demo.address}/{lang}/workspace/packages/new/")
        page.fill("#id_title", title)
        page.select_option("#id_template", "iact")
        page.click("label:has(input[name=audience][value=signed_in])")
        look_at(page, "package-form", lang, width)
        page.click("main form.form button")
        assert page.locator("#board .nothing").count() == 4
        root = page.url
        for component, at in (("education", 0), ("justice", 1)):
            page.goto(f"{root}add/?component={component}&q=")
            look_at(page, "package-add", lang, width)
            asked = page.locator("label:has(input[name=part])", has_text={"fr": "sera consulté", "ar": "سيُسأل"}[lang])
            asked.first.click()
            page.locator("form.wide-form button").click()
            assert page.locator("#board li").count() == at + 1
        page.locator("#board li a", has_text={"fr": "Organiser", "ar": "ترتيب"}[lang]).nth(1).click()
        page.locator("input[name=waits_for]").first.check()
        look_at(page, "package-part", lang, width)
        page.locator("main form.form button").first.click()
        assert page.locator("#order svg.order").count() == 1
        look_at(page, "package-draft", lang, width)
        page.click("form[action*=put-forward] button")
        look_at(page, "package", lang, width)
        page.goto(f"{root}brief/")
        look_at(page, "package-brief", lang, width)
        page.emulate_media(media="print")
        printed = page.pdf(format="A4")
        assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") <= 1 or printed.count(b"/Count 1") >= 1
    with person(browser, demo, "implementer", lang, width) as page:
        page.goto(root)
        seen_before = page.locator("#board li").count()
    agreed = 0
    for who in ("donor", "implementer", "community"):
        with person(browser, demo, who, lang, width) as page:
            page.goto(root)
            look_at(page, f"package-{who}", lang, width)
            while page.locator("#answer button[value=yes]").count():
                page.locator("#answer button[value=yes]").first.click()
                agreed += 1
    assert agreed == 2
    with person(browser, demo, "rights", lang, width) as page:
        page.goto(root)
        assert page.locator("#board li").count() == 2 >= seen_before
