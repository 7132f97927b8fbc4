"""A digest as an e-mail, plain and as HTML, in the language of the person who gets it.

The subject says nothing of what is in it: it shows on locked screens. The HTML says the direction of the text, which
plain text cannot; it holds no picture, no style and no address but the one at which one signs in.
"""

from collections.abc import Iterable
from email.utils import make_msgid
from typing import Any
from urllib.parse import urlsplit

from babel.lists import format_list
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language_bidi, gettext, ngettext, pgettext

from concerted.web.accounts.models import User
from concerted.web.alerts.queries import Line
from concerted.web.alerts.words import line_word
from concerted.web.config.mail import Mail
from concerted.web.ui.formats import locale, number

#: Around what may run in another direction than the text beside it (Unicode: first strong isolate, and its end).
_ISOLATE, _END = "\u2068", "\u2069"


def letter(person: User, lines: Iterable[Line], mail: Mail) -> EmailMultiAlternatives:
    """The message to a person."""
    with translation.override(person.language):
        context = {
            "lines": texts(person, lines),
            "address": mail.site + reverse("home"),
            "lang": person.language,
            "dir": "rtl" if get_language_bidi() else "ltr",
        }
        message = EmailMultiAlternatives(
            subject=gettext("Concerted: something new waits for you"),
            body=render_to_string("alerts/digest.txt", context),
            from_email=mail.sender,
            to=[person.email],
            # Nobody's programs should answer it; and the name of the machine that sends it is nobody's matter.
            headers={
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
                "Content-Language": person.language,
                "Message-ID": make_msgid(domain=urlsplit(mail.site).hostname),
            },
        )
        message.attach_alternative(render_to_string("alerts/digest.html", context), "text/html")
    return message


def texts(person: User, lines: Iterable[Line]) -> list[str]:
    """The lines in the language of the person who is told."""
    with translation.override(person.language):
        return [line_text(line) for line in lines]


def line_text(line: Line) -> str:
    """One line: what is new, how much there is in all, and titles that anybody may know."""
    said = line_word(line.kind, line.new, line.detail)
    if line.count > line.new:
        said = gettext("%(said)s (%(count)s in all)") % {"said": said, "count": number(line.count)}
    if not line.titles:
        return said
    parts = [pgettext("a title", "“%(title)s”") % {"title": f"{_ISOLATE}{each}{_END}"} for each in line.titles]
    others = line.new - len(parts)
    if others > 0:
        parts.append(ngettext("%(n)s other", "%(n)s others", others) % {"n": number(others)})
    return gettext("%(said)s: %(titles)s") % {"said": said, "titles": _listed(parts)}


def _listed(parts: list[str]) -> str:
    found: Any = format_list(parts, locale=locale())
    return str(found)
