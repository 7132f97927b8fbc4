"""What the invented world is made of: projects, and what each partner tells of them.

Place on the way: the values that the makers of the world fill, the writers of files write and `known` sums up.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from concerted.demo.catalogue import Partner, Texts, Theme

#: Places that are not in any list, as in `model/tables.py`.
REGIONAL, UNKNOWN = "REGIONAL", "UNKNOWN"

MoneyKind = Literal["pledge", "commitment", "disbursement", "expenditure", "incoming", "budget"]
#: `top` holds the money first, `middle` has it from another reporter, `presence` tells the work and no money.
Role = Literal["top", "middle", "presence"]


@dataclass
class Money:
    """One line of money in a file. `day` is its value date; `year` is what a budget is for, else that of the day.

    `is_true` is false for lines that are planted mistakes. What has no day or an unknown currency has no value in
    dollars: it is true, and in no figure. `raw` is what the file says instead of the amount.
    """

    kind: MoneyKind
    day: date | None
    value: Decimal
    currency: str
    is_true: bool = True
    year: int | None = None
    raw: str | None = None
    other_activity: str | None = None
    other_partner: Partner | None = None


@dataclass(frozen=True)
class Marking:
    """Who may see a telling: keys of `marking/keys.py`, and the level and partner of the coarse view."""

    precise: str = "CLEAR"
    coarse: str | None = None
    coarse_place_level: int = 1
    hide_partner: bool = False


OPEN = Marking()


@dataclass
class Project:
    """One true project.

    `actions` (nodes of the strategy) and `places` are true shares, as whole weights. `place_sure`: what the files say
    of the places leads to these shares.
    """

    number: int
    theme: Theme
    actions: list[tuple[str, int]]
    places: list[tuple[str, int]]
    start: date
    end: date
    status: str
    phase: int = 0
    place_sure: bool = True
    tellings: list["Telling"] = field(default_factory=list)


@dataclass
class Telling:
    """What one partner says of a project, in one file."""

    project: Project
    partner: Partner
    file: str
    identifier: str
    role: Role
    title: Texts
    text: Texts
    money: list[Money] = field(default_factory=list)
    declares: bool = False
    funder: Partner | None = None
    funder_activity: str | None = None
    funder_by_name: bool = False
    implementer: Partner | None = None
    implementer_activity: str | None = None
    related: list[tuple[str, str]] = field(default_factory=list)
    place_style: Literal["code", "point", "name"] = "code"
    faults: list[str] = field(default_factory=list)
    marking: Marking = OPEN
    canary: str | None = None


@dataclass
class World:
    """Everything invented: what is true, and who says what of it."""

    seed: int
    projects: list[Project]
    tellings: list[Telling]

    def of_file(self, file: str) -> list[Telling]:
        """The tellings of one file, in the order of their identifiers."""
        return [t for t in self.tellings if t.file == file]
