"""The digest of an expression: the same in every process, different where anything differs."""

import subprocess
import sys
from datetime import date
from decimal import Decimal

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pytest
from ibis.backends.duckdb import Backend

from concerted.store.rowwise import rowwise
from concerted.store.structure import NoStructureError, digest

SCHEMA = ibis.schema({"id": "int64", "code": "string", "money": "decimal(18,2)", "day": "date", "is_sure": "boolean"})


def a_table(name: str = "t", schema: ibis.Schema = SCHEMA) -> ir.Table:
    return ops.DatabaseTable(name, schema=schema, source=None).to_expr()


def key(expr: ir.Expr) -> str:
    return digest(expr.as_table().op(), lambda table: table.name)


def an_expression() -> ir.Table:
    t = a_table()
    window = ibis.window(group_by="code", order_by=ibis.desc("id"))
    sums = t.group_by("code").aggregate(n=t.count(), money=t.money.sum(where=t.code.isin(("a", "b"))))
    joined = t.filter(t.day > date(2020, 1, 1)).join(sums, "code").drop("day")
    return joined.mutate(place=ibis.row_number().over(window), what=t.code.cases(("a", 1), ("b", 2), else_=3))


def test_an_expression_that_is_made_twice_has_one_digest() -> None:
    assert key(an_expression()) == key(an_expression())


def test_the_digest_is_the_same_in_another_process() -> None:
    program = "from tests.store.test_structure import *; print(key(an_expression()))"
    found = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=env).stdout
        for env in ({"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2"})
    ]
    assert [f.strip() for f in found] == [key(an_expression())] * 2


t = a_table()
DIFFERENT = [
    t.filter(t.id > 1),
    t.filter(t.id > 2),
    t.filter(t.id > 1.0),
    t.filter(t.id >= 1),
    t.filter(t.code > "1"),
    t.filter(t.is_sure),
    t.filter(ibis.literal(True)),
    t.filter(ibis.literal(1) == 1),
    t.filter(t.money > Decimal("1.0")),
    t.filter(t.money > Decimal("1.01")),
    t.filter(t.day > date(2020, 1, 1)),
    t.filter(t.day > date(2020, 1, 2)),
    t.filter(t.code.isin(("a", "b"))),
    t.filter(t.code.isin(("b", "a"))),
    t.filter(t.code.isin(("a,b",))),
    t.select("id", "code"),
    t.select("code", "id"),
    t.select(code="id", id="code"),
    t.drop("id"),
    t.drop("id", "code"),
    t.mutate(x=t.id.cast("int32")),
    t.mutate(x=t.id.cast("int16")),
    t.order_by(ibis.asc("id", nulls_first=False)),
    t.order_by(ibis.asc("id", nulls_first=True)),
    t.order_by(ibis.desc("id")),
    t.group_by("code").aggregate(x=t.id.sum()),
    t.group_by("code").aggregate(x=t.id.min()),
    t.group_by("code").aggregate(x=t.id.sum(where=t.is_sure)),
    t.mutate(x=ibis.null("string")),
    t.mutate(x=ibis.null("int64")),
    t.mutate(x=ibis.literal("None")),
    t.distinct(),
    t.union(a_table("u")),
    a_table("u").union(t),
    t.union(a_table("u"), distinct=True),
    t.inner_join(a_table("u"), "id"),
    t.left_join(a_table("u"), "id"),
    t.inner_join(a_table("u"), "code"),
    t,
    a_table("u"),
    a_table("t", ibis.schema({"id": "int64", "code": "string"})),
    a_table("t", ibis.schema({"code": "string", "id": "int64"})),
    a_table("t", ibis.schema({"id": "int32", "code": "string"})),
]


def test_whatever_differs_gives_another_digest() -> None:
    assert len({key(expr) for expr in DIFFERENT}) == len(DIFFERENT)


def test_two_functions_of_one_name_differ() -> None:
    first, second = (rowwise("twice", lambda value: value * 2, ["int64"], kind) for kind in ("int64", "string"))
    assert key(t.mutate(x=first(t.id))) != key(t.mutate(x=second(t.id)))


def test_what_has_no_text_is_said_and_never_guessed() -> None:
    class Odd:
        pass

    expr = ops.SQLQueryResult("SELECT 1", schema=SCHEMA, source=Odd()).to_expr()
    with pytest.raises(NoStructureError, match="Odd"):
        key(expr)


def test_equal_digests_mean_equal_sql() -> None:
    backend = Backend()
    by_key: dict[str, set[str]] = {}
    for expr in (*DIFFERENT, *DIFFERENT, an_expression(), an_expression()):
        by_key.setdefault(key(expr), set()).add(backend.compile(expr))
    assert all(len(sql) == 1 for sql in by_key.values())
