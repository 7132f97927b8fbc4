"""Every text of the site in French and Arabic, with every plural form."""

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from concerted.web.ui.messages import WEB, missing, read_catalog, sources, texts_of_the_site
from web.site import Site


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_no_text_lacks_a_translation(site: Site, language: str) -> None:
    assert missing(language) == []


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_no_translation_is_left_over(site: Site, language: str) -> None:
    wanted = {(c, t[0] if isinstance(t, tuple) else t) for c, t in texts_of_the_site()}
    assert set(_texts(language)) == wanted


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_text_stands_in_one_catalog_only(language: str) -> None:
    """Else one of two wordings would win by the order of apps."""
    twice = [text for text, count in Counter(_texts(language)).items() if count > 1]
    assert twice == []


def test_texts_stand_with_the_app_that_shows_them() -> None:
    apps = {source.relative_to(WEB).parts[0] for source in sources("fr")}
    assert apps == {source.relative_to(WEB).parts[0] for source in sources("ar")}
    assert len(apps) > 5


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_placeholders_survive_translation(language: str) -> None:
    """A plural form may leave the number out (one, two), but must not invent a name."""
    for message in _messages(language):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        names = set(re.findall(r"%\((\w+)\)s|\{(\w+)\}", ids[-1]))
        for string in strings:
            found = set(re.findall(r"%\((\w+)\)s|\{(\w+)\}", string))
            assert found <= names, message.id
            if len(ids) == 1:
                assert found == names, message.id


def test_arabic_has_six_plural_forms_in_the_right_order(site: Site) -> None:
    from django.utils.translation import ngettext, override

    with override("ar"):
        forms = [ngettext("%(n)s activity", "%(n)s activities", n) % {"n": n} for n in (0, 1, 2, 5, 15, 100)]
    assert forms == ["لا نشاط", "نشاط واحد", "نشاطان", "5 أنشطة", "15 نشاطًا", "100 نشاط"]


def test_no_text_is_shown_in_english_on_a_french_or_arabic_page(site: Site) -> None:
    """Long English texts of the source must not occur on translated pages."""
    from web.pages import PAGES

    english = [
        t for _, t in texts_of_the_site() if isinstance(t, str) and len(t) > 14 and "%" not in t and "{" not in t
    ]
    for lang in ("fr", "ar"):
        for path in PAGES:
            text = site.get(f"/{lang}/{path}").text
            assert [t for t in english if t in text] == [], (lang, path)


def _messages(language: str) -> list[Message]:
    return [message for source in sources(language) for message in read_catalog(source) if message.id]


def _texts(language: str) -> list[tuple[str | None, str]]:
    return [(m.context, m.id[0] if isinstance(m.id, tuple) else m.id) for m in _messages(language)]


def test_no_compiled_file_is_committed() -> None:
    ignored = (Path(__file__).resolve().parents[3] / ".gitignore").read_text("utf-8")
    assert "*.mo" in ignored
