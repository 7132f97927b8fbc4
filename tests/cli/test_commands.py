"""Every command: words for people, JSON for machines, and an exit code that says how it ended."""

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from builds import Small
from concerted.store.edition import build_lock, find_edition

from .commands import Commands

COMMANDS = (
    "init",
    "read",
    "build",
    "check",
    "explain",
    "diff",
    "export",
    "release",
    "serve",
    "demo",
    "doctor",
    "invite",
    "close",
)


def test_every_command_says_what_it_does(concerted: Commands) -> None:
    for command in COMMANDS:
        answer = concerted.run(command, "--help")
        assert answer.code == 0
        assert f"concerted {command}" in answer.out
    assert all(command in concerted.run("--help").out for command in COMMANDS)


@pytest.mark.parametrize(
    "arguments",
    [
        ("build",),
        ("build", "--nonsense"),
        ("build", "x", "--jobs", "0"),
        ("build", "x", "--as-of", "yesterday"),
        ("build", "x", "--strategy", "not-there.yml"),
        ("export", "out_cell"),
        ("nothing",),
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_is_2_and_says_what_is_right(concerted: Commands, arguments: tuple[str, ...]) -> None:
    answer = concerted.run(*arguments)
    assert answer.code == 2
    assert "Usage" in answer.err
    assert "Traceback" not in answer.err


def test_an_unknown_viewer_is_2(concerted: Commands, small_data: Path) -> None:
    answer = concerted.run("explain", "--data", small_data, "--viewer", "minister")
    assert answer.code == 2
    assert "neither public nor keeper" in answer.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("build", "not-there"), "not-there: no such file or folder"),
        (("build", "*.nothing"), "no file matches"),
        (("check",), "has no edition yet; run: concerted build"),
        (("serve",), "has no edition yet; run: concerted build"),
        (("explain",), "has no edition yet"),
        (("diff", "aaaa"), "0 editions in"),
        (("export", "out_cell", "x.csv"), "has no edition yet"),
    ],
)
def test_a_wrong_source_or_setting_is_3_in_one_sentence(
    concerted: Commands, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    answer = concerted.run(*arguments, "--data", tmp_path)
    assert (answer.code, answer.out) == (3, "")
    assert said in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize("memory", ["lots", "4", "-1GB", ""])
def test_memory_that_is_no_amount_is_2(concerted: Commands, tmp_path: Path, memory: str) -> None:
    answer = concerted.run("build", tmp_path, "--data", tmp_path, "--memory", memory)
    assert answer.code == 2
    assert "such as 4GB" in answer.err


def test_an_id_that_fits_no_edition_names_those_that_are_there(concerted: Commands, small_data: Path) -> None:
    answer = concerted.run("check", "--data", small_data, "--edition", "zz")
    assert answer.code == 3
    assert (small_data / "current").read_text("utf-8")[:12] in answer.err


@pytest.mark.parametrize(
    "command", [("explain",), ("export", "out_cell", "cells.csv"), ("diff", "current"), ("serve", "--port", "1")]
)
def test_an_edition_from_which_a_column_was_taken_is_3_and_says_that_it_is_damaged(
    concerted: Commands, small_data: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    shutil.copytree(find_edition(small_data), tmp_path / "editions" / find_edition(small_data).name)
    shutil.copy(small_data / "current", tmp_path)
    organisations = find_edition(tmp_path) / "core_organisation.parquet"
    pq.write_table(pq.read_table(organisations).drop_columns(["marking_key"]), organisations)
    answer = concerted.run(*command, "--data", tmp_path)
    assert answer.code == 3
    assert "is damaged: core_organisation has no marking_key" in answer.err
    assert "build it again" in answer.err


def test_a_second_build_at_once_is_3(concerted: Commands, small: Small, tmp_path: Path) -> None:
    with build_lock(tmp_path):
        answer = concerted.run("build", *small.sources, "--data", tmp_path)
    assert answer.code == 3
    assert "another build is running" in answer.err


def test_read_counts_per_file(concerted: Commands, small: Small, tmp_path: Path) -> None:
    arguments = ("read", *small.sources, "--data", tmp_path, "--jobs", 1)
    found = {i["path"]: i for i in concerted.run(*arguments, "--json").json()["inputs"]}
    assert found["iati/pon.xml"]["seen"] == found["iati/pon.xml"]["read"] == small.activities("iati/pon.xml")
    assert not found["iati/pon.xml"]["cached"]
    people = concerted.run(*arguments)
    assert people.code == 0
    assert "iati/pon.xml" in people.out
    assert "unchanged" in people.out


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "warning wrong.xml:3  31/31/2024 in "),
        ("fr", "n'est pas une date lisible"),
        ("ar", "ليس تاريخًا مقروءًا"),
    ],
)
def test_check_of_sources_speaks_to_people_in_their_language(
    concerted: Commands, tmp_path: Path, lang: str, said: str
) -> None:
    (tmp_path / "wrong.xml").write_text(
        "<iati-activities version='2.03'>\n<iati-activity><iati-identifier>XM-A-1</iati-identifier>\n"
        "<activity-date type='1' iso-date='31/31/2024'/></iati-activity></iati-activities>"
    )
    arguments = ("check", tmp_path / "wrong.xml", "--data", tmp_path / "data", "--jobs", 1)
    answer = concerted.run(*arguments, "--lang", lang)
    assert said in answer.out
    assert answer.code == 0  # a warning stops nobody
    assert [f["code"] for f in concerted.run(*arguments, "--json").json()["issues"]] == ["date_wrong"]


