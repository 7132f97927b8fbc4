"""Whatever the secretariat and administrators do in the site, nobody else comes to act for a partner that has people.

Threat T8: random sequences of every action, tried by every account that an attacker holds. What only the keeper of the
machine can do is outside: he holds the files anyway.
"""

import random
from typing import Any

import pytest

from concerted.model.errors import NotAllowedError
from web.workspace import PASSWORD, Workspace

SEQUENCES, STEPS = 20, 40


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_no_sequence_of_actions_reaches_another_organisation(workspace: Workspace, seed: int) -> None:
    from concerted.web.accounts import actions
    from concerted.web.accounts.models import Assignment, Invitation, Partner, User

    dice = random.Random(seed)  # noqa: S311  (a seeded choice that can be made again)
    victim, secretariat, own = (workspace.partner(n) for n in ("Alpha", "Secretariat", "Beta"))
    defender = workspace.person(victim, "administrator", "signer")
    workspace.person(victim, "editor")
    defenders = set(User.objects.filter(partner=victim).values_list("pk", flat=True))
    attackers = [
        workspace.person(secretariat, "secretariat", "administrator"),
        workspace.person(secretariat, "secretariat", "signer"),
        workspace.person(own, "implementer", "administrator"),
    ]
    tokens: list[str] = []
    duties = ["reader", "editor", "signer", "administrator", "secretariat", "rights", "donor"]
    done = 0

    def some(model: Any) -> Any:
        return dice.choice(list(model.objects.all()))

    def join() -> None:
        invitation = actions.find_invitation(tokens.pop(), for_password=False) if tokens else None
        if invitation:
            attackers.append(
                actions.accept(
                    invitation, email=f"a{dice.random()}@example.org", name="A", password=PASSWORD, language="fr"
                )
            )

    for _ in range(STEPS):
        person = dice.choice(attackers)
        person.refresh_from_db()
        actor = actions.actor_of(person)
        partner, user = some(Partner), some(User)
        held = dice.sample(duties, dice.randint(1, 3))
        moves = [
            lambda a=actor, p=partner, h=held: tokens.append(actions.invite(a, p, h).token),
            lambda a=actor, h=held: tokens.append(actions.invite(a, victim, h).token),
            join,
            lambda a=actor, u=user, h=held: actions.set_held(a, u, h),
            lambda a=actor, u=user: actions.deactivate(a, u),
            lambda a=actor, u=user: actions.reactivate(a, u),
            lambda a=actor, u=user: actions.remove_second_factor(a, u),
            lambda a=actor, u=user: tokens.append(actions.make_password_link(a, u).token),
            lambda a=actor, u=user: actions.hand_over(a, u, some(User)),
            lambda a=actor, u=user, p=person: actions.hand_over(a, u, p),
            lambda a=actor: actions.add_partner(a, {"en": "New"}, roles=["donor"]),
            lambda a=actor, p=partner: actions.add_unit(a, p, {"en": "Unit"}),
            lambda a=actor, p=partner: actions.change_partner(
                a, p, {"en": "Alpha"}, reference=f"R{dice.random()}", roles=["donor", "rights"]
            ),
            lambda a=actor: actions.change_partner(a, own, {"en": "Alpha"}, reference="XM-ALPHA"),
            lambda a=actor: actions.revoke(a, some(Invitation)) if Invitation.objects.exists() else None,
        ]
        try:
            dice.choice(moves)()
            done += 1
        except NotAllowedError:
            pass
        inside = User.objects.filter(partner__in=[victim, *victim.units.all()])
        assert set(inside.values_list("pk", flat=True)) == defenders
        assert Assignment.objects.filter(holder=defender).count() == 2
        assert not Invitation.objects.filter(partner__in=[victim, *victim.units.all()]).exists()
        assert not User.objects.filter(assignments__held="secretariat").exclude(partner=secretariat).exists()
        for person in attackers:
            person.refresh_from_db()
            assert person.organisation_id != victim.pk
    assert done >= 3
