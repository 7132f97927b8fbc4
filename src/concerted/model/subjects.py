"""What an organisation's two sources, what it publishes and its workspace, can both tell of one activity.

Amounts would add up, so the claim that does not count is left out: each kind of money, and people. Of the other fields
an activity has one value: a statement that does not count takes the value of the one that does.
"""

from concerted.model.finance import MONEY_KINDS

TEXTS, DATES, PLACES, PEOPLE = "texts", "dates", "places", "people"
#: Groups of fields beside money, in the order in which people read them.
FIELD_GROUPS = (TEXTS, DATES, PLACES, PEOPLE)
SUBJECTS = (*MONEY_KINDS, *FIELD_GROUPS)
#: Columns of `activity` that go together, because each says little without the others.
COLUMNS_OF = {
    TEXTS: ("title", "title_lang", "description", "description_lang"),
    DATES: (
        "activity_status_code",
        "state",
        "start_planned_date",
        "start_actual_date",
        "end_planned_date",
        "end_actual_date",
    ),
}
#: Groups of which a statement that does not count takes over what the other one says.
TAKEN_OVER = (*COLUMNS_OF, PLACES)
