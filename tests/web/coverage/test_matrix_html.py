"""Places of which nothing is known are one column where room is short, and each its own where it is not."""

import re

from web.site import Site


def test_silent_places_are_folded_on_the_overview_and_named_below(site: Site) -> None:
    text = site.get("/fr/coverage/?cells=small").text
    whole = site.get("/fr/coverage/").text
    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', whole)
    for name in ("Kayes", "Kidal"):
        assert any(name in head for head in heads)
    folded = re.search(r"(\d+) autres lieux", text)
    silent = len(re.findall(r'<th scope="col" class="[^"]*slim', whole))
    assert (int(folded[1]) if folded else 0) == silent
