"""Which rows of statements tell how many people: columns of sheets, and indicators whose unit and title say so.

Place on the way: for the steps behind reading. Enters: `people`, `indicator`. Leaves: the rows that count people.
"""

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.codelists.people_words import counts_people

KINDS = ("reached", "targeted")
#: IndicatorMeasure: units. Percentages and scales count no people.
_UNIT = "1"


def figures_of_people(people: ir.Table) -> ir.Table:
    """Of `people`, the figures that are known and of a kind that is counted."""
    return people.filter(people.kind.isin(KINDS) & people.value.notnull())


def indicators_of_people(indicator: ir.Table) -> ir.Table:
    """Of `indicator`, those whose unit and title say that they count people."""
    units = indicator.filter(indicator.measure_code.fill_null(_UNIT) == _UNIT)
    titles = units.select("title").distinct().to_pyarrow()["title"].to_pylist()
    counting = pa.table({"title": pa.array(sorted(t for t in titles if t and counts_people(t)), pa.string())})
    return units.semi_join(ibis.memtable(counting), "title")
