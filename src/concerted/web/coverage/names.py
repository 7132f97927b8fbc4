"""What nodes and places are called on the pages, the ones that stand apart included.

A reader knows no *node*: what a framework lists are its priorities, whatever their level; *node* is a word of the code.
"""

from django.utils.translation import gettext

from concerted.model.tables import ALL, REGIONAL, UNCLASSIFIED, UNKNOWN
from concerted.web.coverage.filters import Filters
from concerted.web.edition.scope import Scope


def node_label(scope: Scope, filters: Filters, node: str, lang: str) -> str:
    """The name of a node, of the whole and of what no node claims."""
    if node == ALL:
        return gettext("All priorities")
    if node == UNCLASSIFIED:
        return gettext("Outside these priorities")
    return scope.edition.frameworks[filters.framework].nodes[node].label(lang)


def place_label(scope: Scope, place: str, lang: str, *, exact: bool = False) -> str:
    """The name of a place, of several countries and of no known place; the id of one that the edition does not list.

    With `exact`, what is said of the place as a whole and not of a part of it.
    """
    if place == REGIONAL:
        return gettext("Several countries")
    if place == UNKNOWN:
        return gettext("Place unknown")
    found = scope.edition.places.get(place)
    if found is None:
        return place
    if not exact:
        return found.label(lang)
    return gettext("Whole country") if found.level == 0 else gettext("Not placed further down")
