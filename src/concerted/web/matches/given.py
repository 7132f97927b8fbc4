"""What matches give of needs and take of offers, for the pages of these: of the matches that a viewer reads alone."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from django.db.models import Q
from django.urls import reverse

from concerted.marking import Viewer
from concerted.matching.life import OPEN, TAKEN
from concerted.web.asks.given import ZERO, Given, GivenLine
from concerted.web.matches import words
from concerted.web.matches.models import Match
from concerted.web.matches.queries import readable


def given(viewer: Viewer, statements: Collection[int]) -> Mapping[int, Given]:
    """See `asks.given.given_of`. What is put forward alone is listed, and counts for nothing yet."""
    wanted = set(statements)
    found: dict[int, list[Match]] = {}
    for match in readable(viewer).filter(Q(need__in=wanted) | Q(offer__in=wanted), state__in=OPEN):
        for statement in {match.need, match.offer} & wanted:
            found.setdefault(statement, []).append(match)
    return {statement: _given(matches) for statement, matches in found.items()}


def _given(matches: list[Match]) -> Given:
    return Given(
        _sum(match.amount for match in matches if match.state in TAKEN),
        _sum(match.amount for match in matches if match.state == "delivered"),
        tuple(
            GivenLine(reverse("matches-one", args=[match.pk]), words.state_word(match.state), match.amount)
            for match in matches
        ),
    )


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
