"""How fast the workspace answers people who are signed in, with many records in the registry.

`python -m benchmarks.workspace_pages --records 100000 --edition DATA` fills a fresh registry (SQLite in a temporary
folder; PostgreSQL where `CONCERTED_DATABASE` names an empty database) with generated records of ten organisations,
serves the edition of DATA (else one that `pages` generates) and lets 20 people of one organisation read and search at
once. One record has been saved 200 times. At the end `current` names a newer edition, as after a saving. Figures stand
beside a bare answer of the same server.
"""

import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks.pages import PORT, SERVE, load, make_edition, processor_seconds, settle, summary

GOAL = 300
READERS, OWNERS, OFTEN = 20, 10, 200
PAUSE = 4.0  # seconds for which a person looks at a page before he asks for another
_WORDS = ("wells", "schools", "justice", "training", "border", "women", "youth", "radio", "roads", "courts", "health")
_REGIONS = ("ML01", "ML03", "ML05", "ML07")


def main(arguments: Sequence[str] = ()) -> dict[str, Any]:
    """Fill, serve, measure and print; figures by page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--edition", type=Path, help="a data folder with `current`; nothing is generated")
    parser.add_argument("--keep", type=Path, help="where the generated edition is kept and found again")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        edition = options.edition or make_edition(options.keep or Path(temporary), options.records)
        data = Path(temporary) / "data"
        data.mkdir()
        current = (edition / "current").read_text()
        shutil.copytree(
            edition / "editions" / current.strip(), data / "editions" / current.strip(), copy_function=_link
        )
        (data / "current").write_text(current)
        began = time.perf_counter()
        known = fill(data, options.records) | {"activities": _activities(edition)}
        figures: dict[str, Any] = {"records": options.records, "filled_s": round(time.perf_counter() - began, 1)}
        figures["database"] = known.pop("database")
        server = subprocess.Popen([sys.executable, "-c", SERVE, str(data), str(PORT)], stdout=subprocess.PIPE)
        try:
            assert server.stdout
            server.stdout.readline()
            settle(server.pid)
            figures |= asyncio.run(measure(known, server.pid, data))
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(20)
    return figures


def fill(data: Path, records: int) -> dict[str, Any]:
    """A fresh registry with so many records; cookies of people of the first organisation, and ids of its records."""
    from concerted.web.config.standalone import set_up

    set_up(data)
    from django.db import connection, transaction

    from concerted.web.accounts.models import Assignment, Partner, User
    from concerted.web.config.prepare import prepare_registry
    from concerted.web.workspace.models import Record

    problem = prepare_registry()
    if problem or Partner.objects.exists():
        raise SystemExit(f"not an empty registry: {problem or 'it holds organisations'}")
    owners = [
        Partner.objects.create(name={"fr": f"Organisation {n}"}, roles=["implementer"], reference=f"XX-{n}")
        for n in range(OWNERS)
    ]
    people = [User.objects.create(email=f"p{n}@example.org", name=f"P {n}", partner=owners[0]) for n in range(READERS)]
    Assignment.objects.bulk_create(Assignment(holder=each, held="editor") for each in people)
    with transaction.atomic():
        for start in range(0, records, 1000):
            _add(owners, people[0], range(start, min(start + 1000, records)))
    often = Record.objects.filter(owner=owners[0]).order_by("pk").first()
    assert often is not None
    _save_often(often, people[0])
    ids = Record.objects.filter(owner=owners[0]).order_by("pk").values_list("pk", flat=True)[1:401]
    found = {
        "database": connection.vendor,
        "cookies": [_signed_in(each) for each in people],
        "often": str(often.pk),
        "ids": [str(each) for each in ids],
    }
    connection.close()
    return found


def _activities(data: Path) -> list[str]:
    """Some activities of the picture, by the ids in their addresses."""
    import duckdb

    from concerted.model.ids import id_text
    from concerted.store.edition import current_edition

    table = f"{current_edition(data)}/core_activity.parquet"
    found = duckdb.sql(f"SELECT activity_id FROM '{table}' WHERE marking_key = 'CLEAR' ORDER BY record_id LIMIT 100")
    return [id_text(activity) for (activity,) in found.fetchall()]


def _add(owners: list[Any], holder: Any, numbers: Sequence[int]) -> None:
    from concerted.statements.document import FORMAT, check, plain
    from concerted.web.workspace.actions.saving import begin
    from concerted.web.workspace.models import Condition, Record, RecordVersion, derived

    made, now = [], datetime.now(UTC)
    for number in numbers:
        dice = random.Random(number)  # noqa: S311  (the same set each time)
        owner = owners[number % len(owners)]
        document = {**begin(owner, UUID(int=dice.getrandbits(128), version=4)), **_said(dice, number)}
        document["activity"] |= {"state": dice.choice(("planned", "ongoing", "completed"))}
        document = plain(check({"format": FORMAT, **document}))
        record = Record(
            pk=UUID(document["record"]),
            owner=owner,
            holder=holder,
            condition=Condition.DRAFT if dice.random() < 0.02 else Condition.KEPT,
            updated_at=now - timedelta(minutes=number % 50_000),
            **derived(UUID(document["record"])),
            **Record.columns_of(document),
        )
        made.append(record)
    Record.objects.bulk_create(made)
    RecordVersion.objects.bulk_create(_version(each, 1, holder) for each in made)


def _said(dice: random.Random, number: int) -> dict[str, Any]:
    title = " ".join(dice.sample(_WORDS, 4))
    return {
        "narrative": [{"field": "title", "lang": "en", "text": f"{title} {number}"}],
        "location": [{"country_code": "ML", "admin1_code": dice.choice(_REGIONS), "pct": 100}],
        "participating_org": [{"role_code": "1", "name": "Fund of the valley"}, {"role_code": "4", "name": "Doer"}],
        "transaction": [
            {"type_code": "3", "transaction_date": "2026-02-01", "value": str(dice.randrange(10**6)), "currency": "USD"}
            for _ in range(3)
        ],
    }


def _save_often(record: Any, person: Any) -> None:
    from concerted.web.workspace.models import RecordVersion

    versions = []
    for number in range(2, OFTEN + 1):
        record.document = {**record.document, "version": number}
        record.document["narrative"] = [{"field": "title", "lang": "en", "text": f"Said {number} times"}]
        versions.append(_version(record, number, person))
    RecordVersion.objects.bulk_create(versions)
    type(record).objects.filter(pk=record.pk).update(version=OFTEN, document=record.document)


def _version(record: Any, number: int, person: Any) -> Any:
    from concerted.web.workspace.models import RecordVersion

    return RecordVersion(
        record_id=record.pk,
        number=number,
        document=record.document,
        condition=record.condition,
        made_at=record.updated_at,
        made_by=person.pk,
        made_for=record.owner_id,
        channel="page",
    )


def _signed_in(person: Any) -> str:
    """The session's cookie of a person with a second factor."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(person, "concerted.web.accounts.backend.Backend")
    session = client.session
    now = time.time()
    session["account_authentication_methods"] = [
        {"method": "password", "at": now},
        {"method": "mfa", "type": "totp", "at": now},
    ]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


