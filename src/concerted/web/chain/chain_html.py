"""The chain as columns: organisations from who gave to who got, bands as wide as what is likely told twice."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from concerted.publish.chain import Link
from concerted.web.chain.flow_svg import Band, Box, flow_svg
from concerted.web.ui.formats import amount_short

#: Bands that are drawn, and listed in the table beneath the drawing.
BANDS = 18


def largest_bands(links: Sequence[Link]) -> list[tuple[tuple[str, str], Decimal]]:
    """((giver, receiver), dollars likely told twice) of links with an organisation at both ends, the largest first."""
    bands: dict[tuple[str, str], Decimal] = {}
    for link in links:
        if link.giver and link.receiver and link.giver != link.receiver and link.best_usd > 0:
            bands[link.giver, link.receiver] = bands.get((link.giver, link.receiver), Decimal(0)) + link.best_usd
    return sorted(bands.items(), key=lambda item: (-item[1], item[0]))[:BANDS]


def chain_svg(largest: Sequence[tuple[tuple[str, str], Decimal]]) -> SafeString:
    """The drawing of `largest_bands`; empty where there are none."""
    columns = _columns([pair for pair, _ in largest])
    names = sorted(columns, key=lambda name: (columns[name], name))
    at = {name: place for place, name in enumerate(names)}
    boxes = [Box(name, columns[name]) for name in names]
    bands = [
        Band(at[giver], at[receiver], usd, f"{giver} → {receiver}: {strip_tags(amount_short(usd, 'USD'))}")
        for (giver, receiver), usd in largest
    ]
    return flow_svg(boxes, bands, gettext("Money that is told twice, from who gave it to who got it"))


def _columns(pairs: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Column of each name: behind everybody who gives to it. Circles end at the number of names."""
    column = {name: 0 for pair in pairs for name in pair}
    for _ in range(len(column)):
        moved = {receiver: column[giver] + 1 for giver, receiver in pairs if column[receiver] <= column[giver]}
        if not moved:
            break
        column |= moved
    order = {at: rank for rank, at in enumerate(sorted(set(column.values())))}
    return {name: order[at] for name, at in column.items()}
