"""The places and lines of the strategy that a form offers, from the edition that is served."""

from concerted.codelists.frameworks import LANGS, Framework, Node
from concerted.intake.vocabulary import PlaceName, Vocabulary
from concerted.web.edition.frameworks import Tree
from concerted.web.edition.opened import Edition
from concerted.web.edition.places import Place, chain_up


def vocabulary(edition: Edition | None) -> Vocabulary:
    """What may be chosen; nothing before the first build. Made once per edition."""
    if edition is None:
        return Vocabulary(())
    key = "workspace vocabulary"
    with edition.cache_lock:
        found: Vocabulary | None = edition.cache.get(key)
    if found is None:
        found = _vocabulary(edition)
        with edition.cache_lock:
            edition.cache[key] = found
    return found


def _vocabulary(edition: Edition) -> Vocabulary:
    strategy = next(iter(edition.frameworks.values()), None)
    countries = _countries(edition)
    places = tuple(
        PlaceName(place.id, place.level, chain_up(edition.places, place.id)[-1], _names(place))
        for place in edition.places.values()
        if place.stands and chain_up(edition.places, place.id)[-1] in countries
    )
    return Vocabulary(places, _framework(strategy) if strategy else None)


def _countries(edition: Edition) -> frozenset[str]:
    """The strategy's country, else those of which parts are listed: a list of all countries would hide the own ones."""
    strategy = next(iter(edition.frameworks.values()), None)
    if strategy and strategy.place_id in edition.places:
        return frozenset({chain_up(edition.places, strategy.place_id)[-1]})
    return frozenset(place.id for place in edition.places.values() if place.level == 0 and place.children)


def _names(place: Place) -> dict[str, str]:
    return {lang: place.label(lang) for lang in LANGS}


def _framework(tree: Tree) -> Framework:
    nodes = tuple(
        Node(node.id, node.code, {lang: node.label(lang) for lang in LANGS}, node.parent_id)
        for node in tree.nodes.values()
    )
    return Framework(tree.id, tree.version, {lang: tree.label(lang) for lang in LANGS}, nodes)
