"""An activity's page tells what is kept beside, and shows each statement with what it says itself."""

import json
from datetime import date
from typing import Any

from web.site import Site

DAY = date(2026, 11, 28)


def record() -> Any:
    """A published statement (1) and one that is kept (2); texts and people of the second, dates of the first count."""
    from concerted.web.registry.record import ActivityRecord

    both = {"state": "ongoing", "start_actual_date": date(2025, 1, 1), "activity_status_code": "2"}
    both |= dict.fromkeys(("start_planned_date", "end_planned_date", "end_actual_date"))
    own = {
        "texts": {"title": "Deep wells", "title_lang": "en", "description": "For herders"},
        "dates": {"state": "planned", "end_planned_date": "2027-03-31", "activity_status_code": "1"},
    }
    rows = [
        {"record_id": 1, "subject": "texts", "is_counted": False, "other_record_id": 2, "rule": "decided"},
        {"record_id": 2, "subject": "dates", "is_counted": False, "other_record_id": 1, "rule": "more_open"},
        {"record_id": 1, "subject": "places", "is_counted": False, "other_record_id": 2, "rule": "decided"},
        {"record_id": 2, "subject": "texts", "is_counted": True, "other_record_id": None, "rule": "decided"},
    ]
    told = [
        r | {"decided_on": DAY, "own": json.dumps(own[r["subject"]]) if r["subject"] in own else None} for r in rows
    ]
    statements = [
        {"record_id": 1, "input_path": "a.xml", "line": 3, **both},
        {"record_id": 2, "input_path": "00.jsonl", "line": 1, **both},
    ]
    places = [
        {"record_id": 1, "name": "Mopti", "place_id": "ML05"},
        {"record_id": 2, "name": "Gao", "place_id": "ML07"},
    ]
    return ActivityRecord(9, False, "ongoing", statements, {"precedence": told, "location": places})


def test_what_does_not_count_is_told_with_its_words_its_place_and_what_counts_instead(site: Site) -> None:
    from django.utils.translation import override

    from concerted.web.registry.record_beside import kept_beside

    with override("en"):
        found = kept_beside(record())
    rows = [(r["subject"], r["said"], r["where"], r["counts"], r["why"], r["decided_on"]) for r in found]
    decided = "as its organisation decided"
    assert rows == [
        ("title and description", "Deep wells, For herders", "a.xml:3", "00.jsonl:1", decided, DAY),
        ("dates and state", "planned, 31 March 2027", "00.jsonl:1", "a.xml:3", "more people see it", DAY),
        ("places", "Mopti", "a.xml:3", "00.jsonl:1", decided, DAY),
    ]


def test_side_by_side_each_statement_has_its_own_dates(site: Site) -> None:
    from concerted.web.registry.record_beside import as_they_say

    published, kept = as_they_say(record())
    assert (published["state"], published["start_actual_date"]) == ("ongoing", date(2025, 1, 1))
    assert (kept["state"], kept["start_actual_date"], kept["end_planned_date"]) == ("planned", None, date(2027, 3, 31))
