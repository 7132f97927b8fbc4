"""What readers find in a column is what is found in each text alone, in whatever way it is written.

A column is looked at as bytes first, with expressions that must match wherever a detector finds something. So every
part that the detectors know is written here with every blank, sign, order and script, and the two are compared.
"""

import random
from collections.abc import Callable, Iterator
from itertools import product

import pyarrow as pa
import pytest

from concerted.records.screening.lists import lists
from concerted.records.screening.texts import screen_text, screen_texts

_SITES, _WORDS = lists("sites"), lists("words")
_BLANKS = (" ", "\u00a0", "  ", "\t", "\n", "\u3000", "\u202f", "\u2009", "\x85", "\x1f", "\r\n")
_NAMES = ("Awa Diallo", "Sow", "AWA DIALLO", "Élodie Sow", "LY Boubacar")
_BETWEEN = (" ", ", ", ",", ";", "/", " et ", " x ", " و ", "\u00a0", "\n", "\t", " par ", "|", " & ", " - ")


def _joined(*parts: tuple[str, ...]) -> Iterator[str]:
    yield from map("".join, product(*parts))


def _cases(word: str) -> tuple[str, ...]:
    """A word as people write it."""
    return (word, word.upper(), word.capitalize(), word.title(), word.replace(" ", "\u00a0"), word.replace("-", " "))


def _axes() -> Iterator[str]:
    behind = (
        "",
        *_BLANKS,
        ":",
        " : ",
        ". ",
        " = ",
        "(",
        ":\u00a0",
        ' "',
        "'",
        "°",
        "‘",
        " (deg) : ",
        " (wgs 84) ",
        "`",
    )
    ways = ("", "N ", "n ", "N: ", "nord ", "Nord : ", "شمال ", "شمالا ", "ouest\u00a0", "W", "o ", "east ")
    numbers = ("14,49", "4.197", "-4.19", "- 4.19", "–4.19", "−4.197", "١٤٫٤٩", "١٤،٤٩", "14.495°")
    for word in _SITES["axis"]:
        yield from _joined(
            tuple(dict.fromkeys((word, word.upper(), word.replace(" ", "\u00a0")))), behind, ways, numbers
        )


def _angles() -> Iterator[str]:
    degrees = (
        "°",
        " °",
        "\u00a0°",
        "º",
        "˚",
        "deg",
        " deg.",
        "degrés ",
        " DEGRES ",
        " degre ",
        " dégre ",
        " درجة ",
        "d",
        "d ",
        "D",
        " d ",
        "\t°",
        "\n°",
    )
    minutes = (
        "29'43\"",
        "29 min N",
        "29,5' nord",
        "29 N",
        "29m43sN",
        "29'43''N",
        "29′43″",
        "29’ N",
        "29.123 W",
        "٢٩ دقيقة شمال",
    )
    yield from _joined(("14", "4", "١٤"), degrees, ("", " ", ",", " et ", "\u00a0", "\n"), minutes)


def _pairs() -> Iterator[str]:
    """Two decimals, with what says which way behind, before, or nowhere."""
    north = (
        "N",
        "n",
        " N",
        "°N",
        "° nord",
        " nord",
        " de latitude nord",
        " de Nord",
        "\u00a0N",
        "شمال",
        " ° N",
        "\tN",
        "\nN",
        "northern",
    )
    west = ("W", "o", " W", "°O", "° ouest", " Ouest", " de longitude ouest", "\u00a0W", "غرب", "° E", " east")
    yield from _joined(("14.49", "14,495", "١٤٫٤٩", "14٫49"), north, _BETWEEN, ("4.19", "4,197"), west)
    blanks, numbers = ("", " ", "\u00a0", "-", "\n", " – ", "−"), ("14.49", "14,495", "١٤٫٤٩")
    for sign in blanks:
        yield from _joined(("N", "n", "S"), (sign,), numbers, _BETWEEN, ("W", "E", "o"), (sign,), ("4.19", "04.197"))
    yield from _joined(
        ("14.4953", "14,4953", "-14.49531", "١٤.٤٩٥٣", "١٤،٤٩٥٣"), _BETWEEN, ("4.1971", "-4,19711", "4.1971°")
    )
    yield from _joined(
        ("-14.495", "−14.495", "-١٤٫٤٩٥", "14,495"), (",", ";", " ", "/ "), ("4.197", "-4,197", "-٤٫١٩٧")
    )
    for word in _SITES["announced"]:
        signs = (" ", ": ", " : ", "\u00a0: ", " du site : ", "\t", "(", "")
        yield from _joined(_cases(word), signs, ("14.49", "14,49"), _BETWEEN[:6], ("4.19", "-4.19 W"))


