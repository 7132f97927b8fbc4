"""The one sentence of the overview, made from the figures; each figure is a link to what it counts.

Whole sentences and whole phrases are translated, never words glued together: Arabic has six plural forms, and the order
of a sentence is its own in each language.
"""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from concerted.web.coverage.filters import Filters, default_filters
from concerted.web.coverage.headline import Headline
from concerted.web.edition.scope import Scope
from concerted.web.ui.formats import money_range, month, number


def sentence_html(scope: Scope, filters: Filters, headline: Headline) -> SafeString:
    """`Of 42 nodes, 17 are covered, 11 partly, 6 are not, and of 8 we do not know. Net funding is ...`"""
    sentences = [_states(headline), _money(scope, filters, headline), _cliff(headline)]
    return mark_safe(" ".join(s for s in sentences if s))  # noqa: S308 (format_html made each)


def _states(headline: Headline) -> SafeString | None:
    if not headline.states:
        return None
    n, found = headline.nodes, headline.states
    phrases = {
        "nodes": ngettext("%(n)s node", "%(n)s nodes", n) % {"n": number(n)},
        "covered": ngettext("%(n)s is covered", "%(n)s are covered", found["covered"]) % _n(found["covered"]),
        "partly": ngettext("%(n)s partly", "%(n)s partly", found["partly"]) % _n(found["partly"]),
        "open": ngettext("%(n)s is not covered", "%(n)s are not covered", found["not_covered"])
        % _n(found["not_covered"]),
        "unknown": ngettext("we do not know of %(n)s", "we do not know of %(n)s", found["no_information"])
        % _n(found["no_information"]),
    }
    links = {name: _link(headline.urls["nodes"], text) for name, text in phrases.items()}
    return format_html(gettext("Of {nodes}, {covered}, {partly}, {open}, and {unknown}."), **links)


def _money(scope: Scope, filters: Filters, headline: Headline) -> SafeString:
    n = headline.whole.activities
    count = ngettext("%(n)s activity", "%(n)s activities", n) % {"n": number(n)}
    activities = _link(headline.urls["money"], count)
    if not headline.whole.money.is_known:
        return format_html(gettext("{activities} serve it; their money is not known."), activities=activities)
    text = money_range(headline.whole.money, filters.currency)
    defaults = default_filters(scope.edition)
    url = reverse("activities") + filters.but(node="ALL").query(defaults)
    money = _link(url, text)
    return format_html(gettext("{activities} serve it with {money}, counted once."), activities=activities, money=money)


def _cliff(headline: Headline) -> SafeString | None:
    end = headline.next_end
    if end is None:
        return None
    when = _link(headline.next_url, month(end.end_date))
    if headline.next_place is None:
        return format_html(gettext("The next end is in {when}."), when=when)
    where = _link(headline.next_url, headline.next_place)
    return format_html(gettext("The next end is in {when}, in {where}."), when=when, where=where)


def _n(value: int) -> dict[str, str]:
    return {"n": number(value)}


def _link(url: str, text: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, text)
