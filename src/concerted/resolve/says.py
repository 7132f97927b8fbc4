"""What each statement tells, subject by subject, where its organisation has two sources.

Place on the way: resolve, before `precedence`. Enters: the statements in question and the records below them. Leaves:
of which subjects they tell, and what they say themselves of fields that another one may speak for.
"""

import json
from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from concerted.model.subjects import COLUMNS_OF, DATES, PEOPLE, PLACES, TAKEN_OVER, TEXTS
from concerted.model.tables import ON_ACTIVITY
from concerted.store.people import figures_of_people, indicators_of_people
from concerted.store.precedence import budget_kind, transaction_kind
from concerted.store.rowwise import rowwise
from concerted.store.step import Tables

#: What is read for it.
INPUTS = (
    "rec_transaction",
    "rec_budget",
    "rec_location",
    "rec_recipient",
    "rec_people",
    "rec_indicator",
    "rec_indicator_period",
)
#: The field that speaks of a group: a language without a text says nothing.
_SPEAKING = {TEXTS: ("title", "description"), DATES: COLUMNS_OF[DATES]}


def said_of(statements: ir.Table, tables: Tables) -> ir.Table:
    """(record_id, subject, tells) of which each statement tells, or of which another one may speak for it.

    An amount that is unknown says nothing. A statement that gives places for single transactions only is left out of
    places: those of another one would not be theirs.

    Args:
        statements: `rec_activity`, those in question.
        tables: `INPUTS`.
    """
    of = {name: tables[name].semi_join(statements, "record_id") for name in INPUTS}
    paid = of["rec_transaction"].filter(of["rec_transaction"].value.notnull())
    planned = of["rec_budget"].filter(of["rec_budget"].value.notnull())
    recipient = of["rec_recipient"]
    whole = recipient.filter(recipient.transaction_seq == ON_ACTIVITY)
    placed = ibis.union(whole.select("record_id"), of["rec_location"].select("record_id"), distinct=True)
    told = ibis.union(
        paid.select("record_id", subject=transaction_kind(paid)),
        planned.select("record_id", subject=budget_kind(planned)),
        placed.select("record_id", subject=ibis.literal(PLACES)),
        _people(of).select("record_id", subject=ibis.literal(PEOPLE)),
        *(
            _where_any(statements, columns).select("record_id", subject=ibis.literal(subject))
            for subject, columns in _SPEAKING.items()
        ),
        distinct=True,
    ).cache()
    silent = ibis.union(*(statements.select("record_id", subject=ibis.literal(each)) for each in TAKEN_OVER))
    silent = silent.anti_join(told, ["record_id", "subject"])
    parted = recipient.select("record_id", subject=ibis.literal(PLACES)).distinct()
    silent = silent.anti_join(parted, ["record_id", "subject"])
    return ibis.union(told.mutate(tells=ibis.literal(True)), silent.mutate(tells=ibis.literal(False))).cache()


def _where_any(rows: ir.Table, columns: Sequence[str]) -> ir.Table:
    is_said = ibis.literal(False)
    for name in columns:
        is_said = is_said | rows[name].notnull()
    return rows.filter(is_said)


def _people(of: Tables) -> ir.Table:
    """(record_id) of statements that tell how many people: in a column of a sheet, or by an indicator."""
    columns = figures_of_people(of["rec_people"])
    period = of["rec_indicator_period"]
    stated = period.filter(period.actual_value.notnull() | period.target_value.notnull())
    kept = indicators_of_people(of["rec_indicator"]).select("record_id", indicator_seq="seq")
    measured = stated.semi_join(kept, ["record_id", "indicator_seq"])
    return ibis.union(columns.select("record_id"), measured.select("record_id"), distinct=True)


def _json(**values: str) -> str:
    return json.dumps({name: value for name, value in values.items() if value}, ensure_ascii=False, sort_keys=True)


def _texts(title: str, title_lang: str, description: str, description_lang: str) -> str:
    return _json(title=title, title_lang=title_lang, description=description, description_lang=description_lang)


def _dates(
    activity_status_code: str,
    state: str,
    start_planned_date: str,
    start_actual_date: str,
    end_planned_date: str,
    end_actual_date: str,
) -> str:
    return _json(
        activity_status_code=activity_status_code,
        state=state,
        start_planned_date=start_planned_date,
        start_actual_date=start_actual_date,
        end_planned_date=end_planned_date,
        end_actual_date=end_actual_date,
    )


#: By group, its columns as texts (empty = null) as a JSON object of those that say something.
_OWN = {
    TEXTS: rowwise("concerted_own_texts", _texts, ["string"] * len(COLUMNS_OF[TEXTS]), "string"),
    DATES: rowwise("concerted_own_dates", _dates, ["string"] * len(COLUMNS_OF[DATES]), "string"),
}


def own_fields(statements: ir.Table) -> ir.Table:
    """(record_id, subject, own): what each statement itself says of a group of columns; silent ones have no row."""
    found = []
    for subject, columns in COLUMNS_OF.items():
        rows = _where_any(statements, _SPEAKING[subject])
        own = _OWN[subject](*(rows[name].cast("string").fill_null("") for name in columns))
        found.append(rows.select("record_id", subject=ibis.literal(subject), own=own))
    return ibis.union(*found)
