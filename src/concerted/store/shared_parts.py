"""Which part of an expression is used more than once, and is worth to be computed once.

Place on the way: below the Spark engine, whose plans repeat such a part as often as it is used; DuckDB finds it itself.
"""

from collections import Counter
from collections.abc import Iterator

import ibis.expr.operations as ops
from ibis.common.graph import Graph

#: What costs more to do twice than to write down once.
_COSTLY = (ops.JoinChain, ops.Aggregate, ops.Distinct, ops.Set, ops.WindowFunction, ops.ScalarUDF)


def shared_part(root: ops.Node) -> ops.Relation | None:
    """The lowest relation below `root` that is costly and that more than one relation reads; null = there is none."""
    nodes = list(Graph.from_bfs(root).toposort()[0])
    costly: set[ops.Node] = set()
    reads: Counter[ops.Node] = Counter()
    for node in nodes:
        if isinstance(node, _COSTLY) or not costly.isdisjoint(node.__children__):
            costly.add(node)
        if isinstance(node, ops.Relation) and not isinstance(node, ops.Reference):
            reads.update(_read(node))
    return next((node for node in nodes if reads[node] > 1 and node in costly), None)


def _read(relation: ops.Relation) -> Iterator[ops.Relation]:
    """The relations that `relation` is made of, each as often as it refers to it (a join with itself: twice)."""
    seen: set[ops.Node] = set()
    todo = list(relation.__children__)
    while todo:
        node = todo.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, ops.Reference):
            yield node.parent
        elif isinstance(node, ops.Relation):
            yield node
        else:
            todo.extend(node.__children__)
