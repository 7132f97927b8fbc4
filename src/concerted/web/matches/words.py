"""Conditions, reasons, changes and steps of matches in words."""

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from babel.numbers import format_percent
from django.utils.translation import gettext, ngettext, pgettext

from concerted.web.edition.scope import Scope
from concerted.web.ui.formats import day, language, locale, number
from concerted.web.ui.labels import code_label

#: Conditions whose values are ids of lines or places, codes of organisations or of languages, days, numbers.
_LISTED: dict[str, str] = {"receiver": "OrganisationType", "language": "Language"}
#: Relative distances from the best below this are the solver's arithmetic, not worth.
_NO_GAP = 1e-9


def condition_word(code: str) -> str:
    """What a condition asks."""
    return {
        "need_open": gettext("The need is open"),
        "offer_open": gettext("The offer is open"),
        "understood": gettext("Every line and place that both name is understood"),
        "amount_known": gettext("How much is missing and how much is there is known"),
        "expiry": gettext("The offer can still be accepted"),
        "window": gettext("There is a day on which help is of use and can be given"),
        "node": gettext("The line is one for which the offer is given"),
        "place": gettext("The place is one for which the offer is given"),
        "receiver": gettext("The offer admits this kind of receiver"),
        "due_diligence": gettext("Due diligence is done, or not needed"),
        "other": gettext("Giver and receiver are two organisations"),
        "language": gettext("Both have a language in common"),
        "minimum": gettext("The smallest amount that is of use, or is given, fits"),
        "concentration": gettext("Not too many partners are there already"),
        "used_elsewhere": gettext("It would fit, but is worth more elsewhere"),
        "declined": gettext("Somebody said no to this match"),
        "no_offer_of_kind": gettext("Nobody offers anything of this kind"),
    }.get(code, code)


def reason_word(code: str, count: int) -> str:
    """For how many offers something stands in the way of a need."""
    if code == "no_offer_of_kind":
        return condition_word(code)
    shown = {"count": number(count)}
    words: dict[str, Callable[[], str]] = {
        "need_open": lambda: gettext("the need is not open"),
        "offer_open": lambda: ngettext("%(count)s offer is not open", "%(count)s offers are not open", count) % shown,
        "understood": lambda: (
            ngettext(
                "of %(count)s offer a line or place is not understood",
                "of %(count)s offers a line or place is not understood",
                count,
            )
            % shown
        ),
        "amount_known": lambda: (
            ngettext("of %(count)s offer no amount is known", "of %(count)s offers no amount is known", count) % shown
        ),
        "expiry": lambda: ngettext("%(count)s offer is past", "%(count)s offers are past", count) % shown,
        "window": lambda: (
            ngettext("%(count)s offer is for other days", "%(count)s offers are for other days", count) % shown
        ),
        "node": lambda: (
            ngettext("%(count)s offer is for other lines", "%(count)s offers are for other lines", count) % shown
        ),
        "place": lambda: (
            ngettext("%(count)s offer is for other places", "%(count)s offers are for other places", count) % shown
        ),
        "receiver": lambda: (
            ngettext("%(count)s offer is for other receivers", "%(count)s offers are for other receivers", count)
            % shown
        ),
        "due_diligence": lambda: gettext("due diligence is not done"),
        "other": lambda: ngettext("%(count)s offer is its own", "%(count)s offers are its own", count) % shown,
        "language": lambda: (
            ngettext("%(count)s offer is in other languages", "%(count)s offers are in other languages", count) % shown
        ),
        "minimum": lambda: (
            ngettext("%(count)s offer is too large or too small", "%(count)s offers are too large or too small", count)
            % shown
        ),
        "concentration": lambda: gettext("too many partners are there already"),
        "used_elsewhere": lambda: (
            ngettext(
                "%(count)s offer fits, and is worth more elsewhere",
                "%(count)s offers fit, and are worth more elsewhere",
                count,
            )
            % shown
        ),
        "declined": lambda: ngettext("%(count)s was declined", "%(count)s were declined", count) % shown,
    }
    return words[code]() if code in words else code


