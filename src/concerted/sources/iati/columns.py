"""Rows and columns of a chunk as numbers of values, by the mapping.

Place on the way: between the tree of elements and the typed tables. Enters: `mapping.Rows` and a `Tree`. Leaves: for
each table its elements in document order and, per column, the numbers of its values; no text is copied here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import numpy.typing as npt

from concerted.sources.iati.fields import Rows
from concerted.sources.iati.mapping import (
    ACTIVITY,
    CATEGORIES,
    DATES,
    LANG_ATTRIBUTES,
    NARRATIVES,
    OWN_TEXT_IS_DATA,
    TABLES,
)
from concerted.sources.iati.names import Ints
from concerted.sources.iati.paths import Layout, Source
from concerted.sources.iati.tree import Tree

Bools = npt.NDArray[np.bool_]
_NONE: Ints = np.zeros(0, np.int64)


@dataclass
class Columns:
    """The rows of a table: their elements, which activity each is part of, and the value numbers of their columns.

    Attributes:
        elements: one per row.
        activity: position of the row's activity among those of the chunk.
        seq: 0, 1, .. within the activity.
        kind: which of the table's paths the row has.
        numbers: by column; 0 where nothing stands.
        absent: columns of which nothing stands anywhere in the chunk.
    """

    elements: Ints
    activity: Ints
    seq: Ints
    kind: Ints
    numbers: dict[str, Ints] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.elements)


@dataclass(frozen=True)
class _Place:
    """A source for rows of one path, compiled: the paths down to the element, and the attribute's number (0: text)."""

    steps: tuple[tuple[int, bool], ...]
    target: int
    attribute: int
    is_narrative: bool


@cache
def layout() -> Layout:
    """The paths of everything in `mapping`."""
    return Layout("iati-activity", set(_wanted()), set(_saying("words")), set(_saying("address")))


def columns_of(rows: Rows, tree: Tree, activities: Ints, kept: Bools) -> Columns:
    """The rows of a table and the value numbers of its columns, defaults of the activity not yet filled in.

    Args:
        rows: which elements make rows, and where their columns stand.
        tree: the chunk.
        activities: its activities' elements.
        kept: per activity, whether it is delivered; rows of the others are left out.
    """
    plan = _plan(rows)
    used = [i for i, path in enumerate(plan.paths) if tree.count(path)]
    if not used:
        return Columns(_NONE, _NONE, _NONE, _NONE, dict.fromkeys(rows.fields, _NONE))
    parts = [tree.of(plan.paths[i]) for i in used]
    elements, kind, order = parts[0], np.full(len(parts[0]), used[0]), None
    if len(used) > 1:
        elements = np.concatenate(parts)
        order = np.argsort(elements, kind="stable")
        elements, kind = elements[order], np.repeat(used, [len(part) for part in parts])[order]
    numbers, absent, nothing = {}, set(), np.zeros(len(elements), np.int64)
    for name, places in plan.columns.items():
        if not any(_is_present(tree, place) for i in used for place in places[i]):
            numbers[name] = nothing
            absent.add(name)
            continue
        find = _langs if rows.fields[name].of else _first_given
        found = [find(tree, plan.paths[i], places[i]) for i in used]
        numbers[name] = found[0] if order is None else np.concatenate(found)[order]
    activity = np.searchsorted(activities, elements, side="right") - 1
    if not kept.all():
        keep = kept[activity]
        elements, activity, kind = elements[keep], activity[keep], kind[keep]
        numbers = {name: column[keep] for name, column in numbers.items()}
    return Columns(elements, activity, positions(activity), kind, numbers, absent)


def positions(groups: Ints) -> Ints:
    """0, 1, 2, .. within each run of equal numbers."""
    index = np.arange(len(groups))
    if not len(groups):
        return index
    is_first = np.concatenate([[True], groups[1:] != groups[:-1]])
    seq: Ints = index - np.maximum.accumulate(np.where(is_first, index, 0))
    return seq


@dataclass(frozen=True)
class Texts:
    """All texts of the elements of one path: the element with the text, the one it is for, value and language."""

    element: Ints
    holder: Ints
    value: Ints
    lang: Ints


def texts_of(holder: str, tree: Tree) -> Texts | None:
    """The narratives of a path's elements and, as 1.x wrote it, their own text; None when the path has no element.

    Blank narratives are among them, with value number 0. A language not declared on the narrative is its element's.
    """
    path = layout().number[holder]
    if not tree.count(path):
        return None
    outer, lang_of_outer = tree.of(path), _lang_numbers(tree, path)
    inner_path = layout().number[f"{holder}/narrative"]
    inner, value = tree.of(inner_path), tree.texts(inner_path)[:-1]
    parents = tree.parent[inner]
    lang = _lang_numbers(tree, inner_path)[:-1]
    lang = np.where(lang == 0, lang_of_outer[tree.local[parents]], lang)
    own = tree.texts(path)[:-1]
    if holder in OWN_TEXT_IS_DATA or not own.any():
        return Texts(inner, parents, value, lang)
    given = np.flatnonzero(own)
    return Texts(
        np.concatenate([inner, outer[given]]),
        np.concatenate([parents, outer[given]]),
        np.concatenate([value, own[given]]),
        np.concatenate([lang, lang_of_outer[given]]),
    )


