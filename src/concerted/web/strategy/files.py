"""What is in force, as inputs of the build: the strategy with the words of versions before it, and relations.

Enters: the registry. Leaves: `DATA/strategy/strategy.yml` and `DATA/decisions/crosswalks.csv`, each written in one
step, and only where something else stands there; the same registry gives the same bytes.
"""

from pathlib import Path

from concerted.rebuild import DECIDED, STRATEGY
from concerted.store.edition import write_where_new
from concerted.strategies.crosswalk_file import CROSSWALKS, crosswalk_text
from concerted.strategies.remap import with_former
from concerted.web.strategy import queries
from concerted.web.strategy.texts import text_of


def write_files(data: Path) -> bool:
    """Write what has changed; whether there is anything of it."""
    lived = queries.in_force()
    if lived is not None:
        framework = with_former(lived.framework, queries.steps_to(lived.version))
        write_where_new(data / STRATEGY, text_of(framework))
    rows = queries.relations()
    path = data / DECIDED / CROSSWALKS
    if rows or path.is_file():
        write_where_new(path, crosswalk_text(queries.said(row) for row in rows))
    return lived is not None or bool(rows)
