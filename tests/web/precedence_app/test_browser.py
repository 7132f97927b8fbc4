"""Which source counts, decided and taken back in a real browser: French on a desk, Arabic on a phone, no JavaScript."""

import re
import time
from pathlib import Path
from typing import Any

import pytest

from concerted.model.ids import id_text
from concerted.store.edition import find_edition
from concerted.store.query import open_edition
from web.test_browser import browser
from web.test_browser_decisions import SECONDS, check_page, edition, wait_for
from web.workspace_app.test_browser import Demo, Hand, demo, signed_in

__all__ = ["browser", "demo"]

pytestmark = pytest.mark.browser
#: From the page to the decision that counts.
CLICKS = 4
TITLES = {"fr": "Puits et comités, tels qu’ils sont tenus ici", "ar": "آبار ولجان كما هي محفوظة هنا"}
SUBJECT = {"fr": "titre et description", "ar": "العنوان والوصف"}
HEADS = {"fr": ("Code", "Titre", "État", "Lieux", "en cours"), "ar": ("الرمز", "العنوان", "الحالة", "الأماكن", "جارٍ")}


def published(demo: Demo, at: int) -> tuple[str, int]:
    """Identifier and activity of something that the signed-in organisation publishes."""
    with open_edition(find_edition(demo.data)) as connection:
        return connection.execute(
            "SELECT identifier, activity_id FROM core_activity WHERE kind = 'iati' AND is_current"
            " AND reporting_org_ref = 'XI-DEMO-PON' AND marking_key = 'CLEAR' ORDER BY identifier"
        ).fetchall()[at]


@pytest.mark.parametrize(("lang", "width", "at"), [("fr", 1280, 0), ("ar", 360, 1)])
def test_one_source_is_decided_for_title_and_places_and_taken_back(
    demo: Demo, browser: Any, tmp_path: Path, lang: str, width: int, at: int
) -> None:
    identifier, activity = published(demo, at)
    *heads, state = HEADS[lang]
    sheet = tmp_path / "kept.csv"
    sheet.write_text(f"{';'.join(heads)}\n{identifier};{TITLES[lang]};{state};Gao\n", "utf-8")
    # axe waits as scripts do: on a page without scripts it would wait for ever, so the same pages are seen beside.
    with (
        signed_in(browser, demo, lang, width, script=lang == "fr") as page,
        signed_in(browser, demo, lang, width) as seen,
    ):
        page.goto(f"{demo.address}/{lang}/workspace/inbox/")
        page.select_option("#id_sharing", "anyone")
        page.set_input_files("#id_file", str(sheet))
        page.click("#bring button")
        page.click("#accept-safe button")
        sources = f"{demo.address}/{lang}/workspace/sources/"
        wait_for(page, f"{demo.address}/{lang}/activities/{id_text(activity)}/", TITLES[lang], "main")
        seen.goto(sources)
        check_page(seen, width)
        page.goto(sources)
        before = edition(page)
        hand = Hand(page)
        for subject in ("texts", "places"):
            hand.click(f"label:has(input[name=of_{subject}][value=workspace])")
        hand.click("button[value=look]")
        for subject in ("texts", "places"):
            seen.click(f"label:has(input[name=of_{subject}][value=workspace])")
        seen.click("button[value=look]")
        check_page(seen, width)
        hand.click("button[value=keep]")
        assert hand.clicks == CLICKS
        one = f"{demo.address}/{lang}/activities/{id_text(activity)}/"
        ends = time.monotonic() + SECONDS
        while edition(page) == before:  # until the next picture is drawn
            assert time.monotonic() < ends
            time.sleep(0.5)
            page.goto(one)
        page.goto(one)
        assert TITLES[lang] in page.locator("h1").inner_text()
        seen.goto(one)
        check_page(seen, width)
        assert page.locator("#beside tbody tr").count() == 2
        assert f"«{SUBJECT[lang]}»" in re.sub(r"\s*([«»])\s*", r"\1", page.inner_text("main"))  # no code of a subject
        page.goto(sources)
        hand.click("button[value=undo]")
        wait_for(page, sources, before, "footer")  # the very edition that was there before
        page.goto(one)
        assert page.locator("#beside").count() == 0
        assert page.complaints == []
        assert seen.complaints == []
