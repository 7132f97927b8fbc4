"""Who may see a record: one question for the whole of it, one for a coarse view for the others."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from concerted.marking.keys import Label, marking_key, parse_key
from concerted.statements.document import Document
from concerted.web.accounts.models import Partner
from concerted.web.ui.fields import choice

OWN, CHOSEN, PARTNERS, ANYONE, AS_IT_IS = "own", "chosen", "partners", "anyone", "as-it-is"


class SharingForm(forms.Form):
    """The marking of a record. A marking that has no choice here stays as it is, and is offered as that."""

    sharing = forms.ChoiceField(label=_("Who may see it"), widget=forms.RadioSelect)
    organisations = forms.MultipleChoiceField(
        label=_("Which organisations"), required=False, widget=forms.CheckboxSelectMultiple
    )
    coarse = forms.ChoiceField(label=_("What others see of it"), widget=forms.RadioSelect, required=False)
    level = forms.ChoiceField(label=_("Places in the coarse view"), required=False)
    hidden = forms.BooleanField(label=_("Do not say who works there"), required=False)

    def __init__(self, data: Any, *, document: Document, owner: str, others: Sequence[tuple[str, str]]) -> None:
        """`others`: id and name of the other organisations."""
        self.document, self.owner = document, owner
        stated = document["activity"]
        chosen = _choice(stated.get("marking_key"), owner)
        names = parse_key(stated.get("marking_key")).names - {owner}
        super().__init__(
            data,
            initial={
                "sharing": chosen,
                "organisations": sorted(names) if chosen == CHOSEN else [],
                "coarse": _choice(stated.get("coarse_marking_key"), owner) if stated.get("coarse_marking_key") else "",
                "level": str(stated.get("coarse_place_level", 1)),
                "hidden": bool(stated.get("is_partner_hidden")),
            },
        )
        known = [(ANYONE, gettext("everybody")), (PARTNERS, gettext("everybody who signs in"))]
        own = [(CHOSEN, gettext("some organisations")), (OWN, gettext("our organisation only"))]
        kept = [(AS_IT_IS, gettext("as it is now: %(key)s") % {"key": stated.get("marking_key")})]
        choice(self, "sharing").choices = [*known, *own, *(kept if chosen == AS_IT_IS else ())]
        choice(self, "organisations").choices = list(others)
        coarse_is = self.initial["coarse"]
        choice(self, "coarse").choices = [
            ("", gettext("nothing")),
            (PARTNERS, gettext("everybody who signs in sees a coarse view")),
            (ANYONE, gettext("everybody sees a coarse view")),
            *([(coarse_is, gettext("as it is now"))] if coarse_is not in ("", PARTNERS, ANYONE) else ()),
        ]
        choice(self, "level").choices = [
            ("0", gettext("the country")),
            ("1", gettext("the region")),
            ("2", gettext("the district")),
        ]

    def clean(self) -> dict[str, Any]:
        """Some organisations means at least one."""
        values = super().clean() or {}
        if values.get("sharing") == CHOSEN and not values.get("organisations"):
            self.add_error("organisations", gettext("Choose at least one organisation, or our organisation only."))
        return values

    def apply(self, document: Document) -> Document:
        """The document with the marking that was chosen."""
        values, document = self.cleaned_data, deepcopy(document)
        stated = document["activity"]
        if "sharing" in self.changed_data or "organisations" in self.changed_data:
            stated["marking_key"] = self._key(values["sharing"], values["organisations"])
        if not values["coarse"] or values["sharing"] == ANYONE:  # nobody is left who would see only the coarse view
            for name in ("coarse_marking_key", "coarse_place_level", "is_partner_hidden"):
                stated.pop(name, None)
            return document
        if "coarse" in self.changed_data:
            stated["coarse_marking_key"] = self._key(values["coarse"], [])
        if {"coarse", "level"} & set(self.changed_data):
            stated["coarse_place_level"] = int(values["level"] or 1)
        if {"coarse", "hidden"} & set(self.changed_data):
            stated["is_partner_hidden"] = values["hidden"]
        return document

    def _key(self, choice: str, organisations: list[str]) -> str:
        match choice:
            case "anyone":
                return marking_key(Label.CLEAR)
            case "partners":
                return marking_key(Label.GREEN)
            case "chosen":
                return marking_key(Label.AMBER_STRICT, [self.owner, *organisations])
            case "own":
                return marking_key(Label.AMBER_STRICT, [self.owner])
        return str(self.document["activity"].get("marking_key"))


def _choice(key: str | None, owner: str) -> str:
    marking = parse_key(key)
    match marking.label:
        case Label.CLEAR:
            return ANYONE
        case Label.GREEN:
            return PARTNERS
        case Label.AMBER_STRICT if owner in marking.names:
            return OWN if marking.names == {owner} else CHOSEN
    return AS_IT_IS


def other_organisations(owner: Partner, lang: str) -> list[tuple[str, str]]:
    """Organisations that take part besides the owner, by name."""
    found = Partner.objects.filter(parent=None, is_active=True).exclude(pk=owner.pk)
    return sorted(((str(each.pk), each.label(lang)) for each in found), key=lambda pair: pair[1].casefold())
