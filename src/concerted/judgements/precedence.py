"""Which of an organisation's two sources counts, subject by subject: what it publishes, or its workspace.

Place on the way: an input of the build, beside judgements about projects. Enters: the file that the site writes, or a
person. Leaves: the choices that hold. Nobody is named in it: an organisation decides.
"""

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from concerted.model.errors import ConfigError
from concerted.model.finance import MONEY_KINDS
from concerted.model.subjects import SUBJECTS

#: Name of the file in the folder of decisions.
PRECEDENCE = "precedence.csv"
Source: TypeAlias = Literal["published", "workspace"]
SOURCES: tuple[Source, ...] = get_args(Source)


@dataclass(frozen=True)
class Choice:
    """One row: of what this organisation tells of this subject, this source counts.

    Attributes:
        organisation: its reference as its statements in the workspace give it (`XM-DAC-41114`).
        subject: one of `SUBJECTS`: a kind of money, or a group of fields.
        source: `published` or `workspace`.
        decided_on: day; stands beside what was set aside.
    """

    organisation: str
    subject: str
    source: Source
    decided_on: date


COLUMNS = tuple(field.name for field in fields(Choice))


def fold_reference(reference: str) -> str:
    """A reference as it is compared."""
    return reference.strip().upper()


def precedence_text(choices: Iterable[Choice]) -> str:
    """The file, the same for the same choices in whatever order."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(sorted(astuple(choice) for choice in choices))
    return out.getvalue()


def read_precedence(path: Path) -> tuple[Choice, ...]:
    """The choices of a file, in one order whatever the file's.

    Raises:
        ConfigError: it is no such file, or it says two things of one subject; the sentence names the line.
    """
    try:
        rows = csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as CSV in UTF-8 ({error})") from error
    if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
        raise ConfigError(f"{path}: no column {', '.join(missing)}; the first line must be {','.join(COLUMNS)}")
    found: dict[tuple[str, str], Choice] = {}
    for row in rows:
        choice = _choice(path, rows.line_num, row)
        if found.setdefault((choice.organisation, choice.subject), choice) != choice:
            raise ConfigError(
                f"{path}, line {rows.line_num}: {choice.subject} of {choice.organisation} is decided twice,"
                " differently; leave one row"
            )
    return tuple(sorted(found.values(), key=astuple))


def _choice(path: Path, line: int, row: dict[str, Any]) -> Choice:
    values = {name: (row.get(name) or "").strip() for name in COLUMNS}
    where = f"{path}, line {line}"
    source = next((each for each in SOURCES if each == values["source"]), None)
    if source is None:
        raise ConfigError(f"{where}: source {values['source']!r}; expected one of {', '.join(SOURCES)}")
    if values["subject"] not in SUBJECTS:
        raise ConfigError(f"{where}: subject {values['subject']!r}; expected one of {', '.join(SUBJECTS)}")
    if not values["organisation"]:
        raise ConfigError(f"{where}: no organisation; write its reference, as XM-DAC-41114")
    try:
        day = date.fromisoformat(values["decided_on"])
    except ValueError as error:
        raise ConfigError(f"{where}: decided_on {values['decided_on']!r} is no day; write 2026-11-28") from error
    return Choice(fold_reference(values["organisation"]), values["subject"], source, day)


def precedence_digest(choices: Iterable[Choice]) -> str:
    """SHA-256 of all that is decided, with its days: they stand in the edition."""
    return hashlib.sha256(precedence_text(choices).encode()).hexdigest()


def completed(choices: Iterable[Choice]) -> tuple[Choice, ...]:
    """The choices with what follows from them: who decided of some money has decided of all.

    Of a kind of money that no row names, what is published counts. Else the same statement would be a second telling
    of one kind and the only telling of another, and the chain of money could not tell them apart. Of groups of fields
    nothing follows: what no row names is not decided.
    """
    known = {(c.organisation, c.subject): c for c in choices}
    days: dict[str, date] = {}
    for choice in known.values():
        if choice.subject in MONEY_KINDS:
            days[choice.organisation] = max(choice.decided_on, days.get(choice.organisation, date.min))
    follows = (Choice(who, kind, "published", day) for who, day in days.items() for kind in MONEY_KINDS)
    return tuple(sorted({(c.organisation, c.subject): c for c in (*follows, *known.values())}.values(), key=astuple))
