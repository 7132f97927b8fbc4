"""The form of a need or offer: from a document to fields, and from what was typed back to a document.

Few fields stand first: what, how much, where, which line, until when. All else is folded. One pair of numbers is asked
for, whatever is asked for: the kind says whether they are money or days, places and items.
"""

from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from concerted.codelists import lists
from concerted.codelists.need_words import Ask as Which
from concerted.codelists.need_words import ask_word
from concerted.intake.vocabulary import Vocabulary, WordError
from concerted.records.screening.kinds import message
from concerted.statements.document import Document, Fault, plain_value
from concerted.statements.texts import FoundText
from concerted.web.accounts.models import Partner
from concerted.web.ui.fields import LongSelect, choice
from concerted.web.ui.formats import language
from concerted.web.workspace.forms.money import AmountField, currency_choices
from concerted.web.workspace.forms.placed import PlacedForm, day_field, placed
from concerted.web.workspace.forms.sharing import SharingForm, offered_to

#: Groups of people that the form counts, besides those that a document names already.
GROUPS = ("women", "men", "girls", "boys", "all")
#: Languages that stand first; a document's own are added.
_LANGUAGES = ("fr", "en", "ar", "bm", "ff", "ha")
#: The two numbers, and the smallest one that is of use, by what their columns are called in front of the unit.
_NUMBERS: dict[Which, dict[str, str]] = {
    "need": {"low": "low", "high": "high", "least": "least"},
    "offer": {"high": "most", "least": "least"},
}
#: Fields that say what a column of the same name says.
_PLAIN = (
    "title", "origin", "urgency", "due_diligence", "identifier", "receiver_org_name", "receiver_org_ref",
    "receiver_type_code", "provider_org_name", "unit", "met_pct", "met_when", "evidence", "conditions",
    "start_date", "end_date", "expiry_date",
)  # fmt: skip


def _number(**more: Any) -> AmountField:
    box = forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr", "autocomplete": "off"})
    return AmountField(required=False, max_length=40, widget=box, **more)


def _text(longest: int, **more: Any) -> forms.CharField:
    return forms.CharField(required=False, max_length=longest, **more)