def _grids() -> Iterator[str]:
    zones = (
        "29P",
        "29 P",
        "29\u00a0P",
        "9n",
        "UTM 29",
        "zone 29N",
        "Fuseau : 30",
        "zone du Liptako 29",
        "منطقة ٢٩",
        "المنطقة 29",
    )
    east = ("604123", "604 123", "604\u00a0123", "E 604123", "x=604123", "604123 mE", "604123.5", "٦٠٤١٢٣", "٦٠٤ ١٢٣")
    north = ("1602345", "1 602 345", "1602345mN", "١٦٠٢٣٤٥")
    yield from _joined(
        zones,
        (" ", ", ", ": ", "\u00a0", "\n", "\t"),
        east,
        (" ", ", ", "\n", " N ", " y: ", "\u00a0", " nord : "),
        north,
    )
    yield from (
        "x = 604123, y = 1602345",
        "X:604123 - Y:602345",
        "x=604123|y=1602345",
        "easting 604123 northing 1602345",
    )
    yield from ("604123 E 1602345 N", "604123mE/1602345mN", "604123 m E 1602345 m N", "1429N 0411W", "1429n٠٤١١w")
    yield from (
        "14 29 43 N, 4 11 48 W",
        "14:29:43N 4:11:48W",
        "14-29 N 4-11 W",
        "142943N 0041148W",
        "142943.5 N/0041148.2 W",
    )
    yield from _joined(
        ("29P", "29 P", "٢٩P"),
        ("PR", " PR", "\u00a0PR"),
        ("", " ", "\t"),
        ("0412302345", "04123 02345", "041 023", "٠٤١٠٢٣"),
    )
    yield from ("MGRS 29 P PR 04 02", "mgrs:\t30Q AB 12 12", "6FG2F8X2+22", "F8X2+2F", "6fg2f8x2+2fg", "geohash ef9k2x")
    yield from (
        "Geo-hash : ef9k2",
        "geohashes is ef9k2x",
        "geo:14.49,-4.19",
        "///table.chaise.lampe",
        "POINT(4.19 14.49)",
    )
    yield from _joined(("Point", "point\u00a0", "point\t", "point Z", "point\nz "), ("(", "\u00a0("), ("4.19 14.49)",))
    yield from _joined(("", "https://", "www."), tuple(_SITES["map_links"]), ("", "/abc", "?q=1,2", ")"))


def _names() -> Iterator[str]:
    titles = (*_WORDS["honorifics"], *_WORDS["honorifics_dotted"])
    yield from _joined(titles, ("", "."), _BLANKS, _NAMES)
    for word in (*_WORDS["offices"], *_WORDS["offices_of_two_names"]):
        yield from _joined(_cases(word), (" ", ", ", ",\u00a0", "\t", " : ", "\n"), _NAMES)
    for word in _WORDS["contact"]:
        yield from _joined(
            _cases(word), (": ", " : ", "\u00a0: ", " – ", ":", "\t: ", " - Mme ", ":\n", "\u00a0— Dr. "), _NAMES
        )
    yield from _joined(tuple(_WORDS["contact_ar"]), (": ", " : ", "\u00a0: ", ":", "\t:"), ("أحمد محمد", "Awa Diallo"))
    for word in _WORDS["honorifics_ar"]:
        yield from _joined(
            (word, f"ال{word}", f"و{word}", word.replace("ة", "ه")), _BLANKS, ("أحمد محمد", "Awa Diallo")
        )


