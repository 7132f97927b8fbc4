"""Editors of a partner, and documents as they would save them."""

from typing import Any

from web.workspace import Workspace


def editor(workspace: Workspace, partner: str = "Alpha", *held: str) -> Any:
    """An account that writes the records of a partner."""
    return workspace.person(workspace.partner(partner), *(held or ("editor",)))


def actor(user: Any) -> Any:
    """The one who acts, through a page."""
    from concerted.web.accounts.actions import actor_of
    from concerted.web.accounts.models import User

    return actor_of(User.objects.get(pk=user.pk))


def document(partner: Any, title: str = "Wells of the valley", **activity: Any) -> dict[str, Any]:
    """A document with a title, seen by everybody unless told otherwise."""
    from concerted.web.workspace.actions import begin

    found = begin(partner)
    found["activity"] |= {"marking_key": "CLEAR", "state": "planned", **activity}
    found["narrative"] = [{"field": "title", "lang": "en", "text": title}]
    return found


def kept(user: Any, **values: Any) -> Any:
    """A kept record of the partner of `user`."""
    from concerted.web.workspace.actions import create
    from concerted.web.workspace.models import Condition

    condition = values.pop("condition", Condition.KEPT)
    return create(actor(user), user.partner, document(user.partner, **values), condition).record
