"""What stands in a text that should not: for forms, cells of sheets and names of files, and for readers of files.

Place on the way: at every door. A text enters; findings leave, for its author's eyes. Rules of all three languages are
applied to every text: people mix them, and who says that a text is French pastes Arabic into it.

The text is kept nowhere: a finding holds places, not words; nothing here logs; and an error that a detector raises
reaches nobody with the text in it.
"""

import re
from bisect import bisect
from collections.abc import Iterator

from concerted.model.errors import ConcertedError
from concerted.records.screening.kinds import Finding, Kind, Rules
from concerted.records.screening.labels import find_labels
from concerted.records.screening.letters import Plain
from concerted.records.screening.persons import find_emails, find_names, find_phones
from concerted.records.screening.places import find_pcodes, find_places
from concerted.records.screening.sites import find_sites

#: What files are screened for when they are read: no place fields, whose precision the marking of views decides.
READERS = Rules.of(("email", "phone", "name", "site", "label"), with_asks=False)
_ALL = Rules()
#: Of two findings over the same words the one that stands first here is told.
_ORDER: tuple[Kind, ...] = ("email", "site", "phone", "pcode", "label", "name", "place")
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}|[_+]")


class ScreeningError(ConcertedError):
    """A text could not be screened. Says of which length it was, never what it says: treat the text as refused."""


def screen(text: str, rules: Rules = _ALL) -> list[Finding]:
    """What is found in a text, by place; where two findings overlap the graver one, and never two.

    Args:
        text: of any length and script.
        rules: what to look for; by default all that needs no knowledge of the view it is for.

    Raises:
        ScreeningError: a detector failed.
    """
    try:
        return _resolved(_found(Plain.of(text), rules))
    except Exception as error:  # noqa: BLE001 (whatever it is, it may hold the text, and must not be passed on)
        failed = type(error).__name__
    # Raised behind the handler, so that the error that may quote the text is neither cause nor context.
    raise ScreeningError(f"{failed} while a text of {len(text)} characters was screened; take it as refused")


def screen_file_name(name: str, rules: Rules = _ALL) -> list[Finding]:
    """What is found in the name of a file, whose words are joined by `_`, `-`, `+` and `%20`."""
    spaced = _ESCAPED.sub(lambda match: " " * len(match[0]), name)
    findings = [*screen(name, rules), *screen(spaced, rules), *screen(spaced.replace("-", " "), rules)]
    return _resolved(iter(findings))


def _found(plain: Plain, rules: Rules) -> Iterator[Finding]:
    for finding in _detected(plain, rules):
        start, end = plain.back(finding.start, finding.end)
        yield Finding(start, end, finding.kind, finding.severity, finding.message_id)


def _detected(plain: Plain, rules: Rules) -> Iterator[Finding]:
    kinds, with_asks = rules.kinds, rules.with_asks
    if "email" in kinds:
        yield from find_emails(plain)
    if "phone" in kinds:
        yield from find_phones(plain, with_asks)
    if "site" in kinds:
        yield from find_sites(plain, with_asks)
    if "name" in kinds:
        yield from find_names(plain, with_asks)
    if "label" in kinds:
        yield from find_labels(plain, with_asks)
    if "pcode" in kinds and rules.finest_level is not None:
        yield from find_pcodes(plain, rules.finest_level, with_asks)
    if "place" in kinds and rules.gazetteer is not None:
        yield from find_places(plain, rules.gazetteer, rules.is_coarse, with_asks)


def _resolved(findings: Iterator[Finding]) -> list[Finding]:
    """By place; of those that overlap the gravest, then the one of the first kind, then the longest."""
    grave = sorted(
        set(findings),
        key=lambda f: (f.severity != "refuse", _ORDER.index(f.kind), f.start - f.end, f.start, f.message_id),
    )
    kept: list[Finding] = []
    for finding in grave:
        at = bisect(kept, finding)
        is_free = (at == 0 or kept[at - 1].end <= finding.start) and (at == len(kept) or finding.end <= kept[at].start)
        if is_free:
            kept.insert(at, finding)
    return kept
