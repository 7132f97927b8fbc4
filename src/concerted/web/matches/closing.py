"""What a delivery meets in full, and what a promise uses up, is closed by itself where it is kept here.

Who confirms a delivery is the need's owner, and who promises is the offer's: so it is his own word, a version of his
need or offer by him, noted as a match's. He asks or offers again as he does after every other closing; a promise that
is taken back opens the offer that it had used up. What came by a file stays as its file has it: there a run works out
for each reader what is met (`asked.hold`). Nothing here stops a step: what cannot be closed, its owner closes.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from concerted.matching.asks import is_met, is_used_up, met_from
from concerted.model.ids import id_text
from concerted.statements.document import DocumentError
from concerted.web.accounts.actions import Actor
from concerted.web.asks.actions import close
from concerted.web.asks.models import VALIDATED, Ask
from concerted.web.asks.queries import BY_MATCH, is_closed_by_match
from concerted.web.edition.scope import Scope
from concerted.web.matches.asked import told_in
from concerted.web.matches.models import Match
from concerted.web.workspace.actions import RefusedError, Saved, may_write

#: What is promised or delivered is gone from an offer; what is accepted may still come back to it.
_GIVEN = ("committed", "delivered")


def close_need(actor: Actor, scope: Scope | None, match: Match) -> Ask | None:
    """The need of a match, where what was delivered reaches what counts as met; null where nothing was closed."""
    need = _kept(match.need)
    if need is None or need.state not in ("open", VALIDATED):
        return None
    low, high = (_amount(need, scope, end) for end in ("low", "high"))
    wanted = met_from(low, high, need.stated.get("met_pct"))
    if not is_met(_given(Match.objects.filter(need=match.need, kind=need.kind), ("delivered",)), wanted):
        return None
    return _closed(actor, need, match, "met")


def close_offer(actor: Actor, scope: Scope | None, match: Match) -> Ask | None:
    """The offer of a match, where nothing more can be given of it; null where nothing was closed."""
    offer = _kept(match.offer)
    if offer is None or offer.state != "open":
        return None
    most, least = (_amount(offer, scope, end) for end in ("most", "least"))
    if not is_used_up(most, least or 0.0, _given(Match.objects.filter(offer=match.offer, kind=offer.kind), _GIVEN)):
        return None
    return _closed(actor, offer, match, "taken")


def open_offer(actor: Actor, match: Match) -> Ask | None:
    """The offer of a match that was taken back, where a match had closed it and not its owner himself."""
    offer = _kept(match.offer)
    if offer is None or offer.state != "taken" or not is_closed_by_match(offer):
        return None
    return _closed(actor, offer, match, "open")


def closed_of(match: Match) -> list[Ask]:
    """The need and the offer of a match, those of them that matches closed; whoever shows them asks who may read."""
    found = Ask.objects.filter(statement__in=[match.need, match.offer], state__in=("met", "taken"))
    return [ask for ask in found.select_related("owner").order_by("which") if is_closed_by_match(ask)]


def _kept(statement: int) -> Ask | None:
    return Ask.objects.select_related("owner").filter(statement=statement).first()


def _given(matches: Any, states: tuple[str, ...]) -> float:
    return float(matches.filter(state__in=states).aggregate(sum=Sum("amount"))["sum"] or 0)


def _closed(actor: Actor, ask: Ask, match: Match, state: str) -> Ask | None:
    """The next version with that state; null where he does not write it, or somebody said otherwise at that moment."""
    if not may_write(actor, ask.owner_id):
        return None
    try:
        saved = close(actor, ask, ask.version, state, f"{BY_MATCH}{match.pk}")
    except (DocumentError, RefusedError):
        return None  # what it says was kept under older rules: its owner is asked when he changes it himself
    return saved.record if isinstance(saved, Saved) else None


def _amount(ask: Ask, scope: Scope | None, end: str) -> float | None:
    """One of its amounts as it says it now: dollars, at the rate that the picture took, or units; null = unknown."""
    if ask.kind != "money":
        count = ask.stated.get(f"{end}_quantity")
        return None if count is None else float(count)
    value = ask.stated.get(f"{end}_value")
    rate = _rate(ask, scope)
    return None if value is None or rate is None else float(Decimal(value) * rate)


def _rate(ask: Ask, scope: Scope | None) -> Decimal | None:
    """Dollars for one of its currency; null where no picture has valued it in that currency yet."""
    currency = ask.stated.get("currency")
    if currency == "USD":
        return Decimal(1)
    if scope is None:
        return None
    key = id_text(ask.statement)
    needs, offers = told_in(scope, [key], [key])
    told = (needs | offers).get(key)
    row: Mapping[str, Any] = told.row if told is not None else {}
    if row.get("currency") != currency:
        return None
    pairs = ((row.get(f"{end}_value"), row.get(f"{end}_usd")) for end in ("high", "low", "most", "least"))
    return next((Decimal(usd) / Decimal(value) for value, usd in pairs if value and usd), None)
