"""Through another's eyes: never more than one may see oneself, nothing can be changed, and it is noted."""

import itertools
from dataclasses import replace
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerted.marking import PUBLIC, Viewer, may_see, row_filter
from web.accounts.test_person import queries_of
from web.sharing.test_groups import keeper, made
from web.site import Site
from web.workspace import Workspace
from web.workspace_app.kept import actor, editor, kept

NAMES = ("a", "b", "c", "somebody", "p")
KEYS = [
    "CLEAR", "GREEN", "NOBODY", "RED:", "AMBER:", "misspelt",
    *(f"{label}:{','.join(names)}" for label in ("AMBER", "AMBER+STRICT", "RED")
      for size in (1, 2, 3) for names in itertools.combinations(NAMES, size)),
]  # fmt: skip
VIEWERS = st.builds(
    Viewer,
    person=st.sampled_from([None, "p", "somebody"]),
    organisation=st.sampled_from([None, "a", "b", "somebody"]),
    groups=st.frozensets(st.sampled_from(NAMES), max_size=3),
    roles=st.frozensets(st.sampled_from(["reader", "editor", "signer", "rights"])),
)
EYES = st.one_of(
    st.just(("public", "")),
    st.just(("partner", "")),
    st.sampled_from(NAMES).map(lambda name: ("group", name)),
    st.sampled_from(["00000000-0000-0000-0000-00000000000a"]).map(lambda name: ("organisation", name)),
)


def through(own: Viewer, eyes: tuple[str, str]) -> Viewer:
    """The viewer, as if an organisation were in every group: without a registry."""
    from concerted.web.sharing import looking

    with mock.patch.object(looking, "groups_of", return_value=frozenset(NAMES)):
        return looking.through(own, looking.Eyes(eyes[0], eyes[1]))  # type: ignore[arg-type]


@given(VIEWERS, EYES)
def test_nobody_sees_more_through_other_eyes(site: Site, own: Viewer, eyes: tuple[str, str]) -> None:
    """For every key: exactly what both may see. So of every page, whose queries carry these keys, no more either."""
    other = through(own, eyes)
    alone = replace(other, within=None)
    for key in KEYS:
        assert may_see(other, key) == (may_see(own, key) and may_see(alone, key)), key
    assert row_filter(other, KEYS).permitted <= row_filter(own, KEYS).permitted
    assert other.roles <= own.roles
    assert not other.is_keeper


@given(VIEWERS, EYES, EYES)
def test_nor_through_other_eyes_of_other_eyes(
    site: Site, own: Viewer, eyes: tuple[str, str], others: tuple[str, str]
) -> None:
    twice = through(through(own, eyes), others)
    assert row_filter(twice, KEYS).permitted <= row_filter(own, KEYS).permitted


def look(client: Any, eyes: str, to: str = "") -> Any:
    return client.post("/en/workspace/look/", {"as": eyes, "next": to})


def test_an_own_record_is_seen_as_its_marking_says(both: Workspace) -> None:
    user, beta = both.person(both.partner("Alpha"), "signer"), both.partner("Beta")
    version = made(user, beta)
    group = str(version.group_id)
    markings = {"open": "CLEAR", "green": "GREEN", "group": f"AMBER:{group}", "own": f"AMBER+STRICT:{user.partner_id}"}
    records = {name: kept(user, marking_key=key, title=f"Zz{name}") for name, key in markings.items()}
    client = both.client(user)

    def seen() -> set[str]:
        return {n for n, r in records.items() if client.get(f"/en/workspace/records/{r.pk}/").status_code == 200}

    assert seen() == set(records)
    expected = {"partner": {"open", "green"}, f"group:{group}": {"open", "green", "group"}, "public": set()}
    expected[f"organisation:{beta.pk}"] = {"open", "green"}  # its groups are not told to who is in none of them
    for eyes, there in expected.items():
        assert look(client, eyes).status_code == 302
        assert seen() == there, eyes
    assert client.post("/en/workspace/look/end/").status_code == 302
    assert seen() == set(records)


def test_a_member_who_looks_as_another_does_not_see_what_he_may_not(both: Workspace) -> None:
    mine, beta, secret = editor(both, "Beta"), both.partner("Beta"), both.partner("Secretariat")
    version = made(keeper(both, "Secretariat"), beta, secret)
    hidden = kept(editor(both), marking_key=f"AMBER+STRICT:{secret.pk}", title="Zzhidden")
    shared = kept(editor(both), marking_key=f"AMBER:{version.group_id}", title="Zzshared")
    client = both.client(mine)
    for eyes in (f"organisation:{secret.pk}", f"group:{version.group_id}", "partner", "public"):
        look(client, eyes)
        assert client.get(f"/en/workspace/records/{hidden.pk}/").status_code == 404
    look(client, f"organisation:{secret.pk}")
    assert client.get(f"/en/workspace/records/{shared.pk}/").status_code == 200


