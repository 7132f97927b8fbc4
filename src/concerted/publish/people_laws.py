"""What must hold of people reached: bounds that follow from the figures and from where their statements stand.

Place on the way: behind `laws`. Each law is (sentence, table, query for what breaks it), written against the tables
alone, not with the code that made them.
"""

from collections.abc import Iterator

from concerted.model.tables import UNCLASSIFIED
from concerted.publish.tree_sql import NODES


def people_laws(few: int) -> Iterator[tuple[str, str, str]]:
    """(sentence, table, query) of each law.

    Args:
        few: the least number of people that the public is told in this edition.
    """
    yield from _bounds()
    yield from _few(few)


def _bounds() -> Iterator[tuple[str, str, str]]:
    yield (
        "people are at least the largest figure within a node, at most the sum of all that may be there",
        "out_people_bound",
        f"""
        WITH RECURSIVE {NODES},
        stands AS (
            SELECT DISTINCT framework_id, record_id, node_id, place_id, marking_key FROM out_allocation
            WHERE view = 'precise' AND finance_kind = 'presence'),
        sure AS (
            SELECT framework_id, record_id, bool_and(is_confirmed OR node_id = '{UNCLASSIFIED}') AS is_sure
            FROM out_allocation WHERE view = 'precise' AND finance_kind = 'presence' GROUP BY ALL),
        inside AS (
            SELECT s.framework_id, n.up_node, s.record_id, s.marking_key, count(*) AS parts
            FROM stands AS s JOIN nodes AS n ON n.framework_id = s.framework_id AND n.node_id = s.node_id GROUP BY ALL),
        whole AS (SELECT framework_id, record_id, count(*) AS parts FROM stands GROUP BY ALL),
        wanted AS (
            SELECT i.framework_id, i.up_node AS node_id, f.kind, i.marking_key,
                   max(CASE WHEN i.parts = w.parts AND s.is_sure THEN f.value ELSE 0 END) AS at_least,
                   CAST(coalesce(sum(f.value) FILTER (NOT f.is_part), 0) AS BIGINT) AS at_most,
                   max(CASE WHEN i.parts = w.parts AND s.is_sure THEN f.told_least ELSE 0 END) AS told_least,
                   CAST(coalesce(sum(f.told_most) FILTER (NOT f.is_part), 0) AS BIGINT) AS told_most,
                   count(*) FILTER (f.is_suppressed) AS suppressed,
                   count(DISTINCT f.activity_id) AS activities
            FROM inside AS i JOIN out_people_figure AS f USING (record_id)
            JOIN whole AS w ON w.framework_id = i.framework_id AND w.record_id = i.record_id
            JOIN sure AS s ON s.framework_id = i.framework_id AND s.record_id = i.record_id GROUP BY ALL)
        SELECT coalesce(w.framework_id, b.framework_id) AS framework_id, coalesce(w.node_id, b.node_id) AS node_id,
               coalesce(w.kind, b.kind) AS kind, w.at_least AS wanted_least, b.at_least, w.at_most AS wanted_most,
               b.at_most, w.told_least AS wanted_told_least, b.told_least, w.told_most AS wanted_told_most,
               b.told_most, w.activities AS wanted_activities, b.activities
        FROM wanted AS w FULL JOIN (FROM out_people_bound WHERE place_id IS NULL) AS b
          USING (framework_id, node_id, kind, marking_key)
        WHERE w.at_least IS DISTINCT FROM b.at_least OR w.at_most IS DISTINCT FROM b.at_most
           OR w.told_least IS DISTINCT FROM b.told_least OR w.told_most IS DISTINCT FROM b.told_most
           OR w.suppressed IS DISTINCT FROM b.suppressed OR w.activities IS DISTINCT FROM b.activities""",
    )
    yield (
        "a bound of people is no more than the one of what holds it",
        "out_people_bound",
        """
        SELECT p.framework_id, p.node_id, p.place_id, p.kind, p.at_least, p.at_most, e.at_least AS in_all,
               e.at_most AS of_all
        FROM out_people_bound AS p JOIN out_people_bound AS e USING (framework_id, node_id, kind, marking_key)
        WHERE e.place_id IS NULL AND (p.at_least > p.at_most OR p.at_least > e.at_least OR p.at_most > e.at_most)""",
    )
    yield (
        "a figure of people is one that a sheet or an indicator tells",
        "out_people_figure",
        """
        SELECT f.record_id, f.kind, f.origin, f.seq, f.value FROM out_people_figure AS f
        WHERE NOT CASE f.origin
            WHEN 'column' THEN EXISTS (
                SELECT 1 FROM core_people AS p
                WHERE p.record_id = f.record_id AND p.seq = f.seq AND p.kind = f.kind AND p.value = f.value)
            ELSE EXISTS (
                SELECT 1 FROM core_indicator_period AS p
                WHERE p.record_id = f.record_id AND p.seq = f.seq
                  AND CASE f.kind WHEN 'reached' THEN p.actual_value ELSE p.target_value END IS NOT NULL) END""",
    )


