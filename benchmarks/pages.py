"""How fast pages answer: the coverage matrix over a large picture, at many readers, on loopback.

`python -m benchmarks.pages --activities 1000000` generates a set as `steps_scale` does, runs the steps, serves the
result and measures. `--edition DATA` measures a data folder that is there instead. Figures stand beside a bare answer
of the same server, so that the machine's part can be told from ours.

- new: every address is asked for once, so nothing is remembered: query and drawing;
- drawn: the figures are remembered, the page is not: the drawing alone;
- kept: the page as the server keeps it.

Beside the time that a reader waits stands the processor time that the server spends per answer: the first depends on
what else the machine does, the second hardly.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

PORT = 8497
#: Goals of the issue, in milliseconds at the 95th percentile.
GOALS = {"matrix, new, 20 readers": 300, "1,000 cells, kept, 8 readers": 50}


def main(arguments: Sequence[str] = ()) -> dict[str, Any]:
    """Measure and print; figures by scenario."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--activities", type=int, default=1_000_000)
    parser.add_argument("--edition", type=Path, help="a data folder with `current`; nothing is generated")
    parser.add_argument("--keep", type=Path, help="where the generated set is kept and found again")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        data = options.edition or make_edition(options.keep or Path(temporary), options.activities)
        server = subprocess.Popen([sys.executable, "-c", SERVE, str(data), str(PORT)], stdout=subprocess.PIPE)
        try:
            assert server.stdout
            server.stdout.readline()
            figures: dict[str, Any] = {"activities": _activities(data), "cores": os.cpu_count()}
            figures["made ahead, cpu s"] = settle(server.pid)
            figures |= asyncio.run(measure(data, server.pid))
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(20)
    return figures


#: A program that serves a data folder on a port and prints the address when it answers.
SERVE = """
import sys
from pathlib import Path
from concerted.web.server import serve
if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]), on_ready=lambda url: print(url, flush=True))
"""


def make_edition(folder: Path, activities: int) -> Path:
    """A data folder with one edition of generated activities, made by the steps that make real ones."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from benchmarks import steps_scale
    from concerted.model.tables import conform, full_schema, tables

    work = folder / str(activities)
    if not (work / "out_cell.parquet").exists():
        steps_scale.main(
            ["--activities", str(activities), "--data", str(folder), "--steps", "resolve", "allocate", "picture"]
        )
    data = folder / f"pages-{activities}"
    edition = data / "editions" / "generated"
    shutil.rmtree(edition, ignore_errors=True)
    edition.mkdir(parents=True)
    for spec in tables().values():
        name, read = spec.full_name, work / f"rec_{spec.name}.parquet"
        if (work / f"{name}.parquet").exists():
            os.link(work / f"{name}.parquet", edition / f"{name}.parquet")
        elif read.exists() and all(c.step == "read" for c in spec.columns):
            os.link(read, edition / f"{name}.parquet")
    names = {"plan": "Generated plan", "gct": "Generated framework"}
    rows = [
        {"framework_id": f, "version": "1", "name_fr": n, "name_en": n, "name_ar": n, "is_strategy": f == "plan"}
        | {"place_id": "C0" if f == "plan" else None, "rule": "{}"}
        for f, n in names.items()
    ]
    table = conform(pa.Table.from_pylist(rows), full_schema("framework"), "framework")
    pq.write_table(table, edition / "core_framework.parquet")
    manifest = {"edition_id": f"generated{activities}", "as_of": "2026-06-30", "inputs": [], "parameters": {}}
    (edition / "manifest.json").write_text(json.dumps(manifest))
    (data / "current").write_text("generated\n")
    return data


def _activities(data: Path) -> int:
    import pyarrow.parquet as pq

    folder = data / "editions" / (data / "current").read_text().strip()
    return int(pq.read_metadata(folder / "core_activity.parquet").num_rows)


def settle(server: int, quiet: float = 3.0) -> float:
    """Wait until the server has made what it makes ahead; the processor seconds that took, start included."""
    spent = -1.0
    while (now := processor_seconds(server)) > spent + 0.1:
        spent = now
        time.sleep(quiet)
    return round(now, 1)


def processor_seconds(server: int) -> float:
    """Processor time of the server and all its workers so far, from /proc; 0 where there is none."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            fields = path.read_text().rpartition(")")[2].split()
            pid = int(path.parent.name)
            parents[pid], ticks[pid] = int(fields[1]), int(fields[11]) + int(fields[12])
    family = {server}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(ticks.get(pid, 0) for pid in family) / os.sysconf("SC_CLK_TCK")


