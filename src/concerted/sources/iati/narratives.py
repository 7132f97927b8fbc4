"""The texts of a chunk in every language, as the table `narrative`.

Place on the way: beside the other tables. Enters: `Work` while its columns are queued. Leaves: queued texts, and what
makes their table once they are typed; an info for elements that are there for a text and have none.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from concerted.sources.iati import mapping
from concerted.sources.iati.columns import Columns, layout, texts_of
from concerted.sources.iati.names import Ints
from concerted.sources.iati.stretches import parted
from concerted.sources.iati.tables import seq_around, with_columns
from concerted.sources.iati.work import Work


def want_narratives(work: Work, activity: Columns, kept: npt.NDArray[np.bool_]) -> Callable[[Work], pa.Table]:
    """Queue the texts; returns what makes their table once they are typed."""
    tree = work.tree
    fields, parts = [], []
    for holder, table in mapping.NARRATIVES.items():
        found = texts_of(holder, tree)
        if found is None:
            continue
        _note_empty(work, holder, found.element[found.value == 0], kept)
        at = np.searchsorted(activity.elements, found.holder, side="right") - 1
        use = np.flatnonzero((found.value > 0) & kept[at])
        at, outer, lang, value = at[use], found.holder[use], found.lang[use], found.value[use]
        seq = np.zeros(len(use), np.int64) if table is None else seq_around(work.tables[table], outer)
        filled = np.where(lang == 0, activity.numbers["default_lang"][at], lang)
        type_ = np.zeros(len(use), np.int64)
        if holder == "description":
            path = layout().number[holder]
            type_ = tree.attributes(path, layout().source_number[holder, "type"])[tree.local[outer]]
        fields.append(holder)
        parts.append((found.element[use], at, seq, filled, lang, value, type_))
    none = tuple(np.zeros(0, np.int64) for _ in range(7))
    columns = [np.concatenate(column) for column in zip(none, *parts, strict=True)]
    kinds = np.repeat(np.arange(len(parts)), [len(part[0]) for part in parts])
    if len(work.stretches) > 1:
        order = np.argsort(work.stretch_of[columns[1]], kind="stable")
        columns, kinds = [column[order] for column in columns], kinds[order]
    elements, at, seq, langs_, own, texts, types = columns
    work.tables["narrative"] = Columns(elements, at, seq, kinds, {"lang": own, "text": texts, "type_code": types})
    work.want("narrative", "lang", "lang", None, langs_, own)
    work.want("narrative", "text", "string", None, texts, texts)
    work.want("narrative", "type_code", "string", None, types, types)
    names = pa.array(fields, pa.string())
    return lambda done: with_columns(done, "narrative", {"field": names.take(pa.array(kinds))})


def _note_empty(work: Work, holder: str, blank: Ints, kept: npt.NDArray[np.bool_]) -> None:
    """An info for every narrative, and every element meant for text alone, that holds none."""
    tree = work.tree
    if holder.rsplit("/", 1)[-1] in mapping.TEXT_ONLY:
        path = layout().number[holder]
        is_silent = (tree.texts(path)[:-1] == 0) & (tree.first(layout().number[f"{holder}/narrative"])[:-1] < 0)
        if is_silent.any():
            blank = np.union1d(blank, tree.of(path)[is_silent])
    if not len(blank):
        return
    at = np.searchsorted(tree.of(layout().number[""]), blank, side="right") - 1
    blank, at = blank[kept[at]], at[kept[at]]

    def describe(rows: Ints) -> tuple[Sequence[int], Sequence[int], Sequence[str | None]]:
        return tree.lines(blank[rows]), work.records[at[rows]], [None] * len(rows)  # type: ignore[return-value]

    for number, some in parted(work.stretch_of[at], len(work.stretches)):
        work.stretches[number].findings.add_rows("narrative_empty", holder, some, describe)