async def measure(known: dict[str, Any], server: int, data: Path) -> dict[str, Any]:
    """Every page on the running server, at so many people; each address is asked for once. Then a newer edition."""
    ids, figures = known["ids"], dict[str, Any]()
    own = "/fr/workspace/records/"

    async def run(
        name: str, addresses: list[str], readers: int = READERS, goal: int | None = GOAL, pause: float = 0.0
    ) -> None:
        before = processor_seconds(server)
        times, weight = await load(addresses, readers, known["cookies"], pause)
        figures[name] = found = summary(times, weight, goal)
        found["cpu_ms"] = round(1000 * (processor_seconds(server) - before) / len(times), 1)
        print(f"{name:<36} p50 {found['p50_ms']:7.1f}  p95 {found['p95_ms']:7.1f} ms  {found}", flush=True)

    await run("bare answer", ["/robots.txt"] * 2000, goal=None)
    await run("first page after a start", [own], 1, goal=None)
    pages = list(_pages(own, ids, known["often"], known["activities"]))
    for name, addresses in pages:
        await run(name, addresses)
    mixed = [address for each in zip(*(some for _, some in pages), strict=False) for address in each]
    again = [[f"{each}{'&' if '?' in each else '?'}v={n}" for each in mixed] for n in ("first", "second")]
    await run("all of them mixed", again[0])
    await run("mixed, each looks at a page for 4 s", again[1], pause=PAUSE)
    before = processor_seconds(server)
    _newer(data)
    await load([f"{own}?v=before{n}" for n in range(4 * READERS)], READERS, known["cookies"])  # each process sees it
    settle(server)
    figures["a newer edition made ready, cpu s"] = round(processor_seconds(server) - before, 1)
    for name, address in (("list", own), ("matrix", "/fr/coverage/"), ("search", "/fr/activities/?q=women")):
        await run(f"newer edition, first {name}", [f"{address}{'&' if '?' in address else '?'}v=newer"], 1, goal=None)
    return figures


def _newer(data: Path) -> None:
    """The same tables as another edition, which `current` names from now on: what a saving leaves."""
    old = data / "editions" / (data / "current").read_text().strip()
    new = old.with_name("newer")
    shutil.copytree(old, new, copy_function=_link)
    manifest = json.loads((old / "manifest.json").read_text()) | {"edition_id": "newer"}
    (new / "manifest.json").unlink()
    (new / "manifest.json").write_text(json.dumps(manifest))
    (data / "next").write_text("newer\n")
    (data / "next").replace(data / "current")


def _link(source: str, target: str) -> None:
    """The same file under another name; a copy where that cannot be."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _pages(own: str, ids: list[str], often: str, activities: list[str]) -> Iterator[tuple[str, list[str]]]:
    words = [f"{a}%20{b}" for a in _WORDS for b in _WORDS if a != b]
    yield "own records, a page of the list", [f"{own}?page={n}" for n in range(1, 101)]
    yield "own records, searched", [f"{own}?q={each}" for each in words[:100]]
    yield "one record", [f"{own}{each}/" for each in ids[:100]]
    yield "its history", [f"{own}{each}/history/" for each in ids[100:200]]
    yield "its form", [f"{own}{each}/edit/" for each in ids[200:300]]
    yield "a record saved 200 times", [f"{own}{often}/?v={n}" for n in range(40)]
    yield "an activity of the picture", [f"/fr/activities/{each}/" for each in activities]
    yield "activities of the picture", [f"/fr/activities/?page={n}" for n in range(1, 101)]
    yield "activities of the picture, searched", [f"/fr/activities/?q={each}" for each in words[:100]]
    yield "matrix, signed in", [f"/fr/coverage/?period={year}&v={n}" for n in range(10) for year in range(2017, 2027)]


if __name__ == "__main__":
    os.environ.setdefault("CONCERTED_DEMO", "")
    print(json.dumps(main(sys.argv[1:]), indent=1))
