"""An answer does to the range what the question said that it would: from the question to the next edition."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from chained import build_chained
from concerted.build import build
from concerted.judgements.decisions import Decision, write_decisions
from concerted.marking import PUBLIC
from concerted.model.ids import id_text
from concerted.publish.chain import Question, Total, asking, if_no, if_yes, links, questions, totals
from concerted.steps import BuildRequest
from concerted.store.edition import find_edition

CENT = 1


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set of chains that a test may build again."""
    root = tmp_path_factory.mktemp("asked") / "root"
    build_chained(root, each=2)
    return root


def asked(edition: Path) -> tuple[Total, list[Question]]:
    with asking(PUBLIC, edition) as opened:
        total = next(total for total in totals(opened) if total.book == "spent")
        return total, questions(links(opened, "spent"))


def answered(root: Path, tmp_path: Path, decision: str, question: Question) -> tuple[Total, list[Question]]:
    """The range after one answer, in the next edition."""
    target = shutil.copytree(root, tmp_path / "again")
    ends = (id_text(end.activity_id) for end in (question.giver, question.receiver))
    write_decisions(target / "decisions.csv", [Decision(decision, *ends, date(2024, 12, 31))])
    request = BuildRequest(as_of=date(2024, 12, 31), frameworks=("un-gcts",), decisions=target / "decisions.csv")
    build([str(target / "sources")], target / "data", request, jobs=1)
    return asked(find_edition(target / "data"))


@pytest.mark.parametrize("decision", ["funds", "different"])
def test_an_answer_narrows_the_range_by_as_much_as_the_question_said(root: Path, tmp_path: Path, decision: str) -> None:
    now, open_now = asked(find_edition(root / "data"))
    first = open_now[0]
    assert first.usd == max(question.usd for question in open_now)
    then, still_open = answered(root, tmp_path, decision, first)
    low, high = if_yes(now, first) if decision == "funds" else if_no(now, first)
    assert then.gross == now.gross
    assert then.high - then.low < now.high - now.low
    # "At most": no end goes further than the question said, and none goes the other way.
    assert low - CENT <= then.low <= low + CENT if decision == "funds" else now.low < then.low <= low + CENT
    assert high - CENT <= then.high < now.high if decision == "funds" else high - CENT <= then.high <= high + CENT
    pair = {first.giver.activity_id, first.receiver.activity_id}
    assert all({q.giver.activity_id, q.receiver.activity_id} != pair or decision == "funds" for q in still_open)
