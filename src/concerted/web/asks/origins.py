"""Where a need may come from that somebody states for his organisation.

The government asks through its secretariat, and through its ministries and local authorities: organisations of a
government kind *and* of the strategy's country, as the list of organisations has it, which the secretariat keeps. The
DAC's kind alone does not tell a ministry from an agency of another state. What a community asks for is told by who
speaks for it; whoever has assessed a situation may tell what was found.
"""

from concerted.web.accounts.actions import Actor
from concerted.web.accounts.models import Partner
from concerted.web.accounts.roles import Role
from concerted.web.strategy.country import strategy_country

#: OrganisationType codes of a state's own organisations: government, local government. Other public sector (15), such
#: as a company that a state owns, does not ask in its name.
GOVERNMENT_KINDS = frozenset({"10", "11"})


def origins(actor: Actor, owner: Partner) -> tuple[str, ...]:
    """The origins that he may state, the first of which is offered first."""
    speaks_for_community = str(Role.COMMUNITY) in actor.held
    said = {"government": asks_for_government(owner), "community": speaks_for_community, "assessment": True}
    return tuple(origin for origin, may in said.items() if may)


def asks_for_government(owner: Partner) -> bool:
    """Whether an organisation, or the organisation of a unit, asks in the government's name."""
    whole = owner.parent or owner
    if str(Role.SECRETARIAT) in whole.roles:
        return True
    # The country is asked for last: most organisations are of no government, and it may have to be looked up.
    return whole.kind in GOVERNMENT_KINDS and bool(whole.country) and whole.country == strategy_country()
