"""Money told twice: the laws on random chains with known truth, and gross beside net on real files.

`python -m benchmarks.chain [folder] [--chains N]`. The chains are those of `tests/chain/worlds.py`, whose truth is
plain fractions; the folder (default: the real publishers) is built in a temporary place.
"""

import argparse
import random
import tempfile
import time
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from tests.chain.worlds import known_ledger, make_world, partly_known_ledger

from benchmarks.rebuild import DEFAULT
from concerted.chain.doubles import find_doubles
from concerted.chain.levels import count_at


def random_chains(count: int) -> dict[str, float]:
    """Share of chains for which each law holds, and the width of low to high as a share of gross."""
    inside = conserved = exact = complete = 0
    width = gross = 0
    for seed in range(count):
        rng = random.Random(seed)  # noqa: S311 (not a secret)
        world = make_world(rng)
        truth = sum(world.net_at(frozenset()).values(), Fraction(0))
        ledger, _ = partly_known_ledger(world, rng)
        found = find_doubles(ledger)
        rounding = len(world.transfers)
        low, high = (ledger.gross - int(side.sum()) for side in (found.given.high, found.given.low))
        inside += low - rounding <= truth <= high + rounding
        net = ledger.gross - int(found.given.best.sum())
        levels = (np.array([rng.random() < share for _ in range(len(ledger))], np.bool_) for share in (0.0, 0.4, 1.0))
        conserved += all(int(count_at(ledger, found.links, at).sum()) == net for at in levels)
        width, gross = width + high - low, gross + ledger.gross
        if all(world.is_told(activity) for activity in range(len(world.org))):
            ledger, _ = known_ledger(world)
            found = find_doubles(ledger)
            net, complete = ledger.gross - int(found.given.best.sum()), complete + 1
            is_one = bool((found.given.low == found.given.high).all())
            exact += is_one and abs(net - truth) <= len(found.links) + 1
    return {
        "chains": count,
        "truth_inside": inside / count,
        "levels_conserve": conserved / count,
        "all_known_exact": exact / complete if complete else float("nan"),
        "width_share_of_gross": width / gross if gross else float("nan"),
    }


def real_files(folder: Path) -> dict[str, float]:
    """Gross and net of all money that left, in dollars, and how many links say so."""
    from concerted.build import build
    from concerted.marking import PUBLIC
    from concerted.publish.chain import asking, links, totals
    from concerted.steps import BuildRequest

    with tempfile.TemporaryDirectory() as scratch:
        edition = build([str(folder)], Path(scratch), BuildRequest(as_of=date(2021, 6, 15))).folder
        with asking(PUBLIC, edition) as asked:
            spent = next(total for total in totals(asked) if total.book == "spent")
            found = links(asked, "spent")
    figures = {f"{name}_usd": float(getattr(spent, name)) for name in ("gross", "low", "best", "high")}
    return figures | {"certain_usd": float(spent.gross - spent.high), "links": len(found)}


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--chains", type=int, default=10_000)
    options = parser.parse_args(arguments or [])
    began = time.process_time()
    figures: dict[str, Any] = random_chains(options.chains)
    figures["chains_cpu_s"] = time.process_time() - began
    if options.folder.is_dir():
        figures |= real_files(options.folder)
    else:
        print(f"{options.folder} is not there: real files are left out")
    for name, value in figures.items():
        print(f"{name:24} {value:,.4f}")
    return figures


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
