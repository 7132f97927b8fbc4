"""The owner releases and takes back: what the public is shown, what stands against it, what everybody reads of it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from concerted.build import build
from concerted.model.errors import NotAllowedError
from concerted.steps import BuildRequest
from concerted.store.edition import make_current
from concerted.store.released import is_decided, pin, released_edition
from web.workspace import Workspace
from web.workspace_app.kept import actor, editor

_ACTIVITY = """<iati-activity last-updated-datetime="2026-03-01T00:00:00Z">
<iati-identifier>XM-A-{title}</iati-identifier>
<reporting-org ref="XM-A" type="22"><narrative>Alpha</narrative></reporting-org>
<title><narrative>{title}</narrative></title>
<activity-status code="2"/><activity-date iso-date="2026-01-01" type="2"/>
<recipient-country code="ML" percentage="100"/>
<sector code="15220" vocabulary="1" percentage="100"/>
<transaction><transaction-type code="2"/>
<transaction-date iso-date="2026-01-02"/>
<value currency="USD" value-date="2026-01-02">1000</value></transaction>
</iati-activity>"""
PUBLIC, MAKE = "/en/releases/", "/en/workspace/release/"


#: Sources and titles of each edition that the tests use.
_EDITIONS = {
    "first": ("one", "Wells"),
    "second": ("one", "Wells", "Schools"),
    "third": ("one", "Wells", "Schools", "Roads"),
    "other": ("two", "Roads"),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A data folder with an edition of each, made once: the folder, and the editions' ids."""
    data, found = tmp_path_factory.mktemp("built"), {}
    for name, (source, *titles) in _EDITIONS.items():
        folder = data / "in" / source
        folder.mkdir(parents=True, exist_ok=True)
        activities = "".join(_ACTIVITY.format(title=title) for title in titles)
        (folder / "activities.xml").write_text(
            f'<iati-activities version="2.03">{activities}</iati-activities>', "utf-8"
        )
        (folder / "source.yml").write_text(f"id: {source}\n", "utf-8")
        found[name] = build([str(folder)], data, BuildRequest(frameworks=("sdg",))).folder.name
    return data, found


@dataclass
class Data:
    """A data folder in which editions come about."""

    folder: Path
    ids: dict[str, str]

    def made(self, name: str) -> Path:
        """One of the editions, current from now on."""
        make_current(self.folder, self.ids[name])
        return self.folder / "editions" / self.ids[name]

    @property
    def shown(self) -> str | None:
        """The name of the edition that the public is shown."""
        folder = released_edition(self.folder)
        return next(name for name, each in self.ids.items() if each == folder.name) if folder else None


