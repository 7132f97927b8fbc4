"""Columns of free text without traces of persons, exact sites and labels on peoples: what readers of files store.

Place on the way: step 2, at the door. Texts enter; the same texts with what is refused replaced leave, and what was
found where. What is refused is kept nowhere (design, law 10). A reader has nobody to ask: what only the author could
judge stays. Nearly all texts are looked at as bytes alone.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from concerted.model.issues import Severity
from concerted.records.screening.beginnings import finder
from concerted.records.screening.kinds import KINDS, Finding, Kind, Rules, masked
from concerted.records.screening.letters import folded
from concerted.records.screening.screen import READERS, screen
from concerted.records.screening.triggers import CLOAK, group, person, site, terror

MASK = "[…]"
#: The issue that tells of each kind, and how grave it is.
_CODES: dict[Kind, str] = {"label": "label_refused"}
_CODE = "text_masked"
_OF_ADDRESSES = Rules.of(("email", "site"), with_asks=False)
#: Characters behind a place that a trigger and the detectors may need; runs of digits and gaps are not counted.
_TRIGGER, _WINDOW = 400, 240
#: Characters before it: of an address before its `@`, of a role before its last letters; of labels a sentence.
_BEFORE, _SENTENCE = 120, 200
#: Words before and behind a word for terrorism among which the group stands to which it is tied.
_NEAR = 8
_PERSON, _SITE, _LABEL = 1, 2, 4
#: What to look for where some of the triggers match.
_SORTS = {
    sorts: Rules.of(
        [
            *(("email", "phone", "name") if sorts & _PERSON else ()),
            *(("site",) if sorts & _SITE else ()),
            *(("label",) if sorts & _LABEL else ()),
        ],
        with_asks=False,
    )
    for sorts in range(1, 8)
}
SEVERITIES: dict[str, Severity] = {_CODE: "info", "label_refused": "warning"}
_NO_BREAK = "\u00a0".encode()
_GAPS = re.compile(r"[\s-]+")
#: What may stand in a number, or between a name and its lead, as often as one likes.
_RUN = re.compile(r"[\d \u00a0().\-]+")
_CLOAK = re.compile(CLOAK)


@dataclass(frozen=True)
class Screened:
    """Texts of which some were changed: their rows, what they say now, and what was found in each."""

    rows: npt.NDArray[np.int64]
    texts: list[str]
    traces: list[tuple[Kind, ...]]


def screen_texts(texts: pa.StringArray) -> Screened:
    """Screen a column. Null stays null; each different text is looked at once, nearly all of them as bytes alone."""
    encoded = texts.dictionary_encode()
    changed: dict[int, tuple[str, tuple[Kind, ...]]] = {}
    for number, places in _suspects(encoded.dictionary).items():
        text = encoded.dictionary[number].as_py()
        if found := [one for stretch in _stretches(text, places) for one in stretch.screened(text)]:
            changed[number] = masked(text, found, MASK), _kinds(found)
    if not changed:
        return Screened(np.zeros(0, np.int64), [], [])
    numbers = encoded.indices.fill_null(-1).to_numpy()
    is_changed = np.zeros(len(encoded.dictionary) + 1, bool)  # one more for null, which is -1
    is_changed[list(changed)] = True
    rows = np.flatnonzero(is_changed[numbers])
    of_rows = [changed[number] for number in numbers[rows].tolist()]
    return Screened(rows, [text for text, _ in of_rows], [found for _, found in of_rows])


def screen_addresses(addresses: pa.StringArray) -> Screened:
    """Screen the addresses of pages for e-mail addresses and exact sites; long numbers are no telephone numbers."""
    found = [(row, screen_text(addresses[row].as_py(), _OF_ADDRESSES)) for row in _suspects(addresses)]
    found = [(row, screened) for row, screened in found if screened[1]]
    rows, texts = [row for row, _ in found], [text for _, (text, _) in found]
    return Screened(np.array(rows, np.int64), texts, [traces for _, (_, traces) in found])


def screen_text(text: str, rules: Rules = READERS) -> tuple[str, tuple[Kind, ...]]:
    """`text` with what is refused replaced, and what it was, each kind once."""
    found = screen(text, rules)
    return masked(text, found, MASK), _kinds(found)


def codes_of(traces: Collection[Kind]) -> list[str]:
    """The issues that tell of these kinds, each once."""
    return list(dict.fromkeys(_CODES.get(kind, _CODE) for kind in traces))


def _kinds(found: Collection[Finding]) -> tuple[Kind, ...]:
    return tuple(kind for kind in KINDS if any(finding.kind == kind for finding in found))


def _suspects(texts: pa.StringArray) -> dict[int, list[tuple[int, int]]]:
    """In which texts a trigger matches: at which characters, ascending, and which of them (bits of `_SORTS`)."""
    _, offsets, values = texts.buffers()
    if values is None:
        return {}
    of_values = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    data, bounds = _spaced(memoryview(values)[of_values[0] : of_values[-1]], of_values - of_values[0])
    places = finder().find(np.frombuffer(data, np.uint8))
    numbers = np.searchsorted(bounds, places, side="right") - 1
    starts, stops = bounds[numbers], bounds[numbers + 1]
    is_person, is_site = person().match, site().match
    found = dict[int, list[tuple[int, int]]]()
    for number, place, start, stop in zip(
        numbers.tolist(), places.tolist(), starts.tolist(), stops.tolist(), strict=True
    ):
        ahead = str(data[place : min(place + _TRIGGER, stop)], "utf-8", "ignore")
        sorts = _PERSON * bool(is_person(ahead)) | _SITE * bool(is_site(ahead))
        sorts |= _LABEL * _is_label(ahead, data, start, place)
        if sorts:
            found.setdefault(number, []).append((len(str(data[start:place], "utf-8", "ignore")), sorts))
    return found


def _spaced(data: memoryview, bounds: npt.NDArray[np.int32]) -> tuple[bytes, npt.NDArray[np.int64]]:
    """Bytes of texts with a space for each tab and no-break space, and where each text begins in them.

    Every character stays where it was in its text, so that what is found in one is found in the other.
    """
    is_first = np.frombuffer(data, np.uint8) == _NO_BREAK[0]
    is_first[:-1] &= np.frombuffer(data, np.uint8)[1:] == _NO_BREAK[1]
    gone = np.flatnonzero(is_first)
    return data.tobytes().replace(_NO_BREAK, b" ").replace(b"\t", b" "), bounds - np.searchsorted(gone, bounds)


def _is_label(ahead: str, data: bytes, start: int, place: int) -> bool:
    """Whether a word for terrorism begins here and a religion or people stands near."""
    if not terror().match(ahead):
        return False
    before = str(data[max(start, place - _TRIGGER) : place], "utf-8", "ignore")
    near = " ".join([*_GAPS.split(before)[-_NEAR:], *_GAPS.split(ahead)[:_NEAR]])
    return group().search(folded(near)) is not None


@dataclass(frozen=True)
class _Stretch:
    """Characters of a text in which something may be, and of which sorts."""

    start: int
    stop: int
    sorts: int

    def screened(self, text: str) -> list[Finding]:
        """What is found in it."""
        return [
            replace(one, start=self.start + one.start, end=self.start + one.end)
            for one in screen(text[self.start : self.stop], _SORTS[self.sorts])
        ]


def _stretches(text: str, places: Sequence[tuple[int, int]]) -> list[_Stretch]:
    """Where something may be around these places, with enough around for the detectors, which are slow."""
    found: list[_Stretch] = []
    for place, sorts in places:
        if _CLOAK.match(text, place):  # what it hides may stand anywhere
            return [_Stretch(0, len(text), 7)]
        # A whole word begins, because its end may look like another one: `the cMr`.
        start = text.rfind(" ", 0, max(0, place - (_SENTENCE if sorts & _LABEL else _BEFORE))) + 1
        stop = place + _WINDOW
        if run := _RUN.match(text, stop):  # of any length: what it belongs to is not cut
            stop = run.end() + _WINDOW
        stop = min(len(text), stop)
        if found and start <= found[-1].stop:
            last = found.pop()
            start, stop, sorts = last.start, max(stop, last.stop), sorts | last.sorts
        found.append(_Stretch(start, stop, sorts))
    return found
