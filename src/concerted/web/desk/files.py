"""The judgements that hold, as an input of the build: `DATA/decisions/judgements.csv`.

One per pair, the last said of it; what was taken back is not in the file, so that undoing gives back every byte of it.
"""

from pathlib import Path

from concerted.judgements.decisions import JUDGEMENTS, decisions_text
from concerted.rebuild import DECIDED
from concerted.store.edition import write_where_new
from concerted.web.desk.queries import decisions


def write_files(data: Path) -> bool:
    """Write the file where something else stands there; whether anything holds."""
    found, path = decisions(), data / DECIDED / JUDGEMENTS
    if found or path.is_file():
        write_where_new(path, decisions_text(found))
    return bool(found)