def change_word(change: Mapping[str, Any], offer: str, scope: Scope, unit: str) -> str:
    """A single change that would meet a need; `offer` is what the offer is called, `unit` what the need counts in."""
    value, more = str(change["value"]), f"{number(round(float(change['amount'])))} {unit}"
    said = {"offer": offer, "value": _value(change["what"], value, scope, unit), "more": more}
    return {
        "offer_place": gettext("“%(offer)s” also for %(value)s"),
        "offer_node": gettext("“%(offer)s” also for the line %(value)s"),
        "offer_receiver": gettext("“%(offer)s” also for receivers of the kind %(value)s"),
        "offer_language": gettext("“%(offer)s” also in %(value)s"),
        "offer_expiry": gettext("“%(offer)s” stays open until %(value)s"),
        "offer_end": gettext("“%(offer)s” can be given until %(value)s"),
        "offer_start": gettext("“%(offer)s” can be given from %(value)s on"),
        "offer_least": gettext("“%(offer)s” gives from %(value)s on to one need"),
        "offer_most": gettext("“%(offer)s” has %(more)s more"),
        "need_least": gettext("the need takes from %(value)s on at once"),
        "need_end": gettext("the need waits until %(value)s"),
        "need_due_diligence": gettext("due diligence is recorded as done"),
        "capacity": gettext("%(value)s can take %(more)s more"),
        "most_partners": gettext("up to %(value)s partners on a line in a place"),
    }[change["what"]] % said


def _value(what: str, value: str, scope: Scope, unit: str) -> str:
    if what in ("offer_place", "offer_node"):
        return named("place" if what == "offer_place" else "node", value.split("; "), scope)
    if what == "offer_receiver":
        return code_label("OrganisationType", value)
    if what == "offer_language":
        return ", ".join(code_label("Language", each) for each in value.split("; "))
    if what in ("offer_expiry", "offer_end", "offer_start", "need_end"):
        return day(date.fromisoformat(value))
    if what == "capacity":
        return named("place", [value], scope)
    if what in ("offer_least", "need_least"):
        return f"{number(float(value))} {unit}"
    if what == "most_partners":
        return number(float(value))
    return value


def named(kind: str, ids: list[str], scope: Scope) -> str:
    """Lines or places by name; what the picture does not list keeps its id."""
    lang = language()
    found = []
    for each in ids:
        if kind == "place":
            place = scope.edition.places.get(each)
            found.append(place.label(lang) if place else each)
        else:
            strategy = next(iter(scope.edition.frameworks.values()), None)
            node = strategy.nodes.get(each) if strategy else None
            found.append(f"{node.code or node.id} {node.label(lang)}" if node else each)
    return "; ".join(found)


def condition_values(code: str, wanted: str, found: str, scope: Scope) -> tuple[str, str]:
    """What is asked and what there is, in the words of the page."""

    def told(text: str) -> str:
        parts = [part for part in text.split(", ") if part]
        if code in ("node", "place"):
            return named(code, parts, scope)
        if code in _LISTED:
            return "; ".join(code_label(_LISTED[code], part) for part in parts)
        if code == "minimum":
            return number(float(text)) if text else ""
        if code in ("expiry", "window"):
            return " – ".join(day(date.fromisoformat(part)) for part in text.split(" .. ") if part.strip())
        return text if code in ("understood", "concentration") else ""

    return told(wanted), told(found)


def state_word(state: str) -> str:
    """Where a match stands."""
    return {
        "proposed": pgettext("state of a match", "put forward"),
        "accepted": pgettext("state of a match", "accepted by both"),
        "committed": pgettext("state of a match", "promised"),
        "delivered": pgettext("state of a match", "delivered"),
        "declined": pgettext("state of a match", "declined"),
        "withdrawn": pgettext("state of a match", "withdrawn"),
        "returned": pgettext("state of a match", "back in the pool"),
    }[state]


