"""Strategies as files, and secretariats that keep them."""

from dataclasses import replace
from datetime import date
from typing import Any

import yaml

from concerted.codelists.frameworks import Framework
from concerted.web.strategy.texts import Looked
from web.workspace import Workspace

TODAY = date(2026, 11, 28)
NODES: list[dict[str, Any]] = [
    {"id": "A", "name": {"fr": "Axe A", "en": "Pillar A"}},
    {"id": "B", "parent": "A", "name": {"fr": "Puits", "en": "Wells"}},
    {"id": "C", "parent": "A", "name": {"fr": "Écoles", "en": "Schools"}},
]


def document(version: str = "1", nodes: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    """A small strategy as its YAML says it."""
    return {
        "id": "plan",
        "version": version,
        "place": "ML",
        "name": {"fr": "Plan national", "en": "National plan"},
        "nodes": NODES if nodes is None else nodes,
    } | more


def as_file(stated: dict[str, Any]) -> bytes:
    """The bytes of a YAML file."""
    return yaml.safe_dump(stated, allow_unicode=True, sort_keys=False).encode()


def framework(version: str = "1", nodes: list[dict[str, Any]] | None = None, **more: Any) -> Framework:
    """The strategy that a document is."""
    from concerted.web.strategy.texts import look_at

    looked: Looked = look_at("plan.yml", as_file(document(version, nodes, **more)), "en")
    assert looked.framework is not None, looked.problems
    return looked.framework


def secretary(workspace: Workspace, *held: str) -> Any:
    """Who keeps the strategy."""
    return workspace.person(workspace.partner("Secretariat"), "secretariat", *(held or ("signer",)))


def actor(user: Any) -> Any:
    """The one who acts, through a page."""
    from concerted.web.accounts.actions import actor_of
    from concerted.web.accounts.models import User

    return actor_of(User.objects.get(pk=user.pk))


def kept(user: Any, version: str = "1", nodes: list[dict[str, Any]] | None = None, **more: Any) -> Any:
    """A version that is kept, as a draft."""
    from concerted.web.strategy import actions

    return actions.keep(actor(user), actions.hold(actor(user), framework(version, nodes, **more)))


def step(user: Any, version: Any, to: str, **more: Any) -> None:
    """A step, begun with what is there now."""
    from concerted.web.strategy import actions, queries

    actions.step(actor(user), version, actions.Wanted(to, queries.last_sequence(), **more), TODAY)


def adopted(user: Any, version: str = "1", nodes: list[dict[str, Any]] | None = None, **more: Any) -> Any:
    """A version that was adopted."""
    made = kept(user, version, nodes, **more)
    step(user, made, "consultation")
    step(user, made, "adopted", act="Decree 1", day=date(2026, 1, 15))
    return made


__all__ = ["TODAY", "adopted", "as_file", "document", "framework", "kept", "replace", "secretary", "step"]
