"""The life of a version: who may, in which order, what is in force, what is written for the build."""

import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from concerted.codelists.frameworks import WHOLE
from concerted.codelists.strategy import load_strategy
from concerted.model.errors import NotAllowedError
from concerted.rebuild import STRATEGY
from web.workspace import Workspace

from .plans import NODES, TODAY, actor, adopted, framework, kept, secretary, step

SPLIT = [
    NODES[0],
    {"id": "B1", "parent": "A", "name": {"en": "Deep wells"}},
    {"id": "B2", "parent": "A", "name": {"en": "Shallow wells"}},
]
SHARES = {"A": {"A": WHOLE}, "B": {"B1": 600_000, "B2": 400_000}, "C": {"A": WHOLE}}


def refused(*args: Any, **more: Any) -> str:
    from concerted.web.strategy.actions import StepError

    with pytest.raises(StepError) as found:
        step(*args, **more)
    return found.value.code


def test_a_version_lives_from_draft_to_superseded_and_is_in_force_between(both: Workspace) -> None:
    from concerted.web.strategy import actions, queries

    user = secretary(both)
    first = kept(user)
    assert queries.in_force() is None
    assert refused(user, first, "adopted", act="Decree", day=TODAY) == "order"
    step(user, first, "consultation")
    assert refused(user, first, "adopted") == "act"
    assert refused(user, first, "adopted", act="Decree", day=date(2026, 11, 29)) == "future"
    step(user, first, "adopted", act="Decree 1", day=date(2026, 1, 15))
    lived = queries.in_force()
    assert lived is not None
    assert (lived.framework.status, lived.framework.adopted_by) == ("adopted", "Decree 1")
    step(user, first, "review")
    assert queries.in_force().framework.status == "review"  # type: ignore[union-attr]
    second = kept(user, "2", SPLIT)
    step(user, second, "consultation")
    assert refused(user, second, "adopted", act="Decree 2", day=TODAY) == "remap"
    actions.keep_remap(actor(user), first, second, SHARES, TODAY)
    step(user, second, "adopted", act="Decree 2", day=TODAY)
    assert [(each.version.name, each.status) for each in queries.lives()] == [("2", "adopted"), ("1", "superseded")]
    assert refused(user, first, "adopted", act="Decree 3", day=TODAY) == "order"
    assert both.log().count("added") == 2


def test_a_remap_that_leaves_a_line_nowhere_is_not_kept(workspace: Workspace) -> None:
    from concerted.web.strategy import actions
    from concerted.web.strategy.models import Remap

    user = secretary(workspace)
    first, second = adopted(user), kept(user, "2", SPLIT)
    with pytest.raises(actions.StepError):
        actions.keep_remap(actor(user), first, second, {**SHARES, "C": {}}, TODAY)
    with pytest.raises(actions.StepError):
        actions.keep_remap(actor(user), first, second, {**SHARES, "B": {"B1": 600_000, "B2": 399_999}}, TODAY)
    assert not Remap.objects.exists()


def test_an_id_of_two_versions_ago_must_not_come_back_for_another_line(workspace: Workspace) -> None:
    from concerted.web.strategy import actions

    user = secretary(workspace)
    first, second = adopted(user), kept(user, "2", SPLIT)
    step(user, second, "consultation")
    actions.keep_remap(actor(user), first, second, SHARES, TODAY)
    step(user, second, "adopted", act="Decree 2", day=TODAY)
    third = kept(user, "3", [NODES[0], NODES[1]])  # B is back, though its work went to B1 and B2
    shares = {"A": {"A": WHOLE}, "B1": {"A": WHOLE}, "B2": {"B": WHOLE}}
    assert [(p.node_id, p.fault) for p in actions.faults(third, second, shares)] == [("B", "id_lives_on")]


def test_only_those_of_the_secretariat_who_write_keep_the_strategy(workspace: Workspace) -> None:
    from concerted.web.strategy import actions

    others = [
        workspace.person(workspace.partner("Alpha"), "donor", "administrator"),
        workspace.person(workspace.partner("Secretariat"), "secretariat", "reader"),
    ]
    version = kept(secretary(workspace))
    for user in others:
        with pytest.raises(NotAllowedError):
            actions.hold(actor(user), framework("2"))
        with pytest.raises(NotAllowedError):
            step(user, version, "consultation")
        with pytest.raises(NotAllowedError):
            actions.keep_remap(actor(user), version, version, {}, TODAY)
        with pytest.raises(NotAllowedError):
            actions.relate(actor(user), actions.Related(), TODAY)


