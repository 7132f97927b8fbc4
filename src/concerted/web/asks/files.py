"""What is kept of needs and offers, as a source of the build: `DATA/asks/N.jsonl`, one line for each.

Drafts are not written. What was withdrawn is: that nobody asks for it any more is told, too.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC
from pathlib import Path

from concerted.rebuild import ASKS
from concerted.statements.asks import encode_ask
from concerted.web.asks.models import FILES, SOURCE_ID, Ask
from concerted.web.workspace.shards import Folder, write_folder


def write_files(data: Path) -> bool:
    """Write the files in which something has changed; whether there are any."""
    write_folder(data, _FOLDER)
    return any((data / ASKS).glob("*.jsonl"))


def _lines(some: Sequence[Ask]) -> Iterator[str]:
    """Each as the reader takes it. The rate of its money is that of the day on which it was said last, if of none."""
    for ask in some:
        said = ask.updated_at.astimezone(UTC).date().isoformat()
        line = {**ask.document, "format": f"concerted-{ask.which}/1", ask.which: {"reported_date": said, **ask.stated}}
        yield encode_ask(line).decode() + "\n"


_FOLDER = Folder(
    ASKS,
    f"""# Written by the site: needs and offers that partners keep in it. Do not change it by hand.
id: {SOURCE_ID}
kind: needs
""",
    FILES,
    lambda: Ask.objects.only("pk", "shard", "which", "document", "updated_at", "condition"),
    _lines,
)
