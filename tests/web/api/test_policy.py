"""Each operation declares its policy as pages do, and the check that keeps the site from starting looks at them."""

from typing import Any

import pytest

from web.api.programs import ROOT, address_of, program
from web.config.test_policy import ADMIN, ANYBODY, HOLDERS, KEEPER, MEMBER, WRITER, admits
from web.site import Site
from web.workspace import Workspace

#: Who may do what, written from the design and not from the code.
ORACLE: dict[tuple[str, str], object] = {
    ("GET", "what-if/scenarios"): MEMBER,
    ("GET", "what-if/scenarios/<uuid:scenario>"): MEMBER,
    ("POST", "what-if/scenarios"): MEMBER,
    ("DELETE", "what-if/scenarios/<uuid:scenario>"): MEMBER,
    **dict.fromkeys(
        [
            ("GET", route)
            for route in (
                "edition", "frameworks/<framework>", "places", "overview", "coverage", "coverage/cell", "map", "ends",
                "what-if",
                "activities", "activities/<activity>", "partners", "partners/<partner>", "search", "complete",
                "quality", "quality/<path:source>", "inputs", "chain", "exports/<page>", "releases",
                "releases/<int:number>", "needs", "needs/<need>",
            )
        ],
        ANYBODY,
    ),
    **dict.fromkeys(
        [
            ("GET", route)
            for route in (
                "account", "changes", "records", "records/<uuid:record>", "records/<uuid:record>/history",
                "records/<uuid:record>/picture", "records/<uuid:record>/remarks", "unreleased", "groups",
                "groups/<uuid:group>", "strategy/versions", "strategy/versions/<uuid:version>",
                "strategy/versions/<uuid:version>/file", "strategy/versions/<uuid:version>/against/<uuid:other>",
                "strategy/relations", "regional-bodies", "people", "packages",
                "packages/<uuid:package>", "asks", "asks/<uuid:ask>",
                "asks/<uuid:ask>/history", "asks/<uuid:ask>/remarks",
                "matches", "matches/<uuid:match>", "matches/runs", "matches/runs/<uuid:run>",
            )
        ],
        MEMBER,
    ),
    ("POST", "records/<uuid:record>/remarks"): MEMBER,
    ("POST", "asks/<uuid:ask>/remarks"): MEMBER,
    **dict.fromkeys(
        [
            ("POST", "records"),
            ("PUT", "records/<uuid:record>"),
            *(
                ("POST", f"records/<uuid:record>/{last}")
                for last in (
                    "merge", "steps", "restore", "remarks/<int:remark>/accept", "remarks/<int:remark>/answer",
                )
            ),
            ("POST", "who-sees"),
            ("POST", "asks"),
            ("GET", "asks/sheets"),
            ("PUT", "asks/<uuid:ask>"),
            *(("POST", f"asks/<uuid:ask>/{last}") for last in ("merge", "restore", "state")),
            ("POST", "asks/<uuid:ask>/remarks/<int:remark>/answer"),
            ("POST", "matches/runs"),
            ("GET", "inbox"),
            ("POST", "inbox"),
            ("GET", "inbox/sheets"),
            ("GET", "inbox/uploads/<uuid:upload>"),
            *(("POST", f"inbox/uploads/<uuid:upload>/{last}") for last in ("columns", "accept", "put-away")),
            ("GET", "inbox/receipts/<uuid:receipt>"),
            ("POST", "inbox/receipts/<uuid:receipt>/undo"),
        ],
        WRITER,
    ),
    **dict.fromkeys(
        [
            ("GET", "sources"),
            ("POST", "sources"),
            ("POST", "packages/<uuid:package>/parts/<int:part>/answer"),
            ("GET", "signoff"),
            ("POST", "signoff"),
            ("POST", "signoff/back"),
            ("POST", "groups"),
            ("PUT", "groups/<uuid:group>"),
            ("POST", "groups/<uuid:group>/close"),
            ("POST", "groups/<uuid:group>/leave"),
            ("POST", "matches"),
            ("POST", "matches/<uuid:match>/step"),
            ("POST", "matches/<uuid:match>/promise"),
        ],
        KEEPER,
    ),
    **dict.fromkeys(
        [
            ("GET", "validation"),
            ("POST", "validation"),
            ("POST", "validation/back"),
            ("POST", "asks/<uuid:ask>/validate"),
            ("POST", "strategy/files"),
            ("GET", "strategy/files/held"),
            ("POST", "strategy/files/take-over"),
            ("POST", "strategy/versions"),
            ("POST", "strategy/versions/<uuid:version>/steps"),
            ("GET", "strategy/versions/<uuid:version>/lines-of/<uuid:other>"),
            ("POST", "strategy/versions/<uuid:version>/lines-of/<uuid:other>"),
            ("POST", "strategy/relations"),
            ("POST", "strategy/relations/<int:relation>/take-back"),
        ],
        "secretariat and writer",
    ),
    **dict.fromkeys(
        [
            ("POST", "releases"),
            ("POST", "releases/withdraw"),
            ("GET", "releases/looked-at"),
            ("GET", "matches/rules"),
            ("POST", "matches/rules"),
        ],
        "secretariat and keeper",
    ),
    **dict.fromkeys(
        [
            ("GET", "desk"),
            ("GET", "desk/judgements"),
            ("POST", "desk/judgements"),
            ("POST", "desk/judgements/<int:number>/undo"),
            ("POST", "packages"),
            ("PUT", "packages/<uuid:package>"),
            *(("POST", f"packages/<uuid:package>/{last}") for last in ("put-forward", "end", "parts")),
            ("GET", "packages/<uuid:package>/candidates"),
            ("PUT", "packages/<uuid:package>/parts/<int:part>"),
            ("POST", "packages/<uuid:package>/parts/<int:part>/remove"),
        ],
        "judge",
    ),
    **dict.fromkeys(
        [
            ("GET", "safeguards"),
            ("GET", "safeguards/<uuid:record>"),
            ("POST", "safeguards/<uuid:record>"),
            ("POST", "asks/<uuid:ask>/assess"),
        ],
        frozenset({"rights"}),
    ),
    **dict.fromkeys(
        [("GET", "organisations"), ("POST", "organisations"), ("POST", "organisations/<uuid:partner>/invite")],
        "secretariat and administrator",
    ),
    **dict.fromkeys(
        [
            ("GET", "organisations/<uuid:partner>"),
            ("PUT", "organisations/<uuid:partner>"),
            ("POST", "organisations/<uuid:partner>/units"),
            ("POST", "organisations/<uuid:partner>/names"),
            ("DELETE", "organisations/<uuid:partner>/names/<int:alias>"),
            ("GET", "people/<uuid:person>"),
            ("POST", "people/invitations"),
            ("POST", "people/invitations/<uuid:invitation>/revoke"),
            ("PUT", "people/<uuid:person>/held"),
            *(("POST", f"people/<uuid:person>/{last}") for last in ("hand-over", "close", "open", "sign-out")),
        ],
        ADMIN,
    ),
    ("GET", "audit"): frozenset({"administrator", "signer", "rights"}),
}  # fmt: skip


