"""Regional bodies and which countries belonged to them when: data with dates, never a setting.

Enters: `regional_bodies.yml`. Leaves: bodies with their memberships, and the members on a day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from concerted.model.errors import ConfigError
from concerted.model.yaml import load_yaml


@dataclass(frozen=True)
class Membership:
    """A country belonged from `since` up to the day before `until`; null = it still does.

    Attributes:
        is_year: of `since` only the year is known; it counts from its first day.
    """

    country: str
    since: date
    until: date | None
    is_year: bool = False


@dataclass(frozen=True)
class RegionalBody:
    """A body with its memberships, in the order of countries; `until` is the day on which it was dissolved."""

    id: str
    name: Mapping[str, str]
    since: date
    until: date | None
    source: str
    memberships: tuple[Membership, ...]


@cache
def bodies() -> tuple[RegionalBody, ...]:
    """Every body that is shipped, in the order of the file.

    Raises:
        ConfigError: the file holds a spell that ends before it begins.
    """
    rows: list[dict[str, Any]] = load_yaml(
        files("concerted.codelists").joinpath("regional_bodies.yml").read_text("utf-8")
    )
    return tuple(
        RegionalBody(
            row["id"],
            row["name"],
            row["since"],
            row.get("until"),
            row["source"],
            tuple(_membership(country, said) for country, said in sorted(row["members"].items())),
        )
        for row in rows
    )


def members(body: RegionalBody, day: date) -> list[str]:
    """Codes of the countries that belonged to a body on a day, in their order."""
    return sorted(
        each.country for each in body.memberships if each.since <= day and (each.until is None or day < each.until)
    )


def _membership(country: str, said: object) -> Membership:
    first, _slash, last = str(said).partition("/")
    is_year = len(first) == 4
    since = date(int(first), 1, 1) if is_year else date.fromisoformat(first)
    until = date.fromisoformat(last) if last else None
    if until is not None and until <= since:
        raise ConfigError(f"regional_bodies.yml: {country} ends on {until}, before it begins on {since}")
    return Membership(country, since, until, is_year)
