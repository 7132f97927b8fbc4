"""How far records have come, where pages of records show it."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import RequestContext

from concerted.marking import Viewer, may_see
from concerted.web.accounts.models import Assignment
from concerted.web.accounts.roles import Role
from concerted.web.validation.standing import Stands, State, stands
from concerted.web.validation.words import standing_word
from concerted.web.workspace.models import Record

register = template.Library()


@register.simple_tag
def standings(records: Iterable[Record]) -> dict[Any, Stands]:
    """The standing of each record, asked for once for a whole list."""
    return stands(list(records))


@register.filter
def of(found: dict[Any, Stands], key: Any) -> Stands | None:
    """One of them."""
    return found.get(key)


@register.filter
def standing(found: Stands | None) -> str:
    """The standing in words."""
    return standing_word(found) if found else ""


@register.inclusion_tag("validation/standing.html", takes_context=True)
def record_standing(context: RequestContext, record: Record) -> dict[str, Any]:
    """The standing of one record, for its page. Why it was sent back is told to its owner and to who sent it."""
    viewer: Viewer = context.request.viewer  # type: ignore[attr-defined]
    found = stands([record])[record.pk]
    is_own = viewer.is_of(str(record.owner_id))
    returned = found.returned if found.state is State.RETURNED else None
    may_know = is_own or (returned is not None and viewer.is_of(str(returned.made_for)))
    return {
        "stands": found,
        "reason": returned.reason if returned and may_know else "",
        "is_out_of_sight": is_own and not record.is_draft and not _is_seen_by_secretariat(record),
    }


def _is_seen_by_secretariat(record: Record) -> bool:
    """Whether somebody of a secretariat may read it in full, so that it can be validated at all."""
    from concerted.web.accounts.person import viewer_for

    held = Assignment.objects.filter(held=Role.SECRETARIAT, holder__is_active=True).select_related("holder__partner")
    viewers = (viewer_for(each.holder, is_sure=True) for each in held)
    return any(viewer.is_of(str(record.owner_id)) or may_see(viewer, record.marking_key) for viewer in viewers)
