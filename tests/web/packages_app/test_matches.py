"""A match in a package: both its sides answer for it, and it is not added to the activity that it became."""

from decimal import Decimal
from typing import Any

from web.asks_app.stated import kept as kept_ask
from web.packages_app.bundled import ask, board_of, keeper, package, say, signer, take_in
from web.workspace import Workspace
from web.workspace_app.kept import kept


def test_both_sides_answer_for_a_match_and_it_is_in_the_activity_that_it_became(both: Workspace, cold: Any) -> None:
    from concerted.web.matches.models import Match

    owner, giver, receiver = keeper(both), signer(both, "Delta", "XM-FIX-1"), signer(both, "Beta")
    need = kept_ask(receiver)
    match = Match.objects.create(
        need=need.statement, offer=1, need_key="CLEAR", offer_key="CLEAR", kind="money", giver=giver.partner,
        receiver=receiver.partner, proposer=owner.partner, amount=Decimal(700),
    )  # fmt: skip
    found = package(owner, audience="signed_in")
    needed = take_in(owner, found, f"need-{need.statement & 0xFFFF_FFFF_FFFF_FFFF:016x}", "justice")
    part = take_in(owner, found, f"match-{match.pk}", "justice")
    assert needed.partner == receiver.partner
    assert part.partners == {giver.partner.pk, receiver.partner.pk}
    seen = board_of(owner, found)
    assert seen.budget.put_forward == {"USD": Decimal(700)}
    assert [line.row.pk for line in seen.needs_open] == [needed.pk]
    ask(owner, found)
    say(giver, part)
    assert next(line for line in board_of(owner, found).lines if line.row.pk == part.pk).standing == "asked"
    assert [line.answer for line in board_of(giver, found).lines] == ["agreed"]
    say(receiver, part)
    assert next(line for line in board_of(owner, found).lines if line.row.pk == part.pk).standing == "agreed"
    assert board_of(signer(both, "Alpha"), found).lines == ()  # who takes no part in a match reads none
    record = kept(giver, title="What was promised")
    Match.objects.filter(pk=match.pk).update(state="committed", record=record)
    seen = board_of(owner, found)
    assert seen.budget.agreed == {"USD": Decimal(700)}
    assert seen.needs_open == ()
    assert dict(zip([s.component.key for s in seen.components], [s.filling for s in seen.components], strict=True))[
        "justice"
    ] == "agreed"  # fmt: skip
    Match.objects.filter(pk=match.pk).update(state="declined")
    assert [line.row.pk for line in board_of(owner, found).needs_open] == [needed.pk]
