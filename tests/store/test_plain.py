"""The parameters of a step stand in the manifest, short ones whole, long ones by their hash."""

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import pytest

from concerted.store.plain import plain


@dataclass(frozen=True)
class Limits:
    most: int = 20


@dataclass(frozen=True)
class Params:
    as_of: date = date(2026, 6, 30)
    threshold: float = 0.5
    cost: Decimal = Decimal("1.50")
    limits: Limits = Limits()
    scope: tuple[tuple[str, str], ...] = (("plan", "ML"),)
    groups: frozenset[str] = frozenset(("b", "a"))
    words: dict[str, list[str]] = field(default_factory=dict)
    nothing: str | None = None


def test_parameters_become_data_that_json_holds() -> None:
    assert json.loads(json.dumps(plain(Params()))) == {
        "as_of": "2026-06-30",
        "threshold": 0.5,
        "cost": "1.50",
        "limits": {"most": 20},
        "scope": [["plan", "ML"]],
        "groups": ["a", "b"],
        "words": {},
        "nothing": None,
    }


def test_what_is_long_is_told_by_number_and_hash_which_change_with_it() -> None:
    told = plain(Params(scope=tuple((f"framework {n}", "ML") for n in range(500))))["scope"]
    other = plain(Params(scope=tuple((f"framework {n}", "NE") for n in range(500))))["scope"]
    assert told["count"] == other["count"] == 500
    assert told["sha256"] != other["sha256"]


def test_a_kind_of_value_without_a_plain_form_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        plain((object(),))
