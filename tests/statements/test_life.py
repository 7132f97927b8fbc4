"""The life of an activity: a step is taken when all that it needs is there, and nothing is typed twice."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerted.statements.completeness import AMOUNT_UNKNOWN, REQUIRED, missing
from concerted.statements.document import FORMAT, Document, check
from concerted.statements.life import STEPS, State, Step, still_needed, take_step

from .drawn import documents

TODAY = date(2026, 6, 1)


def document(state: str | None = None, **activity: Any) -> Document:
    stated = {"marking_key": "CLEAR", **({"state": state} if state else {}), **activity}
    return {"record": "r", "version": 1, "activity": stated, "participating_org": [{"role_code": "4", "name": "a"}]}


def codes(found: Document, step: Step) -> list[str]:
    return [need.code for need in still_needed(found, step, TODAY)]


def test_a_request_becomes_completed_work_without_typing_anything_again() -> None:
    record = document("requested") | {"narrative": [{"field": "title", "lang": "fr", "text": "Radio"}]}
    record = take_step(record, Step("planned", date(2026, 1, 1)), TODAY)
    record = take_step(record, Step("ongoing", date(2026, 2, 1)), TODAY)
    record = take_step(record, Step("completed", date(2026, 5, 1), evidence="https://example.org/report"), TODAY)
    assert record["activity"] == {
        "marking_key": "CLEAR",
        "state": "completed",
        "start_planned_date": "2026-01-01",
        "start_actual_date": "2026-02-01",
        "end_actual_date": "2026-05-01",
    }
    assert record["narrative"][0]["text"] == "Radio"
    assert record["attribute"] == [{"name": "state_evidence", "value": "https://example.org/report"}]


def test_each_step_says_what_it_still_needs() -> None:
    alone = document("requested") | {"participating_org": []}
    assert codes(alone, Step("planned")) == ["doer", "date"]
    assert codes(document("requested"), Step("ongoing")) == ["step"]
    assert codes(document("planned"), Step("ongoing", date(2026, 7, 1))) == ["date_future"]
    begun = document("ongoing", start_actual_date="2026-02-01")
    assert codes(begun, Step("completed", date(2026, 1, 1), evidence="seen")) == ["date_order"]
    assert codes(begun, Step("completed", date(2026, 3, 1))) == ["evidence"]
    assert codes(begun, Step("cancelled")) == ["reason"]
    assert codes(begun, Step("planned", date(2026, 9, 1))) == ["reason"]
    assert codes(document("planned"), Step("ongoing", TODAY, is_cleared=False)) == ["due_diligence"]


def test_a_step_that_needs_something_is_not_taken() -> None:
    with pytest.raises(ValueError, match="evidence"):
        take_step(document("ongoing"), Step("completed", TODAY), TODAY)


def test_going_back_takes_back_what_is_no_longer_true() -> None:
    record = document("completed", start_actual_date="2026-02-01", end_actual_date="2026-05-01")
    record = take_step(record, Step("ongoing", reason="not yet"), TODAY)
    assert "end_actual_date" not in record["activity"]
    record = take_step(record, Step("planned", date(2026, 9, 1), reason="never began"), TODAY)
    assert "start_actual_date" not in record["activity"]
    assert record["attribute"] == [{"name": "state_reason", "value": "never began"}]


@given(documents(), st.sampled_from([state for state in STEPS if state]), st.dates())
def test_a_taken_step_gives_a_statement_in_the_state_wanted(found: Document, to: State, day: date) -> None:
    step = Step(to, day, "because", "seen")
    if not still_needed(found, step, TODAY):
        after = take_step(found, step, TODAY)
        assert check({"format": FORMAT, **after})["activity"]["state"] == to


def test_the_seven_fields_are_asked_for_and_unknown_money_is_an_answer() -> None:
    found = document() | {"participating_org": []}
    assert missing(found) == list(REQUIRED)
    assert len(REQUIRED) == 7
    whole = document("planned", start_planned_date="2026-01-01", end_planned_date="2026-12-31") | {
        "narrative": [{"field": "title", "text": "Radio"}],
        "location": [{"admin1_name": "Mopti"}],
        "tag": [{"kind": "tag", "vocabulary_code": "99", "vocabulary_uri": "pve-plan", "code": "3"}],
    }
    assert missing(whole) == ["money"]
    assert missing(whole | {"attribute": [{"name": AMOUNT_UNKNOWN, "value": "true"}]}) == []
    assert missing(whole | {"budget": [{"kind": "budget", "value": "1"}]}) == []


def test_a_request_needs_who_asks_and_not_who_does() -> None:
    request = document("requested", reporting_org_name="Ministère") | {"participating_org": []}
    assert "organisation" not in missing(request)
    assert "organisation" in missing(document("planned") | {"participating_org": []})
