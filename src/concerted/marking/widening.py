"""Does a change of marking let more people see, or fewer?

Enters: the markings before and after. Leaves: yes or no, for sure in one direction: what is not called wider lets
nobody see more, whoever is in which group. Who may belong to several groups changes, so where it would decide, the
answer is "wider": the owner is asked once more, and nothing is opened by mistake.
"""

from dataclasses import dataclass

from concerted.marking.order import is_evidence


@dataclass(frozen=True, slots=True)
class Views:
    """The views of a record and who sees each.

    Attributes:
        precise: marking of the record as it is.
        coarse: marking of its coarse view; null = there is none.
        coarse_place_level: how fine the place of the coarse view is; 0 = country, 1 = region, ..; null = no place.
        is_partner_hidden: the coarse view does not say who works there.
    """

    precise: str | None
    coarse: str | None = None
    coarse_place_level: int | None = None
    is_partner_hidden: bool = False


def is_wider(old: str | None, new: str | None) -> bool:
    """Whether somebody may see under `new` who did not under `old`. Only the owner may make such a change."""
    return not is_evidence(old, new)


def is_narrower(old: str | None, new: str | None) -> bool:
    """Whether somebody who saw under `old` may not under `new`: for them it is a withdrawal."""
    return is_wider(new, old)


def shows_more(old: Views, new: Views) -> bool:
    """Whether somebody may see more of a record under `new` than under `old`: another view, or a coarse one that tells
    more."""
    if is_wider(old.precise, new.precise):
        return True
    if not is_wider(old.precise, new.coarse):
        return False
    return is_wider(old.coarse, new.coarse) or _tells_more(old, new)


def shows_less(old: Views, new: Views) -> bool:
    """Whether somebody may see less of a record under `new` than under `old`."""
    return shows_more(new, old)


def _tells_more(old: Views, new: Views) -> bool:
    """Whether the coarse view after tells more than the one before."""
    finer = _level(new) > _level(old)
    return finer or (old.is_partner_hidden and not new.is_partner_hidden)


def _level(views: Views) -> int:
    return -1 if views.coarse_place_level is None else views.coarse_place_level
