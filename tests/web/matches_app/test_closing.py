"""What is met in full, or used up, is closed by the word of who confirms or promises, and is used no second time."""

from decimal import Decimal
from typing import Any

import pytest

from concerted.matching.building import Asked
from web.asks_app.stated import kept, need, offer, with_value
from web.matches_app.matched import NEED, OFFER, TODAY, Sides, sides
from web.workspace import Workspace
from web.workspace_app.kept import actor


def stand_behind(ask: Any, key: str) -> Any:
    """Let a kept need or offer be the one that the fixture's picture holds under an id."""
    from concerted.web.asks.models import Ask
    from concerted.web.matches.asked import statement_of

    Ask.objects.filter(pk=ask.pk).update(statement=statement_of(key))
    return Ask.objects.select_related("owner").get(pk=ask.pk)


def kept_need(three: Sides, **stated: Any) -> Any:
    """The need that fits, as its receiver keeps it: 300,000 to 400,000 dollars are missing."""
    user = three.receiver
    said = {"low_value": "300000", "high_value": "400000", **stated}
    return stand_behind(kept(user, need(user, **said)), NEED)


def kept_offer(three: Sides, **stated: Any) -> Any:
    """The offer that fits, as its giver keeps it: 350,000 dollars, 50,000 at least."""
    user = three.giver
    said = {"most_value": "350000", "least_value": "50000", **stated}
    return stand_behind(kept(user, offer(user, **said)), OFFER)


def again(ask: Any) -> Any:
    """As it stands now."""
    from concerted.web.asks.models import Ask

    return Ask.objects.select_related("owner").get(pk=ask.pk)


def deliver(three: Sides, amount: str = "300000") -> Any:
    """A match that was promised and delivered."""
    match = three.promise(three.accepted(), amount)
    return three.take(three.receiver, match, "delivered", day=TODAY)


def asked_by(three: Sides, user: Any) -> Asked:
    """What is to be matched, as somebody would run it now."""
    from django.utils import timezone

    from concerted.web.matches.actions import asked_now

    asked = asked_now(three.scope(user), timezone.now())
    assert asked
    return asked


def test_a_need_that_is_delivered_in_full_is_met_by_its_owners_word_and_can_be_opened_again(
    both: Workspace, cold: Any
) -> None:
    from concerted.web.asks.actions import close
    from concerted.web.asks.models import AskVersion
    from concerted.web.asks.queries import is_closed_by_match

    three = sides(both)
    ask = kept_need(three)
    deliver(three)
    met = again(ask)
    assert met.state == "met"
    assert is_closed_by_match(met)
    version = AskVersion.objects.filter(record=ask.pk).latest("number")
    assert (version.made_by, version.note[:6]) == (three.receiver.pk, "match:")
    close(actor(three.receiver), met, met.version, "open")
    assert (again(ask).state, is_closed_by_match(again(ask))) == ("open", False)
    close(actor(three.receiver), again(ask), again(ask).version, "met")
    assert not is_closed_by_match(again(ask)), "the owner himself said so"


@pytest.mark.parametrize(
    ("stated", "amount", "state"),
    [
        ({}, "299000", "open"),
        ({}, "299900", "met"),  # a part of a thousand is rounding
        ({"met_pct": 50}, "150000", "met"),
        ({"met_pct": 50}, "149000", "open"),
        ({"low_value": None, "high_value": "200000"}, "200000", "met"),
        ({"low_value": None, "high_value": None, "currency": None}, "300000", "open"),  # unknown is not met
        ({"low_value": "150000000", "high_value": "200000000", "currency": "XOF"}, "300000", "open"),  # no rate
    ],
)
def test_what_counts_as_met_is_what_the_need_says_now(
    workspace: Workspace, cold: Any, stated: dict[str, Any], amount: str, state: str
) -> None:
    three = sides(workspace)
    ask = kept_need(three, **stated)
    deliver(three, amount)
    assert again(ask).state == state


