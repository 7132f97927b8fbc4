"""How often the person who is signed in wants to be told, as a part of the account's page."""

from typing import Any

from django import template
from django.conf import settings
from django.template.context import RequestContext

from concerted.web.alerts.forms import WishForm
from concerted.web.alerts.queries import wish_of

register = template.Library()


@register.inclusion_tag("alerts/wish.html", takes_context=True)
def alert_wish(context: RequestContext) -> dict[str, Any]:
    """How often the person wants to be told, where e-mail is sent at all."""
    request: Any = context.request
    return {
        "form": WishForm(initial={"every": wish_of(request.person)}),
        "is_sent": settings.CONCERTED_MAIL.is_on,
        "csrf_token": context.get("csrf_token"),
    }
