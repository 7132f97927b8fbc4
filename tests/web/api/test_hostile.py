"""Whatever a program sends, nothing fails on our side and nothing is half written (schemathesis, from the description).

Half of the calls name records, versions and documents that are there: a random id would never get past the door.
"""

import json
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from memory import watched
from web.api.programs import ROOT, Program, program
from web.strategy_app import plans
from web.workspace import Workspace
from web.workspace_app.kept import editor, kept

#: Calls of each operation; the long run makes more than 10,000 of all.
FEW, MANY = 1, 120
#: What a call that changes nothing may add to: refused words are counted, work beside the site is asked for, and what
#: the due diligence of a version needs is worked out when somebody looks.
_NOTED = frozenset({"safeguards.refused", "safeguards.knownneed", "django_tasks_database.dbtaskresult"})
_SHEET = b"Code,Title,State,Places\nA-1,Radio,planned,Gao\nA-2,Courts,ongoing,Gao\n"


def _operations() -> list[Any]:
    from concerted.web.api.interface import description

    described = json.loads(json.dumps(description(), default=str))
    schema = schemathesis.openapi.from_dict(described)
    return [result.ok() for result in schema.get_all_operations()]


def _state() -> dict[str, int]:
    """How much is kept, of everything that a call may add to."""
    from django.apps import apps

    from concerted.web.audit.models import Entry

    models = [model for model in apps.get_models() if model._meta.label_lower not in _NOTED]
    found = {model._meta.label_lower: model._default_manager.count() for model in models}
    return found | {Entry._meta.label_lower: Entry.objects.exclude(action__in=("saw", "exported")).count()}


def _is_whole() -> bool:
    """Every record is what its newest version says, and every version has its place among the changes."""
    from concerted.web.api.models import Change
    from concerted.web.workspace.models import Record, RecordVersion

    newest = {v.record_id: v for v in RecordVersion.objects.order_by("number")}
    return Change.objects.count() == RecordVersion.objects.count() and all(
        newest[r.pk].number == r.version and newest[r.pk].document == r.document for r in Record.objects.all()
    )


@dataclass
class World:
    """What calls can meet: programs of every duty, and what parts of addresses may name that is there."""

    asks: list[Program]
    public: Program
    records: list[Any]
    named: dict[str, list[Any]]


def _world(workspace: Workspace) -> World:
    alpha, beta = workspace.partner("Alpha"), workspace.partner("Beta")
    user = workspace.person(alpha, "editor", "administrator")
    asks = [
        program(workspace, user),
        program(workspace, workspace.person(workspace.partner("Secretariat"), "secretariat", "administrator")),
        program(workspace, workspace.person(beta, "rights", "administrator")),
    ]
    editor_of_alpha, keeper = asks[0], asks[1]
    theirs = kept(editor(workspace, "Beta"), marking_key="GREEN")
    records = [kept(user), kept(user, condition="draft"), theirs]
    group = editor_of_alpha.ask("POST", "groups", {"name": "North", "members": [str(alpha.pk), str(beta.pk)]})
    uploads = [editor_of_alpha.bring("inbox", _SHEET).data["upload"] for _ in range(3)]
    receipt = editor_of_alpha.ask("POST", f"inbox/uploads/{uploads[0]}/accept", {"rows": [0]})
    invitation = editor_of_alpha.ask("POST", "people/invitations", {"duty": "reader"})
    held = keeper.bring("strategy/files", plans.as_file(plans.document()), "plan.yml")
    versions = [keeper.ask("POST", "strategy/versions", {"held": held.data["held"]}).data["version"]]
    held = keeper.bring("strategy/files", plans.as_file(plans.document("2")), "plan.yml")
    versions.append(keeper.ask("POST", "strategy/versions", {"held": held.data["held"]}).data["version"])
    alias = editor_of_alpha.ask("POST", f"organisations/{alpha.pk}/names", {"text": "A. International"})
    named = {
        "record": [each.pk for each in records],
        "remark": [1],
        "group": [group.data["group"]],
        "upload": uploads,
        "receipt": [receipt.data["receipt"]],
        "invitation": [invitation.data["invitation"]],
        "version": versions,
        "other": versions,
        "alias": [alias.data["other_names"][0]["number"]],
        "person": [editor(workspace).pk, editor(workspace, "Beta").pk],
        "partner": [alpha.pk, beta.pk],
        "number": [1],
        "relation": [1],
    }
    return World(asks, program(workspace), records, named)


