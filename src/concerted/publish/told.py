"""What is told twice of an allocation, read off its amounts: gross, high, best and low.

Gross less high is certainly told before; high less best is likely told before, as far as the priority lets the money
into best; best less low is possibly told before, as far as the priority is sure. What is left out because a priority is
only suggested is no double. The same rule as SQL, for sums, and in Python, for rows.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from concerted.model.tables import UNCLASSIFIED

_SURE = f"(a.is_confirmed OR a.node_id = '{UNCLASSIFIED}')"


def twice_sql(suffix: str) -> tuple[str, str]:
    """Told twice likely and at most, of one row of `out_allocation a`, in `usd` or `eur`; both hold what is certain."""
    low, best, high, gross = (f"a.{name}_{suffix}" for name in ("low", "best", "high", "gross"))
    likely = f"({gross} - CASE WHEN {_SURE} OR {best} <> 0 THEN {best} ELSE {high} END)"
    most = f"({gross} - CASE WHEN {_SURE} THEN {low} WHEN {best} <> 0 THEN {best} ELSE {high} END)"
    return likely, most


def twice_of(row: Mapping[str, Any], suffix: str) -> tuple[Decimal, Decimal, Decimal] | None:
    """Told twice of one row: certainly, likely, at most; None where the amount is unknown."""
    low, best, high, gross = (row[f"{name}_{suffix}"] for name in ("low", "best", "high", "gross"))
    if gross is None:
        return None
    is_sure = row["is_confirmed"] or row["node_id"] == UNCLASSIFIED
    likely = gross - (best if is_sure or best else high)
    return gross - high, likely, gross - low if is_sure else likely
