"""Kinds of money, one per IATI transaction type; a kind is never added to another one.

Place on the way: allocate, data. Source: IATI 2.03 codelist TransactionType (13 codes); budgets and planned
disbursements are kinds of their own.
"""

PRESENCE, BUDGET, PLANNED, UNKNOWN_KIND = "presence", "budget", "planned_disbursement", "unknown"

#: Incoming funds, commitments and pledges are three kinds: a promise to receive is not money received.
KIND_OF_TYPE = {
    "1": "incoming",
    "2": "commitment",
    "3": "disbursement",
    "4": "expenditure",
    "5": "interest_payment",
    "6": "loan_repayment",
    "7": "reimbursement",
    "8": "equity_purchase",
    "9": "equity_sale",
    "10": "credit_guarantee",
    "11": "incoming_commitment",
    "12": "pledge",
    "13": "incoming_pledge",
}

#: Every kind, in the order of its number within the step.
KINDS = tuple(sorted({PRESENCE, BUDGET, PLANNED, UNKNOWN_KIND, *KIND_OF_TYPE.values()}))
NUMBER_OF_KIND = {kind: number for number, kind in enumerate(KINDS)}

#: Kinds of which `chain` says, transaction by transaction, what is told twice.
CHAINED = ("commitment", "disbursement", "expenditure", "pledge")
