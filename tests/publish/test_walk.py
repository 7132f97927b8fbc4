"""The chain around an activity: gross, told before and net agree with the tables; a link is seen from both ends."""

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from concerted.marking import KEEPER, PUBLIC
from concerted.model.ids import id_text
from concerted.publish.chain import Asked, asking, links
from concerted.publish.figure import Figure
from concerted.publish.figures import default_framework, explain
from concerted.publish.walk import WHOLE, further_up, told_before, told_of, walk
from concerted.store.edition import find_edition


@pytest.fixture
def edition(chained: Path) -> Path:
    """The edition of many small chains."""
    return chained


def plain(edition: Path, sql: str) -> list[tuple[object, ...]]:
    """Rows of a query over the files, without the code under test."""
    with duckdb.connect() as connection:
        for path in sorted(edition.glob("*.parquet")):
            connection.execute(f"CREATE VIEW {path.stem} AS SELECT * FROM read_parquet('{path}')")
        return connection.execute(sql).fetchall()


def linked(asked: Asked) -> list[int]:
    """Activities at the receiving end of a link."""
    return sorted({end.activity_id for link in links(asked, WHOLE) for end in link.receivers})


def test_gross_and_told_before_are_those_of_the_tables_for_every_linked_activity(edition: Path) -> None:
    stated = {
        (activity, code): (gross, low, best, high)
        for activity, code, gross, low, best, high in plain(
            edition,
            """
            SELECT activity_id, type_code, sum(value_usd), coalesce(sum(low_usd), 0), coalesce(sum(best_usd), 0),
                   coalesce(sum(high_usd), 0)
            FROM core_activity JOIN core_transaction AS t USING (record_id)
            LEFT JOIN (FROM core_double WHERE view = 'precise') AS d
              ON d.record_id = t.record_id AND d.transaction_seq = t.seq
            WHERE is_current AND is_supply AND type_code IN ('2', '3', '4', '12') AND value_usd IS NOT NULL
            GROUP BY ALL""",
        )
    }
    codes = {"2": "commitment", "3": "disbursement", "4": "expenditure", "12": "pledge"}
    with asking(KEEPER, edition) as asked:
        activities = linked(asked)
        assert len(activities) > 3
        for activity in activities:
            told = {t.kind: (t.gross, t.low, t.best, t.high) for t in told_of(asked, [activity])}
            assert told == {codes[c]: sums for (a, c), sums in stated.items() if a == activity}
            for t in told_of(asked, [activity]):
                low, best, high = t.net
                assert low <= best <= high <= t.gross


@pytest.mark.slow
def test_what_one_side_meets_as_told_before_the_other_meets_as_told_again(edition: Path) -> None:
    with asking(KEEPER, edition) as asked:
        for activity in linked(asked):
            for step in walk(asked, activity).before:
                assert step.mine.activity_id == activity
                for other in step.others:
                    again = walk(asked, other.activity_id).after
                    assert step.link.link_id in {s.link.link_id for s in again}


@pytest.mark.slow
def test_the_way_further_up_comes_to_an_end_and_never_meets_an_activity_twice(edition: Path) -> None:
    with asking(KEEPER, edition) as asked:
        for activity in linked(asked):
            for step in walk(asked, activity).before:
                seen = [activity, *(above.mine.activity_id for _, above in further_up(asked, step))]
                assert len(seen) == len(set(seen)) <= 4


def test_a_figure_says_how_net_comes_from_gross_and_by_which_links(edition: Path) -> None:
    framework = default_framework(edition)
    opened = explain(KEEPER, edition, Figure(framework, node="UNCLASSIFIED", finance_kind="disbursement"))
    total = opened["total"]["disbursement"]
    certain, likely, most = (total[f"told_twice_{bound}_usd"] for bound in ("low", "best", "high"))
    assert 0 < certain <= likely <= most
    assert total["gross_usd"] - certain == total["high_usd"]
    assert total["low_usd"] <= total["gross_usd"] - most
    assert total["best_usd"] <= total["gross_usd"] - likely
    parts = opened["chain"]["disbursement"]
    assert all(part["reason"] and part["percent"] and part["others"] for part in parts)
    assert sum((part["told_twice_low_usd"] for part in parts), Decimal(0)) >= certain
    activities = {row["activity_id"] for row in opened["rows"] if "title" in row}
    assert {part["activity_id"] for part in parts} <= activities


def test_an_activity_opens_to_what_others_tell_again_of_it(edition: Path) -> None:
    with asking(KEEPER, edition) as asked:
        step = next(s for a in linked(asked) for s in walk(asked, a).before if s.others)
    opened = explain(KEEPER, edition, Figure(default_framework(edition), activity=step.others[0].activity_id))
    assert id_text(step.mine.activity_id) in {
        o["activity_id"] for again in opened["told_again"] for o in again["others"]
    }


def test_kinds_that_have_no_chain_are_asked_nothing(edition: Path) -> None:
    with asking(PUBLIC, edition) as asked:
        assert told_before(asked, linked(asked), "budget") == ()


def test_the_public_walks_to_nothing_that_is_restricted(small_data: Path) -> None:
    edition = find_edition(small_data)
    hidden = {a for (a,) in plain(edition, "SELECT activity_id FROM core_activity WHERE marking_key <> 'CLEAR'")}
    hidden -= {a for (a,) in plain(edition, "SELECT activity_id FROM core_activity WHERE marking_key = 'CLEAR'")}
    assert hidden
    with asking(PUBLIC, edition) as asked:
        for activity in hidden:
            around = walk(asked, int(str(activity)))
            assert (around.told, around.before, around.after) == ((), (), ())
        for activity in linked(asked):
            steps = (*walk(asked, activity).before, *walk(asked, activity).after)
            assert hidden.isdisjoint(end.activity_id for step in steps for end in step.others)
