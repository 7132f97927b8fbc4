"""Small plans, and plans and remaps at random."""

from datetime import date

from hypothesis import strategies as st

from concerted.codelists.frameworks import WHOLE, Framework, Node

DAY = date(2026, 11, 28)


def line(node_id: str, parent: str | None = None, name: str = "", code: str = "") -> Node:
    """A line of a plan."""
    return Node(id=node_id, code=code or node_id, parent_id=parent, name={"en": name or f"Line {node_id}"})


def plan(version: str, *nodes: Node) -> Framework:
    """A plan of these lines."""
    return Framework(id="plan", version=version, name={"en": "Plan"}, nodes=nodes, is_strategy=True)


@st.composite
def plans(draw: st.DrawFn, prefix: str, version: str) -> Framework:
    """A plan of up to eight lines in a tree."""
    count = draw(st.integers(1, 8))
    parents = [draw(st.one_of(st.none(), st.integers(0, at - 1))) if at else None for at in range(count)]
    return plan(
        version,
        *(line(f"{prefix}{at}", None if up is None else f"{prefix}{up}") for at, up in enumerate(parents)),
    )


@st.composite
def shares(draw: st.DrawFn, to: Framework) -> dict[str, int]:
    """Shares of one line in lines of a plan."""
    lines = draw(st.lists(st.sampled_from([n.id for n in to.nodes]), min_size=1, max_size=4, unique=True))
    cuts = sorted(draw(st.sets(st.integers(1, WHOLE - 1), min_size=len(lines) - 1, max_size=len(lines) - 1)))
    ends = [0, *cuts, WHOLE]
    return {node: ends[at + 1] - ends[at] for at, node in enumerate(lines)}


@st.composite
def remaps(draw: st.DrawFn, old: Framework, new: Framework) -> dict[str, dict[str, int]]:
    """A whole remap."""
    return {node.id: draw(shares(new)) for node in old.nodes}
