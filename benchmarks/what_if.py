"""How long a what-if takes on a national set, beside reading the same cells and doing nothing with them.

Run `python -m benchmarks.what_if DATA`: a folder with an edition of 10,000 activities (`benchmarks.steps_scale`).
"""

import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from concerted.codelists.frameworks import CellRule
from concerted.marking import KEEPER
from concerted.matching.what_if import Add, End, Money, Move, Rule, Sandbox
from concerted.publish.figures import default_framework
from concerted.store.edition import find_edition
from concerted.store.query import open_edition


def main() -> dict[str, Any]:
    """Print the seconds of one processor and give them back; nothing where no edition is named."""
    if len(sys.argv) < 2 or not Path(sys.argv[1]).is_dir():
        print("no folder with an edition was named; see the docstring")
        return {}
    folder = find_edition(Path(sys.argv[1]))
    framework = default_framework(folder)
    start = time.process_time()
    with open_edition(folder) as connection:
        connection.execute("SELECT * FROM out_cell WHERE grain = 'node_place_period'").fetchall()
        row = connection.execute("SELECT max(activity_id), count(DISTINCT activity_id) FROM out_allocation").fetchone()
    reading = time.process_time() - start
    assert row is not None
    start = time.process_time()
    sandbox = Sandbox(KEEPER, folder, framework)
    key = max((k for k in sandbox.money if k[0] != "ALL"), key=lambda k: (sandbox.money[k].best or 0, k))
    other = next(k for k in sorted(sandbox.money) if k[0] != key[0] and k[0] != "ALL")
    opened = time.process_time() - start
    best = sandbox.money[key].best or Decimal(1)
    start = time.process_time()
    changes = [Move(key, other, (best / 2).quantize(Decimal("0.01"))), Add(other, Money(best, best, best))]
    found = sandbox.compare([*changes, End(row[0], 2000), Rule(CellRule(covered=Decimal("0.5")))])
    answered = time.process_time() - start
    sandbox.close()
    print(f"{row[1]:,} activities, {len(sandbox.money):,} cells: opened {opened:.2f} s, answered {answered:.2f} s")
    print(f"{len(found)} cells differ; reading alone {reading:.2f} s, so x {(opened + answered) / reading:.1f}")
    return {"activities": row[1], "opened": opened, "answered": answered, "reading": reading}


if __name__ == "__main__":
    main()
