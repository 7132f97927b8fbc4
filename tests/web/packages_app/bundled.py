"""Packages as a coordination would make them, of records of the fixture edition and of the registry."""

from typing import Any

from concerted.model.ids import hash_id
from web.workspace import Workspace
from web.workspace_app.kept import actor


def keeper(workspace: Workspace, *held: str) -> Any:
    """Somebody of the UN's coordination who writes and signs."""
    partner = workspace.partner("Coordination", "coordination", reference="XM-COORD")
    return workspace.person(partner, *(held or ("coordination", "signer")))


def signer(workspace: Workspace, partner: str, reference: str = "") -> Any:
    """Somebody who answers for a partner, which has a reference of the fixture edition."""
    return workspace.person(workspace.partner(partner, "implementer", reference=reference), "implementer", "signer")


def statement(number: int) -> int:
    """The id of the statement of a record of the fixture edition."""
    return hash_id("fixture", str(number)) + 1


def viewer(user: Any) -> Any:
    """How the policy knows an account."""
    from concerted.marking import Viewer
    from concerted.web.sharing.queries import groups_of

    organisation = user.partner.organisation_id
    return Viewer(str(user.pk), str(organisation), groups_of(organisation), actor(user).held)


def scope(user: Any) -> Any:
    """The fixture edition as somebody sees it."""
    from concerted.web.config.middleware import current
    from concerted.web.edition.scope import Scope

    return Scope(viewer(user), current().get().edition)


def package(user: Any, title: str = "Justice for the valley", **said: Any) -> Any:
    """A draft; by the template of I-ACT unless told otherwise."""
    from concerted.web.packages.actions import Heading, make

    template = said.pop("template", "iact")
    return make(actor(user), Heading(title, **said), template, "2017-12-04" if template else "")


def now(found: Any) -> Any:
    """A package as it stands now."""
    from concerted.web.packages.models import Package

    return Package.objects.select_related("owner").get(pk=found.pk)


def take_in(user: Any, found: Any, what: int | str, component: str = "education") -> Any:
    """Take a statement in, by its id or by what the form sends."""
    from concerted.model.ids import id_text
    from concerted.web.packages.actions import add_part
    from concerted.web.packages.candidates import stands_for

    value = what if isinstance(what, str) else f"activity-{id_text(what)}"
    stands = stands_for(viewer(user), scope(user), value)
    assert stands is not None
    return add_part(actor(user), now(found), now(found).version, stands, component)


def take_statement(user: Any, found: Any, statement: int, partner: Any, component: str = "education") -> Any:
    """Take a partner's activity in that no picture holds yet."""
    from concerted.web.packages.actions import Stands, add_part

    stands = Stands("activity", statement, None, partner.pk)
    return add_part(actor(user), now(found), now(found).version, stands, component)


def ask(user: Any, found: Any) -> None:
    """Put it forward."""
    from concerted.web.packages.actions import put_forward

    put_forward(actor(user), now(found), now(found).version)


def say(user: Any, part: Any, *, is_given: bool = True) -> Any:
    """Agree, or decline, as one who has just looked."""
    from concerted.web.packages.actions import answer
    from concerted.web.packages.models import PackagePart

    row = PackagePart.objects.select_related("package").get(pk=part.pk)
    return answer(actor(user), viewer(user), row.package, row.pk, row.about, is_given=is_given)


def board_of(user: Any, found: Any) -> Any:
    """The board as somebody sees it; null where he does not read the package."""
    from concerted.web.packages.board import board
    from concerted.web.packages.queries import find_package

    row = find_package(viewer(user), found.pk)
    return None if row is None else board(viewer(user), scope(user), row, "fr")


def titles(user: Any, found: Any) -> list[str]:
    """The titles of the parts that somebody sees."""
    seen = board_of(user, found)
    return [] if seen is None else [line.fact.title for line in seen.lines]
