"""Ids as small numbers and back."""

import numpy as np
import pytest

from concerted.chain.ledger import NOBODY, SPENT, UNKNOWN
from concerted.chain.numbering import Numbering


def array(*values: int) -> "np.typing.NDArray[np.int64]":
    return np.array(values, np.int64)


NUMBERING = Numbering.of(array(70, -5), array(9, 8, 9), array(NOBODY, 2**62, SPENT), array(-(2**62)))


def test_numbers_are_positions_in_the_order_of_ids() -> None:
    assert NUMBERING.record(array(-5, 70, 6)).tolist() == [0, 1, UNKNOWN]
    assert NUMBERING.activity(array(8, 9, 7)).tolist() == [0, 1, UNKNOWN]


def test_ids_come_back() -> None:
    assert NUMBERING.record_ids(array(1, 0)).tolist() == [70, -5]
    assert NUMBERING.activity_ids(array(1, UNKNOWN, 0)).tolist() == [9, NOBODY, 8]
    organisations = array(2**62, NOBODY, -(2**62), SPENT)
    assert NUMBERING.organisation_ids(NUMBERING.organisation(organisations)).tolist() == organisations.tolist()


def test_nobody_and_what_was_spent_are_no_organisations() -> None:
    assert NUMBERING.organisation(array(NOBODY, SPENT, -(2**62))).tolist() == [NOBODY, SPENT, 1]


def test_an_organisation_without_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="no number"):
        NUMBERING.organisation(array(3))


def test_a_build_without_organisations_has_numbers_for_none() -> None:
    assert Numbering.of(array(), array(), array()).organisation_ids(array(NOBODY, SPENT)).tolist() == [NOBODY, SPENT]
