"""Every page in every language: it answers, it is light, it is safe, it reads without JavaScript."""

import gzip
import re
from html.parser import HTMLParser

import pytest

from web.fixture_records import HOSTILE
from web.pages import COARSE_RECORD, EXPORTS, PAGES, PUBLIC_RECORD
from web.site import Site

#: Bytes over the wire of a first view: page, style, script, icon. Goal of the issue: 150 KB.
BUDGET = 150 * 1024
#: Queries of a cold page, at most; more would be a loop.
QUERIES = 40


@pytest.mark.parametrize("lang", ["fr", "en", "ar"])
@pytest.mark.parametrize("path", PAGES)
def test_page_answers_in_its_language_and_direction(site: Site, lang: str, path: str) -> None:
    answer = site.get(f"/{lang}/{path}")
    assert answer.status_code == 200
    assert f'<html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}">' in answer.text
    assert answer["Content-Language"] == lang
    assert "TLP:CLEAR" in answer.text
    assert answer.text.count("<h1") == 1


@pytest.mark.parametrize("path", EXPORTS)
def test_export_is_a_file_with_a_name(site: Site, path: str) -> None:
    answer = site.get(f"/fr/{path}")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/csv")
    assert 'filename="concerted-' in answer["Content-Disposition"]


def test_first_view_is_within_its_budget(site: Site) -> None:
    from pathlib import Path

    import django_htmx

    import concerted.web.ui

    static = Path(concerted.web.ui.__file__).parent / "static" / "ui"
    files = [static / "site.css", static / "site.js", static / "icon.svg"]
    files.append(Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js")
    fixed = sum(len(gzip.compress(f.read_bytes())) for f in files)
    for path in PAGES:
        page = gzip.compress(site.get(f"/fr/{path}").content)
        assert fixed + len(page) <= BUDGET, path
    assert fixed < 40 * 1024


def test_pages_ask_no_other_host_and_hold_no_inline_script_or_style(site: Site) -> None:
    for path in PAGES:
        text = site.get(f"/fr/{path}").text
        assert not re.findall(r'(?:src|action|data-[a-z]+)="(?:https?:)?//', text), path
        assert not re.findall(r'<link[^>]+href="(?:https?:)?//', text), path
        assert not re.findall(r"<script(?![^>]* src=)", text), path
        assert not re.findall(r"<style|\sstyle=|\son[a-z]+=", text), path


def test_headers_forbid_what_pages_do_not_need(site: Site) -> None:
    answer = site.get("/fr/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert not answer.cookies


def test_a_hostile_title_is_text_everywhere(site: Site) -> None:
    for path in ("activities/", "activities/?q=script", "coverage/cell/?node=1.2&place=ML07"):
        text = site.get(f"/fr/{path}").text
        assert "<script>alert" not in text
        if "activities" in path:
            assert "&lt;script&gt;alert" in text
    assert HOSTILE.startswith("<script>")


def test_a_hostile_search_is_text(site: Site) -> None:
    text = site.get('/fr/activities/?q="><script>alert(1)</script>').text
    assert "<script>alert" not in text


def test_only_web_addresses_become_links(site: Site) -> None:
    assert 'href="javascript:' not in site.get(f"/fr/activities/{PUBLIC_RECORD}/").text


def test_a_page_costs_a_known_number_of_queries(cold: Site) -> None:
    from concerted.web.config.middleware import current

    served = current().get()
    assert served
    for path in PAGES:
        before = served.edition.queries
        cold.get(f"/fr/{path}")
        assert served.edition.queries - before <= QUERIES, path
        served.edition.cache.clear()


def test_an_unchanged_page_is_not_sent_twice(site: Site) -> None:
    first = site.get("/fr/coverage/")
    again = site.get("/fr/coverage/", **{"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_compressed_and_plain_pages_say_the_same(site: Site) -> None:
    packed = site.client.get("/fr/coverage/", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == site.get("/fr/coverage/").content


def test_the_bare_address_leads_to_the_language_of_the_browser(site: Site) -> None:
    assert site.get("/", **{"Accept-Language": "ar"})["Location"] == "/ar/"
    assert site.get("/", **{"Accept-Language": "de"})["Location"] == "/fr/"


def test_language_links_keep_page_and_filters(site: Site) -> None:
    text = site.get("/fr/coverage/?by=period&place=ML05").text
    assert 'href="/ar/coverage/?by=period&amp;place=ML05"' in text


def test_invented_figures_say_so_on_every_page(site: Site) -> None:
    for path in PAGES:
        assert "sont ici inventés" in site.get(f"/fr/{path}").text, path


def test_each_value_of_a_record_names_its_file_and_line(site: Site) -> None:
    text = site.get(f"/fr/activities/{PUBLIC_RECORD}/").text
    assert "iati/delta.xml:10" in text
    assert "iati/delta.xml:18" in text
    assert "bis" in text


def test_an_activity_that_serves_no_node_is_not_called_suggested(site: Site) -> None:
    served_by_none = site.get("/en/activities/?node=UNCLASSIFIED").text
    assert "These serve none of the priorities" in served_by_none
    assert '<span class="tag">suggested</span>' not in served_by_none


def test_a_link_to_a_hidden_activity_looks_like_one_to_an_unknown_activity(site: Site) -> None:
    from concerted.model.ids import id_text
    from web.fixture_records import records

    text = site.get(f"/fr/activities/{id_text(records()[1].id)}/").text
    assert id_text(records()[40].id) not in text


class _Tree(HTMLParser):
    """Checks what a screen reader needs: names of links, headers of tables, labels of fields."""

    def __init__(self) -> None:
        super().__init__()
        self.unscoped = 0
        self.ids: list[str] = []
        self.levels: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "th" and "scope" not in values:
            self.unscoped += 1
        if values.get("id"):
            self.ids.append(str(values["id"]))
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))


@pytest.mark.parametrize("path", [*PAGES, f"activities/{COARSE_RECORD}/"])
def test_tables_and_headings_are_readable_by_ear(site: Site, path: str) -> None:
    tree = _Tree()
    tree.feed(site.get(f"/fr/{path}").text)
    assert tree.unscoped == 0
    assert len(tree.ids) == len(set(tree.ids))
    assert all(b - a <= 1 for a, b in zip(tree.levels, tree.levels[1:], strict=False)), tree.levels
