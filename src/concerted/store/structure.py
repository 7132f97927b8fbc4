"""What an Ibis expression says, as a digest that is the same in every process.

Place on the way: below the DuckDB backend, which remembers the SQL of expressions that it has met. Enters: the graph of
an expression. Leaves: SHA-256 of its operations and their arguments. Ibis' own hash of a node will not do: it is salted
per process and has 64 bits.
"""

import datetime
import decimal
import enum
import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
from ibis.common.graph import Node
from ibis.expr.schema import Schema

#: Values whose `repr` is all they are.
_PLAIN = (str, int, float, bytes, decimal.Decimal, datetime.date, datetime.time, datetime.timedelta, type(None))


class NoStructureError(Exception):
    """An argument of a node is of a kind that has no text of its own here."""


def digest(root: Node, table: Callable[[ops.PhysicalTable], str]) -> str:
    """64 hexadecimal digits: equal for equal expressions, different for different ones.

    Args:
        table: the text of a table that lies outside the expression; its name in SQL, at least.

    Raises:
        NoStructureError: the expression holds something that cannot be put down as text.
    """
    # By identity, not by equality: one node is met many times, and to ask Ibis for equality costs more than the text.
    found: dict[int, str] = {}
    waiting: list[Node] = [root]
    while waiting:
        node = waiting[-1]
        if id(node) in found:
            waiting.pop()
            continue
        below = [] if isinstance(node, ops.DatabaseTable | ops.InMemoryTable) else _nodes(node.__args__)
        missing = [child for child in below if id(child) not in found]
        if missing:
            waiting.extend(missing)
            continue
        waiting.pop()
        found[id(node)] = hashlib.sha256(_node_text(node, found, table).encode()).hexdigest()
    return found[id(root)]


def _nodes(value: Any) -> list[Node]:
    """The nodes in an argument, in their order."""
    if isinstance(value, Node):
        return [value]
    if isinstance(value, tuple):
        return [node for item in value for node in _nodes(item)]
    if isinstance(value, Mapping) and not isinstance(value, Schema):
        return [node for item in value.values() for node in _nodes(item)]
    return []


def _node_text(node: Node, found: Mapping[int, str], table: Callable[[ops.PhysicalTable], str]) -> str:
    kind = type(node)
    if isinstance(node, ops.DatabaseTable | ops.InMemoryTable):
        return f"{kind.__name__} {table(node)} {_text(node.schema, found)}"
    arguments = "\n".join(
        f"{name}={_text(value, found)}" for name, value in zip(node.__argnames__, node.__args__, strict=True)
    )
    if isinstance(node, ops.ScalarUDF):  # a class of its own, whose name stands in SQL
        arguments += f"\n{node.__input_type__} {node.__udf_namespace__!r} {node.dtype!r} {node.__config__!r}"
    return f"{kind.__module__}.{kind.__qualname__}\n{arguments}"


def _text(value: Any, found: Mapping[int, str]) -> str:
    if isinstance(value, Node):
        return found[id(value)]
    if isinstance(value, enum.Enum):
        return f"{type(value).__qualname__}.{value.name}"
    if isinstance(value, _PLAIN):
        return f"{type(value).__name__}:{value!r}"
    if isinstance(value, tuple):
        return "(" + ",".join(_text(item, found) for item in value) + ")"
    if isinstance(value, frozenset):
        return "{" + ",".join(sorted(_text(item, found) for item in value)) + "}"
    if isinstance(value, dt.DataType):
        return repr(value)
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{key!r}:{_text(item, found)}" for key, item in value.items()) + "}"
    raise NoStructureError(f"{type(value).__qualname__} in an expression")