def test_another_strategy_or_the_same_version_again_is_not_kept(workspace: Workspace) -> None:
    from concerted.web.strategy import actions

    user = secretary(workspace)
    kept(user)
    for more, code in (({"id": "other"}, "id"), ({"version": "1"}, "version")):
        with pytest.raises(actions.StepError) as found:
            kept(user, **{"version": "2", **more})
        assert found.value.code == code


def test_of_two_who_step_at_once_one_is_refused(both: Workspace) -> None:
    from django.db import connection

    from concerted.web.strategy import actions, queries

    user = secretary(both)
    versions = [kept(user, str(number)) for number in (1, 2)]
    for version in versions:
        step(user, version, "consultation")
    began, at_once, told = queries.last_sequence(), threading.Barrier(2), []

    def adopt(version: Any) -> None:
        wanted = actions.Wanted("adopted", began, "Decree", TODAY)
        at_once.wait()
        try:
            actions.step(actor(user), version, wanted, TODAY)
            told.append("adopted")
        except actions.StepError as refused:
            told.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=adopt, args=(version,)) for version in versions]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert "adopted" in told
    assert set(told) <= {"adopted", "meanwhile", "remap"}
    assert len(told) == 2
    assert told.count("adopted") == 1
    assert len([each for each in queries.lives() if each.is_in_force]) == 1


@pytest.mark.parametrize("table", ["version", "step", "remap", "related"])
def test_the_database_itself_keeps_what_was_said(both: Workspace, table: str) -> None:
    from django.db import DatabaseError, connection

    from concerted.web.strategy import actions

    user = secretary(both)
    first, second = adopted(user), kept(user, "2")
    actions.keep_remap(actor(user), first, second, {n["id"]: {n["id"]: WHOLE} for n in NODES}, TODAY)
    related = actions.Related(from_framework="a", from_node="1", to_framework="b", to_node="2", relation="exact")
    actions.relate(actor(user), related, TODAY)
    for statement in (f"UPDATE strategy_{table} SET made_at = NULL", f"DELETE FROM strategy_{table}"):
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute(statement)


def test_what_is_in_force_is_written_for_the_build_and_the_same_twice(workspace: Workspace, tmp_path: Path) -> None:
    from concerted.web.strategy import actions
    from concerted.web.strategy.files import write_files

    user = secretary(workspace)
    kept(user, "0")
    assert not write_files(tmp_path)
    assert list(tmp_path.iterdir()) == []
    first = adopted(user)
    assert write_files(tmp_path)
    written = (tmp_path / STRATEGY).read_bytes()
    framework_1 = load_strategy(tmp_path / STRATEGY)
    assert (framework_1.version, framework_1.status, framework_1.former_codes) == ("1", "adopted", ())
    second = kept(user, "2", SPLIT)
    actions.keep_remap(actor(user), first, second, SHARES, TODAY)
    write_files(tmp_path)
    assert (tmp_path / STRATEGY).read_bytes() == written  # nothing but what is in force
    step(user, second, "consultation")
    step(user, second, "adopted", act="Decree 2", day=TODAY)
    write_files(tmp_path)
    framework_2 = load_strategy(tmp_path / STRATEGY)
    former = {(row.code, row.node_id): row.share for row in framework_2.former_codes if row.place == "node"}
    assert former["B", "B1"] == 600_000
    assert former["B", "B2"] == 400_000
    assert former["Wells", "B2"] == 400_000
    assert {row.author for row in framework_2.former_codes} == {"Secretariat"}


def test_relations_are_written_with_their_last_word_and_can_be_taken_back(workspace: Workspace, tmp_path: Path) -> None:
    from concerted.strategies.crosswalk_file import CROSSWALKS, read_crosswalks
    from concerted.web.strategy import actions
    from concerted.web.strategy.files import write_files

    user, path = secretary(workspace), tmp_path / "decisions" / CROSSWALKS

    def say(relation: str) -> None:
        pair = {"from_framework": "pve-plan", "from_node": "6", "to_framework": "un-gcts", "to_node": "I"}
        actions.relate(actor(user), actions.Related(**pair, relation=relation), TODAY)
        write_files(tmp_path)

    say("related")
    before = path.read_bytes()
    say("exact")
    assert [(row.relation, row.author, row.date) for row in read_crosswalks(path)] == [("exact", "Secretariat", TODAY)]
    say("related")
    assert path.read_bytes() == before
    say("")
    assert read_crosswalks(path) == ()
    with pytest.raises(actions.StepError):
        say("same")
