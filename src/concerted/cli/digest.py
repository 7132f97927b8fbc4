"""`concerted digest`: tell people by e-mail what is new for them, or show what they would be told."""

from typing import Annotated

import typer

from concerted.cli.console import say
from concerted.cli.options import DEFAULT_DATA, Data
from concerted.cli.registry import make_ready, open_registry
from concerted.model.errors import ConfigError


def digest(
    to_console: Annotated[
        bool, typer.Option("--to-console", help="Show what would leave now; nothing is sent, noted or logged.")
    ] = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Send each person at most five lines about what is new; who has nothing new gets nothing.

    The worker beside the site does it once a day. Exit code 1 where the mail server refused an address.
    """
    open_registry(data)
    make_ready()
    from django.conf import settings
    from django.utils import timezone

    from concerted.web.alerts import actions
    from concerted.web.alerts.letters import texts

    if to_console:
        for each in actions.due(timezone.now()):
            say(each.person.email)
            for line in texts(each.person, each.lines):
                say(f"  {line}")
        return
    if not settings.CONCERTED_MAIL.is_on:
        raise ConfigError("no e-mail is sent here: set CONCERTED_MAIL, or ask with --to-console")
    counts = actions.send_digests("command")
    say(f"sent: {counts['sent']}; refused by the mail server: {counts['refused']}")
    if counts["refused"]:
        raise typer.Exit(1)
