"""Whatever a program sends, nothing fails on our side and nothing is half written (schemathesis, from the description).

Half of the calls name records, versions and documents that are there: a random id would never get past the door.
"""

import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from web.api.programs import ROOT, Program, program
from web.workspace import Workspace
from web.workspace_app.kept import editor, kept

#: Calls of each operation; the long run makes more than 10,000 of all.
FEW, MANY = 9, 320


def _operations() -> list[Any]:
    from concerted.web.api.interface import description

    described = json.loads(json.dumps(description(), default=str))
    schema = schemathesis.openapi.from_dict(described)
    return [result.ok() for result in schema.get_all_operations()]


def _state() -> tuple[int, ...]:
    """How much is kept: of everything that a call may add to."""
    from concerted.web.api.models import Change
    from concerted.web.audit.models import Entry
    from concerted.web.workspace.models import Record, RecordVersion, Remark

    written = Entry.objects.exclude(action__in=("saw", "exported"))
    return tuple(
        rows.count() for rows in (Record.objects, RecordVersion.objects, Remark.objects, Change.objects, written)
    )


def _is_whole() -> bool:
    """Every record is what its newest version says, and every version has its place among the changes."""
    from concerted.web.api.models import Change
    from concerted.web.workspace.models import Record, RecordVersion

    newest = {v.record_id: v for v in RecordVersion.objects.order_by("number")}
    return Change.objects.count() == RecordVersion.objects.count() and all(
        newest[r.pk].number == r.version and newest[r.pk].document == r.document for r in Record.objects.all()
    )


def _fuzz(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, calls: int) -> int:
    from concerted.web.api import limits

    monkeypatch.setattr(limits, "READS", 10**9)
    monkeypatch.setattr(limits, "WRITES", 10**9)
    user = editor(workspace)
    theirs = kept(editor(workspace, "Beta"), marking_key="GREEN")
    records = [kept(user), kept(user, condition="draft"), theirs]
    asks = program(workspace, user)
    public, made = program(workspace), 0

    def check(operation: Any) -> Any:
        strategy = st.one_of(
            operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
            operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
        )

        @given(case=strategy, record=st.sampled_from(records), is_known=st.booleans(), has_token=st.booleans())
        @settings(
            max_examples=calls,
            deadline=None,
            database=None,
            derandomize=calls == FEW,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def call(case: Any, record: Any, is_known: bool, has_token: bool) -> None:
            nonlocal made
            made += 1
            _call(asks if has_token or is_known else public, operation, case, record if is_known else None)

        return call

    for operation in _operations():
        check(operation)()
        assert _is_whole(), operation.label
    return made


def _call(asks: Program, operation: Any, case: Any, record: Any) -> None:
    from urllib.parse import quote, urlencode

    path = dict(case.path_parameters or {})
    body = case.body if isinstance(case.body, dict | list | str | int | float | bool | None) else None
    if record is not None:
        path = {name: record.pk if name == "record" else 1 if name == "remark" else v for name, v in path.items()}
        if isinstance(body, dict) and "document" in body:
            stated = body["document"] if isinstance(body["document"], dict) else {}
            body = {**body, "document": {**record.document, **stated}, "began": body.get("began") or 1}
    address = operation.path
    for name, value in path.items():
        address = address.replace(f"{{{name}}}", quote(str(value), safe=""))
    query = urlencode({k: v for k, v in (case.query or {}).items() if v is not None}, doseq=True)
    before = _state()
    sent = None if operation.method.upper() == "GET" else json.dumps(body, default=str)
    answer = asks.ask(operation.method.upper(), address.removeprefix(ROOT) + (f"?{query}" if query else ""), sent)
    told = (operation.label, address, query, str(sent)[:500], answer.status_code, answer.content[:500])
    assert answer.status_code < 500 or answer.data["code"] == "no-picture", told
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json", told
        assert {"type", "code", "status", "title", "detail"} <= answer.data.keys(), told
        assert _state() == before, told
    elif operation.method.upper() == "GET":
        assert _state() == before, told


def test_a_few_hundred_calls_of_any_kind_break_nothing(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _fuzz(workspace, monkeypatch, FEW) > 200


@pytest.mark.slow
def test_ten_thousand_calls_of_any_kind_break_nothing(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _fuzz(workspace, monkeypatch, MANY) >= 10_000


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
