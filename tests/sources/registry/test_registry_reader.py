"""Statements of the workspace: all that they state is read, and nothing that is wrong passes."""

import contextlib
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerted.codelists import lists
from concerted.marking.keys import Label, marking_key
from concerted.model.tables import rec_schema
from concerted.statements.document import (
    FORMAT,
    MAX_BYTES,
    DocumentError,
    check,
    decode,
    encode,
    stated_columns,
    statement_tables,
)
from reading import read_one


def statement(record: str = "r1", **parts: Any) -> dict[str, Any]:
    """The least that is a statement, and more."""
    activity = {"marking_key": "CLEAR", "state": "planned", **parts.pop("activity", {})}
    return {"format": FORMAT, "record": record, "version": 1, "activity": activity, **parts}


WHOLE = statement(
    "0c9e1f",
    activity={
        "identifier": "ML-1-7",
        "reporting_org_name": "Association Tabital",
        "marking_key": "AMBER: b, a",
        "coarse_marking_key": "CLEAR",
        "coarse_place_level": 1,
        "is_partner_hidden": True,
        "start_planned_date": "2026-01-15",
        "default_currency": "XOF",
        "default_finance_type_code": "110",
        "last_updated": "2026-05-31T10:00:00+02:00",
    },
    narrative=[
        {"field": "title", "lang": "fr", "text": "Médiation  locale"},
        {"field": "title", "lang": "en", "text": "Local mediation"},
        {"field": "description", "lang": "fr", "text": "Écrire à Mme Awa Diallo, awa@example.org"},
    ],
    participating_org=[{"role_code": "4", "name": "Association Tabital"}],
    location=[{"admin1_code": "ML05", "admin1_name": "Mopti", "country_code": "ML", "pct": 40}],
    location_code=[
        {"location_seq": 0, "kind": "administrative", "vocabulary_code": "G1", "level": 1, "code": "2453348"}
    ],
    tag=[{"kind": "tag", "vocabulary_code": "99", "vocabulary_uri": "pve-plan", "code": "3"}],
    transaction=[
        {"type_code": "3", "transaction_date": "2020-05-04", "value": "655957.00"},
        {
            "type_code": "3",
            "transaction_date": "2020-05-04",
            "value": "10",
            "currency": "EUR",
            "value_date": "2020-05-05",
        },
    ],
    sector=[{"vocabulary_code": "1", "code": "15220"}, {"vocabulary_code": "1", "code": "11220", "transaction_seq": 1}],
    people=[{"kind": "reached", "group": "f", "value": 120}],
)


def lines(*documents: dict[str, Any]) -> str:
    return "".join(json.dumps(d, ensure_ascii=False) + "\n" for d in documents)


def test_what_a_statement_states_stands_in_the_tables(tmp_path: Path) -> None:
    reading = read_one(tmp_path / "in", "00.jsonl", lines(WHOLE, statement("r2")))
    assert (reading.source.kind, reading.seen, reading.read) == ("registry", 2, 2)
    first, second = reading.rows("activity")
    assert (
        first.items()
        >= {
            "identifier": "ML-1-7",
            "state": "planned",
            "activity_status_code": "1",
            "marking_key": "AMBER:a,b",
            "coarse_marking_key": "CLEAR",
            "is_partner_hidden": True,
            "title": "Médiation locale",
            "title_lang": "fr",
            "start_planned_date": date(2026, 1, 15),
            "last_updated": datetime(2026, 5, 31, 8),  # noqa: DTZ001
            "line": 1,
        }.items()
    )
    assert second["identifier"] == "r2"
    assert "title" not in second
    assert [(t["value"], t["currency"], t["value_date"], t["value_eur"]) for t in reading.rows("transaction")] == [
        (Decimal("655957.0000"), "XOF", date(2020, 5, 4), Decimal("1000.00")),
        (Decimal("10.0000"), "EUR", date(2020, 5, 5), Decimal("10.00")),
    ]
    assert {t["finance_type_code"] for t in reading.rows("transaction")} == {"110"}
    assert [(s["code"], s["transaction_seq"]) for s in reading.rows("sector")] == [("15220", -1), ("11220", 1)]
    assert reading.rows("location")[0]["pct"] == 40.0


