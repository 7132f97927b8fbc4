"""`concerted init`: a folder to start from, with a strategy to fill in and a source.yml that explains itself."""

from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from concerted.cli.console import JsonOption, say, say_json
from concerted.model.errors import ConfigError

_SOURCE_YML = """\
# What the files in this folder are. Every key may be left out; docs/how-to/add-a-source.md explains each.
publisher: Name of who publishes these files
licence: CC BY 4.0
language: fr            # used where a text does not say its language
# as_of: 2026-01-31     # the day these files were true
# claims:               # what this source covers completely; elsewhere silence is "no information", not a gap
#   - places: [ML]
#     from: 2024-01-01
#     to: 2026-12-31
# marking:
#   precise: CLEAR      # CLEAR, GREEN, AMBER:group, AMBER+STRICT:organisation, RED:person
"""


def init(
    folder: Annotated[Path, typer.Argument(help="Folder to make.")] = Path(),
    lang: Annotated[str, typer.Option(help="Language of the strategy template: fr, en or ar.")] = "fr",
    as_json: JsonOption = False,
) -> None:
    """Make a folder with sources/ (source.yml inside) and a strategy template; nothing that exists is overwritten."""
    from concerted.codelists.frameworks import LANGS
    from concerted.codelists.strategy import write_template

    chosen = next((known for known in LANGS if known == lang), None)
    if chosen is None:
        raise ConfigError(f"--lang {lang!r}: expected {', '.join(LANGS)}")
    sources, strategy = folder / "sources", folder / "strategy.xlsx"
    made = []
    sources.mkdir(parents=True, exist_ok=True)
    if not (sources / "source.yml").exists():
        (sources / "source.yml").write_text(_SOURCE_YML, "utf-8")
        made.append(sources / "source.yml")
    if not strategy.exists():
        write_template(strategy, chosen)
        made.append(strategy)
    if as_json:
        say_json({"made": made})
        return
    for path in made:
        say(f"made {path}")
    say(f"Put files into {sources}, fill in {strategy}, then:")
    data = quote(str(folder / "data"))
    say(f"  concerted build {quote(str(sources))} --strategy {quote(str(strategy))} --data {data}")
    say(f"  concerted serve --data {data}")
