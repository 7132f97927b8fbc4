"""Each operation declares its policy as pages do, and the check that keeps the site from starting looks at them."""

from typing import Any
from uuid import uuid4

import pytest

from web.api.programs import ROOT, program
from web.site import Site
from web.workspace import Workspace

ANYBODY, MEMBER = "anybody", frozenset({"reader", "editor", "signer", "administrator"})
WRITER = MEMBER - {"reader"}
#: Who may do what, written from the design and not from the code.
ORACLE: dict[tuple[str, str], object] = {
    **dict.fromkeys(
        [
            ("GET", route)
            for route in (
                "edition", "frameworks/<framework>", "places", "overview", "coverage", "coverage/cell", "map", "ends",
                "activities", "activities/<activity>", "partners", "partners/<partner>", "search", "complete",
                "quality", "quality/<path:source>", "inputs", "chain", "exports/<page>",
            )
        ],
        ANYBODY,
    ),
    **dict.fromkeys(
        [
            ("GET", route)
            for route in (
                "account", "changes", "records", "records/<uuid:record>", "records/<uuid:record>/history",
                "records/<uuid:record>/picture", "records/<uuid:record>/remarks",
            )
        ],
        MEMBER,
    ),
    ("POST", "records/<uuid:record>/remarks"): MEMBER,
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
        ],
        WRITER,
    ),
}  # fmt: skip


def _address(route: str) -> str:
    for name, value in (("<uuid:record>", str(uuid4())), ("<int:remark>", "1"), ("<path:source>", "x/y")):
        route = route.replace(name, value)
    return (
        route.replace("<page>", "ends").replace("<framework>", "x").replace("<activity>", "x").replace("<partner>", "x")
    )


def test_the_oracle_knows_every_operation(site: Site) -> None:
    from concerted.web.api.interface import api
    from concerted.web.api.mounting import offered

    assert {(each.method, each.route.replace("uuidstr:", "uuid:")) for each in offered(api)} == set(ORACLE)


@pytest.mark.parametrize("held", [None, (), ("reader",), ("editor",), ("administrator",), ("secretariat", "reader")])
def test_each_duty_gets_what_is_its_and_nothing_else(workspace: Workspace, held: tuple[str, ...] | None) -> None:
    partner = workspace.partner("Secretariat" if held and "secretariat" in held else "Beta")
    asks = program(workspace, None if held is None else workspace.person(partner, *held))
    for (method, route), who in ORACLE.items():
        answer = asks.ask(method, _address(route), {} if method != "GET" else None)
        if who == ANYBODY:
            assert answer.status_code in (200, 404), route
        elif held is None:
            assert answer.status_code == 401, (method, route)
            assert answer.data["code"] == "token-missing"
        elif isinstance(who, frozenset) and who.isdisjoint(held):
            assert answer.status_code == 403, (method, route)
            assert answer.data["code"] == "duty-missing"
        else:
            assert answer.status_code in (200, 201, 404, 422), (method, route, answer.content)


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


def test_no_address_of_the_interface_changes_anything_for_who_has_no_token(workspace: Workspace) -> None:
    """Every address and method, with a session and without: what is not read is refused, and nothing is noted."""
    from concerted.web.api.urls import programs

    user = workspace.person(workspace.partner("Beta"), "implementer", "administrator", "editor")
    values = {"record": uuid4(), "remark": 1, "source": "x/y", "page": "ends"}
    clients = (workspace.client(checks_tokens=True), workspace.client(user, checks_tokens=True))
    before = workspace.log()
    for client in clients:
        for pattern in programs:
            wanted = {name: values.get(name, "x") for name in pattern.pattern.converters}
            address = ROOT if pattern.name == "api-nothing" else _reverse(pattern.name, wanted)
            for method in ("POST", "PUT", "PATCH", "DELETE"):
                answer = client.generic(method, address, "{}", "application/json")
                assert answer.status_code in (401, 403, 404, 405), (pattern.name, method, answer.status_code)
    assert workspace.log() == before


def _reverse(name: str, values: dict[str, Any]) -> str:
    from django.urls import reverse

    return reverse(name, kwargs=values or None)
