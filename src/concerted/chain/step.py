"""Step `chain`: which money is told twice, by whom and how surely.

Enters: resolved statements, their transactions and relations. Leaves: for every transaction (of money that left an
activity, was committed or pledged) the cents that another statement told before, at least, likely and at most; the
links that say so; and each amount once at three levels of the chain.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import ibis.expr.types as ir
import numpy as np

from concerted.chain.arrays import Ints
from concerted.chain.doubles import SIGNS
from concerted.chain.ledger import Pairs
from concerted.chain.rows import BOOK_NAMES, LEVELS, SIDES, Found, ShownLinks, all_rows, double_rows, level_rows
from concerted.chain.told import told_by, transaction_flows
from concerted.chain.worlds import worlds
from concerted.judgements.decisions import Decision, activity_pairs
from concerted.store.precedence import set_aside, transaction_kind, without_aside
from concerted.store.step import WORDS, StepResult, Tables

NAME = "chain"
INPUTS = (
    "core_activity",
    "core_transaction",
    "core_participating_org",
    "core_organisation",
    "core_activity_link",
    "core_activity_relation",
    "core_precedence",
)
OUTPUTS = ("core_double", "core_money_link", "core_money_link_end", "core_money_level")

#: OrganisationType codes of those who are of the country they work in (IATI): local government, national NGO, partner
#: country based NGO.
OF_THE_COUNTRY = ("11", "22", "24")


@dataclass(frozen=True)
class Params:
    """What people decided about pairs of activities.

    Attributes:
        funds: (giver, receiver) activity ids judged to stand in a chain.
        different: (giver, receiver) activity ids judged to hold different money.
        countries: ISO 3166-1 alpha-2 codes whose organisations are of the country.
    """

    funds: tuple[tuple[int, int], ...] = ()
    different: tuple[tuple[int, int], ...] = ()
    countries: tuple[str, ...] = field(default=("BF", "ML", "MR", "NE", "TD"))


class Context(Protocol):
    """What this step takes from the build's context."""

    @property
    def decisions(self) -> Sequence[Decision]:
        """What people decided."""
        ...


def params(context: Context) -> Params:
    """What people decided about money between activities: a part is funded by the whole."""
    parts = ((whole, part) for part, whole in activity_pairs(context.decisions, "part_of"))
    return Params(
        funds=tuple(sorted({*activity_pairs(context.decisions, "funds"), *parts})),
        different=activity_pairs(context.decisions, "different", "successor_of"),
    )


def unread(_params: object) -> Mapping[str, Sequence[str]]:
    """Columns that change nothing here."""
    return WORDS


def run(tables: Tables, params: Params) -> StepResult:
    """Find what is told twice, in the world of every marking."""
    # Of what an organisation tells in two sources only the one counts that it decided for: the other is in no world.
    counted = without_aside(tables["core_transaction"], set_aside(tables["core_precedence"]), transaction_kind)
    flows = transaction_flows(counted).cache()
    # Who says that two activities hold different money says it of both ways.
    both_ways = [*params.different, *((right, left) for left, right in params.different)]
    told = told_by(
        tables["core_activity"],
        flows,
        tables["core_participating_org"],
        tables["core_activity_link"],
        tables["core_activity_relation"],
        tables["core_precedence"],
        funds=Pairs.of(params.funds),
        apart=Pairs.of(both_ways),
    )
    at_home = _at_home(tables["core_organisation"], params.countries)
    marking_of = {number: (view, key) for (view, key), number in sorted(told.order.numbers.items(), reverse=True)}
    found: list[Found] = []
    keys = sorted(key for view, key in marking_of.values() if view == "precise")
    links, ends, levels = [], [], []
    for book, world in worlds(told):
        view, key = marking_of[world.mark]
        found.append(Found.of(book, view, world))
        if view == "precise":
            shown = ShownLinks(told.numbering, book, key, keys.index(key), world)
            links.append(shown.links())
            ends.append(shown.ends())
            levels.append(level_rows(told.numbering, book, keys.index(key), world, at_home))
            del shown
        # The next world is worked out before the loop lets go of this one by itself.
        del world
    return StepResult(
        tables={
            "core_double": double_rows(flows, told, found),
            "core_money_link": all_rows("money_link", links, book=BOOK_NAMES, sign=tuple(SIGNS), marking_key=keys),
            "core_money_link_end": all_rows("money_link_end", ends, side=SIDES, marking_key=keys),
            "core_money_level": all_rows("money_level", levels, book=BOOK_NAMES, level=LEVELS, marking_key=keys),
        }
    )


def _at_home(organisation: ir.Table, countries: tuple[str, ...]) -> Ints:
    """Ids of organisations of the countries: by type, or because their reference begins with a country's code."""
    of_type = organisation.type_code.isin(OF_THE_COUNTRY).fill_null(False)
    prefix = organisation.ref.substr(0, 3).isin([f"{code}-" for code in countries]).fill_null(False)
    found = organisation.filter(of_type | prefix).select("org_id").distinct().order_by("org_id").to_pyarrow()
    return np.asarray(found["org_id"].to_numpy(zero_copy_only=False)).astype(np.int64)
