"""Marked bytes are counted up to any place, the end included."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from concerted.sources.iati.bits import Marks


@given(st.lists(st.booleans(), max_size=300))
def test_as_many_are_before_a_place_as_a_plain_count_finds(marked: list[bool]) -> None:
    places = range(len(marked) + 1)
    found = Marks(np.array(marked, bool)).before(np.array(places))
    assert found.tolist() == [sum(marked[:place]) for place in places]
