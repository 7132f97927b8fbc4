"""An endpoint without a declared policy does not start; what it declares holds for every role and every method."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from web.pages import LINKED_RECORD, NEED, PARTNER
from web.site import Site
from web.workspace import Workspace

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
READS, FORM, POST = ("GET", "HEAD"), ("GET", "HEAD", "POST"), ("POST",)
ANYBODY, SIGNED_IN = "anybody", "signed in"
MEMBER = frozenset({"reader", "editor", "signer", "administrator"})
WRITER = MEMBER - {"reader"}
ADMIN = frozenset({"administrator"})
KEEPER = frozenset({"administrator", "signer"})
#: What each address is for, written from the design and not from the code: who may, and by which methods.
ORACLE: dict[str, tuple[object, tuple[str, ...]]] = {
    **dict.fromkeys(
        (
            "root", "robots", "overview", "coverage", "coverage-cell", "coverage-map", "coverage-timeline", "money",
            "activities", "activities-one", "needs", "needs-one", "search", "partners", "partners-one", "quality",
            "quality-source", "method", "export", "account_inactive", "programs", "coverage-what-if",
        ),
        (ANYBODY, READS),
    ),
    **dict.fromkeys(("account_login", "mfa_authenticate", "account_logout", "join", "new-password"), (ANYBODY, FORM)),
    **dict.fromkeys(("mfa_index", "mfa_view_recovery_codes", "mfa_list_webauthn"), (SIGNED_IN, READS)),
    **dict.fromkeys(
        (
            "account", "account_change_password", "account_reauthenticate", "mfa_reauthenticate", "mfa_activate_totp",
            "mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_add_webauthn", "mfa_reauthenticate_webauthn",
            "mfa_edit_webauthn", "mfa_remove_webauthn", "tokens",
        ),
        (SIGNED_IN, FORM),
    ),
    **dict.fromkeys(("account-sign-out-everywhere", "tokens-revoke"), (SIGNED_IN, POST)),
    "people": (MEMBER, READS),
    "people-invite": (ADMIN, FORM),
    "people-one": (ADMIN, READS),
    **dict.fromkeys(
        (
            "people-revoke", "people-roles", "people-hand-over", "people-close", "people-open", "people-remove-factor",
            "people-sign-out", "people-password-link", "organisations-unit", "organisations-alias",
            "organisations-alias-remove",
        ),
        (ADMIN, POST),
    ),
    "organisations": ("secretariat and administrator", FORM),
    "organisations-one": (ADMIN, FORM),
    "organisations-invite": ("secretariat and administrator", POST),
    **dict.fromkeys(("records", "records-one", "records-picture", "records-history", "records-of"), (MEMBER, READS)),
    **dict.fromkeys(("records-new", "records-edit", "records-propose"), (WRITER, FORM)),
    "records-audience": (WRITER, READS),
    **dict.fromkeys(("records-merge", "records-step", "records-restore", "records-answer"), (WRITER, POST)),
    "records-remark": (MEMBER, FORM),
    **dict.fromkeys(("inbox", "inbox-columns"), (WRITER, FORM)),
    **dict.fromkeys(
        ("inbox-sheets", "inbox-one", "inbox-progress", "inbox-receipt", "inbox-receipt-progress"), (WRITER, READS)
    ),
    **dict.fromkeys(("inbox-accept", "inbox-put-away", "inbox-undo"), (WRITER, POST)),
    "home": (SIGNED_IN, READS),
    "alerts-wish": (SIGNED_IN, POST),
    "safeguards": (frozenset({"rights"}), READS),
    "safeguards-assess": (frozenset({"rights"}), FORM),
    "sharing": (MEMBER, READS),
    "sharing-one": (MEMBER, READS),
    **dict.fromkeys(("sharing-new", "sharing-change"), (KEEPER, FORM)),
    **dict.fromkeys(("sharing-close", "sharing-leave"), (KEEPER, POST)),
    "sharing-look": (SIGNED_IN, FORM),
    "sharing-look-end": (SIGNED_IN, POST),
    **dict.fromkeys(
        ("strategy", "strategy-version", "strategy-against", "strategy-file", "strategy-crosswalks", "strategy-bodies"),
        (MEMBER, READS),
    ),
    **dict.fromkeys(("strategy-load", "strategy-remap"), ("secretariat and writer", FORM)),
    **dict.fromkeys(
        ("strategy-take-over", "strategy-keep", "strategy-step", "strategy-relate"), ("secretariat and writer", POST)
    ),
    **dict.fromkeys(("asks", "asks-one", "asks-picture", "asks-history", "asks-of"), (MEMBER, READS)),
    **dict.fromkeys(("asks-new", "asks-edit"), (WRITER, FORM)),
    **dict.fromkeys(("asks-merge", "asks-restore", "asks-state"), (WRITER, POST)),
    "asks-sheets": (WRITER, READS),
    "asks-validate": ("secretariat and writer", POST),
    "asks-assess": (frozenset({"rights"}), POST),
    "asks-remark": (MEMBER, FORM),
    "asks-answer": (WRITER, POST),
    **dict.fromkeys(("scenarios", "scenarios-one"), (MEMBER, READS)),
    "scenarios-save": (MEMBER, FORM),
    "scenarios-delete": (MEMBER, POST),
    "signoff": (KEEPER, READS),
    "signoff-decide": (KEEPER, POST),
    "validation": ("secretariat and writer", READS),
    "validation-decide": ("secretariat and writer", POST),
    "precedence": (KEEPER, FORM),
    **dict.fromkeys(("packages", "packages-one", "packages-brief"), (MEMBER, READS)),
    **dict.fromkeys(("packages-new", "packages-change", "packages-add", "packages-part"), ("judge", FORM)),
    **dict.fromkeys(("packages-put-forward", "packages-end", "packages-remove"), ("judge", POST)),
    "packages-answer": (KEEPER, POST),
    **dict.fromkeys(("desk", "desk-judged"), ("judge", READS)),
    **dict.fromkeys(("desk-judge", "desk-undo"), ("judge", POST)),
    **dict.fromkeys(("matches", "matches-run", "matches-progress", "matches-proposal", "matches-one"), (MEMBER, READS)),
    "matches-ask": (WRITER, POST),
    **dict.fromkeys(("matches-put-forward", "matches-step"), (KEEPER, POST)),
    "matches-promise": (KEEPER, FORM),
    "matches-rules": ("secretariat and keeper", FORM),
    **dict.fromkeys(("releases", "releases-one"), (ANYBODY, READS)),
    "release": ("secretariat and keeper", FORM),
    "release-changes": (MEMBER, READS),
    "release-withdraw": ("secretariat and keeper", POST),
    "release-progress": ("secretariat and keeper", READS),
    "audit": (frozenset({"administrator", "signer", "rights"}), READS),
}  # fmt: skip
HOLDERS = {
    "reader": ("implementer", "reader"),
    "editor": ("implementer", "editor"),
    "signer": ("implementer", "signer"),
    "administrator": ("implementer", "administrator"),
    "donor": ("donor", "reader"),
    "secretariat reader": ("secretariat", "reader"),
    "secretariat administrator": ("secretariat", "administrator"),
    "rights": ("rights", "reader"),
    "coordination": ("coordination", "editor"),
    "nothing": (),
}


def admits(who: object, held: frozenset[str] | None) -> bool:
    """The oracle's answer: `held` is what a signed-in person holds, None = nobody is signed in."""
    if who == ANYBODY:
        return True
    if held is None:
        return False
    if who == SIGNED_IN:
        return True
    if who == "secretariat and administrator":
        return {"secretariat", "administrator"} <= held
    if who == "judge":
        return not held.isdisjoint({"secretariat", "coordination"}) and not WRITER.isdisjoint(held)
    if who == "secretariat and keeper":
        return "secretariat" in held and not KEEPER.isdisjoint(held)
    if who == "secretariat and writer":
        return "secretariat" in held and not WRITER.isdisjoint(held)
    assert isinstance(who, frozenset)
    return not who.isdisjoint(held)


