"""The life of a match: put forward, accepted by each side, committed, delivered; or declined, withdrawn, returned.

Place on the way: behind the buttons of a match, and behind what the next run holds. The steps that were taken enter;
where the match stands leaves, and who may take which step next. No clock and no database: days enter as values.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, get_args

State = Literal["proposed", "accepted", "committed", "delivered", "declined", "withdrawn", "returned"]
#: What can be done. A match begins with `put_forward`; `returned` is done by the day that passed.
Kind = Literal["put_forward", "accepted", "committed", "delivered", "declined", "withdrawn", "returned"]
#: For whom one acts: who gives, who receives, who keeps the strategy, who put it forward.
Side = Literal["giver", "receiver", "secretariat", "proposer"]

STATES: tuple[State, ...] = get_args(State)
KINDS: tuple[Kind, ...] = get_args(Kind)
#: A need and an offer are in one match of these at a time.
OPEN: tuple[State, ...] = ("proposed", "accepted", "committed", "delivered")
#: What is given in these is taken from the need and the offer of every later run.
TAKEN: tuple[State, ...] = ("accepted", "committed", "delivered")
#: In these somebody is waited for, and silence gives both back to the pool. What is committed takes its time.
WAITING: tuple[State, ...] = ("proposed", "accepted")
#: Steps that need a reason.
REASONED: frozenset[Kind] = frozenset(("declined", "withdrawn"))
_AFTER: dict[Kind, State] = {
    "put_forward": "proposed",
    "committed": "committed",
    "delivered": "delivered",
    "declined": "declined",
    "withdrawn": "withdrawn",
    "returned": "returned",
}


@dataclass(frozen=True)
class Stands:
    """Where a match stands.

    Attributes:
        needed: the sides that have to accept.
        agreed: those that did.
    """

    state: State
    needed: frozenset[Side]
    agreed: frozenset[Side] = frozenset()

    @property
    def waits_for(self) -> frozenset[Side]:
        """Whose step is waited for; nobody's where it has ended."""
        match self.state:
            case "proposed":
                return self.needed - self.agreed
            case "accepted":
                return frozenset({"giver"})
            case "committed":
                return frozenset({"receiver"})
            case _:
                return frozenset()


def needed_sides(*, is_secretariat: bool) -> frozenset[Side]:
    """The sides that have to accept; the secretariat too, where a need was not validated and it did not propose."""
    both: frozenset[Side] = frozenset(("giver", "receiver"))
    third: frozenset[Side] = frozenset(("secretariat",))
    return both | third if is_secretariat else both


def begin(needed: Iterable[Side]) -> Stands:
    """A match that was put forward.

    Raises:
        ValueError: the sides that must accept lack one of the two.
    """
    sides = frozenset(needed)
    if not {"giver", "receiver"} <= sides or "proposer" in sides:
        raise ValueError(f"a match needs its giver and its receiver, found {sorted(sides)}")
    return Stands("proposed", sides)


def may_step(stands: Stands, kind: Kind, side: Side | None) -> bool:
    """Whether a step may be taken for a side; `returned` is nobody's."""
    match kind:
        case "accepted":
            return stands.state == "proposed" and side in stands.needed - stands.agreed
        case "declined":
            return stands.state in WAITING and side in stands.needed
        case "withdrawn":
            # What is promised is taken back by who promised it; until then by who put it forward.
            return side == ("giver" if stands.state == "committed" else "proposer") and (
                stands.state in (*WAITING, "committed")
            )
        case "committed":
            return stands.state == "accepted" and side == "giver"
        case "delivered":
            return stands.state == "committed" and side == "receiver"
        case "returned":
            return stands.state in WAITING and side is None
        case "put_forward":
            return False


def step(stands: Stands, kind: Kind, side: Side | None) -> Stands:
    """Where it stands after a step.

    Raises:
        ValueError: it may not be taken.
    """
    if not may_step(stands, kind, side):
        raise ValueError(f"{side or 'the clock'} cannot make a match that is {stands.state} {kind}")
    if kind == "accepted" and side is not None:
        agreed = stands.agreed | {side}
        return replace(stands, agreed=agreed, state="accepted" if agreed >= stands.needed else "proposed")
    return replace(stands, state=_AFTER[kind])


def is_silent(stands: Stands, last: datetime, now: datetime, days: int) -> bool:
    """Whether nobody took a step for so long that both go back to the pool."""
    return stands.state in WAITING and now - last >= timedelta(days=days)
