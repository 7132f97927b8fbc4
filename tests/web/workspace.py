"""A registry with two partners and the secretariat in it, and people of every duty; and clients that are signed in."""

import base64
import hmac
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from web.registry_database import use
from web.site import Site

PASSWORD = "seven quiet camels drink"


def code_of(secret: str, steps: int = 0) -> str:
    """What an app with this secret shows now, or some half-minutes later (RFC 6238)."""
    key = base64.b32decode(secret)
    digest = hmac.digest(key, (int(time.time()) // 30 + steps).to_bytes(8, "big"), "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


@dataclass
class Workspace:
    """The site with a registry."""

    site: Site
    kind: str
    partners: dict[str, Any] = field(default_factory=dict)
    numbers: Any = field(default_factory=itertools.count)

    def partner(self, name: str, *roles: str, reference: str = "") -> Any:
        """An organisation, made at the first mention."""
        from concerted.web.accounts.models import Partner

        if name not in self.partners:
            self.partners[name] = Partner.objects.create(name={"en": name}, roles=sorted(roles), reference=reference)
        return self.partners[name]

    def person(self, partner: Any, *held: str, name: str = "") -> Any:
        """An account with a password, holding these roles and duties."""
        from concerted.web.accounts.models import Assignment, User

        number = next(self.numbers)
        user = User(email=f"p{number}@example.org", name=name or f"Person {number}", partner=partner, language="en")
        user.set_password(PASSWORD)
        user.save()
        Assignment.objects.bulk_create(Assignment(holder=user, held=str(each)) for each in held)
        return user

    def client(self, user: Any = None, *, factor: bool = True, checks_tokens: bool = False) -> Any:
        """A client; signed in as `user`, with a second factor in this session unless told otherwise."""
        from django.test import Client

        client = Client(enforce_csrf_checks=checks_tokens, raise_request_exception=False)
        if user is not None:
            client.force_login(user, "concerted.web.accounts.backend.Backend")
            session = client.session
            methods = [{"method": "password", "at": time.time()}]
            if factor:
                methods.append({"method": "mfa", "type": "totp", "at": time.time()})
            session["account_authentication_methods"] = methods
            session["account_authentication_methods_user"] = str(user.pk)
            session.save()
        return client

    def log(self) -> list[str]:
        """Actions of the log, oldest first."""
        from concerted.web.audit.models import Entry

        return list(Entry.objects.values_list("action", flat=True))


def _workspace(site: Site, databases: Any) -> Iterator[Workspace]:
    from django.conf import settings
    from django.core.cache import cache
    from django.utils import translation

    before = settings.DATABASES["default"]
    use(databases.fresh())
    cache.clear()
    translation.activate("en")  # a page of another test may have left its language to this thread
    workspace = Workspace(site, databases.kind)
    workspace.partner("Secretariat", "secretariat", reference="XM-SEC")
    workspace.partner("Alpha", "donor", "implementer", reference="XM-ALPHA")
    workspace.partner("Beta", "implementer", "rights")
    yield workspace
    use(before)


@pytest.fixture
def workspace(site: Site, sqlite_databases: Any) -> Iterator[Workspace]:
    """The site with a fresh registry on SQLite."""
    yield from _workspace(site, sqlite_databases)


#: What runs on SQLite runs on PostgreSQL too, in the long suite.
DATABASES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.slow))


@pytest.fixture(params=DATABASES)
def both(request: pytest.FixtureRequest, site: Site) -> Iterator[Workspace]:
    """The site with a fresh registry, on each of the two databases in turn."""
    yield from _workspace(site, request.getfixturevalue(f"{request.param}_databases"))
