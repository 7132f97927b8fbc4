"""Versions as a viewer may read them, what is in force, and what the figures of an edition become by a remap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

from concerted.codelists.frameworks import STATUSES, Framework
from concerted.codelists.frameworks import Status as StatusWord
from concerted.marking import Viewer
from concerted.model.tables import UNCLASSIFIED
from concerted.strategies import remap as remapping
from concerted.strategies.crosswalk_file import Said
from concerted.web.accounts.roles import Role
from concerted.web.edition.scope import Scope
from concerted.web.strategy.models import Related, Remap, Status, Step, Version
from concerted.web.strategy.texts import framework_of

#: What everybody who is signed in may read; a draft is the secretariat's.
SHOWN = frozenset({Status.CONSULTATION, Status.ADOPTED, Status.REVIEW, Status.SUPERSEDED})
IN_FORCE = frozenset({Status.ADOPTED, Status.REVIEW})


@dataclass(frozen=True)
class Lived:
    """A version with its life so far, oldest step first."""

    version: Version
    steps: tuple[Step, ...]

    @property
    def status(self) -> str:
        """Where it stands now."""
        return self.steps[-1].status

    @property
    def adoption(self) -> Step | None:
        """The step by which it was adopted last."""
        return next((step for step in reversed(self.steps) if step.status == Status.ADOPTED), None)

    @property
    def is_in_force(self) -> bool:
        """Whether the picture is drawn against it."""
        return self.status in IN_FORCE

    @property
    def framework(self) -> Framework:
        """The strategy with its status of today."""
        adopted = self.adoption
        return replace(
            framework_of(self.version.text),
            status=_word(self.status),
            adopted_by=adopted.act if adopted else None,
            adopted_date=adopted.day if adopted else None,
        )


def _word(status: str) -> StatusWord:
    return next(each for each in STATUSES if each == status)


def lives() -> list[Lived]:
    """Every version, the newest step first."""
    steps: dict[UUID, list[Step]] = {}
    for step in Step.objects.select_related("version"):
        steps.setdefault(step.version_id, []).append(step)
    found = [Lived(of[0].version, tuple(of)) for of in steps.values()]
    return sorted(found, key=lambda each: -each.steps[-1].sequence)


def readable(viewer: Viewer) -> list[Lived]:
    """The versions that a viewer may read."""
    return [each for each in lives() if Role.SECRETARIAT in viewer.roles or was_shown(each)]


def was_shown(lived: Lived) -> bool:
    """Whether partners have been shown it: a draft that was set aside has been seen by nobody."""
    return any(step.status in SHOWN - {Status.SUPERSEDED} for step in lived.steps)


def find(viewer: Viewer, version: UUID) -> Lived | None:
    """A version, if the viewer may read it."""
    return next((each for each in readable(viewer) if each.version.pk == version), None)


def in_force() -> Lived | None:
    """The version in force; null before one was adopted here."""
    return next((each for each in lives() if each.is_in_force), None)


def last_sequence() -> int:
    """The number of the newest step; 0 before the first."""
    return Step.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0


def remap_between(old: UUID, new: UUID) -> Remap | None:
    """Where lines go from one version to another, as it was said last."""
    return Remap.objects.filter(old=old, new=new).order_by("-pk").first()


def line_of_adoption() -> list[Version]:
    """Versions that were in force, in the order in which they came into force; each one once."""
    found: dict[UUID, Version] = {}
    for step in Step.objects.filter(status=Status.ADOPTED).select_related("version"):
        found.setdefault(step.version_id, step.version)
    return list(found.values())


def steps_to(new: Version) -> list[remapping.Step]:
    """The remaps that lead from the first version in force to `new`, in their order.

    One that is missing ends the way there: nothing is known of what came before it.
    """
    line = line_of_adoption()
    at = next((place for place, version in enumerate(line) if version.pk == new.pk), len(line))
    chain = [*line[:at], new]
    found: list[remapping.Step] = []
    for old, to in pairwise(chain):
        kept = remap_between(old.pk, to.pk)
        if kept is None:
            found = []
        else:
            found.append(remapping.Step(framework_of(old.text), kept.shares, kept.said_by, kept.said_on))
    return found


def relations() -> list[Related]:
    """What is said of pairs of nodes and holds, in the order of the pairs."""
    last: dict[tuple[str, str, str, str], Related] = {}
    for row in Related.objects.all():
        last[row.from_framework, row.from_node, row.to_framework, row.to_node] = row
    return [last[pair] for pair in sorted(last) if last[pair].relation]


def said(row: Related) -> Said:
    """A row as the build reads it."""
    return Said(
        row.from_framework,
        row.from_node,
        row.to_framework,
        row.to_node,
        row.relation,
        row.said_by,
        row.said_on,
        row.from_version,
        row.to_version,
        row.note,
    )


@dataclass(frozen=True)
class Amounts:
    """Low, best and high of one line in dollars, to the cent."""

    low: Decimal
    best: Decimal
    high: Decimal


@dataclass(frozen=True)
class Totals:
    """What the viewer's edition says of one kind of money, before and after a remap, each line with all below it.

    Attributes:
        total_before, total_after: sums over all, with what belongs to no line; equal to the cent.
        nowhere: of it what belongs to no line, before and after alike.
    """

    before: Mapping[str, Amounts]
    after: Mapping[str, Amounts]
    total_before: Amounts
    total_after: Amounts
    nowhere: Amounts


_ENDS = ("low", "best", "high")


def kinds_of_money(scope: Scope, framework: str) -> list[str]:
    """Kinds of money that the viewer's edition has of a framework."""
    rows = scope.rows(
        "SELECT DISTINCT finance_kind FROM out_allocation WHERE framework_id = $framework AND high_usd IS NOT NULL"
        f" AND {scope.filter.sql()} ORDER BY 1",
        {"framework": framework},
    )
    return [kind for (kind,) in rows]


def totals(scope: Scope, old: Framework, new: Framework, shares: remapping.Remap, kind: str) -> Totals:
    """The edition's own figures before and after; lines without a place to go keep theirs until they have one."""
    rows = scope.remember(
        ("remap totals", old.id, kind),
        lambda: scope.rows(
            "SELECT node_id, sum(low_usd), sum(best_usd), sum(high_usd) FROM out_allocation"
            f" WHERE framework_id = $framework AND finance_kind = $kind AND {scope.filter.sql()} GROUP BY node_id",
            {"framework": old.id, "kind": kind},
        ),
    )
    own = {
        end: {row[0]: _cents(row[at + 1]) for row in rows if row[at + 1] is not None} for at, end in enumerate(_ENDS)
    }
    moved = {end: remapping.totals_after(amounts, shares) for end, amounts in own.items()}
    return Totals(
        _by_line([remapping.rolled_up(own[end], old) for end in _ENDS]),
        _by_line([remapping.rolled_up(moved[end], new) for end in _ENDS]),
        _amounts([sum(own[end].values()) for end in _ENDS]),
        _amounts([sum(moved[end].values()) for end in _ENDS]),
        _amounts([moved[end].get(UNCLASSIFIED, 0) for end in _ENDS]),
    )


def _cents(value: Decimal) -> int:
    return int(value.scaleb(2).to_integral_exact())


def _amounts(ends: Sequence[int]) -> Amounts:
    return Amounts(*(Decimal(end).scaleb(-2) for end in ends))


def _by_line(ends: Sequence[Mapping[str, int]]) -> dict[str, Amounts]:
    return {line: _amounts([end[line] for end in ends]) for line in ends[0]}
