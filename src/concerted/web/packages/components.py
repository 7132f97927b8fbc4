"""What a package is made of: the components of its template, or the lines of the strategy that it serves.

A component is named by a key: its id in the template, or `framework/node`. What an edition does not list any more keeps
its key for a name: nothing is dropped because a strategy has a new version.
"""

from dataclasses import dataclass

from concerted.codelists.package_templates import templates
from concerted.web.edition.opened import Edition
from concerted.web.packages.models import Package

_SLASH = "/"


@dataclass(frozen=True)
class Component:
    """A component in the reader's language; `nodes` are (framework, node), of those that the edition has."""

    key: str
    name: str
    about: str
    nodes: tuple[tuple[str, str], ...]


def components_of(package: Package, edition: Edition | None, lang: str) -> list[Component]:
    """The components of a package, in their order."""
    template = templates().get(package.template)
    if template is not None:
        return [
            Component(
                each.id,
                each.name[lang],
                each.description[lang],
                tuple(pair for pair in each.nodes if _is_known(edition, *pair)),
            )
            for each in template.components
        ]
    return [line_of(key, edition, lang) for key in package.nodes]


def line_of(key: str, edition: Edition | None, lang: str) -> Component:
    """A line of a framework by its key."""
    framework, _, node = key.partition(_SLASH)
    if edition is None or not _is_known(edition, framework, node):
        return Component(key, key, "", ())
    found = edition.frameworks[framework].nodes[node]
    name = found.label(lang)
    return Component(key, f"{found.code} {name}" if found.code != name else name, "", ((framework, node),))


def lines(edition: Edition | None, lang: str) -> list[tuple[str, str]]:
    """The lines of the strategy that a package may serve: key and name, in the order of the tree."""
    strategy = next(iter(edition.frameworks.values()), None) if edition else None
    if strategy is None:
        return []
    indent = "\u2003"
    return [
        (
            f"{strategy.id}{_SLASH}{node.id}",
            f"{indent * node.depth}{line_of(f'{strategy.id}{_SLASH}{node.id}', edition, lang).name}",
        )
        for node in strategy.nodes.values()
    ]


def places(edition: Edition | None, lang: str) -> list[tuple[str, str]]:
    """The places that a package may be for: the strategy's country and what lies right below it, by name."""
    if edition is None:
        return []
    strategy = next(iter(edition.frameworks.values()), None)
    country = strategy.place_id if strategy else None
    below = [p for p in edition.places.values() if p.parent_id == country or (country is None and p.level == 0)]
    own = [edition.places[country]] if country in edition.places else []
    return [(p.id, p.label(lang)) for p in [*own, *sorted(below, key=lambda p: p.label(lang).casefold())]]


def _is_known(edition: Edition | None, framework: str, node: str) -> bool:
    tree = edition.frameworks.get(framework) if edition else None
    return tree is not None and node in tree.nodes
