"""From a saved record to an edition that holds it, by the task that the worker runs; and what a failed build says."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from concerted.model.errors import ConcertedError
from concerted.rebuild import Asked, keep_request
from concerted.steps import BuildRequest
from concerted.store.edition import find_edition
from web.workspace import Workspace
from web.workspace_app.kept import editor, kept


@pytest.fixture
def data(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own."""
    from django.conf import settings

    monkeypatch.setattr(settings, "CONCERTED_DATA", tmp_path)
    return tmp_path


def _activities(data: Path) -> list[dict[str, Any]]:
    columns = ["source_id", "title", "state", "marking_key", "last_updated"]
    found: list[dict[str, Any]] = pq.read_table(
        find_edition(data) / "core_activity.parquet", columns=columns
    ).to_pylist()
    return sorted(found, key=lambda row: str(row["title"]))


@pytest.mark.slow
def test_what_is_kept_is_in_the_edition_with_its_marking_and_a_draft_is_not(workspace: Workspace, data: Path) -> None:
    from concerted.web.workspace.models import Condition
    from concerted.web.workspace.tasks import last_failed, make_picture

    keep_request(data, Asked((), BuildRequest()))
    user = editor(workspace)
    own = f"AMBER+STRICT:{user.partner_id}"
    shown, hidden = kept(user, title="Open"), kept(user, title="Own", marking_key=own)
    kept(user, title="Zzdraft", condition=Condition.DRAFT)
    made = make_picture.func()
    assert find_edition(data).name == made
    assert _activities(data) == [
        {
            "source_id": "registry",
            "title": record.title,
            "state": "planned",
            "marking_key": record.marking_key,
            "last_updated": record.updated_at.replace(tzinfo=None),
        }
        for record in (shown, hidden)
    ]
    assert make_picture.func() == made  # nothing new: the same edition
    assert not last_failed()


@pytest.mark.slow
def test_a_build_that_fails_says_why_and_leaves_the_edition_before(workspace: Workspace, data: Path) -> None:
    from concerted.web.workspace.tasks import make_picture

    keep_request(data, Asked((), BuildRequest()))
    kept(editor(workspace))
    made = make_picture.func()
    keep_request(data, Asked((str(data / "not-there"),), BuildRequest()))
    with pytest.raises(ConcertedError, match="not-there"):
        make_picture.func()
    assert find_edition(data).name == made
