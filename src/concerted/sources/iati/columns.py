"""Rows and columns of a chunk as numbers of values, by the mapping.

Place on the way: between the tree of elements and the typed tables. Enters: `mapping.Rows` and a `Tree`. Leaves: for
each table its elements in document order and, per column, the numbers of its values; no text is copied here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from concerted.sources.iati.mapping import (
    ACTIVITY,
    CATEGORIES,
    DATES,
    LANG_ATTRIBUTES,
    NARRATIVES,
    OWN_TEXT_IS_DATA,
    TABLES,
    Field,
    Rows,
)
from concerted.sources.iati.names import Ints
from concerted.sources.iati.tree import Layout, Tree


@dataclass(frozen=True)
class Source:
    """One place where a value may stand: steps below the row, each maybe of vocabulary 1 only; an attribute."""

    steps: tuple[tuple[str, bool], ...]
    attribute: str | None
    only: str | None

    @classmethod
    def parse(cls, text: str) -> "Source":
        """Read the notation of `mapping`."""
        only = None
        if text.startswith("["):
            only, text = text[1:].split("]", 1)
        path, _, attribute = text.partition("@")
        steps = tuple(
            (s.removesuffix("[1]"), s.endswith("[1]")) for s in path.strip("/").split("/") if s not in ("", ".")
        )
        return cls(steps, attribute or None, only)

    def path(self, base: str) -> str:
        """The path of the element that has the value, for rows of path `base`."""
        return "/".join(s for s in (base, *(step for step, _ in self.steps)) if s)

    def is_for(self, base: str) -> bool:
        """Whether rows of this path have this source."""
        return self.only in (None, base)


@dataclass
class Columns:
    """The rows of a table: their elements, which activity each is part of, and the value numbers of their columns."""

    elements: Ints
    activity: Ints
    seq: Ints
    kind: npt.NDArray[np.int64]
    """Index of the row's path among those of the table."""
    numbers: dict[str, Ints]
    """By column; 0 where nothing stands."""


@cache
def layout() -> Layout:
    """The paths of everything in `mapping`."""
    return Layout("iati-activity", set(_wanted()))


@cache
def sources_of(field: Field) -> tuple[Source, ...]:
    """The sources of a field, parsed once."""
    return tuple(Source.parse(text) for text in field.sources)


def columns_of(rows: Rows, tree: Tree, activities: Ints, kept: npt.NDArray[np.bool_]) -> Columns:
    """The rows of a table and the value numbers of its columns, defaults of the activity not yet filled in.

    Args:
        rows: which elements make rows, and where their columns stand.
        tree: the chunk.
        activities: its activities' elements.
        kept: per activity, whether it is delivered; rows of the others are left out.
    """
    parts = [tree.of(path) for path in rows.paths]
    elements = np.concatenate(parts)
    order = np.argsort(elements, kind="stable") if sum(len(part) > 0 for part in parts) > 1 else None
    kind = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    numbers = {}
    for name, field in rows.fields.items():
        if field.kind == "lang" and field.of is not None:
            sources = sources_of(rows.fields[field.of])
            found = [_langs(tree, path, sources) for path in rows.paths]
        else:
            found = [_first_given(tree, path, sources_of(field)) for path in rows.paths]
        column = np.concatenate(found)
        numbers[name] = column if order is None else column[order]
    if order is not None:
        elements, kind = elements[order], kind[order]
    activity = np.searchsorted(activities, elements, side="right") - 1
    if not kept.all():
        keep = kept[activity]
        elements, activity, kind = elements[keep], activity[keep], kind[keep]
        numbers = {name: column[keep] for name, column in numbers.items()}
    return Columns(elements, activity, positions(activity), kind, numbers)


def positions(groups: Ints) -> Ints:
    """0, 1, 2, .. within each run of equal numbers."""
    index = np.arange(len(groups))
    if not len(groups):
        return index
    is_first = np.concatenate([[True], groups[1:] != groups[:-1]])
    seq: Ints = index - np.maximum.accumulate(np.where(is_first, index, 0))
    return seq


def narratives_of(holder: str, tree: Tree) -> tuple[Ints, Ints, Ints]:
    """Every text of the elements of a path: the element that has it, the element it is for, and its value number.

    These are narratives and, as 1.x wrote it, the element's own text. Blank ones are among them, with number 0.
    """
    inner, outer = tree.of(f"{holder}/narrative"), tree.of(holder)
    numbers = tree.numbers(f"{holder}/narrative", None)[:-1]
    if holder in OWN_TEXT_IS_DATA or not len(outer):
        return inner, tree.parent[inner], numbers
    own = tree.numbers(holder, None)[:-1]
    given = own > 0
    return (
        np.concatenate([inner, outer[given]]),
        np.concatenate([tree.parent[inner], outer[given]]),
        np.concatenate([numbers, own[given]]),
    )


