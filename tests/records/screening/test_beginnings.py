"""The tables of bytes find every place at which a trigger can match, in any text, and few more."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.records.screening.beginnings import Finder, finder
from concerted.records.screening.lists import lists
from concerted.records.screening.texts import MASK, screen_text, screen_texts
from concerted.records.screening.triggers import person, site, terror, words


def spaced(text: str) -> str:
    """A text as the expressions see it."""
    return text.replace("\u00a0", " ").replace("\t", " ")


def places(text: str) -> set[int]:
    """Where something may begin."""
    return set(finder().find(np.frombuffer(spaced(text).encode(), np.uint8)).tolist())


def expected(text: str) -> set[int]:
    """Where a trigger of persons, or a word for terrorism, matches: tried at every character."""
    patterns = person(), site(), terror()
    text = spaced(text)
    at = (n for n in range(len(text)) if any(pattern.match(text, n) for pattern in patterns))
    return {len(text[:n].encode()) for n in at}


PIECES = [
    *(f"{word}{sep}76 12" for word in words("phone") for sep in (" ", ". ", " : ", "°", " N", " (+")),
    *(f"{word.upper()}: +223" for word in words("phone")),
    *(f"{word}{sep}Sow" for word in words("honorifics") for sep in (" ", ". ", "\u00a0", ".\u00a0")),
    *(f"{word}. Sow" for word in words("honorifics_dotted")),
    *(f"{word}{sep}Sow" for word in words("offices") for sep in (" ", ", ", "\u00a0", ",\u00a0 ")),
    *(f"{word.capitalize()} Sow" for word in [*words("offices"), *words("offices_of_two_names")]),
    *(f"{word}{sep}Sow" for word in words("contact") for sep in (": ", " : ", " – ", "—", "\u00a0: ", "  - Mme ")),
    *(f"{word.upper()}: Sow" for word in words("contact")),
    *words("honorifics_ar"),
    *(
        word
        for name in ("terror", "jihad", "radical", "terror_ar", "terror_people_ar")
        for word in lists("labels")[name]
    ),
    *("extrémiste", "Islamo-fasciste", "إرهاب", "الإرهابيين"),
    *(f"{word}: أحمد محمد" for word in words("contact_ar")),
    *(
        "14.495 N, 4.197 W",
        "N14.495 W4.197",
        "n 14.49 w 4.19",
        "12.5 nord, 4.12 ouest",
        "-4.197, 14.495",
        "lat nord 14,49",
        "LON est 4,19",
        "long (deg)\n-4.19",
        "12d3",
        "1429N 0411W",
        "14.49 de Nord x 4.19 W",
        "−4.197",
        "GPS: 14.50, -4.20",
    ),
    *(
        "coordonnées : 14,50",
        "coordinates (14.50, 4.20)",
        "latitude 14.49",
        "Lat. : 14,49",
        "long=-4.19",
        "خط العرض ١٤٫٤٩",
        "٤٫١٩٦٧",
        "٤.١٩٦٧",
    ),
    *(
        "الإحداثيات: ١٤٫٥٠",
        "14 deg 29",
        "14d29m43s",
        "14 d 29",
        "١٤ درجة",
        "14º29",
        "14˚29",
        "14\u00a0°",
        "29P 604123 1602345",
        "UTM 29 604 123 1 602 345",
    ),
    *(
        "fuseau 29 604123 1602345",
        "zone 29: 604123 1602345",
        "المنطقة ٢٩ ٦٠٤١٢٣ ١٦٠٢٣٤٥",
        "604123mE, 1602345 mN",
        "29PPR 04123",
        "29P PR0412302345",
        "MGRS 29",
        "GPM9+7Q",
    ),
    *(
        "6fg22222+22",
        "geohash ed1x2",
        "google.com/maps?q",
        "maps.app.goo",
        "waze.com/ul",
        "w3w.co/a",
        "what3words",
        "plus.codes/",
        "osm.org/go",
        "openstreetmap",
    ),
    *(
        "///a.b.c",
        "geo:14.1,4.2",
        "POINT(4.1 5.2)",
        "point z (4",
        "wego.here.com",
        "earth.google",
        "mapcarta",
        "wikimapia",
        "ge0.me",
        "00223 76 12 34 56",
    ),
    *(
        "a(a)b.org",
        "a arobase b",
        " dot org",
        "[point] org",
        "(arobase)",
        "\u200b",
        "\u0301",
        "\u00ad",
        "＠",
        "ـ",
        "\u202f",
        "\u061c",
    ),
    *("a@b.org", "a [at] b", "(AT)", "+٧", "12° 30", "12 °", "12\u00a0°", "12°\u00a05", "14.49531", "4,1967"),
]


@pytest.mark.parametrize("piece", PIECES)
def test_every_beginning_is_found_with_small_letters_and_capitals(piece: str) -> None:
    assert expected(piece) | expected(piece.upper()) | expected(f"é{piece}")
    for text in (piece, piece.upper(), f"é{piece}", f"x {piece} y"):
        assert expected(text) <= places(text)


@settings(deadline=None, max_examples=400)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=20)), max_size=6).map("".join))
def test_no_place_of_a_trigger_is_missed(text: str) -> None:
    assert expected(text) <= places(text)


def test_ordinary_words_are_no_beginnings() -> None:
    assert not places("The programme supports health workers in 12 regions with 3,500 kits; it ends in 2024. " * 20)


@pytest.mark.parametrize("is_one_group", [False, True])
def test_sequences_do_not_mix(is_one_group: bool) -> None:
    ab, cd = (tuple(frozenset((byte,)) for byte in word) for word in (b"ab", b"cd"))
    groups = [[ab, cd]] if is_one_group else [[ab], [cd]]
    assert Finder.of(groups).find(np.frombuffer(b"ad cb ab cd a", np.uint8)).tolist() == [6, 9]


@pytest.mark.parametrize("rest", ["14°29'43\" N, 4°11'48\" W", "1 250 000 000 FCFA", "Mme Awa Diallo"])
@pytest.mark.parametrize("count", [1, 150, 390, 700, 2000])
def test_a_number_that_goes_on_for_long_is_not_cut(rest: str, count: int) -> None:
    text = "Tél : 76 12 34 56" + " " * count + rest
    found = screen_texts(pa.array([text]))
    assert (found.texts, found.traces) == ([screen_text(text)[0]], [screen_text(text)[1]])
    assert MASK in found.texts[0]


def test_a_slice_of_a_column_is_screened_as_a_column() -> None:
    column = pa.array(["Mme Awa Diallo", "no one", None, "Dr Fatou Sow", "", "le 5 mai"])
    found = screen_texts(column.slice(1, 4))
    assert (found.rows.tolist(), found.texts) == ([2], [f"Dr {MASK}"])
    assert not len(screen_texts(pa.array(["", None, ""])).rows)
