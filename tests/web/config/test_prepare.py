"""The registry is made ready before anybody asks for it, once, and says plainly when it cannot be."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from web.registry_database import use
from web.site import Site
from web.workspace import Workspace


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, site: Site) -> Iterator[dict[str, Any]]:
    """A registry without any table."""
    from django.conf import settings

    before = settings.DATABASES["default"]
    entry = request.getfixturevalue(f"{request.param}_databases").empty()
    use(entry)
    yield entry
    use(before)


def test_an_empty_registry_is_made_whole_and_a_whole_one_is_left_alone(empty: dict[str, Any]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from concerted.web.config.prepare import pending, prepare_registry

    assert pending()
    assert prepare_registry() is None
    assert pending() == []
    with CaptureQueriesContext(connection) as caught:
        assert prepare_registry() is None
    assert not [q for q in caught if q["sql"].split()[0] in ("CREATE", "ALTER", "INSERT", "UPDATE")]


def test_a_registry_on_sqlite_is_its_owners_alone(site: Site, tmp_path: Path) -> None:
    from django.conf import settings

    from concerted.web.config.database import database
    from concerted.web.config.prepare import prepare_registry

    before = settings.DATABASES["default"]
    use(database("", tmp_path / "new"))
    try:
        assert prepare_registry() is None
        assert (tmp_path / "new" / "registry.sqlite3").stat().st_mode & 0o777 == 0o600
    finally:
        use(before)


@pytest.mark.parametrize("address", ["FILE/in/a/file.sqlite3", "postgres://nobody@127.0.0.1:9/none"])
def test_what_cannot_be_reached_is_said_and_stops_nothing(site: Site, tmp_path: Path, address: str) -> None:
    from django.conf import settings

    from concerted.web.config.database import database
    from concerted.web.config.prepare import prepare_registry

    (tmp_path / "FILE").write_text("", "utf-8")
    before = settings.DATABASES["default"]
    use(database(address if "://" in address else str(tmp_path / address), tmp_path))
    try:
        said = prepare_registry()
        assert said
        assert "\n" not in said
        assert site.get("/fr/").status_code == 200
    finally:
        use(before)


def test_models_and_migrations_agree(workspace: Workspace) -> None:
    from io import StringIO

    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


_DEPLOY = """
import django
django.setup()
from django.core.management import call_command
call_command("check", deploy=True, fail_level="WARNING")
"""


def _check(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    given = os.environ | {"CONCERTED_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "concerted.web.config.settings"}
    return subprocess.run(
        [sys.executable, "-c", _DEPLOY], env=given | environment, capture_output=True, text=True, check=False
    )


def test_the_check_for_deployment_is_clean_behind_tls(tmp_path: Path) -> None:
    run = _check(tmp_path, CONCERTED_TLS="1", CONCERTED_HOSTS="picture.example.org")
    assert run.returncode == 0, run.stderr
    assert "no issues" in run.stdout
    assert "security.W" in _check(tmp_path).stderr  # without TLS it has something to say: the check looks


def test_single_sign_on_is_there_by_environment_alone(tmp_path: Path) -> None:
    sso = {"CONCERTED_OIDC_ISSUER": "https://login.example.org/realm", "CONCERTED_OIDC_CLIENT_ID": "concerted"}
    run = _check(tmp_path, CONCERTED_TLS="1", CONCERTED_HOSTS="picture.example.org", **sso)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"CONCERTED_SECOND_FACTOR": "off"}, "for a demonstration only"),
        ({"CONCERTED_TLS": "perhaps"}, "CONCERTED_TLS is 'perhaps'; expected 1 or 0"),
        ({"CONCERTED_PROXIES": "many"}, "expected a whole number"),
        ({"CONCERTED_SECRET_KEY": "short"}, "it needs at least 50"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_is_named(tmp_path: Path, environment: dict[str, str], said: str) -> None:
    run = _check(tmp_path, **environment)
    assert run.returncode != 0
    assert said in run.stderr
