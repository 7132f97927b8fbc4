"""What writes to people and partners: each action is one transaction, says who acts, and ends with its log entry.

Views and commands call these and nothing below them; who may do what is decided here, not in a view.
"""

from concerted.web.accounts.actions.actor import KEEPER, Actor, actor_of
from concerted.web.accounts.actions.handing_over import Moved, hand_over
from concerted.web.accounts.actions.inviting import (
    Made,
    accept,
    find_invitation,
    invite,
    make_password_link,
    revoke,
    set_password,
)
from concerted.web.accounts.actions.partners import add_alias, add_partner, add_unit, change_partner, remove_alias
from concerted.web.accounts.actions.people import (
    deactivate,
    give,
    reactivate,
    remove_second_factor,
    set_held,
    sign_out_everywhere,
    take,
)

__all__ = [
    "KEEPER",
    "Actor",
    "Made",
    "Moved",
    "accept",
    "actor_of",
    "add_alias",
    "add_partner",
    "add_unit",
    "change_partner",
    "deactivate",
    "find_invitation",
    "give",
    "hand_over",
    "invite",
    "make_password_link",
    "reactivate",
    "remove_alias",
    "remove_second_factor",
    "revoke",
    "set_held",
    "set_password",
    "sign_out_everywhere",
    "take",
]
