"""Reconcile asks, keeps each answer at once, and takes it back."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from concerted.cli.reconcile import Sitting
from concerted.judgements.decisions import in_force, read_decisions
from concerted.publish.chain import End, Link, Question, questions


def end(activity: int, usd: int) -> End:
    return End(
        activity,
        f"XX-{activity}",
        f"Project {activity}",
        "A",
        "a.xml",
        activity,
        Decimal(0),
        Decimal(usd),
        Decimal(usd),
    )


def link(givers: Sequence[End], receivers: Sequence[End], low: int = 0, high: int = 90) -> Link:
    amounts = (Decimal(low), Decimal(low), Decimal(high))
    return Link(7, "spent", "both_organisations", 60, "A", "B", *amounts, tuple(givers), tuple(receivers))


ASKED: list[Question] = questions([link([end(1, 80), end(2, 10)], [end(3, 90)])])


def sit(path: Path, keys: str) -> Sitting:
    sitting = Sitting(path, [], "secretariat")
    pressed = iter(keys)
    sitting.run(ASKED, lambda: next(pressed))
    return sitting


def test_the_answer_that_decides_most_is_asked_first() -> None:
    assert [(q.giver.activity_id, q.receiver.activity_id, q.usd) for q in ASKED] == [(1, 3, 80), (2, 3, 10)]


def test_an_answer_is_kept_at_once_with_who_gave_it(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    sit(path, "yn")
    first, second = read_decisions(path)
    assert (first.decision, first.left, first.right) == ("funds", f"{1:016x}", f"{3:016x}")
    assert (second.decision, second.decided_by) == ("different", "secretariat")
    assert first.about == "Project 1 | Project 3"


def test_a_part_is_written_from_the_part_to_the_whole(tmp_path: Path) -> None:
    sit(tmp_path / "d.csv", "pq")
    (only,) = read_decisions(tmp_path / "d.csv")
    assert (only.decision, only.left, only.right) == ("part_of", f"{3:016x}", f"{1:016x}")


def test_an_undone_answer_stays_in_the_file_and_no_longer_holds(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    sitting = sit(path, "yun q")
    assert sitting.answered == 1
    kept = read_decisions(path)
    assert [d.holds for d in kept] == [False, True]
    assert [d.decision for d in in_force(kept)] == ["different"]


def test_a_key_that_is_no_answer_asks_again(tmp_path: Path) -> None:
    assert sit(tmp_path / "d.csv", "x  ").answered == 0
    assert not (tmp_path / "d.csv").exists()


def test_what_was_judged_is_not_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    sit(path, "yq")
    left = questions([link([end(1, 80), end(2, 10)], [end(3, 90)])], read_decisions(path))
    assert [(q.giver.activity_id, q.receiver.activity_id) for q in left] == [(2, 3)]


def test_a_link_without_doubt_is_no_question() -> None:
    assert questions([link([end(1, 80)], [end(3, 90)], low=90)]) == []
