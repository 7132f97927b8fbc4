"""Two editions compared: a new input, a changed record and a changed rule are each recognised, total by total."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from builds import Small, copy_small
from concerted.marking import KEEPER, PUBLIC
from concerted.publish.changes import Cause, _causes, _totals, compare
from concerted.publish.figures import BOUNDS
from concerted.store.edition import find_edition

NAME = {"file": "a.xml"}
NOTHING = {"added": [], "removed": []}
TOTAL = ("framework", "node", "commitment")


def money(amount: int) -> tuple[Decimal | None, ...]:
    return (Decimal(0), Decimal(amount), Decimal(amount)) * 2


def test_each_total_names_what_moved_it() -> None:
    was = {1: (NAME, {"t": 1}), 2: (NAME, {"t": 1}), 3: (NAME, {"t": 1}), 4: (NAME, {"t": 1})}
    now = {1: (NAME, {"t": 2}), 2: (NAME, {"t": 1}), 4: (NAME, {"t": 1}), 5: ({"file": "new.xml"}, {"t": 1})}
    before = {TOTAL: {1: money(10), 2: money(20), 3: money(30), 4: money(40)}}
    after = {TOTAL: {1: money(11), 2: money(25), 4: money(40), 5: money(50)}}
    cause = _causes(was, now, {"added": ["new.xml"], "removed": []}, has_rules=True)
    (total,) = _totals(before, after, cause)
    assert total["because"] == {Cause.INPUT.value: 1, Cause.RECORD.value: 2, Cause.RULE.value: 1}
    assert total["before"]["best_usd"] == 100
    assert total["after"]["best_usd"] == 126
    assert {name: by["best_eur"] for name, by in total["moved"].items()} == {
        Cause.INPUT.value: 50,
        Cause.RECORD.value: 1 - 30,
        Cause.RULE.value: 5,
    }


def test_a_statement_that_only_counts_otherwise_is_told_apart_from_one_that_changed() -> None:
    said = {1: (NAME, {"t": 1})}
    cause = _causes(said, said, NOTHING, has_rules=False)
    assert cause(1) is Cause.OTHERS
    assert cause(2) is Cause.COARSE


def test_totals_that_did_not_move_are_not_listed() -> None:
    same = {TOTAL: {1: money(10)}}
    assert _totals(same, same, _causes({}, {}, NOTHING, has_rules=True)) == []


def test_an_unknown_sum_is_not_zero() -> None:
    unknown = (None,) * 6
    (total,) = _totals({}, {TOTAL: {1: unknown}}, _causes({}, {}, NOTHING, has_rules=False))
    assert total["after"] == total["moved"][Cause.COARSE.value] == dict.fromkeys(BOUNDS)


def test_an_edition_does_not_differ_from_itself(small_data: Path) -> None:
    edition = find_edition(small_data)
    found = compare(PUBLIC, edition, edition)
    assert found["records"] == {"added": [], "removed": [], "changed": []}
    assert (found["rules"], found["totals"], found["inputs"]["added"]) == ([], [], [])


def test_that_there_is_a_hidden_file_is_not_told(small_data: Path) -> None:
    edition = find_edition(small_data)
    public, keeper = (compare(viewer, edition, edition)["inputs"]["same"] for viewer in (PUBLIC, KEEPER))
    assert 0 < public < keeper


@pytest.mark.slow
def test_a_new_input_a_changed_record_and_a_changed_rule(small: Small, small_data: Path, tmp_path: Path) -> None:
    first = find_edition(small_data)
    changed = copy_small(small, tmp_path / "set")
    sources = changed.root / "sources"
    path = sources / "iati" / "pon.xml"
    text = path.read_text("utf-8")
    start = text.index("<value ")
    amount = text[text.index(">", start) + 1 : text.index("</value>", start)]
    path.write_text(text.replace(f">{amount}</value>", ">12345</value>", 1), "utf-8")
    record = compare(PUBLIC, first, changed.build(tmp_path / "record").folder)
    assert record["inputs"]["changed"] == ["iati/pon.xml"]
    assert [
        (r["file"], set(r["tables"]) & {"core_transaction", "core_budget"} != set())
        for r in record["records"]["changed"]
    ] == [("iati/pon.xml", True)]
    assert record["totals"]
    assert all(t["because"] == {Cause.RECORD.value: 1} for t in record["totals"])
    assert record["rules"] == []

    path.write_text(text, "utf-8")
    (sources / "iati" / "new.xml").write_text(text.replace("<iati-identifier>", "<iati-identifier>N-"), "utf-8")
    new = compare(KEEPER, first, changed.build(tmp_path / "new").folder)
    assert new["inputs"]["added"] == ["iati/new.xml"]
    assert len(new["records"]["added"]) == small.activities("iati/pon.xml")
    assert all(Cause.INPUT.value in t["because"] for t in new["totals"])

    (sources / "iati" / "new.xml").unlink()
    rule = compare(PUBLIC, first, replace_day(changed, tmp_path / "rule"))
    assert [r["rule"] for r in rule["rules"]] == ["as_of"]
    assert (rule["records"]["added"], rule["records"]["changed"]) == ([], [])


def replace_day(small: Small, data: Path) -> Path:
    from concerted.build import build

    return build(small.sources, data, replace(small.request(), as_of=date(2025, 6, 30))).folder