def test_free_texts_are_screened_and_only_viewers_of_the_statement_are_told(tmp_path: Path) -> None:
    reading = read_one(tmp_path / "in", "00.jsonl", lines(WHOLE))
    assert "Awa" not in repr(reading.tables) + repr(reading.issues)
    assert "awa@" not in repr(reading.tables) + repr(reading.issues)
    assert {(i.code, i.field, i.marking_key) for i in reading.issues} == {("text_masked", "text", "AMBER:a,b")}
    assert reading.rows("activity")[0]["description"] == reading.rows("narrative")[2]["text"]


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("{", ""),
        ('{"format": "concerted-statement/1", "record": "a", "record": "b", "version": 1}', ""),
        ('{"format": "concerted-statement/1", "record": "a", "version": NaN}', ""),
        ("[" * 100_000, ""),
        (json.dumps({**statement(), "record": "../x"}), "record"),
        (json.dumps({**statement(), "version": 0}), "version"),
        (json.dumps({**statement(), "version": True}), "version"),
        (json.dumps({**statement(), "suspects": []}), "suspects"),
        (json.dumps({**statement(), "event": []}), "event"),
        (json.dumps(statement(activity={"marking_key": None})), "activity.marking_key"),
        (json.dumps(statement(activity={"marking_key": "AMBRE:a"})), "activity.marking_key"),
        (json.dumps(statement(activity={"coarse_marking_key": "public"})), "activity.coarse_marking_key"),
        (json.dumps(statement(activity={"state": "done"})), "activity.state"),
        (json.dumps(statement(activity={"title": "x"})), "activity.title"),
        (json.dumps(statement(activity={"start_planned_date": "31/05/2026"})), "activity.start_planned_date"),
        (json.dumps(statement(activity={"last_updated": "2026-05-31T10:00:00"})), "activity.last_updated"),
        (json.dumps(statement(transaction=[{"type_code": "3", "value": 1500.1}])), "transaction[0].value"),
        (json.dumps(statement(transaction=[{"type_code": "3", "value": "1e5"}])), "transaction[0].value"),
        (json.dumps(statement(transaction=[{"type_code": "3", "value": "٣"}])), "transaction[0].value"),
        (json.dumps(statement(transaction=[{"type_code": "99", "value": "1"}])), "transaction[0].type_code"),
        (
            json.dumps(statement(transaction=[{"type_code": "3", "value": "1", "value_usd": "1"}])),
            "transaction[0].value_usd",
        ),
        (json.dumps(statement(location=[{"pct": 101}])), "location[0].pct"),
        (json.dumps(statement(location=[{"latitude": -91}])), "location[0].latitude"),
        (json.dumps(statement(people=[{"kind": "reached", "value": -1}])), "people[0].value"),
        (json.dumps(statement(people=[{"kind": "reached", "value": True}])), "people[0].value"),
        (json.dumps(statement(sector=[{"vocabulary_code": "1", "transaction_seq": 0}])), "sector[0].transaction_seq"),
        (json.dumps(statement(document=[{"url": "javascript:alert(1)"}])), "document[0].url"),
        (json.dumps(statement(narrative=[{"field": "title", "text": "   "}])), "narrative[0].text"),
        (json.dumps(statement(narrative=[{"field": "title", "text": "\ud800"}])), "narrative[0].text"),
        (json.dumps(statement(narrative={"field": "title"})), "narrative"),
    ],
)
def test_a_line_with_a_fault_is_set_aside_whole_and_the_place_is_told(tmp_path: Path, line: str, path: str) -> None:
    reading = read_one(tmp_path / "in", "00.jsonl", lines(statement("good")) + line + "\n" + lines(statement("also")))
    assert (reading.seen, reading.read, reading.set_aside) == (3, 2, 1)
    assert [r["identifier"] for r in reading.rows("activity")] == ["good", "also"]
    wrong = [issue for issue in reading.issues if issue.code == "statement_wrong"]
    assert [(i.line, i.field or "") for i in wrong] == [(2, path)]
    assert {i.marking_key for i in wrong} == {str(Label.NOBODY)}


