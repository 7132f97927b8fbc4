"""How long a what-if takes on a national set, beside opening the matrix page and beside drawing the picture anew.

`python -m benchmarks.what_if --activities 10000 --keep FOLDER` generates a set as `steps_scale` does (and finds it
again there); `--edition DATA` takes a data folder that is there. Each list of changes is told once as the command tells
it, every cell that differs, and asked for once as a page: figures, matrix, map and table. With `--rebuild` the picture
is also drawn anew, which the same question would cost at least without a what-if. Processor seconds, because the clock
of a shared machine says little.
"""

import argparse
import os
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

#: Seconds in which an answer should be there.
GOAL = 2.0


def main(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """Print the figures and give them back."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--activities", type=int, default=10_000)
    parser.add_argument("--keep", type=Path, help="where the generated set is kept and found again")
    parser.add_argument("--edition", type=Path, help="a data folder with an edition; nothing is generated")
    parser.add_argument("--rebuild", action="store_true", help="also draw the picture anew")
    options = parser.parse_args([] if arguments is None else list(arguments))
    with tempfile.TemporaryDirectory() as temporary:
        from benchmarks.pages import make_edition

        data = options.edition or make_edition(options.keep or Path(temporary), options.activities)
        figures = measure(data)
        if options.rebuild:
            figures["rebuild"] = rebuild(data)
    for name, value in figures.items():
        print(f"{name:>34}: {value:,.3f}" if isinstance(value, float) else f"{name:>34}: {value:,}")
    return figures


def measure(data: Path) -> dict[str, Any]:
    """Processor seconds of the command and of the page, by list of changes."""
    from concerted.marking import KEEPER
    from concerted.matching.what_if.sandbox import sandbox_on
    from concerted.publish.figures import default_framework
    from concerted.store.edition import find_edition
    from concerted.store.query import open_edition

    folder = find_edition(data)
    framework = default_framework(folder)
    with open_edition(folder) as connection:
        found = connection.execute("SELECT count(DISTINCT activity_id) FROM out_allocation").fetchone()
        figures: dict[str, Any] = {"activities": found[0] if found else 0}
        sandbox, figures["opened"] = timed(lambda: sandbox_on(KEEPER, connection, framework, date(2026, 6, 30)))
        for name, changes in lists_of_changes(sandbox, connection).items():
            compared, figures[f"{name}, told by the command"] = timed(lambda c=changes: sandbox.compare(c))  # type: ignore[misc]
            assert not compared.problems, (name, compared.problems)
            figures[f"{name}, cells that differ"] = len(compared.differences)
        pages = lists_of_changes(sandbox, connection)
    return figures | measure_pages(data, pages)


def lists_of_changes(sandbox: Any, connection: Any) -> dict[str, list[Any]]:
    """From a small change to all kinds at once and to all the money of a country."""
    from concerted.matching.what_if.changes import Add, Cost, End, Move, Rule, Where

    cells = sandbox.cells(sandbox.rule.supply_kind)
    placed = {
        k: best for k, ((_, best, _), _) in cells.items() if k[1] and k[2] and k[0] in sandbox.ground.nodes and best
    }
    node, place, year = max(placed, key=lambda k: (placed[k], k))
    source, best = Where(node, place, year), placed[node, place, year]
    other = next(k for k in sorted(placed) if k[1] != place)[1]
    largest = connection.execute(
        "SELECT activity_id FROM out_allocation WHERE framework_id = ? GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 3",
        [sandbox.ground.framework],
    ).fetchall()
    ends = [End(activity, date(2000, 12, 31)) for (activity,) in largest]
    move = Move(source, source.but(Where(place=other)), (best / 2).quantize(Decimal("0.01")))
    add = Add(node, other, year, year + 2, best, best, best)
    whole = cells["ALL", None, None][0][1]
    everything = Move(Where(), Where(place=other), (whole / 2).quantize(Decimal("0.01")))
    rule = [Rule(covered=Decimal("0.5")), Cost(None, Decimal("1.2"))]
    return {
        "a move": [move],
        "all kinds": [move, add, *ends, *rule],
        "half of all money": [everything, *ends],
    }


def measure_pages(data: Path, lists: dict[str, list[Any]]) -> dict[str, Any]:
    """Processor seconds of the pages, each asked for once with the matrix's own cells in memory."""
    os.environ["CONCERTED_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "concerted.web.config.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client
    from django.utils.http import urlencode

    from concerted.matching.what_if.written import text_of

    call_command("migrate", verbosity=0)
    client, figures = Client(headers={"host": "localhost"}), {}
    answer, figures["matrix page, first"] = timed(lambda: client.get("/en/coverage/"))
    assert answer.status_code == 200
    answer, figures["matrix page, again under other filters"] = timed(lambda: client.get("/en/coverage/?currency=EUR"))
    for name, changes in lists.items():
        address = "/en/coverage/what-if/?" + urlencode([("change", text_of(change)) for change in changes])
        answer, figures[f"{name}, page"] = timed(lambda a=address: client.get(a))  # type: ignore[misc]
        assert answer.status_code == 200, (name, answer.status_code)
        figures[f"{name}, bytes of the page"] = len(answer.content)
    return figures


def rebuild(data: Path) -> float:
    """Processor seconds of drawing the picture of the same edition anew."""
    from benchmarks.steps_scale import main as steps

    start = processor()
    steps(["--data", str(data.parent), "--activities", data.name.rpartition("-")[2], "--steps", "picture"])
    return processor() - start


def timed(ask: Callable[[], Any]) -> tuple[Any, float]:
    """An answer, and the processor seconds of this process that it took."""
    start = processor()
    found = ask()
    return found, processor() - start


def processor() -> float:
    """Processor seconds so far, of this process and of those that it has waited for."""
    own = os.times()
    return own.user + own.system + own.children_user + own.children_system


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
