"""People and partners in a real browser: joined by a link, in with a security key, and the rest without script."""

import contextlib
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from web.edition import write_edition
from web.test_browser import _SERVE, _page, browser
from web.workspace import PASSWORD, code_of

__all__ = ["browser"]

pytestmark = pytest.mark.browser
_COMMAND = (sys.executable, "-c", "from concerted.cli.main import main; main()")
PAGES = (
    "account/",
    "account/password/",
    "account/tokens/",
    "programs/",
    "account/second-factor/",
    "account/second-factor/app/",
    "account/second-factor/keys/",
    "account/second-factor/keys/add/",
    "account/second-factor/codes/",
    "account/second-factor/codes/new/",
    "workspace/people/",
    "workspace/people/invite/",
    "workspace/organisations/",
    "workspace/audit/",
)


@dataclass
class Served:
    """A served site with a registry; `link` makes a new invitation."""

    address: str
    data: Path

    def link(self, organisation: str = "Secrétariat", role: str = "secretariat") -> str:
        said = subprocess.run(
            [*_COMMAND, "invite", "--data", str(self.data), "--organisation", organisation, "--role", role,
             "--site", self.address],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        found = re.search(r"http\S+", said)
        assert found
        return found[0]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The site as `concerted serve` serves it. A security key needs a host with a name, so not 127.0.0.1."""
    data = tmp_path_factory.mktemp("accounts")
    write_edition(data)
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-c", _SERVE, str(data), str(port)], stdout=subprocess.PIPE, text=True)
    assert server.stdout
    server.stdout.readline()
    yield Served(f"http://localhost:{port}", data)
    server.terminate()
    assert server.wait(20) == 0


def join(page: Any, link: str, email: str, lang: str = "en") -> None:
    page.goto(link.replace("/en/join/", f"/{lang}/join/"))
    page.fill("[name=name]", "Aïcha Essai")
    page.fill("[name=email]", email)
    page.select_option("[name=language]", lang)
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.click("main form button")
    page.wait_for_url("**/account/second-factor/")


def with_key(page: Any) -> None:
    """A security key in this browser, made of software."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in(page: Any, address: str, email: str) -> None:
    page.goto(f"{address}/en/sign-in/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button >> nth=0")


def test_a_security_key_is_added_and_signs_in(served: Served, browser: Any) -> None:
    with _page(browser) as page:
        with_key(page)
        join(page, served.link(), "key@example.org")
        assert page.goto(f"{served.address}/en/workspace/people/").url.endswith("next=/en/workspace/people/")
        page.goto(f"{served.address}/en/account/second-factor/keys/add/")
        page.click("[data-key-start]")
        page.wait_for_url("**/codes/")
        assert page.locator(".codes li").count() == 10
        assert page.goto(f"{served.address}/en/workspace/people/").status == 200
        page.goto(f"{served.address}/en/account/")
        page.click("text=Sign out")
        sign_in(page, served.address, "key@example.org")
        page.wait_for_url("**/sign-in/second-factor/")
        page.click("[data-key-start]")
        page.wait_for_url("**/workspace/")
        assert page.goto(f"{served.address}/en/workspace/people/").status == 200
        assert page.complaints == []


def test_everything_but_keys_works_without_script(served: Served, browser: Any) -> None:
    with _page(browser, 360, script=False) as page:
        join(page, served.link(), "app@example.org", "fr")
        page.click("text=Configurer >> nth=-1")
        secret = page.locator(".secret").inner_text()
        page.fill("[name=code]", code_of(secret))
        page.click("main form button")
        page.wait_for_url("**/codes/")
        codes = page.locator(".codes code").all_inner_texts()
        page.goto(f"{served.address}/fr/workspace/people/invite/")
        page.check("[name=duty][value=editor]")
        page.click("main form button")
        link = page.locator(".copy").inner_text()
        page.goto(f"{served.address}/fr/account/")
        page.click("text=Se déconnecter")
        sign_in(page, served.address, "app@example.org")
        page.fill("[name=code]", codes[0])
        page.click("main form button >> nth=0")
        page.wait_for_url("**/workspace/")
        page.context.clear_cookies()
        join(page, link.replace("/fr/", "/en/"), "second@example.org", "ar")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_no_page_has_a_serious_barrier_or_runs_off_a_phone(served: Served, browser: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    told = []
    with _page(browser) as page:
        with_key(page)
        join(page, served.link(), "axe@example.org")
        page.goto(f"{served.address}/en/account/second-factor/keys/add/")
        page.click("[data-key-start]")
        page.wait_for_url("**/codes/")
        page.goto(f"{served.address}/en/workspace/people/")
        one = page.locator("tbody a >> nth=0").get_attribute("href").removeprefix("/en/")
        page.goto(f"{served.address}/en/workspace/organisations/")
        organisation = page.locator("tbody a >> nth=0").get_attribute("href").removeprefix("/en/")
        for lang in ("fr", "en", "ar"):
            for path in (*PAGES, one, organisation):
                page.set_viewport_size({"width": 1280, "height": 900})
                assert page.goto(f"{served.address}/{lang}/{path}").status == 200
                found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
                serious = [v["id"] for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
                told += [(lang, path, barrier) for barrier in serious]
                page.set_viewport_size({"width": 360, "height": 800})
                if page.evaluate("document.documentElement.scrollWidth") > 360:
                    told.append((lang, path, "runs off a phone"))
        assert all(url.startswith((served.address, "data:")) for url in page.asked)
        assert page.complaints == []
    assert told == []
