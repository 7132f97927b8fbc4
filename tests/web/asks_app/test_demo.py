"""A demonstration opens with needs and offers on the site, with matches and a package, and its figures stay known."""

from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from web.workspace import Workspace

TODAY = date(2026, 11, 28)
#: What is drawn of needs and offers; everything else is drawn of what the picture counts.
_ASKED = {"core_need", "core_offer", "core_term"}


@pytest.fixture
def demo(both: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    from django.conf import settings

    from concerted.web.accounts.demo import make_demo_accounts

    monkeypatch.setattr(settings, "CONCERTED_DEMO", True)
    make_demo_accounts()
    return both


def test_a_demonstration_opens_with_needs_and_offers_in_each_state_of_their_life(demo: Workspace) -> None:
    from concerted.web.asks.demo import SOON_DAYS, SOON_OFFER, make_demo_asks
    from concerted.web.asks.models import Ask

    assert make_demo_asks(TODAY) == Ask.objects.count() == 12
    needs, offers = (list(Ask.objects.filter(which=which)) for which in ("need", "offer"))
    assert {ask.state for ask in needs if not ask.is_draft} == {"open", "validated"}
    assert sum(ask.is_draft for ask in needs) == 1
    assert {ask.standing(TODAY) for ask in offers} == {"open", "withdrawn"}
    soon = next(ask for ask in offers if ask.stated["identifier"] == SOON_OFFER)
    assert soon.ends == TODAY + timedelta(days=SOON_DAYS)
    assert soon.standing(TODAY + timedelta(days=SOON_DAYS + 1)) == "past"
    assert {ask.stated["origin"] for ask in needs} == {"government", "assessment", "community"}
    assert {kind for ask in (*needs, *offers) for kind in [ask.kind]} == {"money", "expertise", "training", "equipment"}
    owners = {role for ask in (*needs, *offers) for role in ask.owner.roles}
    assert owners == {"secretariat", "coordination", "donor", "implementer", "community", "rights"}
    assert any(ask.stated.get("due_diligence") == "pending" for ask in needs)


def test_they_are_made_once_and_in_a_demonstration_only(demo: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    from concerted.web.asks.demo import make_demo_asks
    from concerted.web.asks.models import Ask

    monkeypatch.setattr(settings, "CONCERTED_DEMO", False)
    assert make_demo_asks(TODAY) == Ask.objects.count() == 0
    monkeypatch.setattr(settings, "CONCERTED_DEMO", True)
    made = make_demo_asks(TODAY)
    assert make_demo_asks(TODAY) == 0
    assert Ask.objects.count() == made


def test_what_an_account_that_is_gone_would_state_is_left_out(demo: Workspace) -> None:
    from concerted.web.accounts.models import User
    from concerted.web.asks.demo import make_demo_asks
    from concerted.web.asks.models import Ask

    User.objects.filter(email="donor@demo.example").update(is_active=False)
    assert make_demo_asks(TODAY) == Ask.objects.count() == 9


@pytest.mark.slow
def test_the_whole_demonstration_holds_matches_and_a_package_and_counts_what_it_counted(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from concerted.build import build
    from concerted.demo import write_demo
    from concerted.rebuild import Asked, keep_request, rebuild
    from concerted.steps import BuildRequest
    from concerted.store.edition import find_edition
    from concerted.web.accounts.demo import make_demo_accounts
    from concerted.web.asks.demo import PART_NEED, WAITING_NEED, make_demo_asks
    from concerted.web.asks.files import write_files
    from concerted.web.config import middleware
    from concerted.web.edition.current import CurrentEdition
    from concerted.web.matches.demo import fill_demo_matches
    from concerted.web.matches.models import Match, Run
    from concerted.web.packages.demo import fill_demo_package
    from concerted.web.packages.models import Package
    from concerted.web.packages.queries import asked_of
    from concerted.web.workspace.models import Record

    write_demo(tmp_path / "demo")
    request = Asked((str(tmp_path / "demo" / "sources"),), BuildRequest(tmp_path / "demo" / "strategy.yml"))
    keep_request(tmp_path, request)
    build(request.sources, tmp_path, request.request)
    before = find_edition(tmp_path)
    monkeypatch.setattr(settings, "CONCERTED_DEMO", True)
    monkeypatch.setattr(settings, "CONCERTED_DATA", tmp_path)
    make_demo_accounts()
    make_demo_asks(TODAY)
    write_files(tmp_path)
    rebuild(tmp_path)
    after = find_edition(tmp_path)
    changed = {path.stem for path in before.glob("*.parquet") if path.read_bytes() != (after / path.name).read_bytes()}
    assert changed == _ASKED
    assert (
        pq.read_table(after / "core_need.parquet").num_rows == pq.read_table(before / "core_need.parquet").num_rows + 6
    )

    served = CurrentEdition(tmp_path)
    monkeypatch.setattr(middleware, "current", lambda: served)
    fill_demo_matches.func()
    assert {match.need_code: (match.state, len(match.agreed)) for match in Match.objects.all()} == {
        PART_NEED: ("accepted", 2),
        WAITING_NEED: ("proposed", 0),
    }
    fill_demo_matches.func()
    assert (Match.objects.count(), Run.objects.count()) == (2, 1), "made once"
    assert not Record.objects.exists(), "nothing is promised: a promise would be counted"

    fill_demo_package.func()
    package = Package.objects.get()
    parts = list(package.parts.order_by("position"))
    assert [part.component for part in parts] == ["education"] * 2 + ["women"] * 2 + ["justice"] * 2
    lines = pq.read_table(after / "core_node_share.parquet", columns=["record_id", "node_id"]).to_pylist()
    needs = pq.read_table(after / "core_term.parquet", columns=["record_id", "kind", "code"]).to_pylist()
    of: dict[int, set[str]] = {}
    for row in lines:
        of.setdefault(row["record_id"], set()).add(row["node_id"])
    for row in needs:
        if row["kind"] == "node":
            of.setdefault(row["record_id"], set()).add(row["code"])
    wanted = {"education": "P1.1", "women": "P1.3.1", "justice": "P3.1"}
    for part in parts:
        assert any(node.startswith(wanted[part.component]) for node in of[part.statement]), part
    from concerted.web.accounts.models import User
    from concerted.web.accounts.person import viewer_for

    implementer = viewer_for(User.objects.get(email="implementer@demo.example"), is_sure=True)
    assert len(asked_of(implementer)) == 1, "a question is left to be answered"
