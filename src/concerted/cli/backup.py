"""`concerted backup`, `restore` and `upgrade`: what whoever keeps the machine does with the registry as a whole."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from concerted.cli.console import JsonOption, say, say_error, say_json
from concerted.cli.options import DEFAULT_DATA, Data
from concerted.cli.registry import make_ready, need_web, open_registry
from concerted.model.errors import ConfigError

if TYPE_CHECKING:
    from concerted.web.backup.archive import Backup

File = Annotated[Path, typer.Argument(help="A backup: a zip file that `concerted backup` made.", dir_okay=False)]
Target = Annotated[
    Path | None, typer.Argument(help="File or folder to write to; default: this folder, named by the time.")
]
Editions = Annotated[bool, typer.Option(help="Take along the editions that are shown.")]


def backup(
    target: Target = None, data: Data = DEFAULT_DATA, editions: Editions = True, as_json: JsonOption = False
) -> None:
    """Write what nobody could compute again to one file, while the site runs: registry, decisions, shown editions.

    It holds restricted records: keep it where only you can read it. Sources outside of the data folder and the secret
    key are not in it.
    """
    open_registry(data)
    make_ready()
    from concerted.web.backup.making import make_backup

    named = f"concerted-{datetime.now(UTC):%Y%m%dT%H%M%S}.zip"
    path = Path(named) if target is None else target / named if target.is_dir() else target
    made = make_backup(data.resolve(), path.absolute(), with_editions=editions)
    if as_json:
        say_json({"file": str(path), **_figures(made)})
        return
    say(f"{path}: {made.rows} rows, {len(made.files)} files, {path.stat().st_size / 1e6:.1f} MB")
    for each in made.left_out:
        say_error(f"not in it: {each}; keep a copy of your own")
    if (data / "secret_key").is_file():
        say_error(f"not in it, on purpose: {data / 'secret_key'}; keep a copy apart, or second factors are set up anew")


def restore(
    file: File,
    data: Data = DEFAULT_DATA,
    check: Annotated[bool, typer.Option("--check", help="Only look whether the backup is whole.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Fill an empty registry (SQLite or PostgreSQL, whichever CONCERTED_DATABASE names) and an empty data folder.

    Every part is compared with its hash first; what holds something is never overwritten.
    """
    if check:  # the file alone is looked at: no registry is opened, and nothing is written
        need_web()
        from concerted.web.backup.archive import read_backup

        found = read_backup(file)
    else:
        data.mkdir(parents=True, exist_ok=True)
        open_registry(data)
        from concerted.web.backup.restoring import restore_backup

        found = restore_backup(file, data.resolve())
    if as_json:
        say_json(_figures(found))
        return
    say(f"{'whole' if check else 'restored'}: {found.rows} rows, {len(found.files)} files, made {found.made_at}")
    if not check:
        say(f"concerted doctor --data {data} says what is still missing; then start the site.")


def upgrade(data: Data = DEFAULT_DATA, as_json: JsonOption = False) -> None:
    """Bring the registry up to date after a new version was installed, with a backup of what it was before.

    Stop the site before, start it after. Starting it does the same.
    """
    open_registry(data)
    from concerted.web.backup.before import FOLDER
    from concerted.web.config.prepare import pending

    lacking = pending()
    before = set((data / FOLDER).glob("*.zip"))
    make_ready()
    if pending():
        raise ConfigError(f"not up to date: {', '.join(pending())}")
    made = sorted(set((data / FOLDER).glob("*.zip")) - before)
    if as_json:
        say_json({"applied": lacking, "backup": str(made[-1]) if made else None})
        return
    say(f"{len(lacking)} changes of tables applied" if lacking else "up to date already")
    if made:
        say(f"what it was before: {made[-1]}")


def _figures(found: "Backup") -> dict[str, object]:
    told = asdict(found)
    del told["parts"]
    return {**told, "rows": found.rows, "files": len(found.files)}
