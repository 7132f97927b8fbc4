"""What must hold of totals of records that are not shown: they are sums of many, and of nothing that others see.

Place on the way: behind `laws`. Each law is (sentence, table, query for what breaks it), written against the tables
alone, not with the code that made them. That no subtraction of totals tells more follows from how they are chosen
(docs/explanation/decisions/0009-counted-though-hidden.md); here is asked what the tables can be asked.
"""

from collections.abc import Iterator

from concerted.model.tables import ALL
from concerted.publish.tree_sql import NODES

_TABLE = "out_unshown_total"
#: Every line and place with all that holds it; then what hidden records hold of each kind of money, as far as it was
#: ever told: what is too few to be added yet is in no total.
_COUNTED = f"""
    WITH RECURSIVE {NODES},
    lines AS (
        SELECT framework_id, node_id, up_node FROM nodes
        UNION ALL SELECT framework_id, '{ALL}', '{ALL}' FROM core_framework),
    known AS (SELECT place_id, min(parent_id) AS parent_id, min(country_code) AS country FROM core_place GROUP BY 1),
    above AS (
        SELECT place_id, place_id AS up_place, parent_id FROM known
        UNION SELECT a.place_id, k.place_id, k.parent_id FROM above AS a JOIN known AS k ON k.place_id = a.parent_id),
    named AS (SELECT place_id FROM known UNION SELECT place_id FROM out_allocation UNION SELECT '{ALL}'),
    spots AS (
        SELECT place_id, up_place FROM above UNION SELECT place_id, country FROM known WHERE country IS NOT NULL
        UNION SELECT place_id, place_id FROM named UNION SELECT place_id, '{ALL}' FROM named),
    hidden AS (
        SELECT record_id, coalesce(CAST(org_id AS VARCHAR), marking_key) AS owner FROM core_activity
        WHERE is_counted_hidden AND is_supply AND is_current AND coalesce(coarse_marking_key, 'NOBODY') = 'NOBODY'
          AND regexp_full_match(marking_key, 'NOBODY|AMBER\\+STRICT:[^,]*')),
    amounts AS (
        SELECT a.framework_id, a.finance_kind, a.record_id, h.owner, a.node_id, a.place_id, sum(a.high_usd) AS usd
        FROM out_allocation AS a JOIN hidden AS h USING (record_id) WHERE a.view = 'precise' GROUP BY ALL),
    counted AS (
        SELECT m.* FROM amounts AS m SEMI JOIN out_unshown_part AS p
          ON p.framework_id = m.framework_id AND p.finance_kind = m.finance_kind AND p.record_id = m.record_id
         AND p.node_id = m.node_id AND p.place_id = m.place_id AND p.value = CAST(m.usd * 100 AS BIGINT)),
    held AS (
        SELECT t.framework_id, t.node_id, t.place_id, t.finance_kind, c.owner, c.usd
        FROM {_TABLE} AS t JOIN counted AS c ON c.framework_id = t.framework_id AND c.finance_kind = t.finance_kind
        JOIN lines AS l ON l.framework_id = c.framework_id AND l.node_id = c.node_id AND l.up_node = t.node_id
        JOIN spots AS s ON s.place_id = c.place_id AND s.up_place = t.place_id),
    stands AS (SELECT DISTINCT framework_id, record_id, owner, node_id, place_id FROM amounts),
    whole AS (SELECT framework_id, record_id, count(*) AS parts FROM stands GROUP BY ALL),
    inside AS (
        SELECT t.framework_id, t.node_id, t.place_id, c.record_id, c.owner, count(*) AS parts
        FROM {_TABLE} AS t JOIN stands AS c ON c.framework_id = t.framework_id
        JOIN lines AS l ON l.framework_id = c.framework_id AND l.node_id = c.node_id AND l.up_node = t.node_id
        JOIN spots AS s ON s.place_id = c.place_id AND s.up_place = t.place_id
        WHERE t.finance_kind = 'ANY' GROUP BY ALL),
    records AS (SELECT i.* FROM inside AS i JOIN whole AS w USING (framework_id, record_id) WHERE i.parts = w.parts)"""


def unshown_laws() -> Iterator[tuple[str, str, str]]:
    """(sentence, table, query) of each law."""
    yield (
        "a total of what is not shown is the sum of hidden records' money, to the cent",
        _TABLE,
        f"""{_COUNTED}
        SELECT t.framework_id, t.node_id, t.place_id, t.finance_kind, t.high_usd, sum(h.usd) AS hidden_usd
        FROM {_TABLE} AS t LEFT JOIN held AS h USING (framework_id, node_id, place_id, finance_kind)
        WHERE t.finance_kind <> 'ANY' GROUP BY ALL HAVING t.high_usd IS DISTINCT FROM sum(h.usd)""",
    )
    yield (
        "hidden records that are counted lie wholly in their cell",
        _TABLE,
        f"""{_COUNTED}
        SELECT t.framework_id, t.node_id, t.place_id, t.records, count(DISTINCT r.record_id) AS there
        FROM {_TABLE} AS t LEFT JOIN records AS r USING (framework_id, node_id, place_id)
        WHERE t.finance_kind = 'ANY' GROUP BY ALL
        HAVING t.records IS NULL OR t.records > count(DISTINCT r.record_id)""",
    )
    yield (
        "at least three organisations have what a total of hidden records holds, none more than five sixths of it",
        _TABLE,
        f"""{_COUNTED},
        shares AS (
            SELECT framework_id, node_id, place_id, finance_kind, owner, sum(usd) AS share FROM held GROUP BY ALL
            UNION ALL SELECT framework_id, node_id, place_id, 'ANY', owner, count(*) FROM records GROUP BY ALL)
        SELECT t.framework_id, t.node_id, t.place_id, t.finance_kind, count(s.owner) AS organisations
        FROM {_TABLE} AS t LEFT JOIN shares AS s USING (framework_id, node_id, place_id, finance_kind)
        GROUP BY ALL HAVING count(s.owner) < 3 OR 120 * max(s.share) > 100 * sum(s.share)""",
    )
    yield (
        "a total of hidden records is no more than the one of what holds it",
        _TABLE,
        f"""{_COUNTED}
        SELECT t.framework_id, t.node_id, t.place_id, t.finance_kind, e.node_id AS in_node, e.place_id AS in_place
        FROM {_TABLE} AS t JOIN {_TABLE} AS e USING (framework_id, finance_kind)
        JOIN lines AS l ON l.framework_id = t.framework_id AND l.node_id = t.node_id AND l.up_node = e.node_id
        JOIN spots AS s ON s.place_id = t.place_id AND s.up_place = e.place_id
        WHERE t.high_usd > e.high_usd OR t.records > e.records""",
    )
    yield (
        "totals of hidden records are of one framework and for everybody, of money or of records",
        _TABLE,
        f"""
        SELECT framework_id, node_id, place_id, finance_kind, marking_key FROM {_TABLE}
        WHERE marking_key <> 'CLEAR' OR framework_id <> (SELECT min(framework_id) FROM {_TABLE})
           OR (finance_kind = 'ANY') <> (records IS NOT NULL) OR (finance_kind = 'ANY') <> (high_usd IS NULL)""",
    )
    yield (
        "what hidden records hold is for nobody",
        "out_unshown_part",
        "SELECT finance_kind, record_id, marking_key FROM out_unshown_part WHERE marking_key <> 'NOBODY'",
    )
