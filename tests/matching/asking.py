"""Small random needs and offers with earmarks, windows, minima, flags and limits."""

from datetime import date, timedelta

from hypothesis import strategies as st

from concerted.matching.asks import MatchParams, Need, Offer
from concerted.matching.building import Asked

AS_OF = date(2026, 9, 30)
#: Two places in each of two regions; three lines, of which two lie under one objective.
ABOVE = {
    "A1": frozenset(("A1", "A", "ML")),
    "A2": frozenset(("A2", "A", "ML")),
    "B1": frozenset(("B1", "B", "ML")),
    "N1": frozenset(("N1", "N")),
    "N2": frozenset(("N2", "N")),
    "M1": frozenset(("M1", "M")),
}
_days = st.integers(-60, 200).map(lambda n: AS_OF + timedelta(days=n))


def _mostly(usual: object, *others: object) -> st.SearchStrategy[object]:
    """The usual value in five of six cases, so that matches are not rare."""
    return st.integers(0, 5).flatmap(lambda n: st.sampled_from(others) if n == 0 else st.just(usual))


def _day() -> st.SearchStrategy[object]:
    return st.integers(0, 3).flatmap(lambda n: _days if n == 0 else st.none())


@st.composite
def a_need(draw: st.DrawFn, number: int) -> Need:
    high = draw(st.integers(1, 100)) * 1000.0
    low = draw(st.integers(0, 10)) / 10 * high
    place, node = draw(st.sampled_from(("A1", "A2", "B1"))), draw(st.sampled_from(("N1", "N2", "M1")))
    return Need(
        id=f"n{number}",
        code=f"N{number}",
        title="",
        kind=draw(_mostly("money", "training")),
        high=draw(_mostly(high, None)),
        low=low,
        least=draw(st.sampled_from((0.0, 0.0, 5000.0))),
        met_from=max(1.0, low),
        nodes=frozenset((node,)),
        places=frozenset((place,)),
        within={place: ABOVE[place], node: ABOVE[node]},
        region=place[0],
        receiver=draw(st.sampled_from(("R1", "R2"))),
        receiver_type=draw(st.sampled_from(("10", "22", None))),
        start=draw(_day()),
        end=draw(_day()),
        urgency=draw(st.sampled_from((None, 1, 2, 3, 4))),
        state=draw(_mostly("validated", "open", "withdrawn")),
        due_diligence=draw(_mostly(None, "done", "pending", "refused")),
        languages=draw(st.sampled_from((frozenset(), frozenset(("fr",))))),
        unknown=draw(_mostly((), ("Nulle part",))),
    )


@st.composite
def an_offer(draw: st.DrawFn, number: int) -> Offer:
    return Offer(
        id=f"o{number}",
        code=f"O{number}",
        title="",
        kind=draw(_mostly("money", "training")),
        most=draw(_mostly(40000.0, None, 5000.0, 90000.0)),
        least=draw(st.sampled_from((0.0, 0.0, 10000.0, 30000.0))),
        nodes=draw(st.sampled_from((frozenset(), frozenset(), frozenset(("N",)), frozenset(("M1",))))),
        places=draw(st.sampled_from((frozenset(), frozenset(("A",)), frozenset(("B1", "A2"))))),
        receiver_types=draw(_mostly(frozenset(), frozenset(("22",)))),
        languages=draw(st.sampled_from((frozenset(), frozenset(("fr",)), frozenset(("en",))))),
        provider=draw(st.sampled_from(("P1", "P2", "R1"))),
        start=draw(_day()),
        end=draw(_day()),
        expiry=draw(_day()),
        state=draw(_mostly("open", "withdrawn")),
    )


@st.composite
def askings(draw: st.DrawFn) -> Asked:
    needs = tuple(draw(a_need(n)) for n in range(draw(st.integers(1, 5))))
    offers = tuple(draw(an_offer(n)) for n in range(draw(st.integers(1, 5))))
    params = MatchParams(
        most_partners=draw(st.sampled_from((None, 1, 2))),
        capacity=draw(st.sampled_from(({}, {"R1": 30000.0}, {"A": 50000.0, "B1": 20000.0}))),
        dollars={"money": 1.0, "training": 1.0},
    )
    presence = draw(st.sampled_from(({}, {("N1", "A1"): frozenset(("P9",))}, {("N2", "A2"): frozenset(("P1", "P9"))})))
    return Asked(needs, offers, AS_OF, params, presence, {}, {})
