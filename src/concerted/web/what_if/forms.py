"""One form for each kind of change. They are sent by GET: what they make stands in the address and is saved nowhere."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from concerted.codelists.frameworks import SUPPLY_KINDS
from concerted.matching.what_if.changes import Add, Change, Cost, End, Move, Rule, Where
from concerted.model.ids import id_from_text
from concerted.model.tables import ALL, UNCLASSIFIED
from concerted.web.coverage.filter_bar import place_options
from concerted.web.coverage.filters import Filters
from concerted.web.coverage.names import node_label, place_label
from concerted.web.edition.scope import Scope
from concerted.web.ui.fields import LongSelect, choice
from concerted.web.ui.labels import kind_of_money
from concerted.web.workspace.forms.money import AmountField

#: Years that a change may name beside those of the picture: what is planned lies ahead.
AHEAD = 6
_BEFORE = 8
KINDS = ("move", "add", "end", "cost", "rule")
_WHOLE = Decimal(100)


class ChangeForm(forms.Form):
    """A form that makes a change. `scope` and `filters` say what can be chosen."""

    def __init__(self, data: Any, *, kind: str, scope: Scope, filters: Filters, lang: str, initial: Any) -> None:
        self.scope, self.filters, self.lang = scope, filters, lang
        super().__init__(data, prefix=kind, initial=initial)
        self.fill()

    def fill(self) -> None:
        """Give the fields what can be chosen."""
        raise NotImplementedError

    @property
    def change(self) -> Change:
        """The change that a valid form makes."""
        raise NotImplementedError

    def choose(self, name: str, options: Sequence[tuple[str, str]]) -> None:
        """Let a field offer these options; what an address brought beside them is offered too, where it is there."""
        field = choice(self, name)
        field.widget = LongSelect()
        stated = str(self.data.get(self.add_prefix(name)) or self.initial.get(name) or "")
        extra = [] if stated in dict(options) else self._brought(name, stated)
        field.choices = [*options, *extra]
        field.required = False

    def _brought(self, name: str, stated: str) -> list[tuple[str, str]]:
        if name.endswith("place") and stated in self.scope.edition.places:
            return [(stated, place_label(self.scope, stated, self.lang))]
        if name.endswith("year") and stated.isascii() and stated.isdecimal() and len(stated) == 4:
            return [(stated, stated)]
        return []

    def nodes(self) -> list[tuple[str, str]]:
        """The lines of the framework, those below others set in."""
        tree = self.scope.edition.frameworks[self.filters.framework]
        named = ((node, "\u2003" * tree.nodes[node].depth + node_label(self.scope, self.filters, node, self.lang))
                 for node in tree.nodes)  # fmt: skip
        return [*named, (UNCLASSIFIED, node_label(self.scope, self.filters, UNCLASSIFIED, self.lang))]

    def places(self) -> list[tuple[str, str]]:
        """The chosen place, those above and below it, and what has no place."""
        return [option for option in place_options(self.scope, self.filters, self.lang) if option[0] != "all"]

    def years(self) -> list[tuple[str, str]]:
        """Years around the day of the picture, the newest first."""
        now = (self.scope.edition.as_of or date.today()).year  # noqa: DTZ011 (a list to choose from)
        return [(str(year), str(year)) for year in range(now + AHEAD, now - _BEFORE, -1)]

    def chosen(self, name: str) -> str | None:
        """What was chosen; null = nothing."""
        return self.cleaned_data.get(name) or None

    def chosen_year(self, name: str) -> int | None:
        """The year that was chosen; null = none."""
        chosen = self.chosen(name)
        return int(chosen) if chosen else None


class DollarField(AmountField):
    """Dollars as people write them, `5 000 000` too, to the cent; not less than nothing."""

    def clean(self, value: Any) -> Decimal | None:
        """The amount; null where nothing is written."""
        found = super().clean(value)
        if found is not None and found < 0:
            raise ValidationError(gettext("Not less than nothing."))
        if found is not None and found != round(found, 2):
            raise ValidationError(gettext("More digits than money has."))
        return found


def _usd(label: Any, *, required: bool = True) -> DollarField:
    box = forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr", "autocomplete": "off"})
    return DollarField(label=label, max_length=40, required=required, widget=box)


class MoveForm(ChangeForm):
    """Money from one part of the picture to another."""

    from_node = forms.ChoiceField(label=_("Out of the priority"))
    from_place = forms.ChoiceField(label=_("Out of the place"))
    from_year = forms.ChoiceField(label=_("Of the year"))
    usd = _usd(_("Amount in US dollars"))
    to_node = forms.ChoiceField(label=_("To the priority"))
    to_place = forms.ChoiceField(label=_("To the place"))
    to_year = forms.ChoiceField(label=_("In the year"))

    def fill(self) -> None:
        whole, stays = gettext("All of them"), gettext("As it is")
        for name, options in (("node", self.nodes()), ("place", self.places()), ("year", self.years())):
            self.choose(f"from_{name}", [("", whole), *options])
            self.choose(f"to_{name}", [("", stays), *options])

    def clean(self) -> dict[str, Any]:
        """It goes somewhere, and there is something that goes."""
        values = super().clean() or {}
        if values.get("usd") == 0:
            self.add_error("usd", gettext("Nothing would move."))
        if not self.errors and self.change.source == self.change.target:
            raise ValidationError(
                gettext("It is there already: choose another priority, place or year for it to go to.")
            )
        return values

    @property
    def change(self) -> Move:
        source = Where(self.chosen("from_node"), self.chosen("from_place"), self.chosen_year("from_year"))
        stated = Where(self.chosen("to_node"), self.chosen("to_place"), self.chosen_year("to_year"))
        return Move(source, source.but(stated), self.cleaned_data["usd"])


class AddForm(ChangeForm):
    """A new project."""

    node = forms.ChoiceField(label=_("For the priority"))
    place = forms.ChoiceField(label=_("At the place"))
    year = forms.ChoiceField(label=_("From the year"))
    last_year = forms.ChoiceField(label=_("To the year"))
    low = _usd(_("At least, in US dollars"), required=False)
    best = _usd(_("Likely, in US dollars"), required=False)
    high = _usd(_("At most, in US dollars"), required=False)

    def fill(self) -> None:
        years = self.years()
        now = str(int(years[0][0]) - AHEAD + 1)
        self.choose("node", self.nodes())
        self.choose("place", self.places())
        self.choose("year", years)
        self.choose("last_year", [("", gettext("the same year")), *years])
        self.initial.setdefault("year", now)
        if self.filters.place:
            self.initial.setdefault("place", self.filters.place)
        self.fields["low"].help_text = gettext(
            "Likely alone is enough. Nothing at all: the amount is unknown, not zero."
        )

    def clean(self) -> dict[str, Any]:
        """One amount stands for all three; three are in their order."""
        values = super().clean() or {}
        if self.errors:
            return values
        for name in ("node", "place", "year"):
            if not values.get(name):
                self.add_error(name, gettext("Choose one."))
        low, best, high = (values.get(name) for name in ("low", "best", "high"))
        if best is not None and low is None and high is None:
            values["low"] = values["high"] = low = high = best
        known = [each for each in (low, best, high) if each is not None]
        if known and (len(known) < 3 or known != sorted(known)):
            raise ValidationError(gettext("State all three from the least to the most, or the likely amount alone."))
        if not self.errors and values["last_year"] and int(values["last_year"]) < int(values["year"]):
            self.add_error("last_year", gettext("It would end before it begins."))
        return values

    @property
    def change(self) -> Add:
        values = self.cleaned_data
        first = int(values["year"])
        amounts = (values["low"], values["best"], values["high"])
        return Add(values["node"], values["place"], first, self.chosen_year("last_year") or first, *amounts)


class EndForm(ChangeForm):
    """A project that ends. Which: out of a list of those that one sees, or by the id in its address."""

    activity = forms.CharField(label=_("Project"), max_length=16, min_length=16)
    last_day = forms.DateField(
        label=_("Last day"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def fill(self) -> None:
        self.fields["last_day"].help_text = gettext(
            "Figures know years: what falls in later years is gone, the year of this day stays as it is told."
        )
        self.fields["activity"].help_text = gettext(
            "The 16 letters and digits in the address of its page; there is a link to here on that page."
        )

    def clean_activity(self) -> int:
        """An id; whether there is such a project is not told here."""
        try:
            return id_from_text(self.cleaned_data["activity"].strip())
        except ValueError as error:
            raise ValidationError(gettext("This is not the number of a project.")) from error

    @property
    def change(self) -> End:
        return End(self.cleaned_data["activity"], self.cleaned_data["last_day"])


class CostForm(ChangeForm):
    """Other costs than the strategy says."""

    node = forms.ChoiceField(label=_("Costs of the priority"))
    share = forms.DecimalField(
        label=_("Per cent of what the strategy says"),
        min_value=Decimal(0), max_value=Decimal(1000), decimal_places=1, max_digits=5,
    )  # fmt: skip

    def fill(self) -> None:
        self.choose("node", [("", node_label(self.scope, self.filters, ALL, self.lang)), *self.nodes()[:-1]])
        self.initial.setdefault("share", 120)

    @property
    def change(self) -> Cost:
        return Cost(self.chosen("node"), (self.cleaned_data["share"] / _WHOLE).normalize())


class RuleForm(ChangeForm):
    """Another rule of what counts as covered."""

    covered = forms.DecimalField(
        label=_("Covered from so many per cent of the highest cost on"),
        min_value=Decimal(0), max_value=Decimal(1000), decimal_places=1, max_digits=5,
    )  # fmt: skip
    not_covered = forms.DecimalField(
        label=_("Not covered below so many per cent of the lowest cost"),
        min_value=Decimal(0), max_value=Decimal(1000), decimal_places=1, max_digits=5,
    )  # fmt: skip
    freshness_months = forms.IntegerField(label=_("Months for which a report counts"), min_value=0, max_value=600)
    supply_kind = forms.ChoiceField(label=_("What is compared with costs"))

    def fill(self) -> None:
        rule = self.scope.edition.frameworks[self.filters.framework].rule
        self.choose("supply_kind", [(kind, kind_of_money(kind)) for kind in SUPPLY_KINDS])
        self.initial.setdefault("covered", _plain(rule.covered * _WHOLE))
        self.initial.setdefault("not_covered", _plain(rule.not_covered * _WHOLE))
        self.initial.setdefault("freshness_months", rule.freshness_months)
        self.initial.setdefault("supply_kind", rule.supply_kind)

    def clean(self) -> dict[str, Any]:
        """Something of it is another."""
        values = super().clean() or {}
        if not self.errors and self.change == Rule():
            raise ValidationError(gettext("This is the rule as it stands: change something of it."))
        return values

    @property
    def change(self) -> Rule:
        rule, values = self.scope.edition.frameworks[self.filters.framework].rule, self.cleaned_data
        covered, not_covered = ((values[name] / _WHOLE).normalize() for name in ("covered", "not_covered"))
        months, kind = values["freshness_months"], values["supply_kind"] or rule.supply_kind
        return Rule(
            covered if covered != rule.covered else None,
            not_covered if not_covered != rule.not_covered else None,
            months if months != rule.freshness_months else None,
            kind if kind != rule.supply_kind else None,
        )


FORMS: dict[str, type[ChangeForm]] = dict(zip(KINDS, (MoveForm, AddForm, EndForm, CostForm, RuleForm), strict=True))


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")
