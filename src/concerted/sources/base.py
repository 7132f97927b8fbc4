"""What every reader is given and what it must deliver.

Place on the way: step 1 and 2. A reader turns the bytes of one input into batches of `rec_` tables (typed records with
provenance, already valued in USD and EUR), with an issue for whatever it had to set aside.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import pyarrow as pa

from concerted.model.issues import Issue


@dataclass(frozen=True)
class Claim:
    """What a source says it covers completely; cells outside every claim can only be *no information*."""

    places: tuple[str, ...]
    period_from: date | None = None
    period_to: date | None = None
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class MarkingRule:
    """Who may see a source's records, the coarse view it offers to others, and whether they count though hidden."""

    precise: str = "CLEAR"
    coarse: str | None = None
    coarse_place_level: int = 1
    is_partner_hidden: bool = False
    is_counted_hidden: bool = False

    @property
    def is_open(self) -> bool:
        """Everybody may see the records. Else no word of them may enter an issue: more people read those."""
        return self.precise == "CLEAR"


@dataclass(frozen=True)
class SourceConfig:
    """One entry of a `source.yml`, or the default for an input that has none."""

    source_id: str
    kind: str | None = None
    publisher: str | None = None
    licence: str | None = None
    lang: str | None = None
    as_of: date | None = None
    mapping: dict[str, Any] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    marking: MarkingRule = MarkingRule()
    expected_min: int | None = None
    expected_max: int | None = None
    is_supply: bool = True
    is_demonstration: bool = False

    @cached_property
    def fingerprint(self) -> str:
        """A hash that changes when anything a reader can see here changes; the order of keys does not matter."""
        text = json.dumps(_plain(asdict(self)), sort_keys=True, ensure_ascii=False, default=str)
        return sha256(text.encode("utf-8")).hexdigest()


def _plain(value: Any) -> Any:
    """The value with text for keys: a header or a cell may be a date or a number, as YAML reads it."""
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value


@dataclass(frozen=True)
class Input:
    """One document to read. `name` is its path relative to the root given by the user, members of a zip after `!`."""

    path: Path
    name: str
    sha256: str
    bytes: int
    kind: str
    config: SourceConfig
    member: str | None = None


@dataclass(frozen=True)
class Part:
    """A stretch of a large input that can be read alone; small inputs have one part."""

    index: int
    start: int
    stop: int
    first_line: int = 1


@dataclass
class Batch:
    """Some records of an input. `tables` maps bare table names to tables of `rec_schema(name)`.

    `seen` = records met, `read` = records delivered; the rest must be explained by issues and is `set_aside`.
    `unread` counts, by element or column name, what was met and is not read by design.
    """

    tables: dict[str, pa.Table] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    seen: int = 0
    read: int = 0
    set_aside: int = 0
    unread: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheaf:
    """Records of several small inputs, read in one go.

    `tables` hold the rows of all of them, those of each input together, in the order of the inputs; `batches` what else
    each input told, and `rows` how many rows of each table are its own.
    """

    tables: dict[str, pa.Table]
    batches: tuple[Batch, ...]
    rows: tuple[dict[str, int], ...]


class Reader(Protocol):
    """A format. One folder below `sources/` each, found by where it lies (its `reader.py` has `READERS`)."""

    kind: str

    def recognises(self, name: str, head: bytes) -> bool:
        """Whether a document of this name that starts with these (decompressed, up to 64 KiB) bytes is of this kind."""
        ...

    def parts(self, source: Input, wanted: int) -> list[Part]:
        """Cut an input into about `wanted` stretches that can be read apart (one where that is not worth it)."""
        ...

    def read(self, source: Input, part: Part) -> Iterator[Batch]:
        """The records of one part, in bounded memory.

        Raises:
            SourceError: the document is refused as a whole.
        """
        ...


@runtime_checkable
class Gatherer(Protocol):
    """A reader that can read many small inputs at the price of a large one."""

    def together(self, sources: Sequence[Input]) -> Iterator[tuple[Sequence[Input], Sheaf | None]]:
        """Inputs that follow each other with what was read of them; None where they must be read one by one."""
        ...
