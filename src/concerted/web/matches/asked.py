"""What is to be matched as one viewer sees it, with what matches hold already.

Enters: a scope, or an edition's folder with a viewer, and the matches that this viewer may read. What he may not see
enters nothing: a match of others that takes part of an offer would tell of itself by what is left.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from concerted.matching.asks import MatchParams, Need, Offer, is_met
from concerted.matching.building import Asked
from concerted.matching.life import TAKEN
from concerted.matching.reading import read_asked
from concerted.model.errors import ConfigError
from concerted.model.ids import id_text
from concerted.web.edition.scope import Scope
from concerted.web.matches.models import Match
from concerted.web.matches.sides import kept_here

Pair = tuple[str, str]


def asked_in(scope: Scope) -> Asked | None:
    """Needs, offers and partners at work, as the scope's viewer sees them, by default rules; null where the edition is
    older than needs and offers. Read once for each set of permitted keys."""

    def read() -> Asked | None:
        try:
            return read_asked(scope.viewer, scope.edition.folder, MatchParams())
        except ConfigError:
            return None

    return scope.remember(("asked for matching",), read)


def hold(asked: Asked, matches: Iterable[Match], now: datetime, declined_days: int) -> Asked:
    """With what matches hold: pairs that stay as they are, what is gone of needs and offers, pairs that were declined.

    Of a match whose need or offer is not there any more the other one is smaller by what it gave. A need of a file that
    was met in full is not asked for any more; of one that is kept here its owner's word says so, see `closing`.
    """
    needs, offers = {need.id: need for need in asked.needs}, {offer.id: offer for offer in asked.offers}
    accepted: dict[Pair, float] = {}
    declined: set[Pair] = set()
    wanted, delivered = {need.id: need.met_from for need in asked.needs}, dict.fromkeys(needs, 0.0)
    for match in matches:
        pair, amount = pair_of(match), float(match.amount)
        need, offer = needs.get(pair[0]), offers.get(pair[1])
        if match.state == "delivered" and need and match.kind == need.kind:
            delivered[need.id] += amount
        if match.state in TAKEN:
            if need and offer and need.kind == offer.kind:
                accepted[pair] = amount
            elif need and match.kind == need.kind:
                needs[need.id] = _less_needed(need, amount)
            elif offer and match.kind == offer.kind:
                offers[offer.id] = _less_offered(offer, amount)
        elif match.state == "declined" and now - match.changed_at < timedelta(days=declined_days):
            declined.add(pair)
    met = {key for key, given in delivered.items() if is_met(given, wanted[key])}
    for key in met - {id_text(each) for each in kept_here(statement_of(key) for key in met)}:
        needs[key] = replace(needs[key], state="met")
    return replace(
        asked,
        needs=tuple(needs.values()),
        offers=tuple(offers.values()),
        accepted=accepted,
        declined=frozenset(declined - set(accepted)),
    )


def pair_of(match: Match) -> Pair:
    """The need and the offer of a match, as runs name them."""
    return id_text(match.need), id_text(match.offer)


def _less_needed(need: Need, amount: float) -> Need:
    high = None if need.high is None else max(need.high - amount, 0.0)
    return replace(need, high=high, low=max(need.low - amount, 0.0), met_from=max(need.met_from - amount, 0.0))


def _less_offered(offer: Offer, amount: float) -> Offer:
    return replace(offer, most=None if offer.most is None else max(offer.most - amount, 0.0))


@dataclass(frozen=True)
class Told:
    """A need or an offer with its words, as the viewer sees it."""

    ask: Need | Offer
    row: Mapping[str, Any]

    @property
    def organisation(self) -> str | None:
        """Who would receive, or gives."""
        found: str | None = self.row.get("receiver_org_name") or self.row.get("provider_org_name")
        return found or self.reference

    @property
    def tlp(self) -> str:
        """The label of its marking, without the names."""
        return self.ask.marking_key.partition(":")[0]

    @property
    def reference(self) -> str | None:
        """Its identifier."""
        found: str | None = self.row.get("receiver_org_ref") or self.row.get("provider_org_ref")
        return found


def told_in(scope: Scope, needs: Sequence[str], offers: Sequence[str]) -> tuple[dict[str, Told], dict[str, Told]]:
    """Needs and offers of these ids with their words, by id; what the viewer does not see is absent."""
    asked = asked_in(scope)
    if asked is None:
        return {}, {}
    by_id: dict[str, Need | Offer] = {need.id: need for need in asked.needs}
    by_id |= {offer.id: offer for offer in asked.offers}
    return _told(scope, "need", needs, by_id), _told(scope, "offer", offers, by_id)


def _told(scope: Scope, table: str, ids: Sequence[str], asks: Mapping[str, Need | Offer]) -> dict[str, Told]:
    wanted = sorted({statement_of(each) for each in ids})
    if not wanted:
        return {}
    rows = scope.dicts(
        f"SELECT * FROM core_{table} WHERE record_id IN (SELECT unnest($ids::BIGINT[]))"
        f" AND {scope.filter.sql_precise()}",
        {"ids": wanted},
    )
    found = {id_text(row["record_id"]): row for row in rows}
    return {key: Told(asks[key], row) for key, row in found.items() if key in asks}


def statement_of(text: str) -> int:
    """The id that a text of 16 hexadecimal digits stands for.

    Raises:
        ValueError: it is none.
    """
    if len(text) != 16:
        raise ValueError("expected 16 hexadecimal digits")
    return int.from_bytes(bytes.fromhex(text), "big", signed=True)
