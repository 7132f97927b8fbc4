"""Which references and names are one organisation: proposals with probability, reasons and decisions, view by view.

Place on the way: resolve. Enters: profiles by marking. Leaves: joined pairs, pairs to be judged and units of
organisations, each with the marking of those who may know. Evidence flows from open to narrow only: what is open is
settled from open profiles alone; a narrower view adds its own keys to the settled groups and joins no two of them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from concerted.marking.keys import narrowness
from concerted.marking.order import is_evidence
from concerted.resolve.groups import group_pairs
from concerted.resolve.matching.joining import Joined, JoinParams, Judged, join_pairs
from concerted.resolve.matching.profiles import Profile
from concerted.resolve.matching.scored import ScoredPair, score_profiles
from concerted.resolve.matching.units import UnitOf, find_units

#: The reason of a unit that a person named.
DECIDED = "a person decided it"


@dataclass(frozen=True)
class Proposal:
    """A pair, what is said of it, and who may know.

    Attributes:
        relation: same_as or unit_of (`left` is the unit).
        is_joined: taken as one organisation without being asked.
        reasons: in words, the weightiest first.
    """

    left: str
    right: str
    relation: str
    probability: float
    is_joined: bool
    reasons: tuple[str, ...]
    marking_key: str


@dataclass(frozen=True)
class Matches:
    """What was found.

    Attributes:
        same: marking key -> pairs of keys that its view adds as one organisation; what it may know of more open views
            stands with these.
        proposals: everything that was found, sorted.
    """

    same: Mapping[str, tuple[tuple[str, str], ...]]
    proposals: tuple[Proposal, ...]

    def known_to(self, marking_key: str) -> tuple[tuple[str, str], ...]:
        """Pairs that hold for those who see a marking."""
        return tuple(pair for key in sorted(self.same) if is_evidence(key, marking_key) for pair in self.same[key])


def match_organisations(
    profiles: Mapping[str, Sequence[Profile]], params: JoinParams | None = None, judged: Judged | None = None
) -> Matches:
    """Match the keys of every view, the more open views first.

    Args:
        profiles: by marking key, from the records of that marking alone; any order.
        params: thresholds.
        judged: what people decided about pairs of keys.
    """
    params, judged = params or JoinParams(), judged or Judged()
    same: dict[str, tuple[tuple[str, str], ...]] = {}
    proposals: list[Proposal] = []
    order = sorted(profiles, key=narrowness)
    for at, marking in enumerate(order):
        wider = [key for key in order[:at] if is_evidence(key, marking)]
        settled = _merged(profiles[key] for key in wider)
        own = [profile for profile in profiles[marking] if profile.key not in settled]
        stands_for = group_pairs([pair for key in wider for pair in same.get(key, ())], _standing)
        joined, units = _match_view(list(settled.values()), own, stands_for, params, judged)
        same[marking] = tuple(sorted((pair.left, pair.right) for pair in joined.same))
        proposals += _proposals(joined, units, marking)
    return Matches(same, tuple(sorted(proposals, key=lambda p: (p.left, p.right, p.relation, p.marking_key))))


def _match_view(
    settled: Sequence[Profile],
    own: Sequence[Profile],
    stands_for: Mapping[str, str],
    params: JoinParams,
    judged: Judged,
) -> tuple[Joined, list[UnitOf]]:
    """Pairs of a view that have at least one of its own keys."""
    if not own:
        return Joined((), ()), []
    everybody = [*settled, *own]
    keys = {profile.key for profile in own}
    units = _units(find_units(everybody), judged, {profile.key for profile in everybody})
    units = [unit for unit in units if unit.unit in keys or unit.parent in keys]
    pairs = score_profiles(everybody, keys if settled else None)
    frozen = {stands_for.get(profile.key, profile.key) for profile in settled}
    return join_pairs(_without(_represented(pairs, stands_for), units), params, frozen, judged.of(stands_for)), units


def _units(found: Sequence[UnitOf], judged: Judged, known: Collection[str]) -> list[UnitOf]:
    """Units by rule as far as nobody says otherwise, and those that people name."""
    settled = judged.settled
    kept = [unit for unit in found if frozenset((unit.unit, unit.parent)) not in settled]
    said = [UnitOf(unit, parent, DECIDED) for unit, parent in judged.units if unit in known and parent in known]
    return sorted({*kept, *said})


def _merged(parts: Iterable[Sequence[Profile]]) -> dict[str, Profile]:
    """Profiles by key; what several views say of one key is put together."""
    whole: dict[str, Profile] = {}
    for profile in (profile for part in parts for profile in part):
        whole.setdefault(profile.key, Profile(profile.key)).add(profile)
    return whole


def _represented(pairs: Sequence[ScoredPair], stands_for: Mapping[str, str]) -> list[ScoredPair]:
    """Pairs with the key that stands for each settled group; of several pairs with one group the likeliest."""
    best: dict[tuple[str, str], ScoredPair] = {}
    for pair in pairs:
        keys = sorted((stands_for.get(pair.left, pair.left), stands_for.get(pair.right, pair.right)))
        changed = pair.with_keys(keys[0], keys[1])
        old = best.get((keys[0], keys[1]))
        if old is None or changed.bits > old.bits:
            best[keys[0], keys[1]] = changed
    return [best[keys] for keys in sorted(best)]


def _without(pairs: Sequence[ScoredPair], units: Sequence[UnitOf]) -> list[ScoredPair]:
    related = {frozenset((unit.unit, unit.parent)) for unit in units}
    return [pair for pair in pairs if frozenset((pair.left, pair.right)) not in related]


def _proposals(joined: Joined, units: Sequence[UnitOf], marking: str) -> list[Proposal]:
    pairs = [(pair, True) for pair in joined.same] + [(pair, False) for pair in joined.open]
    return [
        Proposal(p.left, p.right, "same_as", p.probability, is_joined, p.reasons, marking) for p, is_joined in pairs
    ] + [Proposal(u.unit, u.parent, "unit_of", 1.0, False, (u.reason,), marking) for u in units]


def _standing(key: str) -> tuple[int, str]:
    """References stand before names for a group."""
    return 0 if key.startswith("ref:") else 1, key
