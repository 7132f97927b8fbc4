"""E-mail leaves only where somebody said how, never with a password in clear, and never without a place to sign in."""

import socket
import threading
from collections.abc import Iterator

import pytest

from concerted.model.errors import ConfigError
from concerted.web.config.mail import Mail, mail

FROM, SITE = "Concerted <noreply@example.org>", "https://picture.example.org"


def test_nothing_leaves_unless_it_is_said_how() -> None:
    assert mail("", "", "") == mail("off", "", "") == Mail()
    assert not Mail().is_on


def test_a_server_is_spoken_to_under_tls_unless_that_is_turned_off() -> None:
    found = mail("smtp://u%40x:p%2Fw@mail.example.org", FROM, SITE + "/")
    assert (found.host, found.port, found.tls, found.user, found.password) == (
        "mail.example.org", 587, "starttls", "u@x", "p/w"
    )  # fmt: skip
    assert (found.sender, found.site) == (FROM, SITE)
    assert "p/w" not in repr(found)
    assert (mail("smtps://mail.example.org", FROM, SITE).port, mail("smtps://h:9", FROM, SITE).tls) == (465, "tls")
    assert mail("smtp://relay:25?tls=off", FROM, SITE).tls == "off"
    assert mail("smtp://u:p@localhost?tls=off", FROM, "http://localhost:8000").port == 25


@pytest.mark.parametrize(
    ("stated", "sender", "site", "says"),
    [
        ("mail.example.org", FROM, SITE, "none of"),
        ("http://mail.example.org", FROM, SITE, "none of"),
        ("smtp://", FROM, SITE, "none of"),
        ("smtp://h?tls=no", FROM, SITE, "none of"),
        ("smtp://h?verify=off", FROM, SITE, "none of"),
        ("smtp://h:port", FROM, SITE, "port"),
        ("smtp://u:secret@relay?tls=off", FROM, SITE, "without TLS"),
        ("smtp://h", "", SITE, "CONCERTED_MAIL_FROM"),
        ("smtp://h", "nobody", SITE, "CONCERTED_MAIL_FROM"),
        ("smtp://h", "a@b.org\nBcc: x@y.org", SITE, "CONCERTED_MAIL_FROM"),
        ("console", FROM, "", "CONCERTED_SITE"),
        ("smtp://h", FROM, "http://picture.example.org", "CONCERTED_SITE"),
        ("smtp://h", FROM, "picture.example.org", "CONCERTED_SITE"),
    ],
)
def test_what_is_wrong_is_said_by_the_name_of_the_setting(stated: str, sender: str, site: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as caught:
        mail(stated, sender, site)
    assert "secret" not in str(caught.value)


@pytest.fixture
def server() -> Iterator[tuple[int, list[bytes]]]:
    """A mail server that takes one connection: its port, and what it was given."""
    given: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        peer, _ = listening.accept()
        with peer, peer.makefile("rwb") as stream:

            def say(line: bytes) -> None:
                stream.write(line + b"\r\n")
                stream.flush()

            say(b"220 here")
            while line := stream.readline():
                given.append(line.rstrip())
                word = line[:4].upper()
                if word == b"DATA":
                    say(b"354 go on")
                    while (line := stream.readline()) != b".\r\n":
                        given.append(line.rstrip())
                say(b"221 bye" if word == b"QUIT" else b"250 well")
                if word == b"QUIT":
                    return

    thread = threading.Thread(target=serve)
    thread.start()
    yield listening.getsockname()[1], given
    thread.join(10)
    listening.close()
    assert not thread.is_alive()


def test_a_message_reaches_a_real_server(server: tuple[int, list[bytes]], site: object) -> None:
    from django.core.mail import EmailMessage

    from concerted.web.alerts.posting import open_connection

    port, given = server
    connection = open_connection(mail(f"smtp://127.0.0.1:{port}?tls=off", FROM, SITE))
    sent = connection.send_messages([EmailMessage("Hello", "Ça va", FROM, ["p@example.org"])])
    connection.close()
    assert sent == 1
    assert b"mail FROM:<noreply@example.org>" in given[1] or given[1].lower().startswith(b"mail from:<noreply@")
    assert b"To: p@example.org" in given


def test_a_server_that_is_not_there_is_a_problem_and_one_that_is_there_is_none(
    server: tuple[int, list[bytes]], site: object
) -> None:
    from concerted.web.alerts.posting import problem

    port, given = server
    assert problem(mail(f"smtp://127.0.0.1:{port}?tls=off", FROM, SITE)) == ""
    assert not any(line.upper().startswith(b"MAIL") for line in given)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = taken.getsockname()[1]
    assert "refused" in problem(mail(f"smtp://127.0.0.1:{closed}?tls=off", FROM, SITE)).lower()