@dataclass(frozen=True)
class _Plan:
    """A table's row paths and, per column and row path, where its value may stand."""

    paths: tuple[int, ...]
    columns: dict[str, tuple[tuple[_Place, ...], ...]]


@cache
def _plan(rows: Rows) -> _Plan:
    """Compile a table once."""
    columns = {}
    for name, column in rows.fields.items():
        sources = rows.fields[column.of].sources if column.of else column.sources
        parsed = [Source.parse(source) for source in sources]
        columns[name] = tuple(tuple(_place(s, path) for s in parsed if s.is_for(path)) for path in rows.paths)
    return _Plan(tuple(layout().number[path] for path in rows.paths), columns)


def _place(source: Source, base: str) -> _Place:
    numbers, steps, path = layout().number, [], base
    for step, is_dac in source.steps:
        path = f"{path}/{step}" if path else step
        steps.append((numbers[path], is_dac))
    attribute = layout().source_number[path, source.attribute] if source.attribute else 0
    names = [step for step, _ in source.steps]
    return _Place(tuple(steps), numbers[path], attribute, names in ([], ["narrative"]))


def _wanted() -> Iterator[tuple[str, str | None]]:
    for rows in (ACTIVITY, DATES, CATEGORIES, *TABLES.values()):
        for path in rows.paths:
            yield path, ""
            yield from ((path, lang) for lang in LANG_ATTRIBUTES)
            for column in rows.fields.values():
                for source in map(Source.parse, column.sources):
                    if source.is_for(path):
                        yield from source.wanted(path, LANG_ATTRIBUTES)
    for holder in NARRATIVES:
        for path in (holder, f"{holder}/narrative"):
            yield from ((path, attribute) for attribute in (None, *LANG_ATTRIBUTES))
    yield "description", "type"


def _saying(sort: str) -> Iterator[tuple[str, str | None]]:
    """The sources of columns that say this sort of thing, and of all narratives."""
    for rows in (ACTIVITY, *TABLES.values()):
        for path in rows.paths:
            for column in rows.fields.values():
                if column.says == sort:
                    yield from (s.place(path) for s in map(Source.parse, column.sources) if s.is_for(path))
    if sort == "words":
        for holder in NARRATIVES:
            yield from ((path, None) for path in (holder, f"{holder}/narrative"))


def _is_present(tree: Tree, place: _Place) -> bool:
    """Whether anything can stand there: most of what is read is not in most files."""
    return tree.count(place.target) > 0 and (place.attribute == 0 or tree.has(place.attribute))


def _numbers(tree: Tree, place: _Place) -> Ints:
    return tree.attributes(place.target, place.attribute) if place.attribute else tree.texts(place.target)


def _first_given(tree: Tree, path: int, places: tuple[_Place, ...]) -> Ints:
    """For each element of a path the first of its sources that is not blank."""
    numbers: Ints | None = None
    for place in places:
        if _is_present(tree, place):
            found = _numbers(tree, place)
            found = found[_holders(tree, place)] if place.steps else found[:-1]
            numbers = found if numbers is None else np.where(numbers == 0, found, numbers)
    return np.zeros(tree.count(path), np.int64) if numbers is None else numbers


def _holders(tree: Tree, place: _Place) -> Ints:
    """Local number of the element in which a source stands, for each row of its path; -1 for none."""
    holders: Ints | None = None
    for path, is_dac in place.steps:
        first = _first_of_dac(tree, path) if is_dac else tree.first(path)
        holders = first[:-1] if holders is None else first[holders]
    return _NONE if holders is None else holders


def _first_of_dac(tree: Tree, path: int) -> Ints:
    """As `Tree.first`, of the children whose vocabulary is 1 or not given."""
    numbers = tree.attributes(path, layout().source_number[layout().paths[path], "vocabulary"])[:-1]
    vocabulary = tree.values.take(numbers).to_pylist()
    children = np.flatnonzero([given in (None, "1", "DAC") for given in vocabulary])[::-1]
    first = np.full_like(tree.first(path), -1)
    first[tree.local[tree.parent[tree.of(path)[children]]]] = children
    return first


def _langs(tree: Tree, path: int, places: tuple[_Place, ...]) -> Ints:
    """The declared language of what `_first_given` finds: that of the element with the text, else of the one around."""
    count = tree.count(path)
    langs, is_found = np.zeros(count, np.int64), np.zeros(count, bool)
    for place in places:
        if not _is_present(tree, place):
            continue
        texts = _numbers(tree, place)
        given = (texts[_holders(tree, place)] if place.steps else texts[:-1]) > 0
        lang = _lang_numbers(tree, path)[:-1] if place.is_narrative else np.zeros(count, np.int64)
        holders: Ints = np.arange(count)
        for step, _ in place.steps:
            holders = tree.first(step)[holders]
            inner = _lang_numbers(tree, step)[holders]
            lang = np.where(inner == 0, lang, inner)
        langs = np.where(given & ~is_found, lang, langs)
        is_found |= given
    return langs


@cache
def _lang_sources(path: int) -> tuple[int, ...]:
    return tuple(layout().source_number[layout().paths[path], name] for name in LANG_ATTRIBUTES)


def _lang_numbers(tree: Tree, path: int) -> Ints:
    own, plain = _lang_sources(path)
    numbers = tree.attributes(path, own)
    return np.where(numbers == 0, tree.attributes(path, plain), numbers) if tree.has(plain) else numbers