def test_a_line_that_is_too_long_is_one_line_set_aside(tmp_path: Path) -> None:
    long = statement("long", narrative=[{"field": "title", "text": "x" * (2 * MAX_BYTES)}])
    reading = read_one(tmp_path / "in", "00.jsonl", lines(statement("a"), long, statement("b")))
    assert (reading.seen, reading.read, reading.codes()) == (3, 2, {"statement_wrong": 1})
    assert [r["line"] for r in reading.rows("activity")] == [1, 3]


def test_a_record_counts_once(tmp_path: Path) -> None:
    reading = read_one(
        tmp_path / "in", "00.jsonl", lines(statement("a"), statement("a", activity={"state": "ongoing"}))
    )
    assert (reading.seen, reading.read, reading.codes()) == (2, 1, {"identifier_duplicate": 1})
    assert reading.rows("activity")[0]["state"] == "planned"


def test_all_faults_of_a_statement_are_told_at_once() -> None:
    with pytest.raises(DocumentError) as told:
        check(statement(activity={"state": "done", "marking_key": "x"}, budget=[{}]))
    assert {f.path for f in told.value.faults} == {
        "activity.state",
        "activity.marking_key",
        "budget[0].kind",
        "budget[0].value",
    }


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)
_BY_TYPE: dict[str, st.SearchStrategy[Any]] = {
    "string": _TEXT,
    "bool": st.booleans(),
    "int32": st.integers(0, 3),
    "int64": st.integers(0, 1 << 40),
    "float64": st.integers(0, 90).map(float),
    "date": st.dates().map(date.isoformat),
    "timestamp": st.datetimes(min_value=datetime(1970, 1, 1)).map(lambda d: d.isoformat() + "Z"),  # noqa: DTZ001
    "amount": st.decimals(-(10**13), 10**13, places=4).map(lambda d: format(d, "f")),
}


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Statements of all columns that are not of closed lists."""
    narrative = draw(st.lists(st.fixed_dictionaries({"field": st.just("title"), "lang": _TEXT, "text": _TEXT})))
    columns = stated_columns("budget").items()
    money = {
        name: _BY_TYPE[kind] for name, kind in columns if name not in ("kind", "type_code", "status_code", "currency")
    }
    codes = {
        "kind": st.sampled_from(["budget", "planned_disbursement"]),
        "currency": st.sampled_from(sorted(lists.codes("Currency"))),
    }
    budget = draw(st.lists(st.fixed_dictionaries(codes | money), max_size=4))
    names = st.lists(_TEXT.filter(lambda name: "," not in name and name == name.strip()), max_size=3)
    key = marking_key("AMBER", draw(names))
    return {
        **statement(draw(st.from_regex(r"[a-z0-9]{1,20}", fullmatch=True)), activity={"marking_key": key}),
        "narrative": narrative,
        "budget": budget,
    }


@given(documents())
def test_writing_and_reading_keeps_every_value(raw: dict[str, Any]) -> None:
    line = encode({key: value for key, value in raw.items() if key != "format"})
    assert b"\n" not in line
    found = decode(line)
    for name in ("narrative", "budget"):
        assert len(found[name]) == len(raw[name])
        for typed, stated in zip(found[name], raw[name], strict=True):
            for column, value in stated.items():
                said = typed[column]
                if isinstance(said, datetime | date):
                    assert said.isoformat() == value.removesuffix("Z")
                elif isinstance(said, Decimal):
                    assert said == Decimal(value)
                else:
                    assert said == (" ".join(value.split()) if isinstance(value, str) else value)
    assert found["activity"]["marking_key"] == raw["activity"]["marking_key"]


@given(st.binary(max_size=200) | documents().map(lambda d: json.dumps(d).encode()[:-1]))
def test_whatever_the_bytes_they_are_a_document_or_an_error(data: bytes) -> None:
    with contextlib.suppress(DocumentError):
        assert decode(data)["version"] >= 1


def test_every_column_that_is_stated_is_one_of_a_record_table() -> None:
    assert {"activity", "transaction", "result", "indicator_period"} <= set(statement_tables())
    for name in statement_tables():
        assert set(stated_columns(name)) <= set(rec_schema(name).names)
