"""The language of each statement: what its words say, weighed with its publisher's habit and what is declared.

Place on the way: step 5. Enters: the candidates of `language`; leaves: `core_text_language`. Only doubtful texts
need the habit: sure ones decide it.
"""

import ibis
import ibis.expr.types as ir

from concerted.classify.language import DECLARED_BONUS
from concerted.classify.texts import candidates

#: How many statements in every language a publisher is thought to have had before the first was read.
PSEUDO = 1


def text_languages(activity: ir.Table, reading: ir.Table) -> ir.Table:
    """`core_text_language`: record_id, lang; null = too short to tell."""
    possible = candidates(reading)
    publishers = activity.select(
        "record_id",
        publisher=ibis.coalesce(activity.reporting_org_ref, activity.source_id, ""),
        declared=ibis.coalesce(activity.description_lang, activity.title_lang, activity.default_lang, ""),
    )
    said = possible.join(publishers, "record_id")
    sure = said.filter(said.log_p == 0)
    habit = sure.group_by("publisher", "lang").agg(statements=sure.count())
    weighed = said.left_join(habit, ["publisher", "lang"])
    prior = (weighed.statements.fill_null(0) + PSEUDO).cast("float64").ln() * 1000
    weighed = weighed.mutate(
        score=weighed.log_p
        + prior.round().cast("int64")
        + ibis.ifelse(weighed.declared == weighed.lang, DECLARED_BONUS, 0)
    )
    ranked = weighed.mutate(
        place=ibis.row_number().over(group_by=weighed.record_id, order_by=[weighed.score.desc(), weighed.lang])
    )
    first = ranked.filter(ranked.place == 0).select("record_id", "lang")
    return activity.select("record_id").left_join(first, "record_id").select("record_id", "lang")
