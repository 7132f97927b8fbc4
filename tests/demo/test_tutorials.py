"""The tutorials name commands and files that exist."""

import re
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from concerted.cli.main import app

TUTORIALS = sorted((Path(__file__).parents[2] / "docs" / "tutorials").glob("*.md"))
COMMANDS = [
    (path.name, line.strip())
    for path in TUTORIALS
    for line in path.read_text("utf-8").splitlines()
    if line.strip().startswith("concerted ")
]


def test_there_is_a_tour_in_three_languages() -> None:
    names = {path.name for path in TUTORIALS}
    assert {f"guided-tour.{lang}.md" for lang in ("fr", "en", "ar")} <= names
    assert len(COMMANDS) > 6


@pytest.mark.parametrize(("page", "line"), COMMANDS)
def test_each_command_of_a_tutorial_has_its_name_and_options(page: str, line: str) -> None:
    _, name, *words = line.split()
    group = get_command(app)
    command = group.get_command(typer.Context(group), name)  # type: ignore[attr-defined]
    assert command is not None, page
    known = {"--help"} | {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


def test_folders_that_a_tutorial_shows_are_in_the_set(demo: Path) -> None:
    text = "".join(path.read_text("utf-8") for path in TUTORIALS)
    shown = set(re.findall(r"`([a-z-]+)/`", text)) - {"build"}
    assert shown == {path.name for path in (demo / "sources").iterdir()}
