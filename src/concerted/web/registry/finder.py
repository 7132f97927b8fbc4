"""Find priorities, places and partners by name, as one types: in any of the three languages, accents and case apart,
with one letter wrong where nothing else is found, and partners by what else a well-known one is called.

Enters: a scope and some letters. Leaves: a few names of each sort, best first, with the address of each. Priorities and
places are reference data and the same for everybody; partners are those that the viewer meets in a record that he may
see, by the names that such records use. Activities are not sought here: their list has a search of its own.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse

from concerted.codelists.lexicon import fold
from concerted.model.ids import id_text
from concerted.model.tables import ALL
from concerted.resolve.aliases import other_names
from concerted.web.coverage.cells import EMPTY, cells
from concerted.web.coverage.filters import default_filters
from concerted.web.edition.frameworks import Tree
from concerted.web.edition.names import organisation_names
from concerted.web.edition.places import chain_up
from concerted.web.edition.scope import Scope
from concerted.web.registry.likeness import Names

#: Letters below which nearly every name would match.
SHORTEST = 2
#: Names of places that are looked at more closely; a country has some thousands of places.
_CANDIDATES = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """One name: its id, what tells it from its namesakes, its address, and the distinct activities there."""

    id: str
    name: str
    detail: str
    url: str
    activities: int


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of each sort."""

    nodes: tuple[Hit, ...] = ()
    places: tuple[Hit, ...] = ()
    partners: tuple[Hit, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.nodes or self.places or self.partners)


def find_names(scope: Scope, text: str, lang: str, most: int) -> Found:
    """Up to `most` names of each sort that hold every word of `text`; nothing for less than `SHORTEST` letters."""
    if len(fold(text)) < SHORTEST:
        return Found()
    return Found(_nodes(scope, text, lang)[:most], _places(scope, text, lang, most), _partners(scope, text, lang, most))


def _nodes(scope: Scope, text: str, lang: str) -> tuple[Hit, ...]:
    page = reverse("coverage-cell")
    found = []
    for number, tree in enumerate(scope.edition.frameworks.values()):
        hits = [(rank, tree.nodes[id_]) for rank, id_ in _node_names(scope, tree).find(text)]
        if not hits:
            continue
        filters = default_filters(scope.edition, tree.id)
        counts = cells(scope, filters, [node.id for _, node in hits])
        home = default_filters(scope.edition)
        for rank, node in hits:
            url = page + filters.but(node=node.id).query(home)
            count = counts.get((node.id, None), EMPTY).activities
            found.append(
                ((rank, number, node.depth, -count), Hit(node.id, node.label(lang), tree.label(lang), url, count))
            )
    return tuple(hit for _, hit in sorted(found, key=lambda pair: pair[0]))


def _node_names(scope: Scope, tree: Tree) -> Names[str]:
    return scope.remember(
        ("names of nodes", tree.id), lambda: Names((n.id, [*n.names.values(), n.code]) for n in tree.nodes.values())
    )


def _places(scope: Scope, text: str, lang: str, most: int) -> tuple[Hit, ...]:
    places = scope.edition.places
    names: Names[str] = scope.remember(
        ("names of places",), lambda: Names((p.id, [p.name, *p.names.values()]) for p in places.values())
    )
    ranked = names.find(text)
    ranked.sort(key=lambda pair: (pair[0], places[pair[1]].level, pair[1]))
    near = [id_ for _, id_ in ranked[:_CANDIDATES]]
    home = default_filters(scope.edition)
    counts = cells(scope, home.without("place"), [ALL], "place", near) if near else {}
    found = []
    for rank, id_ in ranked[:_CANDIDATES]:
        place, count = places[id_], counts.get((ALL, id_), EMPTY).activities
        if not place.stands and not count:
            continue  # it is no place of today, and nothing is known of it
        above = [places[p].label(lang) for p in chain_up(places, id_)[1:] if p in places]
        url = reverse("coverage") + home.but(place=id_).query(home)
        found.append(((rank, -count, place.level, id_), Hit(place.id, place.label(lang), ", ".join(above), url, count)))
    return tuple(hit for _, hit in sorted(found, key=lambda pair: pair[0])[:most])


def _partners(scope: Scope, text: str, lang: str, most: int) -> tuple[Hit, ...]:
    known: Names[int] = scope.remember(("names of partners",), lambda: Names(_partner_names(scope)))
    ranked = known.find(text)
    everywhere = default_filters(scope.edition).without("place")
    counts = cells(scope, everywhere, [ALL], "partner") if ranked else {}
    ranked.sort(key=lambda pair: (pair[0], -counts.get((ALL, pair[1]), EMPTY).activities, pair[1]))
    shown = [org for _, org in ranked[:most]]
    names = organisation_names(scope, shown, lang)
    return tuple(
        Hit(
            id_text(org),
            names[org],
            "",
            reverse("partners-one", args=[id_text(org)]),
            counts.get((ALL, org), EMPTY).activities,
        )
        for org in shown
        if org in names
    )


def _partner_names(scope: Scope) -> Iterator[tuple[int, Iterable[str]]]:
    """What records that the viewer sees call each organisation; and what else a public list calls it: PNUD, UNDP."""
    rows = scope.rows(
        "SELECT org_id, list(DISTINCT name), list(DISTINCT name_fr), list(DISTINCT name_en), list(DISTINCT name_ar),"
        f" list(DISTINCT ref) FROM core_organisation WHERE {scope.filter.sql_precise()} GROUP BY org_id ORDER BY org_id"
    )
    for row in rows:
        said = [name for names in row[1:] for name in sorted(n for n in names or () if n)]
        yield row[0], [*said, *other_names(said)]
