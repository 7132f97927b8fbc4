"""Reconcile asks, keeps each answer at once, and takes it back."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from concerted.cli.questions import Ask, ask_about_money, ask_about_names, ask_about_project
from concerted.cli.reconcile import Sitting
from concerted.judgements.decisions import in_force, read_decisions
from concerted.publish.chain import End, Link, Question, questions
from concerted.publish.proposals import NameQuestion, ProjectQuestion, Side


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


def sit(path: Path, keys: str, asked: Sequence[Ask] | None = None) -> Sitting:
    sitting = Sitting(path, [], "secretariat")
    pressed = iter(keys)
    sitting.run(asked or [ask_about_money(question) for question in ASKED], lambda: next(pressed))
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


def a_project(relation: str = "part_of") -> Ask:
    sides = (Side(number, f"XX-{number}", f"Project {number}", "A", "a.xml", number, Decimal(50)) for number in (1, 2))
    reasons = ({"code": "code_long", "bits": 2100, "what": "BG207"}, {"code": "country_other", "bits": -4000})
    return ask_about_project(ProjectQuestion(relation, 0.8, reasons, *sides, Decimal(50)))


def test_a_proposal_is_read_with_its_reasons_in_words() -> None:
    lines = a_project().lines
    assert lines[0] == "80% sure: the first is a part of the second; up to 50 USD"
    assert lines[-2:] == ("    + the same number (BG207) (2.1)", "    - different countries (4.0)")


def test_both_directions_of_a_proposal_can_be_answered(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    sit(path, "pwyb", [a_project()] * 4)
    one, two = f"{1:016x}", f"{2:016x}"
    assert [(d.decision, d.left, d.right) for d in read_decisions(path)] == [
        ("part_of", one, two),
        ("part_of", two, one),
        ("funds", one, two),
        ("funds", two, one),
    ]


def test_a_successor_moves_no_money_so_it_is_asked_last() -> None:
    assert a_project("successor_of").usd == 0


def test_names_of_organisations_are_asked_about_too(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    ask = ask_about_names(
        NameQuestion("name:hcr", "ref:XM-DAC-41121", "HCR", "UNHCR", 0.4, ("+ words (2.0)",), Decimal(9))
    )
    sit(path, "snw", [ask] * 3)
    assert [(d.decision, d.left, d.right) for d in read_decisions(path)] == [
        ("same_organisation", "name:hcr", "ref:XM-DAC-41121"),
        ("different_organisation", "name:hcr", "ref:XM-DAC-41121"),
        ("unit_of", "ref:XM-DAC-41121", "name:hcr"),
    ]
