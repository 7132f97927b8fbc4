"""Trees of places and of framework nodes as pairs (member, ancestor); small enough for plain Python.

Place on the way: below the steps that roll up. Enters: every member with its parent. Leaves: each member with itself
and all that stand above it.
"""

from collections.abc import Iterable, Mapping
from typing import Any


def ancestor_chains(parents: Mapping[str, str | None]) -> dict[str, tuple[str, ...]]:
    """Member -> itself, its parent, and so on to the root.

    A parent that is no member itself ends the chain after it. Where parents go round in a circle the chain ends before
    it would repeat, so that a wrong list of places cannot hang a build.
    """
    return {start: ancestor_chain(start, parents) for start in parents}


def ancestor_chain(start: str, parents: Mapping[str, str | None]) -> tuple[str, ...]:
    """One member, its parent, and so on to the root; see `ancestor_chains`."""
    chain, current = [start], parents.get(start)
    while current is not None and current not in chain:
        chain.append(current)
        current = parents.get(current)
    return tuple(chain)


def parents_and_countries(
    rows: Iterable[Mapping[str, Any]],
) -> tuple[dict[str, str | None], dict[str, str | None]]:
    """Parent and country of each place; where lists differ, the first by text that says something.

    Args:
        rows: place_id, parent_id and country_code, one or more per place.
    """
    parents: dict[str, str | None] = {}
    countries: dict[str, str | None] = {}
    for row in sorted(rows, key=lambda r: (r["place_id"], r["parent_id"] or "\uffff", r["country_code"] or "\uffff")):
        parents[row["place_id"]] = parents.get(row["place_id"]) or row["parent_id"]
        countries[row["place_id"]] = countries.get(row["place_id"]) or row["country_code"]
    return parents, countries