def narrative_langs(holder: str, tree: Tree) -> Ints:
    """Numbers of the declared languages of `narratives_of`: the narrative's own, else its element's."""
    of_outer = _lang_numbers(tree, holder)
    of_inner = _lang_numbers(tree, f"{holder}/narrative")[:-1]
    inner = tree.of(f"{holder}/narrative")
    langs = np.where(of_inner == 0, of_outer[tree.local[tree.parent[inner]]], of_inner)
    if holder in OWN_TEXT_IS_DATA or not len(tree.of(holder)):
        return langs
    return np.concatenate([langs, of_outer[:-1][tree.numbers(holder, None)[:-1] > 0]])


def _wanted() -> Iterator[tuple[str, str | None]]:
    for rows in (ACTIVITY, DATES, CATEGORIES, *TABLES.values()):
        for path in rows.paths:
            yield path, ""
            for field in rows.fields.values():
                for source in sources_of(field):
                    if source.is_for(path):
                        yield source.path(path), source.attribute
                        base = path
                        for step, is_dac in source.steps:
                            base = f"{base}/{step}" if base else step
                            if is_dac:
                                yield base, "vocabulary"
                            yield from ((base, lang) for lang in LANG_ATTRIBUTES)
                        yield from ((path, lang) for lang in LANG_ATTRIBUTES)
    for holder in NARRATIVES:
        for path in (holder, f"{holder}/narrative"):
            yield from ((path, attribute) for attribute in (None, *LANG_ATTRIBUTES))
    yield "description", "type"


def _first_given(tree: Tree, path: str, sources: Iterable[Source]) -> Ints:
    """For each element of a path the first of its sources that is not blank."""
    numbers: Ints | None = None
    for source in sources:
        if not source.is_for(path) or not len(tree.of(target := source.path(path))):
            continue
        found = tree.numbers(target, source.attribute)[_holders(tree, path, source)]
        numbers = found if numbers is None else np.where(numbers == 0, found, numbers)
    return np.zeros(len(tree.of(path)), np.int64) if numbers is None else numbers


def _holders(tree: Tree, path: str, source: Source) -> Ints:
    """Local number of the element in which a source stands, for each element of a path; -1 for none."""
    holders: Ints = np.arange(len(tree.of(path)))
    for step, is_dac in source.steps:
        path = f"{path}/{step}" if path else step
        first = _first_of_dac(tree, path) if is_dac else tree.first(path)
        holders = first[holders]
    return holders


def _first_of_dac(tree: Tree, path: str) -> Ints:
    """As `Tree.first`, of the children whose vocabulary is 1 or not given."""
    vocabulary = tree.values.take(tree.numbers(path, "vocabulary")[:-1]).fill_null("1").to_pylist()
    first = np.full_like(tree.first(path), -1)
    parents = tree.local[tree.parent[tree.of(path)]]
    for child in reversed(range(len(vocabulary))):
        if vocabulary[child] in ("1", "DAC"):
            first[parents[child]] = child
    return first


def _langs(tree: Tree, path: str, sources: Iterable[Source]) -> Ints:
    """The declared language of what `_first_given` finds: that of the element with the text, else of one around it."""
    count = len(tree.of(path))
    langs, is_found = np.zeros(count, np.int64), np.zeros(count, bool)
    for source in sources:
        if not source.is_for(path) or not len(tree.of(source.path(path))):
            continue
        given = tree.numbers(source.path(path), source.attribute)[_holders(tree, path, source)] > 0
        holders: Ints = np.arange(count)
        steps = [step for step, _ in source.steps]
        is_own = steps in ([], ["narrative"])
        lang, base = _lang_numbers(tree, path)[:-1] if is_own else np.zeros(count, np.int64), path
        for step in steps:
            base = f"{base}/{step}" if base else step
            holders = tree.first(base)[holders]
            inner = _lang_numbers(tree, base)[holders]
            lang = np.where(inner == 0, lang, inner)
        langs = np.where(given & ~is_found, lang, langs)
        is_found |= given
    return langs


def _lang_numbers(tree: Tree, path: str) -> Ints:
    own, plain = (tree.numbers(path, attribute) for attribute in LANG_ATTRIBUTES)
    return np.where(own == 0, plain, own) if plain.any() else own
