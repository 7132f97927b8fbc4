"""Sharing groups: owned, versioned, empty means nobody; what the policy asks is what all versions say."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concerted.model.errors import NotAllowedError
from web.accounts.test_person import queries_of
from web.workspace import Workspace
from web.workspace_app.kept import actor, editor, kept
from web.workspace_app.typed import typed


def keeper(workspace: Workspace, partner: str = "Alpha") -> Any:
    return workspace.person(workspace.partner(partner), "signer")


def made(user: Any, *members: Any, **more: Any) -> Any:
    from concerted.web.sharing import actions

    return actions.make(actor(user), more.pop("name", "Justice"), [each.pk for each in members], **more)


def of(partner: Any) -> frozenset[str]:
    from concerted.web.sharing.queries import groups_of

    return groups_of(partner.pk)


def test_members_see_and_the_owner_is_not_one_by_owning(both: Workspace) -> None:
    alpha, beta = both.partner("Alpha"), both.partner("Beta")
    version = made(keeper(both), beta)
    assert of(beta) == {str(version.group_id)}
    assert of(alpha) == frozenset()


def test_who_is_taken_out_sees_nothing_from_the_next_page_on(both: Workspace) -> None:
    from concerted.web.sharing import actions

    user, beta = keeper(both), both.partner("Beta")
    version = made(user, beta, both.partner("Alpha"))
    record = kept(editor(both), marking_key=f"AMBER:{version.group_id}", title="For the group")
    reader = both.client(editor(both, "Beta", "reader"))
    assert reader.get(f"/en/workspace/records/{record.pk}/").status_code == 200
    actions.change(actor(user), version.group_id, 1, "Justice", [both.partner("Alpha").pk])
    assert of(beta) == frozenset()
    assert reader.get(f"/en/workspace/records/{record.pk}/").status_code == 404


def test_an_empty_group_and_one_whose_agreement_has_ended_mean_nobody(both: Workspace) -> None:
    from concerted.web.sharing import actions
    from concerted.web.sharing.queries import today

    user, beta = keeper(both), both.partner("Beta")
    ended = made(user, beta, last_day=today() - timedelta(days=1))
    last = made(user, beta, last_day=today())
    closed = made(user, beta)
    actions.close(actor(user), closed.group_id, 1)
    assert of(beta) == {str(last.group_id)}
    assert ended.group_id != last.group_id


@pytest.mark.parametrize("seed", range(6))
def test_the_one_query_says_what_all_versions_say(both: Workspace, seed: int) -> None:
    """The answer of the registry is held against `marking.Groups` over every version, for every organisation."""
    import random

    from concerted.marking import Groups
    from concerted.web.sharing import actions
    from concerted.web.sharing.models import Version
    from concerted.web.sharing.queries import as_said, today, with_members

    dice = random.Random(seed)  # noqa: S311  (a seeded choice that can be made again)
    user, everybody = keeper(both), [both.partner(f"P{n}") for n in range(4)]
    days = (None, today(), today() - timedelta(days=1), today() + timedelta(days=1))
    groups = [made(user, *dice.sample(everybody, dice.randint(0, 4)), last_day=dice.choice(days)) for _ in range(4)]
    numbers = {each.group_id: 1 for each in groups}
    for _ in range(10):
        group = dice.choice(groups).group_id
        members = [each.pk for each in dice.sample(everybody, dice.randint(0, 4))]
        actions.change(actor(user), group, numbers[group], "Justice", members, last_day=dice.choice(days))
        numbers[group] += 1
    known = Groups.of(as_said(version) for version in with_members(Version.objects.all()))
    told = {each.pk: of(each) for each in everybody}
    assert told == {each.pk: known.containing(str(each.pk), today()) for each in everybody}
    assert any(told.values())


def test_only_who_signs_for_the_owner_changes_a_group(workspace: Workspace) -> None:
    from concerted.web.sharing import actions

    beta = workspace.partner("Beta")
    version = made(keeper(workspace), beta)
    for user in (editor(workspace), keeper(workspace, "Beta"), editor(workspace, "Alpha", "reader")):
        with pytest.raises(NotAllowedError):
            actions.change(actor(user), version.group_id, 1, "Justice", [beta.pk])
    with pytest.raises(NotAllowedError):
        made(editor(workspace), beta)
    assert of(beta) == {str(version.group_id)}


def test_a_member_leaves_by_itself_and_takes_nobody_along(both: Workspace) -> None:
    from concerted.web.sharing import actions
    from concerted.web.sharing.models import Version

    alpha, beta = both.partner("Alpha"), both.partner("Beta")
    version = made(keeper(both), alpha, beta)
    actions.leave(actor(keeper(both, "Beta")), version.group_id, 1)
    assert (of(alpha), of(beta)) == ({str(version.group_id)}, frozenset())
    assert Version.objects.get(number=2).left == beta.pk
    with pytest.raises(NotAllowedError):
        actions.leave(actor(keeper(both, "Beta")), version.group_id, 2)


def test_words_that_its_owner_wrote_once_keep_nobody_in(workspace: Workspace) -> None:
    from concerted.web.sharing import actions
    from concerted.web.sharing.models import Version

    member = keeper(workspace, "Beta")
    group = made(keeper(workspace), member.partner)
    # Written before the door knew such words; the database keeps versions, so another one is added.
    Version.objects.create(
        group_id=group.group_id,
        number=2,
        name="Ask zz.keita@example.org",
        made_by=group.made_by,
        made_for=group.made_for,
    ).members.create(organisation=member.partner)
    actions.leave(actor(member), group.group_id, 2)
    assert of(member.partner) == frozenset()


def test_of_two_who_change_at_once_one_is_told_to_look_again(both: Workspace) -> None:
    from concerted.web.sharing import actions
    from concerted.web.sharing.actions import ChangedMeanwhileError

    user, beta = keeper(both), both.partner("Beta")
    version = made(user, beta)
    actions.close(actor(user), version.group_id, 1)
    with pytest.raises(ChangedMeanwhileError):
        actions.change(actor(user), version.group_id, 1, "Justice", [beta.pk])
    assert of(beta) == frozenset()  # what was closed is not opened again by who had not seen it


def test_the_database_refuses_to_change_what_a_group_was(both: Workspace) -> None:
    from django.db import DatabaseError, connection

    made(keeper(both), both.partner("Beta"))
    for statement in (
        "UPDATE sharing_version SET number = 9",
        "UPDATE sharing_member SET organisation_id = organisation_id",
        "DELETE FROM sharing_member",
        "DELETE FROM sharing_version",
    ):
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute(statement)


def test_whoever_is_or_was_in_it_reads_in_its_log_that_it_changed(workspace: Workspace) -> None:
    from concerted.web.audit.models import Entry
    from concerted.web.sharing import actions

    user, alpha, beta = keeper(workspace), workspace.partner("Alpha"), workspace.partner("Beta")
    version = made(user, beta)
    actions.close(actor(user), version.group_id, 1)
    entries = Entry.objects.filter(object_kind="sharing_group").values_list("action", "owner")
    assert sorted(entries) == sorted((a, o) for a in ("added", "removed") for o in (alpha.pk, beta.pk))


def test_words_about_persons_are_not_stored(workspace: Workspace) -> None:
    from concerted.web.sharing.models import Version

    client = workspace.client(keeper(workspace))
    page = client.get("/en/workspace/groups/new/")
    answer = client.post(
        "/en/workspace/groups/new/", typed(page, "group-form", name="Call awa.keita@example.org")
    ).content.decode()
    assert "awa.keita@example.org" in answer
    assert Version.objects.count() == 0


def test_pages_of_a_group_are_for_its_owner_and_its_members_alone(both: Workspace) -> None:
    beta = both.partner("Beta")
    version = made(keeper(both), beta, name="Zzcanary group")
    address = f"/en/workspace/groups/{version.group_id}/"
    member, outsider = both.client(editor(both, "Beta", "reader")), both.client(keeper(both, "Secretariat"))
    assert "Zzcanary group" in member.get(address).content.decode()
    absent = outsider.get(f"/en/workspace/groups/{uuid4()}/")
    assert (absent.status_code, absent.content) == (404, outsider.get(address).content)
    assert "Zzcanary" not in outsider.get("/en/workspace/groups/").content.decode()
    for page in ("change/", "close/", "leave/"):
        assert outsider.post(address + page, {"number": "1"}).status_code == 404
    signer = both.client(keeper(both, "Beta"))
    assert signer.post(f"{address}close/", {"number": "1"}).status_code == 404
    assert signer.post(f"{address}leave/", {"number": "1"}).status_code == 302
    assert of(beta) == frozenset()
    assert signer.get(address).status_code == 404


def test_a_group_is_made_and_changed_on_its_pages(both: Workspace) -> None:
    from concerted.web.sharing.models import Version

    client, beta = both.client(keeper(both)), both.partner("Beta")
    new = "/en/workspace/groups/new/"
    answer = client.post(new, typed(client.get(new), "group-form", name="Justice", members=[str(beta.pk)]))
    version = Version.objects.get()
    address = f"/en/workspace/groups/{version.group_id}/"
    assert answer["Location"] == address
    page = client.get(address).content.decode()
    assert "Beta" in page
    changed = typed(client.get(f"{address}change/"), "group-form", name="Justice and peace", members=None)
    assert client.post(f"{address}change/", changed).status_code == 302
    page = client.get(address).content.decode()
    assert "Justice and peace" in page
    assert "it means nobody" in page
    stale = client.post(f"{address}change/", changed).content.decode()
    assert "meanwhile" in stale
    past = typed(client.get(f"{address}change/"), "group-form", last_day="2020-01-01")
    assert "This day has passed." in client.post(f"{address}change/", past).content.decode()


def test_a_signed_in_page_costs_one_query_more_whatever_the_number_of_groups(both: Workspace) -> None:
    user, beta = both.person(both.partner("Beta"), "signer"), both.partner("Beta")
    client = both.client(user)
    before, _ = queries_of(client, "/fr/activities/")
    for n in range(12):
        made(user, beta, name=f"Group {n}")
    after, _ = queries_of(client, "/fr/activities/")
    assert (before, after) == (3, 3)


def test_the_form_offers_groups_and_says_who_is_behind_them(both: Workspace) -> None:
    from concerted.web.workspace.models import Record

    user, beta = both.person(both.partner("Alpha"), "signer"), both.partner("Beta")
    version = made(user, beta, both.partner("Alpha"))
    client, group = both.client(user), str(version.group_id)
    chosen = {"sharing": "groups", "groups": group}
    told = client.get("/en/workspace/records/who-sees/", chosen).content.decode()
    assert "The people of 2 organisations:" in told
    assert "Beta" in told
    assert "Through: Justice" in told
    new = "/en/workspace/records/new/"
    both_views = {"coarse": "chosen", "coarse_organisations": [str(both.partner("Secretariat").pk)], "level": "1"}
    answer = client.post(
        new, typed(client.get(new), keep="1", title="Wells", sharing="groups", groups=[group], **both_views)
    )
    assert answer.status_code == 302
    record = Record.objects.get()
    assert record.marking_key == f"AMBER:{group}"
    names = sorted([str(user.partner_id), str(both.partner("Secretariat").pk)])
    assert record.coarse_marking_key == f"AMBER+STRICT:{','.join(names)}"
    page = client.get(answer["Location"]).content.decode()
    assert "Beta" in page
    assert "Through: Justice" in page
    theirs = both.client(editor(both, "Beta", "reader")).get(answer["Location"]).content.decode()
    assert "Alpha" in theirs
    assert "Through:" not in theirs  # what other groups are called is not for everybody who sees it
    edit = f"{answer['Location']}edit/"
    assert client.post(edit, typed(client.get(edit), keep="1")).status_code == 302
    record.refresh_from_db()
    assert record.version == 1  # nothing that was not touched has changed


def test_a_group_must_be_chosen_and_be_ones_own(workspace: Workspace) -> None:
    user, other = keeper(workspace), keeper(workspace, "Secretariat")
    made(user, workspace.partner("Beta"))
    foreign = made(other, workspace.partner("Beta"), name="Foreign")
    client, new = workspace.client(user), "/en/workspace/records/new/"
    none = client.post(new, typed(client.get(new), keep="1", title="Wells", sharing="groups")).content.decode()
    assert "Choose at least one group" in none
    assert "Foreign" not in none
    answer = client.post(
        new, typed(client.get(new), keep="1", title="Wells", sharing="groups", groups=[str(foreign.group_id)])
    )
    assert answer.status_code == 200


def test_a_group_that_one_has_left_stays_named_where_it_was(workspace: Workspace) -> None:
    from concerted.web.sharing import actions
    from concerted.web.workspace.models import Record

    user, alpha = keeper(workspace), workspace.partner("Alpha")
    version = made(keeper(workspace, "Secretariat"), alpha, workspace.partner("Beta"))
    record = kept(editor(workspace), marking_key=f"AMBER:{version.group_id}")
    actions.leave(actor(user), version.group_id, 1)
    client, edit = workspace.client(user), f"/en/workspace/records/{record.pk}/edit/"
    page = client.get(edit)
    assert "Justice" in page.content.decode()
    assert client.post(edit, typed(page, keep="1")).status_code == 302
    assert Record.objects.get().marking_key == f"AMBER:{version.group_id}"


@given(st.text(max_size=60))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_is_no_group_is_nobody_and_no_error(workspace: Workspace, text: str) -> None:
    from concerted.web.sharing.queries import groups_named, today

    names: Iterable[str] = (text, str(UUID(int=7)).upper(), str(uuid4()))
    assert all(groups_named(names).members(name, today()) == frozenset() for name in names)
    assert today() >= date(2026, 1, 1)
