"""Kinds of money, one per IATI transaction type; a kind is never added to another one.

Source: IATI 2.03 codelist TransactionType (13 codes); budgets and planned disbursements are kinds of their own.
"""

BUDGET, PLANNED, UNKNOWN_KIND = "budget", "planned_disbursement", "unknown"

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

#: Every kind of money that a statement can tell, in the order in which people read them: first what is promised.
MONEY_KINDS = (
    "pledge",
    "commitment",
    "disbursement",
    "expenditure",
    BUDGET,
    PLANNED,
    "incoming_pledge",
    "incoming_commitment",
    "incoming",
    "loan_repayment",
    "interest_payment",
    "reimbursement",
    "equity_purchase",
    "equity_sale",
    "credit_guarantee",
    UNKNOWN_KIND,
)
