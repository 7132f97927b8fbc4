"""A ministry asks in its government's name; who that is, the secretariat's list of organisations says."""

from typing import Any

import pytest

from concerted.model.errors import NotAllowedError
from web.asks_app.stated import kept, need
from web.strategy_app import plans
from web.workspace import Workspace
from web.workspace_app.kept import actor, editor


def ministry(workspace: Workspace, kind: str = "10", country: str = "ML", name: str = "Ministry") -> Any:
    """An editor of an organisation of that kind and country."""
    from concerted.web.accounts.models import Partner

    user = editor(workspace, name)
    Partner.objects.filter(pk=user.partner_id).update(kind=kind, country=country)
    user.partner.refresh_from_db()
    return user


@pytest.mark.parametrize(
    ("kind", "country", "asks"),
    [
        ("10", "ML", True),
        ("11", "ML", True),
        ("10", "NO", False),  # an agency of another state is of the same kind
        ("10", "", False),  # nobody has said whose it is
        ("15", "ML", False),  # what a state owns does not ask in its name
        ("22", "ML", False),
        ("", "ML", False),
    ],
)
def test_a_government_organisation_of_the_country_asks_as_its_government(
    workspace: Workspace, kind: str, country: str, asks: bool
) -> None:
    from concerted.statements.document import DocumentError
    from concerted.web.asks.origins import origins

    user = ministry(workspace, kind, country)
    assert origins(actor(user), user.partner) == (("government", "assessment") if asks else ("assessment",))
    assert kept(user).stated["origin"] == ("government" if asks else "assessment")
    if not asks:
        with pytest.raises(DocumentError, match=r"need\.origin"):
            kept(user, origin="government")


def test_a_unit_asks_as_its_ministry_does(workspace: Workspace) -> None:
    from concerted.web.accounts.models import Partner
    from concerted.web.asks.origins import asks_for_government

    whole = ministry(workspace).partner
    unit = Partner.objects.create(name={"en": "Directorate"}, parent=whole)
    assert asks_for_government(unit)


def test_the_country_is_that_of_the_strategy_in_force_and_before_one_is_kept_of_the_picture(
    workspace: Workspace,
) -> None:
    from concerted.web.asks.origins import asks_for_government
    from concerted.web.strategy.country import strategy_country

    of_mali, of_niger = ministry(workspace).partner, ministry(workspace, "10", "NE", "Niamey").partner
    assert strategy_country() == "ML"
    assert (asks_for_government(of_mali), asks_for_government(of_niger)) == (True, False)
    plans.adopted(plans.secretary(workspace), place="NE")
    assert strategy_country() == "NE"
    assert (asks_for_government(of_mali), asks_for_government(of_niger)) == (False, True)


def test_where_no_strategy_is_known_nobody_is_of_its_country(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concerted.web.asks.origins import asks_for_government
    from concerted.web.config import middleware
    from concerted.web.strategy.country import strategy_country

    class Nothing:
        def get(self) -> None:
            return None

    monkeypatch.setattr(middleware, "current", lambda: Nothing())
    assert strategy_country() is None
    assert not asks_for_government(ministry(workspace).partner)
    assert not asks_for_government(ministry(workspace, "10", "", "Nowhere").partner)


def test_the_secretariat_alone_says_of_which_country_and_kind_an_organisation_is(both: Workspace) -> None:
    from concerted.web.accounts import actions
    from concerted.web.asks.origins import asks_for_government

    alpha = both.partner("Alpha")
    admin = both.person(alpha, "administrator", "editor")
    for said in ({"country": "ML"}, {"kind": "10"}, {"country": "ML", "kind": "10"}):
        with pytest.raises(NotAllowedError, match="kept by the secretariat"):
            actions.change_partner(actor(admin), alpha, {"en": "Alpha"}, **said)
    # Sent along with the form of names, it is not looked at.
    sent = {"name_en": "Alpha", "kind": "10", "country": "ML"}
    assert both.client(admin).post(f"/en/workspace/organisations/{alpha.pk}/", sent).status_code == 302
    alpha.refresh_from_db()
    assert (alpha.kind, alpha.country) == ("", "")
    secretary = both.person(both.partner("Secretariat"), "secretariat", "administrator")
    client = both.client(secretary)
    assert client.post(f"/en/workspace/organisations/{alpha.pk}/", {**sent, "country": "XX"}).status_code == 200, (
        "no such country"
    )
    assert client.post(f"/en/workspace/organisations/{alpha.pk}/", sent).status_code == 302
    alpha.refresh_from_db()
    assert (alpha.kind, alpha.country) == ("10", "ML")
    assert asks_for_government(alpha)
    assert both.log().count("changed") >= 1


def test_what_a_ministry_asks_for_waits_to_be_validated_like_all_other_needs(workspace: Workspace) -> None:
    from concerted.web.asks.actions import may_validate, validate
    from concerted.web.asks.models import Ask

    user = ministry(workspace)
    ask = kept(user, need(user, origin="government"))
    assert ask.state == "open"
    assert not may_validate(actor(user))
    with pytest.raises(NotAllowedError):
        validate(actor(user), _viewer(user), ask, ask.version)
    secretary = editor(workspace, "Secretariat", "secretariat", "editor")
    assert validate(actor(secretary), _viewer(secretary), ask, ask.version).state == "validated"
    assert Ask.objects.get().stated["origin"] == "government"


def test_the_form_offers_the_origin_to_a_ministry_and_to_no_agency_of_another_state(workspace: Workspace) -> None:
    for user, is_offered in ((ministry(workspace), True), (ministry(workspace, "10", "NO", "Agency"), False)):
        text = workspace.client(user).get("/en/workspace/needs/new/need/").content.decode()
        assert ('name="origin" value="government"' in text) is is_offered


def _viewer(user: Any) -> Any:
    from concerted.web.accounts.models import User
    from concerted.web.accounts.person import viewer_for

    return viewer_for(User.objects.get(pk=user.pk), is_sure=True)
