"""What an activity is: the fields without which it cannot stand in the picture, and the others below them.

What is typed is taken over by the rules of sheets (`intake.taking`), so that a form and a sheet that say the same do
the same: shares of places that went, names that stay, planned and actual days.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from concerted.codelists import lists
from concerted.codelists.frameworks import LANGS, Lang
from concerted.intake.cells import attribute, node_ids, place_ids
from concerted.intake.reading import Said, SheetRow
from concerted.intake.taking import Taken, take_row
from concerted.intake.templates import Layout
from concerted.intake.vocabulary import Vocabulary
from concerted.statements.document import Document
from concerted.web.ui.fields import choice
from concerted.web.ui.formats import language
from concerted.web.ui.labels import activity_state
from concerted.web.workspace.clearing import SECURITY_SUPPORT
from concerted.web.workspace.forms.placed import (
    SEPARATOR,
    PlacedForm,
    day_field,
    placed,
    split_names,
)

_STATES = ("requested", "planned", "ongoing", "completed", "cancelled")
#: Roles of organisations besides who does it, by field. IATI OrganisationRole.
_ROLES = {"funders": "1", "accountable": "2", "through": "3"}
_PEOPLE = {"targeted": "targeted", "reached": "reached"}
#: DAC marker 1: gender equality.
_GENDER = {"vocabulary_code": "1", "code": "1"}
_TEXTS = ("title", "description")


class RecordForm(PlacedForm):
    """Every field but money and who may see it."""

    title = forms.CharField(
        label=_("Title"), required=False, max_length=300, widget=forms.TextInput(attrs={"autofocus": True})
    )
    doer = forms.CharField(
        label=_("Who does it"),
        required=False,
        max_length=1000,
        help_text=_("Several: with ; between them."),
        widget=forms.TextInput(attrs={"list": "organisations", "autocomplete": "off"}),
    )
    state = forms.ChoiceField(label=_("State"), required=False, widget=forms.RadioSelect)
    start = day_field(_("From"))
    end = day_field(_("Until"))
    amount_unknown = forms.BooleanField(label=_("The amount is not known yet"), required=False)

    funders = forms.CharField(label=_("Who pays"), required=False, max_length=1000)
    accountable = forms.CharField(label=_("Who answers for it"), required=False, max_length=1000)
    through = forms.CharField(label=_("Through whom"), required=False, max_length=1000)
    gender = forms.ChoiceField(
        label=_("Equality of women and men"),
        required=False,
        widget=forms.RadioSelect,
        help_text=_("The policy marker of the DAC. Not known is counted apart from not targeted."),
    )
    targeted = forms.IntegerField(label=_("People to be reached"), required=False, min_value=0, max_value=10**9)
    reached = forms.IntegerField(label=_("People reached"), required=False, min_value=0, max_value=10**9)
    results = forms.CharField(
        label=_("Results"),
        required=False,
        help_text=_("One in each line. No names of persons."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    security = forms.ChoiceField(
        label=_("Support to security forces outside the UN"),
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Training, advice, money, equipment or transport for police, army, border or prison services."),
    )
    links = forms.CharField(
        label=_("Links"),
        required=False,
        help_text=_("Addresses of pages or reports, one in each line."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "ltr"}),
    )
    #: In the order of the page.
    more: ClassVar = (
        "funders", "accountable", "through", "targeted", "reached", "gender", "security", "results", "links",
    )  # fmt: skip

    def __init__(self, data: Any, *, document: Document, words: Vocabulary, states: bool) -> None:
        """`states`: whether the state is chosen here; of a kept record it changes by steps."""
        self.document = document
        super().__init__(data, words=words, initial=_initial(document, words, language()))
        if states:
            choice(self, "state").choices = [(each, activity_state(each)) for each in _STATES]
        else:
            del self.fields["state"]
        said = [(code, lists.label("PolicySignificance", code, self.lang)) for code in ("0", "1", "2")]
        choice(self, "gender").choices = [("", gettext("not known")), *said]
        answers = [("", gettext("not said")), ("no", gettext("no")), ("yes", gettext("yes"))]
        choice(self, "security").choices = answers
        for kind, field in _texts():
            lang = field.rpartition("_")[2]
            if kind == "title" and lang == self.lang:
                continue
            widget = forms.TextInput() if kind == "title" else forms.Textarea(attrs={"rows": 3})
            widget.attrs |= {"lang": lang, "dir": "rtl" if lang == "ar" else "ltr"}
            self.fields[field] = forms.CharField(
                label=_text_label(kind, lang),
                required=False,
                max_length=300 if kind == "title" else 4000,
                widget=widget,
            )
            self.initial[field] = _text(document, kind, lang) or ""

    @property
    def texts(self) -> list[Any]:
        """Title and description in each language, but the title of the page's."""
        return [self[field] for _kind, field in _texts() if field in self.fields]

    @property
    def others(self) -> list[Any]:
        """The fields that stand folded."""
        return [self[name] for name in self.more]

    def clean_links(self) -> list[str]:
        """One address in each line."""
        found = [line.strip() for line in self.cleaned_data["links"].splitlines() if line.strip()]
        if wrong := [line for line in found if not line.lower().startswith(("http://", "https://"))]:
            raise forms.ValidationError(gettext("An address begins with https://: %(text)s") % {"text": wrong[0]})
        return found

    def clean(self) -> dict[str, Any]:
        """The end does not come before the start."""
        values = super().clean() or {}
        start, end = values.get("start"), values.get("end")
        if start and end and end < start:
            self.add_error("end", gettext("The end is before the start."))
        return values

    def apply(self, today: date) -> Document:
        """The document with what was typed."""
        values, document = self.cleaned_data, deepcopy(self.document)
        taken = Taken(document)
        row = SheetRow(Layout("activities", self.lang, {}, {}), None, 0, None, self._said(values))
        take_row(taken, row, self.words, today, is_new=True)
        document = taken.document
        for kind, field in _texts():
            if field in values:
                _put_text(document, kind, field.rpartition("_")[2], values[field].strip())
        for field, role in _ROLES.items():
            _put_organisations(document, role, split_names(values[field]))
        for field, kind in _PEOPLE.items():
            if field in self.changed_data:
                rows = [r for r in document.get("people") or () if r["kind"] != kind or r.get("group") is not None]
                number = [] if values[field] is None else [{"kind": kind, "value": values[field]}]
                document["people"] = [*rows, *number]
        if "gender" in self.changed_data:
            others = [r for r in document.get("policy_marker") or () if not _is_gender(r)]
            said = [{**_GENDER, "significance_code": values["gender"]}] if values["gender"] else []
            document["policy_marker"] = [*others, *said]
        if "security" in self.changed_data:
            others = [r for r in document.get("attribute") or () if r["name"] != SECURITY_SUPPORT]
            said = [{"name": SECURITY_SUPPORT, "value": values["security"]}] if values["security"] else []
            document["attribute"] = [*others, *said]
        if "results" in self.changed_data:
            _put_results(document, values["results"], self.lang)
        if "links" in self.changed_data:
            known = {row["url"]: row for row in document.get("document") or ()}
            document["document"] = [known.get(url) or {"url": url} for url in dict.fromkeys(values["links"])]
        return document

    def _said(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What changed of the fields that a sheet has too."""
        said: dict[str, Any] = {}
        if "title" in self.changed_data:
            said["title"] = values["title"].strip() or Said.REMOVE
        if "doer" in self.changed_data:
            said["doer"] = split_names(values["doer"]) or Said.REMOVE
        if {"places", "finer"} & set(self.changed_data):
            said["places"] = self.chosen_places or Said.REMOVE
        if "nodes" in self.changed_data:
            said["nodes"] = values["nodes"] or Said.REMOVE
        if values.get("state") and "state" in self.changed_data:
            said["state"] = values["state"]
        for name in ("start", "end"):
            if name in self.changed_data:
                said[name] = values[name].isoformat() if values[name] else Said.REMOVE
        return said


def _texts() -> Iterator[tuple[str, str]]:
    for kind in _TEXTS:
        for lang in LANGS:
            yield kind, f"{kind}_{lang}"


def _text_label(kind: str, lang: str) -> str:
    labels = {
        ("title", "fr"): gettext("Title in French"),
        ("title", "en"): gettext("Title in English"),
        ("title", "ar"): gettext("Title in Arabic"),
        ("description", "fr"): gettext("Description in French"),
        ("description", "en"): gettext("Description in English"),
        ("description", "ar"): gettext("Description in Arabic"),
    }
    return labels[kind, lang]


def _initial(document: Document, words: Vocabulary, lang: Lang) -> dict[str, Any]:
    stated = document["activity"]
    doers = [r["name"] for r in document.get("participating_org") or () if r["role_code"] == "4" and r.get("name")]
    framework = words.framework
    people = {
        field: next(
            (r["value"] for r in document.get("people") or () if r["kind"] == kind and not r.get("group")), None
        )
        for field, kind in _PEOPLE.items()
    }
    markers = [r for r in document.get("policy_marker") or () if _is_gender(r)]
    return {
        "title": _text(document, "title", lang) or "",
        "doer": f"{SEPARATOR} ".join(doers),
        "state": stated.get("state") or "",
        "start": _day(stated.get("start_actual_date") or stated.get("start_planned_date")),
        "end": _day(stated.get("end_actual_date") or stated.get("end_planned_date")),
        **placed(words, lang, place_ids(document), node_ids(document, framework.id) if framework else []),
        "amount_unknown": attribute(document, "amount_unknown") is not None,
        **{field: f"{SEPARATOR} ".join(_organisations(document, role)) for field, role in _ROLES.items()},
        **people,
        "gender": markers[0].get("significance_code", "") if markers else "",
        "security": attribute(document, SECURITY_SUPPORT) or "",
        "results": "\n".join(r["title"] for r in document.get("result") or () if r.get("title")),
        "links": "\n".join(row["url"] for row in document.get("document") or ()),
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _text(document: Document, kind: str, lang: str) -> str | None:
    rows = document.get("narrative") or ()
    return next((r["text"] for r in rows if r["field"] == kind and r.get("lang") == lang), None)


def _put_text(document: Document, kind: str, lang: str, text: str) -> None:
    rows = list(document.get("narrative") or ())
    at = next((n for n, r in enumerate(rows) if r["field"] == kind and r.get("lang") == lang), None)
    if at is None and text:
        rows.append({"field": kind, "lang": lang, "text": text})
    elif at is not None and text:
        rows[at] = {**rows[at], "text": text}
    elif at is not None:
        del rows[at]
    document["narrative"] = rows


def _organisations(document: Document, role: str) -> list[str]:
    return [r["name"] for r in document.get("participating_org") or () if r["role_code"] == role and r.get("name")]


def _put_organisations(document: Document, role: str, names: list[str]) -> None:
    if names == _organisations(document, role):
        return
    rows = document.get("participating_org") or []
    known = {r["name"]: r for r in rows if r["role_code"] == role and r.get("name")}
    others = [r for r in rows if r["role_code"] != role or not r.get("name")]
    document["participating_org"] = [*others, *(known.get(n) or {"role_code": role, "name": n} for n in names)]


def _is_gender(row: Mapping[str, Any]) -> bool:
    return row.get("code") == "1" and row.get("vocabulary_code") in ("1", None)


def _put_results(document: Document, text: str, lang: str) -> None:
    """Results by their titles; one that was there keeps its indicators."""
    from concerted.statements.rows import remove_row

    wanted = list(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip()))
    rows = document.get("result") or []
    for at in reversed(range(len(rows))):
        if rows[at].get("title") and rows[at]["title"] not in wanted:
            remove_row(document, "result", at)
    known = {row.get("title") for row in document.get("result") or ()}
    new = [{"type_code": "1", "title": line, "title_lang": lang} for line in wanted if line not in known]
    document["result"] = [*(document.get("result") or ()), *new]
