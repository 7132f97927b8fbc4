"""Who will see a record, in words: from `marking.who_sees`, with the names of organisations."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.utils.translation import gettext, ngettext

from concerted.marking import Directory, Views, WhoSees, is_own_only, who_sees_record
from concerted.marking.audience import Kind
from concerted.marking.keys import Label, parse_key
from concerted.statements.document import Document, main_row
from concerted.web.accounts.models import Partner, User
from concerted.web.accounts.queries import names_of_partners
from concerted.web.sharing.queries import groups_named, names_of_groups

#: Organisations named one by one; of more the number is told as well.
_NAMED = 12


@dataclass(frozen=True)
class AudienceWords:
    """What stands beside a record.

    Attributes:
        label: the TLP label of the precise view.
        precise: who sees all of it.
        coarse: who sees a coarse view, and what of it; empty where there is none.
        counted: that it counts though nobody else sees it; empty where it does not.
        organisations: whose people see all of it, where they are named one by one.
        others: how many more organisations there are than are named.
        groups: through which groups they see it, for the owner alone; empty where there are none.
        in_vain: a warning about names that bring nobody; empty where there are none.
    """

    label: str
    precise: str
    coarse: str = ""
    organisations: tuple[str, ...] = ()
    others: int = 0
    groups: str = ""
    in_vain: str = ""
    counted: str = ""


def directory(day: date) -> Directory:
    """Who takes part, for telling who will see something."""
    organisations = Partner.objects.filter(parent=None, is_active=True).values_list("pk", flat=True)
    return Directory(day, organisations=frozenset(map(str, organisations)))


def audience_words(document: Document, of: Directory, lang: str, *, with_groups: bool) -> AudienceWords:
    """Who will see a document once it is kept.

    Args:
        with_groups: also what the groups are called, which is for the owner: who is in one of them may not know of
            another.
    """
    stated = main_row(document)
    views = Views(
        stated.get("marking_key"),
        stated.get("coarse_marking_key"),
        stated.get("coarse_place_level", 1),
        bool(stated.get("is_partner_hidden")),
    )
    if str(views.precise).startswith("RED:"):
        of = _with_persons(of)
    named = {n for key in (views.precise, views.coarse) if (m := parse_key(key)).label is Label.AMBER for n in m.names}
    if named:
        of = replace(of, groups=groups_named(named))
    seen = who_sees_record(views, of)
    names = _names(seen.precise, lang)
    coarse = _coarse(seen.coarse, views, lang) if views.coarse else ""
    others = max(0, len(seen.precise.organisations) - _NAMED)
    through = names_of_groups(seen.precise.through) if with_groups and seen.precise.through else {}
    groups = ", ".join(sorted(through.values(), key=str.casefold))
    vain = gettext("Some who are named in it bring nobody: they are unknown, or have left.")
    counted = gettext(
        "It counts in a total of what is not shown, where at least three organisations have such activities; nobody is"
        " told what is in it."
    )
    is_counted = bool(stated.get("is_counted_hidden")) and is_own_only(views.precise, views.coarse)
    return AudienceWords(
        str(views.precise).partition(":")[0],
        _words(seen.precise),
        coarse,
        names,
        others,
        groups,
        vain if seen.precise.in_vain or seen.coarse.in_vain else "",
        counted if is_counted else "",
    )


def _with_persons(of: Directory) -> Directory:
    people = {str(u.pk): str(u.organisation_id) for u in User.objects.select_related("partner").filter(is_active=True)}
    return Directory(of.day, of.groups, of.organisations, people)


def _words(seen: WhoSees) -> str:
    match seen.kind:
        case Kind.ANYONE:
            return gettext("Everybody, also without signing in.")
        case Kind.PARTNERS:
            return gettext("Everybody who signs in, of every organisation that takes part.")
        case Kind.ORGANISATIONS:
            count = len(seen.organisations)
            text = ngettext("The people of one organisation:", "The people of %(count)s organisations:", count)
            return text % {"count": count}
        case Kind.PERSONS:
            count = len(seen.persons)
            return ngettext("One person who is named.", "%(count)s persons who are named.", count) % {"count": count}
        case _:
            return gettext("Nobody outside your organisation.")


def _names(seen: WhoSees, lang: str) -> tuple[str, ...]:
    named = names_of_partners([UUID(each) for each in seen.organisations[:_NAMED]], lang)
    return tuple(sorted(named.values(), key=str.casefold))


def _coarse(seen: WhoSees, views: Views, lang: str) -> str:
    match seen.kind:
        case Kind.ANYONE:
            who = gettext("Everybody else sees a coarse view:")
        case Kind.PARTNERS:
            who = gettext("Everybody else who signs in sees a coarse view:")
        case Kind.ORGANISATIONS:
            more = (
                [gettext("and %(count)s more") % {"count": others}]
                if (others := len(seen.organisations) - _NAMED) > 0
                else []
            )
            who = gettext("Sees a coarse view: %(names)s:") % {"names": ", ".join([*_names(seen, lang), *more])}
        case _:
            return ""
    where = {
        0: gettext("the country only"),
        1: gettext("the region and nothing finer"),
        2: gettext("the district and nothing finer"),
    }[views.coarse_place_level or 0]
    hidden = gettext("without saying who works there") if views.is_partner_hidden else gettext("with who works there")
    return f"{who} {where}, {hidden}."
