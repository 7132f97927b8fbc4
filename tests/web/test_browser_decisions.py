"""A strategy from its file to a newer version in force, and a judgement made and taken back, in a real browser."""

import contextlib
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

from concerted.store.edition import find_edition
from web.test_browser import browser
from web.workspace_app.test_browser import Demo, Hand, demo

__all__ = ["browser", "demo"]

pytestmark = pytest.mark.browser
SECONDS = 150
SPLIT = "P1.1.1"


@contextlib.contextmanager
def secretary(browser: Any, demo: Demo, lang: str, width: int, *, script: bool = True) -> Iterator[Any]:
    """A page of the secretariat."""
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=script)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda m: page.complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.goto(f"{demo.address}/{lang}/sign-in/")
    page.fill("input[name=login]", "secretariat@demo.example")
    page.fill("input[name=password]", demo.passwords["secretariat@demo.example"])
    page.click("main button")
    yield page
    context.close()


def wait_for(page: Any, address: str, text: str, selector: str) -> None:
    """Until a page says it, opened anew each time."""
    ends = time.monotonic() + SECONDS
    while True:
        page.goto(address)
        if text in page.locator(selector).first.inner_text():
            return
        assert time.monotonic() < ends, f"{text} is not there after {SECONDS} s"
        time.sleep(0.5)


def edition(page: Any) -> str:
    return str(page.locator("footer code").inner_text())


def check_page(page: Any, width: int) -> None:
    """No serious barrier, and nothing wider than the screen."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
    serious = [v for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
    assert [(v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in serious] == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


@pytest.mark.parametrize(("lang", "width"), [("ar", 360), ("fr", 1280)])
def test_a_question_is_judged_and_taken_back(demo: Demo, browser: Any, lang: str, width: int) -> None:
    with secretary(browser, demo, lang, width) as page:
        desk = f"{demo.address}/{lang}/workspace/desk/"
        page.goto(f"{desk}?about=money")
        ends = time.monotonic() + SECONDS
        while not page.locator(".unreleased").count():  # the picture with the demonstration's own needs
            assert time.monotonic() < ends
            time.sleep(0.5)
            page.goto(f"{desk}?about=money")
        check_page(page, width)
        before = edition(page)
        asked = page.locator("#question td a").first.get_attribute("href")
        hand = Hand(page)
        hand.click("label:has(input[name=answer][value=y])")
        page.fill("#reason", "L’accord le dit")
        hand.click("form[action*=judge] button")
        assert page.locator("#last").count() == 1
        ends = time.monotonic() + SECONDS
        while edition(page) == before and time.monotonic() < ends:
            time.sleep(0.5)
            page.goto(f"{desk}?about=money")
        assert edition(page) != before
        assert page.locator("#question td a").first.get_attribute("href") != asked or page.locator("#last").count()
        page.goto(f"{desk}judged/")
        check_page(page, width)
        hand.click("form[action*=undo] button")
        wait_for(page, f"{desk}?about=money", before, "footer")  # the very edition that was there before
        assert page.locator("#question td a").first.get_attribute("href") == asked
        assert hand.clicks == 3
        assert page.complaints == []


def test_a_strategy_is_taken_over_and_a_newer_version_comes_into_force(
    demo: Demo, browser: Any, tmp_path: Path
) -> None:
    with secretary(browser, demo, "fr", 1280, script=False) as page:
        home = f"{demo.address}/fr/workspace/strategy/"
        page.goto(home)
        hand = Hand(page)
        hand.click("form[action*=take-over] button")
        hand.click("form[action*=keep] button")
        first = page.url
        document = yaml.safe_load(page.context.request.get(f"{first}strategy.yml").text())
        (tmp_path / "next.yml").write_text(yaml.safe_dump(newer(document), allow_unicode=True), "utf-8")
        page.goto(f"{home}load/")
        page.set_input_files("input[type=file]", str(tmp_path / "next.yml"))
        hand.click("form[enctype] button")
        hand.click("form[action*=keep] button")
        second = page.url
        hand.click("form:has(input[value=consultation]) button")
        page.fill("#id_act", "Décret n° 2")
        page.fill("#id_day", "2026-01-15")
        hand.click("form:has(input[value=adopted]) button")
        assert page.locator(".notice.error").count() == 1  # a line goes nowhere yet
        hand.click("a[href*=lines-of]")
        line = page.locator(".map-line").first
        for at, value in enumerate((f"{SPLIT}a", "60", f"{SPLIT}b", "40")):
            line.locator("input").nth(at).fill(value)
        hand.click("button[name=look]")
        sums = [row.inner_text() for row in page.locator("#totals tfoot tr").all()]
        assert len(sums) == 2
        assert sums[0] == sums[1]
        hand.click("button[name=keep]")
        page.fill("#id_act", "Décret n° 2")
        page.fill("#id_day", "2026-01-15")
        hand.click("form:has(input[value=adopted]) button")
        assert page.locator(".steps [aria-current]").inner_text() == "adopté"
        wait_for(page, second, "2028-2032", ".strat")
        sys.stdout.write(f"strategy: {hand.clicks} clicks\n")
        halves, whole = declared(demo.data)
        assert halves == {f"{SPLIT}a", f"{SPLIT}b"}  # what partners declared under the old line is under both
        assert not whole
        page.goto(first)
        assert page.locator(".steps [aria-current]").inner_text() == "remplacé"
    for lang, width in (("fr", 1280), ("en", 360), ("ar", 360)):
        with secretary(browser, demo, lang, width) as page:
            base = f"{demo.address}/{lang}/workspace/strategy/"
            one, two = (re.search(r"strategy/([0-9a-f-]+)/", url)[1] for url in (first, second))  # type: ignore[index]
            for address in ("", "load/", "crosswalks/", "regional-bodies/", f"{two}/", f"{two}/against/{one}/",
                            f"{two}/lines-of/{one}/"):  # fmt: skip
                page.goto(base + address)
                check_page(page, width)


def declared(data: Path) -> tuple[set[str], set[str]]:
    """Lines that were one, and the line that they were, as far as a statement declares them in the edition."""
    labels = pq.read_table(find_edition(data) / "core_label.parquet", columns=["node_id", "method", "evidence"])
    found = {row["node_id"] for row in labels.to_pylist() if row["method"] == "declared" and "remap" in row["evidence"]}
    nodes = set(pq.read_table(find_edition(data) / "core_node_share.parquet")["node_id"].to_pylist())
    return found & {f"{SPLIT}a", f"{SPLIT}b"} & nodes, nodes & {SPLIT}


def newer(document: dict[str, Any]) -> dict[str, Any]:
    """A version in which one line has become two."""
    line = next(node for node in document["nodes"] if node["id"] == SPLIT)
    halves = [
        {
            "id": f"{SPLIT}{sign}",
            "parent": line["parent"],
            "name": {lang: f"{n} {sign}" for lang, n in line["name"].items()},
        }
        for sign in "ab"
    ]
    kept = {table: [r for r in document.get(table, []) if r["node"] != SPLIT] for table in ("codes", "crosswalks")}
    nodes = [*(node for node in document["nodes"] if node is not line), *halves]
    return {**document, **kept, "version": "2028-2032", "nodes": nodes}
