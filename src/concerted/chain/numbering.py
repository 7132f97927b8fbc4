"""Ids as small numbers, so that rows are ordered by counting and found by position.

Place on the way: chain. Enters: ids of 64 random bits. Leaves: their positions among all that occur, in the order of
the ids, and the ids again.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from concerted.chain.arrays import Ints, lookup
from concerted.chain.ledger import NOBODY, SPENT, UNKNOWN


@dataclass(frozen=True)
class Numbering:
    """All ids of a build's chain, each array sorted.

    Attributes:
        records: statements that are counted; their numbers are positions here, UNKNOWN for others.
        activities: activities that are counted; the same.
        organisations: their numbers are positions here, from 1 on; NOBODY and SPENT stay what they are.
    """

    records: Ints
    activities: Ints
    organisations: Ints

    @classmethod
    def of(cls, records: Ints, activities: Ints, *organisations: Ints) -> Self:
        """From all that occur, in any order and number."""
        # Few that stand in many rows: these are counted by hashing, and only they are ordered.
        named = np.unique(pc.unique(pa.array(np.concatenate(organisations))).to_numpy(zero_copy_only=False))
        return cls(np.unique(records), np.unique(activities), named[(named != NOBODY) & (named != SPENT)])

    def record(self, ids: Ints) -> Ints:
        """Numbers of statements."""
        return lookup((ids,), (self.records,))

    def activity(self, ids: Ints) -> Ints:
        """Numbers of activities; NOBODY is none."""
        found = np.full(len(ids), UNKNOWN, np.int64)
        named = np.flatnonzero(ids != NOBODY)
        found[named] = lookup((ids[named],), (self.activities,))
        return found

    def organisation(self, ids: Ints) -> Ints:
        """Numbers of organisations.

        Raises:
            ValueError: one is not known here.
        """
        found = lookup((ids,), (self.organisations,)) + 1
        is_named = (ids != NOBODY) & (ids != SPENT)
        if (found[is_named] == 0).any():
            raise ValueError("an organisation has no number: it stood in no table that was numbered")
        return np.where(is_named, found, ids)

    def record_ids(self, numbers: Ints) -> Ints:
        """The inverse of `record`, of known numbers only."""
        return self.records[numbers]

    def activity_ids(self, numbers: Ints) -> Ints:
        """The inverse of `activity`; NOBODY for UNKNOWN."""
        return np.where(numbers == UNKNOWN, NOBODY, np.r_[self.activities, NOBODY][numbers])

    def organisation_ids(self, numbers: Ints) -> Ints:
        """The inverse of `organisation`."""
        return np.where(numbers > 0, np.r_[NOBODY, self.organisations][np.maximum(numbers, 0)], numbers)
