"""The invented strategy as a strategy file: the tree with costs per place and year, indicators, ministries, the act.

Place on the way: the world enters, YAML leaves. Costs are drawn around what the world declares, so that every state of
a cell occurs; they are ranges, as plans have them.
"""

from collections import defaultdict
from fractions import Fraction
from typing import Any

import yaml

from concerted.demo.calendar import AS_OF, quoted_day, rates
from concerted.demo.catalogue import INVENTED, NOTICE, places, strategy_nodes
from concerted.demo.dice import Dice
from concerted.demo.iati import VOCABULARY_URI
from concerted.demo.known import true_lines
from concerted.demo.world_types import World

YEARS = (2024, 2025, 2026, 2027)
#: Costs of a node in a place and year are this many times what is declared there: well below it, near, far above it.
TIMES = ((0.5, 2.0), (0.9, 3.0), (1.2, 3.0), (2.5, 3.0), (8.0, 1.0))


def strategy_yaml(world: World) -> str:
    """The strategy file."""
    costs = _costs(world)
    document: dict[str, Any] = {
        "id": "demo-strategy",
        "version": "2024-2027",
        "name": {
            "fr": "Stratégie nationale de prévention (démo, données inventées)",
            "en": "National prevention strategy (demo, invented data)",
            "ar": "الاستراتيجية الوطنية للوقاية (تجريبية، بيانات مختلقة)",
        },
        "place": "ML",
        "status": "adopted",
        "adopted_by": f"Décret n° 0000-0000 ({INVENTED['fr']})",
        "adopted_date": "2024-01-31",
        "valid_from": "2024-01-01",
        "valid_to": "2027-12-31",
        "source": NOTICE,
        "note": dict(INVENTED),
        "vocabulary_uri": VOCABULARY_URI,
        "nodes": [_node(node_id, costs) for node_id in strategy_nodes()],
    }
    nodes = strategy_nodes().values()
    # Codes without an address: tables with HXL tags and IATI 1.x files cannot name the vocabulary they use.
    document["codes"] = [{"code": node.id, "node": node.id, "relation": "exact"} for node in nodes]
    document["crosswalks"] = [
        {
            "from_vocabulary": "1",
            "from_code": code,
            "node": node.id,
            "relation": "related",
            "author": f"Secrétariat ({INVENTED['fr']})",
            "date": "2024-02-15",
        }
        for node in nodes
        for code in node.dac
    ]
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=110)
    return f"# {NOTICE}\n{text}"


def _node(node_id: str, costs: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    node = strategy_nodes()[node_id]
    line: dict[str, Any] = {"id": node.id, "code": node.id, "name": node.name}
    if node.parent:
        line["parent"] = node.parent
    if node.words:
        line["words"] = node.words
    if node.ministry:
        line["lead"] = node.ministry["fr"]
    if node.indicator:
        line["indicators"] = [
            {"id": f"{node.id}-I1", "name": node.indicator, "unit": "nombre", "baseline": "0", "target": "100"}
        ]
    if costs.get(node_id):
        line["costs"] = costs[node_id]
    return line


def _costs(world: World) -> dict[str, list[dict[str, Any]]]:
    """Cost ranges in millions of francs per action, region and year."""
    declared: dict[tuple[str, str, int], Fraction] = defaultdict(Fraction)
    for telling, line, value in true_lines(world):
        if line.kind == "commitment" and line.day and telling.declares:
            whole = sum(weight for _, weight in telling.project.places)
            for node, part in telling.project.actions:
                share = Fraction(part, sum(w for _, w in telling.project.actions))
                for code, weight in telling.project.places:
                    if code in places() and code.startswith("ML") and code != "ML":
                        at = (node, places()[code].admin1, line.day.year)
                        declared[at] += Fraction(value) * share * Fraction(weight, whole)
    francs = Fraction(str(round(655.957 / rates().convert(1, "EUR", "USD", date=quoted_day(AS_OF)), 4)))
    costs: dict[str, list[dict[str, Any]]] = defaultdict(list)
    dice = Dice(world.seed, "costs")
    regions = sorted(code for code, place in places().items() if place.level == 1 and place.country == "ML")
    for node in (n for n in strategy_nodes() if n.count(".") == 2):
        for region in regions:
            for year in YEARS:
                high = Fraction(dice.between(20, 160) * 1_000_000)
                there = declared.get((node, region, year))
                if there:
                    high = there * francs * Fraction(str(dice.weighted(TIMES)))
                elif not dice.chance(0.2):
                    continue
                high_millions = max(5, round(high / 5_000_000) * 5)
                low_millions = max(1, round(high_millions * 7 / 10))
                costs[node].append(
                    {
                        "place": region,
                        "year": year,
                        "low": low_millions * 1_000_000,
                        "high": high_millions * 1_000_000,
                        "currency": "XOF",
                    }
                )
    return costs