def test_check_of_a_broken_source_is_1(concerted: Commands, tmp_path: Path) -> None:
    broken = tmp_path / "broken.xml"
    broken.write_text("<iati-activities version='2.03'><iati-activity><iati-identifier>A</iati-identifier>")
    answer = concerted.run("check", broken, "--data", tmp_path / "data", "--jobs", 1)
    assert answer.code == 1
    assert "broken.xml" in answer.out
    assert "error" in answer.out


def test_check_of_an_edition_that_was_touched_is_1(concerted: Commands, small_data: Path, tmp_path: Path) -> None:
    import shutil

    data = tmp_path / "data"
    shutil.copytree(small_data, data)
    assert concerted.run("check", "--data", data).code == 0
    with (find_edition(data) / "out_cell.parquet").open("ab") as file:
        file.write(b"\0")
    findings = concerted.run("check", "--data", data, "--json")
    assert findings.code == 1
    broken = {f["law"]: f["rows"] for f in findings.json()["findings"] if not f["holds"]}
    assert broken["files are those of the manifest"] == ["out_cell.parquet has other bytes than the manifest says"]


@pytest.mark.slow
def test_a_folder_made_by_init_can_be_built_as_it_says(concerted: Commands, small: Small, tmp_path: Path) -> None:
    import shlex
    import shutil

    folder = tmp_path / "my country"
    made = concerted.run("init", folder, "--lang", "en")
    assert made.code == 0
    build, serve = (shlex.split(line)[1:] for line in made.out.splitlines() if line.startswith("  concerted "))
    assert serve[0] == "serve"
    assert concerted.run(*build).code == 3, "nothing is there yet"
    shutil.copyfile(small.root / "sources" / "iati" / "pon.xml", folder / "sources" / "pon.xml")
    said = concerted.run(*build)
    assert (said.code, "made (as of" in said.out) == (0, True), said
    again = concerted.run("init", folder, "--json").json()
    assert again == {"made": []}


