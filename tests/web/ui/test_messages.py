"""Every text of the site in French and Arabic, with every plural form."""

import re
from pathlib import Path

import pytest

from concerted.web.ui.messages import LOCALE, missing, read_catalog, texts_of_the_site
from web.site import Site


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_no_text_lacks_a_translation(site: Site, language: str) -> None:
    assert missing(language) == []


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_no_translation_is_left_over(site: Site, language: str) -> None:
    wanted = {(c, t[0] if isinstance(t, tuple) else t) for c, t in texts_of_the_site()}
    catalog = read_catalog(LOCALE / language / "LC_MESSAGES" / "django.po")
    have = {(m.context, m.id[0] if isinstance(m.id, tuple) else m.id) for m in catalog if m.id}
    assert have == wanted


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_placeholders_survive_translation(language: str) -> None:
    """A plural form may leave the number out (one, two), but must not invent a name."""
    for message in read_catalog(LOCALE / language / "LC_MESSAGES" / "django.po"):
        if not message.id:
            continue
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


def test_no_compiled_file_is_committed() -> None:
    ignored = (Path(__file__).resolve().parents[3] / ".gitignore").read_text("utf-8")
    assert "*.mo" in ignored
