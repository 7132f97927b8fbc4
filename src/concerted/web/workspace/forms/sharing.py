"""Who may see a record: one question for the whole of it, one for a coarse view for the others."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from concerted.marking import is_own_only
from concerted.marking.keys import Label, marking_key, parse_key
from concerted.statements.document import Document, main_row, main_table
from concerted.web.accounts.models import Partner
from concerted.web.sharing.queries import listed, names_of_groups
from concerted.web.ui.fields import choice

OWN, CHOSEN, GROUPS, PARTNERS, ANYONE, AS_IT_IS = "own", "chosen", "groups", "partners", "anyone", "as-it-is"
#: The choices behind which names are ticked, and the fields in which, for each of the two views.
_NAMED = {CHOSEN: ("organisations", "coarse_organisations"), GROUPS: ("groups", "coarse_groups")}


@dataclass(frozen=True)
class Offered:
    """Whom an owner may name: (id, name) of the other organisations, and of the groups that it owns or is in."""

    organisations: Sequence[tuple[str, str]] = ()
    groups: Sequence[tuple[str, str]] = ()


def _boxes(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, widget=forms.CheckboxSelectMultiple)


class SharingForm(forms.Form):
    """The marking of a document. A marking that has no choice here stays as it is, and is offered as that.

    What is no activity has no coarse view, and is asked the first question alone.
    RED is such a one: docs/explanation/policy.md says why it is not offered.
    """

    sharing = forms.ChoiceField(label=_("Who may see it"), widget=forms.RadioSelect)
    organisations = _boxes(_("Which organisations"))
    groups = _boxes(_("Which groups"))
    coarse = forms.ChoiceField(label=_("What others see of it"), widget=forms.RadioSelect, required=False)
    coarse_organisations = _boxes(_("Which organisations see the coarse view"))
    coarse_groups = _boxes(_("Which groups see the coarse view"))
    level = forms.ChoiceField(label=_("Places in the coarse view"), required=False)
    hidden = forms.BooleanField(label=_("Do not say who works there"), required=False)
    counted = forms.BooleanField(label=_("Let it count in totals all the same"), required=False)

    def __init__(self, data: Any, *, document: Document, owner: str, offered: Offered) -> None:
        self.document, self.owner = document, owner
        stated = main_row(document)
        precise, coarse = stated.get("marking_key"), stated.get("coarse_marking_key")
        chosen, chosen_coarse = _choice(precise, owner), _choice(coarse, owner) if coarse else ""
        initial: dict[str, Any] = {"sharing": chosen, "coarse": chosen_coarse}
        for kind, fields in _NAMED.items():
            for field, key, is_chosen in zip(
                fields, (precise, coarse), (chosen == kind, chosen_coarse == kind), strict=True
            ):
                initial[field] = sorted(parse_key(key).names - {owner}) if is_chosen else []
        initial |= {
            "level": str(stated.get("coarse_place_level", 1)),
            "hidden": bool(stated.get("is_partner_hidden")),
            "counted": bool(stated.get("is_counted_hidden")),
        }
        super().__init__(data, initial=initial)
        known = [(ANYONE, gettext("everybody")), (PARTNERS, gettext("everybody who signs in"))]
        named = [
            *([(GROUPS, gettext("sharing groups"))] if offered.groups else ()),
            *([(CHOSEN, gettext("some organisations"))] if offered.organisations else ()),
        ]
        own = [(OWN, gettext("our organisation only"))]
        kept = [(AS_IT_IS, gettext("as it is now: %(key)s") % {"key": precise})]
        choice(self, "sharing").choices = [*known, *named, *own, *(kept if chosen == AS_IT_IS else ())]
        for field in _NAMED[CHOSEN]:
            choice(self, field).choices = list(offered.organisations)
        for field in _NAMED[GROUPS]:
            choice(self, field).choices = list(offered.groups)
        if main_table(document) != "activity":
            for name in ("coarse", "coarse_organisations", "coarse_groups", "level", "hidden", "counted"):
                del self.fields[name]
            return
        as_now = [(chosen_coarse, gettext("as it is now"))]
        choice(self, "coarse").choices = [
            ("", gettext("nothing")),
            *([(GROUPS, gettext("sharing groups see a coarse view"))] if offered.groups else ()),
            *([(CHOSEN, gettext("some organisations see a coarse view"))] if offered.organisations else ()),
            (PARTNERS, gettext("everybody who signs in sees a coarse view")),
            (ANYONE, gettext("everybody sees a coarse view")),
            *(as_now if chosen_coarse in (OWN, AS_IT_IS) else ()),
        ]
        choice(self, "level").choices = [
            ("0", gettext("the country")),
            ("1", gettext("the region")),
            ("2", gettext("the district")),
        ]

    def clean(self) -> dict[str, Any]:
        """Some organisations, or groups, means at least one."""
        values = super().clean() or {}
        for at, question in enumerate(("sharing", "coarse")):
            field = _NAMED.get(values.get(question, ""), ("", ""))[at]
            if not field or values.get(field):
                continue
            if values[question] == CHOSEN:
                self.add_error(field, gettext("Choose at least one organisation, or our organisation only."))
            else:
                self.add_error(field, gettext("Choose at least one group: without one nobody sees it."))
        return values

    def apply(self, document: Document) -> Document:
        """The document with the marking that was chosen."""
        values, document = self.cleaned_data, deepcopy(document)
        stated = main_row(document)
        if {"sharing", "organisations", "groups"} & set(self.changed_data):
            stated["marking_key"] = self._key("marking_key", values["sharing"], values, 0)
        if "coarse" not in self.fields:
            return document
        if not values["coarse"] or values["sharing"] == ANYONE:  # nobody is left who would see only the coarse view
            for name in ("coarse_marking_key", "coarse_place_level", "is_partner_hidden"):
                stated.pop(name, None)
            return self._counted(document)
        if {"coarse", "coarse_organisations", "coarse_groups"} & set(self.changed_data):
            stated["coarse_marking_key"] = self._key("coarse_marking_key", values["coarse"], values, 1)
        if {"coarse", "level"} & set(self.changed_data):
            stated["coarse_place_level"] = int(values["level"] or 1)
        if {"coarse", "hidden"} & set(self.changed_data):
            stated["is_partner_hidden"] = values["hidden"]
        return self._counted(document)

    def _counted(self, document: Document) -> Document:
        """The document with whether it counts though nobody else sees it; what others see is in the picture anyway."""
        stated = document["activity"]
        if {"counted", "sharing", "organisations", "groups", "coarse"} & set(self.changed_data):
            stated.pop("is_counted_hidden", None)
            if self.cleaned_data["counted"] and is_own_only(stated["marking_key"], stated.get("coarse_marking_key")):
                stated["is_counted_hidden"] = True
        return document

    def _key(self, column: str, chosen: str, values: dict[str, Any], view: int) -> str:
        """The marking of a view; `view`: 0 = precise, 1 = coarse."""
        match chosen:
            case "anyone":
                return marking_key(Label.CLEAR)
            case "partners":
                return marking_key(Label.GREEN)
            case "chosen":
                return marking_key(Label.AMBER_STRICT, [self.owner, *values[_NAMED[CHOSEN][view]]])
            case "groups":
                return marking_key(Label.AMBER, values[_NAMED[GROUPS][view]])
            case "own":
                return marking_key(Label.AMBER_STRICT, [self.owner])
        return str(main_row(self.document).get(column))


def _choice(key: str | None, owner: str) -> str:
    marking = parse_key(key)
    match marking.label:
        case Label.CLEAR:
            return ANYONE
        case Label.GREEN:
            return PARTNERS
        case Label.AMBER if marking.names:
            return GROUPS
        case Label.AMBER_STRICT if owner in marking.names:
            return OWN if marking.names == {owner} else CHOSEN
    return AS_IT_IS


def offered_to(owner: Partner, lang: str, document: Document | None = None) -> Offered:
    """Whom an owner may name; of groups and organisations that it cannot name any more, those that `document` names."""
    groups = {str(each.id): each.name for each in listed(owner.pk, lang)}
    stated = main_row(document) if document else {}
    markings = [parse_key(stated.get(name)) for name in ("marking_key", "coarse_marking_key")]
    named = {name for marking in markings if marking.label is Label.AMBER for name in marking.names}
    left = named - groups.keys()
    if left:
        groups |= {name: gettext("unknown group %(id)s") % {"id": name[:8]} for name in left} | names_of_groups(left)
    named = {name for marking in markings if marking.label is Label.AMBER_STRICT for name in marking.names}
    known = {str(each.pk): each for each in Partner.objects.filter(parent=None).exclude(pk=owner.pk)}
    organisations = {pk: each.label(lang) for pk, each in known.items() if each.is_active or pk in named}
    for name in named - known.keys() - {str(owner.pk)}:
        organisations[name] = gettext("unknown organisation %(id)s") % {"id": name[:8]}
    return Offered(_by_name(organisations), _by_name(groups))


def _by_name(names: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(names.items(), key=lambda pair: pair[1].casefold())