def step_word(kind: str, side: str) -> str:
    """What somebody did."""
    if kind == "accepted":
        return {
            "giver": gettext("accepted for the offer"),
            "receiver": gettext("accepted for the need"),
            "secretariat": gettext("accepted for the strategy"),
        }[side]
    if kind == "declined":
        return {
            "giver": gettext("declined for the offer"),
            "receiver": gettext("declined for the need"),
            "secretariat": gettext("declined for the strategy"),
        }[side]
    return {
        "put_forward": gettext("put forward"),
        "committed": gettext("promised"),
        "delivered": gettext("confirmed that it was delivered"),
        "withdrawn": gettext("promise taken back") if side == "giver" else gettext("taken back"),
        "returned": gettext("nobody answered: back in the pool"),
    }[kind]


def side_word(side: str) -> str:
    """Who is waited for."""
    return {
        "giver": gettext("who gives"),
        "receiver": gettext("who receives"),
        "secretariat": gettext("the secretariat"),
    }[side]


def refusal_word(code: str, found: tuple[str, ...] = ()) -> str:
    """Why something cannot be done."""
    if code == "conditions":
        return gettext("Not all conditions are met any more: %(which)s.") % {
            "which": "; ".join(condition_word(each) for each in found)
        }
    if code == "amount" and found:
        return gettext("The amount must lie between %(least)s and %(most)s.") % {
            "least": number(float(found[0])),
            "most": number(float(found[1])),
        }
    return {
        "not_a_side": gettext("Put forward is what you would give or receive; all else by the secretariat."),
        "open_already": gettext("This need and this offer are in an open match already."),
        "declined": gettext("Somebody said no to this match not long ago."),
        "one_organisation": gettext("Giver and receiver are one organisation."),
        "giver_sees_not": gettext("Who gives may not see the need: its owner has to share it first."),
        "receiver_sees_not": gettext("Who receives may not see the offer: its owner has to share it first."),
        "nobody_signs": gettext("Nobody signs for the organisation that keeps it: its administrator gives that duty."),
        "reason": gettext("Say why."),
        "words": gettext("These words are not stored here: no names of persons."),
        "day": gettext("The day is missing, or lies in the future."),
        "days": gettext("The end is before the start."),
        "amount": gettext("Write the amount in digits, more than nothing."),
        "not_now": gettext("This does not fit where the match stands."),
        "not_in_picture": gettext("The need or the offer is not in the picture any more."),
        "activity_stays": gettext("The activity that came of it cannot be cancelled any more."),
    }[code]


def failure_word(why: str) -> str:
    """Why a run found nothing."""
    return {
        "infeasible": gettext("What was accepted breaks a limit of the rules: raise the limit, or take a match back."),
        "no_picture": gettext("The picture holds no needs and offers yet."),
    }.get(why, gettext("It failed; whoever keeps the site can see why. Ask again."))


def plan_word(gap: float) -> str:
    """What is proven of a plan that is so far from the best at most, relative."""
    if _is_best(gap):
        return gettext("No plan is better (proven)")
    return gettext("No plan is better by more than %(gap)s (proven)") % {"gap": _gap_word(gap)}


def near_word(gap: float) -> str:
    """The same in few words."""
    return (
        gettext("no better plan") if _is_best(gap) else gettext("at most %(gap)s from best") % {"gap": _gap_word(gap)}
    )


def _is_best(gap: float) -> bool:
    """Whether what is left of a gap is the arithmetic of the solver alone."""
    return gap < _NO_GAP


def _gap_word(gap: float) -> str:
    """In per cent with two decimals, rounded up: a bound that is rounded down is none."""
    shown = math.ceil(round(gap * 1e4, 6)) / 1e4
    return format_percent(shown, format="#,##0.00%" if locale() != "fr" else "#,##0.00 %", locale=locale())


def kind_word(kind: str) -> str:
    """What kind of help."""
    return {
        "money": gettext("money"),
        "expertise": gettext("expertise"),
        "training": gettext("training"),
        "equipment": gettext("equipment"),
    }[kind]


def unit_word(kind: str, unit: str | None) -> str:
    """What an amount counts: dollars, or what the need says."""
    return pgettext("currency", "USD") if kind == "money" else unit or kind_word(kind)
