"""Money as rows: kind, amount, currency, day, other side. Each row is a transaction or a budget of the document."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from concerted.codelists import lists
from concerted.intake.cells import KIND_OF
from concerted.intake.vocabulary import TRANSACTION_KINDS
from concerted.records.cells import parse_number
from concerted.statements.completeness import AMOUNT_UNKNOWN
from concerted.statements.document import Document, plain_value
from concerted.statements.rows import remove_row
from concerted.web.ui.fields import LongSelect, choice
from concerted.web.ui.formats import currency_name, language
from concerted.web.ui.labels import kind_of_money
from concerted.web.workspace.forms.placed import day_field

#: Rows offered beyond those that are there.
SPARE = 2
#: Currencies that stand first; all others follow by code.
_FIRST = ("XOF", "EUR", "USD")
_KINDS = ("commitment", "budget", "pledge", "disbursement", "expenditure", "incoming")


def currency_choices() -> list[tuple[str, str]]:
    """All currencies to choose from, those most used first, and none."""
    named = lists.labels("Currency", language())
    return [
        *((code, f"{code} {named.get(code, '')}" if code != "XOF" else currency_name(code)) for code in _FIRST),
        *((code, f"{code} {named[code]}") for code in sorted(named.keys() - set(_FIRST))),
        ("", gettext("not stated")),
    ]


class AmountField(forms.CharField):
    """An amount as people write it, read as cells of sheets are; what could be two amounts is refused."""

    def clean(self, value: Any) -> Decimal | None:
        """The amount; null where nothing is written."""
        text = super().clean(value)
        try:
            found = parse_number(text) if text else None
        except ValueError as error:
            raise forms.ValidationError(gettext("Write the amount in digits, such as 1500000.")) from error
        if found is not None and (abs(found) >= Decimal(10) ** 14 or found != round(found, 4)):
            raise forms.ValidationError(gettext("More digits than money has."))
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another amount is meant, however it is written."""
        try:
            return bool(self.clean(data) != initial)
        except forms.ValidationError:
            return True


class MoneyForm(forms.Form):
    """One row. `at` says which row of the document it is; empty for a new one."""

    at = forms.RegexField(r"(transaction|budget):\d{1,4}", required=False, widget=forms.HiddenInput)
    amount = AmountField(
        label=_("Amount"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr", "autocomplete": "off"}),
    )
    currency = forms.ChoiceField(label=_("Currency"), required=False, widget=LongSelect)
    kind = forms.ChoiceField(label=_("Kind of money"), required=False)
    day = day_field(_("Day"))
    side = forms.CharField(label=_("From or to whom"), required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice(self, "currency").choices = currency_choices()
        choice(self, "kind").choices = [(kind, kind_of_money(kind)) for kind in _KINDS]


_Rows = forms.formset_factory(MoneyForm, extra=0, max_num=500, absolute_max=500)


class MoneyRows:
    """The rows of a document's money, with some spare ones."""

    def __init__(self, data: Any, document: Document) -> None:
        self.document = document
        initial = [*_rows_of(document)]
        initial += [{"currency": _usual(initial), "kind": "commitment"}] * (SPARE if initial else SPARE + 1)
        self.rows = _Rows(data, prefix="money", initial=initial)

    def is_valid(self) -> bool:
        """Whether every row can be taken."""
        return bool(self.rows.is_valid())

    @property
    def first(self) -> Any:
        """The row that stands among the first fields."""
        return self.rows.forms[0]

    @property
    def others(self) -> list[Any]:
        """The rows that stand folded."""
        return list(self.rows.forms[1:])

    @property
    def has_others(self) -> bool:
        """Whether one of those holds something."""
        return any(form["amount"].value() for form in self.others)

    def apply(self, document: Document, *, unknown: bool) -> Document:
        """The document with the money that was typed. Columns that have no field here stay as they are."""
        document, gone = deepcopy(document), list[tuple[str, int]]()
        starts = document["activity"].get("start_actual_date") or document["activity"].get("start_planned_date")
        for form in self.rows.forms:
            values = form.cleaned_data
            if not form.has_changed():
                continue
            table, _sign, number = str(values.get("at") or "").partition(":")
            if table and int(number) >= len(document.get(table) or ()):
                continue  # the row went with another version
            if values.get("amount") is None:
                gone += [(table, int(number))] if table else []
                continue
            kind = values["kind"] or "commitment"
            wanted = "budget" if kind == "budget" else "transaction"
            known = document[table][int(number)] if table == wanted else {}
            row = _row(known, kind, values, starts)
            if table == wanted:
                document[table][int(number)] = row
            else:
                document.setdefault(wanted, []).append(row)
                gone += [(table, int(number))] if table else []
        for table, at in sorted(gone, reverse=True):
            remove_row(document, table, at)
        has_money = any(document.get(table) for table in ("budget", "transaction"))
        others = [row for row in document.get("attribute") or () if row["name"] != AMOUNT_UNKNOWN]
        says_unknown = unknown and not has_money
        document["attribute"] = [*others, *([{"name": AMOUNT_UNKNOWN, "value": "true"}] if says_unknown else [])]
        return document


def _rows_of(document: Document) -> Iterator[dict[str, Any]]:
    for at, row in enumerate(document.get("transaction") or ()):
        kind = KIND_OF.get(row["type_code"])
        if kind is not None:
            yield {
                "at": f"transaction:{at}",
                "amount": Decimal(row["value"]),
                "currency": row.get("currency") or document["activity"].get("default_currency") or "",
                "kind": kind,
                "day": _day(row.get("transaction_date")),
                "side": row.get("provider_org_name" if kind == "incoming" else "receiver_org_name") or "",
            }
    for at, row in enumerate(document.get("budget") or ()):
        if row["kind"] == "budget":
            yield {
                "at": f"budget:{at}",
                "amount": Decimal(row["value"]),
                "currency": row.get("currency") or document["activity"].get("default_currency") or "",
                "kind": "budget",
                "day": _day(row.get("period_start_date")),
                "side": row.get("provider_org_name") or "",
            }


def _row(known: dict[str, Any], kind: str, values: dict[str, Any], starts: str | None) -> dict[str, Any]:
    day = values["day"].isoformat() if values.get("day") else starts
    money = {"value": plain_value(values["amount"]), "currency": values["currency"] or None}
    side = values.get("side") or None
    if kind == "budget":
        row = {
            **known,
            **money,
            "kind": "budget",
            "period_start_date": day,
            "value_date": day,
            "provider_org_name": side,
        }
    else:
        column = "provider_org_name" if kind == "incoming" else "receiver_org_name"
        row = {**known, **money, "type_code": TRANSACTION_KINDS[kind], "transaction_date": day, column: side}
        row["value_date"] = day
    return {name: value for name, value in row.items() if value is not None}


def _usual(initial: list[dict[str, Any]]) -> str:
    return next((row["currency"] for row in initial if row["currency"]), _FIRST[0])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
