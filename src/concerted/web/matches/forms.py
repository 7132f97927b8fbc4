"""What is typed of a match: how much is put forward, why not, what is promised; and the secretariat's rules."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from concerted.matching.activity import Promise
from concerted.matching.asks import MatchParams
from concerted.web.matches.asked import Told
from concerted.web.matches.models import Match, Rules
from concerted.web.matches.promises import Promised
from concerted.web.matches.queries import params_of
from concerted.web.ui.fields import choice
from concerted.web.ui.formats import language
from concerted.web.ui.screened import screened
from concerted.web.workspace.forms.money import AmountField
from concerted.web.workspace.forms.placed import day_field

_DIGITS = {"inputmode": "decimal", "dir": "ltr", "autocomplete": "off"}


class PutForm(forms.Form):
    """How much of an offer is put forward for a need."""

    amount = AmountField(label=_("Amount"), max_length=40, widget=forms.TextInput(attrs=_DIGITS))


class StepForm(forms.Form):
    """A step that is no promise. `follows` is the number of the newest step that was seen."""

    kind = forms.ChoiceField(choices=[(each, each) for each in ("accepted", "declined", "withdrawn", "delivered")])
    follows = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    reason = forms.CharField(required=False, max_length=500)
    day = day_field(_("Day"))


class PromiseForm(forms.Form):
    """What is promised; all that the need and the offer said stands there already."""

    follows = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=300, validators=[screened])
    amount = AmountField(label=_("Amount"), max_length=40, widget=forms.TextInput(attrs=_DIGITS))
    day = forms.DateField(
        label=_("Promised on"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
    )
    start = day_field(_("From"))
    end = day_field(_("Until"))
    sharing = forms.ChoiceField(label=_("Who may see the activity"), widget=forms.RadioSelect)
    is_followed = forms.BooleanField(
        label=_("When who receives confirms, our activity says that it is under way, or completed"), required=False
    )

    def __init__(self, data: Any, *, match: Match, told: tuple[Told, Told], today: date) -> None:
        need, offer = (each.row for each in told)
        start = max((day for day in (need["start_date"], offer["start_date"], today) if day), default=today)
        ends = [day for day in (need["end_date"], offer["end_date"]) if day]
        super().__init__(
            data,
            initial={
                "follows": match.version,
                "title": need["title"],
                "amount": match.amount.normalize().__format__("f"),
                "day": today,
                "start": start,
                "end": min(ends) if ends else None,
                "sharing": "as_both",
                "is_followed": True,
            },
        )
        choice(self, "sharing").choices = [
            ("as_both", gettext("who may see both the need and the offer")),
            ("own", gettext("our organisation only, for now")),
        ]
        self.lang = need.get("title_lang") or language()

    def promised(self) -> Promised:
        """What was typed."""
        said = self.cleaned_data
        promise = Promise(
            said["amount"] or Decimal(0), said["day"], said["title"].strip(), self._language, said["start"], said["end"]
        )
        return Promised(said["follows"], promise, said["sharing"], said["is_followed"])

    @property
    def _language(self) -> Any:
        """The need's language while its title stands, else the page's."""
        return self.lang if "title" not in self.changed_data and self.lang in ("fr", "en", "ar") else language()


class RulesForm(forms.Form):
    """The secretariat's rules. What no field names keeps its value."""

    number = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    urgency_1 = forms.FloatField(label=_("can wait"), min_value=0, max_value=100)
    urgency_2 = forms.FloatField(label=_("normal"), min_value=0, max_value=100)
    urgency_3 = forms.FloatField(label=_("urgent"), min_value=0, max_value=100)
    urgency_4 = forms.FloatField(label=_("at once"), min_value=0, max_value=100)
    urgency_unknown = forms.FloatField(label=_("not stated"), min_value=0, max_value=100)
    validated = forms.FloatField(label=_("A validated need counts so many times more"), min_value=0, max_value=100)
    caution = forms.FloatField(
        label=_("Caution, 0 to 1"),
        min_value=0,
        max_value=1,
        help_text=_("1 trusts the low end of what is missing, 0 the high one."),
    )
    fairness_price = forms.FloatField(
        label=_("Given up for the worst region, 0 to 1"),
        min_value=0,
        max_value=1,
        help_text=_("This part of the worth at most; 0.005 is half a per cent."),
    )
    keep_bonus = forms.FloatField(
        label=_("To keep what was proposed last is worth, 0 to 1"),
        min_value=0,
        max_value=1,
    )
    most_partners = forms.IntegerField(
        label=_("No new partner where so many are at work"),
        required=False,
        min_value=0,
        max_value=1000,
        help_text=_("On one line in one place. Empty: no limit."),
    )
    capacity = forms.CharField(
        label=_("What places or receivers can take, in dollars"),
        required=False,
        max_length=10_000,
        help_text=_("One in each line: the code of the place or the name of the receiver, a colon, the amount."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr"}),
    )
    silent_days = forms.IntegerField(
        label=_("Days without an answer until a match returns to the pool"), min_value=1, max_value=365
    )
    declined_days = forms.IntegerField(
        label=_("Days until a declined match may be proposed again"), min_value=1, max_value=3650
    )

    def __init__(self, data: Any, *, rules: Rules) -> None:
        self.params = params_of(rules)
        stated = asdict(self.params)
        initial = {name: stated[name] for name in stated if name in self.base_fields}
        initial |= {f"urgency_{at}": weight for at, weight in enumerate(self.params.urgency, 1)}
        initial["capacity"] = "\n".join(f"{name}: {most:g}" for name, most in sorted(self.params.capacity.items()))
        initial |= {"number": rules.number, "silent_days": rules.silent_days, "declined_days": rules.declined_days}
        super().__init__(data, initial=initial)

    def clean_capacity(self) -> dict[str, float]:
        """Amounts by name."""
        found = {}
        for line in self.cleaned_data["capacity"].splitlines():
            if not line.strip():
                continue
            name, colon, amount = line.rpartition(":")
            try:
                value = float(amount.replace(" ", ""))
            except ValueError:
                value = -1.0
            if not (colon and name.strip() and 0 <= value < 1e15):
                raise forms.ValidationError(gettext("Not a name, a colon and an amount: %(line)s") % {"line": line})
            found[name.strip()] = value
        return found

    def document(self) -> dict[str, Any]:
        """The rules that were typed, with those that have no field, as values of `MatchParams`."""
        said: Mapping[str, Any] = self.cleaned_data
        plain = {name: said[name] for name in asdict(MatchParams()) if name in said}
        document = {**_listed(asdict(self.params)), **plain}
        document["urgency"] = [said[f"urgency_{at}"] for at in (1, 2, 3, 4)]
        return document


def _listed(stated: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as JSON holds them."""

    def plain(value: Any) -> Any:
        return [plain(part) for part in value] if isinstance(value, tuple | list) else value

    return {name: plain(value) for name, value in stated.items()}
