"""Free text without traces of persons, exact sites and labels on peoples.

Place on the way: step 2, at the door. Texts enter; the same texts with the refused spans replaced leave, and what was
found where. A refused span is kept nowhere (design, law 10).

What is not found: names without a word that says so (`Awa Diallo said`), and what is written to escape a pattern.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from concerted.model.issues import Severity
from concerted.records.screening.beginnings import finder
from concerted.records.screening.patterns import (
    Trace,
    arabic_stems,
    group_stems,
    name_ends,
    no_names,
    patterns,
    triggers,
)

MASK = "[…]"
#: The issue that tells of each sort of trace, and how grave it is.
_CODES: dict[Trace, str] = {"label": "label_refused"}
_CODE = "text_masked"
_OF_ADDRESSES: tuple[Trace, ...] = ("email",)
#: What a text has where a trace can be: quicker to look for than the trace.
_NEEDED: dict[Trace, re.Pattern[str]] = {
    "email": re.compile(r"@|at[\])]"),
    "phone": re.compile(r"\d[\d ().\-]{5}"),
    "site": re.compile(r"\d ?°|\d[.,]\d{4}"),
    "name": re.compile(r"[^\W\d_]"),
    "label": re.compile(r" |-"),
}
#: Characters; no trace and no lead to one is longer than half of it.
_WINDOW = 400
SEVERITIES: dict[str, Severity] = {_CODE: "info", "label_refused": "warning"}
_GAPS = re.compile("[ \u00a0-]+")
#: What may stand in a number, or between a name and its lead, as often as one likes.
_RUN = re.compile(r"[\d \u00a0().\-]+")
_WORD = re.compile(r"[\w'’-]+")
#: The word behind a name, which may say what is called by it: `Denis Mukwege Foundation`.
_BEHIND = re.compile(r"\s(?:(?:for|pour)\s)?([\w'’-]+)")


@dataclass(frozen=True)
class Screened:
    """Texts of which some were changed: their rows, what they say now, and what was found in each."""

    rows: npt.NDArray[np.int64]
    texts: list[str]
    traces: list[tuple[Trace, ...]]


def screen_texts(texts: pa.StringArray) -> Screened:
    """Screen a column. Null stays null; each different text is looked at once, nearly all of them as bytes alone."""
    encoded = texts.dictionary_encode()
    of_persons, of_labels = _suspects(encoded.dictionary)
    changed: dict[int, tuple[str, tuple[Trace, ...]]] = {}
    for number, places in of_persons.items():
        text = encoded.dictionary[number].as_py()
        cleaned, found = _screen_stretches(text, _stretches(text, places), triggers()[0].traces)
        if found:
            changed[number] = (cleaned, found)
    for number in of_labels:
        text, before = changed.get(number) or (encoded.dictionary[number].as_py(), ())
        places = [match.start() for match in _labels()[0].finditer(text)]
        cleaned, found = _screen_stretches(text, _stretches(text, places), triggers()[1].traces)
        if found:
            changed[number] = (cleaned, (*before, *found))
    if not changed:
        return Screened(np.zeros(0, np.int64), [], [])
    numbers = encoded.indices.fill_null(-1).to_numpy()
    is_changed = np.zeros(len(encoded.dictionary) + 1, bool)  # one more for null, which is -1
    is_changed[list(changed)] = True
    rows = np.flatnonzero(is_changed[numbers])
    of_rows = [changed[number] for number in numbers[rows].tolist()]
    return Screened(rows, [text for text, _ in of_rows], [found for _, found in of_rows])


def screen_addresses(addresses: pa.StringArray) -> Screened:
    """Screen the addresses of pages for e-mail addresses; their long numbers are no telephone numbers."""
    candidates = np.flatnonzero(np.asarray(pc.match_substring(addresses, "@").fill_null(False)))
    found = [(row, screen(addresses[row].as_py(), _OF_ADDRESSES)) for row in candidates.tolist()]
    found = [(row, screened) for row, screened in found if screened[1]]
    rows, texts = [row for row, _ in found], [text for _, (text, _) in found]
    return Screened(np.array(rows, np.int64), texts, [traces for _, (_, traces) in found])


def screen(text: str, only: Collection[Trace] | None = None) -> tuple[str, tuple[Trace, ...]]:
    """`text` with what is refused replaced, and what it was, each sort once.

    Args:
        text: free text.
        only: sorts of traces to look for; all by default. Of an address only "email" makes sense.
    """
    found: list[Trace] = []
    for trace, pattern in patterns().items():
        if (only is None or trace in only) and _NEEDED[trace].search(text):
            cleaned = pattern.sub(_REPLACED.get(trace, MASK), text)
            if cleaned != text:
                text = cleaned
                found.append(trace)
    return text, tuple(found)


def _suspects(texts: pa.StringArray) -> tuple[dict[int, list[int]], list[int]]:
    """In which texts a trigger matches, ascending: those of persons and sites with its places, and those of labels."""
    _, offsets, values = texts.buffers()
    if values is None:
        return {}, []
    bounds = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    places = int(bounds[0]) + finder().find(np.frombuffer(values, np.uint8)[bounds[0] : bounds[-1]])
    numbers = np.searchsorted(bounds, places, side="right") - 1
    starts, stops = bounds[numbers], bounds[numbers + 1]
    trace, (label, labels, groups) = _trace(), _labels()
    data = memoryview(values)
    of_persons, of_labels = dict[int, list[int]](), dict[int, None]()
    for number, place, start, stop in zip(
        numbers.tolist(), places.tolist(), starts.tolist(), stops.tolist(), strict=True
    ):
        ahead = str(data[place : min(place + _WINDOW, stop)], "utf-8", "ignore")
        if trace.match(ahead):
            of_persons.setdefault(number, []).append(len(str(data[start:place], "utf-8")))
        if number not in of_labels and label.match(ahead):
            before = str(data[max(start, place - _WINDOW) : place], "utf-8", "ignore")
            # At most one word stands between the two: two on either side are quicker to look through than all.
            near = " ".join([*_GAPS.split(before)[-3:], *_GAPS.split(ahead)[:4]]).lower()
            if any(group in near for group in groups) and labels.search(before + ahead):
                of_labels[number] = None
    return of_persons, list(of_labels)


@cache
def _trace() -> re.Pattern[str]:
    return re.compile(triggers()[0].stages[-1])


@cache
def _labels() -> tuple[re.Pattern[str], re.Pattern[str], list[str]]:
    """How a word for terrorism begins, the whole trigger, and what stands beside such a word, in lower case."""
    first, last = triggers()[1].stages
    return re.compile(first), re.compile(last), [*group_stems(), *arabic_stems()]


def _stretches(text: str, places: Sequence[int]) -> list[tuple[int, int]]:
    """Where something may be around these places, with enough around for the exact patterns, which are slow."""
    found: list[tuple[int, int]] = []
    for place in places:
        # A whole word begins, because its end may look like another one: `the cMr`.
        start = text.rfind(" ", 0, max(0, place - _WINDOW // 2)) + 1
        stop = place + _WINDOW
        if run := _RUN.match(text, stop):  # of any length: what it belongs to is not cut
            stop = run.end() + _WINDOW // 2
        stop = min(len(text), stop)
        if found and start <= found[-1][1]:
            start, stop = found[-1][0], max(stop, found.pop()[1])
        found.append((start, stop))
    return found


def _screen_stretches(
    text: str, stretches: Sequence[tuple[int, int]], only: Collection[Trace]
) -> tuple[str, tuple[Trace, ...]]:
    pieces, found, last = list[str](), dict[Trace, None](), 0
    for start, stop in stretches:
        cleaned, traces = screen(text[start:stop], only)
        pieces += (text[last:start], cleaned)
        found |= dict.fromkeys(traces)
        last = stop
    return "".join((*pieces, text[last:])), tuple(trace for trace in patterns() if trace in found)


def codes_of(traces: Collection[Trace]) -> list[str]:
    """The issues that tell of these traces, each once."""
    return list(dict.fromkeys(_CODES.get(trace, _CODE) for trace in traces))


def _without_name(match: re.Match[str]) -> str:
    """The lead stays, the name goes; an office, place or organisation stays as it is."""
    name, begin = match[str(match.lastgroup)], match.start(str(match.lastgroup))
    words = list(_WORD.finditer(name))
    end = next((word.start() for word in words if word[0].lower() in name_ends()), len(name))
    following = _BEHIND.match(match.string, match.end())
    near = [*(word[0] for word in words if word.start() < end), *([following[1]] if following else [])]
    if not end or any(word.lower() in no_names() or word.startswith("ال") for word in near):
        return match[0]
    rest = name[len(name[:end].rstrip()) :]
    return match[0][: begin - match.start()] + MASK + rest + match[0][begin - match.start() + len(name) :]


def _without_site(match: re.Match[str]) -> str:
    degrees = [abs(float(number.replace(",", "."))) for number in re.findall(r"\d+(?:[.,]\d+)?", match[0])]
    return match[0] if any(number > 180 for number in degrees) else MASK


_REPLACED: dict[Trace, Callable[[re.Match[str]], str]] = {"name": _without_name, "site": _without_site}
