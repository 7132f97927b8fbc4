"""The whole form of a record: what it is, its money, who may see it; and what was typed as a document."""

from datetime import date
from typing import Any

from concerted.intake.vocabulary import Vocabulary
from concerted.records.screening.kinds import message
from concerted.statements.document import Document
from concerted.statements.texts import FoundText
from concerted.web.accounts.models import Partner
from concerted.web.ui.formats import language
from concerted.web.workspace.forms.money import MoneyRows
from concerted.web.workspace.forms.record import RecordForm
from concerted.web.workspace.forms.sharing import SharingForm, offered_to


class WholeForm:
    """All parts over one document. `base` is the version that the form began with."""

    def __init__(self, data: Any, base: Document, owner: Partner, words: Vocabulary, *, states: bool) -> None:
        self.base = base
        self.record = RecordForm(data, document=base, words=words, states=states)
        self.money = MoneyRows(data, base)
        offered = offered_to(owner, language(), base)
        self.sharing = SharingForm(data, document=base, owner=str(owner.pk), offered=offered)
        self.refused: list[tuple[str, str]] = []
        self.asked: list[tuple[str, str]] = []

    def is_valid(self) -> bool:
        """Whether every field can be taken."""
        return all([self.record.is_valid(), self.money.is_valid(), self.sharing.is_valid()])

    def document(self, today: date) -> Document:
        """What was typed, over what the form began with."""
        document = self.record.apply(today)
        document = self.money.apply(document, unknown=self.record.cleaned_data["amount_unknown"])
        return self.sharing.apply(document)

    def refuse(self, found: list[FoundText]) -> None:
        """Show the author, and nobody else, which words cannot be kept, or must be answered for."""
        lang = language()
        self.refused = [(each.words, message(each.finding, lang)) for each in found if each.is_refused]
        self.asked = [(each.words, message(each.finding, lang)) for each in found if not each.is_refused]

    @property
    def is_more_open(self) -> bool:
        """Whether the folded part must stand open: something in it is wrong."""
        wrong = set(self.record.errors) & {*self.record.more, *(field.name for field in self.record.texts)}
        return bool(wrong) or any(form.errors for form in self.money.others)
