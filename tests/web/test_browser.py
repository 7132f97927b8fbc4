"""The pages in a real browser: no barrier that axe finds, by keyboard, whole on a phone, without JavaScript."""

import contextlib
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from web.edition import write_edition
from web.pages import COARSE_RECORD, GIVER, LINKED_RECORD, PARTNER, PUBLIC_RECORD

pytestmark = pytest.mark.browser
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PAGES = (
    "",
    "coverage/?open=1",
    "coverage/cell/?node=1.1&place=ML05",
    "coverage/map/",
    "coverage/timeline/",
    "activities/",
    f"activities/{PUBLIC_RECORD}/",
    f"activities/{LINKED_RECORD}/",
    f"activities/{COARSE_RECORD}/",
    "money/",
    f"money/?partner={GIVER}",
    "search/?q=bama",
    "partners/",
    f"partners/{PARTNER}/",
    "quality/",
    "quality/iati/delta/",
    "method/",
)
_SERVE = """
import sys
from pathlib import Path
from concerted.web.server import serve
if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]), on_ready=lambda url: print(url, flush=True), workers=1)
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site over the fixture edition, served as `concerted serve` does."""
    data = tmp_path_factory.mktemp("served")
    write_edition(data, geometry=True)
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-c", _SERVE, str(data), str(port)], stdout=subprocess.PIPE, text=True)
    assert server.stdout
    yield server.stdout.readline().strip().rstrip("/")
    server.terminate()
    assert server.wait(20) == 0


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, as Debian packs it."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no Chromium here; install it with: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@contextlib.contextmanager
def _page(browser: Any, width: int = 1280, *, script: bool = True) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=script)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda m: page.complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    yield page
    context.close()


