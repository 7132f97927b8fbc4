"""Texts tell no place finer than the coarse view of their record shows it."""

from typing import Any

import pytest

from concerted.statements.texts import found_texts, rules_of


def document(text: str, table: str = "narrative", column: str = "text", **activity: Any) -> dict[str, Any]:
    row = {"field": "title", "lang": "en", "role_code": "4", column: text}
    return {"record": "r", "version": 1, "activity": {"marking_key": "CLEAR", **activity}, table: [row]}


def kinds(found: dict[str, Any], before: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    return [(each.finding.kind, each.finding.severity) for each in found_texts(found, before)]


COARSE = {"marking_key": "GREEN", "coarse_marking_key": "CLEAR"}
REFUSED = [("pcode", "refuse")]


@pytest.mark.parametrize(
    ("level", "text", "is_found"),
    [
        (None, "Wells in ML0501", True),  # the region, where the owner did not say
        (None, "Wells in ML05", False),
        (0, "Wells in ML05", True),
        (1, "Wells in ML05", False),
        (1, "Wells in ML0501", True),
        (2, "Wells in ML0501", False),
        (2, "Wells in ML050101", True),
        (2, "Puits à ML05010123", True),
        (1, "الآبار في ML0501", True),
        (0, "Wells in Mali", False),
    ],
)
def test_the_level_of_the_view_decides(level: int | None, text: str, is_found: bool) -> None:
    said = COARSE | ({} if level is None else {"coarse_place_level": level})
    assert kinds(document(text, **said)) == (REFUSED if is_found else [])


def test_a_record_without_a_coarse_view_hides_no_place_in_its_texts() -> None:
    assert kinds(document("Wells in ML050101")) == []
    assert rules_of(document("x")).finest_level is None


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("participating_org", "name"), ("transaction", "description"), ("document", "title"), ("result", "title"),
        ("indicator", "title"), ("attribute", "value"), ("budget", "provider_org_name"), ("tag", "name"),
        ("recipient", "name"),
    ],
)  # fmt: skip
def test_every_field_that_is_typed_is_looked_at(table: str, column: str) -> None:
    assert kinds(document("Comité ML0501", table, column, **COARSE)) == REFUSED


def test_the_place_fields_may_be_exact() -> None:
    """Their view is what the marking governs."""
    assert kinds(document("ML0501", "location", "name", **COARSE)) == []


def test_what_was_answered_for_is_asked_anew_under_a_coarser_view() -> None:
    text = "Wells, see ML-2021"
    before = document(text, **COARSE)
    doubtful = document("ask Seydou Keita", **COARSE)
    assert kinds(doubtful, doubtful) == []
    coarser = document("ask Seydou Keita", **COARSE, coarse_place_level=0)
    assert kinds(coarser, doubtful) == kinds(coarser)
    assert kinds(before, before) == []


def test_a_text_that_stood_before_is_refused_once_a_view_is_coarse() -> None:
    before = document("Wells in ML0501")
    assert kinds(document("Wells in ML0501", **COARSE), before) == REFUSED