def test_export_writes_what_the_viewer_may_see(concerted: Commands, small_data: Path, tmp_path: Path) -> None:
    target = tmp_path / "activities.csv"
    public = concerted.run("export", "core_activity", target, "--data", small_data, "--json").json()
    lines = target.read_text("utf-8").splitlines()
    keeper = concerted.run("export", "core_activity", target, "--data", small_data, "--viewer", "keeper", "--json")
    assert public["rows"] < keeper.json()["rows"]
    assert lines[0].startswith('"record_id"') or lines[0].startswith("record_id")
    assert "rows of out_cell in" in concerted.run("export", "out_cell", tmp_path / "c.xlsx", "--data", small_data).out


@pytest.mark.parametrize(("table", "ending"), [("core_event", "csv"), ("out_cell", "doc"), ("nothing", "csv")])
def test_export_of_what_is_not_given_out_is_3(
    concerted: Commands, small_data: Path, tmp_path: Path, table: str, ending: str
) -> None:
    target = tmp_path / f"x.{ending}"
    answer = concerted.run("export", table, target, "--data", small_data)
    assert answer.code == 3
    assert not target.exists()


def test_explain_says_that_presence_has_no_money(concerted: Commands, small_data: Path) -> None:
    answer = concerted.run("explain", "--data", small_data, "--kind", "presence", "--limit", 3)
    assert answer.code == 0
    assert "presence: no money" in answer.out


def test_explain_opens_the_strategy_for_people_and_machines(concerted: Commands, small_data: Path) -> None:
    opened = concerted.run("explain", "--data", small_data, "--json").json()
    people = concerted.run("explain", "--data", small_data, "--limit", 2)
    assert people.code == 0
    assert f"{opened['activities']} activities, {len(opened['rows'])} rows" in people.out
    assert f"... {len(opened['rows']) - 2} more" in people.out


def test_diff_of_an_edition_with_itself_is_0(concerted: Commands, small_data: Path) -> None:
    name = find_edition(small_data).name
    answer = concerted.run("diff", name[:8], name, "--data", small_data, "--json")
    assert answer.code == 0
    assert answer.json()["totals"] == []


def test_a_folder_that_cannot_be_written_is_3_in_one_sentence(
    concerted: Commands, small: Small, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    for arguments in (("init", tmp_path / "file"), ("build", *small.sources, "--data", tmp_path / "file" / "data")):
        answer = concerted.run(*arguments)
        assert answer.code == 3
        assert "file" in answer.err
        assert "Traceback" not in answer.err


@pytest.mark.parametrize("command", ["check", "read", "build"])
def test_where_there_is_nothing_to_read_the_code_is_3(command: str, concerted: Commands, tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    answer = concerted.run(command, tmp_path / "sources", "--data", tmp_path / "data")
    assert (answer.code, "nothing to read" in answer.err) == (3, True)


def test_explain_takes_names_and_says_what_it_took_them_for(concerted: Commands, small_data: Path) -> None:
    named = concerted.run("explain", "--data", small_data, "--node", "p1", "--place", "mali", "--kind", "Décaissement")
    assert named.code == 0
    assert "node P1, place ML, finance_kind disbursement" in named.out
    francs = concerted.run("explain", "--data", small_data, "--currency", "xof", "--limit", 0)
    assert " XOF, best " in francs.out


@pytest.mark.slow
def test_a_build_is_released_until_that_is_left_to_a_decision(
    concerted: Commands, small: Small, tmp_path: Path
) -> None:
    arguments = ("build", *small.sources, "--strategy", small.strategy, "--data", tmp_path, "--jobs", 1)
    first = concerted.run(*arguments, "--json").json()
    assert first["is_released"]
    assert (tmp_path / "released").read_text("utf-8").strip() == first["edition_id"]
    other = concerted.run(*arguments, "--framework", "sdg", "--no-release")
    assert "not released" in other.out
    assert (tmp_path / "current").read_text("utf-8").strip() != first["edition_id"]
    assert (tmp_path / "released").read_text("utf-8").strip() == first["edition_id"]
    refused = concerted.run(*arguments, "--release")
    assert refused.code == 3
    assert "released by a decision" in refused.err