def test_nothing_can_be_changed_and_every_page_says_whose_eyes_they_are(workspace: Workspace) -> None:
    from concerted.web.workspace.models import Record

    user = workspace.person(workspace.partner("Alpha"), "administrator", "editor", "secretariat")
    record, client = kept(user, marking_key="GREEN"), workspace.client(user)
    look(client, "partner")
    page = client.get(f"/en/workspace/records/{record.pk}/").content.decode()
    for path in ("/en/", "/en/activities/", "/en/coverage/", f"/en/workspace/records/{record.pk}/"):
        text = client.get(path).content.decode()
        assert "You look as" in text, path
        assert "/workspace/people/" not in text
    assert "/edit/" not in page
    assert "<button" not in page.partition("<main")[2]
    for path in ("records/", "records/new/", f"records/{record.pk}/edit/", "people/", "audit/", "groups/"):
        answer = client.get(f"/en/workspace/{path}")
        assert (answer.status_code, answer["Location"]) == (302, "/en/workspace/look/"), path
    before = workspace.log()
    for path in (f"records/{record.pk}/step/", "groups/new/", "organisations/", f"records/{record.pk}/not-right/"):
        assert client.post(f"/en/workspace/{path}", {"to": "cancelled"}).status_code == 302
    assert workspace.log() == before
    assert Record.objects.get().version == 1


def test_the_public_page_is_the_publics(workspace: Workspace) -> None:
    """What is shown as the public is what the public is shown, but for the head."""
    client = workspace.client(editor(workspace))
    look(client, "public")
    public = workspace.client().get("/en/activities/").content.decode()
    mine = client.get("/en/activities/").content.decode()
    assert mine.partition("<main")[2] == public.partition("<main")[2]


def test_who_looked_as_whom_is_in_the_log_of_his_organisation(workspace: Workspace) -> None:
    from concerted.web.audit.models import Entry

    user = workspace.person(workspace.partner("Alpha"), "administrator")
    client = workspace.client(user)
    look(client, "partner")
    client.post("/en/workspace/look/end/")
    told = [(e.action, e.object_kind, e.owner) for e in Entry.objects.order_by("sequence")][-2:]
    assert told == [
        ("looked_as", "eyes_partner", user.partner_id),
        ("looked_as_oneself", "eyes", user.partner_id),
    ]
    assert "looked at pages as" in client.get("/en/workspace/audit/").content.decode()


@pytest.mark.parametrize("wanted", ["", "keeper", "group:x", "organisation:00000000-0000-0000-0000-000000000000"])
def test_eyes_that_are_not_offered_are_not_put_on(workspace: Workspace, wanted: str) -> None:
    client = workspace.client(editor(workspace))
    assert look(client, wanted).status_code == 404
    assert "You look as" not in client.get("/en/").content.decode()


def test_a_group_of_others_is_not_offered(workspace: Workspace) -> None:
    version = made(keeper(workspace, "Secretariat"), workspace.partner("Alpha"), name="Zzforeign")
    client = workspace.client(editor(workspace, "Beta"))
    assert "Zzforeign" not in client.get("/en/workspace/look/").content.decode()
    assert look(client, f"group:{version.group_id}").status_code == 404


def test_one_goes_on_within_this_site_only(workspace: Workspace) -> None:
    client = workspace.client(editor(workspace))
    assert look(client, "partner", "/en/activities/")["Location"] == "/en/activities/"
    for elsewhere in ("https://example.org/", "//example.org/", "\\\\example.org", "javascript:alert(1)"):
        assert look(client, "partner", elsewhere)["Location"] == "/en/"


def test_looking_costs_no_query_more(both: Workspace) -> None:
    client = both.client(editor(both))
    before, _ = queries_of(client, "/en/activities/")
    look(client, "partner")
    assert queries_of(client, "/en/activities/")[0] == before


def test_without_the_second_factor_nobody_looks_otherwise(workspace: Workspace) -> None:
    client = workspace.client(editor(workspace), factor=False)
    assert look(client, "partner").status_code == 404
    assert PUBLIC.within is None
    assert actor(editor(workspace)).held
