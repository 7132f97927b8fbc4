"""What is wrong with a strategy file, as codes with values, and in words in three languages.

Place on the way: below the readers of strategies. Enters: a code of `strategy_problems.yml`, where it was found,
values. Leaves: a sentence in the language of whoever reads it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from concerted.codelists import lists
from concerted.codelists.frameworks import Lang
from concerted.model.errors import ConfigError
from concerted.model.yaml import load_yaml

#: Problems shown at once; a file with more usually has one cause.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a strategy file: a path in YAML, or a sheet of a workbook and perhaps a row of it, counted from 1."""

    path: str = ""
    sheet: str | None = None
    row: int | None = None

    def text(self, lang: Lang) -> str:
        """As people find it."""
        if self.sheet is None:
            return self.path
        word: str = _words()["place"]["sheet" if self.row is None else "row"][lang]
        return word.format(sheet=self.sheet, row=self.row)


@dataclass(frozen=True, slots=True)
class Kind:
    """What stands where something else was expected; containers are only named, for an alias can make one endless."""

    name: str
    text: str | None = None

    def said(self, lang: Lang) -> str:
        """In words: `a list`, `str 'A'`."""
        kinds = _words()["kinds"]
        if self.text is None:
            return str(kinds[self.name][lang])
        word = kinds[self.name][lang] if self.name in kinds else self.name if lang == "en" else kinds["other"][lang]
        return f"{word} {self.text!r}"


@dataclass(frozen=True, slots=True)
class Choice:
    """Codes of a list, of which one is expected; in English as codes, else by their labels too."""

    list_id: str
    codes: tuple[str, ...]

    def said(self, lang: Lang) -> str:
        """The codes, separated by commas."""
        if lang == "en":
            return ", ".join(self.codes)
        return ", ".join(f"{code} ({lists.label(self.list_id, code, lang) or code})" for code in self.codes)


@dataclass(frozen=True, slots=True)
class Names:
    """Names that differ by language: of sheets or columns."""

    by_lang: Mapping[Lang, Sequence[str]]

    def said(self, lang: Lang) -> str:
        """The names in one language, separated by commas."""
        return ", ".join(self.by_lang[lang])


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend.

    Attributes:
        code: as in `strategy_problems.yml`.
        where: place in the file; null = the file as a whole.
        column: the field's name: in YAML as written there, in a workbook a `Names` of its headers.
        values: for the placeholders of the sentence.
    """

    code: str
    where: Where | None = None
    column: "str | Names | None" = None
    values: Mapping[str, Any] = field(default_factory=dict)

    def text(self, lang: Lang) -> str:
        """Where, what was found, what was expected and what to do."""
        values = {k: v.said(lang) if isinstance(v, Kind | Choice | Names) else v for k, v in self.values.items()}
        values |= {k: v.text(lang) for k, v in self.values.items() if isinstance(v, Where)}
        said: str = _words()[self.code][lang].format(**values)
        column = self.column.said(lang) if isinstance(self.column, Names) else self.column
        place = self.where.text(lang) if self.where else None
        if place and column:
            place = _words()["place"]["column"][lang].format(place=place, column=column)
        return str(_words()["place"]["said"][lang].format(place=place, said=said)) if place else said


class StrategyError(ConfigError):
    """A strategy file that cannot be used.

    Attributes:
        problems: everything that is wrong with it, in the order of the file.
    """

    def __init__(self, path: Path, problems: Sequence[Problem], *, is_whole: bool = False) -> None:
        self.problems = tuple(problems)
        if is_whole:
            super().__init__(f"{path}: {self.problems[0].text('en')}")
            return
        lines = "\n".join(f"  {line}" for line in self.lines("en"))
        super().__init__(f"{path}: {_words()['whole']['head']['en'].format(count=len(self.problems))}\n{lines}")

    def lines(self, lang: Lang) -> list[str]:
        """The first problems as sentences, and how many there are besides."""
        shown = [problem.text(lang) for problem in self.problems[:SHOWN]]
        more = len(self.problems) - len(shown)
        return [*shown, _words()["whole"]["more"][lang].format(count=more)] if more else shown


def detail(text: str, lang: Lang) -> str:
    """What a library says, in its own language, named as such."""
    said: str = _words()["whole"]["detail"][lang].format(detail=text)
    return said


def kind_of(value: Any) -> Kind:
    """What a value is, for messages."""
    if value is None or isinstance(value, (dict, list)):
        return Kind({type(None): "nothing", dict: "mapping", list: "list"}[type(value)])
    return Kind(type(value).__name__, str(value)[:60])


@cache
def _words() -> dict[str, Any]:
    document: dict[str, Any] = load_yaml(
        files("concerted.codelists").joinpath("strategy_problems.yml").read_text("utf-8")
    )
    return document
