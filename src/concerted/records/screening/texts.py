"""Free text without traces of persons, exact sites and labels on peoples.

Place on the way: step 2, at the door. Texts enter; the same texts with the refused spans replaced leave, and what was
found where. A refused span is kept nowhere (design, law 10).

What is not found: names without a word that says so (`Awa Diallo said`), and what is written to escape a pattern.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from concerted.model.issues import Severity
from concerted.records.screening.patterns import Trace, name_ends, no_names, patterns, triggers

MASK = "[…]"
#: The issue that tells of each sort of trace, and how grave it is.
_CODES: dict[Trace, str] = {"label": "label_refused"}
_CODE = "text_masked"
_OF_ADDRESSES: tuple[Trace, ...] = ("email",)
#: What a text has where a trace can be: quicker to look for than the trace.
_NEEDED: dict[Trace, re.Pattern[str]] = {
    "email": re.compile(r"@|at[\])]"),
    "phone": re.compile(r"\d[\d ().\-]{5}"),
    "site": re.compile(r"\d ?[°.,]"),
    "name": re.compile(r"[^\W\d_]"),
    "label": re.compile(r" |-"),
}
#: Characters; no trace and no lead to one is longer than half of it.
_WINDOW = 400
SEVERITIES: dict[str, Severity] = {_CODE: "info", "label_refused": "warning"}
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
    """Screen a column. Null stays null; each different text is looked at once, nearly all by RE2 alone."""
    encoded = texts.dictionary_encode()
    changed: dict[int, tuple[str, tuple[Trace, ...]]] = {}
    for trigger in triggers():
        some = np.arange(len(encoded.dictionary))
        for stage in trigger.stages:
            if len(some):
                some = some[np.asarray(pc.match_substring_regex(encoded.dictionary.take(pa.array(some)), stage))]
        candidates = [changed.get(number) or (encoded.dictionary[number].as_py(), ()) for number in some.tolist()]
        stretches = _stretches([text for text, _ in candidates], trigger.stages[-1])
        for number, (text, before), where in zip(some.tolist(), candidates, stretches, strict=True):
            cleaned, found = _screen_stretches(text, where, trigger.traces)
            if found:
                changed[number] = (cleaned, (*before, *found))
    if not changed:
        return Screened(np.zeros(0, np.int64), [], [])
    numbers = encoded.indices.fill_null(-1).to_numpy()
    rows = np.flatnonzero(np.isin(numbers, list(changed)))
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


def _stretches(texts: Sequence[str], pattern: str) -> list[list[tuple[int, int]]]:
    """Where in each text something may be, with enough around it for the exact patterns, which are slow."""
    # Each window overlaps half of the next, so that what begins a trace is whole in one of them.
    places = [(n, start) for n, text in enumerate(texts) for start in range(0, max(len(text), 1), _WINDOW // 2)]
    windows = pa.array([texts[n][start : start + _WINDOW] for n, start in places], pa.string())
    found: list[list[tuple[int, int]]] = [[] for _ in texts]
    if len(windows):
        for at in np.flatnonzero(np.asarray(pc.match_substring_regex(windows, pattern))).tolist():
            n, start = places[at]
            start, stop = max(0, start - _WINDOW // 2), min(len(texts[n]), start + 2 * _WINDOW)
            if found[n] and start <= found[n][-1][1]:
                start, _ = found[n].pop()
            found[n].append((start, stop))
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
