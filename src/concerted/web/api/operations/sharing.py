"""Sharing groups: those that your organisation owns or is in."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from concerted.web.accounts.roles import ANY
from concerted.web.api.acting import PUT, actor_in, members, person_in, texts
from concerted.web.api.asked import Language, language_in_use
from concerted.web.api.scopes import SHARING_READ, SHARING_WRITE
from concerted.web.api.sent import LARGEST, Sent, checked
from concerted.web.config.policy import POST, READS, acts
from concerted.web.coverage.filters import NotThere
from concerted.web.sharing import actions, queries
from concerted.web.sharing.actions import KEEPERS
from concerted.web.sharing.forms import GroupForm
from concerted.web.sharing.queries import Listed, Opened, Told

router = Router(tags=["sharing"])
_KEEPERS = sorted(KEEPERS)


class MemberShape(Schema):
    """An organisation."""

    organisation: UUID
    name: str


class GroupShape(Schema):
    """A group as it is now; `number` is its version, to be sent back with a change."""

    group: UUID
    owner: UUID
    name: str
    purpose: str
    number: int
    members: list[MemberShape]
    last_day: date | None
    has_ended: bool


class GroupVersionShape(Schema):
    """What a version changed, when, and by whom: the person for your own organisation, else the organisation."""

    number: int
    at: datetime
    by: str
    name: str
    purpose: str
    last_day: date | None
    added: list[str]
    removed: list[str]
    left: str


class GroupPage(GroupShape):
    """With since when each is in it, and its history, newest first."""

    owner_name: str
    since: dict[str, datetime]
    history: list[GroupVersionShape]


class NewGroup(Sent):
    """What a group is called, what for, who is in it and until when."""

    name: str = Field(max_length=200)
    purpose: str = Field("", max_length=1000)
    members: list[UUID] = Field(default_factory=list, max_length=1000)
    last_day: date | None = None


class ChangedGroup(NewGroup):
    """The whole group as it should be, made of the version `number`."""

    number: int = Field(ge=1, le=LARGEST)


class Seen(Sent):
    """The version that was looked at."""

    number: int = Field(ge=1, le=LARGEST)


def _line(found: Listed) -> dict[str, Any]:
    listed = [{"organisation": each, "name": name} for each, name in found.members.items()]
    return members(found, "id", "members") | {"group": found.id, "members": listed}


def _told(told: Told) -> dict[str, Any]:
    return members(told)


def _opened(request: HttpRequest, group: UUID) -> Opened:
    found = queries.opened(person_in(request).organisation_id, group, language_in_use())
    if found is None:
        raise NotThere("group")
    return found


def _owned(request: HttpRequest, group: UUID) -> Opened:
    found = _opened(request, group)
    if found.now.owner != person_in(request).organisation_id:
        raise NotThere("group")
    return found


def _page(found: Opened) -> dict[str, Any]:
    return _line(found.now) | {
        "owner_name": found.owner_name,
        "since": {str(each): at for each, _name, at in found.since},
        "history": [_told(each) for each in found.history],
    }


def _form(body: NewGroup, now: Listed | None) -> GroupForm:
    stated = {
        "name": body.name,
        "purpose": body.purpose,
        "members": texts(body.members),
        "last_day": body.last_day.isoformat() if body.last_day else "",
    }
    form = GroupForm(stated, now=now, lang=language_in_use())
    checked(form)
    return form


@router.get("/groups", response=list[GroupShape], summary="Sharing groups")
@acts(*ANY, methods=READS, scope=SHARING_READ)
def groups(request: HttpRequest, query: Query[Language]) -> Any:
    """Those that your organisation owns or is in, by name; of others nothing is told."""
    return [_line(each) for each in queries.listed(person_in(request).organisation_id, language_in_use())]


@router.post("/groups", response={201: GroupPage}, summary="Make a group")
@acts(*_KEEPERS, methods=POST, scope=SHARING_WRITE)
def new_group(request: HttpRequest, query: Query[Language], body: NewGroup) -> Any:
    """Your organisation owns it."""
    form = _form(body, None)
    values = form.cleaned_data
    made = actions.make(
        actor_in(request), values["name"], form.chosen, purpose=values["purpose"], last_day=values["last_day"]
    )
    return Status(201, _page(_opened(request, made.group_id)))


@router.get("/groups/{uuid:group}", response=GroupPage, summary="One group")
@acts(*ANY, methods=READS, scope=SHARING_READ)
def one_group(request: HttpRequest, group: UUID, query: Query[Language]) -> Any:
    """Who is in it, since when, and how that came about."""
    return _page(_opened(request, group))


@router.put("/groups/{uuid:group}", response=GroupPage, summary="Change a group")
@acts(*_KEEPERS, methods=PUT, scope=SHARING_WRITE)
def change_group(request: HttpRequest, group: UUID, query: Query[Language], body: ChangedGroup) -> Any:
    """One that your organisation owns. It holds from the next question on that anybody asks."""
    found = _owned(request, group)
    form = _form(body, found.now)
    values = form.cleaned_data
    actions.change(
        actor_in(request),
        group,
        body.number,
        values["name"],
        form.chosen,
        purpose=values["purpose"],
        last_day=values["last_day"],
    )
    return _page(_opened(request, group))


@router.post("/groups/{uuid:group}/close", response=GroupPage, summary="Take everybody out")
@acts(*_KEEPERS, methods=POST, scope=SHARING_WRITE)
def close_group(request: HttpRequest, group: UUID, query: Query[Language], body: Seen) -> Any:
    """Of a group that your organisation owns: it means nobody then."""
    _owned(request, group)
    actions.close(actor_in(request), group, body.number)
    return _page(_opened(request, group))


@router.post("/groups/{uuid:group}/leave", response={204: None}, summary="Leave a group")
@acts(*_KEEPERS, methods=POST, scope=SHARING_WRITE)
def leave_group(request: HttpRequest, group: UUID, query: Query[Language], body: Seen) -> Any:
    """Take your organisation out."""
    if person_in(request).organisation_id not in _opened(request, group).now.members:
        raise NotThere("group")
    actions.leave(actor_in(request), group, body.number)
    return Status(204, None)
