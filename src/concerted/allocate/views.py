"""The two renderings of an allocation: as it is for those who may see it, coarse for those who may see that.

Place on the way: allocate. Enters: rows with cents, and what each statement allows. Leaves: precise rows, and coarse
rows (place cut to the level its owner allows, partner hidden where the owner wants it) that sum to the precise ones to
the cent.
"""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.model.tables import REGIONAL, UNKNOWN
from concerted.model.trees import ancestor_chains

#: The precision of a place that was cut to a level.
PRECISION_OF_LEVEL = {0: "country", 1: "admin1", 2: "admin2", 3: "site"}
#: From fine to coarse; where places fall together the coarser word is the true one.
PRECISIONS = ("site", "admin2", "admin1", "country", "region", "unknown")
#: From the most active to the least: what an activity is called when its statements differ.
STATE_ORDER = ("ongoing", "planned", "requested", "completed", "cancelled")

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


def one_state(views: ir.Table) -> ir.Value:
    """The state of an activity among its views of one marking: the most active one; null when none is known."""
    rank = views.state.cases(*((state, i) for i, state in enumerate(STATE_ORDER)), else_=len(STATE_ORDER))
    lowest = rank.min().over(ibis.window(group_by=["activity_id", "marking_key"]))
    return lowest.cases(*enumerate(STATE_ORDER), else_=ibis.null("string"))


def coarse_rows(shares: ir.Table, cut: ir.Table) -> ir.Table:
    """Coarse rows: sums of a statement's shares over the places that fall together, place by coarse place.

    Args:
        shares: rows with the precise place, low, best, high in cents, what the coarse view carries, and
            coarse_place_level.
        cut: `cut_places`.
    """
    rows = shares.left_join(cut, ["place_id", "coarse_place_level"])
    # Two capital letters are a country, also one that the list of places does not hold.
    is_country = rows.place_id.re_search("^[A-Z][A-Z]$")
    is_kept = rows.place_id.isin((REGIONAL, UNKNOWN)) | (rows.coarse_place_id.isnull() & is_country)
    own_rank = _precision_rank(rows.precision)
    shown_rank = _precision_rank(rows.coarse_precision.fill_null("unknown"))
    cut_rows = rows.mutate(
        place_id=ibis.ifelse(is_kept, rows.place_id, rows.coarse_place_id.fill_null(UNKNOWN)),
        precision_rank=ibis.ifelse(is_kept, own_rank, ibis.greatest(own_rank, shown_rank)),
    )
    apart = (*MONEY, "transactions", "precision", "coarse_place_level")
    groups = [c for c in shares.columns if c not in apart]
    summed = cut_rows.group_by(groups).aggregate(
        precision_rank=cut_rows.precision_rank.max(),
        # The places of one row share the same transactions: they are not added.
        transactions=cut_rows.transactions.max(),
        **{name: cut_rows[name].sum() for name in MONEY},
    )
    words = summed.precision_rank.cases(*enumerate(PRECISIONS), else_="unknown")
    return summed.mutate(precision=words)


def _precision_rank(word: ir.StringValue) -> ir.IntegerValue:
    return word.cases(*((w, i) for i, w in enumerate(PRECISIONS)), else_=len(PRECISIONS))
