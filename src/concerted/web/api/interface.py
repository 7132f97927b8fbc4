"""The whole interface: its operations, how errors are answered, and its description made from the code."""

from functools import cache
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import get_schema

from concerted.web.api.faults import add_faults
from concerted.web.api.mounting import Offered, offered
from concerted.web.api.operations import (
    account,
    ask_remarks,
    asks,
    audit,
    changes,
    desk,
    inbox,
    matches,
    organisations,
    packages,
    people,
    picture,
    records,
    registry,
    releases,
    remarks,
    reports,
    safeguards,
    sharing,
    sources,
    strategy,
    validation,
    what_if,
)
from concerted.web.api.scopes import SCOPES

#: Where the operations stand; another version that breaks programs gets another number.
ROOT = "/api/v1/"
_ABOUT = """\
All that pages of Concerted read and write. Without a token you get what the public gets. Amounts are texts, null is
unknown and never zero. Errors are `application/problem+json` (RFC 9457) with `code`, and `errors` that say where, what
and what to do. Answers carry an `ETag`: send it as `If-None-Match` and what has not changed costs a few bytes."""

api = NinjaAPI(
    title="Concerted",
    version="1",
    description=_ABOUT,
    openapi_url=None,
    docs_url=None,
    urls_namespace="concerted-api",
)
_MODULES = (
    picture, registry, reports, asks, ask_remarks, records, remarks, changes, inbox, validation, releases, sharing,
    safeguards, strategy, desk, sources, what_if, packages, matches, people, organisations, audit, account,
)  # fmt: skip
for _module in _MODULES:
    api.add_router("", _module.router)
add_faults(api)


@cache
def description() -> dict[str, Any]:
    """The OpenAPI description, with what each operation asks of who uses it."""
    found: dict[str, Any] = dict(get_schema(api=api, path_prefix=ROOT))
    components = dict(found["components"])
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": f"Made for: {', '.join(SCOPES)}"}
    }
    components["schemas"] = {**components.get("schemas", {}), "Problem": _PROBLEM}
    for each in offered(api):
        operation = _operation(found, each)
        operation["operationId"] = each.operation.view_func.__name__
        needs = each.policy is not None and bool(each.policy.who)
        operation["security"] = [{"token": []}] if needs else [{}, {"token": []}]
        if each.policy and each.policy.scope:
            operation["x-scope"] = each.policy.scope
        if each.policy and each.policy.who:
            operation["x-needs"] = sorted(" and ".join(sorted(who)) for who in each.policy.who)
        operation["responses"] = {**operation["responses"], **_problems(each, needs=needs)}
    return {**found, "components": components, "servers": []}


def _operation(found: dict[str, Any], each: Offered) -> dict[str, Any]:
    import re

    address = ROOT + re.sub(r"<(?:[^:>]+:)?([^>]+)>", r"{\1}", each.route)
    operation: dict[str, Any] = found["paths"][address][each.method.lower()]
    return operation


def _problems(each: Offered, *, needs: bool) -> dict[int | str, Any]:
    codes = {401: "The token opens nothing, or none came", 422: "Something in the request is wrong", 429: "Too often"}
    codes |= {404: "Nothing is here for you", 503: "There is no picture yet, or no registry"}
    if needs:
        codes[403] = "The token or its owner may not do this"
    if each.method != "GET":
        codes |= {400: "The request cannot be read", 409: "Somebody else has saved meanwhile", 413: "Too large"}
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        code: {"description": text, "content": {"application/problem+json": {"schema": schema}}}
        for code, text in sorted(codes.items())
    }


_PROBLEM = {
    "type": "object",
    "title": "Problem",
    "required": ["type", "code", "status", "title", "detail"],
    "properties": {
        **{name: {"type": "string"} for name in ("type", "code", "title", "detail")},
        "status": {"type": "integer"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["where", "what", "do"],
                "properties": {name: {"type": "string"} for name in ("where", "what", "do", "words")},
            },
        },
    },
}
