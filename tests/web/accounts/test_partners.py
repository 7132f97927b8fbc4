"""Organisations: who keeps what of them, units, other names, and that no right hangs on a reference."""

import re

import pytest

from concerted.model.errors import NotAllowedError
from web.workspace import Workspace


def test_the_secretariat_adds_partners_and_nobody_else(both: Workspace) -> None:
    from concerted.web.accounts import actions

    secretary = actions.actor_of(both.person(both.partner("Secretariat"), "secretariat", "administrator"))
    added = actions.add_partner(secretary, {"ar": " منظمة "}, reference=" XM-1 ", kind="22", roles=["donor"])
    assert (added.name, added.reference, added.label("en")) == ({"ar": "منظمة"}, "XM-1", "منظمة")
    for held in (("secretariat", "signer"), ("implementer", "administrator")):
        home = both.partner("Secretariat" if "secretariat" in held else "Beta")
        with pytest.raises(NotAllowedError):
            actions.add_partner(actions.actor_of(both.person(home, *held)), {"fr": "X"})
    for names, reference, roles in (
        ({}, "", []),
        ({"fr": " "}, "", []),
        ({"fr": "X"}, "XM-1", []),
        ({"fr": "X"}, "", ["king"]),
    ):
        with pytest.raises(NotAllowedError):
            actions.add_partner(secretary, names, reference=reference, roles=roles)
    with pytest.raises(NotAllowedError, match="keeper of the machine"):
        actions.add_partner(secretary, {"fr": "Second secretariat"}, roles=["secretariat"])
    with pytest.raises(NotAllowedError, match="keeper of the machine"):
        actions.change_partner(secretary, both.partner("Secretariat"), {"fr": "S"}, roles=["donor"])


def test_an_organisation_keeps_its_names_and_units_and_not_its_roles(both: Workspace) -> None:
    from concerted.web.accounts import actions

    alpha, beta = both.partner("Alpha"), both.partner("Beta")
    admin = actions.actor_of(both.person(alpha, "administrator"))
    unit = actions.add_unit(admin, alpha, {"fr": "Section"})
    actions.change_partner(admin, unit, {"fr": "Section droits"})
    actions.change_partner(admin, alpha, {"fr": "Alpha nouveau"})
    actions.add_alias(admin, alpha, "ALF")
    actions.add_alias(admin, alpha, "ALF")
    assert [alias.text for alias in alpha.aliases.all()] == ["ALF"]
    actions.remove_alias(admin, alpha.aliases.get())
    assert unit.organisation_id == alpha.pk
    for refused in (
        lambda: actions.change_partner(admin, alpha, {"fr": "A"}, roles=["donor", "rights"]),
        lambda: actions.change_partner(admin, alpha, {"fr": "A"}, reference="XM-OTHER"),
        lambda: actions.change_partner(admin, beta, {"fr": "B"}),
        lambda: actions.add_unit(admin, beta, {"fr": "B"}),
        lambda: actions.add_unit(admin, unit, {"fr": "Below"}),
        lambda: actions.add_alias(admin, beta, "B"),
    ):
        with pytest.raises(NotAllowedError):
            refused()


def test_the_pages_add_a_partner_and_invite_its_first_administrator(workspace: Workspace) -> None:
    from concerted.web.accounts.models import Partner

    client = workspace.client(workspace.person(workspace.partner("Secretariat"), "secretariat", "administrator"))
    form = {"name_fr": "Nouvelle", "reference": "XM-NEW", "kind": "22", "roles": ["donor"]}
    answer = client.post("/en/workspace/organisations/", form)
    added = Partner.objects.get(reference="XM-NEW")
    assert answer["Location"] == f"/en/workspace/organisations/{added.pk}/"
    assert "First administrator" in client.get(answer["Location"]).content.decode()
    page = client.post(f"/en/workspace/organisations/{added.pk}/invite/").content.decode()
    link = re.search(r"http://testserver(/en/join/[\w-]+/)", page)
    assert link
    assert "Nouvelle" in workspace.client().get(link[1]).content.decode()
    assert "First administrator" not in client.get(answer["Location"]).content.decode()
    text = client.post("/en/workspace/organisations/", form | {"name_fr": "Twin"}).content.decode()
    assert "another partner has this reference" in text


def test_a_name_is_markup_nowhere(workspace: Workspace) -> None:
    from web.fixture_records import HOSTILE

    secretariat = workspace.partner("Secretariat")
    secretariat.name = {"fr": HOSTILE}
    secretariat.save()
    person = workspace.person(secretariat, "secretariat", "administrator", name=HOSTILE)
    workspace.person(secretariat, "editor", name=HOSTILE)
    client = workspace.client(person)
    for path in ("", "account/", "workspace/people/", "workspace/organisations/", "workspace/audit/",
                 f"workspace/organisations/{secretariat.pk}/", f"workspace/people/{person.pk}/"):  # fmt: skip
        text = client.get(f"/fr/{path}").content.decode()
        assert "<script>alert" not in text, path
        assert "&lt;script&gt;alert" in text, path


def test_a_unit_is_chosen_when_inviting(workspace: Workspace) -> None:
    from concerted.web.accounts import actions
    from concerted.web.accounts.models import Invitation

    alpha = workspace.partner("Alpha")
    unit = actions.add_unit(actions.KEEPER, alpha, {"en": "Field office"})
    client = workspace.client(workspace.person(alpha, "administrator"))
    assert "Field office" in client.get("/en/workspace/people/invite/").content.decode()
    client.post("/en/workspace/people/invite/", {"partner": unit.pk, "duty": "reader"})
    assert Invitation.objects.get().partner == unit
    other = workspace.partner("Beta")
    client.post("/en/workspace/people/invite/", {"partner": other.pk, "duty": "reader"})
    assert Invitation.objects.count() == 1