def test_an_amount_in_another_currency_is_compared_at_the_rate_of_the_picture(
    workspace: Workspace, cold: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concerted.web.matches import closing

    three = sides(workspace)
    ask = kept_need(three, low_value="150000000", high_value="200000000", currency="XOF")
    told = {"currency": "XOF", "high_value": Decimal(100_000_000), "high_usd": Decimal(200_000)}

    class Row:
        row = told

    monkeypatch.setattr(closing, "told_in", lambda *_: ({NEED: Row()}, {}))
    match = three.promise(three.accepted())
    from concerted.web.matches.actions import Wanted
    from concerted.web.matches.promises import take_step

    wanted = Wanted("delivered", match.version, day=TODAY)
    scope = three.scope(three.receiver)
    take_step(actor(three.receiver), scope.viewer, match, wanted, TODAY, scope)
    assert again(ask).state == "met", "150 million at 500 to the dollar"


def test_an_offer_is_taken_once_nothing_more_can_be_given_of_it_and_open_when_the_promise_goes(
    both: Workspace, cold: Any
) -> None:
    three = sides(both)
    ask = kept_offer(three)
    match = three.accepted()
    assert again(ask).state == "open", "what is accepted may come back"
    promised = three.promise(match, "310000")
    assert again(ask).state == "taken", "40,000 are left, and no less than 50,000 is given"
    three.take(three.giver, promised, "withdrawn", reason="another year")
    assert again(ask).state == "open"


def test_an_offer_of_which_enough_is_left_stays_open_and_one_its_owner_closed_stays_closed(
    workspace: Workspace, cold: Any
) -> None:
    from concerted.web.asks.actions import close

    three = sides(workspace)
    ask = kept_offer(three)
    promised = three.promise(three.accepted(), "300000")
    assert again(ask).state == "open"
    close(actor(three.giver), again(ask), again(ask).version, "taken")
    three.take(three.giver, promised, "withdrawn", reason="another year")
    assert again(ask).state == "taken", "that was his own word"


def test_what_is_met_is_proposed_no_more_and_what_it_got_stays_taken_from_the_offer(
    workspace: Workspace, cold: Any
) -> None:
    from concerted.matching.run import run

    three = sides(workspace)
    deliver(three, "300000")  # a need of a file: nobody here closes it
    asked = asked_by(three, three.secretary)
    found = next(each for each in asked.needs if each.id == NEED)
    assert found.state == "met"
    done = run(asked)
    given = {(each.need, each.offer): each.amount for each in done.proposals}
    assert given[NEED, OFFER] == 300_000, "what was delivered stands"
    assert sum(amount for (_, of), amount in given.items() if of == OFFER) <= 350_000
    assert [pair for pair in given if pair[0] == NEED] == [(NEED, OFFER)]
    assert NEED not in {each.need for each in done.unmet}


def test_a_need_of_which_some_was_delivered_is_still_asked_for(workspace: Workspace, cold: Any) -> None:
    three = sides(workspace)
    deliver(three, "200000")
    asked = asked_by(three, three.secretary)
    assert next(each.state for each in asked.needs if each.id == NEED) == "validated"


def test_who_may_not_read_a_match_learns_nothing_of_it(workspace: Workspace, cold: Any) -> None:
    three = sides(workspace)
    deliver(three)
    other = workspace.person(workspace.partner("Beta"), "donor", "signer")
    assert next(each.state for each in asked_by(three, other).needs if each.id == NEED) == "validated"
    assert not asked_by(three, other).accepted


def test_an_owner_who_opens_it_again_and_says_how_much_more_is_missing_is_heard(
    workspace: Workspace, cold: Any
) -> None:
    from concerted.web.asks.actions import close, save

    three = sides(workspace)
    ask = kept_need(three)
    deliver(three)
    asked = asked_by(three, three.secretary)
    assert next(each.state for each in asked.needs if each.id == NEED) == "validated", "the picture is older"
    owner = actor(three.receiver)
    close(owner, again(ask), again(ask).version, "open")
    more = with_value(with_value(again(ask).document, "low_value", "500000"), "high_value", "600000")
    save(owner, again(ask), again(ask).version, more)
    assert again(ask).state == "open"
    assert next(each.state for each in asked_by(three, three.secretary).needs if each.id == NEED) == "validated"


def test_a_program_is_told_what_is_agreed_and_its_owner_what_closed_it(workspace: Workspace, cold: Any) -> None:
    from web.api.programs import program

    three = sides(workspace)
    ask = kept_need(three, marking_key="GREEN")
    deliver(three)
    other = workspace.person(workspace.partner("Beta"), "donor", "signer")
    told = [program(workspace, user).get(f"asks/{ask.pk}").data for user in (three.receiver, other)]
    assert [(each["agreed"], each["delivered"], each["is_closed_by_match"], each["states"]) for each in told] == [
        ("300000.00", "300000.00", True, ["open", "withdrawn"]),
        ("0.00", "0.00", False, []),
    ]
    assert {each["standing"] for each in told} == {"met"}


def test_no_more_is_put_forward_than_is_left_of_both(workspace: Workspace, cold: Any) -> None:
    from concerted.web.matches.actions import look

    three = sides(workspace)
    scope = three.scope(three.secretary)
    before = look(actor(three.secretary), scope, NEED, OFFER, TODAY)
    assert before
    assert before.most == 350_000
    three.promise(three.accepted(), "120000")
    after = look(actor(three.secretary), three.scope(three.secretary), NEED, OFFER, TODAY)
    assert after
    assert after.most == 230_000


def test_both_sides_see_on_their_page_what_is_agreed_and_delivered_and_others_do_not(
    workspace: Workspace, cold: Any
) -> None:
    three = sides(workspace)
    ask = kept_need(three, marking_key="GREEN")
    address = f"/en/workspace/needs/{ask.pk}/"
    match = three.accepted()
    other = workspace.person(workspace.partner("Beta"), "donor", "signer")
    own, others = workspace.client(three.receiver), workspace.client(other)
    text = own.get(address).content.decode()
    assert 'id="given"' in text
    assert f"/en/workspace/matches/{match.pk}/" in text
    assert "agreed in part" in own.get("/en/workspace/needs/").content.decode()
    assert "agreed in part" not in others.get("/en/workspace/needs/").content.decode()
    assert 'id="given"' not in others.get(address).content.decode()
    three.take(three.receiver, three.promise(match), "delivered", day=TODAY)
    text = own.get(address).content.decode()
    assert "meets it in full" in text
    assert 'name="to" value="open"' in text
    told = others.get(address).content.decode()
    assert "meets it in full" not in told
    history = others.get(f"{address}history/").content.decode()
    assert "match" not in history.casefold().replace("matches", ""), "why it is met is for both sides"
