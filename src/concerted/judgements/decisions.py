"""The decisions file: a CSV row per decision, written by people or by `concerted reconcile`, undone, never deleted.

Place on the way: an input of the build, beside the sources. Enters: a CSV file. Leaves: the decisions that hold.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from concerted.model.errors import ConfigError
from concerted.model.ids import id_text

#: What may be decided about two activities, and about two organisations.
ABOUT_ACTIVITIES = ("same", "part_of", "funds", "successor_of", "different")
ABOUT_ORGANISATIONS = ("same_organisation", "unit_of", "different_organisation")
_ID_DIGITS = 16
#: The file of what was decided on the site, in its folder of decisions.
JUDGEMENTS = "judgements.csv"


@dataclass(frozen=True)
class Decision:
    """One decision of one person.

    Attributes:
        decision: one of `ABOUT_ACTIVITIES` or `ABOUT_ORGANISATIONS`; read as "left DECISION right": left funds right,
            left is part of right.
        left, right: ids of activities as pages and exports show them (16 hexadecimal digits), or keys of organisations
            (`ref:XM-DAC-41114`, `name:folded name`).
        decided_on: day.
        decided_by: role or office; no person's name is needed.
        reason: in words.
        about: what the two were called when it was decided; for readers, never used.
        undone_on: day on which it was taken back; null = it holds.
    """

    decision: str
    left: str
    right: str
    decided_on: date
    decided_by: str = ""
    reason: str = ""
    about: str = ""
    undone_on: date | None = None

    @property
    def holds(self) -> bool:
        """Whether it was not taken back."""
        return self.undone_on is None

    @property
    def core(self) -> tuple[str, str, str]:
        """What can move a figure."""
        return self.decision, self.left, self.right


COLUMNS = tuple(field.name for field in fields(Decision))


def read_decisions(path: Path) -> tuple[Decision, ...]:
    """All decisions of a file, undone ones too, in its order.

    Raises:
        ConfigError: the file is no such file; the sentence names the line and what to write there.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; it should be a decisions file (CSV)") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8; save it as CSV UTF-8") from error
    rows = csv.DictReader(io.StringIO(text, newline=""))
    missing = [name for name in ("decision", "left", "right", "decided_on") if name not in (rows.fieldnames or ())]
    if missing:
        raise ConfigError(f"{path}: no column {', '.join(missing)}; the first line must be {','.join(COLUMNS)}")
    return tuple(_decision(path, rows.line_num, row) for row in rows)


def _decision(path: Path, line: int, row: dict[str, Any]) -> Decision:
    values = {name: (row.get(name) or "").strip() for name in COLUMNS}
    if values["decision"] not in ABOUT_ACTIVITIES + ABOUT_ORGANISATIONS:
        known = ", ".join(ABOUT_ACTIVITIES + ABOUT_ORGANISATIONS)
        raise ConfigError(f"{path}, line {line}: decision {values['decision']!r} is none of {known}")
    check = _activity_key if values["decision"] in ABOUT_ACTIVITIES else _organisation_key
    for side in ("left", "right"):
        if not check(values[side]):
            raise ConfigError(f"{path}, line {line}: {side} {values[side]!r} is no {_WORDS[check]}")
    if values["left"] == values["right"]:
        raise ConfigError(f"{path}, line {line}: left and right are the same")
    days = {}
    for name in ("decided_on", "undone_on"):
        try:
            days[name] = date.fromisoformat(values[name]) if values[name] else None
        except ValueError as error:
            raise ConfigError(f"{path}, line {line}: {name} {values[name]!r} is no day; write 2026-11-27") from error
    if days["decided_on"] is None:
        raise ConfigError(f"{path}, line {line}: decided_on is empty; write the day, 2026-11-27")
    text = {name: value for name, value in values.items() if name not in days}
    return Decision(**text, decided_on=days["decided_on"], undone_on=days["undone_on"])


def _activity_key(key: str) -> bool:
    return len(key) == _ID_DIGITS and all(digit in "0123456789abcdef" for digit in key)


def _organisation_key(key: str) -> bool:
    kind, _, rest = key.partition(":")
    return kind in ("ref", "name") and bool(rest)


_WORDS = {
    _activity_key: "id of an activity (16 hexadecimal digits, as pages and exports show it)",
    _organisation_key: "key of an organisation (ref:XM-DAC-41114 or name:the name)",
}


def decisions_text(decisions: Iterable[Decision]) -> str:
    """A whole file."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for decision in decisions:
        writer.writerow("" if value is None else value for value in astuple(decision))
    return out.getvalue()


def write_decisions(path: Path, decisions: Iterable[Decision]) -> None:
    """Write a whole file in one step: it is the old one or the new one, never half."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(decisions_text(decisions), "utf-8")
    beside.replace(path)


def undo(decisions: Sequence[Decision], at: int, day: date) -> tuple[Decision, ...]:
    """The same decisions, of which the one at this place no longer holds."""
    return tuple(replace(d, undone_on=day) if number == at else d for number, d in enumerate(decisions))


def in_force(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Those that hold, one per pair (the last said of it), in an order that does not depend on the file's."""
    last: dict[tuple[str, ...], Decision] = {}
    for decision in decisions:
        pair = tuple(sorted((decision.left, decision.right)))
        if decision.holds:
            last[pair] = decision
        elif pair in last and last[pair].core == decision.core:
            del last[pair]
    return tuple(sorted(last.values(), key=lambda decision: decision.core))


def digest(decisions: Iterable[Decision]) -> str:
    """SHA-256 of what can move a figure: undone decisions, reasons, names and the order of lines are not in it."""
    lines = "\n".join("\x1f".join(decision.core) for decision in in_force(decisions))
    return hashlib.sha256(lines.encode()).hexdigest()


def activity_pairs(decisions: Iterable[Decision], *kinds: str) -> tuple[tuple[int, int], ...]:
    """(left, right) ids of the decisions of these kinds that hold."""
    found = (d for d in in_force(decisions) if d.decision in kinds)
    return tuple((activity_id(d.left), activity_id(d.right)) for d in found)


def judged_pairs(decisions: Iterable[Decision]) -> frozenset[frozenset[int]]:
    """Pairs of activities about which a decision holds, whatever it says."""
    return frozenset(frozenset(pair) for pair in activity_pairs(decisions, *ABOUT_ACTIVITIES))


def organisation_pairs(decisions: Iterable[Decision], kind: str) -> tuple[tuple[str, str], ...]:
    """(left, right) keys of the decisions of this kind that hold."""
    return tuple((d.left, d.right) for d in in_force(decisions) if d.decision == kind)


def activity_id(text: str) -> int:
    """The id that `id_text` writes."""
    value = int(text, 16)
    signed = value - (1 << 64) if value >> 63 else value
    if id_text(signed) != text:
        raise ConfigError(f"{text!r} is no id")
    return signed
