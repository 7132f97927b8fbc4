"""Matches of organisations, kept from build to build: as long as nobody is named otherwise, nobody is compared.

Place on the way: resolve. Enters: profiles by marking. Leaves: what `match_organisations` finds in them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple
from typing import Any

from concerted.resolve.matching.joining import JoinParams, Judged
from concerted.resolve.matching.match import Matches, Proposal, match_organisations
from concerted.resolve.matching.profiles import Profile
from concerted.store.kept import kept

KIND = "organisation_match"


def kept_matches(
    profiles: Mapping[str, Sequence[Profile]], params: JoinParams, judged: Judged | None = None
) -> Matches:
    """The same as `match_organisations` of the same arguments."""
    told = {
        "params": asdict(params),
        "judged": asdict(judged or Judged()),
        "profiles": {
            marking: {profile.key: _told(profile) for profile in found} for marking, found in profiles.items()
        },
    }
    return kept(
        KIND, told, lambda: match_organisations(profiles, params, judged), to_plain=_to_plain, from_plain=_from_plain
    )


def _told(profile: Profile) -> list[Any]:
    """All of a profile but its key, whatever the order in which it was collected."""
    return [profile.names, sorted(profile.types), profile.work, sorted(profile.publishers), profile.partners]


def _to_plain(matches: Matches) -> dict[str, Any]:
    return {"same": dict(matches.same), "proposals": [astuple(proposal) for proposal in matches.proposals]}


def _from_plain(plain: Mapping[str, Any]) -> Matches:
    return Matches(
        {marking: tuple((left, right) for left, right in pairs) for marking, pairs in plain["same"].items()},
        tuple(
            Proposal(left, right, relation, probability, is_joined, tuple(reasons), marking)
            for left, right, relation, probability, is_joined, reasons, marking in plain["proposals"]
        ),
    )
