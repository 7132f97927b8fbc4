"""What each role can do here: a page, and in a sentence what for. The words that a newcomer reads first.

From DESIGN section 5; only what the site can do today stands here. Whether the page may be opened is the page's own
policy to say, so a line is never more than a suggestion.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from concerted.web.accounts.roles import Role


@dataclass(frozen=True)
class Task:
    """A thing to do: the page's name, what the link says, and what for."""

    page: str
    do: str
    why: str


_GAPS = Task(
    "coverage",
    gettext_noop("See what is not covered"),
    gettext_noop("Each square opens: why it is so, who is there, what is not known."),
)
_ENDS = Task(
    "coverage-timeline",
    gettext_noop("See what ends soon"),
    gettext_noop("Within 6, 12 and 24 months, before it has ended."),
)
_JUDGE = Task(
    "desk",
    gettext_noop("Say what is the same"),
    gettext_noop("One question at a time; the answer that narrows the totals most comes first."),
)
_CORRECT = Task(
    "activities",
    gettext_noop("Say what is not right"),
    gettext_noop("On the page of an activity that its owner keeps here; the owner answers."),
)
_NEW = Task(
    "records-new",
    gettext_noop("Enter an activity"),
    gettext_noop("Seven fields; what you do not know yet can wait."),
)
_SHEET = Task(
    "inbox",
    gettext_noop("Bring many at once"),
    gettext_noop(
        "Take our activities away as a workbook, change it, bring it back. Nothing changes before you say so."
    ),
)
_MATCH = Task(
    "matches",
    gettext_noop("Bring needs and offers together"),
    gettext_noop("Which offer could meet which need, why, and what single change would meet the others."),
)
_SIGN = Task(
    "signoff",
    gettext_noop("Sign off what was entered"),
    gettext_noop("Only changed values are shown. Then the secretariat can validate them."),
)
_MONEY = Task(
    "money",
    gettext_noop("Follow money from hand to hand"),
    gettext_noop("Who gave it, who passed it on, what is told twice."),
)
_PACKAGE = Task(
    "packages",
    gettext_noop("Put a package together"),
    gettext_noop("Several partners towards one objective: order, budget counted once, gaps, what if one leaves."),
)
_PEOPLE = Task(
    "people-invite",
    gettext_noop("Invite a colleague"),
    gettext_noop("By a link that works once. You say what your colleague may do."),
)
_EYES = Task(
    "sharing-look",
    gettext_noop("Look through other eyes"),
    gettext_noop("See the pages as the public or a partner sees them; nothing can be changed meanwhile."),
)
_ASK = Task(
    "asks",
    gettext_noop("State needs, make offers"),
    gettext_noop("What is missing and how much, what you could still give. A match is proposed, and people decide."),
)
TASKS: dict[Role, tuple[Task, ...]] = {
    Role.SECRETARIAT: (
        _GAPS,
        _MATCH,
        Task(
            "validation",
            gettext_noop("Validate what partners signed off"),
            gettext_noop("Changed values only; some, or all of a partner at once."),
        ),
        _ASK,
        _JUDGE,
        Task(
            "release",
            gettext_noop("Release the picture"),
            gettext_noop("With a note that everybody reads. Until then the public sees the one before."),
        ),
        Task(
            "strategy",
            gettext_noop("Keep the strategy"),
            gettext_noop("Load a version, consult on it, adopt it, say where old lines go."),
        ),
        _PACKAGE,
        Task(
            "organisations",
            gettext_noop("Bring in an organisation"),
            gettext_noop("Add it, then invite its first administrator, who invites the others."),
        ),
    ),
    Role.COORDINATION: (
        _PACKAGE,
        Task(
            "coverage",
            gettext_noop("See who does the same in the same place"),
            gettext_noop("Open a square: several partners with like activities, and why we ask."),
        ),
        _ENDS,
        _ASK,
        _JUDGE,
        _MONEY,
    ),
    Role.DONOR: (_GAPS, _ASK, _MATCH, _MONEY, _ENDS, _SHEET, _CORRECT),
    Role.IMPLEMENTER: (_NEW, _ASK, _MATCH, _SHEET, _SIGN, _CORRECT, _PEOPLE),
    Role.COMMUNITY: (
        Task(
            "coverage-map",
            gettext_noop("Find your place on the map"),
            gettext_noop("What is done there, by whom, until when; and what nobody has told us."),
        ),
        _ASK,
        _CORRECT,
        _NEW,
    ),
    Role.RIGHTS: (
        Task(
            "safeguards",
            gettext_noop("Look at support to security forces"),
            gettext_noop("What waits for due diligence before it may be under way, and how often words were refused."),
        ),
        Task(
            "audit",
            gettext_noop("See who saw our data"),
            gettext_noop("Who opened, took away or changed what is yours. No one else reads this list."),
        ),
        _EYES,
        _GAPS,
    ),
}


def tasks_of(roles: Iterable[str]) -> list[Task]:
    """What is done in these roles, in their order, each once. Who holds none is shown what partners do."""
    held = [role for role in Role if role in set(roles)] or [Role.IMPLEMENTER]
    return list(dict.fromkeys(task for role in held for task in TASKS[role]))
