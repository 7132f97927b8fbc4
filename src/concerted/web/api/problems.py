"""Errors as programs read them: `application/problem+json`, which says what, where and what to do.

Source: RFC 9457. `code` is stable and what a program should look at; the texts are for who writes the program.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpResponse


def problem(
    status: int,
    code: str,
    title: str,
    detail: str,
    errors: Iterable[Mapping[str, Any]] = (),
    **more: Any,
) -> HttpResponse:
    """An answer that says what is wrong.

    Args:
        status: of HTTP.
        code: the stable name of this kind of error.
        title: what is wrong, the same for every error of the kind.
        detail: what to do.
        errors: where exactly, each with `where`, `what` and `do`.
        more: members of this kind of error alone.
    """
    body = {"type": f"urn:concerted:problem:{code}", "code": code, "status": status, "title": title, "detail": detail}
    listed = list(errors)
    content = json.dumps(body | ({"errors": listed} if listed else {}) | more, ensure_ascii=False, default=str)
    written = content.encode("utf-8", "replace")  # a member that was sent may hold half a character
    response = HttpResponse(written, status=status, content_type="application/problem+json")
    response["Cache-Control"] = "no-store"
    return response


def not_there() -> HttpResponse:
    """What is absent and what is not to be seen, byte for byte the same."""
    return problem(
        404,
        "not-there",
        "Nothing is here for you.",
        "The address or a value in it names nothing that you may see. Ids come from lists; filters from /edition.",
    )
