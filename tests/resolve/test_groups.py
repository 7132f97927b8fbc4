"""Groups of judged pairs."""

from hypothesis import given
from hypothesis import strategies as st

from concerted.resolve.groups import group_pairs

pairs = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=20)


@given(pairs, st.randoms(use_true_random=False))
def test_groups_are_the_connected_keys_whatever_the_order(given_pairs: list[tuple[int, int]], rnd: object) -> None:
    mixed = list(given_pairs)
    rnd.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis types the strategy as object
    together: list[set[int]] = []
    for pair in given_pairs:
        joined = set(pair).union(*(part for part in together if part & set(pair)))
        together = [part for part in together if not part & joined] + [joined]
    assert group_pairs(mixed, int) == {key: min(part) for part in together for key in part}
