"""Templates of packages: what a package of a known kind has in it, as dated data.

Enters: `package_templates.yml`. Leaves: frozen `Template` values, each name in French, English and Arabic, each
component with the nodes of shipped frameworks that it is nearest to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from concerted.codelists.frameworks import LANGS, Texts
from concerted.model.errors import ConfigError
from concerted.model.yaml import load_yaml

#: Between a framework's id and a node's, as the file names a node. Ids of nodes may hold a dot, none holds this.
_SLASH = "/"


@dataclass(frozen=True)
class Component:
    """A component of a template; `nodes` are (framework, node)."""

    id: str
    name: Texts
    description: Texts
    nodes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Template:
    """A template; `version` is the day on which it was said so."""

    id: str
    version: str
    source: str
    name: Texts
    description: Texts
    components: tuple[Component, ...]


@cache
def templates() -> Mapping[str, Template]:
    """Every template that is shipped, by id, in the order of the file.

    Raises:
        ConfigError: a name lacks a language, or an id stands there twice.
    """
    rows: list[dict[str, Any]] = load_yaml(
        files("concerted.codelists").joinpath("package_templates.yml").read_text("utf-8")
    )
    found = {row["id"]: _template(row) for row in rows}
    if len(found) != len(rows):
        raise ConfigError("package_templates.yml: two templates have one id")
    return found


def _template(row: Mapping[str, Any]) -> Template:
    where = f"package_templates.yml: {row['id']}"
    components = tuple(
        Component(
            each["id"],
            _texts(each["name"], f"{where}.{each['id']}"),
            _texts(each["description"], f"{where}.{each['id']}"),
            tuple(_node(text) for text in each["nodes"]),
        )
        for each in row["components"]
    )
    if len({each.id for each in components}) != len(components):
        raise ConfigError(f"{where}: two components have one id")
    name, description = _texts(row["name"], where), _texts(row["description"], where)
    return Template(row["id"], str(row["version"]), row["source"], name, description, components)


def _texts(said: Mapping[str, str], where: str) -> Texts:
    missing = [lang for lang in LANGS if not said.get(lang)]
    if missing:
        raise ConfigError(f"{where}: expected a text in {', '.join(missing)}")
    return dict(said)


def _node(text: str) -> tuple[str, str]:
    framework, _, node = text.partition(_SLASH)
    return framework, node
