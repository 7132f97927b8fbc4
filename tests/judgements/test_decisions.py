"""The decisions file: read with care, undone without loss, the same whatever the order of its lines."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from concerted.judgements.decisions import (
    Decision,
    activity_id,
    activity_pairs,
    digest,
    in_force,
    read_decisions,
    undo,
    write_decisions,
)
from concerted.model.errors import ConfigError
from concerted.model.ids import id_text

DAY = date(2026, 11, 27)
FUNDS = Decision("funds", "0" * 15 + "1", "f" * 16, DAY, "secretariat", "both named the fund", "A | B")
SAME = Decision("same_organisation", "ref:XM-DAC-41114", "name:pnud", DAY)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    write_decisions(path, (FUNDS, replace(SAME, undone_on=DAY)))
    assert read_decisions(path) == (FUNDS, replace(SAME, undone_on=DAY))


def test_ids_are_those_of_the_pages() -> None:
    for value in (0, 1, -1, 2**63 - 1, -(2**63)):
        assert activity_id(id_text(value)) == value
    assert activity_pairs((FUNDS,), "funds") == ((1, -1),)


def test_an_undone_decision_leaves_no_trace_in_the_digest() -> None:
    assert digest(undo((FUNDS, SAME), 0, DAY)) == digest((SAME,))
    assert digest((FUNDS, SAME)) == digest((SAME, replace(FUNDS, reason="other words")))
    assert digest((FUNDS,)) != digest(())


def test_the_last_decision_about_a_pair_holds() -> None:
    other = replace(FUNDS, decision="different")
    assert in_force((FUNDS, other)) == (other,)
    turned = replace(FUNDS, left=FUNDS.right, right=FUNDS.left)
    assert in_force((FUNDS, turned)) == (turned,)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("maybe,0000000000000001,ffffffffffffffff,2026-11-27", "maybe"),
        ("funds,1,ffffffffffffffff,2026-11-27", "16 hexadecimal"),
        ("same_organisation,UNDP,name:pnud,2026-11-27", "ref:"),
        ("funds,ffffffffffffffff,ffffffffffffffff,2026-11-27", "same"),
        ("funds,0000000000000001,ffffffffffffffff,27/11/2026", "2026-11-27"),
        ("funds,0000000000000001,ffffffffffffffff,", "decided_on"),
    ],
)
def test_a_wrong_line_is_named_with_what_to_write(tmp_path: Path, line: str, word: str) -> None:
    path = tmp_path / "decisions.csv"
    path.write_text(f"decision,left,right,decided_on\n{line}\n")
    with pytest.raises(ConfigError, match="line 2") as caught:
        read_decisions(path)
    assert word in str(caught.value)


def test_a_file_without_its_columns_says_which_ones(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(ConfigError, match="no column decision, left, right, decided_on"):
        read_decisions(path)
