"""The doctor's findings: each thing that can be wrong is found, and said with what to do."""

from pathlib import Path

import pytest

from web.registry_database import use
from web.workspace import Workspace


def states(data: Path) -> dict[str, str]:
    from concerted.web.config.health import examine

    found = examine(data)
    assert all(each.do for each in found if each.state == "error"), found
    return {each.check: each.state for each in found}


@pytest.fixture
def healthy(both: Workspace) -> Workspace:
    """An installation in which nothing is an error."""
    for name in ("Secretariat", "Alpha", "Beta"):
        both.person(both.partner(name), "administrator")
    key = both.site.data / "secret_key"
    if not key.exists():
        key.write_text("k" * 60, "utf-8")
    key.chmod(0o600)
    return both


def test_a_sound_installation_has_no_error(healthy: Workspace) -> None:
    found = states(healthy.site.data)
    assert set(found) == {
        "settings", "secret key", "registry", "migrations", "log", "people", "edition", "disk"
    }  # fmt: skip
    assert "error" not in found.values()
    assert found["people"] == "ok"


def test_an_unreachable_registry_is_an_error_and_the_rest_is_looked_at(healthy: Workspace) -> None:
    from concerted.web.config.database import database

    use(database("/no/such/folder/registry.sqlite3", healthy.site.data))
    found = states(healthy.site.data)
    assert found["registry"] == "error"
    assert found["edition"] == "ok"


def test_tables_that_are_missing_are_named(healthy: Workspace) -> None:
    from concerted.web.config.database import database

    use(database(str(healthy.site.data / "nothing-in-it.sqlite3"), healthy.site.data))
    found = states(healthy.site.data)
    assert found["migrations"] == "error"
    assert found["log"] == "error"


def test_a_log_that_somebody_changed_is_found(healthy: Workspace) -> None:
    from django.db import connection

    from concerted.web.audit.actions import Act, Who, record

    record(Who(), Act("changed", "partner"), Act("changed", "partner"))
    on = " ON audit_entry" if healthy.kind == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER audit_entry_is_kept{on}")
    assert states(healthy.site.data)["log"] == "error"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER audit_entry_stays{on}")
        cursor.execute("UPDATE audit_entry SET action = 'saw' WHERE sequence = 1")
    from concerted.web.audit import guards

    guards_missing, guards.missing = guards.missing, lambda connection: []
    try:
        from concerted.web.config.health import examine

        (log,) = [each for each in examine(healthy.site.data) if each.check == "log"]
    finally:
        guards.missing = guards_missing
    assert log.state == "error"
    assert "entry 1 was changed" in log.says


def test_a_key_that_others_can_read_is_an_error(healthy: Workspace) -> None:
    (healthy.site.data / "secret_key").chmod(0o644)
    assert states(healthy.site.data)["secret key"] == "error"


def test_an_organisation_without_an_administrator_is_named(healthy: Workspace) -> None:
    from concerted.web.config.health import examine

    orphaned = healthy.partner("Gamma")
    healthy.person(orphaned, "editor")
    (people,) = [each for each in examine(healthy.site.data) if each.check == "people"]
    assert people.state == "warning"
    assert "Gamma" in people.says


def test_a_missing_edition_and_a_broken_one_are_told_apart(healthy: Workspace, tmp_path: Path) -> None:
    assert states(tmp_path)["edition"] == "warning"
    (tmp_path / "current").write_text("nothing\n", "utf-8")
    assert states(tmp_path)["edition"] == "error"
