"""Whether what was saved last is in the picture that this viewer is shown."""

from dataclasses import dataclass
from datetime import UTC
from typing import Literal

from concerted.marking import may_see
from concerted.model.ids import id_text
from concerted.web.edition.scope import Scope
from concerted.web.workspace.models import Record
from concerted.web.workspace.tasks import is_rebuilt, last_failed

#: draft: not meant for it; coming: a build is on its way; there: it is in; still: nothing builds here; failed: the last
#: build failed; unseen: the viewer would not see it there.
State = Literal["draft", "coming", "there", "still", "failed", "unseen"]


@dataclass(frozen=True)
class InPicture:
    """Where a record stands on its way into the picture; `activity` is its page there, once it has one."""

    state: State
    activity: str = ""


def in_picture(scope: Scope | None, record: Record) -> InPicture:
    """Where the newest version of a record stands."""
    if record.is_draft:
        return InPicture("draft")
    if scope and not may_see(scope.viewer, record.marking_key):
        return InPicture("unseen")
    found = _statement(scope, record) if scope else None
    if found is not None:
        activity, is_newest = found
        if is_newest:
            return InPicture("there", activity)
    if not is_rebuilt():
        return InPicture("still", found[0] if found else "")
    if last_failed():
        return InPicture("failed", found[0] if found else "")
    return InPicture("coming", found[0] if found else "")


def _statement(scope: Scope, record: Record) -> tuple[str, bool] | None:
    """The activity that holds the record's statement in the edition, and whether that is the newest version."""
    rows = scope.rows(
        "SELECT activity_id, last_updated FROM core_activity"
        f" WHERE record_id = $record AND {scope.filter.sql_precise()}",
        {"record": record.statement},
    )
    if not rows:
        return None
    activity, said = rows[0]
    return id_text(activity), said is not None and said.replace(tzinfo=UTC) >= record.updated_at
