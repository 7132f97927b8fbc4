"""Versions of a statement: every difference is told, and joining two loses nothing that was not asked about."""

from typing import Any

import pytest
from hypothesis import given

from concerted.statements.changes import apply_changes, changes_between
from concerted.statements.document import FORMAT, Document, check
from concerted.statements.merging import merge
from concerted.statements.rows import document_of, row_text, rows_of

from .drawn import documents, told


@given(documents())
def test_rows_make_the_document_again(document: Document) -> None:
    check(document)
    again = document_of(rows_of(document), "r", 1)
    check({"format": FORMAT, **again})
    assert told(again) == told(document)


@given(documents(), documents())
def test_the_changes_between_two_versions_lead_from_one_to_the_other(old: Document, new: Document) -> None:
    changes = changes_between(old, new)
    assert told(apply_changes(old, changes)) == told(new)
    assert (changes == []) == (told(old) == told(new))
    assert all(change.old != change.new for change in changes)


@given(documents())
def test_the_order_of_rows_about_different_things_is_no_change(document: Document) -> None:
    turned = document | {"narrative": sorted(document["narrative"], key=lambda row: row["lang"])}
    assert changes_between(document, turned) == []


def test_a_row_put_in_front_is_one_more_row_and_changes_no_other() -> None:
    def with_orgs(*names: str) -> Document:
        orgs = [{"role_code": "4", "name": name} for name in names]
        return {"record": "r", "version": 1, "activity": {"marking_key": "CLEAR"}, "participating_org": orgs}

    found = changes_between(with_orgs("b", "c"), with_orgs("a", "b", "c"))
    assert {(row_text(c.row), c.column, c.kind, c.new) for c in found} == {
        ("participating_org[4, a]", "role_code", "row_new", "4"),
        ("participating_org[4, a]", "name", "row_new", "a"),
    }


def test_a_change_made_from_another_value_is_refused() -> None:
    old: Document = {"record": "r", "version": 1, "activity": {"marking_key": "CLEAR", "state": "planned"}}
    changes = changes_between(old, old | {"activity": {"marking_key": "CLEAR", "state": "ongoing"}})
    other = old | {"activity": {"marking_key": "CLEAR", "state": "cancelled"}}
    with pytest.raises(ValueError, match="has changed since"):
        apply_changes(other, changes)


@given(documents(), documents())
def test_what_one_alone_changed_is_taken_without_asking(base: Document, mine: Document) -> None:
    for one, two in ((mine, base), (base, mine), (mine, mine)):
        merged = merge(base, one, two)
        assert merged.conflicts == ()
        assert told(merged.resolved("r", 1, {})) == told(mine)


@given(documents(), documents(), documents())
def test_no_change_is_lost_silently(base: Document, mine: Document, theirs: Document) -> None:
    merged = merge(base, mine, theirs)
    rows: Any = merged.rows
    asked = {(c.row, c.column) for c in merged.conflicts}
    for side in (mine, theirs):
        for change in changes_between(base, side):
            is_asked = (change.row, change.column) in asked or (change.row, "") in asked
            assert is_asked or rows.get(change.row, {}).get(change.column) == change.new


@given(documents(), documents(), documents())
def test_merging_is_the_same_from_both_sides(base: Document, mine: Document, theirs: Document) -> None:
    one, two = merge(base, mine, theirs), merge(base, theirs, mine)
    turned = {(c.row, c.column, repr(c.theirs), repr(c.mine)) for c in two.conflicts}
    assert {(c.row, c.column, repr(c.mine), repr(c.theirs)) for c in one.conflicts} == turned


@given(documents(), documents(), documents())
def test_answers_make_a_statement_that_says_what_was_answered(base: Document, mine: Document, theirs: Document) -> None:
    merged = merge(base, mine, theirs)
    # Theirs for whatever is asked, but no row is taken away of which something is kept.
    answers = {(c.row, c.column): c.theirs is None for c in merged.conflicts}
    document = merged.resolved("r", 2, answers)
    check({"format": FORMAT, **document})
    # By what a row is about: of two about the same the second is the first once that one is gone.
    said_of: dict[Any, list[Any]] = {}
    for row, stated in rows_of(document).items():
        said_of.setdefault((row.table, row.name), []).append(stated)
    for conflict in merged.conflicts:
        said = conflict.mine if answers[conflict.row, conflict.column] else conflict.theirs
        found = said_of[conflict.row.table, conflict.row.name]
        if conflict.column:
            assert said in [stated.get(conflict.column) for stated in found]
        else:
            assert (said or {}) in found


def test_both_changing_one_field_is_asked() -> None:
    def amount(value: str) -> Document:
        money = [{"type_code": "3", "transaction_date": "2026-01-01", "value": value}]
        return {"record": "r", "version": 1, "activity": {"marking_key": "CLEAR"}, "transaction": money}

    (conflict,) = merge(amount("1"), amount("2"), amount("3")).conflicts
    assert (row_text(conflict.row), conflict.column) == ("transaction[3, 2026-01-01]", "value")
    assert (conflict.base, conflict.mine, conflict.theirs) == ("1", "2", "3")


def test_a_row_that_one_took_away_and_the_other_changed_is_asked_as_a_row() -> None:
    def org(**said: str) -> Document:
        orgs = [{"role_code": "4", "name": "a", **said}] if said is not None else []
        return {"record": "r", "version": 1, "activity": {"marking_key": "CLEAR"}, "participating_org": orgs}

    gone = org() | {"participating_org": []}
    merged = merge(org(), gone, org(type_code="22"))
    (conflict,) = merged.conflicts
    assert (conflict.column, conflict.mine) == ("", None)
    assert merged.resolved("r", 2, {(conflict.row, ""): True}).get("participating_org") is None
    kept = merged.resolved("r", 2, {(conflict.row, ""): False})
    assert kept["participating_org"] == [{"role_code": "4", "name": "a", "type_code": "22"}]