def test_the_oracle_knows_every_operation(site: Site) -> None:
    from concerted.web.api.interface import api
    from concerted.web.api.mounting import offered

    assert {(each.method, each.route.replace("uuidstr:", "uuid:")) for each in offered(api)} == set(ORACLE)


@pytest.mark.parametrize("holder", [None, *HOLDERS])
def test_each_duty_gets_what_is_its_and_nothing_else(workspace: Workspace, holder: str | None) -> None:
    held = None if holder is None else HOLDERS[holder]
    partner = workspace.partner("Secretariat" if held and "secretariat" in held else "Beta")
    asks = program(workspace, None if held is None else workspace.person(partner, *held))
    for (method, route), who in ORACLE.items():
        answer = asks.ask(method, address_of(route), {} if method != "GET" else None)
        if who == ANYBODY and holder not in (None, "reader"):
            continue  # the same for everybody
        if who == ANYBODY:
            assert answer.status_code in (200, 404), route
        elif held is None:
            assert answer.status_code == 401, (method, route)
            assert answer.data["code"] == "token-missing"
        elif not admits(who, frozenset(held)):
            assert answer.status_code == 403, (method, route)
            assert answer.data["code"] == "duty-missing"
        else:
            assert answer.status_code in (200, 201, 202, 204, 404, 409, 422), (method, route, answer.content)


def test_an_operation_without_a_policy_is_found_however_it_is_mounted(site: Site) -> None:
    from django.http import HttpRequest
    from django.urls import include, path
    from ninja import NinjaAPI, Router

    from concerted.web.api.mounting import mounted
    from concerted.web.config.policy import READS, Access, acts, declares, undeclared

    router = Router()

    @router.get("/declared")
    @declares(Access.OPEN)
    def declared(request: HttpRequest) -> Any:
        return {}

    @router.post("/half")
    @acts("editor", methods=("POST",))
    def half(request: HttpRequest) -> Any:
        return {}

    @router.get("/half")
    def bare_beside(request: HttpRequest) -> Any:
        return {}

    @router.get("/bare")
    def bare(request: HttpRequest) -> Any:
        return {}

    api = NinjaAPI(urls_namespace="planted", openapi_url=None, docs_url=None)
    api.add_router("", router)
    assert undeclared([path("a/", include(mounted(api)))]) == ["half", "bare"]
    # django-ninja's own views carry nothing, whatever the operations declare.
    raw = [p for p in api.urls[0] if "declared" in str(p.pattern)]
    assert undeclared(raw) == ["declared"]
    assert READS == ("GET", "HEAD")


def test_an_undeclared_operation_runs_for_nobody(site: Site) -> None:
    from django.http import HttpRequest
    from django.test import RequestFactory
    from ninja import NinjaAPI, Router

    from concerted.web.api.mounting import mounted

    router, ran = Router(), []

    @router.get("/bare")
    def bare(request: HttpRequest) -> Any:
        ran.append(1)
        return {}

    api = NinjaAPI(urls_namespace="planted2", openapi_url=None, docs_url=None)
    api.add_router("", router)
    (pattern,) = mounted(api)
    assert pattern.callback(RequestFactory().get("/bare")).status_code == 405
    assert ran == []


def test_no_address_of_the_interface_changes_anything_for_who_has_no_token(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every address and method, with a session and without: what is not read is refused, and nothing is noted."""
    from concerted.web.api import limits
    from concerted.web.api.urls import programs

    monkeypatch.setattr(limits, "READS", 10**9)  # there are more addresses than one may ask in a minute
    monkeypatch.setattr(limits, "WRITES", 10**9)
    user = workspace.person(workspace.partner("Beta"), "implementer", "administrator", "editor")
    clients = (workspace.client(checks_tokens=True), workspace.client(user, checks_tokens=True))
    before = workspace.log()
    for client in clients:
        for pattern in programs:
            address = ROOT + ("" if pattern.name == "api-nothing" else address_of(str(pattern.pattern)))
            for method in ("POST", "PUT", "PATCH", "DELETE"):
                answer = client.generic(method, address, "{}", "application/json")
                assert answer.status_code in (401, 403, 404, 405), (pattern.name, method, answer.status_code)
    assert workspace.log() == before
