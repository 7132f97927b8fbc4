"""Write to the log, in the transaction of what is logged: both are there, or neither.

Writers wait for each other, so that the chain has neither gap nor fork: SQLite has one writer at a time, on PostgreSQL
a lock is held until the transaction ends. Write to the log last in a transaction: what comes after it would keep every
other writer waiting, and two transactions that lock in different orders stop each other.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.dispatch import Signal
from django.utils import timezone

from concerted.web.audit.chain import START, digest_of_plain, plain
from concerted.web.audit.inserting import insert_values
from concerted.web.audit.models import Entry

#: Every action that an entry may tell of.
ACTIONS = frozenset(
    {
        "saw",
        "exported",
        "changed",
        "added",
        "removed",
        "signed_in",
        "signed_out",
        "signed_out_everywhere",
        "sign_in_failed",
        "factor_added",
        "factor_removed",
        "password_changed",
        "invited",
        "invitation_revoked",
        "joined",
        "role_given",
        "role_taken",
        "deactivated",
        "reactivated",
        "handed_over",
        "signed_off",
        "validated",
        "sent_back",
        "released",
        "release_withdrawn",
        "password_link_made",
        "backed_up",
        "restored",
        "looked_as",
        "looked_as_oneself",
        "token_made",
        "token_revoked",
        "told",
        "asked",
        "consented",
        "consent_refused",
        "put_forward",
        "accepted",
        "committed",
        "delivered",
        "declined",
        "withdrawn",
        "returned",
    }
)
CHANNELS = frozenset({"page", "sheet", "api", "command", "job"})
#: Number of the lock on PostgreSQL; any number will do that nobody else takes.
_LOCK = 4_017_236_511
#: Sent with `entries`, each a dictionary by the columns of `Entry`, in the transaction that adds them, while every
#: other writer waits: what is numbered by them is in the order in which it becomes visible. Whoever listens must be
#: quick.
entries_added = Signal()
#: Entries that are written at once; an upload makes one for each record.
_AT_ONCE = 2_000


@dataclass(frozen=True)
class Who:
    """Who acts, for which organisation and through what; the default is the keeper of the machine."""

    person: UUID | None = None
    organisation: UUID | None = None
    channel: str = "command"


@dataclass(frozen=True)
class Act:
    """What was done: the action, the kind and id of its object, and the organisation whose data it is."""

    action: str
    object_kind: str
    object_id: str = ""
    owner: UUID | None = None


def record(who: Who, *acts: Act) -> None:
    """Add entries, in the caller's transaction or in one of their own.

    Raises:
        ValueError: an action or a channel that is not on the list.
    """
    for act in acts:
        if act.action not in ACTIONS:
            raise ValueError(f"{act.action!r} is no action of the log; add it to ACTIONS with its words")
    if who.channel not in CHANNELS:
        raise ValueError(f"{who.channel!r} is no channel of the log")
    with transaction.atomic():
        _wait_for_turn()
        last = Entry.objects.order_by("-sequence").values_list("sequence", "digest").first()
        sequence, before = last or (0, START)
        for start in range(0, len(acts), _AT_ONCE):
            entries = []
            same: dict[str, Any] = {"time": timezone.now(), "actor": who.person, "actor_partner": who.organisation}
            same["channel"] = who.channel
            said = {name: plain(value) for name, value in same.items()}
            for act in acts[start : start + _AT_ONCE]:
                sequence += 1
                own: dict[str, Any] = {"sequence": sequence, "previous": before} | vars(act)
                before = digest_of_plain(said | own | {"owner": plain(act.owner)})
                entries.append({**same, **own, "digest": before})
            insert_values(Entry, entries)
            entries_added.send(Entry, entries=entries)


def _wait_for_turn() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
