"""The paths that are read, compiled to numbers.

Place on the way: between the mapping and the tree. Enters: notations such as `value/@currency`. Leaves: `Layout`, which
says for each path and tag what path comes next, and whether its text and its attributes are read.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from concerted.sources.iati.names import NameTable

#: Elements that are known and not read, so that they are counted without looking at their names one by one.
_OTHER_TAGS = (
    "contact-info",
    "language",
    "dimension",
    "reference",
    "crs-add",
    "fss",
    "country-budget-items",
    "legacy-data",
)
#: Attributes that are known and not read: named so that only foreign ones need a closer look.
_OTHER_ATTRIBUTES = (
    "xmlns",
    "srsName",
    "indicator-uri",
    "linked-data-uri",
    "budget-not-provided",
    "crs-channel-code",
    "iso-date",
)


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
        steps = (s for s in path.strip("/").split("/") if s not in ("", "."))
        return cls(tuple((s.removesuffix("[1]"), s.endswith("[1]")) for s in steps), attribute or None, only)

    def is_for(self, base: str) -> bool:
        """Whether rows of this path have this source."""
        return self.only in (None, base)

    def place(self, base: str) -> tuple[str, str | None]:
        """The (path, attribute) pair at which its value stands."""
        return "/".join([*([base] if base else []), *(step for step, _ in self.steps)]), self.attribute

    def wanted(self, base: str, lang_attributes: Iterable[str]) -> Iterator[tuple[str, str | None]]:
        """The (path, attribute) pairs that must be read for it."""
        path = base
        for step, is_dac in self.steps:
            path = f"{path}/{step}" if path else step
            yield from ((path, lang) for lang in lang_attributes)
            if is_dac:
                yield path, "vocabulary"
        yield path, self.attribute


@dataclass(frozen=True)
class Sort:
    """Which values are of some sort: texts by the number of their path, attributes by that of their source."""

    of_texts: npt.NDArray[np.bool_]
    of_attributes: npt.NDArray[np.bool_]


class Layout:
    """The paths that are read, compiled once: where each (path, tag) leads, which texts and attributes count."""

    def __init__(
        self,
        record: str,
        sources: Iterable[tuple[str, str | None]],
        words: Iterable[tuple[str, str | None]] = (),
        addresses: Iterable[tuple[str, str | None]] = (),
    ) -> None:
        """Compile paths.

        Args:
            record: name of the record element.
            sources: (path below the record, attribute) pairs; None for an element's text, "" for neither.
            words: those of them that are free text.
            addresses: those that are addresses of pages.
        """
        wanted = sorted(set(sources), key=lambda s: (s[0], s[1] or ""))
        paths = {""}
        for path, _ in wanted:
            steps = path.split("/") if path else []
            paths.update("/".join(steps[: i + 1]) for i in range(len(steps)))
        self.paths = ("?", *sorted(paths))
        self.number = {path: i for i, path in enumerate(self.paths)}
        self.parent = [self.number[path.rpartition("/")[0]] if i else 0 for i, path in enumerate(self.paths)]
        tags = sorted({record, *_OTHER_TAGS, *(path.rsplit("/", 1)[-1] for path in paths if path)})
        attributes = sorted({a for _, a in wanted if a} | set(_OTHER_ATTRIBUTES))
        self.tags, self.attributes = NameTable(tags), NameTable(attributes)
        self.record = self.tags.names.index(record)
        self.next = np.zeros((len(self.paths), len(self.tags.names)), np.int16)
        for path in paths - {""}:
            parent, _, tag = path.rpartition("/")
            self.next[self.number[parent], self.tags.names.index(tag)] = self.number[path]
        self.has_text = np.zeros(len(self.paths), bool)
        self.source = np.zeros((len(self.paths), len(self.attributes.names)), np.int16)
        self.source_number: dict[tuple[str, str], int] = {}
        for path, attribute in wanted:
            if attribute is None:
                self.has_text[self.number[path]] = True
            elif attribute:
                number = self.source_number[path, attribute] = len(self.source_number) + 1
                self.source[self.number[path], self.attributes.names.index(attribute)] = number
        self.words, self.addresses = self._sort(words), self._sort(addresses)

    def _sort(self, sources: Iterable[tuple[str, str | None]]) -> "Sort":
        """Sources as look-up tables."""
        of_texts, of_attributes = np.zeros(len(self.paths), bool), np.zeros(len(self.source_number) + 1, bool)
        for path, attribute in sources:
            if attribute is None:
                of_texts[self.number[path]] = True
            else:
                of_attributes[self.source_number[path, attribute]] = True
        return Sort(of_texts, of_attributes)
