"""The columns of a chunk on their way from value numbers to typed arrays, and what was wrong with them.

Place on the way: between the columns and the tables. Enters: value numbers of all columns. Leaves: typed arrays by
table and column; findings with line, record and text. Columns of one kind are typed in one go.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from concerted.records.iati.codes import codes
from concerted.records.iati.typed import Typed, amounts, dates, flags, langs, numbers, percents, times, wholes
from concerted.sources.iati import mapping
from concerted.sources.iati.columns import Columns
from concerted.sources.iati.names import Ints
from concerted.sources.iati.stretches import Stretch, parted
from concerted.sources.iati.tree import Tree

_CONVERTERS: dict[str, Callable[[pa.StringArray], Typed]] = {
    "string": Typed,
    "lang": langs,
    "date": dates,
    "time": times,
    "amount": amounts,
    "percent": percents,
    "number": numbers,
    "whole": wholes,
    "flag": flags,
}
#: Kinds whose columns are texts.
_TEXTS = frozenset({"string", "lang", "code"})


@dataclass
class Job:
    """A column to be typed. `own` marks the rows that state the value themselves; only those can be at fault."""

    table: str
    column: str
    numbers: Ints
    own: Ints


@dataclass
class Work:
    """What is known of a chunk while its tables are made; `stretch_of` and `records` are those of its activities."""

    tree: Tree
    stretches: Sequence[Stretch]
    stretch_of: Ints
    records: Ints
    tables: dict[str, Columns] = field(default_factory=dict)
    jobs: dict[tuple[str, str | None], list[Job]] = field(default_factory=lambda: defaultdict(list))
    arrays: dict[tuple[str, str], pa.Array] = field(default_factory=dict)

    def want(self, table: str, column: str, kind: str, codelist: str | None, numbers: Ints, own: Ints) -> None:
        """Queue a column for typing, with all others of its kind."""
        self.jobs[kind, codelist].append(Job(table, column, numbers, own))


def type_all(work: Work) -> None:
    """Type all queued columns, those of one kind in one go."""
    # In an order that does not depend on which documents stand beside each other: findings come in it.
    kinds = sorted(work.jobs, key=lambda key: (key[0], key[1] or ""))
    # The texts of all of them are copied in two goes: those that will stand in tables, and those that go.
    for is_text in (True, False):
        some = [key for key in kinds if (key[0] in _TEXTS) == is_text]
        _type(work, {key: [job for job in work.jobs[key] if job.numbers.any()] for key in some})  # others stay null


def _type(work: Work, queued: Mapping[tuple[str, str | None], Sequence[Job]]) -> None:
    numbers = [job.numbers for jobs in queued.values() for job in jobs]
    if not numbers:
        return
    everything, first = work.tree.values.take(np.concatenate(numbers)), 0
    for (kind, codelist), jobs in queued.items():
        if not jobs:
            continue
        ends = np.cumsum([len(job.numbers) for job in jobs])
        texts = everything.slice(first, int(ends[-1]))
        first += len(texts)
        if kind == "code":
            typed = Typed(texts) if codelist is None else codes(texts, codelist)
        else:
            typed = _CONVERTERS[kind](texts)
        for job, end in zip(jobs, ends.tolist(), strict=True):
            work.arrays[job.table, job.column] = typed.array.slice(end - len(job.numbers), len(job.numbers))
        for code, rows in typed.faults.items():
            _note(work, code, rows, jobs, ends, texts)


def _note(work: Work, code: str, rows: Ints, jobs: Sequence[Job], ends: Ints, texts: pa.StringArray) -> None:
    """Findings for rows of several columns that were typed together."""
    which = np.searchsorted(ends, rows, side="right")
    for number in np.unique(which).tolist():
        job = jobs[number]
        first = int(ends[number]) - len(job.numbers)
        at = rows[which == number] - first
        note_rows(work, code, job.table, job.column, at[job.own[at] > 0], texts.slice(first, len(job.numbers)))


def note_rows(work: Work, code: str, table: str, column: str, rows: Ints, texts: pa.Array | None) -> None:
    """Findings for some rows of one column, with the text of each where there is one."""
    columns = work.tables[table]
    rows = rows[work.records[columns.activity[rows]] != 0]  # an activity that is set aside has its own issue
    if not len(rows):
        return

    def describe(rows: Ints) -> tuple[Sequence[int], Sequence[int], Sequence[str | None]]:
        found = [None] * len(rows) if texts is None else texts.take(pa.array(rows)).to_pylist()
        lines = work.tree.lines(columns.elements[rows])
        return lines, work.records[columns.activity[rows]], found  # type: ignore[return-value]

    name = mapping.FIELD_NAMES.get((table, column), f"{table}.{column.removeprefix('_')}")
    for number, some in parted(work.stretch_of[columns.activity[rows]], len(work.stretches)):
        work.stretches[number].findings.add_rows(code, name, rows[some], describe)
