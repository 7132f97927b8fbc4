"""The filter bar: the choices that exist for this viewer, and the chips that take a filter away."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext

from concerted.model.tables import ALL, REGIONAL, UNCLASSIFIED, UNKNOWN
from concerted.web.coverage.cells import cells
from concerted.web.coverage.filters import (
    CURRENCIES,
    KINDS,
    NO_PARTNER,
    NO_YEAR,
    Filters,
    NotThere,
    default_filters,
)
from concerted.web.coverage.names import node_label, place_label
from concerted.web.edition.names import organisation_names
from concerted.web.edition.places import chain_up
from concerted.web.edition.scope import Scope
from concerted.web.ui.formats import currency_name
from concerted.web.ui.labels import kind_of_money

#: Countries offered when no place is chosen: those with most activities.
COUNTRIES = 40
#: Choices that the line on a phone has no room for.
_EXTRA = ("kind", "currency")


@dataclass(frozen=True, slots=True)
class Choice:
    """A select of the bar: its name in the address, its label, its options (value, text), and which one is chosen.

    `is_extra`: on a phone the line that says what is shown leaves it out.
    """

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str
    is_extra: bool = False

    @property
    def text(self) -> str:
        """What is chosen, in words; empty where it is none of the options."""
        return dict(self.options).get(self.value, "")

    @property
    def html(self) -> SafeString:
        """The options as elements, put together without the template engine: a bar has a hundred of them."""
        parts = (
            f'<option value="{escape(value)}"{" selected" if value == self.value else ""}>{escape(text)}</option>'
            for value, text in self.options
        )
        return mark_safe("".join(parts))  # noqa: S308 (escaped above)


@dataclass(frozen=True, slots=True)
class Bar:
    """What the template of the bar needs. `chips` = (text, address part without it); `kept` = hidden inputs."""

    choices: tuple[Choice, ...]
    chips: tuple[tuple[str, str], ...]
    kept: tuple[tuple[str, str], ...]
    is_default: bool


def filter_bar(scope: Scope, filters: Filters, lang: str, *, dated: bool = True) -> Bar:
    """The bar for the filters.

    Raises:
        NotThere: the filters name a partner that the viewer may not know of.
    """
    defaults = default_filters(scope.edition)
    choices = [
        _choice("framework", gettext("Strategy or framework"), _frameworks(scope, lang), filters.framework),
        _choice("place", gettext("Place"), place_options(scope, filters, lang), filters.place or "all"),
    ]
    if dated:
        choices.append(_choice("period", gettext("Year"), _years(scope, filters), filters.period or "all"))
    choices += [
        _choice("kind", gettext("Money"), [(k, capfirst(kind_of_money(k))) for k in KINDS], filters.kind),
        _choice("currency", gettext("Currency"), [(c, currency_name(c)) for c in CURRENCIES], filters.currency),
    ]
    kept = {"node": filters.node, "partner": filters.partner, "by": filters.by if filters.by != "place" else None}
    kept |= {"open": ",".join(sorted(filters.opened)), "q": filters.q, "state": filters.state}
    kept |= {"validation": filters.validation}
    return Bar(
        choices=tuple(choices),
        chips=tuple(_chips(scope, filters, defaults, lang)),
        kept=tuple((name, value) for name, value in kept.items() if value),
        is_default=filters.but(opened=frozenset(), by="place") == defaults,
    )


def _choice(name: str, label: str, options: Iterable[tuple[str, str]], chosen: str) -> Choice:
    return Choice(name, label, tuple(options), chosen, name in _EXTRA)


def _frameworks(scope: Scope, lang: str) -> list[tuple[str, str]]:
    return [(tree.id, tree.label(lang)) for tree in scope.edition.frameworks.values()]


def place_options(scope: Scope, filters: Filters, lang: str) -> list[tuple[str, str]]:
    """Places to choose from, as (id, name): the chosen one, those above and below it, and what has no place."""
    places = scope.edition.places
    options = [("all", gettext("All places"))]
    if filters.place in places:
        options += [(p, places[p].label(lang)) for p in reversed(chain_up(places, filters.place))]
        below = sorted(places[filters.place].children) or sorted(
            places[parent].children if (parent := places[filters.place].parent_id) in places else []
        )
        options += [(p, places[p].label(lang)) for p in below if p != filters.place and places[p].stands]
    else:
        options += [(p, places[p].label(lang)) for p in _busy_countries(scope, filters)]
    options += [(p, place_label(scope, p, lang)) for p in (REGIONAL, UNKNOWN)]
    home = default_filters(scope.edition, filters.framework).place
    if home and home not in dict(options):
        options.insert(1, (home, places[home].label(lang)))
    return options


def _busy_countries(scope: Scope, filters: Filters) -> list[str]:
    countries = [p.id for p in scope.edition.places.values() if p.level == 0]
    found = cells(scope, filters.without("place").without("period").without("partner"), [ALL], "place", countries)
    ranked = sorted(found.items(), key=lambda item: (-item[1].activities, str(item[0][1])))
    return [str(place) for (_, place), _ in ranked[:COUNTRIES]]


def _years(scope: Scope, filters: Filters) -> list[tuple[str, str]]:
    found = cells(scope, filters.without("partner"), [ALL, UNCLASSIFIED], "period")
    years = sorted({key for _, key in found if isinstance(key, int)} | ({filters.year} if filters.year else set()))
    options = [("all", gettext("All years")), *((str(y), str(y)) for y in reversed(years))]
    return [*options, (NO_YEAR, gettext("Year unknown"))]


def _chips(scope: Scope, filters: Filters, defaults: Filters, lang: str) -> Iterable[tuple[str, str]]:
    if filters.node:
        yield node_label(scope, filters, filters.node, lang), filters.but(node=None).query(defaults)
    if filters.partner:
        yield partner_label(scope, filters, lang), filters.but(partner=None).query(defaults)
    if filters.exact and filters.place in scope.edition.places:
        text = place_label(scope, str(filters.place), lang, exact=True)
        yield text, filters.but(exact=False).query(defaults)


def partner_label(scope: Scope, filters: Filters, lang: str) -> str:
    """Name of the partner that the filters name.

    Raises:
        NotThere: there is none that the viewer may know of.
    """
    if filters.partner == NO_PARTNER:
        return gettext("Partner not shown")
    names: dict[Any, str] = dict(organisation_names(scope, [filters.org_id], lang))
    if filters.org_id not in names:
        raise NotThere("partner")
    return names[filters.org_id] or gettext("Name not stated")
