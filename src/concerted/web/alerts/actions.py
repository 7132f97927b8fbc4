"""Send digests, and keep how often a person wants them.

A thing is told once: what a digest told is noted when it has left. A run that is stopped between the two tells again
rather than not at all. Two runs at once send one digest: whoever writes first the time of sending sends.
"""

import logging
import smtplib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from concerted.web.accounts.models import User
from concerted.web.accounts.person import viewer_for
from concerted.web.alerts.letters import letter
from concerted.web.alerts.models import Every, Told, Wish
from concerted.web.alerts.posting import MailError, open_connection, told
from concerted.web.alerts.queries import Line, digest_for, readers, told_to
from concerted.web.alerts.waiting import Asker
from concerted.web.audit.actions import Act, Who
from concerted.web.audit.actions import record as log
from concerted.web.config.mail import Mail

_log = logging.getLogger(__name__)

#: Least time between two digests: a little under a day or a week, so that none comes a day late by a minute.
_LEAST = {Every.DAILY: timedelta(hours=20), Every.WEEKLY: timedelta(days=6, hours=20)}


@dataclass(frozen=True)
class Digest:
    """What a person is to be told; `before`: when the digest before left, of which this one was made."""

    person: User
    lines: list[Line]
    before: datetime | None = None


def keep_wish(person: User, every: Every) -> None:
    """Keep how often a person wants to be told."""
    Wish.objects.update_or_create(person=person, defaults={"every": every})


def due(now: datetime) -> list[Digest]:
    """The digests that would leave now. A person with nothing new has none."""
    wishes = {each.person_id: each for each in Wish.objects.all()}
    found = []
    for person in readers():
        wish = wishes.get(person.pk) or Wish(person=person)
        if _is_due(wish, now) and _is_reached(person):
            asker = Asker(person, viewer_for(person, is_sure=True), now)
            lines = digest_for(asker, told_to(person))
            if lines:
                found.append(Digest(person, lines, wish.sent_at))
    return found


def send_digests(channel: str, now: datetime | None = None) -> Counter[str]:
    """Send every digest that is due; nothing where no e-mail is sent here.

    Args:
        channel: of the log: `job` or `command`.

    Returns:
        How many were `sent`, and how many the mail server `refused`.

    Raises:
        MailError: the mail server cannot be used; what has not left stays untold.
    """
    mail, now, counts = settings.CONCERTED_MAIL, now or timezone.now(), Counter[str]()
    digests = due(now) if mail.is_on else []
    if not digests:
        return counts
    connection = open_connection(mail)
    try:
        for digest in digests:
            counts[_send(connection, digest, mail, channel, now)] += 1
    finally:
        connection.close()
    return counts


def _send(connection: Any, digest: Digest, mail: Mail, channel: str, now: datetime) -> str:
    """`sent`, `refused`, or `left` where another run has sent it meanwhile."""
    person, before = digest.person, digest.before
    Wish.objects.get_or_create(person=person)
    if not Wish.objects.filter(person=person, sent_at=before).update(sent_at=now):
        return "left"
    try:
        connection.send_messages([letter(person, digest.lines, mail)])
    except smtplib.SMTPServerDisconnected as error:
        _give_back(person, before)
        raise MailError(f"{mail.host}:{mail.port} ended the connection") from error
    except (smtplib.SMTPException, OSError) as error:
        _give_back(person, before)
        _log.warning("the digest of the account %s was refused: %s", person.pk, told(error))
        return "refused"
    with transaction.atomic():
        for line in digest.lines:
            Told.objects.update_or_create(person=person, kind=line.kind, defaults={"marks": line.marks})
        log(Who(channel=channel), Act("told", "account", str(person.pk), person.organisation_id))
    return "sent"


def _give_back(person: User, before: datetime | None) -> None:
    Wish.objects.filter(person=person).update(sent_at=before)


def _is_due(wish: Wish, now: datetime) -> bool:
    if wish.every == Every.NEVER:
        return False
    return wish.sent_at is None or now - wish.sent_at >= _LEAST[Every(wish.every)]


def _is_reached(person: User) -> bool:
    """Accounts of a demonstration have no mailbox: their addresses are somebody else's, or nobody's."""
    whole = [person.partner, person.partner.parent]
    return settings.CONCERTED_MAIL.kind != "smtp" or not any(each and each.is_demonstration for each in whole)
