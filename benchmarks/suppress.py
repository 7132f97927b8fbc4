"""What it takes to choose the totals of a national table that may be told, and how careful the choice is.

Run `python -m benchmarks.suppress`. Generated: 61 nodes and 738 places in two trees; parts at random. Beside it small
tables, in which a choice that asks the linear program about each total shows how many more could be told.
"""

import random
import time
from collections import defaultdict
from typing import Any

from concerted.marking.hidden_rule import HiddenRule
from concerted.marking.suppress import Part, Told, Tree, cells_of, choose_totals
from concerted.marking.suppress_audit import audit

#: Parts of the three tables; a hidden record has about three.
SIZES = (300, 3_000, 30_000)
SMALL_TABLES = 24


def main() -> dict[str, Any]:
    """Print the tables and give the figures back."""
    return {"national": [_national(size) for size in SIZES], "careful": _careful()}


def _trees() -> tuple[Tree, Tree]:
    nodes: dict[str, str | None] = {"ALL": None}
    for pillar in range(5):
        nodes[str(pillar)] = "ALL"
        nodes |= {f"{pillar}.{i}": str(pillar) for i in range(11)}
    places: dict[str, str | None] = {"ML": None}
    for region in range(11):
        places[f"ML{region:02}"] = "ML"
        for district in range(6):
            above = f"ML{region:02}{district:02}"
            places[above] = above[:4]
            places |= {f"{above}{i:02}": above for i in range(10)}
    return nodes, places


def _national(size: int) -> dict[str, Any]:
    nodes, places = _trees()
    rnd = random.Random(size)  # noqa: S311 (not a secret)
    lines, spots = [n for n in nodes if "." in n], sorted(places)

    def part(record: str, owner: str) -> Part:
        values = (rnd.randint(1_000, 9_000_000), rnd.randint(0, 3_000))
        return Part(record, owner, rnd.choice(lines), rnd.choice(spots), values)

    parts = [part(f"r{i // 3}", f"o{rnd.randrange(60)}") for i in range(size)]
    new = [part(f"n{i}", f"o{rnd.randrange(60)}") for i in range(size // 20)]
    rule = HiddenRule()
    first, seconds = _timed(lambda: choose_totals(parts, nodes, places, rule))
    second, again = _timed(lambda: choose_totals([*parts, *new], nodes, places, rule, [first]))
    cells = len({cell for p in parts for cell in cells_of(p, nodes, places)})
    found = {"parts": size, "cells": cells, "told": len(first.cells), "seconds": round(seconds, 2)}
    found |= {"next_seconds": round(again, 2), "new": len(new), "held": len(second.held)}
    print("  ".join(f"{name} {value:,}" for name, value in found.items()), flush=True)
    return found


def _timed(make: Any) -> tuple[Told, float]:
    start = time.process_time()
    told: Told = make()
    return told, time.process_time() - start


def _careful() -> dict[str, int]:
    """Totals told of small tables, and how many a choice that asks the linear program each time would tell."""
    nodes: Tree = {"ALL": None, "1": "ALL", "1.1": "1", "1.2": "1", "2": "ALL", "3": "ALL"}
    places: Tree = {"ML": None, "ML01": "ML", "ML02": "ML", "ML0201": "ML02", "ML0202": "ML02", "ML03": "ML"}
    rule, counts = HiddenRule(), {"told": 0, "by_linear_program": 0, "breaches": 0}
    for seed in range(SMALL_TABLES):
        rnd = random.Random(seed)  # noqa: S311 (not a secret)
        spots = [(rnd.choice(sorted(nodes)), rnd.choice(sorted(places))) for _ in range(rnd.randint(6, 16))]
        parts = [Part(f"r{i}", rnd.choice("abcdef"), n, p, (rnd.randint(50, 200),)) for i, (n, p) in enumerate(spots)]
        told = choose_totals(parts, nodes, places, rule)
        counts["told"] += len(told.cells)
        counts["breaches"] += len(audit([told], nodes, places, rule))
        counts["by_linear_program"] += len(_asking(parts, told, nodes, places, rule))
    print(counts, flush=True)
    return counts


def _asking(parts: list[Part], told: Told, nodes: Tree, places: Tree, rule: HiddenRule) -> dict[Any, Any]:
    inside: defaultdict[tuple[str, str], set[Part]] = defaultdict(set)
    for part in parts:
        for cell in cells_of(part, nodes, places):
            inside[cell].add(part)
    cells = dict(told.cells)
    for cell in sorted(inside, key=lambda c: (-len(inside[c]), c)):
        trial = {**cells, cell: frozenset(inside[cell])}
        is_enough = len({p.owner for p in inside[cell]}) >= rule.organisations
        if cell not in cells and is_enough and not audit([Told(trial)], nodes, places, rule):
            cells = trial
    return cells


if __name__ == "__main__":
    main()
