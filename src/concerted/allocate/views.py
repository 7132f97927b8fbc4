"""The two renderings of an allocation: as it is for those who may see it, coarse for those who may see that.

Place on the way: allocate. Enters: rows with cents, and what each statement allows. Leaves: precise rows, and coarse
rows (place cut to the level its owner allows, partner hidden where the owner wants it) that sum to the precise ones to
the cent.
"""

import re
from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.allocate.numbers import PRECISIONS, STATES, Words, number
from concerted.model.tables import REGIONAL, UNKNOWN
from concerted.model.trees import ancestor_chains

#: The precision of a place that was cut to a level.
PRECISION_OF_LEVEL = {0: "country", 1: "admin1", 2: "admin2", 3: "site"}
MONEY = ("low_usd", "best_usd", "high_usd", "gross_usd", "low_eur", "best_eur", "high_eur", "gross_eur")

CUT_SCHEMA = pa.schema(
    [
        ("place_id", pa.string()),
        ("coarse_place_level", pa.int32()),
        ("coarse_place_id", pa.string()),
        ("coarse_precision", pa.string()),
    ]
)


def cut_places(places: list[dict[str, object]]) -> pa.Table:
    """For each place and level: the place shown instead, itself or the nearest above it that is not finer.

    A place whose ancestors are not known is not shown at all (UNKNOWN): cutting must never reveal more than was
    allowed.

    Args:
        places: rows of `core_place` (place_id, level, parent_id, country_code), one or more per place_id.
    """
    levels: dict[str, int] = {}
    parents: dict[str, str | None] = {}
    countries: dict[str, str] = {}
    for row in sorted(places, key=lambda r: (str(r["place_id"]), str(r["parent_id"]), str(r["level"]))):
        place = str(row["place_id"])
        if row["level"] is not None:
            levels[place] = max(int(str(row["level"])), levels.get(place, 0))
        if parents.get(place) is None:
            parents[place] = str(row["parent_id"]) if row["parent_id"] is not None else None
        if row["country_code"] is not None:
            countries.setdefault(place, str(row["country_code"]))
    rows = []
    for place, chain in sorted(ancestor_chains(parents).items()):
        for level, precision in PRECISION_OF_LEVEL.items():
            shown = _shown(chain, levels, countries.get(place), level)
            finest = levels.get(shown) if shown else None
            rows.append((place, level, shown or UNKNOWN, precision if finest == level else _word(finest)))
    return pa.Table.from_pylist([dict(zip(CUT_SCHEMA.names, r, strict=True)) for r in rows], schema=CUT_SCHEMA)


def _shown(chain: tuple[str, ...], levels: Mapping[str, int], country: str | None, level: int) -> str | None:
    for place in chain:
        if place in levels and levels[place] <= level:
            return place
    return country


def _word(level: int | None) -> str:
    return PRECISION_OF_LEVEL.get(level, "unknown") if level is not None else "country"


def numbered_cuts(cuts: pa.Table, words: Words) -> ir.Table:
    """place_id, coarse_place_level, shown, shown_precision (numbers), for every place that occurs.

    Two capital letters are a country, also one that the list of places does not hold. It stays, as what is REGIONAL or
    UNKNOWN does; a place that no list holds is not shown.
    """
    columns = (cuts[name].to_pylist() for name in CUT_SCHEMA.names)
    found = {(place, level): (shown, precision) for place, level, shown, precision in zip(*columns, strict=True)}
    at = {place: at for at, place in enumerate(words.places)}
    rows = []
    for place, own in at.items():
        for level in PRECISION_OF_LEVEL:
            cut = found.get((place, level))
            is_kept = place in (REGIONAL, UNKNOWN) or (cut is None and re.fullmatch("[A-Z][A-Z]", place) is not None)
            shown, precision = (place, PRECISIONS[0]) if is_kept else cut or (UNKNOWN, "unknown")
            rows.append((own, level, at[shown], PRECISIONS.index(precision)))
    names = ("place_id", "coarse_place_level", "shown", "shown_precision")
    schema = pa.schema([(name, pa.int32()) for name in names])
    return ibis.memtable(pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows], schema=schema))


def one_state(views: ir.Table) -> ir.IntegerValue:
    """The state (number) of an activity among its views of one marking: the most active; null when none is known."""
    lowest: ir.IntegerValue = (
        number(views.state, STATES).min().over(ibis.window(group_by=["activity_id", "marking_key"]))
    )
    return lowest


def coarse_rows(shares: ir.Table, cuts: ir.Table) -> ir.Table:
    """Coarse rows: sums of a statement's shares over the places that fall together, place by coarse place.

    Args:
        shares: rows with the precise place, low, best, high in cents, what the coarse view carries, and
            coarse_place_level.
        cuts: `numbered_cuts`; of a level that it does not hold no place is shown.
    """
    rows = shares.inner_join(cuts, ["place_id", "coarse_place_level"])
    rows = rows.mutate(place_id=rows.shown, precision=ibis.greatest(rows.precision, rows.shown_precision))
    apart = (*MONEY, "transactions", "precision", "coarse_place_level")
    groups = [c for c in shares.columns if c not in apart]
    return rows.group_by(groups).aggregate(
        precision=rows.precision.max(),
        # The places of one row share the same transactions: they are not added.
        transactions=rows.transactions.max(),
        # Cast, because DuckDB's sums have 128 bits, and so would have all rows beside them.
        **{name: rows[name].sum().cast("int64") for name in MONEY},
    )
