"""Changes in words, as far as the reader may know of them, and why one does nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from concerted.matching.what_if.changes import Add, Change, Cost, End, Move, Problem, Rule, Where
from concerted.model.ids import id_text
from concerted.web.coverage.filters import Filters
from concerted.web.coverage.names import node_label, place_label
from concerted.web.edition.money import Money
from concerted.web.edition.scope import Scope
from concerted.web.registry.titles import activity_titles
from concerted.web.ui.formats import amount, currency_name, day, language, money_range, number, percent
from concerted.web.ui.labels import kind_of_money


@dataclass(frozen=True, slots=True)
class Told:
    """A change as a page tells it. `activity` is the project that ends, for its link; `problem` why it does nothing."""

    change: Change
    text: SafeString
    problem: str = ""
    activity: str = ""


def told(
    scope: Scope, filters: Filters, changes: Sequence[Change], problems: Iterable[Problem], gone: Sequence[Change]
) -> list[Told]:
    """The changes in words, in their order; first those that are `gone`: they name what the picture does not have."""
    lang, why = language(), {problem.number: problem for problem in problems}
    titles = activity_titles(scope, [c.activity_id for c in changes if isinstance(c, End)], lang)
    left_out = gettext("It names a place or a priority that this picture does not have, and is left out.")
    found = [Told(change, SafeString(_kind_word(change)), left_out) for change in gone]
    for place_in_list, change in enumerate(changes):
        problem = why.get(place_in_list)
        activity = id_text(change.activity_id) if isinstance(change, End) else ""
        text = _text(scope, filters, change, titles, lang)
        found.append(Told(change, text, problem_word(problem) if problem else "", activity))
    return found


def problem_word(problem: Problem) -> str:
    """Why a change does nothing, and what to do."""
    match problem.kind:
        case "little":
            there = f"{number(problem.there, 2)} {currency_name('USD')}"
            return gettext("Only %(there)s is likely there, of what you see. Move that much or less.") % {
                "there": there
            }
        case "no_money":
            return gettext("No money is known there, of what you see. Take another place, priority or year.")
        case "nothing":
            return gettext("You see no such project, or nothing of it in later years.")


def _kind_word(change: Change) -> str:
    match change:
        case Move():
            return gettext("Money that moves")
        case Add():
            return gettext("A new project")
        case End():
            return gettext("A project that ends")
        case Rule():
            return gettext("Another rule")
        case Cost():
            return gettext("Other costs")


def _text(
    scope: Scope, filters: Filters, change: Change, titles: dict[int, tuple[str | None, str | None]], lang: str
) -> SafeString:
    match change:
        case Move(source, target, usd):
            return format_html(
                gettext("{amount} from {source} to {target}"),
                amount=amount(usd, "USD"),
                source=_where(scope, filters, source, lang),
                target=_where(scope, filters, target, lang, beside=source),
            )
        case Add():
            money = Money(change.low, change.best, change.high)
            years = str(change.year) if change.year == change.last_year else f"{change.year}–{change.last_year}"
            spot = _where(scope, filters, Where(change.node, change.place), lang)
            return format_html(
                gettext("A new project, {amount}, {where}, {years}"),
                amount=money_range(money, "USD"),
                where=spot,
                years=format_html('<bdi dir="ltr">{}</bdi>', years),
            )
        case End():
            title, title_lang = titles.get(change.activity_id, (None, None))
            return format_html(
                gettext("{project} ends on {day}"),
                project=format_html(
                    "<bdi{}>{}</bdi>",
                    format_html(' lang="{}"', title_lang) if title and title_lang else "",
                    title or gettext("Activity shown in outline"),
                ),
                day=day(change.last_day),
            )
        case Rule():
            return _listed(_rule(change))
        case Cost():
            return format_html(
                gettext("{node}: costs are {share} of what the strategy says"),
                node=_where(scope, filters, Where(change.node), lang, is_node_alone=True),
                share=percent(float(change.factor)),
            )


def _rule(rule: Rule) -> Iterable[str]:
    if rule.covered is not None:
        yield gettext("covered from %(share)s of the highest cost on") % {"share": percent(float(rule.covered))}
    if rule.not_covered is not None:
        yield gettext("not covered below %(share)s of the lowest cost") % {"share": percent(float(rule.not_covered))}
    if rule.freshness_months is not None:
        yield gettext("reports count for %(months)s months") % {"months": rule.freshness_months}
    if rule.supply_kind is not None:
        yield gettext("what is compared with costs: %(kind)s") % {"kind": kind_of_money(rule.supply_kind)}


def _where(
    scope: Scope, filters: Filters, where: Where, lang: str, *, beside: Where | None = None, is_node_alone: bool = False
) -> SafeString:
    """A part of the picture; of one that stands beside another only what differs."""
    parts = []
    if beside is None or where.node != beside.node:
        parts.append(node_label(scope, filters, where.node or "ALL", lang))
    if not is_node_alone and (beside is None or where.place != beside.place):
        parts.append(place_label(scope, where.place, lang) if where.place else gettext("All places"))
    if where.year is not None and (beside is None or where.year != beside.year):
        parts.append(str(where.year))
    return _listed(parts)


def _listed(parts: Iterable[str]) -> SafeString:
    return format_html_join(" · ", "<bdi>{}</bdi>", ((part,) for part in parts))
