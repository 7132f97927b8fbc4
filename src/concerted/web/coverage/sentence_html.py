"""The one sentence of the overview, made from the figures; each figure is a link to what it counts.

Whole sentences and whole phrases are translated, never words glued together: Arabic has six plural forms, and the order
of a sentence is its own in each language.
"""

from babel.lists import format_list
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from concerted.web.coverage.filters import Filters, default_filters
from concerted.web.coverage.headline import Headline
from concerted.web.edition.money import Money
from concerted.web.edition.scope import Scope
from concerted.web.ui.formats import locale, money_range, month, number, plain_range
from concerted.web.ui.labels import STATE_CLASS


def sentence_html(scope: Scope, filters: Filters, headline: Headline) -> SafeString:
    """`Of 42 priorities, 17 are covered, 11 are partly covered and of 8 we have no information. 39 activities ..`"""
    sentences = [_states(headline), _money(scope, filters, headline), _cliff(headline)]
    return mark_safe(" ".join(s for s in sentences if s))  # noqa: S308 (format_html made each)


def _states(headline: Headline) -> SafeString | None:
    """How many priorities are in which state; a state in which none is goes unsaid."""
    if not headline.states:
        return None
    n, found = headline.nodes, headline.states
    phrases = {
        "covered": ngettext("%(n)s is covered", "%(n)s are covered", found["covered"]),
        "partly": ngettext("%(n)s is partly covered", "%(n)s are partly covered", found["partly"]),
        "not_covered": ngettext("%(n)s is not covered", "%(n)s are not covered", found["not_covered"]),
        "no_information": ngettext(
            "of %(n)s we have no information", "of %(n)s we have no information", found["no_information"]
        ),
    }
    url = headline.urls["nodes"]
    links = [_link(url, phrase % {"n": number(found[s])}, STATE_CLASS[s]) for s, phrase in phrases.items() if found[s]]
    nodes = _link(url, ngettext("%(n)s priority", "%(n)s priorities", n) % {"n": number(n)})
    listed = mark_safe(format_list(links, locale=locale()))  # noqa: S308 (each item is a link made above)
    return format_html(gettext("Of {nodes}, {states}."), nodes=nodes, states=listed)


def _money(scope: Scope, filters: Filters, headline: Headline) -> SafeString:
    n = headline.whole.activities
    count = ngettext("%(n)s activity", "%(n)s activities", n) % {"n": number(n)}
    activities = _link(headline.urls["money"], count)
    if not headline.whole.money.is_known:
        return format_html(gettext("{activities} serve it; their money is not known."), activities=activities)
    text = money_range(headline.whole.money, filters.currency)
    defaults = default_filters(scope.edition)
    url = reverse("activities") + filters.but(node="ALL").query(defaults)
    money, net = _link(url, text), headline.net
    if not net.is_net or net.gross is None:
        once = gettext("{activities} serve it with {money}, counted once.")
        return format_html(once, activities=activities, money=money)
    gross = plain_range(Money(net.gross, net.gross, net.gross), filters.currency)
    twice = _link(reverse("money"), plain_range(Money(net.certain, net.likely, net.most), filters.currency))
    once = gettext("{activities} serve it with {money}, counted once: of {gross} told, {twice} is told twice.")
    return format_html(once, activities=activities, money=money, gross=gross, twice=twice)


def _cliff(headline: Headline) -> SafeString | None:
    end = headline.next_end
    if end is None:
        return None
    when = _link(headline.next_url, month(end.end_date))
    if headline.next_place is None:
        return format_html(gettext("The next end is in {when}."), when=when)
    where = _link(headline.next_url, headline.next_place)
    return format_html(gettext("The next end is in {when}, in {where}."), when=when, where=where)


def _link(url: str, text: str, css: str = "") -> SafeString:
    if css:
        return format_html('<a class="{}" href="{}">{}</a>', css, url, text)
    return format_html('<a href="{}">{}</a>', url, text)
