"""A package as one reader sees it: its parts with what is known of them, their order, budget, gaps and risks.

Everything is worked out from the parts that this reader sees, and from nothing else: a part that he may not see, or
that its partner has not agreed to show, is in no figure, no order and no risk, and whether there is one is told to the
package's owner alone, who put it there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from concerted.marking import Viewer
from concerted.matching.packages.budget import Budget, budget
from concerted.matching.packages.gaps import Filling, gaps
from concerted.matching.packages.leaving import Leaving, if_left
from concerted.matching.packages.order import Schedule, Times, schedule
from concerted.matching.packages.parts import Part, Range
from concerted.web.edition.money import Money
from concerted.web.edition.scope import Scope
from concerted.web.packages import facts, queries
from concerted.web.packages.components import Component, components_of
from concerted.web.packages.facts import Fact
from concerted.web.packages.models import Package, PackagePart
from concerted.web.packages.queries import Placed

_UNKNOWN = Times(None, None)


@dataclass(frozen=True)
class Line:
    """A part as the reader sees it.

    Attributes:
        number: its place among those that this reader sees, from 1.
        partner: what who answers for it is called.
        standing: where its consent stands; empty for readers whom that does not concern.
        answer: what the reader's organisation said to being shown, where it answers for the part; else empty.
        waits_for: numbers of the parts that it waits for.
        is_critical: it lies on the critical path.
    """

    placed: Placed
    fact: Fact
    part: Part
    number: int
    partner: str
    standing: str
    answer: str
    waits_for: tuple[int, ...] = ()
    times: Times = _UNKNOWN
    is_critical: bool = False

    @property
    def row(self) -> PackagePart:
        """The part in the registry."""
        return self.placed.row

    @property
    def money(self) -> Money | None:
        """Of an activity, what is committed; of another kind of money where nothing is said of that."""
        found = next((self.part.money[kind] for kind in SHOWN if kind in self.part.money), None)
        return money_of(found) if found else None


#: Kinds of money that stand for an activity in a list, the first that is known.
SHOWN = ("commitment", "budget", "planned_disbursement", "disbursement", "expenditure")


@dataclass(frozen=True)
class Shown:
    """A component on the board."""

    component: Component
    filling: Filling
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Board:
    """What a reader sees of a package.

    Attributes:
        is_own: the reader's organisation keeps it.
        outside: parts that belong to no component.
        lost: for the owner alone, parts of which nothing is to be seen any more.
        names: of partners, as `leaving` calls them.
    """

    package: Package
    is_own: bool
    components: tuple[Shown, ...]
    outside: tuple[Line, ...]
    lines: tuple[Line, ...]
    schedule: Schedule
    budget: Budget
    needs_open: tuple[Line, ...]
    leaving: tuple[Leaving, ...]
    lost: tuple[Placed, ...]
    names: Mapping[str, str]

    def line(self, key: str) -> Line:
        """The line of a part."""
        return next(each for each in self.lines if each.part.key == key)

    @property
    def path(self) -> tuple[Line, ...]:
        """The critical path, first to last."""
        return tuple(self.line(key) for key in self.schedule.path)


def board(viewer: Viewer, scope: Scope | None, package: Package, lang: str) -> Board:
    """A package that the viewer may read, as he sees it."""
    placed, organisation = queries.parts_of(viewer, package), queries.own(viewer)
    known = facts_of(viewer, scope, [each.row for each in placed], lang)
    seen = [each for each in placed if each.row.pk in known]
    is_own = organisation == package.owner_id
    parts = [core_part(each.row, known[each.row.pk]) for each in seen]
    found, components = schedule(parts), components_of(package, scope.edition if scope else None, lang)
    numbers = {part.key: at for at, part in enumerate(parts, 1)}
    lines = tuple(
        Line(
            each,
            known[each.row.pk],
            part,
            numbers[part.key],
            each.row.partner.label(lang) if each.row.partner else known[each.row.pk].organisation,
            each.standing if is_own or organisation in each.row.partners else "",
            "" if organisation is None else each.answers.get(organisation, ""),
            tuple(sorted(numbers[key] for key in part.after if key in numbers)),
            found.times.get(part.key, _UNKNOWN),
            part.key in found.path,
        )
        for each, part in zip(seen, parts, strict=True)
    )
    keys = [each.key for each in components]
    open_ = gaps(parts, keys)
    return Board(
        package,
        is_own,
        tuple(
            Shown(each, filling, tuple(line for line in lines if line.part.component == each.key))
            for each, (_, filling) in zip(components, open_.components, strict=True)
        ),
        tuple(line for line in lines if line.part.component not in keys),
        lines,
        found,
        budget(parts),
        tuple(line for line in lines if line.part.key in open_.needs),
        if_left(parts, keys),
        tuple(each for each in placed if each.row.pk not in known) if is_own else (),
        {line.part.partner: line.partner for line in lines},
    )


def facts_of(viewer: Viewer, scope: Scope | None, rows: list[PackagePart], lang: str) -> dict[int, Fact]:
    """What the viewer may know of each part, by its id."""
    by_kind: dict[str, Any] = {"activity": facts.activities, "need": facts.needs}
    found: dict[int, Fact] = {}
    for kind, read in by_kind.items():
        of_kind = {row.pk: row.statement for row in rows if row.kind == kind and row.statement is not None}
        told = read(viewer, scope, of_kind.values(), lang)
        found |= {pk: told[statement] for pk, statement in of_kind.items() if statement in told}
    pairs = {row.pk: row.match for row in rows if row.kind == "match" and row.match is not None}
    matched = facts.matches(viewer, scope, pairs.values(), lang) if pairs else {}
    return found | {pk: matched[match] for pk, match in pairs.items() if match in matched}


def core_part(row: PackagePart, fact: Fact) -> Part:
    """A part as `matching.packages` takes it."""
    return Part(
        str(row.pk),
        row.kind,  # type: ignore[arg-type]  # a constraint of the table
        row.component,
        _who(row.partner_id, fact),
        frozenset(str(each.pk) for each in row.waits_for.all()),
        fact.start,
        fact.end,
        row.days,
        fact.has_begun,
        fact.due,
        fact.is_live,
        None if fact.activity is None else str(fact.activity),
        str(row.statement if row.kind == "need" else fact.need) if row.kind != "activity" else None,
        fact.money,
        fact.missing,
        fact.amount,
        fact.unit,
        fact.is_agreed,
    )


def _who(partner: UUID | None, fact: Fact) -> str:
    return str(partner) if partner else f"name {fact.reference or fact.organisation}"


def money_of(amount: Range) -> Money:
    """A range as pages write it."""
    return Money(amount.low, amount.best, amount.high, amount.gross)
