"""Free text without traces of persons, exact sites and labels on peoples.

Place on the way: step 2, at the door. Texts enter; the same texts with the refused spans replaced leave, and what was
found where. A refused span is kept nowhere (design, law 10).

What is not found: names without a word that says so (`Awa Diallo said`), and what is written to escape a pattern.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from concerted.model.issues import Severity
from concerted.records.screening.patterns import Trace, name_ends, no_names, patterns, trigger

MASK = "[…]"
#: The issue that tells of each sort of trace, and how grave it is.
_CODES: dict[Trace, str] = {"label": "label_refused"}
_CODE = "text_masked"
SEVERITIES: dict[str, Severity] = {_CODE: "info", "label_refused": "warning"}
_WORD = re.compile(r"[\w'’-]+")
#: The word behind a name, which may say what is called by it: `Denis Mukwege Foundation`.
_BEHIND = re.compile(r"\s(?:(?:for|pour)\s)?([\w'’-]+)")
#: Characters; no trace and no lead to one is longer than half of it.
_WINDOW = 400


@dataclass(frozen=True)
class Screened:
    """Texts of which some were changed: their rows, what they say now, and what was found in each."""

    rows: npt.NDArray[np.int64]
    texts: list[str]
    traces: list[tuple[Trace, ...]]


def screen_texts(texts: pa.StringArray) -> Screened:
    """Screen a column. Null stays null; the vast majority of texts is passed by one pass of RE2."""
    return _screened(texts, np.flatnonzero(np.asarray(pc.match_substring_regex(texts, trigger()).fill_null(False))))


def _screened(
    texts: pa.StringArray, candidates: npt.NDArray[np.int64], only: tuple[Trace, ...] | None = None
) -> Screened:
    rows, changed, traces = [], [], []
    for row in candidates.tolist():
        text, found = screen(texts[row].as_py(), only)
        if found:
            rows.append(row)
            changed.append(text)
            traces.append(found)
    return Screened(np.array(rows, np.int64), changed, traces)


def screen_addresses(addresses: pa.StringArray) -> Screened:
    """Screen the addresses of pages for e-mail addresses; their long numbers are no telephone numbers."""
    rows = np.flatnonzero(np.asarray(pc.match_substring(addresses, "@").fill_null(False)))
    return _screened(addresses, rows, ("email",))


def screen(text: str, only: tuple[Trace, ...] | None = None) -> tuple[str, tuple[Trace, ...]]:
    """`text` with what is refused replaced, and what it was, each sort once.

    Args:
        text: free text.
        only: sorts of traces to look for; all by default. Of an address only "email" makes sense.
    """
    pieces: list[str] = []
    found: dict[Trace, None] = {}
    last = 0
    for start, stop in _stretches(text):
        piece = text[start:stop]
        for trace, pattern in patterns().items():
            if only is None or trace in only:
                cleaned = pattern.sub(_REPLACED.get(trace, MASK), piece)
                if cleaned != piece:
                    piece, found[trace] = cleaned, None
        pieces += (text[last:start], piece)
        last = stop
    return ("".join((*pieces, text[last:])), tuple(found)) if found else (text, ())


def codes_of(traces: Collection[Trace]) -> list[str]:
    """The issues that tell of these traces, each once."""
    return list(dict.fromkeys(_CODES.get(trace, _CODE) for trace in traces))


def _stretches(text: str) -> list[tuple[int, int]]:
    """Where in a text something may be, with enough around it for the exact patterns, which are slow."""
    if len(text) <= 2 * _WINDOW:
        return [(0, len(text))]
    # Each window overlaps half of the next, so that what begins a trace is whole in one of them.
    starts = range(0, len(text), _WINDOW // 2)
    windows = pa.array([text[start : start + _WINDOW] for start in starts], pa.string())
    found: list[tuple[int, int]] = []
    for number in np.flatnonzero(np.asarray(pc.match_substring_regex(windows, trigger()))).tolist():
        start, stop = max(0, starts[number] - _WINDOW), min(len(text), starts[number] + 2 * _WINDOW)
        if found and start <= found[-1][1]:
            start = found.pop()[0]
        found.append((start, stop))
    return found


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
