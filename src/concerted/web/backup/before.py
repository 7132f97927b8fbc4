"""A backup before tables are changed, so that an upgrade can be taken back."""

from datetime import UTC, datetime
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS

from concerted.web.backup.making import make_backup
from concerted.web.backup.rows import applied_leaves

FOLDER = "backups"
#: Backups that were made before tables changed: so many of the newest are kept.
KEPT = 5
_PREFIX = "before-upgrade-"


def backup_before(data: Path) -> Path | None:
    """A backup below `DATA/backups`, without editions; None where the registry has no tables yet.

    It stands in no log: the tables that the log needs are not up to date yet.
    """
    if not applied_leaves(DEFAULT_DB_ALIAS):
        return None
    folder = data / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"{_PREFIX}{datetime.now(UTC):%Y%m%dT%H%M%S}.zip"
    make_backup(data, target, with_editions=False, is_logged=False)
    for old in sorted(folder.glob(f"{_PREFIX}*.zip"))[:-KEPT]:
        old.unlink()
    return target
