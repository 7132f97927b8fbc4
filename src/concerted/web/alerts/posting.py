"""The way out: a connection for messages, opened once for a run. Nothing here knows what a message says."""

import smtplib
from typing import Any

from django.core.mail import get_connection

from concerted.model.errors import ConcertedError
from concerted.web.config.mail import Mail

#: Seconds that a mail server may take to answer.
PATIENCE = 20
_BACKENDS = "django.core.mail.backends"


class MailError(ConcertedError):
    """The mail server cannot be used."""


def connection_of(mail: Mail) -> Any:
    """What messages are sent through, not opened yet."""
    if mail.kind == "console":
        return get_connection(f"{_BACKENDS}.console.EmailBackend")
    if mail.kind == "off":
        raise MailError("no e-mail is sent here: CONCERTED_MAIL is not set")
    return get_connection(
        f"{_BACKENDS}.smtp.EmailBackend",
        host=mail.host,
        port=mail.port,
        username=mail.user,
        password=mail.password,
        use_tls=mail.tls == "starttls",
        use_ssl=mail.tls == "tls",
        timeout=PATIENCE,
    )


def open_connection(mail: Mail) -> Any:
    """An open connection.

    Raises:
        MailError: the server is not reached, or refuses us.
    """
    connection = connection_of(mail)
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        raise MailError(f"{mail.host}:{mail.port} cannot be used: {told(error)}") from error
    return connection


def problem(mail: Mail) -> str:
    """What is wrong with the mail server, asked now; empty where nothing is. No message is sent."""
    try:
        open_connection(mail).close()
    except MailError as error:
        return str(error).partition(": ")[2]
    return ""


def told(error: Exception) -> str:
    """What an error says in one line; of a refused address not the address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "the address was refused"
    return " ".join(str(error).split()) or type(error).__name__
