"""People behind a figure: bounds, and every figure that they are made of, with file and line.

Enters: an edition as a viewer may ask it, and what the figure is about. Leaves: values. Figures are never added as if
they counted different people.
"""

from dataclasses import asdict
from typing import Any

from concerted.model.ids import id_text
from concerted.model.tables import ALL
from concerted.publish.chain import Asked
from concerted.publish.figure import Figure
from concerted.publish.visible import counts_sql

_FIGURES = """
SELECT f.kind, f.value, f.told_least, f.told_most, f.is_suppressed, f."group", f.is_part, f.origin, i.title,
  f.activity_id, s.title, s.input_path, s.line
FROM {figures} AS f JOIN core_activity AS s USING (record_id)
LEFT JOIN core_indicator_period AS p ON f.origin = 'indicator' AND p.record_id = f.record_id AND p.seq = f.seq
LEFT JOIN core_indicator AS i ON i.record_id = p.record_id AND i.seq = p.indicator_seq
WHERE {precise} AND f.told_most IS NOT NULL AND f.record_id IN (
  SELECT a.record_id FROM out_allocation AS a
  WHERE a.framework_id = $framework AND a.view = 'precise' AND a.finance_kind = 'presence'
    AND ($node IS NULL AND a.node_id <> 'UNCLASSIFIED' OR a.node_id IN (SELECT node_id FROM nodes))
    AND ($place IS NULL OR a.place_id IN (SELECT place_id FROM places))
    AND ($period IS NULL OR a.period = $period) AND (NOT $is_undated OR a.period IS NULL)
    AND ($org IS NULL OR a.org_id = $org) AND ($activity IS NULL OR a.activity_id = $activity)
    AND ($finance_kind IS NULL OR true))
ORDER BY f.kind, f.value DESC NULLS LAST, s.input_path, s.line, f.origin, f.seq
"""
_BOUNDS = """
SELECT kind, max(at_least) FROM {bounds}
WHERE framework_id = $framework AND node_id = $node AND place_id IS NOT DISTINCT FROM $place AND {precise} GROUP BY kind
"""


def people_of(asked: Asked, figure: Figure, within: str) -> dict[str, dict[str, Any]]:
    """Per kind: `at_least` (null where a year or a partner is asked for: figures tell neither), `at_most`, `suppressed`
    (how many figures the viewer is not told, because they count few people or would tell such a count), `figures`.

    Args:
        within: the recursive WITH that names the nodes and places of the figure.
    """
    query = within + _FIGURES.replace("{precise}", asked.allowed.sql_precise("s"))
    query = query.replace("{figures}", counts_sql(asked.allowed, "out_people_figure"))
    rows = asked.rows(query, asked.parameters(**asdict(figure)))
    least = _least(asked, figure)
    found: dict[str, dict[str, Any]] = {}
    for kind, value, least_told, most_told, is_left_out, group, is_part, origin, indicator, activity, *stands in rows:
        title, path, line = stands
        told = found.setdefault(kind, {"at_least": least.get(kind), "at_most": 0, "suppressed": 0, "figures": []})
        told["at_most"] += 0 if is_part else most_told
        told["suppressed"] += is_left_out
        if figure.activity is not None:
            told["at_least"] = max(told["at_least"] or 0, least_told)
        told["figures"].append(
            {
                "value": value,
                "is_suppressed": is_left_out,
                "group": group,
                "is_part": is_part,
                "told_by": indicator if origin == "indicator" else "a column of the sheet",
                "activity": id_text(activity),
                "title": title,
                "file": path,
                "line": line,
            }
        )
    return found


def _least(asked: Asked, figure: Figure) -> dict[str, int]:
    if figure.org is not None or figure.period is not None or figure.is_undated or figure.activity is not None:
        return {}
    asked_for = {"framework": figure.framework, "node": figure.node or ALL, "place": figure.place}
    sql = _BOUNDS.replace("{precise}", asked.allowed.sql_precise())
    sql = sql.replace("{bounds}", counts_sql(asked.allowed, "out_people_bound"))
    return {str(kind): int(least) for kind, least in asked.rows(sql, asked.parameters(**asked_for))}
