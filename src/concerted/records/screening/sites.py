"""Exact places: coordinates in every notation that is in use, codes that stand for them, and links to maps.

Place on the way: a detector of `screen`. A plain text enters; findings leave. What counts is that the place is told to
about a kilometre or better: `14°N 4°W` or `14.5, -4.2` without a word that announces coordinates stay.

What is not found: numbers told apart in columns of a sheet (its headers are screened as texts), a point described in
words (`the last house before the ford`), and grids of single countries.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from concerted.records.screening.kinds import Finding
from concerted.records.screening.letters import Plain
from concerted.records.screening.lists import any_of, lists

_HAS = re.compile(r"\d")
_SIGN = r"(?:[-+–] ?)?"
#: Between two coordinates.
BETWEEN = r"\s{0,2}(?:[,;/|&]|et|and|x|و|par|by)?\s{0,2}"
_JOIN = re.compile(r"[\s,;/|&-]{0,3}(?:(?:et|and|و)\s?)?")


def find_sites(plain: Plain, with_asks: bool) -> list[Finding]:
    """Where a text tells an exact place; both coordinates of a point as one."""
    joined: list[Finding] = []
    for found in sorted(_parts(plain, with_asks)):
        last = joined[-1] if joined else None
        if last and (found.start <= last.end or _JOIN.fullmatch(plain.text, last.end, found.start)):
            grave = min(last, found, key=lambda one: one.severity != "refuse")
            joined[-1] = replace(grave, start=last.start, end=max(last.end, found.end))
        else:
            joined.append(found)
    return joined


def _parts(plain: Plain, with_asks: bool) -> Iterator[Finding]:
    if _LINKED.search(plain.folded):
        for match in _links().finditer(plain.folded):
            yield _finding(match)
    if not _HAS.search(plain.folded) and "+" not in plain.text:
        return
    for needed, pattern in _on_folded():
        for match in pattern.finditer(plain.folded) if needed.search(plain.folded) else ():
            if _is_on_earth(match):
                yield _finding(match)
    for pattern in _CODES:
        for match in pattern.finditer(plain.text):
            yield _finding(match)
    if with_asks:
        for match in _CODE_TO_ASK.finditer(plain.text):
            yield Finding(*match.span(), "site", "ask", "screen_site_ask")
        for match in _TO_ASK.finditer(plain.folded):
            if _is_on_earth(match):
                yield Finding(*match.span(), "site", "ask", "screen_site_ask")


def _finding(match: re.Match[str]) -> Finding:
    return Finding(*match.span(), "site", "refuse", "screen_site")


def _is_on_earth(match: re.Match[str]) -> bool:
    """Whether the numbers of `lat` and `lon`, where the pattern names them, can be degrees and minutes."""
    degrees = [float(group.replace(",", ".")) for key, group in match.groupdict().items() if group and key[0] in "de"]
    minutes = [float(group.replace(",", ".")) for key, group in match.groupdict().items() if group and key[0] == "m"]
    if any(minute >= 60 for minute in minutes) or any(degree > 180 for degree in degrees):
        return False
    # Two numbers below one are shares and scores; as coordinates they are in the Gulf of Guinea.
    return not degrees or (min(degrees) <= 90 and (match[0].count(".") + match[0].count(",") < 2 or max(degrees) >= 1))


_LINKED = re.compile(
    r"maps|map\.org|osm\.org|earth\.google|waze|w3w|what3words|plus\.codes|here\.com|mapcarta|wikimapia|ge0\.me|omaps|///|geo:"
)
_WAY_LETTER = r"(?:[nsewo](?![^\W\d_]))"


@cache
def _links() -> re.Pattern[str]:
    hosts = any_of(lists("sites")["map_links"])
    return re.compile(
        rf"(?:https?://)?(?:www\.)?(?:{hosts})[^\s<>\"]*"
        r"|(?<!\w)geo:-?\d{1,2}\.\d+,-?\d{1,3}\.\d+[^\s<>\"]*"
        r"|(?<![\w:/])///[^\W\d_]+\.[^\W\d_]+\.[^\W\d_]+"
    )


@cache
def _on_folded() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """Patterns over lower case without accents, each behind a quick one for what it cannot be without.

    Groups `d..` are degrees, `m..` minutes; names tell them apart only."""
    listed = lists("sites")
    ways = rf"(?:{any_of(listed['ways'])})(?:ا|ern)?(?![^\W\d_])"
    one_way = rf"(?:{_WAY_LETTER}|{ways})"
    way = rf"(?:\s?(?:de\s)?{one_way}|\s(?:de\s)?(?:lat(?:itude)?|long?(?:itude)?)\.?\s{one_way})"
    before = rf"(?:(?<![^\W\d_])(?:[nsewo]|{ways})\s?:?\s?)"
    axis = rf"(?<![^\W\d_])و?(?:{any_of(listed['axis'])})(?![^\W\d_])(?:\s?\([^)\n]{{1,12}}\))?[\s:=°.\"']{{0,5}}"
    degree = rf"\s?(?:°|(?:{any_of(listed['degrees'])})(?![^\W\d_])\.?|d(?=\s?\d))"
    minute = rf"(?:'(?!')|(?:{any_of(listed['minutes'])})(?![^\W\d_])\.?|m(?=[\s\dnsewo])|د(?![^\W\d_]))"
    a_second = r"s(?![^\W\d_nsewo])|s(?=[nsewo](?![^\W\d_]))|ث(?![^\W\d_])"
    second = rf"(?:\"|''|(?:{any_of(listed['seconds'])})(?![^\W\d_])\.?|{a_second})"
    joined = r"\s?,?\s?(?:و\s?|et\s|and\s)?"

    def angle(n: int, with_seconds: bool) -> str:
        """Degrees and minutes, with seconds or without."""
        more = rf"{joined}(?P<m{n}b>\d{{1,2}})(?:[.,]\d+)?\s?{second}?" if with_seconds else ""
        return (
            rf"{_SIGN}(?P<d{n}>(?<![\d.,])\d{{1,3}}){degree}{joined}(?P<m{n}>\d{{1,2}})"
            rf"(?:(?:[.,]\d+)?\s?{minute}|[.,]\d{{2,}}(?!\d)){more}"
        )

    def spaced(n: int) -> str:
        """`14 29 43` and `14:29:43`, where a letter says which way."""
        return rf"(?P<d{n}>\d{{1,3}})[: -](?P<m{n}>\d{{2}})(?:[: -](?P<m{n}b>\d{{2}}))?(?:[.,]\d+)?\s?"

    def decimal(n: int, places: str) -> str:
        return rf"{_SIGN}(?P<d{n}>(?<![\d.,])\d{{1,3}})[.,]\d{{{places}}}(?![\d%])"

    after = rf"\s?°?{way}?"
    unit = rf"\s?°?(?:\s?(?:de\s)?(?:{_WAY_LETTER}|{ways}))"
    announced = rf"(?:(?<![^\W\d_])(?:{any_of(listed['announced'])})(?![^\W\d_])[^\d\n]{{0,25}}?)"
    angles = r"\d\s?(?:°|deg|d\s?\d|درج)"
    lettered = r"[.,]\d+\s?°?\s?(?:de\s)?[nsewoشجغ]"
    patterns = (
        # Decimal degrees of 11 m or less; of 110 m where a sign or a letter says that they are degrees.
        (r"[.,]\d{4}", rf"{before}?{decimal(0, '4,')}{after}{BETWEEN}{before}?(?:{axis})?{decimal(1, '4,')}{after}"),
        (lettered, rf"{before}?{decimal(0, '2,')}{unit}{BETWEEN}{before}?(?:{axis})?{decimal(1, '2,')}{unit}"),
        (
            r"[ns]\s?[-+–]?\s?\d\d?[.,]\d",
            rf"(?<![^\W\d_])[ns]\s?{decimal(0, '2,')}\s?°?{BETWEEN}(?<![^\W\d_])[ewo]\s?{decimal(1, '2,')}",
        ),
        ("°", rf"{decimal(0, '2,')}\s?°{BETWEEN}{decimal(1, '2,')}\s?°"),
        # Three places are thousands too, so that a sign is needed, and something between that is no range.
        (
            r"-\d{1,3}\.\d{3}",
            r"(?<![\d.,])(?P<d0>\d{1,3})\.\d{3,}\s?[,;/| ]\s?-(?P<d1>\d{1,3})\.\d{3,}(?![\d%])"
            r"|(?<![\d.,])-(?P<d2>\d{1,3})\.\d{3,}\s?[,;/| ]\s?(?P<d3>\d{1,3})\.\d{3,}(?![\d%])",
        ),
        (
            r"-\d{1,3},\d{3}",
            r"(?<![\d.,])(?P<d0>\d{1,3}),\d{3,}\s?[;/|]\s?-(?P<d1>\d{1,3}),\d{3,}(?![\d%])"
            r"|(?<![\d.,])-(?P<d2>\d{1,3}),\d{3,}\s?[;/|]\s?(?P<d3>\d{1,3}),\d{3,}(?![\d%])",
        ),
        (r"[.,]\d{2}", rf"{announced}{decimal(0, '2,')}{after}{BETWEEN}{before}?{decimal(1, '2,')}{after}"),
        (r"lat|long|lon|lng|خط", rf"{axis}{before}?{decimal(0, '2,')}{after}"),
        (r"point\s?z?\s?\(", r"point\s?z?\s?\(\s?-?\d{1,3}\.\d{2,}\s+-?\d{1,3}\.\d{2,}[^)\n]{0,20}\)?"),
        # Degrees, minutes and seconds.
        (angles, rf"(?:{axis})?{before}?{angle(0, True)}(?:{way})?"),
        (angles, rf"(?:{axis})?{before}?{angle(0, False)}{way}"),
        (angles, rf"{before}{angle(0, False)}"),
        (angles, rf"{angle(0, False)}{BETWEEN}{angle(1, False)}"),
        (
            r"\d\s?[ns](?![^\W\d_])",
            rf"(?<![\d.,:])(?<!\d )(?<!\d-){spaced(0)}[ns](?![^\W\d_])\s?[,;/]?\s?{spaced(1)}[ewo](?![^\W\d_])",
        ),
        (r"\d\s?[ns]", r"(?<![\d.,])\d{6}(?:\.\d+)?\s?[ns]\s?[,/]?\s?0?\d{6}(?:\.\d+)?\s?[ewo](?![^\W\d_])"),
        (r"\d[ns]", r"(?<![\d.,])\d{4}[ns]\s?0?\d{4}[ewo](?![^\W_])"),
        # The UTM grid: a zone and two numbers of metres, or two that say which is which.
        (r"\d\s?[c-x][\s,:]", rf"(?<![^\W_])(?:[1-9]|[1-5]\d|60)\s?[c-hj-np-x]{_METRES}"),
        ("|".join(listed["zones"]), rf"(?<![^\W\d_])(?:{any_of(listed['zones'])})(?![^\W_])[^\n]{{0,25}}?{_METRES}"),
        (r"x\s?[:=]", r"(?<![^\W\d_])x\s?[:=]\s?\d{6,7}[^\d\n]{1,10}y\s?[:=]\s?\d{6,8}"),
        (r"\d{6}\s?m?\s?e", r"(?<!\d)\d{6,7}\s?m?\s?e[\s,;/]{1,3}\d{6,8}\s?m?\s?n(?![^\W\d_])"),
        ("easting", r"easting\s?[:=]?\s?\d{6,7}[\s,;/]{1,3}northing\s?[:=]?\s?\d{6,8}"),
        # A cell of the geohash grid, where it is called so.
        (
            "geo-?hash",
            r"geo-?hash\w{0,2}\s?(?:is|est|هو)?\s?[:=(]?\s?(?=[a-z]*\d)[0-9b-hjkmnp-z]{5,12}(?![^\W_])",
        ),
    )
    return tuple((re.compile(needed), re.compile(pattern)) for needed, pattern in patterns)


_METRES = (
    r"[\s,:=]{0,3}(?:(?:e|x|est|east|easting|شرقا?)[\s:=]{1,3})?(?<![\d.,])\d{3} ?\d{3,4}(?:[.,]\d+)?"
    r"\s?(?:m\s?)?(?:e(?:st)?|شرقا?)?"
    r"[\s,;/]{1,3}(?:(?:n|y|nord|north|northing|شمالا?)[\s:=]{1,3})?(?<![\d.,])\d{1,2} ?\d{3} ?\d{3}(?:[.,]\d+)?(?!\d)"
    r"(?:\s?m)?(?:\s?(?:[ns](?![^\W\d_])|nord|شمالا?))?"
)
_PLUS = "23456789CFGHJMPQRVWX"
#: Codes of one word, in capitals: cells of the military grid, Open Location Codes full and short.
_CODES = (
    re.compile(
        r"(?<![\w-])(?:0?[1-9]|[1-5]\d|60) ?[C-HJ-NP-X] ?[A-HJ-NP-Z][A-HJ-NP-V] ?"
        r"(?:\d{5} \d{5}|\d{4} \d{4}|\d{3} \d{3}|\d{10}|\d{8}|\d{6})(?![\w-])"
    ),
    re.compile(r"(?i:mgrs)[^\n]{0,15}?(?<![\w-])\d{1,2} ?[C-HJ-NP-X] ?[A-HJ-NP-Z][A-HJ-NP-V] ?\d{2} ?\d{2}(?!\w)"),
    re.compile(rf"(?<![\w+])(?i:[{_PLUS}]{{8}}\+[{_PLUS}]{{2,7}})(?![\w+])"),
    re.compile(rf"(?<![\w+])(?=[A-Z+]*\d)(?=[\d+]*[A-Z])[{_PLUS}]{{4}}(?:[{_PLUS}]{{2}})?\+[{_PLUS}]{{2,3}}(?![\w+])"),
)
#: Without a digit it may be an acronym and another.
_CODE_TO_ASK = re.compile(r"(?<![\w+])[CFGHJMPQRVWX]{4}\+[CFGHJMPQRVWX]{2}(?![\w+])")
#: A cell that is one number with so many places is no amount; and a pair of two or three places may be coordinates.
_TO_ASK = re.compile(
    r"^\s*-?(?P<d0>\d{1,3})[.,]\d{4,}\s*$"
    r"|(?<![\d.,])-?(?P<d1>\d{1,2})\.\d{2,3}\s?,\s?-(?P<d2>\d{1,2})\.\d{2,3}(?![\d.,%])"
)