def _contacts() -> Iterator[str]:
    """Telephone numbers and addresses."""
    numbers = (
        "76 12 34 56",
        "+223 76123456",
        "76.12.34.56",
        "76-12-34-56",
        "٧٦ ١٢ ٣٤ ٥٦",
        "(223) 76 12 34 56",
        "76\u00a012\u00a034\u00a056",
        "76\t12\t34\t56",
    )
    for word in _WORDS["phone"]:
        behind = ("", " ", ". ", " : ", "\u00a0: ", "° ", "\t", "\n", "(", ":\n", " n° ", " no ", " mobile : ")
        yield from _joined(_cases(word), behind, numbers)
    yield from _joined(
        ("+", "00", "(+", "+\u00a0", "00 ", "00.", "(00", "٠٠"), ("223 76 12 34 56", "22376123456", "٢٢٣ ٧٦ ١٢ ٣٤ ٥٦")
    )
    signs = (
        "@",
        " @ ",
        "[at]",
        "(at)",
        " [at] ",
        " (a) ",
        "(a)",
        "{at}",
        " arobase ",
        "(arobase)",
        "[à]",
        " at ",
        "\u00a0(at)\u00a0",
        "＠",
    )
    dots = (".", "[dot]", " (dot) ", " dot ", " point ", "\u00a0dot\u00a0", "[point]", "[.]")
    yield from _joined(("awa.d", "awa"), signs, ("mail", "ong-mali"), dots, ("org", "gov.ml", "gov dot ml"))


def _labels() -> Iterator[str]:
    listed = lists("labels")
    groups, words = listed["religions"][::2] + listed["peoples"][::3], listed["terror"] + listed["jihad"][:4]
    words, groups = ([word.rstrip("*") for word in some] for some in (words, groups))
    yield from _joined(tuple(words), (*_BLANKS, "-", " of the ", " des ", " « "), tuple(groups))
    yield from _joined(tuple(groups), (*_BLANKS, "-", " are ", " sont des "), tuple(words))
    yield from _joined(tuple(listed["terror_ar"]), _BLANKS, tuple(listed["religions_ar"][:8]))


def differing(texts: list[str]) -> list[str]:
    """The texts of which a column says something else than each one alone."""
    screened = screen_texts(pa.array(texts, pa.string()))
    found = {
        row: (text, traces)
        for row, text, traces in zip(screened.rows.tolist(), screened.texts, screened.traces, strict=True)
    }
    return [text for row, text in enumerate(texts) if screen_text(text) != found.get(row, (text, ()))]


_ALL = [_axes, _angles, _pairs, _grids, _names, _contacts, _labels]


@pytest.mark.parametrize("written", _ALL)
def test_a_sample_in_a_column_and_alone(written: Callable[[], Iterator[str]]) -> None:
    texts = list(dict.fromkeys(written()))
    some = random.Random(1).sample(texts, 400)  # noqa: S311 (the same texts each time)
    assert sum(screen_text(text)[0] != text for text in some) > 100
    assert not differing(some + [f"Le site, {text} au Mali." for text in some])


@pytest.mark.slow
@pytest.mark.parametrize("written", _ALL)
def test_everything_in_a_column_and_alone(written: Callable[[], Iterator[str]]) -> None:
    texts = list(dict.fromkeys(written()))
    assert not differing(texts)
    assert not differing([f"Le site, {text} au Mali." for text in texts])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_parts_in_any_order_in_a_column_and_alone(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 (the same texts each time)
    texts = [text for written in _ALL for text in draw.sample(list(written()), 200)]
    assert not differing([draw.choice(("", " ", "\n")).join(draw.sample(texts, 3)) for _ in range(10_000)])
