"""Changes come back as they were written, and what cannot be read is said with where it stands and what to do."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerted.matching.what_if.changes import MOST, Add, Change, Cost, End, Move, Rule, Where
from concerted.matching.what_if.written import ChangeError, document, from_text, read, read_file, text_of
from concerted.model.errors import ConfigError

ids = st.text(min_size=1, max_size=20).filter(lambda text: text.strip() == text)
years = st.integers(1900, 2100)
amounts = st.integers(0, 10**12).map(lambda c: Decimal(c) / 100)
wheres = st.builds(Where, st.none() | ids, st.none() | ids, st.none() | years)
factors = st.integers(0, 10**6).map(lambda n: (Decimal(n) / 10_000).normalize())


@st.composite
def moves(draw: st.DrawFn) -> Move:
    source = draw(wheres)
    target = source.but(draw(wheres.filter(lambda where: source.but(where) != source)))
    return Move(source, target, draw(amounts.filter(bool)))


@st.composite
def additions(draw: st.DrawFn) -> Add:
    year = draw(years)
    money = sorted(draw(st.tuples(amounts, amounts, amounts))) if draw(st.booleans()) else [None] * 3
    return Add(draw(ids), draw(ids), year, year + draw(st.integers(0, 9)), *money)


changes = (
    moves()
    | additions()
    | st.builds(End, st.integers(-(2**63), 2**63 - 1), st.dates())
    | st.builds(Rule, factors.filter(lambda f: f <= 10), st.none(), st.none() | st.integers(0, 99), st.just("budget"))
    | st.builds(Cost, st.none() | ids, factors)
)


@given(changes)
def test_a_change_comes_back_from_its_text_and_its_document(change: Change) -> None:
    text = text_of(change)
    assert from_text(text) == change
    assert text.isascii()
    assert not set(text) & set("&=?#+ ")
    assert read(document([change])) == (change,)


@given(st.text(max_size=60))
def test_any_other_text_is_refused_or_comes_back(text: str) -> None:
    with suppress(ChangeError):
        found = from_text(text)
        assert from_text(text_of(found)) == found


@given(st.text(max_size=20))
def test_a_text_with_a_kind_that_nobody_knows_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(ChangeError, match=r"^changes\[1\]: found .*; make it anew on the page$"):
        from_text(f"shift~{text}")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("money", r"changes: found 'money'; write a list"),
        ([{}] * (MOST + 1), rf"changes: found {MOST + 1}; write at most {MOST}"),
        (["x"], r"changes\[1\]: found 'x'; write one of move, add, end, rule, cost"),
        ([{"move": 1, "end": "a"}], r"changes\[1\]: found move, end"),
        ([{"shift": 1}], r"changes\[1\]: found shift"),
        ([{"move": -1, "to": {"place": "A"}}], r"changes\[1\]\.move: .*at most two decimals"),
        ([{"move": 0, "to": {"place": "A"}}], r"changes\[1\]\.move: .*above 0"),
        ([{"move": True, "to": {"place": "A"}}], r"changes\[1\]\.move: found True; write a number"),
        ([{"move": "NaN", "to": {"place": "A"}}], r"changes\[1\]\.move"),
        ([{"move": "1e99", "to": {"place": "A"}}], r"changes\[1\]\.move"),
        ([{"move": 5, "from": {"place": "A"}, "to": {"place": "A"}}], r"changes\[1\]\.to: it is where"),
        ([{"move": 5, "form": {"place": "A"}}], r"changes\[1\]: found form, which nobody knows"),
        ([{"move": 5, "to": {"plaice": "A"}}], r"changes\[1\]\.to: found plaice"),
        ([{"move": 5, "to": {"year": "soon"}}], r"changes\[1\]\.to\.year: found 'soon'; write a whole number"),
        ([{"add": 5, "at": {"node": "A", "place": "B"}}], r"changes\[1\]\.at: .*name all three"),
        ([{"add": {"low": 5}, "at": {"node": "A", "place": "B", "year": 2026}}], r"changes\[1\]\.add: .*all three"),
        (
            [{"add": {"low": 5, "best": 4, "high": 6}, "at": {"node": "A", "place": "B", "year": 2026}}],
            r"changes\[1\]\.add: .*not in this order",
        ),
        ([{"add": 5, "at": {"node": "A", "place": "B", "year": 2026}, "last_year": 2025}], r"\.last_year: .*from 2026"),
        ([{"end": "ML-1-x", "last_day": "2026-01-01"}], r"changes\[1\]\.end: .*16 letters and digits"),
        ([{"cost": {"node": 1.1, "factor": 2}}], r"changes\[1\]\.cost\.node: found 1\.1; write it in quotes"),
        ([{"end": 695, "last_day": "2026-01-01"}], r"changes\[1\]\.end: found 695; write it in quotes"),
        ([{"end": "0" * 16}], r"changes\[1\]\.last_day: .*YYYY-MM-DD"),
        ([{"rule": {}}], r"changes\[1\]\.rule"),
        ([{"rule": {"covered": 11}}], r"changes\[1\]\.rule\.covered: found 11; write a share"),
        ([{"rule": {"supply_kind": "love"}}], r"changes\[1\]\.rule\.supply_kind: .*commitment"),
        ([{"cost": {"node": "A"}}], r"changes\[1\]\.cost\.factor"),
    ],
)
def test_what_cannot_be_read_is_said_with_where_and_what_to_do(raw: Any, said: str) -> None:
    with pytest.raises(ChangeError, match=said):
        read(raw)


def test_a_file_is_read_as_people_write_it(tmp_path: Path) -> None:
    path = tmp_path / "changes.yml"
    path.write_text(
        """
framework: plan
changes:
  - move: 500000
    from: {node: "1.2", place: ML03, year: 2026}
    to: {place: ML07}
  - add: {low: 1, best: 2, high: 3.5}
    at: {node: "2", place: ML07, year: 2026}
    last_year: 2028
  - add: null
    at: {node: "2", place: UNKNOWN, year: 2026}
  - end: the school project
    last_day: 2026-06-30
  - rule: {covered: 0.9}
  - cost: {factor: 1.25}
""",
        "utf-8",
    )
    found = read_file(path, lambda words: len(words))
    assert found.framework == "plan"
    there = Where("1.2", "ML03", 2026)
    assert found.changes == (
        Move(there, there.but(Where(place="ML07")), Decimal("500000.00")),
        Add("2", "ML07", 2026, 2028, Decimal("1.00"), Decimal("2.00"), Decimal("3.50")),
        Add("2", "UNKNOWN", 2026, 2026),
        End(18, date(2026, 6, 30)),
        Rule(covered=Decimal("0.9")),
        Cost(None, Decimal("1.25")),
    )


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "changes.yml"
    for text in ("- a", "changes: {}", "changes: []\nother: 1", "{", "framework: 3\nchanges: []"):
        path.write_text(text, "utf-8")
        with pytest.raises(ConfigError, match=r"changes\.yml"):
            read_file(path)
    path.write_text("changes: [{move: -3}]", "utf-8")
    with pytest.raises(ConfigError, match=r"changes\.yml: changes\[1\]\.move"):
        read_file(path)