@pytest.mark.parametrize("lang", ["fr", "en", "ar"])
@pytest.mark.parametrize("path", PAGES)
def test_page_has_no_serious_barrier(address: str, browser: Any, lang: str, path: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with _page(browser) as page:
        page.goto(f"{address}/{lang}/{path}")
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
        serious = [v for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
        told = [(v["id"], v["help"], [n["html"][:160] for n in v["nodes"][:3]]) for v in serious]
        assert not told
        assert page.complaints == []
        assert all(url.startswith((address, "data:")) for url in page.asked)


@pytest.mark.parametrize("lang", ["fr", "ar"])
@pytest.mark.parametrize("path", PAGES)
def test_page_fits_a_phone(address: str, browser: Any, lang: str, path: str) -> None:
    with _page(browser, 360) as page:
        page.goto(f"{address}/{lang}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_pages_read_and_filter_without_javascript(address: str, browser: Any) -> None:
    with _page(browser, script=False) as page:
        page.goto(f"{address}/fr/coverage/")
        page.select_option("select[name=place]", "ML05")
        page.click(".filters form button")
        assert "place=ML05" in page.url
        page.click(".matrix tbody td a >> nth=0")
        assert page.locator("h1").count() == 1
        assert "/coverage/cell/" in page.url


def test_arrows_move_through_the_matrix_and_enter_opens_the_panel(address: str, browser: Any) -> None:
    for lang, forward in (("fr", "ArrowRight"), ("ar", "ArrowLeft")):
        with _page(browser) as page:
            page.goto(f"{address}/{lang}/coverage/")
            first = page.locator(".matrix tbody tr").first.locator("td a").first
            first.focus()
            page.keyboard.press(forward)
            page.keyboard.press("ArrowDown")
            place = page.evaluate(
                "[document.activeElement.closest('td').cellIndex, document.activeElement.closest('tr').rowIndex]"
            )
            assert place == [2, 2]
            page.keyboard.press("Enter")
            page.wait_for_selector("#panel:not([hidden]) h1")
            assert page.evaluate("document.activeElement.tagName") == "H1"
            page.keyboard.press("Escape")
            assert page.locator("#panel").is_hidden()
            assert page.evaluate("document.activeElement.closest('td').cellIndex") == 2


def test_skip_link_and_focus_are_visible(address: str, browser: Any) -> None:
    with _page(browser) as page:
        page.goto(f"{address}/fr/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


def test_a_map_is_not_mirrored_and_bars_are(address: str, browser: Any) -> None:
    def middle(page: Any, name: str) -> float:
        box = page.locator(f'.map a[aria-label^="{name}"]').bounding_box()
        return float(box["x"] + box["width"] / 2)

    with _page(browser) as page:
        page.goto(f"{address}/en/coverage/map/")
        west, east = middle(page, "Kayes"), middle(page, "Gao")
        assert west < east
        page.goto(f"{address}/ar/coverage/map/")
        assert middle(page, "كايس") < middle(page, "غاو")
        page.goto(f"{address}/ar/")
        certain = page.locator(".bars .lo").first.bounding_box()
        possible = page.locator(".bars .hi").first.bounding_box()
        assert certain["x"] > possible["x"]


def test_server_stops_cleanly_and_says_when_the_port_is_taken(address: str, tmp_path: Path) -> None:
    write_edition(tmp_path)
    port = address.rsplit(":", 1)[1]
    run = subprocess.run(
        [sys.executable, "-c", _SERVE, str(tmp_path), port], capture_output=True, text=True, check=False, timeout=60
    )
    assert run.returncode != 0
    assert f"cannot listen on 127.0.0.1:{port}" in run.stderr


@pytest.mark.parametrize("path", ["", "coverage/", "coverage/map/", "activities/", "quality/iati/delta/"])
def test_dark_colours_are_as_readable_as_light_ones(address: str, browser: Any, path: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="dark")
    page = context.new_page()
    page.goto(f"{address}/en/{path}")
    found = Axe().run(page, options={"runOnly": ["color-contrast"]})
    told = [(n["html"][:160], n["failureSummary"]) for v in found.response["violations"] for n in v["nodes"][:3]]
    context.close()
    assert not told


def test_names_are_found_while_one_types_and_arrows_lead_to_them(address: str, browser: Any) -> None:
    with _page(browser) as page:
        page.goto(f"{address}/fr/coverage/")
        page.locator(".find input").press_sequentially("gao")
        page.wait_for_selector("#quick a")
        assert page.locator("#quick main").count() == 0
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.textContent").startswith("Gao")
        page.keyboard.press("Enter")
        page.wait_for_url("**place=ML07**")
        page.locator(".find input").press_sequentially("gao")
        page.wait_for_selector("#quick a")
        page.keyboard.press("Escape")
        assert page.locator("#quick a").count() == 0
        assert page.complaints == []


def test_search_works_without_javascript(address: str, browser: Any) -> None:
    with _page(browser, script=False) as page:
        page.goto(f"{address}/en/")
        page.fill(".find input", "gao")
        page.keyboard.press("Enter")
        page.wait_for_url("**/en/search/?q=gao")
        page.click(".hits a >> nth=0")
        assert "place=ML07" in page.url


def test_tab_enters_a_matrix_once(address: str, browser: Any) -> None:
    with _page(browser) as page:
        page.goto(f"{address}/fr/coverage/")
        stops = page.evaluate("[...document.querySelectorAll('.matrix td a')].filter(a => a.tabIndex === 0).length")
        assert stops == 1


def test_a_phone_says_that_a_matrix_goes_on(address: str, browser: Any) -> None:
    with _page(browser, 390) as page:
        page.goto(f"{address}/fr/coverage/")
        assert page.locator("[data-swipe]").first.is_visible()
        assert page.locator(".scroll.more-end").count() == 1
        page.evaluate("document.querySelector('.scroll').scrollLeft = 9999")
        page.wait_for_selector(".scroll:not(.more-end)")
    with _page(browser, 390, script=False) as page:
        page.goto(f"{address}/fr/coverage/")
        assert page.locator("[data-swipe]").first.is_visible()


def test_filters_are_one_line_on_a_phone_and_fields_on_a_desk(address: str, browser: Any) -> None:
    for script in (True, False):
        with _page(browser, 390, script=script) as page:
            page.goto(f"{address}/fr/coverage/")
            assert page.locator(".filters select").first.is_hidden()
            page.click(".filters summary")
            assert page.locator(".filters select").first.is_visible()
        with _page(browser, script=script) as page:
            page.goto(f"{address}/fr/coverage/")
            assert page.locator(".filters select").first.is_visible()
            assert page.locator(".filters summary").is_hidden()
