"""The fixed parts of the invented world: places (facts), partners, themes and the strategy's tree (all invented).

Place on the way: data of the demonstration. The files of `demo/data` enter; frozen values leave.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from concerted.model.yaml import load_yaml

LANGS = ("fr", "en", "ar")
Texts = dict[str, str]

#: Stands in every text and in the metadata of every file, in the language of the text or in all three.
INVENTED: Texts = {"fr": "Données inventées", "en": "Invented data", "ar": "بيانات مختلقة"}
NOTICE = " / ".join(INVENTED[lang] for lang in LANGS)
#: Cercles whose name since 2023 is also that of a region: by name alone either may be meant.
NAMESAKES = frozenset({"ML0207", "ML0405", "ML0501", "ML0504"})
#: The short mark behind each title.
MARK: Texts = {"fr": "[démo]", "en": "[demo]", "ar": "[تجريبي]"}


@dataclass(frozen=True)
class Place:
    """A country, region or cercle, with the code of the humanitarian list of places (COD)."""

    code: str
    level: int
    parent: str | None
    name: Texts
    longitude: float
    latitude: float

    @property
    def admin1(self) -> str:
        """The region it lies in; a country stands for itself."""
        return self.parent if self.level == 2 and self.parent else self.code

    @property
    def country(self) -> str:
        """ISO 3166-1 alpha-2, with which the codes of all five countries begin."""
        return self.code[:2]


@dataclass(frozen=True)
class Partner:
    """An invented organisation. `publishes`: iati | sheet | hxl | none."""

    key: str
    group: str
    type_code: str
    acronym: str
    publishes: str
    name: Texts

    @property
    def ref(self) -> str:
        """Its organisation identifier; no register uses this prefix."""
        return f"XI-DEMO-{self.key}"


@dataclass(frozen=True)
class Theme:
    """What an activity is about. `objective` is a node of the strategy, None outside of it."""

    key: str
    objective: str | None
    dac: tuple[str, ...]
    pve: str
    trap: str | None
    actions: tuple[str, ...]
    titles: dict[str, tuple[str, ...]]
    text: Texts


@dataclass(frozen=True)
class StrategyNode:
    """One line of the invented strategy."""

    id: str
    parent: str | None
    name: Texts
    ministry: Texts | None = None
    indicator: Texts | None = None
    words: Texts | None = None
    dac: tuple[str, ...] = ()


@cache
def places() -> dict[str, Place]:
    """Places by code."""
    return {
        row["code"]: Place(
            row["code"],
            int(row["level"]),
            row["parent"] or None,
            {lang: row[lang] for lang in LANGS},
            float(row["longitude"]),
            float(row["latitude"]),
        )
        for row in csv.DictReader(_text("places.csv").splitlines())
    }


@cache
def partners() -> dict[str, Partner]:
    """The sixty invented partners by key."""
    return {
        row["key"]: Partner(
            row["key"],
            row["group"],
            row["type_code"],
            row["acronym"],
            row["publishes"],
            {lang: row[lang] for lang in LANGS},
        )
        for row in csv.DictReader(_text("partners.csv").splitlines())
    }


@cache
def themes() -> tuple[Theme, ...]:
    """What the invented activities are about."""
    rows: list[dict[str, Any]] = load_yaml(_text("themes.yml"))
    return tuple(
        Theme(
            row["key"],
            row.get("objective"),
            tuple(row["dac"]),
            row["pve"],
            row.get("trap"),
            tuple(row.get("actions", ())),
            {lang: tuple(texts) for lang, texts in row["title"].items()},
            row["text"],
        )
        for row in rows
    )


@cache
def strategy_nodes() -> dict[str, StrategyNode]:
    """The tree of the invented strategy by id, parents before children."""
    nodes: dict[str, StrategyNode] = {}

    for pillar in load_yaml(_text("strategy.yml"))["pillars"]:
        top, *names = pillar["node"]
        nodes[top] = StrategyNode(top, None, _texts(names))
        for objective in pillar["objectives"]:
            middle, *names = objective["node"]
            nodes[middle] = StrategyNode(
                middle,
                top,
                _texts(names),
                ministry=_texts(objective["ministry"]),
                indicator=_texts(objective["indicator"]),
                words=_texts(objective["words"]),
                dac=tuple(objective["dac"].split()),
            )
            for action, *names in objective["actions"]:
                nodes[action] = StrategyNode(action, middle, _texts(names))
    return nodes


def _texts(values: list[str]) -> Texts:
    return dict(zip(LANGS, values, strict=True))


@cache
def _text(name: str) -> str:
    return (files("concerted.demo") / "data" / name).read_text("utf-8")
