"""Packages as hypothesis draws them: parts in a list, each waiting for some of those before it, days known or not."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from concerted.matching.packages.parts import Missing, Part, Range

FIRST = date(2026, 1, 1)
COMPONENTS = ("education", "women", "justice", "borders")
PARTNERS = ("", "alpha", "beta", "gamma")


@st.composite
def ranges(draw: st.DrawFn) -> Range:
    """An amount with its ends in order."""
    low, best, high, gross = sorted(draw(st.lists(st.integers(0, 10**6), min_size=4, max_size=4)))
    return Range(Decimal(low), Decimal(best), Decimal(high), Decimal(gross))


@st.composite
def timed(draw: st.DrawFn, key: str, before: list[str], *, is_known: bool) -> Part:
    """A part with days; where `is_known`, nothing about them is left out."""
    start = FIRST + timedelta(days=draw(st.integers(0, 60)))
    length = draw(st.integers(1, 40))
    states_days = draw(st.booleans())
    begins = draw(st.booleans()) or is_known
    is_left_out = not is_known and draw(st.integers(0, 4)) == 0
    return Part(
        key,
        partner=draw(st.sampled_from(PARTNERS)),
        component=draw(st.sampled_from(("", *COMPONENTS))),
        after=frozenset(draw(st.sets(st.sampled_from(before), max_size=3))) if before else frozenset(),
        start=start if begins else None,
        end=start + timedelta(days=length - 1) if not states_days and not is_left_out else None,
        days=length if states_days and not is_left_out else None,
        has_begun=draw(st.integers(0, 5)) == 0,
    )


@st.composite
def orders(draw: st.DrawFn, *, is_known: bool = False) -> list[Part]:
    """Parts without a ring, in an order that does not follow what waits for what."""
    keys = [f"p{n}" for n in range(draw(st.integers(1, 9)))]
    parts = [draw(timed(key, keys[:n], is_known=is_known)) for n, key in enumerate(keys)]
    return draw(st.permutations(parts))


@st.composite
def packages(draw: st.DrawFn) -> list[Part]:
    """Activities (some told by two parts), needs, and matches of which some became one of the activities."""
    money = {
        f"a{n}": draw(st.dictionaries(st.sampled_from(("commitment", "disbursement")), ranges())) for n in range(4)
    }
    ends = st.none() | st.tuples(*[st.none() | st.integers(0, 10**6)] * 2)
    lacks = {f"n{n}": _missing(draw(ends)) for n in range(2)}
    parts: list[Part] = []
    for n in range(draw(st.integers(0, 8))):
        kind = draw(st.sampled_from(("activity", "activity", "need", "match")))
        common: dict[str, Any] = {
            "partner": draw(st.sampled_from(PARTNERS)),
            "component": draw(st.sampled_from(("", *COMPONENTS))),
            "is_live": draw(st.integers(0, 5)) > 0,
            "after": frozenset(draw(st.sets(st.sampled_from([p.key for p in parts]), max_size=2)))
            if parts
            else frozenset(),
        }
        if kind == "activity":
            which = draw(st.sampled_from(sorted(money)))
            parts.append(Part(f"p{n}", "activity", activity=which, money=money[which], **common))
        elif kind == "need":
            parts.append(Part(f"p{n}", "need", need=f"n{n % 2}", missing=lacks[f"n{n % 2}"], **common))
        else:
            became = draw(st.none() | st.sampled_from(sorted(money)))
            parts.append(
                Part(
                    f"p{n}",
                    "match",
                    need=f"n{n % 2}",
                    activity=became,
                    amount=Decimal(draw(st.integers(1, 10**6))),
                    is_agreed=draw(st.booleans()),
                    **common,
                )
            )
    return parts


def _missing(ends: tuple[int | None, int | None] | None) -> Missing | None:
    if ends is None:
        return None
    known = sorted(each for each in ends if each is not None)
    if len(known) == 2:
        return Missing(Decimal(known[0]), Decimal(known[1]))
    low, high = ends
    return Missing(None if low is None else Decimal(low), None if high is None else Decimal(high))
