"""`concerted serve`: the pages over the current edition."""

from typing import Annotated

import typer

from concerted.cli.console import say
from concerted.cli.options import DEFAULT_DATA, Data
from concerted.store.edition import find_edition

Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="Local port.")]
Host = Annotated[str, typer.Option("--host", help="Address to listen on; 127.0.0.1 = this machine only.")]


def serve(data: Data = DEFAULT_DATA, port: Port = 8000, host: Host = "127.0.0.1") -> None:
    """Serve the pages of the edition that DATA/current names; a new edition is shown without a restart."""
    from concerted.web.server import serve as serve_pages

    find_edition(data)
    say(f"Concerted is at http://{host}:{port}/ (Ctrl-C stops it)")
    serve_pages(data, port, host)
