"""Whether an activity may be ongoing as far as support to security forces goes: asked of the app that keeps it.

Without such an app nothing is cleared that needs to be, and nothing is known to need it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from concerted.statements.document import Document
from concerted.web.workspace.models import Record

#: Attribute by which an owner says whether an activity supports security forces that are not of the UN: yes or no.
SECURITY_SUPPORT = "security_support"


@dataclass(frozen=True)
class Found:
    """What the newest assessment found, in words: outcome, days, the organisation that assessed, measures."""

    outcome: str
    assessed_on: date
    valid_until: date
    by: str
    measures: str


@dataclass(frozen=True)
class Clearance:
    """Where an activity stands.

    Attributes:
        needed: yes, ask (its owner has to say) or no.
        standing: see `standing_word`.
        whys: sorts of signs, see `why_word`.
        is_seen: some focal point may read it; else its owner has to share it with one.
        found: the newest assessment; null = nobody has assessed it.
    """

    needed: str = "no"
    standing: str = "cleared"
    whys: tuple[str, ...] = ()
    is_seen: bool = True
    found: Found | None = None

    @property
    def is_cleared(self) -> bool:
        """Whether it may be ongoing."""
        return self.standing == "cleared"

    @property
    def word(self) -> str:
        """Where it stands, in words."""
        return standing_word(self.standing)

    @property
    def why_words(self) -> list[str]:
        """Why it is asked, in words."""
        return [why_word(each) for each in self.whys]


Ask = Callable[[Record, Document], Clearance]


def _nobody_keeps_it(record: Record, document: Document) -> Clearance:
    return Clearance()


_ask: Ask = _nobody_keeps_it


def keep_clearance(function: Ask) -> None:
    """Let `function` say where an activity stands."""
    global _ask
    _ask = function


def clearance(record: Record, document: Document) -> Clearance:
    """Where an activity stands that says what `document` says."""
    return _ask(record, document)


def standing_word(standing: str) -> str:
    """Where an activity stands."""
    return {
        "cleared": gettext("done, or not needed"),
        "refused": gettext("found that it may not be given"),
        "expired": gettext("its day has passed"),
        "changed": gettext("who receives, or what for, has changed since"),
        "lacking": gettext("lacking"),
        "unsaid": gettext("its owner has not said whether it is such support"),
    }[standing]


def why_word(why: str) -> str:
    """Why an activity looks like support to security forces."""
    return {
        "receiver": gettext("a force or its ministry receives or implements"),
        "purpose": gettext("the purpose code is, or often is, such support"),
        "words": gettext("the words name a force and support to it"),
        "words_far": gettext("the title names a force"),
        "outside": gettext("the words name what the policy leaves out, such as training in human rights"),
    }[why]
