"""How far the signs of the money chain can be trusted: names hidden where both sides give them, and looked for again.

`python -m benchmarks.chain_signs [folder] [--edition FOLDER]`. Where giver and receiver name each other's activities it
is known what is told twice. With these names hidden and only the organisations left, weaker signs take their place: of
what each allows at most, the share that is truly told twice is what its percentage should be. Looked at are only
receivers of which the truth is known.
"""

import argparse
import tempfile
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import numpy as np

from benchmarks.rebuild import DEFAULT
from concerted.chain import step
from concerted.chain.arrays import Ints, keyed, sums
from concerted.chain.doubles import SIGNS, Doubles, find_doubles
from concerted.chain.ledger import NOBODY, UNKNOWN, Flows, Incomes, Ledger, Pairs
from concerted.chain.told import told_by, transaction_flows
from concerted.chain.worlds import worlds

_BY_NAME = ("named", "named_by_receiver")
_SIGNS = [*SIGNS]


@dataclass
class Trusted:
    """One sign in one book: receivers, and cents that are truly told twice of those that it allows at most."""

    receivers: int = 0
    truly: int = 0
    most: int = 0


def hidden(ledger: Ledger) -> Ledger:
    """The ledger with no activity named on either side; the organisations stay, or stand in for their activities."""
    flows, incomes, owners = ledger.flows, ledger.incomes, ledger.owners

    def of(activity: Ints, organisation: Ints) -> Ints:
        return np.where((activity != UNKNOWN) & (organisation == NOBODY), np.r_[owners, NOBODY][activity], organisation)

    def summed(who: Ints, organisation: Ints, amount: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        number, (left, right) = keyed(who, organisation)
        return left, np.full(len(left), UNKNOWN), right, sums(number, amount, len(left))

    return replace(
        ledger,
        flows=Flows(*summed(flows.giver, of(flows.receiver, flows.receiver_org), flows.amount)),
        incomes=Incomes(*summed(incomes.receiver, of(incomes.provider, incomes.provider_org), incomes.amount)),
        above=Pairs.of(),
        retold=Pairs.of(),
    )


def known(doubles: Doubles) -> dict[tuple[int, int], int]:
    """Cents certainly told twice by name, by (giver's organisation, receiving activity)."""
    links = doubles.links
    found: dict[tuple[int, int], int] = defaultdict(int)
    for link, receiver, low in zip(
        *(a.tolist() for a in (links.into.pool, links.into.row, links.into.low)), strict=True
    ):
        if _SIGNS[links.kind[link]] in _BY_NAME and low:
            found[int(links.giver_org[link]), receiver] += low
    return found


def trusted(ledger: Ledger) -> dict[str, Trusted]:
    """Each sign that takes the place of hidden names."""
    truth, links = known(find_doubles(ledger)), find_doubles(hidden(ledger)).links
    by_receiver: dict[int, int] = defaultdict(int)
    for (_, receiver), low in truth.items():
        by_receiver[receiver] += low
    found: dict[str, Trusted] = defaultdict(Trusted)
    for link, receiver, high in zip(
        *(a.tolist() for a in (links.into.pool, links.into.row, links.into.high)), strict=True
    ):
        if receiver in by_receiver:
            giver, sign = int(links.giver_org[link]), found[_SIGNS[links.kind[link]]]
            true = truth.get((giver, receiver), 0) if giver != NOBODY else by_receiver[receiver]
            sign.receivers, sign.truly, sign.most = sign.receivers + 1, sign.truly + min(true, high), sign.most + high
    return found


def ledgers(edition: Path) -> list[tuple[str, Ledger]]:
    """The ledgers of an edition, each book as everybody sees it."""
    connection = ibis.duckdb.connect()
    tables = {name: connection.read_parquet(edition / f"{name}.parquet", table_name=name) for name in step.INPUTS}
    told = told_by(
        tables["core_activity"],
        transaction_flows(tables["core_transaction"]).cache(),
        tables["core_participating_org"],
        tables["core_activity_link"],
        tables["core_activity_relation"],
        tables["core_precedence"],
        funds=Pairs.of(),
        apart=Pairs.of(),
    )
    open_to_all = told.order.numbers["precise", "CLEAR"]
    return [(book, world.ledger) for book, world in worlds(told) if world.mark == open_to_all]


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    """Print, per book and sign, what is said, what is true, and of how many receivers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--edition", type=Path, help="a finished edition instead of building one")
    options = parser.parse_args(arguments or [])
    if options.edition:
        return _printed(ledgers(options.edition))
    if not options.folder.is_dir():
        print(f"{options.folder} is not there: nothing is measured")
        return {}
    from concerted.build import build
    from concerted.steps import BuildRequest

    with tempfile.TemporaryDirectory() as scratch:
        return _printed(
            ledgers(build([str(options.folder)], Path(scratch), BuildRequest(as_of=date(2021, 6, 15))).folder)
        )


def _printed(found: list[tuple[str, Ledger]]) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for book, ledger in found:
        for sign, seen in sorted(trusted(ledger).items(), key=lambda item: _SIGNS.index(item[0])):
            share = seen.truly / seen.most if seen.most else float("nan")
            figures[f"{book}_{sign}"] = share
            print(
                f"{book:14}{sign:24} said {SIGNS[sign]:3} %, true {share:6.1%} of {seen.most / 1e8:9,.1f} m USD,"
                f" {seen.receivers} receivers"
            )
    return figures


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
