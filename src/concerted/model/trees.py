"""Trees of places and of framework nodes as pairs (member, ancestor); small enough for plain Python.

Place on the way: below the steps that roll up. Enters: every member with its parent. Leaves: each member with itself
and all that stand above it.
"""

from collections.abc import Mapping


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
