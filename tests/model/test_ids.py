"""Ids of rows of whole numbers."""

import numpy as np

from concerted.model.ids import hash_ids


def test_equal_rows_have_equal_ids_and_others_do_not() -> None:
    left, right = (side.ravel() for side in np.mgrid[-40:40, 0:50].astype(np.int64))
    ids = hash_ids("pair", left, right)
    assert len(np.unique(ids)) == len(ids)
    assert (hash_ids("pair", left, right) == ids).all()


def test_the_order_of_columns_and_what_they_are_of_enter() -> None:
    one, two = np.array([1], np.int64), np.array([2], np.int64)
    assert (
        len({int(ids[0]) for ids in (hash_ids("a", one, two), hash_ids("a", two, one), hash_ids("b", one, two))}) == 3
    )


def test_ids_fill_their_64_bits() -> None:
    ids = hash_ids("number", np.arange(10_000)).view(np.uint64)
    shares = [float(np.mean((ids >> np.uint64(bit)) & np.uint64(1))) for bit in range(64)]
    assert all(0.47 < share < 0.53 for share in shares)
