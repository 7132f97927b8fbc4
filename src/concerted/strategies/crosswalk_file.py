"""How people of an installation relate nodes of two frameworks: a CSV row per relation, with who said so and when.

Place on the way: an input of the build, beside decisions about projects. Enters: the file that the site writes. Leaves:
crosswalks, each as if the framework that it leads to had them in its own file; they go before shipped ones.
"""

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from concerted.codelists.frameworks import RELATIONS, Crosswalk, Framework
from concerted.model.errors import ConfigError

#: Name of the file in the folder of decisions.
CROSSWALKS = "crosswalks.csv"


@dataclass(frozen=True)
class Said:
    """One row: node `from_node` of one framework is `relation` to `to_node` of another, seen from the latter.

    Attributes:
        from_version, to_version: of the frameworks as they stood before whoever said it; for readers.
        said_by: role or office.
    """

    from_framework: str
    from_node: str
    to_framework: str
    to_node: str
    relation: str
    said_by: str
    said_on: date
    from_version: str = ""
    to_version: str = ""
    note: str = ""

    @property
    def crosswalk(self) -> Crosswalk:
        """The row as classifying reads it.

        Raises:
            ConfigError: no such relation.
        """
        relation = next((each for each in RELATIONS if each == self.relation), None)
        if relation is None:
            raise ConfigError(f"relation {self.relation!r}; expected one of {', '.join(RELATIONS)}")
        return Crosswalk(
            self.from_framework,
            self.from_node,
            self.to_framework,
            self.to_node,
            relation,
            self.said_by,
            self.said_on,
            self.note or None,
        )


COLUMNS = tuple(field.name for field in fields(Said))


def crosswalk_text(rows: Iterable[Said]) -> str:
    """The file, the same for the same rows in whatever order."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(sorted(astuple(row) for row in rows))
    return out.getvalue()


def read_crosswalks(path: Path) -> tuple[Crosswalk, ...]:
    """The rows of a file, in one order whatever the file's.

    Raises:
        ConfigError: it is no such file; the sentence names the line.
    """
    try:
        rows = csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as CSV in UTF-8 ({error})") from error
    if missing := [name for name in COLUMNS[:7] if name not in (rows.fieldnames or ())]:
        raise ConfigError(f"{path}: no column {', '.join(missing)}; the first line must be {','.join(COLUMNS)}")
    found = [_row(path, rows.line_num, row) for row in rows]
    return tuple(sorted(found, key=lambda row: (row.framework_id, row.node_id, row.from_vocabulary, row.from_code)))


def _row(path: Path, line: int, row: dict[str, Any]) -> Crosswalk:
    values = {name: (row.get(name) or "").strip() for name in COLUMNS}
    try:
        day = date.fromisoformat(values.pop("said_on"))
        return Said(said_on=day, **values).crosswalk
    except (ValueError, ConfigError) as error:
        raise ConfigError(f"{path}, line {line}: {error}") from error


def with_crosswalks(framework: Framework, rows: Iterable[Crosswalk]) -> Framework:
    """The framework with the rows that lead to nodes which it has; of one pair they go before its own."""
    nodes = {node.id for node in framework.nodes}
    mine = tuple(r for r in rows if r.framework_id == framework.id and r.node_id in nodes)
    said = {(row.from_vocabulary, row.from_code, row.node_id) for row in mine}
    own = (r for r in framework.crosswalks if (r.from_vocabulary, r.from_code, r.node_id) not in said)
    return replace(framework, crosswalks=(*own, *mine)) if mine else framework


def crosswalk_digest(rows: Iterable[Crosswalk]) -> str:
    """SHA-256 of the rows; author and date stand in the evidence of labels, so they are part of it."""
    lines = "\n".join(sorted("\x1f".join(map(str, astuple(row))) for row in rows))
    return hashlib.sha256(lines.encode()).hexdigest()