@dataclass(frozen=True)
class Drawn:
    """What a call is made with besides what the description says: who asks, what is there, and bytes of a file."""

    asker: int | None
    record: Any
    place: int
    data: bytes
    is_known: bool


def _drawn(world: World) -> Any:
    cut = st.tuples(st.integers(0, len(_SHEET)), st.binary(max_size=20)).map(lambda c: _SHEET[: c[0]] + c[1])
    return st.builds(
        Drawn,
        st.sampled_from([None, 0, 0, 1, 1, 2]),
        st.sampled_from(world.records),
        st.integers(0, 2),
        st.one_of(st.binary(max_size=200), cut, st.just(_SHEET), st.just(plans.as_file(plans.document("3")))),
        st.booleans(),
    )


def _fuzz(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, calls: int) -> int:
    from concerted.web.api import limits

    monkeypatch.setattr(limits, "READS", 10**9)
    monkeypatch.setattr(limits, "WRITES", 10**9)
    world, made = _world(workspace), 0

    def check(operation: Any) -> Any:
        strategy = st.one_of(
            operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
            operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
        )

        @given(case=strategy, drawn=_drawn(world))
        @settings(
            max_examples=calls,
            deadline=None,
            database=None,
            derandomize=calls == FEW,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def call(case: Any, drawn: Drawn) -> None:
            nonlocal made
            made += 1
            _call(world, operation, case, drawn)

        return call

    for operation in _operations():
        check(operation)()
        assert _is_whole(), operation.label
    return made


def _call(world: World, operation: Any, case: Any, drawn: Drawn) -> None:
    from urllib.parse import quote, urlencode

    asks = world.public if drawn.asker is None else world.asks[drawn.asker]
    path = dict(case.path_parameters or {})
    body = case.body if isinstance(case.body, dict | list | str | int | float | bool | None) else None
    if drawn.is_known:
        known = {name: found[drawn.place % len(found)] for name, found in world.named.items()}
        path = {name: known.get(name, value) for name, value in path.items()} | (
            {"record": drawn.record.pk} if "record" in path else {}
        )
        if isinstance(body, dict) and "document" in body:
            stated = body["document"] if isinstance(body["document"], dict) else {}
            body = {**body, "document": {**drawn.record.document, **stated}, "began": body.get("began") or 1}
        if isinstance(body, dict) and "items" in body:
            body = {**body, "items": [{"record": str(drawn.record.pk), "version": drawn.place}]}
    address = operation.path
    for name, value in path.items():
        address = address.replace(f"{{{name}}}", quote(str(value), safe=""))
    query = urlencode({k: v for k, v in (case.query or {}).items() if v is not None}, doseq=True)
    address = address.removeprefix(ROOT) + (f"?{query}" if query else "")
    before, method = _state(), operation.method.upper()
    if _takes_a_file(operation) and drawn.is_known:
        sent: Any = drawn.data
        answer = asks.bring(address, drawn.data, ("plan.yml", "plan.xlsx", "x")[drawn.place])
    else:
        sent = None if method == "GET" else json.dumps(body, default=str)
        answer = asks.ask(method, address, sent)
    told = (operation.label, address, str(sent)[:500], answer.status_code, answer.content[:500])
    assert answer.status_code < 500 or answer.data["code"] == "no-picture", told
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json", told
        assert {"type", "code", "status", "title", "detail"} <= answer.data.keys(), told
        assert _state() == before, told
    elif method == "GET":
        assert _state() == before, told


def _takes_a_file(operation: Any) -> bool:
    return operation.label in ("POST /api/v1/inbox", "POST /api/v1/strategy/files")


def test_a_hundred_calls_of_any_kind_break_nothing(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _fuzz(workspace, monkeypatch, FEW) > 100


@pytest.mark.slow
def test_ten_thousand_calls_of_any_kind_break_nothing(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    with watched() as memory:
        assert _fuzz(workspace, monkeypatch, MANY) >= 10_000
    assert memory.most < 512  # MiB beyond what the process holds anyway; half of it is what makes the calls


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "null",
        "[]",
        '"x"',
        "\x00",
        "{" * 5000,
        '{"document": {"activity": NaN}}',
        '{"document": 1}',
        "é" * 3_000_000,
    ],
)
def test_what_is_no_json_or_too_much_of_it_is_refused(workspace: Workspace, content: str) -> None:
    asks = program(workspace, editor(workspace))
    before = _state()
    answer = asks.ask("POST", "records", content)
    assert answer.status_code in (400, 413, 422), answer.content[:300]
    assert answer.data["code"].startswith(("request-", "document-"))
    assert _state() == before
