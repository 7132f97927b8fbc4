"""`doctor`, `invite`, `close`, `backup`, `restore`, `upgrade`: each in a process of its own, as a keeper runs them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = (sys.executable, "-c", "from concerted.cli.main import main; main()")


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {name: value for name, value in os.environ.items() if not name.startswith(("CONCERTED_", "DJANGO_"))}
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False, env=given | environment
    )


@pytest.mark.slow
def test_the_first_link_is_made_on_the_command_line_and_the_doctor_sees_the_rest(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    asked = run("doctor", "--data", data, "--json")
    found = {each["check"]: each for each in json.loads(asked.stdout)}
    assert asked.returncode == 1
    assert found["migrations"]["state"] == "error"
    assert found["edition"]["state"] == "warning"
    made = run(
        "invite", "--data", data, "--organisation", "Secrétariat", "--role", "secretariat", "--site", "https://x.org"
    )
    assert made.returncode == 0, made.stderr
    assert "https://x.org/en/join/" in made.stdout
    again = run("invite", "--data", data, "--organisation", "secrétariat")
    assert again.returncode == 0, again.stderr
    assert "was added" in made.stdout
    assert "was added" not in again.stdout
    asked = run("doctor", "--data", data)
    assert asked.returncode == 0, asked.stdout
    assert "ok      log: 3 entries, unbroken" in asked.stdout
    assert "nobody has an account yet" in asked.stdout
    gone = run("close", "nobody@example.org", "--data", data)
    assert gone.returncode == 3
    assert "no account has the address" in gone.stderr


@pytest.mark.slow
def test_what_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    for arguments in (("doctor",), ("invite", "--organisation", "X"), ("close", "a@b.org")):
        answer = run(*arguments, "--data", tmp_path / "nothing")
        assert answer.returncode == 3
        assert "is no folder" in answer.stderr
        assert "Traceback" not in answer.stderr
    answer = run(
        "invite", "--organisation", "X", "--data", tmp_path, CONCERTED_DATABASE="postgres://u:pw@127.0.0.1:9/n"
    )
    assert answer.returncode == 3
    assert "the registry cannot be used" in answer.stderr
    assert "pw@" not in answer.stderr
    answer = run("invite", "--organisation", "X", "--role", "king", "--data", tmp_path)
    assert answer.returncode == 2


@pytest.mark.slow
def test_a_registry_moves_to_another_folder_by_backup_and_restore(tmp_path: Path) -> None:
    data, other, file = tmp_path / "data", tmp_path / "other", tmp_path / "kept.zip"
    data.mkdir()
    assert run("invite", "--organisation", "Secretariat", "--role", "secretariat", "--data", data).returncode == 0
    made = run("backup", file, "--data", data, "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["rows"] >= 3
    here = set(Path().iterdir())
    looked = run("restore", file, "--check", "--data", tmp_path / "nowhere", "--json")
    assert looked.returncode == 0, looked.stderr
    assert not (tmp_path / "nowhere").exists()
    assert set(Path().iterdir()) == here  # nor is a key written where the command was run
    restored = run("restore", file, "--data", other, "--json")
    assert restored.returncode == 0, restored.stderr
    assert json.loads(restored.stdout)["rows"] == json.loads(made.stdout)["rows"]
    again = run("restore", file, "--data", other)
    assert again.returncode == 3
    assert "holds rows" in again.stderr
    found = {each["check"]: each for each in json.loads(run("doctor", "--data", other, "--json").stdout)}
    assert found["log"]["state"] == "ok"


@pytest.mark.slow
def test_an_upgrade_says_what_it_did(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    first = run("upgrade", "--data", data)
    assert first.returncode == 0, first.stderr
    assert "changes of tables applied" in first.stdout
    assert run("upgrade", "--data", data).stdout == "up to date already\n"


@pytest.mark.slow
def test_a_digest_is_shown_without_being_sent_and_sent_only_where_mail_is_set(tmp_path: Path) -> None:
    mail = {"CONCERTED_MAIL_FROM": "noreply@example.org", "CONCERTED_SITE": "https://picture.example.org"}
    refused = run("digest", "--data", tmp_path)
    assert refused.returncode == 3
    assert "set CONCERTED_MAIL" in refused.stderr
    shown = run("digest", "--data", tmp_path, "--to-console")
    assert (shown.returncode, shown.stdout) == (0, "")
    sent = run("digest", "--data", tmp_path, CONCERTED_MAIL="console", **mail)
    assert sent.returncode == 0, sent.stderr
    assert "sent: 0; refused by the mail server: 0" in sent.stdout
    wrong = run("digest", "--data", tmp_path, CONCERTED_MAIL="smtp://u:secret@relay?tls=off", **mail)
    assert wrong.returncode == 3
    assert "without TLS" in wrong.stderr
    assert "secret" not in wrong.stderr
