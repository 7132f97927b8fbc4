"""The chain of a small build against an oracle in plain Python, written from the words of the documentation."""

from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.chain.oracle import OUT, Row, books_of, differences, told_before

from chained import SHAPES


def tables(edition: Path) -> tuple[list[Row], list[Row], list[Row]]:
    """Statements, transactions and what is told twice, as the edition holds them."""
    names = ("core_activity", "core_transaction", "core_double")
    first, second, third = (pq.read_table(edition / f"{name}.parquet").to_pylist() for name in names)
    return first, second, third


def test_the_oracle_and_the_step_agree_on_every_activity_of_every_shape(chained: Path) -> None:
    activities, transactions, doubles = tables(chained)
    found = told_before(books_of(activities, transactions))
    assert len(found) > 100
    # Each shape leaves something to decide: certain, likely and possible doubles, and none.
    assert sum(low > 0 for low, _, _ in found.values()) > 50
    assert sum(low == 0 < best == high for low, best, high in found.values()) >= len(SHAPES) // 2
    assert sum(low == 0 < best < high for low, best, high in found.values()) > 5
    assert sum(high == 0 for _, _, high in found.values()) > 20
    assert differences(activities, transactions, doubles) == []


def test_gross_less_what_is_told_twice_is_what_the_cells_count(chained: Path) -> None:
    _, transactions, doubles = tables(chained)
    paid = {(t["record_id"], t["seq"]): t["value_usd"] for t in transactions if t["type_code"] == OUT}
    gross = sum(paid.values(), Decimal(0))
    counted = pq.read_table(chained / "out_allocation.parquet").to_pylist()
    spent = [r for r in counted if r["finance_kind"] == "disbursement" and r["view"] == "precise"]
    frameworks = {r["framework_id"] for r in spent}
    assert frameworks
    for framework in frameworks:
        mine = [r for r in spent if r["framework_id"] == framework]
        twice = sum(
            (
                d["low_usd"]
                for d in doubles
                if (d["record_id"], d["transaction_seq"]) in paid and d["view"] == "precise"
            ),
            Decimal(0),
        )
        assert sum((r["gross_usd"] for r in mine), Decimal(0)) == gross
        assert sum((r["high_usd"] for r in mine), Decimal(0)) == gross - twice


@pytest.mark.parametrize("bound", ["low_usd", "best_usd", "high_usd"])
def test_the_oracle_sees_a_single_wrong_amount(chained: Path, bound: str) -> None:
    activities, transactions, doubles = tables(chained)
    kinds = {(t["record_id"], t["seq"]): t["type_code"] for t in transactions}
    row = next(d for d in doubles if kinds[d["record_id"], d["transaction_seq"]] == OUT)
    row[bound] += Decimal("0.10")
    assert [name for _, name, _, _ in differences(activities, transactions, doubles)] == [bound.removesuffix("_usd")]


def test_the_oracle_sees_a_transaction_that_is_forgotten(chained: Path) -> None:
    activities, transactions, doubles = tables(chained)
    named = next(t for t in transactions if t["type_code"] == OUT and t["receiver_activity_id"] is not None)
    without = [t for t in transactions if t is not named]
    kept = [d for d in doubles if (d["record_id"], d["transaction_seq"]) != (named["record_id"], named["seq"])]
    assert differences(activities, without, kept)