def _few(few: int) -> Iterator[tuple[str, str, str]]:
    yield (
        "a count of few people that everybody could read is suppressed",
        "out_suppressed",
        f"""
        SELECT 'core_people' AS in_table, p.record_id, p.seq, p.value FROM core_people AS p
        JOIN core_activity AS s USING (record_id)
        WHERE s.marking_key = 'CLEAR' AND p.value BETWEEN 1 AND {few - 1} AND (p.record_id, p.seq) NOT IN (
            SELECT (record_id, seq) FROM out_suppressed WHERE in_table = 'core_people')
        UNION ALL
        SELECT 'core_term', t.record_id, t.seq, t.people FROM core_term AS t
        WHERE t.kind = 'group' AND t.people BETWEEN 1 AND {few - 1} AND t.record_id IN (
            SELECT record_id FROM core_need WHERE marking_key = 'CLEAR'
            UNION ALL SELECT record_id FROM core_offer WHERE marking_key = 'CLEAR')
          AND (t.record_id, t.seq) NOT IN (SELECT (record_id, seq) FROM out_suppressed WHERE in_table = 'core_term')
        UNION ALL
        SELECT 'out_people_figure', f.record_id, f.seq, f.value FROM out_people_figure AS f
        JOIN core_activity AS s USING (record_id)
        WHERE s.marking_key = 'CLEAR' AND f.value BETWEEN 1 AND {few - 1} AND NOT f.is_suppressed""",
    )
    yield (
        "no count that everybody reads leaves a few people of its whole",
        "core_people",
        f"""
        WITH told AS (
            SELECT s.activity_id, p.kind, p."group", p.value FROM core_people AS p
            JOIN core_activity AS s USING (record_id)
            WHERE s.marking_key = 'CLEAR' AND p.value IS NOT NULL AND (p.record_id, p.seq) NOT IN (
                SELECT (record_id, seq) FROM out_suppressed WHERE in_table = 'core_people'))
        SELECT w.activity_id, w.kind, w.value AS whole, p."group", p.value AS part FROM told AS w JOIN told AS p
        USING (activity_id, kind)
        WHERE w."group" IS NULL AND p."group" IS NOT NULL AND w.value - p.value BETWEEN 1 AND {few - 1}
        UNION ALL
        SELECT w.activity_id, w.kind, w.value, 'f, m', f.value + m.value FROM told AS w JOIN told AS f
        USING (activity_id, kind) JOIN told AS m USING (activity_id, kind)
        WHERE w."group" IS NULL AND f."group" = 'f' AND m."group" = 'm'
          AND w.value - f.value - m.value BETWEEN 1 AND {few - 1}""",
    )
    yield (
        "what the public is told instead of a count says nothing of it",
        "out_people_figure",
        f"""
        SELECT record_id, kind, origin, seq, value, told_least, told_most FROM out_people_figure AS f
        WHERE CASE WHEN is_suppressed
            THEN told_least NOT IN (0, 1) OR told_most <> {few - 1} AND NOT EXISTS (
                SELECT 1 FROM out_people_figure AS w WHERE w.activity_id = f.activity_id AND w.kind = f.kind
                AND w.value = f.told_most AND NOT w.is_suppressed AND f.told_most >= {few})
            ELSE told_least IS DISTINCT FROM value OR told_most IS DISTINCT FROM value END""",
    )
