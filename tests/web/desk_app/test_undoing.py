"""A judgement made on the site moves the picture; taken back, every byte of the edition is what it was."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from builds import hashes
from chained import build_chained
from concerted.model.ids import id_text
from concerted.publish.chain import links, questions, totals
from concerted.rebuild import Asked, keep_request
from concerted.steps import BuildRequest
from concerted.store.edition import find_edition
from web.workspace import Workspace

TODAY = date(2026, 11, 28)


@pytest.fixture
def root(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Chains of money, built, in a folder of the site's own."""
    from django.conf import settings

    root = tmp_path / "root"
    build_chained(root, each=2)
    request = BuildRequest(as_of=date(2024, 12, 31), frameworks=("un-gcts",))
    keep_request(root / "data", Asked((str(root / "sources"),), request))
    monkeypatch.setattr(settings, "CONCERTED_DATA", root / "data")
    return root


def scope_of(folder: Path) -> Any:
    from concerted.marking import PUBLIC
    from concerted.web.edition.opened import open_edition
    from concerted.web.edition.scope import Scope

    return Scope(PUBLIC, open_edition(folder))


@pytest.mark.slow
def test_undoing_gives_back_the_very_bytes(workspace: Workspace, root: Path) -> None:
    from concerted.publish.chain import Asked as AskedOf
    from concerted.web.accounts.actions import actor_of
    from concerted.web.accounts.models import User
    from concerted.web.desk import actions
    from concerted.web.desk.actions import Said
    from concerted.web.workspace.tasks import make_picture

    user = User.objects.get(pk=workspace.person(workspace.partner("Secretariat"), "secretariat", "signer").pk)
    make_picture.func()
    before = find_edition(root / "data")
    scope = scope_of(before)
    asked = AskedOf(scope.rows, scope.filter)
    first = questions(links(asked, "spent"))[0]
    (now,) = (total for total in totals(asked) if total.book == "spent")
    ends = [id_text(end.activity_id) for end in (first.giver, first.receiver)]
    bytes_before = hashes(before)
    made = actions.judge(actor_of(user), scope, Said("money", *ends, "s"), TODAY)
    make_picture.func()
    judged = find_edition(root / "data")
    assert judged != before
    there = scope_of(judged)
    (then,) = (total for total in totals(AskedOf(there.rows, there.filter)) if total.book == "spent")
    assert then.high - then.low < now.high - now.low
    # Both are one activity now; the judgement can still be read and taken back by the statements that it was about.
    actions.undo(actor_of(user), there, made.pk)
    made_again = make_picture.func()
    assert find_edition(root / "data") == before
    assert made_again == before.name
    assert hashes(before) == bytes_before
    import shutil

    shutil.rmtree(before)  # and made anew from nothing it is the same, too
    make_picture.func()
    assert hashes(find_edition(root / "data")) == bytes_before
