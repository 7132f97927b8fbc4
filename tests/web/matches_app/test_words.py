"""What is proven of a plan, and changes, in words that are true."""

from typing import Any

import pytest

from web.site import Site


@pytest.mark.parametrize(
    ("lang", "gap", "whole", "short"),
    [
        ("en", 0.0, "No plan is better (proven)", "no better plan"),
        ("en", 1e-13, "No plan is better (proven)", "no better plan"),
        ("en", 0.00001, "No plan is better by more than 0.01% (proven)", "at most 0.01% from best"),
        ("en", 0.0054, "No plan is better by more than 0.54% (proven)", "at most 0.54% from best"),
        ("en", 0.00541, "No plan is better by more than 0.55% (proven)", "at most 0.55% from best"),
        ("fr", 0.0, "Il n’existe pas de meilleur plan (prouvé)", "aucun plan n’est meilleur"),
    ],
)
def test_a_bound_is_never_rounded_down_and_none_is_no_bound(
    site: Site, lang: str, gap: float, whole: str, short: str
) -> None:
    from django.utils.translation import override

    from concerted.web.matches.words import near_word, plan_word

    with override(lang):
        assert plan_word(gap) == whole
        assert near_word(gap) == short


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"what": "offer_most", "value": "", "amount": 34621.4}, "“Help” has 34,621 USD more"),
        ({"what": "offer_least", "value": "2000", "amount": 0}, "“Help” gives from 2,000 USD on to one need"),
        ({"what": "most_partners", "value": "9", "amount": 0}, "up to 9 partners on a line in a place"),
    ],
)
def test_a_change_says_in_what_its_amount_counts(site: Site, change: dict[str, Any], said: str) -> None:
    from django.utils.translation import override

    from concerted.web.matches.words import change_word

    with override("en"):
        assert change_word(change, "Help", None, "USD") == said  # type: ignore[arg-type]
