"""Who sees or exports a restricted record is noted for its owner: each time, also when the page was kept ready."""

from concerted.model.ids import id_text
from web.fixture_records import records
from web.site import Site
from web.workspace import Workspace

GREEN = next(r for r in records() if r.marking == "GREEN")


def owner_of(workspace: Workspace) -> object:
    """The partner that reports the green record."""
    from concerted.web.config.middleware import current

    served = current().get()
    assert served
    ((reference,),) = served.edition.rows(
        "SELECT DISTINCT reporting_org_ref FROM core_activity WHERE activity_id = $id", {"id": GREEN.id}
    )
    return workspace.partner("Owner", "implementer", reference=reference)


def test_each_sight_by_another_organisation_is_noted_and_ones_own_is_not(both: Workspace, cold: Site) -> None:
    from concerted.web.audit.models import Entry
    from concerted.web.audit.queries import who_saw

    owner = owner_of(both)
    stranger, own = both.person(both.partner("Beta"), "reader"), both.person(owner, "reader")
    address = f"/en/activities/{id_text(GREEN.id)}/"
    client = both.client(stranger)
    for _ in range(2):  # the second answer comes from the shelf
        assert client.get(address).status_code == 200
    both.client(own).get(address)
    seen = who_saw(owner.pk).entries  # type: ignore[attr-defined]
    assert [(e.action, e.actor, e.object_id) for e in seen] == [("saw", stranger.pk, id_text(GREEN.id))] * 2
    before = Entry.objects.count()
    client.get(f"/en/activities/{id_text(records()[0].id)}/")  # anybody may see it
    both.client().get(address)  # nothing there for the public
    assert Entry.objects.count() == before


def test_an_export_is_noted_for_each_owner_whoever_takes_it(both: Workspace, cold: Site) -> None:
    from concerted.web.audit.queries import who_saw

    owner = owner_of(both)
    for user in (both.person(both.partner("Beta"), "reader"), both.person(owner, "reader")):
        client = both.client(user)
        assert "ZZCANARYGREEN" in client.get("/en/export/activities.csv?place=all").content.decode("utf-8-sig")
        assert "ZZCANARYGREEN" not in client.get("/en/export/activities.csv?place=ML05").content.decode("utf-8-sig")
    seen = who_saw(owner.pk).entries  # type: ignore[attr-defined]
    assert [(e.action, e.object_id) for e in seen] == [("exported", "activities")] * 2


def test_what_cannot_be_noted_is_not_shown(workspace: Workspace, cold: Site) -> None:
    from django.db import connection

    owner_of(workspace)
    client = workspace.client(workspace.person(workspace.partner("Beta"), "reader"))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER full BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
        )
    answer = client.get(f"/en/activities/{id_text(GREEN.id)}/")
    assert answer.status_code == 503
    assert "ZZCANARY" not in answer.content.decode()
    assert client.get("/en/activities/?place=all").status_code == 200
