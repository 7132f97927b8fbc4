"""`concerted release`: which edition the public is shown, decided by who holds the machine."""

from typing import Annotated

import typer

from concerted.cli.console import say
from concerted.cli.options import DEFAULT_DATA, Data
from concerted.cli.registry import make_ready, open_registry
from concerted.model.errors import ConfigError


def release(
    edition: Annotated[str, typer.Argument(help="First digits of an edition's id.")] = "current",
    note: Annotated[str, typer.Option("--note", help="What it is about, in a sentence; everybody reads it.")] = "",
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take back what is released instead.")] = False,
    without_sources: Annotated[
        bool, typer.Option("--without-sources", help="Sources that are missing were left out on purpose.")
    ] = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Show an edition to the public, or take the released one back; from then on no build changes what it sees.

    An edition that breaks a law, or lacks a source that the public sees now, is not released; it says why.
    """
    from concerted.store.edition import find_edition

    folder = find_edition(data, edition)
    open_registry(data)
    make_ready()
    from concerted.marking import KEEPER
    from concerted.web.accounts.actions import KEEPER as ACTOR
    from concerted.web.release import actions

    try:
        if withdraw:
            row = actions.withdraw(ACTOR, note)
            say(f"taken back: {row.edition[:12]}; the public is shown {row.shown[:12] or 'nothing'}")
        else:
            row = actions.release(ACTOR, KEEPER, folder, note, is_meant=without_sources)
            say(f"released: {row.edition[:12]}, as of {row.as_of or 'an unknown day'}")
    except ValueError as error:
        raise ConfigError(f"{error}; say --note '..'" if not note else str(error)) from error
