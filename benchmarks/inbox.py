"""A large workbook brought to the inbox: from the file to versions of records, and back by undoing.

`python -m benchmarks.inbox [ROWS]` (100,000) writes a workbook of new activities, lets the tasks of the worker read,
take over and undo it in a process of its own on a fresh SQLite registry, and then brings it again, of which nothing is
new. Printed: seconds and processor time of each, how long the one transaction kept other writers waiting, peak memory.
"""

import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROWS = 100_000
_PLACES = ("Mopti", "Gao", "Kayes", "Sikasso", "Tombouctou", "Ségou", "Koulikoro", "Kidal")
_WORDS = (
    "Appui", "médiation", "jeunes", "femmes", "radio", "écoles", "puits", "justice", "frontière", "dialogue",
    "emploi", "formation", "commune", "comités", "retour", "santé", "semences", "marchés", "archives", "tribunaux",
)  # fmt: skip


def write_workbook(path: Path, rows: int) -> None:
    """A workbook of new activities, as the template for them has it."""
    import xlsxwriter

    rng = random.Random(4)  # noqa: S311 (no secret)
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Activités")
        for column, text in enumerate(("Code", "Titre", "Qui le fait", "État", "Début", "Fin", "Lieux")):
            sheet.write_string(0, column, text)
        for row in range(1, rows + 1):
            title = " ".join(rng.sample(_WORDS, 5)).capitalize() + f" de {rng.choice(_PLACES)} {row}"
            start = f"{rng.randint(2020, 2026)}-{rng.randint(1, 12):02}-01"
            cells = (f"XM-BENCH-{row}", title, f"Association {row % 997}", "en cours", start, "2027-12-31",
                     rng.choice(_PLACES))  # fmt: skip
            for column, text in enumerate(cells):
                sheet.write_string(row, column, text)


def work(data: Path, book: Path) -> None:
    """Bring, accept, undo and bring again; prints a line for each. Run in a process of its own."""
    from concerted.web.config.standalone import set_up

    set_up(data)
    from django.core.files import File
    from django.utils import timezone

    from concerted.web.accounts.actions import Actor
    from concerted.web.accounts.models import Assignment, Partner, User
    from concerted.web.config.prepare import prepare_registry
    from concerted.web.inbox import actions, applying
    from concerted.web.inbox.models import Receipt, Upload
    from concerted.web.inbox.reading import read_upload
    from concerted.web.workspace.models import Record, RecordVersion

    assert prepare_registry() is None
    partner = Partner.objects.create(name={"en": "Bench"}, roles=["implementer"])
    user = User.objects.create(email="bench@example.org", name="Bench", partner=partner)
    Assignment.objects.create(holder=user, held="editor")
    actor, words, today = Actor(user, "page"), _vocabulary(), timezone.now().date()
    held: list[tuple[float, float]] = []
    applying.write_all = _timed(applying.write_all, held)

    def bring() -> Upload:
        with book.open("rb") as file:
            return actions.bring(actor, partner, File(file, "bench.xlsx"), "CLEAR", "fr")

    upload, began = bring(), _now()
    read_upload(upload.pk, words, today)
    upload.refresh_from_db()
    assert upload.state == "ready", (upload.state, upload.why)
    _print("read and shown", began, upload.done)
    receipt, began = actions.accept(actor, upload, None), _now()
    assert receipt is not None
    applying.apply_receipt(receipt.pk, words, today)
    receipt.refresh_from_db()
    assert receipt.work == "done", receipt.told
    assert receipt.told["added"] == Record.objects.count() == upload.done, receipt.told
    _print("taken over", began, receipt.told["added"])
    again, began = bring(), _now()
    read_upload(again.pk, words, today)
    assert again.rows.filter(outcome="same").count() == upload.done
    _print("the same again", began, upload.done)
    assert actions.ask_to_undo(actor, Receipt.objects.get(pk=receipt.pk))
    began = _now()
    applying.undo_receipt(receipt.pk)
    receipt.refresh_from_db()
    assert receipt.undo_told == {"undone": upload.done, "changed": 0}
    assert RecordVersion.objects.count() == 2 * upload.done
    _print("undone", began, upload.done)
    print(f"{'longest transaction':24} {max(held)[0]:8.1f} s {max(held)[1]:8.1f} s of processor")
    print(f"{'peak memory':24} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f} MB")


def _vocabulary() -> Any:
    from concerted.codelists.frameworks import LANGS, load_framework
    from concerted.codelists.places import load_places
    from concerted.intake.vocabulary import PlaceName, Vocabulary

    rows = [r for r in load_places().to_pylist() if r["country_code"] == "ML" and r["level"] <= 2]
    rows.sort(key=lambda row: (row["level"], row["place_id"]))
    names = [{lang: row[f"name_{lang}"] or row["name"] for lang in LANGS} for row in rows]
    places = [
        PlaceName(r["place_id"], r["level"], r["country_code"], name) for r, name in zip(rows, names, strict=True)
    ]
    return Vocabulary(tuple(places), load_framework("pve-plan"))


def _timed(function: Any, held: list[tuple[float, float]]) -> Any:
    def timed(*arguments: Any) -> Any:
        began = _now()
        try:
            return function(*arguments)
        finally:
            held.append((time.perf_counter() - began[0], time.process_time() - began[1]))

    return timed


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _print(what: str, began: tuple[float, float], rows: int) -> None:
    seconds, cpu = time.perf_counter() - began[0], time.process_time() - began[1]
    print(f"{what:24} {seconds:8.1f} s {cpu:8.1f} s of processor {rows:9,} rows", flush=True)


def main(rows: int = ROWS) -> dict[str, Any]:
    """Print what a large upload costs."""
    with tempfile.TemporaryDirectory() as scratch:
        book = Path(scratch) / "bench.xlsx"
        write_workbook(book, rows)
        print(f"{'workbook':24} {book.stat().st_size / 1e6:8.1f} MB")
        said = subprocess.run(
            [sys.executable, "-m", "benchmarks.inbox", "--work", scratch, str(book)],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout
        print(said, end="")
    lines = [line.split() for line in said.splitlines()]
    return {" ".join(words[: words.index(value)]): float(value) for words in lines for value in _first_number(words)}


def _first_number(words: list[str]) -> list[str]:
    return [word for word in words if word.replace(".", "").isdecimal()][:1]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--work"]:
        work(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main(*map(int, sys.argv[1:]))