async def measure(data: Path, server: int) -> dict[str, Any]:
    """Every scenario on the running server, whose first process is `server`."""
    facts = _facts(data)
    opened = ",".join(facts["parents"])
    matrix, wide = "/fr/coverage/", f"/fr/coverage/?open={opened}"
    new = list(_addresses(facts))
    figures: dict[str, Any] = {}

    async def run(name: str, addresses: list[str], readers: int, rounds: int = 1) -> None:
        before = processor_seconds(server)
        times, weight = await load(list(addresses) * rounds, readers)
        figures[name] = found = summary(times, weight, GOALS.get(name))
        found["cpu_ms"] = round(1000 * (processor_seconds(server) - before) / len(times), 1)
        print(f"{name:<36} p50 {found['p50_ms']:7.1f}  p95 {found['p95_ms']:7.1f} ms  {found}", flush=True)

    await run("bare answer, 20 readers", ["/robots.txt"], 20, 2000)
    await run("matrix, new, 20 readers", new[:400], 20)
    await run("matrix, new, 1 reader", new[400:440], 1)
    await load([matrix, wide], 1)
    await run("matrix, drawn, 20 readers", [f"{matrix}?v={i}" for i in range(300)], 20)
    await run("matrix, kept, 20 readers", [matrix], 20, 2000)
    await run("1,000 cells, drawn, 8 readers", [f"{wide}&v={i}" for i in range(160)], 8)
    await run("1,000 cells, kept, 8 readers", [wide], 8, 1500)
    await run("overview, made at the start", ["/fr/"], 1)
    await run("overview, new", ["/fr/?currency=EUR&v=1"], 1)
    await run("map, new", ["/fr/coverage/map/"], 1)
    await run("list, new", [f"/fr/activities/?period={y}" for y in range(2019, 2027)], 1)
    await run("search, new", ["/fr/activities/?q=schools", "/fr/activities/?q=justice%2077777"], 1)
    await run("names while typing, new", [f"/fr/search/?q={q}" for q in ("part", "partn", "gener", "c0")], 1)
    await run("partners, new", ["/fr/partners/"], 1)
    await run("activity, new", [f"/fr/activities/{i}/" for i in facts["activities"]], 1)
    return figures


def _facts(data: Path) -> dict[str, Any]:
    """What addresses are made of."""
    import duckdb

    from concerted.model.ids import id_text

    folder = data / "editions" / (data / "current").read_text().strip()
    with duckdb.connect() as connection:

        def column(sql: str) -> list[Any]:
            return [
                row[0]
                for row in connection.execute(sql.replace("{", f"'{folder}/").replace("}", ".parquet'")).fetchall()
            ]

        frameworks = column("SELECT framework_id FROM {core_framework} ORDER BY is_strategy DESC, framework_id")
        nodes = column(f"SELECT DISTINCT parent_id FROM {{core_node}} WHERE framework_id = '{frameworks[0]}'")
        return {
            "frameworks": frameworks,
            "parents": sorted(n for n in nodes if n),
            "places": column(
                "SELECT place_id FROM {out_cell} WHERE grain = 'node_place' AND node_id = 'ALL'"
                " AND length(place_id) <= 4 GROUP BY 1 ORDER BY sum(activities) DESC, 1 LIMIT 40"
            ),
            "years": column("SELECT DISTINCT period FROM {out_cell} WHERE period BETWEEN 2015 AND 2030 ORDER BY 1"),
            "activities": [
                id_text(i)
                for i in column(
                    "SELECT activity_id FROM {core_activity} WHERE marking_key = 'CLEAR' ORDER BY record_id LIMIT 12"
                )
            ],
        }


def _addresses(facts: dict[str, Any]) -> Iterable[str]:
    """Different matrices, the dimensions turning at different speeds, so that neighbours share little."""
    kinds, currencies = ("commitment", "disbursement", "expenditure"), ("USD", "EUR", "XOF")
    years = ("all", *facts["years"])
    every = itertools.product(facts["places"], years, kinds, currencies, ("place", "period"), facts["frameworks"])
    listed = [
        f"/fr/coverage/?framework={f}&place={p}&period={y}&kind={k}&currency={c}&by={by}" for p, y, k, c, by, f in every
    ]
    step = 7919  # a prime: the list is walked in leaps
    for i in range(len(listed)):
        yield listed[i * step % len(listed)]


async def load(
    addresses: list[str], readers: int, cookies: Sequence[str] = (), pause: float = 0.0
) -> tuple[list[float], int]:
    """Seconds of each answer, and the bytes of the largest, with so many readers that each wait for their answer.

    `cookies`: the readers are signed in by these, in turn. `pause`: seconds each looks at a page, half to one and a
    half times so long; 0 = he asks again as soon as he is answered.
    """
    queue = iter(addresses)
    times: list[float] = []
    largest = 0

    async def reader(number: int) -> None:
        nonlocal largest
        cookie = f"Cookie: {cookies[number % len(cookies)]}\r\n" if cookies else ""
        dice = random.Random(number)  # noqa: S311  (the same pauses each time)
        await asyncio.sleep(pause * dice.random())
        inward, outward = await asyncio.open_connection("127.0.0.1", PORT)
        for address in queue:
            began = time.perf_counter()
            outward.write(
                f"GET {address} HTTP/1.1\r\nHost: localhost\r\n{cookie}Accept-Encoding: gzip\r\n\r\n".encode()
            )
            head = await inward.readuntil(b"\r\n\r\n")
            status = head.split(b" ", 2)[1]
            if status != b"200":
                raise RuntimeError(f"{address} answered {status.decode()}")
            length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await inward.readexactly(length)
            times.append(time.perf_counter() - began)
            largest = max(largest, length)
            await asyncio.sleep(pause * dice.uniform(0.5, 1.5))
        outward.close()

    await asyncio.gather(*(reader(number) for number in range(readers)))
    return times, largest


def summary(times: list[float], weight: int, goal: int | None) -> dict[str, Any]:
    ordered = sorted(times)
    found = {
        "answers": len(ordered),
        "p50_ms": round(1000 * statistics.median(ordered), 1),
        "p95_ms": round(1000 * ordered[max(0, round(0.95 * len(ordered)) - 1)], 1),
        "largest_kb": round(weight / 1024, 1),
    }
    return found | ({"goal_ms": goal} if goal else {})


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1:]), indent=1))
