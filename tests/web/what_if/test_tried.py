"""What the page shows of a change is what the command tells of it, cell by cell, for each viewer."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from concerted.marking import PUBLIC, Viewer
from concerted.matching.what_if.changes import Add, Change, Cost, End, Move, Rule, Where
from concerted.model.ids import id_from_text
from web.pages import HIDDEN_RECORD, PUBLIC_RECORD
from web.site import Site

AMINA = Viewer("amina", "org-1", frozenset({"justice"}))
MOVE = Move(Where("1.1", "ML05"), Where("1.1", "ML07"), Decimal("0.01"))
LISTS: dict[str, list[Change]] = {
    "nothing": [],
    "a move": [Move(Where(place="ML05"), Where(place="ML07"), Decimal("5000.05"))],
    "to another year": [Move(Where(), Where(year=2031), Decimal(100_000))],
    "new": [Add("1.1", "ML0502", 2026, 2028, Decimal(1), Decimal(2), Decimal(3)), Add("5.1", "UNKNOWN", 2026, 2026)],
    "ends": [End(id_from_text(PUBLIC_RECORD), date(2000, 1, 1)), End(id_from_text(HIDDEN_RECORD), date(2000, 1, 1))],
    "costs": [Cost("1", Decimal("0.1")), Cost(None, Decimal(3))],
    "rule": [Rule(Decimal("0.1"), Decimal(0), 1, "disbursement")],
    "all": [
        MOVE,
        Move(Where(), Where(place="ML05"), Decimal("70000.01")),
        Add("2.1", "ML", 2025, 2026, Decimal(5), Decimal(5), Decimal(9)),
        End(id_from_text(PUBLIC_RECORD), date(2024, 5, 5)),
        Cost("2", Decimal(2)),
    ],
}


def scope_of(viewer: Viewer) -> Any:
    from concerted.web.config.middleware import current
    from concerted.web.edition.scope import Scope

    served = current().get()
    assert served
    return Scope(viewer, served.edition)


@pytest.mark.parametrize("viewer", [PUBLIC, AMINA])
@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("asked", [{}, {"place": None}, {"by": "period"}, {"period": "2026", "place": "ML05"}])
def test_each_cell_of_the_page_is_the_cell_that_the_command_tells(
    site: Site, viewer: Viewer, name: str, asked: dict[str, Any]
) -> None:
    from concerted.matching.what_if.sandbox import Sandbox
    from concerted.web.coverage.filters import default_filters
    from concerted.web.coverage.matrix import EXACT
    from concerted.web.what_if.asked import asked_of
    from concerted.web.what_if.tried import try_out

    scope = scope_of(viewer)
    filters = default_filters(scope.edition).but(opened=frozenset({"1", "2", "5"}), **asked)
    question = asked_of(scope, filters, LISTS[name])
    tried = try_out(scope, question.filters, question.effect, "en")
    sandbox = Sandbox(scope, scope.edition.rows, question.ground, question.rule, scope.edition.as_of)
    told = {(d.node, d.place, d.period): d for d in sandbox.compare(question.changes).differences}
    seen = 0
    for row, pairs in zip(tried.matrix.rows, tried.pairs, strict=True):
        for number, (column, pair) in enumerate(zip(tried.matrix.columns, pairs, strict=True)):
            if column.key == EXACT or (number and filters.by == "period" and column.key is None):
                continue  # the command tells neither of places as a whole nor of what has no year
            place, year = filters.place, filters.year
            if number and filters.by == "period":
                year = int(str(column.key))
            elif number:
                place = str(column.key)
            difference = told.get((row.node, place, year))
            assert pair.is_changed == (difference is not None), (row.node, place, year)
            if difference is None:
                continue
            seen += 1
            for side, cell, state in (
                (difference.before, pair.before.cell, pair.before.state),
                (difference.after, pair.after, pair.state),
            ):
                assert (side.low, side.best, side.high) == (cell.money.low, cell.money.best, cell.money.high)
                assert (side.activities, side.state) == (cell.activities, state)
    if name == "nothing":
        assert not seen
    elif name != "to another year" and not asked:
        assert seen


def test_money_of_places_as_a_whole_and_of_their_parts_still_make_the_total(site: Site) -> None:
    from concerted.web.coverage.filters import default_filters
    from concerted.web.what_if.asked import asked_of
    from concerted.web.what_if.tried import try_out

    scope = scope_of(PUBLIC)
    question = asked_of(scope, default_filters(scope.edition), LISTS["all"])
    tried = try_out(scope, question.filters, question.effect, "en")
    for row in tried.pairs:
        whole, parts = row[0], [pair for pair, c in zip(row[1:], tried.matrix.columns[1:], strict=True)
                                if c.key not in ("REGIONAL", "UNKNOWN")]  # fmt: skip
        for end in ("low", "best", "high"):
            assert sum(getattr(pair.after.money, end) or 0 for pair in parts) == (getattr(whole.after.money, end) or 0)


def test_a_cell_that_loses_its_only_project_is_unknown_and_not_zero(site: Site) -> None:
    from concerted.web.coverage.filters import default_filters
    from concerted.web.what_if.asked import asked_of
    from concerted.web.what_if.tried import try_out

    scope = scope_of(PUBLIC)
    everybody = [
        row[0]
        for row in scope.rows(
            "SELECT DISTINCT a.activity_id FROM out_allocation a WHERE a.framework_id = 'plan'"
            f" AND {scope.filter.sql('a')} ORDER BY 1"
        )
    ]
    found = set()
    for start in range(0, len(everybody), 30):
        changes = [End(activity, date(1990, 1, 1)) for activity in everybody[start : start + 30]]
        question = asked_of(scope, default_filters(scope.edition).but(by="period"), changes)
        tried = try_out(scope, question.filters, question.effect, "en")
        for row in tried.pairs:
            for pair in row:
                if pair.is_changed and not pair.after.activities:
                    found.add(pair.after.money.high)
    assert found == {None}