@pytest.fixture
def data(
    workspace: Workspace, built: tuple[Path, dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Data]:
    """A data folder whose first edition was built and released by hand; served by the site."""
    from django.conf import settings

    from concerted.web.config import middleware
    from concerted.web.config.page_cache import shelf
    from concerted.web.edition.current import CurrentEdition

    monkeypatch.setattr(settings, "CONCERTED_DATA", tmp_path)
    shutil.copytree(built[0] / "editions", tmp_path / "editions")
    found = Data(tmp_path, built[1])
    found.made("first")
    pin(tmp_path)
    served = CurrentEdition(tmp_path)
    monkeypatch.setattr(middleware, "current", lambda: served)
    shelf.clear()
    yield found
    shelf.clear()


def owner(workspace: Workspace, *held: str) -> Any:
    return workspace.person(workspace.partner("Secretariat"), "secretariat", *(held or ("signer",)))


def release(user: Any, folder: Path, note: str = "Spring", **more: Any) -> Any:
    from concerted.web.accounts.person import viewer_for
    from concerted.web.release import actions

    who = actor(user)
    return actions.release(who, viewer_for(who.person, is_sure=True), folder, note, **more)


def text(answer: Any) -> str:
    found: str = answer.content.decode()
    return found


def ask_to_release(client: Any, note: str, edition: str = "") -> str:
    """Release through the page what it shows, or what it showed before; the id that the page stands on."""
    settle()
    edition = edition or text(client.get(MAKE)).partition('name="edition" value="')[2].partition('"')[0]
    assert client.post(MAKE, {"edition": edition, "note": note})["Location"] == MAKE
    return edition


def settle() -> None:
    from concerted.web.config.middleware import current

    current().settle()
    current().settle_released()


def test_a_release_is_shown_to_the_public_and_can_be_taken_back_openly(workspace: Workspace, data: Data) -> None:
    second = data.made("second")
    client = workspace.client(owner(workspace))
    page = text(client.get("/en/workspace/release/"))
    assert "1 record added" in page
    assert data.shown == "first"
    edition = page.partition('name="edition" value="')[2].partition('"')[0]
    assert edition != second.name  # that id is made of hidden inputs too
    answer = client.post("/en/workspace/release/", {"edition": edition, "note": "Spring round"}, follow=True)
    assert "everybody sees it now" in text(answer)
    assert data.shown == "second"
    settle()
    told = text(workspace.client().get(PUBLIC))
    assert "Spring round" in told
    assert "shown now" in told
    assert second.name not in told
    assert "1 record added" in text(workspace.client().get(f"{PUBLIC}1/"))
    answer = client.post("/en/workspace/release/withdraw/", {"note": "A wrong amount"}, follow=True)
    assert "Taken back" in text(answer)
    assert data.shown == "first"
    told = text(workspace.client().get(PUBLIC))
    assert "A wrong amount" in told
    assert "taken back later" in told
    assert "1 record added" not in text(workspace.client().get(f"{PUBLIC}1/"))  # not read out again
    assert workspace.log()[-2:] == ["released", "release_withdrawn"]


def test_what_a_release_changed_is_kept_with_it_and_no_request_of_the_public_compares(
    workspace: Workspace, data: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concerted.web.release import comparing
    from concerted.web.release.models import Release

    data.made("second")
    client = workspace.client(owner(workspace))
    edition = text(client.get("/en/workspace/release/")).partition('name="edition" value="')[2].partition('"')[0]
    client.post("/en/workspace/release/", {"edition": edition, "note": "Spring round"}, follow=True)
    settle()
    row = Release.objects.get()
    assert row.changes["counts"] == row.counts
    assert len(row.changes["records"]["added"]) == 1

    def compared(*_: object) -> None:
        raise AssertionError("a request of the public compares editions")

    monkeypatch.setattr(comparing, "compare", compared)
    public = workspace.client()
    assert "1 record added" in text(public.get(f"{PUBLIC}{row.pk}/"))
    assert "XM-A-Schools" in text(public.get(f"{PUBLIC}{row.pk}/"))
    assert public.get(f"/api/v1/releases/{row.pk}").json()["changes"]["records"]["added"]


def test_of_what_changed_the_first_are_named_and_all_are_counted() -> None:
    from concerted.web.release.comparing import MOST, in_short

    many = [{"activity_id": f"{i:016x}", "identifier": f"XM-{i}"} for i in range(3 * MOST)]
    lists: dict[str, Any] = {"added": many, "removed": [], "changed": many}
    told = in_short({"rules": [], "inputs": {**lists, "same": 0}, "records": lists, "totals": many})
    assert told is not None
    assert told["counts"] == {"added": 3 * MOST, "removed": 0, "changed": 3 * MOST, "totals": 3 * MOST}
    assert [len(told["records"][name]) for name in lists] == [MOST, 0, MOST]
    assert (len(told["totals"]), len(told["inputs"]["added"])) == (MOST, MOST)
    assert in_short(None) is None


def test_what_stands_against_a_release_is_said_and_nothing_is_released(workspace: Workspace, data: Data) -> None:
    from concerted.web.release.actions import NotReleasedError

    user = owner(workspace)
    other = data.made("other")
    with pytest.raises(NotReleasedError) as refused:
        release(user, other)
    assert [(r.kind, r.what) for r in refused.value.reasons] == [("source", "one")]
    table = next(other.glob("core_sector.parquet"))
    table.write_bytes(b"damaged")
    with pytest.raises(NotReleasedError) as refused:
        release(user, other, is_meant=True)  # a law is not broken on purpose
    assert {r.kind for r in refused.value.reasons} == {"law"}
    assert data.shown == "first"
    assert not is_decided(data.folder)
    shutil.rmtree(other)


def test_a_source_that_was_left_out_on_purpose_can_be(workspace: Workspace, data: Data) -> None:
    data.made("other")
    client = workspace.client(owner(workspace))
    settle()
    page = text(client.get("/en/workspace/release/"))
    form = {"edition": page.partition('name="edition" value="')[2].partition('"')[0], "note": "Without one"}
    answer = client.post("/en/workspace/release/", form)
    assert "The source one is missing" in text(answer)
    assert "on purpose" in text(answer)
    assert data.shown != "other"
    client.post("/en/workspace/release/", form | {"meant": "1"})
    assert data.shown == "other"


def test_a_failed_build_stops_a_release_of_what_is_current(
    workspace: Workspace, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concerted.web.release import actions

    second = data.made("second")
    monkeypatch.setattr(actions, "last_failed", lambda: True)
    with pytest.raises(actions.NotReleasedError, match="build"):
        release(owner(workspace), second)


def test_only_the_owner_releases_and_a_note_is_needed_that_names_nobody(workspace: Workspace, data: Data) -> None:
    from concerted.web.workspace.actions import RefusedError

    second = data.made("second")
    for user in (editor(workspace, "Alpha", "signer"), owner(workspace, "editor"), owner(workspace, "reader")):
        with pytest.raises(NotAllowedError):
            release(user, second)
        assert workspace.client(user).get("/en/workspace/release/").status_code == 404
        assert workspace.client(user).post("/en/workspace/release/withdraw/", {"note": "x"}).status_code == 404
    user = owner(workspace)
    with pytest.raises(ValueError, match="note"):
        release(user, second, "  ")
    with pytest.raises(RefusedError):
        release(user, second, "Thanks to Mme Aminata Traoré, amina@example.org")
    assert not is_decided(data.folder)


def test_what_was_looked_at_is_released_and_nothing_newer(workspace: Workspace, data: Data) -> None:
    client = workspace.client(owner(workspace))
    second = data.made("second")
    page = text(client.get("/en/workspace/release/"))
    form = {"edition": page.partition('name="edition" value="')[2].partition('"')[0], "note": "Spring"}
    third = data.made("third")
    assert "moved on" in text(client.post("/en/workspace/release/", form, follow=True))
    (data.folder / "rebuilt").write_text(f"{second.name}\n{third.name}\n", "utf-8")
    client.post("/en/workspace/release/", form)
    assert data.shown == "second"


def test_the_pointer_follows_the_decision_after_a_stop_in_between(workspace: Workspace, data: Data) -> None:
    from concerted.web.release.actions import follow, withdraw

    user = owner(workspace)
    second = data.made("second")
    release(user, second)
    (data.folder / "released").write_text(f"{data.ids['first']}\n", "utf-8")
    follow()
    assert data.shown == "second"
    withdraw(actor(user), "Wrong")
    withdraw(actor(user), "Wrong as well")
    assert data.shown is None
    with pytest.raises(ValueError, match="nothing is released"):
        withdraw(actor(user), "Again")
    (data.folder / "released").write_text(f"{second.name}\n", "utf-8")
    follow()
    assert data.shown is None


def test_releases_can_be_neither_changed_nor_removed(both: Workspace) -> None:
    from django.db import DatabaseError, connection, transaction

    from concerted.web.release.guards import missing
    from concerted.web.release.models import Release

    Release.objects.create(kind="released", edition="a" * 32, public_id="b" * 32, shown="a" * 32, note="Spring")
    assert missing(connection) == []
    for attempt in (
        lambda: Release.objects.update(note="other"),
        lambda: Release.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            attempt()
    with pytest.raises(TypeError):
        Release.objects.get().delete()


def test_a_day_that_passed_tells_what_is_late_and_asks_for_the_next_one(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django_tasks_db.models import DBTaskResult

    from concerted.web import daily as module

    told: list[int] = []
    monkeypatch.setattr(module, "tell_late", lambda: told.append(1) or 3)
    module.ensure_daily()
    module.ensure_daily()
    assert DBTaskResult.objects.filter(task_path=module.daily.module_path).count() == 1
    DBTaskResult.objects.all().delete()
    assert module.daily.func() == 3
    assert told == [1]
    waiting = DBTaskResult.objects.get(task_path=module.daily.module_path)
    assert waiting.run_after is not None


def test_partners_read_what_changed_since_and_the_band_leads_there(workspace: Workspace, data: Data) -> None:
    data.made("second")
    settle()
    client = workspace.client(editor(workspace, "Beta", "reader"))
    assert "/en/workspace/release/changes/" in text(client.get("/en/activities/"))
    assert "1 record added" in text(client.get("/en/workspace/release/changes/"))
    assert "/en/workspace/release/changes/" not in text(workspace.client().get("/en/activities/"))


def test_a_large_edition_is_looked_at_beside_the_site_with_progress(
    data: Data, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concerted.web.release import tasks
    from concerted.web.release.models import Asked, Progress, Release

    monkeypatch.setattr(tasks, "_SMALL", 0)
    data.made("second")
    client = workspace.client(owner(workspace))
    edition = ask_to_release(client, "Schools are new")
    asked = Asked.objects.get()
    assert (asked.progress, Release.objects.count(), data.shown) == (Progress.WAITING, 0, "first")
    page = client.get(MAKE).content.decode()
    assert "being looked at" in page
    assert 'http-equiv="refresh"' in page
    assert "Release to everybody" not in page
    ask_to_release(client, "Once more", edition)  # another is not begun meanwhile
    assert Asked.objects.count() == 1
    tasks.release_beside.call(str(asked.pk))
    asked.refresh_from_db()
    assert (asked.progress, data.shown) == (Progress.DONE, "second")
    assert 0 < asked.done <= asked.total
    assert Release.objects.get().note == "Schools are new"
    assert client.get("/en/workspace/release/progress/")["HX-Refresh"] == "true"
    tasks.release_beside.call(str(asked.pk))  # asked twice, done once
    assert Release.objects.count() == 1


def test_what_stands_against_a_large_edition_is_told_to_who_asked_alone(
    data: Data, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concerted.web.release import tasks
    from concerted.web.release.models import Asked, Progress

    monkeypatch.setattr(tasks, "_SMALL", 0)
    data.made("other")  # without the source that the public sees
    me, another = workspace.client(owner(workspace)), workspace.client(owner(workspace))
    ask_to_release(me, "Roads only")
    tasks.release_beside.call(str(Asked.objects.get().pk))
    assert (Asked.objects.get().progress, data.shown) == (Progress.REFUSED, "first")
    page = me.get(MAKE).content.decode()
    assert "The source one is missing" in page
    assert 'name="meant"' in page
    assert "The source one is missing" not in another.get(MAKE).content.decode()


def test_a_release_whose_worker_was_killed_is_made_once_by_the_next(
    data: Data, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    from concerted.web.release import actions, tasks
    from concerted.web.release.models import Asked, Progress, Release

    monkeypatch.setattr(tasks, "_SMALL", 0)
    data.made("second")
    ask_to_release(workspace.client(owner(workspace)), "Schools are new")
    asked = Asked.objects.get()
    real = tasks._end
    monkeypatch.setattr(tasks, "_end", lambda *_: None)  # killed after the release, before it is noted
    tasks.release_asked(asked.pk)
    monkeypatch.setattr(tasks, "_end", real)
    asked.refresh_from_db()
    assert (asked.progress, Release.objects.count()) == (Progress.WORKING, 1)
    tasks.take_up_again()
    assert Asked.objects.get().progress == Progress.WORKING, "it was heard of a moment ago"
    tasks.take_up_again(timedelta())
    tasks.release_asked(asked.pk)
    assert (Asked.objects.get().progress, Release.objects.count()) == (Progress.DONE, 1)
    assert actions.may_release(actor(asked.by))


def test_an_account_that_was_closed_meanwhile_releases_nothing(
    data: Data, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concerted.web.release import tasks
    from concerted.web.release.models import Asked, Progress, Release

    monkeypatch.setattr(tasks, "_SMALL", 0)
    data.made("second")
    person = owner(workspace)
    ask_to_release(workspace.client(person), "Schools are new")
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    tasks.release_asked(Asked.objects.get().pk)
    assert (Asked.objects.get().progress, Release.objects.count()) == (Progress.FAILED, 0)


def test_a_program_releases_what_it_looked_at_and_takes_it_back_under_the_same_refusals(
    workspace: Workspace, data: Data
) -> None:
    from web.api.programs import program

    data.made("second")
    asks, public = program(workspace, owner(workspace)), program(workspace)
    looked = asks.get("edition").data["id"]
    since = asks.get("unreleased").data
    assert not since["is_same"]
    assert len(since["changes"]["records"]["added"]) == 1
    words = asks.ask("POST", "releases", {"edition": looked, "note": "Ask +223 70 11 22 33"})
    assert (words.status_code, words.data["code"]) == (422, "text-refused")
    assert asks.ask("POST", "releases", {"edition": looked, "note": " "}).status_code == 422
    moved = asks.ask("POST", "releases", {"edition": "x", "note": "Spring"})
    assert (moved.status_code, moved.data["code"]) == (409, "changed-meanwhile")
    assert data.shown == "first"
    made = asks.ask("POST", "releases", {"edition": looked, "note": "Spring round"})
    assert made.status_code == 201, made.content
    assert data.shown == "second"
    settle()
    (told,) = public.get("releases").data
    assert (told["note"], told["is_shown"], told["counts"]["added"]) == ("Spring round", True, 1)
    assert public.get(f"releases/{told['number']}").data["changes"]["records"]["added"]
    again = asks.ask("POST", "releases", {"edition": looked, "note": "Once more"})
    assert (again.status_code, again.data["code"]) == (409, "not-now")
    data.made("other")
    settle()
    other = asks.get("edition").data["id"]
    against = asks.ask("POST", "releases", {"edition": other, "note": "Without one"})
    assert (against.status_code, against.data["code"], against.data["may_be_meant"]) == (422, "not-released", True)
    assert data.shown == "second"
    back = asks.ask("POST", "releases/withdraw", {"note": "A wrong amount"})
    assert back.status_code == 201, back.content
    assert data.shown == "first"
    assert public.get(f"releases/{told['number']}").data["changes"] is None  # not read out again
    assert workspace.log()[-2:] == ["released", "release_withdrawn"]
    assert asks.ask("POST", "releases/withdraw", {"note": "The one before too"}).status_code == 201
    assert data.shown is None
    assert asks.ask("POST", "releases/withdraw", {"note": "Again"}).data["code"] == "not-now"
