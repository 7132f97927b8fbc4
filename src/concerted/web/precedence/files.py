"""The decisions that hold, as an input of the build: `DATA/decisions/precedence.csv`.

What was taken back is not in the file, so that taking back gives back every byte of the picture.
"""

from pathlib import Path

from concerted.judgements.precedence import PRECEDENCE, precedence_text
from concerted.rebuild import DECIDED
from concerted.store.edition import write_where_new
from concerted.web.precedence.queries import choices


def write_files(data: Path) -> bool:
    """Write the file where something else stands there; whether anything holds."""
    found, path = choices(), data / DECIDED / PRECEDENCE
    if found or path.is_file():
        write_where_new(path, precedence_text(found))
    return bool(found)
