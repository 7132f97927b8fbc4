"""Needs and offers as people of a partner would state them."""

from typing import Any

from web.workspace_app.kept import actor


def need(user: Any, title: str = "Training places for magistrates", **stated: Any) -> dict[str, Any]:
    """A need of money, seen by everybody unless told otherwise."""
    from concerted.web.asks.actions import begin

    found = begin(actor(user), user.partner, "need")
    terms = stated.pop("term", [{"kind": "place", "code": "ML07"}])
    found["need"] |= {
        "title": title,
        "low_value": "1000",
        "high_value": "2000",
        "currency": "USD",
        "marking_key": "CLEAR",
        **stated,
    }
    return found | {"term": terms}


def offer(user: Any, title: str = "Money for justice", **stated: Any) -> dict[str, Any]:
    """An offer of money, seen by everybody unless told otherwise."""
    from concerted.web.asks.actions import begin

    found = begin(actor(user), user.partner, "offer")
    found["offer"] |= {
        "title": title,
        "most_value": "5000",
        "currency": "USD",
        "marking_key": "CLEAR",
        **stated,
    }
    return found


def kept(user: Any, document: dict[str, Any] | None = None, **values: Any) -> Any:
    """A kept need or offer of the partner of `user`."""
    from concerted.web.asks.actions import create
    from concerted.web.workspace.models import Condition

    condition = values.pop("condition", Condition.KEPT)
    return create(actor(user), user.partner, document or need(user, **values), condition).record


def with_value(document: dict[str, Any], column: str, value: Any) -> dict[str, Any]:
    """The document with another value in one column of the need or offer."""
    which = "need" if "need" in document else "offer"
    return {**document, which: {**document[which], column: value}}