def addresses(target: Any = None) -> Iterator[tuple[str, str]]:
    """(name, an address of it) of every page of the site; `tests/web/api` walks the programs' interface."""
    from django.urls import reverse

    from concerted.web.config.policy import endpoints

    values = {
        "activity": LINKED_RECORD,
        "ask": uuid4(),
        "which": "need",
        "key": NEED,
        "source": "iati/delta",
        "page": "timeline",
        "token": "x" * 43,
        "person": target.pk if target else uuid4(),
        "partner": target.partner_id if target else uuid4(),
        "invitation": uuid4(),
        "alias": 1,
        "record": uuid4(),
        "upload": uuid4(),
        "receipt": uuid4(),
        "scenario": uuid4(),
        "number": 1,
        "group": uuid4(),
        "package": uuid4(),
        "part": 1,
        "version": uuid4(),
        "other": uuid4(),
        "ending": "yml",
        "statement": "0" * 16,
        "pk": 1,
        "run": uuid4(),
        "need": "0" * 16,
        "offer": "0" * 16,
        "match": uuid4(),
    }
    for pattern in endpoints():
        if str(pattern.name).startswith("api-"):
            continue
        wanted = {key: values[key] for key in pattern.pattern.converters}
        if pattern.name == "tokens-revoke":
            wanted["token"] = uuid4()
        if pattern.name == "partners-one":
            wanted["partner"] = PARTNER
        yield str(pattern.name), reverse(str(pattern.name), kwargs=wanted or None)


