"""The bytes of uploads: in `DATA/inbox`, under names of our own, until they are done with.

Nothing that a sender says names a file. What is kept goes when its upload is closed, or a week after it came.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from concerted.intake.admitting import Bounds, admit, ending_of
from concerted.records.screening.texts import screen_text
from concerted.sources.base import Input
from concerted.web.inbox.models import Upload

#: Letters of a name that are shown.
_LONGEST = 120
_NO_LETTERS = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


class TooLargeError(ValueError):
    """More bytes than an upload may have."""


def folder() -> Path:
    """Where uploads lie."""
    return Path(settings.CONCERTED_DATA) / "inbox"


def path_of(upload: Upload) -> Path:
    """Where the bytes of an upload lie."""
    return folder() / f"{upload.pk}{upload.ending}"


def keep(upload: UUID, sent: Any, bounds: Bounds) -> tuple[str, str, int]:
    """Keep what was sent; its ending, SHA-256 and size.

    Raises:
        TooLargeError: it has more bytes than allowed; nothing is kept then.
    """
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size, ending = hashlib.sha256(), 0, ""
    handle, name = tempfile.mkstemp(dir=folder(), prefix=".coming-")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            for chunk in sent.chunks():
                ending = ending or ending_of(bytes(chunk[:64]))
                size += len(chunk)
                if size > bounds.max_bytes:
                    raise TooLargeError
                digest.update(chunk)
                target.write(chunk)
        ending = ending or ".csv"
        beside.replace(folder() / f"{upload}{ending}")
    finally:
        beside.unlink(missing_ok=True)
    return ending, digest.hexdigest(), size


def forget(upload: Upload) -> None:
    """Remove the bytes of an upload."""
    path_of(upload).unlink(missing_ok=True)


@contextmanager
def opened(upload: Upload) -> Iterator[Input]:
    """The one document of an upload.

    Raises:
        AdmitError: it is not opened.
        FileNotFoundError: it is not kept any more.
    """
    with tempfile.TemporaryDirectory(prefix="concerted-inbox-") as scratch:
        yield admit(path_of(upload), Path(scratch))


def shown_name(sent: str | None) -> tuple[str, bool]:
    """What a file is called, without what must not be stored; and whether there was such a thing in its name."""
    bare = _NO_LETTERS.sub(" ", (sent or "").replace("\\", "/").rpartition("/")[2])[:_LONGEST].strip()
    screened, found = screen_text(bare.replace("_", " "))
    return (screened, True) if found else (bare, False)
