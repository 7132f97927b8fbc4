"""In which way two activities belong together: the rules that name a likely pair's relation and its direction.

Place on the way: resolve, inner. Enters: compared pairs with the odds that they are one project told twice, and that
one funds the other. Leaves: the likeliest relation, its odds, and which end is left.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from concerted.resolve.projects.comparison import LEVELS, PAIRWISE, Compared
from concerted.resolve.projects.facts import NO_DAY, Facts
from concerted.resolve.projects.scoring import Heads, probability
from concerted.resolve.projects.sets import Ints

#: The relations that are proposed, by their number here.
RELATIONS = ("same", "part_of", "funds", "successor_of")
SAME, PART_OF, FUNDS, SUCCESSOR_OF = range(len(RELATIONS))
#: Two of one programme follow each other when they begin at least so many days apart.
FOLLOWS = 180
#: Levels at which days, sums, phases and rivals say little: what remains says that two are of one programme.
NEUTRAL = {"dates": "dates_near", "amount": "size_like", "phase": "phase_none", "rival": "rival_weak"}
#: How likely that must be for one of them to be the successor.
ONE_PROGRAMME = 0.5


@dataclass(frozen=True)
class Related:
    """One row per pair.

    Attributes:
        relation: position in `RELATIONS`.
        bits: log odds, thousandths of a bit.
        is_turned: the pair's right end is the relation's left one.
    """

    relation: Ints
    bits: Ints
    is_turned: "np.ndarray[tuple[int], np.dtype[np.bool_]]"


def relate(facts: Facts, compared: Compared, heads: Heads, same: Ints, funds: Ints, left: Ints, right: Ints) -> Related:
    """The likeliest relation of each pair.

    Args:
        same, funds: log odds of each pair by the two heads.
    """
    levels = compared.levels

    def at(name: str, *codes: str) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        return np.isin(levels[:, PAIRWISE.index(name)], [LEVELS[name].index(code) for code in codes])

    begin = facts.start
    known = (begin[left] != NO_DAY) & (begin[right] != NO_DAY)
    later = np.where(known, begin[right] - begin[left], 0)
    neutral = levels.copy()
    for name, code in NEUTRAL.items():
        neutral[:, [*LEVELS].index(name)] = LEVELS[name].index(code)
    one_programme = heads.same.bits(neutral)
    phase = _phases(facts)
    # The later one is the later phase; one that tells none is the first.
    follows = (np.sign(phase[right] - phase[left]) == np.sign(later)) & (np.abs(later) >= FOLLOWS)
    follows &= at("letters", "letters_same", "letters_most", "letters_many")
    # A smaller sum in fewer places is a part; as long as it is about as likely as anything that the two are one.
    is_part = at("amount", "size_part", "size_small_part") & (same >= funds)
    relation = np.where(funds > same, FUNDS, np.where(is_part, PART_OF, SAME))
    relation = np.where(follows & (probability(one_programme) >= ONE_PROGRAMME), SUCCESSOR_OF, relation)
    bits = np.where(relation == SUCCESSOR_OF, one_programme, np.maximum(same, funds))
    gives = _gives(facts, compared, left, right)
    turned = np.select(
        [relation == SAME, relation == FUNDS, relation == PART_OF],
        [facts.activity[left] > facts.activity[right], gives < 0, gives > 0],
        later > 0,
    )
    return Related(relation.astype(np.int64), bits, turned.astype(np.bool_))


def _phases(facts: Facts) -> Ints:
    """The phase that each title tells, 1 where it tells none."""
    title, words = facts.sets["title"], facts.names["words"]
    is_phase = np.asarray(pc.starts_with(words, "#").to_numpy(zero_copy_only=False), np.bool_)
    number = np.ones(len(words), np.int64)
    number[is_phase] = [int(word[1:]) for word in words.filter(pa.array(is_phase)).to_pylist()]
    told = title.where(is_phase[title.value])
    phase = np.ones(len(facts), np.int64)
    np.maximum.at(phase, told.owner, number[told.value])
    return phase


def _gives(facts: Facts, compared: Compared, left: Ints, right: Ints) -> Ints:
    """1 where the left end gives or is the whole, else -1: by who names whom, by sums, by days, by id."""
    by_size = np.sign(facts.size[left] - facts.size[right])
    by_day = np.sign(facts.start[right] - facts.start[left])
    by_id = np.where(facts.activity[left] < facts.activity[right], 1, -1)
    found = np.sign(compared.giver)
    for more in (by_size, by_day, by_id):
        found = np.where(found == 0, more, found)
    return found
