"""Which of an organisation's two sources counts, for each kind of money: what it publishes, or its workspace.

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

#: Name of the file in the folder of decisions.
PRECEDENCE = "precedence.csv"
Source: TypeAlias = Literal["published", "workspace"]
SOURCES: tuple[Source, ...] = get_args(Source)


@dataclass(frozen=True)
class Choice:
    """One row: of this organisation's money of this kind, this source counts.

    An organisation with a row has decided: of the kinds that no row names, what it publishes counts.

    Attributes:
        organisation: its reference as its statements in the workspace give it (`XM-DAC-41114`).
        finance_kind: one of `MONEY_KINDS`.
        source: `published` or `workspace`.
        decided_on: day; for readers.
    """

    organisation: str
    finance_kind: str
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
        ConfigError: it is no such file, or it says two things of one kind; the sentence names the line.
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
        if found.setdefault((choice.organisation, choice.finance_kind), choice).source != choice.source:
            raise ConfigError(
                f"{path}, line {rows.line_num}: {choice.finance_kind} of {choice.organisation} is decided twice,"
                " differently; leave one row"
            )
    return tuple(sorted(found.values(), key=_core))


def _choice(path: Path, line: int, row: dict[str, Any]) -> Choice:
    values = {name: (row.get(name) or "").strip() for name in COLUMNS}
    where = f"{path}, line {line}"
    source = next((each for each in SOURCES if each == values["source"]), None)
    if source is None:
        raise ConfigError(f"{where}: source {values['source']!r}; expected one of {', '.join(SOURCES)}")
    if values["finance_kind"] not in MONEY_KINDS:
        raise ConfigError(f"{where}: finance_kind {values['finance_kind']!r}; expected one of {', '.join(MONEY_KINDS)}")
    if not values["organisation"]:
        raise ConfigError(f"{where}: no organisation; write its reference, as XM-DAC-41114")
    try:
        day = date.fromisoformat(values["decided_on"])
    except ValueError as error:
        raise ConfigError(f"{where}: decided_on {values['decided_on']!r} is no day; write 2026-11-28") from error
    return Choice(fold_reference(values["organisation"]), values["finance_kind"], source, day)


def _core(choice: Choice) -> tuple[str, str, str]:
    """What can move a figure: the day cannot."""
    return choice.organisation, choice.finance_kind, choice.source


def precedence_digest(choices: Iterable[Choice]) -> str:
    """SHA-256 of what can move a figure."""
    lines = "\n".join("\x1f".join(core) for core in sorted(map(_core, choices)))
    return hashlib.sha256(lines.encode()).hexdigest()


def deciders(choices: Iterable[Choice]) -> tuple[str, ...]:
    """References of the organisations that have decided."""
    return tuple(sorted({choice.organisation for choice in choices}))


def kept_here(choices: Iterable[Choice]) -> tuple[tuple[str, str], ...]:
    """(reference, finance kind) for which the workspace counts; of the others of who has decided, what is published."""
    return tuple(sorted({(c.organisation, c.finance_kind) for c in choices if c.source == "workspace"}))
