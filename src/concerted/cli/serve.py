"""`concerted serve`: the pages over the current edition."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from concerted.cli.console import say, say_error
from concerted.cli.options import DEFAULT_DATA, Data
from concerted.model.errors import ConfigError
from concerted.store.edition import find_edition

if TYPE_CHECKING:
    from concerted.web.accounts.demo import DemoAccount


Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="Local port.")]
Host = Annotated[str, typer.Option("--host", help="Address to listen on; 127.0.0.1 = this machine only.")]


def serve(data: Data = DEFAULT_DATA, port: Port = 8000, host: Host = "127.0.0.1") -> None:
    """Serve the pages of the edition that DATA/current names; a new edition is shown without a restart."""
    from concerted.store.query import open_edition

    open_edition(find_edition(data)).close()  # what cannot be shown is said here, not on a page
    if host not in ("127.0.0.1", "localhost", "::1") and os.environ.get("CONCERTED_TLS", "") in ("", "0"):
        say_error(
            "passwords and sessions would cross the network in clear: put a server that speaks TLS before this one"
        )
        say_error("and set CONCERTED_TLS=1; see docs/how-to/serve-the-pages.md")
    serve_pages(data, port, host)


def serve_pages(data: Path, port: int, host: str = "127.0.0.1", *, demo: bool = False) -> None:
    """Serve until Ctrl-C, and say the address once it answers; with `demo` also how to sign in.

    Raises:
        ConfigError: the extra `web` is not installed.
    """
    if find_spec("django") is None:
        raise ConfigError("the pages need the extra `web`; run: pip install 'concerted[web]'")
    from concerted.web.server import serve as serve_until_stopped

    def tell(problem: str) -> None:
        say_error(f"the registry cannot be used: {problem}. The public pages are served; nobody can sign in.")
        say_error(f"concerted doctor --data {data} says what to do.")

    def tell_accounts(accounts: "list[DemoAccount]") -> None:
        say("Demonstration accounts; the passwords are new with each start and stand nowhere else:")
        for each in accounts:
            say(f"  {each.role:<26} {each.email:<28} {each.password}")

    def tell_still() -> None:
        say_error(f"nothing in {data} notes how its picture was built, so what is saved on the site does not enter it.")
        say_error(f"Run `concerted build SOURCE... --data {data}` once, then start this again.")

    said = "Concerted is at {url} (Ctrl-C stops it)"
    serve_until_stopped(
        data,
        port,
        host,
        on_ready=lambda url: say(said.format(url=url)),
        on_problem=tell,
        on_demo=tell_accounts if demo else None,
        on_still=tell_still,
    )
