"""Statements drawn by hypothesis, small enough that two of them often speak of the same thing."""

from typing import Any

from hypothesis import strategies as st

from concerted.statements.document import FORMAT, Document

_WORD = st.sampled_from(["a", "b", "c"])
_DAY = st.sampled_from(["2026-01-01", "2026-02-01"])
_AMOUNT = st.sampled_from(["1", "2.50", "-3"])


def _rows(columns: dict[str, st.SearchStrategy[Any]], **optional: st.SearchStrategy[Any]) -> Any:
    return st.lists(st.fixed_dictionaries(columns, optional=optional), max_size=3)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Documents as JSON holds them, checked ones."""
    money = {"type_code": st.sampled_from(["2", "3"]), "value": _AMOUNT}
    transactions = draw(_rows(money, transaction_date=_DAY, ref=_WORD, currency=st.just("EUR"), description=_WORD))
    within = st.integers(-1, len(transactions) - 1)
    results = draw(_rows({"title": _WORD}, title_lang=st.just("fr")))
    indicators = draw(_rows({"title": _WORD, "result_seq": st.integers(0, len(results) - 1)})) if results else []
    seen = st.integers(0, len(indicators) - 1)
    periods = draw(_rows({"indicator_seq": seen, "actual_value": _WORD}, period_start_date=_DAY)) if indicators else []
    activity = st.fixed_dictionaries(
        {"marking_key": st.sampled_from(["CLEAR", "GREEN"])},
        optional={
            "state": st.sampled_from(["requested", "planned", "ongoing", "completed", "cancelled"]),
            "start_planned_date": _DAY,
            "start_actual_date": _DAY,
            "end_actual_date": _DAY,
        },
    )
    return {
        "format": FORMAT,
        "record": "r",
        "version": 1,
        "activity": draw(activity),
        "narrative": draw(_rows({"field": st.just("title"), "lang": st.sampled_from(["fr", "en"]), "text": _WORD})),
        "participating_org": draw(_rows({"role_code": st.sampled_from(["1", "4"]), "name": _WORD})),
        "transaction": transactions,
        "sector": draw(
            _rows({"vocabulary_code": st.just("1"), "code": _WORD, "transaction_seq": within}, pct=st.just(50))
        ),
        "result": results,
        "indicator": indicators,
        "indicator_period": periods,
    }


def told(document: Document) -> Any:
    """What a document says, whatever the order of its rows."""
    from concerted.statements.rows import rows_of

    return {row: stated for row, stated in rows_of(document).items() if stated or not row.name}