class AskRemarkForm(forms.Form):
    """*This is not right*, in words."""

    text = forms.CharField(
        label=_("What is wrong"),
        max_length=2000,
        help_text=_("No names of persons."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AskForm(PlacedForm):
    """Every field but who may see it. Fields that a need or an offer has not are left out."""

    title = forms.CharField(max_length=300, widget=forms.TextInput(attrs={"autofocus": True}))
    kind = forms.ChoiceField(widget=forms.RadioSelect)
    low = _number()
    high = _number()
    currency = forms.ChoiceField(required=False, widget=LongSelect)
    unit = _text(100, help_text=_("What is counted: days, training places, vehicles. Not for money."))
    origin = forms.ChoiceField(widget=forms.RadioSelect)
    end_date = day_field("")
    expiry_date = day_field("")

    least = _number()
    start_date = day_field("")
    urgency = forms.ChoiceField(required=False)
    receiver_org_name = _text(300, widget=forms.TextInput(attrs={"list": "organisations", "autocomplete": "off"}))
    receiver_org_ref = _text(100, widget=forms.TextInput(attrs={"dir": "ltr"}))
    receiver_type_code = forms.ChoiceField(required=False)
    provider_org_name = _text(300, widget=forms.TextInput(attrs={"list": "organisations", "autocomplete": "off"}))
    receiver_type = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    language = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    met_pct = forms.FloatField(required=False, min_value=1, max_value=100)
    met_when = _text(2000, widget=forms.Textarea(attrs={"rows": 2}))
    evidence = _text(500, help_text=_("The address of a report, or which document. No names of persons."))
    conditions = _text(2000, widget=forms.Textarea(attrs={"rows": 2}))
    due_diligence = forms.ChoiceField(
        required=False,
        help_text=_("Is it support to security forces? Then it is pending until a focal point has looked at it."),
    )
    identifier = _text(100, widget=forms.TextInput(attrs={"dir": "ltr"}), help_text=_("Your own code for it, if any."))
    #: What a need and an offer have, folded, in the order of the page.
    more: ClassVar[dict[Which, tuple[str, ...]]] = {
        "need": (
            "least", "start_date", "urgency", "receiver_org_name", "receiver_type_code", "receiver_org_ref", "language",
            "met_pct", "met_when", "evidence", "due_diligence", "identifier",
        ),
        "offer": ("least", "start_date", "end_date", "receiver_type", "language", "conditions", "provider_org_name",
                  "identifier"),
    }  # fmt: skip
    first: ClassVar[dict[Which, tuple[str, ...]]] = {
        "need": ("title", "kind", "low", "high", "currency", "unit", "origin", "end_date"),
        "offer": ("title", "kind", "high", "currency", "unit", "expiry_date"),
    }

    def __init__(
        self, data: Any, *, which: Which, document: Document, words: Vocabulary, origins: tuple[str, ...]
    ) -> None:
        self.which, self.document = which, document
        super().__init__(data, words=words, initial=_initial(which, document, words))
        here = {*self.first[which], *self.more[which], "places", "finer", "nodes"}
        for name in set(self.fields) - here:
            del self.fields[name]
        for name, field in self.fields.items():
            if name not in ("places", "finer", "nodes", "low", "high", "least"):
                field.label = ask_word(which, name, self.lang)
        self.fields["places"].label = ask_word(which, "place", self.lang)
        self.fields["nodes"].label = ask_word(which, "node", self.lang)
        self._label_numbers()
        choice(self, "kind").choices = list(lists.labels("ask_kind", self.lang).items())
        choice(self, "currency").choices = currency_choices()
        self._offer_lists(origins)
        for code in self.groups:
            self.fields[f"group_{code}"] = forms.IntegerField(
                label=lists.label("people_group", code, self.lang) or code,
                required=False,
                min_value=0,
                max_value=10**9,
            )

    def _label_numbers(self) -> None:
        if self.which == "need":
            self.fields["low"].label = gettext("At least this is missing")
            self.fields["high"].label = gettext("At most this is missing")
            self.fields["least"].label = gettext("The smallest contribution that is of use")
        else:
            self.fields["high"].label = gettext("How much is offered in all")
            self.fields["least"].label = gettext("The least that is given to one need")

    def _offer_lists(self, origins: tuple[str, ...]) -> None:
        unsaid = [("", gettext("not said"))]
        stated = self.document[self.which]
        if self.which == "need":
            known = {*origins, stated.get("origin")}
            words = lists.labels("need_origin", self.lang).items()
            choice(self, "origin").choices = [(code, word) for code, word in words if code in known]
            choice(self, "urgency").choices = [*unsaid, *lists.labels("urgency", self.lang).items()]
            standing = {"none", "pending", stated.get("due_diligence")}
            if stated.get("due_diligence") in ("pending", "done", "refused"):
                standing = {stated["due_diligence"]}
            named = lists.labels("due_diligence_standing", self.lang).items()
            choice(self, "due_diligence").choices = [
                *(unsaid if "none" in standing else ()),
                *((code, word) for code, word in named if code in standing),
            ]
            choice(self, "receiver_type_code").choices = [*unsaid, *self._receivers()]
        else:
            choice(self, "receiver_type").choices = self._receivers()
        spoken = dict.fromkeys((*_LANGUAGES, *(self.initial.get("language") or ())))
        choice(self, "language").choices = [(code, lists.label("Language", code, self.lang) or code) for code in spoken]

    def _receivers(self) -> list[tuple[str, str]]:
        return list(lists.labels("OrganisationType", self.lang).items())

    @property
    def groups(self) -> list[str]:
        """Groups of people that are counted: of a need alone, and whatever its document names already."""
        if self.which != "need":
            return []
        named = [term["code"] for term in self.document.get("term") or () if term["kind"] == "group"]
        return list(dict.fromkeys((*GROUPS, *named)))

    @property
    def counts(self) -> list[Any]:
        """The fields of those."""
        return [self[f"group_{code}"] for code in self.groups]

    @property
    def others(self) -> list[Any]:
        """The fields that stand folded."""
        return [self[name] for name in self.more[self.which]]

    @property
    def is_more_open(self) -> bool:
        """Whether the folded part must stand open: something in it is wrong."""
        return bool(set(self.errors) & {*self.more[self.which], *(f"group_{code}" for code in self.groups)})

    def clean(self) -> dict[str, Any]:
        """What the numbers are of follows from the kind; a range and a window go upwards."""
        values = super().clean() or {}
        low, high = values.get("low"), values.get("high")
        if low is not None and high is not None and low > high:
            self.add_error("high", gettext("This is less than the smallest amount."))
        if values.get("kind") not in (None, "money"):
            for name in ("low", "high", "least"):
                if (number := values.get(name)) is not None and number != int(number):
                    self.add_error(name, gettext("A whole number: days, places and items are not split."))
        start, end = values.get("start_date"), values.get("end_date")
        if start and end and end < start:
            self.add_error("end_date", gettext("The end is before the start."))
        return values

    def add_faults(self, faults: list[Fault]) -> None:
        """Say at its field what the check of the document found."""
        for fault in faults:
            name = fault.path.rpartition(".")[2]
            for number, column in _NUMBERS[self.which].items():
                if name in (f"{column}_value", f"{column}_quantity"):
                    name = number
            text = gettext("This cannot be kept: %(what)s") % {"what": fault.expected}
            self.add_error(name if name in self.fields else None, text)

    def apply(self) -> Document:
        """The document with what was typed. Columns that have no field here stay as they are."""
        values, document = self.cleaned_data, deepcopy(self.document)
        stated = document[self.which]
        for name in _PLAIN:
            if name in self.fields and name in self.changed_data:
                stated[name] = _json(name, values[name])
        if "title" in self.changed_data:
            stated["title_lang"] = self.lang
        stated["kind"] = values["kind"]
        self._put_numbers(stated, values)
        document[self.which] = {name: value for name, value in stated.items() if value is not None}
        document["term"] = self._terms(values)
        return document

    def _put_numbers(self, stated: dict[str, Any], values: Mapping[str, Any]) -> None:
        is_money = values["kind"] == "money"
        numbers = _NUMBERS[self.which]
        if not {"kind", "currency", *numbers} & set(self.changed_data):
            return
        for name, column in numbers.items():
            number = values.get(name)
            stated[f"{column}_value"] = plain_value(number) if is_money and number is not None else None
            stated[f"{column}_quantity"] = int(number) if not is_money and number is not None else None
        has_money = is_money and any(values.get(name) is not None for name in numbers)
        stated["currency"] = values["currency"] or None if has_money else None

    def _terms(self, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Terms of the kinds that have a field here, those that stay as they were written; others as they are."""
        before = list(self.document.get("term") or ())
        wanted: dict[str, dict[str, int | None]] = {
            "place": dict.fromkeys((place.place_id for place in self.chosen_places), None),
            "node": dict.fromkeys(values["nodes"], None),
            "language": dict.fromkeys(values["language"], None),
        }
        if self.which == "offer":
            wanted["receiver_type"] = dict.fromkeys(values["receiver_type"], None)
        else:
            counted = {code: values[f"group_{code}"] for code in self.groups}
            wanted["group"] = {code: number for code, number in counted.items() if number is not None}
        found: list[dict[str, Any]] = []
        left = {kind: dict(codes) for kind, codes in wanted.items()}
        for raw, term in zip(before, _meant(before, self.words), strict=True):
            kind, code = term["kind"], term["code"]
            if kind not in wanted or code is None:  # it has no box here, so nobody can have unticked it
                found.append(raw)
            elif code in left[kind]:
                number = left[kind].pop(code)
                found.append({"kind": kind, "code": raw["code"]} | ({} if number is None else {"people": number}))
        for kind, codes in left.items():
            found += [{"kind": kind, "code": code} | ({} if n is None else {"people": n}) for code, n in codes.items()]
        return found


def _meant(terms: list[dict[str, Any]], words: Vocabulary) -> list[dict[str, Any]]:
    """Terms with the ids of the places and lines that they mean; null = none that is known."""
    found = []
    for term in terms:
        code: str | None = term["code"]
        try:
            if term["kind"] == "place":
                code = words.place(term["code"]).place_id
            elif term["kind"] == "node":
                code = words.node(term["code"])
        except WordError:
            code = None
        found.append({**term, "code": code})
    return found


def _json(name: str, value: Any) -> Any:
    if value in ("", None):
        return None
    if isinstance(value, date):
        return value.isoformat()
    if name == "urgency":
        return int(value)
    return plain_value(value) if not isinstance(value, str) else value.strip() or None


def _initial(which: Which, document: Document, words: Vocabulary) -> dict[str, Any]:
    stated = document[which]
    meant = _meant(list(document.get("term") or ()), words)
    of = {kind: [term["code"] for term in meant if term["kind"] == kind and term["code"]] for kind in _KINDS}
    unit = "value" if stated["kind"] == "money" else "quantity"
    numbers = {name: stated.get(f"{column}_{unit}") for name, column in _NUMBERS[which].items()}
    days = ("start_date", "end_date", "expiry_date")
    return {
        **{name: stated.get(name) for name in _PLAIN if name not in days},
        **{name: date.fromisoformat(stated[name]) for name in days if stated.get(name)},
        **{name: None if number is None else Decimal(number) for name, number in numbers.items()},
        **{f"group_{term['code']}": term.get("people") for term in meant if term["kind"] == "group"},
        **placed(words, language(), of["place"], of["node"]),
        "kind": stated["kind"],
        "currency": stated.get("currency") or "XOF",
        "language": of["language"],
        "receiver_type": of["receiver_type"],
        "urgency": str(stated["urgency"]) if stated.get("urgency") else "",
    }


_KINDS = ("place", "node", "language", "receiver_type", "group")


class WholeAskForm:
    """What it is and who may see it, over one document. `base` is the version that the form began with."""

    def __init__(
        self, data: Any, which: Which, base: Document, owner: Partner, words: Vocabulary, origins: tuple[str, ...]
    ) -> None:
        self.which, self.base = which, base
        self.ask = AskForm(data, which=which, document=base, words=words, origins=origins)
        offered = offered_to(owner, language(), base)
        self.sharing = SharingForm(data, document=base, owner=str(owner.pk), offered=offered)
        self.refused: list[tuple[str, str]] = []
        self.asked: list[tuple[str, str]] = []

    def is_valid(self) -> bool:
        """Whether every field can be taken."""
        return all([self.ask.is_valid(), self.sharing.is_valid()])

    def document(self) -> Document:
        """What was typed, over what the form began with."""
        return self.sharing.apply(self.ask.apply())

    def refuse(self, found: list[FoundText]) -> None:
        """Show the author, and nobody else, which words cannot be kept, or must be answered for."""
        lang = language()
        self.refused = [(each.words, message(each.finding, lang)) for each in found if each.is_refused]
        self.asked = [(each.words, message(each.finding, lang)) for each in found if not each.is_refused]
