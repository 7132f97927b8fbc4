"""`concerted invite` and `concerted close`: what nobody in the site may do, and who holds the machine can."""

from typing import Annotated

import typer

from concerted.cli.console import say
from concerted.cli.options import DEFAULT_DATA, Data
from concerted.cli.registry import make_ready, open_registry
from concerted.model.errors import ConfigError

Organisation = Annotated[str, typer.Option("--organisation", help="Name or identifier; made where it is not there.")]
RoleNames = Annotated[
    list[str] | None,
    typer.Option("--role", help="secretariat, coordination, donor, implementer, community or rights; repeatable."),
]
Address = Annotated[str, typer.Option("--email", help="Whom it is for; else whoever holds the link writes it.")]
Site = Annotated[str, typer.Option("--site", help="Where the site is reached.")]


def invite(
    organisation: Organisation,
    role: RoleNames = None,
    email: Address = "",
    site: Site = "http://127.0.0.1:8000",
    data: Data = DEFAULT_DATA,
) -> None:
    """Make a link with which an administrator of an organisation joins: the first of a secretariat, or one in need.

    All others are invited in the site.
    """
    open_registry(data)
    make_ready()
    from django.urls import reverse

    from concerted.web.accounts import actions
    from concerted.web.accounts.queries import find_organisation
    from concerted.web.accounts.roles import ROLES, Duty

    given = role or []
    unknown = sorted(set(given) - ROLES)
    if unknown:
        raise typer.BadParameter(
            f"{unknown[0]!r} is no role; there are: {', '.join(sorted(ROLES))}", param_hint="--role"
        )
    partner = find_organisation(organisation)
    if partner is None:
        partner = actions.add_partner(actions.KEEPER, {"fr": organisation}, roles=given)
        say(f"{organisation} was added")
    elif not set(given) <= set(partner.roles):
        actions.change_partner(actions.KEEPER, partner, partner.name, roles=[*partner.roles, *given])
    made = actions.invite(actions.KEEPER, partner, [Duty.ADMINISTRATOR, *given], email)
    say("This link works once, for seven days; it is shown now and never again:")
    say(site.rstrip("/") + reverse("join", args=[made.token]))


def close(
    email: Annotated[str, typer.Argument(help="Address of the account.")],
    data: Data = DEFAULT_DATA,
) -> None:
    """Close an account that no one in the site may close, such as an administrator's; its sessions end at once."""
    open_registry(data)
    make_ready()
    from concerted.web.accounts import actions
    from concerted.web.accounts.models import User
    from concerted.web.accounts.models.user import normal_email

    found = User.objects.select_related("partner").filter(email=normal_email(email)).first()
    if found is None:
        raise ConfigError(f"no account has the address {email}")
    actions.deactivate(actions.KEEPER, found)
    say(f"the account {found.email} is closed")