def test_every_address_of_the_site_declares_its_policy(site: Site) -> None:
    from concerted.web.config.policy import every_endpoint_declares_its_policy, undeclared

    assert undeclared() == []
    assert every_endpoint_declares_its_policy() == []


def test_a_view_without_a_policy_is_found_wherever_it_hangs(site: Site) -> None:
    from django.http import HttpRequest, HttpResponse
    from django.urls import include, path

    from concerted.web.config.policy import Access, declares, undeclared

    def bare(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    @declares(Access.OPEN)
    def declared(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    patterns = [path("a/", declared), path("b/", include([path("c/", bare)]))]
    assert undeclared(patterns) == ["c/"]


def test_the_site_does_not_start_with_an_undeclared_view(site: Site) -> None:
    program = """
import django
django.setup()
from concerted.web.config import urls
from django.http import HttpResponse
from django.urls import path
urls.urlpatterns.append(path("bare/", lambda request: HttpResponse()))
import concerted.web.config.wsgi
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "views without a declared policy: bare/" in run.stderr


def test_the_oracle_knows_every_address(site: Site) -> None:
    assert {name for name, _ in addresses()} == set(ORACLE)


@pytest.mark.parametrize("holder", [None, *HOLDERS])
def test_each_role_gets_what_is_its_and_nothing_else_by_any_method(workspace: Workspace, holder: str | None) -> None:
    held = None if holder is None else frozenset(HOLDERS[holder])
    partner = workspace.partner("Secretariat" if held and "secretariat" in held else "Beta")
    user = None if held is None else workspace.person(partner, *held)
    client = workspace.client(user)
    wrong = []
    for name, address in addresses(user):
        who, methods = ORACLE[name]
        if who == ANYBODY and holder not in (None, "reader", "secretariat administrator"):
            continue  # the same for everybody: asked three times, not ten
        for method in METHODS:
            if name == "account_logout" and method == "POST":
                continue  # would end the session with which the rest is asked
            answer = client.generic(method, address)
            got = answer.status_code
            if method not in methods:
                is_right = got == 405
            elif admits(who, held):
                # Let in: whatever the form or the thing behind it says, it is not sent to the entrance.
                is_right = got in (200, 302, 404) and "/sign-in/?" not in answer.get("Location", "")
            elif held is None:
                is_right = got == 302 and "/sign-in/?" in answer["Location"]
            else:
                is_right = got == 404
            if not is_right:
                wrong.append((name, method, got))
    assert wrong == []


def test_a_person_without_the_second_factor_that_the_roles_need_is_led_to_it(workspace: Workspace) -> None:
    user = workspace.person(workspace.partner("Beta"), "implementer", "administrator")
    client = workspace.client(user, factor=False)
    for name, address in addresses(user):
        who, methods = ORACLE[name]
        if isinstance(who, frozenset) or who == "secretariat and administrator":
            answer = client.generic(methods[0], address)
            assert answer.status_code == 302, name
            assert "/account/second-factor/" in answer["Location"], name


@pytest.mark.parametrize("holder", [None, *HOLDERS])
def test_every_form_without_its_token_is_refused(workspace: Workspace, holder: str | None) -> None:
    user = None
    if holder is not None:
        held = HOLDERS[holder]
        user = workspace.person(workspace.partner("Secretariat" if "secretariat" in held else "Beta"), *held)
    client = workspace.client(user, checks_tokens=True)
    before = workspace.log()
    for name, address in addresses(user):
        for method in ("POST",) if holder else ("POST", "PUT", "PATCH", "DELETE"):
            answer = client.generic(method, address)
            assert answer.status_code == 403, (name, method)
            assert "token" in answer.content.decode() or "jeton" in answer.content.decode()
    assert workspace.log() == before


def test_people_of_another_organisation_are_as_if_they_were_not_there(workspace: Workspace) -> None:
    mine = workspace.person(workspace.partner("Beta"), "implementer", "administrator")
    theirs = workspace.person(workspace.partner("Alpha"), "donor", "editor")
    client = workspace.client(mine)
    absent = client.get(f"/fr/workspace/people/{uuid4()}/").content
    for name, address in addresses(theirs):
        who, methods = ORACLE[name]
        if name.startswith(("people-", "organisations-")) and admits(who, mine.held) and name != "people-invite":
            for method in methods:
                answer = client.generic(method, address)
                assert answer.status_code == 404, (name, method)
                assert method == "HEAD" or answer.content == absent, (name, method)
    theirs.refresh_from_db()
    assert theirs.is_active


def test_an_action_that_names_nobody_is_a_mistake(site: Site) -> None:
    from concerted.web.config.policy import Access, acts, declares

    with pytest.raises(TypeError):
        acts()
    with pytest.raises(TypeError):
        acts(frozenset())
    with pytest.raises(TypeError):
        declares(Access.ACTION)
