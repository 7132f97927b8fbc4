"""What must hold of what organisations tell in two sources: of each subject one of them counts.

Place on the way: behind `integrity`, as `laws`.
"""

from collections.abc import Iterator

from concerted.model.subjects import COLUMNS_OF, PEOPLE, PLACES
from concerted.model.tables import ON_ACTIVITY

#: What an organisation tells in two sources and counts from the other one.
ASIDE = "SELECT (record_id, subject) FROM core_precedence WHERE NOT is_counted"


def precedence_laws(kind: str) -> Iterator[tuple[str, str, str]]:
    """(law, table, query for the rows that break it).

    Args:
        kind: SQL for the kind of money of a transaction.
    """
    yield (
        "money that its organisation counts from another source is in no figure",
        "core_precedence",
        f"""
        SELECT record_id, view, finance_kind FROM out_allocation WHERE (record_id, finance_kind) IN ({ASIDE})
        UNION ALL SELECT d.record_id, d.view, {kind} FROM core_double AS d JOIN core_transaction AS t
          ON t.record_id = d.record_id AND t.seq = d.transaction_seq WHERE (d.record_id, {kind}) IN ({ASIDE})""",
    )
    yield (
        "people that their organisation counts from another source are in no figure",
        "out_people_figure",
        f"SELECT record_id, kind, value FROM out_people_figure WHERE (record_id, '{PEOPLE}') IN ({ASIDE})",
    )
    yield (
        "what is set aside is counted from the other source of the same organisation",
        "core_precedence",
        """
        SELECT p.record_id, p.subject, p.other_record_id
        FROM core_precedence AS p JOIN core_activity AS mine USING (record_id)
        LEFT JOIN core_activity AS other ON other.record_id = p.other_record_id
        WHERE p.is_counted <> (p.other_record_id IS NULL) OR NOT p.is_counted AND (
            other.org_id IS DISTINCT FROM mine.org_id OR other.activity_id IS DISTINCT FROM mine.activity_id
            OR NOT other.is_current OR other.source_id = mine.source_id
            OR EXISTS (SELECT 1 FROM core_precedence AS again WHERE again.record_id = p.other_record_id
                       AND again.subject = p.subject AND NOT again.is_counted))""",
    )
    for subject, columns in COLUMNS_OF.items():
        differs = " OR ".join(f"mine.{name} IS DISTINCT FROM other.{name}" for name in columns)
        yield (
            f"an activity has the {subject} of the source that counts",
            "core_activity",
            f"""
            SELECT p.record_id, p.other_record_id FROM core_precedence AS p JOIN core_activity AS mine USING (record_id)
            JOIN core_activity AS other ON other.record_id = p.other_record_id
            WHERE p.subject = '{subject}' AND NOT p.is_counted AND ({differs})""",
        )
    yield (
        "a statement stands in the places of the source that counts",
        "core_place_share",
        f"""
        WITH p AS (SELECT * FROM core_precedence WHERE subject = '{PLACES}' AND NOT is_counted),
        mine AS (SELECT p.record_id, s.transaction_seq, s.place_id, s.precision, s.share
                 FROM p JOIN core_place_share AS s USING (record_id)),
        other AS (SELECT p.record_id, s.transaction_seq, s.place_id, s.precision, s.share
                  FROM p JOIN core_place_share AS s ON s.record_id = p.other_record_id
                  WHERE s.transaction_seq = {ON_ACTIVITY})
        (FROM mine EXCEPT FROM other) UNION ALL (FROM other EXCEPT FROM mine)""",
    )
