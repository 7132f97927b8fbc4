"""The monthly update of twelve activities in a real browser: one upload, two clicks.

In French and in Arabic, on a desk and on a phone of 360 px, and without JavaScript.
"""

from pathlib import Path
from typing import Any

import pytest

from web.inbox.brought import edited
from web.test_browser import browser
from web.workspace_app.test_browser import Demo, Hand, demo, signed_in

__all__ = ["browser", "demo"]

pytestmark = pytest.mark.browser
CLICKS = 2
COUNT = 12
_NAMES = (
    "Puits", "Radio", "Écoles", "Médiation", "Marché", "Tribunal", "Semences", "Santé", "Dialogue", "Pont",
    "Eau", "Foire",
)  # fmt: skip


def _first_sheet(folder: Path, code: str) -> Path:
    rows = [f"{code}-{n};{name} du cercle {code} {n};Association Tabital;en cours" for n, name in enumerate(_NAMES)]
    path = folder / f"{code}.csv"
    path.write_text("Code;Titre;Qui le fait;État\n" + "\n".join(rows) + "\n", "utf-8")
    return path


def _bring(page: Any, demo: Demo, lang: str, path: Path, hand: Hand) -> None:
    page.goto(f"{demo.address}/{lang}/workspace/inbox/")
    page.set_input_files("#id_file", str(path))
    hand.click("#bring button")
    page.wait_for_selector("#accept-safe, #accept-one")


@pytest.mark.parametrize(("lang", "width"), [("fr", 1280), ("fr", 360), ("ar", 1280), ("ar", 360)])
def test_the_monthly_update_of_twelve_activities_is_one_upload_and_two_clicks(
    demo: Demo, browser: Any, tmp_path: Path, lang: str, width: int
) -> None:
    with signed_in(browser, demo, lang, width) as page:
        _bring(page, demo, lang, _first_sheet(tmp_path, f"{lang}-{width}"), Hand(page))
        assert page.locator("tr.new").count() == COUNT
        page.click("#accept-safe button")
        page.wait_for_selector("#told")
        page.goto(f"{demo.address}/{lang}/workspace/inbox/")
        page.fill("#id_q", f"{lang}-{width}")
        with page.expect_download() as download:
            page.click("form[method=get] .actions button")
        book = tmp_path / "taken.xlsx"
        download.value.save_as(book)
        from openpyxl import load_workbook

        progress = load_workbook(book).sheetnames[2]
        update = tmp_path / "update.xlsx"
        update.write_bytes(edited(book.read_bytes(), *((progress, f"F{row + 2}", 40 + row) for row in range(COUNT))))
        hand = Hand(page)
        _bring(page, demo, lang, update, hand)
        assert page.locator("tr.changed").count() == COUNT
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        hand.click("#accept-safe button")
        page.wait_for_selector("#told")
        assert str(COUNT) in page.locator("#told").inner_text()
        assert hand.clicks == CLICKS
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.click("form[action$='undo/'] button")
        page.wait_for_selector(".notice[role=status]")
        assert page.locator("form[action$='undo/']").count() == 0
        assert page.complaints == []


def test_the_inbox_works_without_javascript(demo: Demo, browser: Any, tmp_path: Path) -> None:
    with signed_in(browser, demo, "en", 1280, script=False) as page:
        _bring(page, demo, "en", _first_sheet(tmp_path, "plain"), Hand(page))
        page.locator("#accept-one button").first.click()
        assert page.locator("tr.new").count() == COUNT - 1
        page.click("#accept-safe button")
        assert page.locator("#told").count() == 1


@pytest.mark.parametrize("lang", ["fr", "en", "ar"])
def test_pages_of_the_inbox_have_no_serious_barrier_and_fit_a_phone(
    demo: Demo, browser: Any, tmp_path: Path, lang: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with signed_in(browser, demo, lang, 360) as page:
        sheet = _first_sheet(tmp_path, f"axe-{lang}")
        sheet.write_text(sheet.read_text("utf-8") + "x;Appeler Mme Awa Diallo;;en cours\ny;Forage;;terminé peut-être\n")
        _bring(page, demo, lang, sheet, Hand(page))
        preview = page.url
        addresses = [preview, f"{preview}?show=refused", f"{demo.address}/{lang}/workspace/inbox/"]
        page.click("#accept-safe button")
        page.wait_for_selector("#told")
        addresses.append(page.url)
        other = tmp_path / "other.csv"
        other.write_text("Ref. projet;Libellé;Où\nP;Radio;Gao\n", "utf-8")
        page.goto(f"{demo.address}/{lang}/workspace/inbox/")
        page.set_input_files("#id_file", str(other))
        page.click("#bring button")
        addresses.append(f"{page.url}columns/")
        for address in addresses:
            page.goto(address)
            found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
            serious = [v for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
            told = [(v["id"], v["help"], [n["html"][:160] for n in v["nodes"][:3]]) for v in serious]
            assert not told, address
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
