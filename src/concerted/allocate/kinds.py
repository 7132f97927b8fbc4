"""The kinds of money as numbers of this step, and presence, which is no money but stands among them.

Place on the way: allocate, data.
"""

from concerted.model.finance import BUDGET, KIND_OF_TYPE, PLANNED, UNKNOWN_KIND

__all__ = ["BUDGET", "CHAINED", "KINDS", "KIND_OF_TYPE", "NUMBER_OF_KIND", "PLANNED", "PRESENCE", "UNKNOWN_KIND"]

PRESENCE = "presence"

#: Every kind, in the order of its number within the step.
KINDS = tuple(sorted({PRESENCE, BUDGET, PLANNED, UNKNOWN_KIND, *KIND_OF_TYPE.values()}))
NUMBER_OF_KIND = {kind: number for number, kind in enumerate(KINDS)}

#: Kinds of which `chain` says, transaction by transaction, what is told twice.
CHAINED = ("commitment", "disbursement", "expenditure", "pledge")
