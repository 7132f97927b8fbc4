"""What waits for a person: each line a count and the page on which it is dealt with. Only counts are asked.

Enters: a request of somebody who is signed in. Leaves: lines, what stops others first. A line stands there only where
its page may be opened, so nobody is told of work that is not his.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from concerted.web.accounts.actions import actor_of
from concerted.web.accounts.roles import Duty
from concerted.web.alerts.waiting import Asker, ends, matches
from concerted.web.alerts.words import line_word
from concerted.web.asks.actions import may_assess, may_validate
from concerted.web.asks.queries import count_waiting
from concerted.web.asks.remarks import waiting_said
from concerted.web.config.policy import may_open
from concerted.web.config.requests import SignedInRequest
from concerted.web.inbox.queries import count_uploads
from concerted.web.packages.actions import BINDERS
from concerted.web.packages.queries import asked_of
from concerted.web.safeguards.queries import queue
from concerted.web.ui.formats import number
from concerted.web.validation.actions import may_sign
from concerted.web.validation.queries import count_returned, count_to_sign, count_to_validate
from concerted.web.workspace.queries.records import count_open
from concerted.web.workspace.queries.remarks import count_open_remarks

#: Duties with which one changes records of the own organisation.
_WRITERS = frozenset(map(str, (Duty.EDITOR, Duty.SIGNER, Duty.ADMINISTRATOR)))


@dataclass(frozen=True)
class Waits:
    """A line: what waits, in a sentence with its count, and where it is dealt with."""

    words: str
    url: str


def waiting_for(request: SignedInRequest) -> list[Waits]:
    """The lines of who asks; none while his second factor is missing, when he may do nothing yet."""
    return [] if request.viewer.is_public else [*_of_all(request), *_of_own(request)]


def _line(name: str, said: str, count: int, query: str = "") -> Iterator[Waits]:
    if count:
        yield Waits(said % {"count": number(count)}, reverse(name) + query)


def _of_all(request: SignedInRequest) -> Iterator[Waits]:
    """What waits of records of several organisations: for the secretariat and for focal points."""
    if may_open(request, "validation"):
        n = count_to_validate(request.viewer)
        yield from _line(
            "validation", ngettext("%(count)s activity to validate", "%(count)s activities to validate", n), n
        )
    if may_open(request, "safeguards"):
        n = queue(request.viewer).total
        said = ngettext("%(count)s activity waits for due diligence", "%(count)s activities wait for due diligence", n)
        yield from _line("safeguards", said, n)
    today = timezone.now().date()
    if may_validate(actor_of(request.person)):
        n = count_waiting(request.viewer, "unvalidated", today)
        yield from _line("asks", line_word("needs_to_validate", n), n, "?state=unvalidated")
    if may_assess(actor_of(request.person)):
        n = count_waiting(request.viewer, "diligence", today)
        yield from _line("asks", line_word("needs_to_assess", n), n, "?state=diligence")
    if may_open(request, "release") and request.is_unreleased:
        yield Waits(gettext("The newest picture is not released: the public sees the one before"), reverse("release"))


def _of_own(request: SignedInRequest) -> Iterator[Waits]:
    """What waits of the records of his own organisation."""
    person, owner = request.person, request.person.organisation_id
    if may_open(request, "signoff") and may_sign(actor_of(person), owner):
        n = count_to_sign(request.viewer)
        yield from _line(
            "signoff", ngettext("%(count)s activity to sign off", "%(count)s activities to sign off", n), n
        )
    n = len(matches(Asker(person, request.viewer, timezone.now())).things)
    yield from _line("matches", line_word("matches", n), n)
    if _WRITERS.isdisjoint(person.held):
        return
    n = count_returned(owner)
    back = ngettext("%(count)s activity was sent back to us", "%(count)s activities were sent back to us", n)
    yield from _line("signoff" if may_open(request, "signoff") else "records", back, n)
    n = count_open_remarks(owner)
    remarks = ngettext(
        "%(count)s remark of others on our activities is not answered",
        "%(count)s remarks of others on our activities are not answered",
        n,
    )
    yield from _line("records", remarks, n)
    n = waiting_said(owner).count()
    yield from _line("asks", line_word("said_of_asks", n), n, "?whose=ours")
    n = count_uploads(owner)
    yield from _line("inbox", ngettext("%(count)s file to look at", "%(count)s files to look at", n), n)
    n = len(ends(Asker(person, request.viewer, timezone.now())).things)
    yield from _line("records", line_word("ends", n), n)
    yield from _of_packages(request)
    lacking, drafts = count_open(owner)
    lack = ngettext(
        "%(count)s of our activities has something missing",
        "%(count)s of our activities have something missing",
        lacking,
    )
    yield from _line("records", lack, lacking)
    yield from _line("records", ngettext("%(count)s draft", "%(count)s drafts", drafts), drafts)


def _of_packages(request: SignedInRequest) -> Iterator[Waits]:
    """Parts of his organisation in packages of others, for who answers for it."""
    if BINDERS.isdisjoint(request.person.held):
        return
    n = len(asked_of(request.viewer))
    yield from _line("packages", line_word("packages", n), n)
