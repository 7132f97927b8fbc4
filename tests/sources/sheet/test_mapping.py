"""A mapping is checked before anything is read."""

from typing import Any

import pytest

from concerted.model.errors import ConfigError
from concerted.sources.grid.fields import FIELDS
from concerted.sources.sheet.mapping import parse_mapping, plan_columns


def mapping(**columns: Any) -> dict[str, Any]:
    return {"columns": columns}


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ({}, "expected headers"),
        ({"columns": []}, "expected headers"),
        ({"colums": {"A": "title"}}, "colums"),
        (mapping(A="titel"), "did you mean title"),
        (mapping(A=3), "expected a field"),
        (mapping(A={"field": "budget", "multiply": 0}), "above 0"),
        (mapping(A={"field": "budget", "multiply": "x"}), "above 0"),
        (mapping(A={"field": "budget", "decimal": ";"}), "decimal"),
        (mapping(A={"field": "budget", "currency": "francs suisses"}), "ISO 4217"),
        (mapping(A={"field": "start_date", "format": "dd/mm/yyyy"}), "%d/%m/%Y"),
        (mapping(A={"field": "state", "values": {"x": "doing"}}), "ongoing"),
        (mapping(A={"field": "state", "values": ["x"]}), "source's words"),
        (mapping(A={"field": "title", "separater": ";"}), "separater"),
        (mapping(A={"field": "title", "separator": ""}), "a text"),
        ({**mapping(A="title"), "header_rows": 0}, "1 to 4"),
        ({**mapping(A="title"), "row": "rows"}, "presence or project"),
        ({**mapping(A="title"), "constants": {"title": "x"}}, "constants.title"),
        ({**mapping(A="title"), "constants": {"country": "Sahel"}}, "no country"),
        ({**mapping(A="title"), "constants": {"state": "doing"}}, "state"),
        ({**mapping(A="title"), "constants": {"start_date": "soon"}}, "start_date"),
        (mapping(Région="admin1_name", region="admin1_code"), "there twice"),
    ],
)
def test_a_wrong_mapping_says_where_and_what_was_expected(raw: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigError, match=says) as error:
        parse_mapping(raw, "here: mapping")
    assert str(error.value).startswith("here: mapping")


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_can_be_mapped(field: str) -> None:
    plan = plan_columns(parse_mapping(mapping(A=field)), ["A"], None, 2)
    assert [c.field for c in plan.columns] == [field]


def test_headers_are_found_whatever_their_case_accents_and_blanks() -> None:
    plan = plan_columns(parse_mapping(mapping(Région="admin1_name")), ["  REGION *", "région", "Other"], None, 2)
    assert [(c.name, c.field) for c in plan.columns] == [
        ("  REGION *", "admin1_name"),
        ("région", "attribute"),
        ("Other", "attribute"),
    ]


def test_repeated_headers_get_names_of_their_own() -> None:
    plan = plan_columns(parse_mapping(mapping(A="title")), ["Note", "Note", ""], None, 2)
    assert [c.name for c in plan.columns] == ["Note", "Note (2)", "column 3"]
