"""What one says of a record: which field, what is wrong with it, and perhaps how it should read."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from concerted.intake.vocabulary import Vocabulary
from concerted.statements.document import SHARING, Document
from concerted.statements.rows import Row, rows_of
from concerted.web.ui.fields import choice
from concerted.web.workspace import words


class RemarkForm(forms.Form):
    """*This is not right.*"""

    field = forms.ChoiceField(label=_("What is not right"), required=False)
    text = forms.CharField(
        label=_("What is wrong"),
        max_length=2000,
        help_text=_("No names of persons."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    value = forms.CharField(
        label=_("How it should read"),
        required=False,
        max_length=2000,
        help_text=_("If you know it. A day as 2026-05-31, an amount in digits."),
    )

    def __init__(self, *args: Any, document: Document, vocabulary: Vocabulary, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places: list[tuple[Row, str]] = []
        labels = [("", gettext("the whole of it"))]
        for row, stated in rows_of(document).items():
            for column, value in stated.items():
                if column in words.SAID_BY_NAME or column in SHARING:
                    continue
                shown = words.value_word(row.table, column, value, vocabulary)
                about = [words.row_word(row, vocabulary), words.column_word(row.table, column)]
                labels.append((str(len(self.places)), f"{', '.join(part for part in about if part)}: {shown}"[:160]))
                self.places.append((row, column))
        choice(self, "field").choices = labels

    @property
    def meant(self) -> tuple[Row, str] | None:
        """The field that is meant; null = the whole."""
        chosen = self.cleaned_data["field"]
        return self.places[int(chosen)] if chosen else None

    def clean(self) -> dict[str, Any]:
        """A value needs the field in which it stands."""
        values = super().clean() or {}
        if values.get("value") and not values.get("field"):
            self.add_error("field", gettext("Say which field should read so."))
        return values
