"""The form of a record: from a document to fields, and from what was typed back to a document."""

from concerted.web.workspace.forms.money import MoneyRows
from concerted.web.workspace.forms.record import RecordForm
from concerted.web.workspace.forms.sharing import SharingForm
from concerted.web.workspace.forms.whole import WholeForm

__all__ = ["MoneyRows", "RecordForm", "SharingForm", "WholeForm"]
