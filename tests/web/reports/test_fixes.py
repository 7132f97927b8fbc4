"""The page of a source says what mending would bring, in each language."""

import re

import pytest

from web.site import Site


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "Mending it brings a place"),
        ("fr", "La correction apporte un lieu"),
        ("ar", "يجلب التصحيح مكان"),
    ],
)
def test_a_fix_says_what_it_brings_and_to_how_much(site: Site, lang: str, said: str) -> None:
    page = site.get(f"/{lang}/quality/iati/delta/")
    assert page.status_code == 200
    text = re.sub(r"\s+", " ", page.text)
    assert said in text
