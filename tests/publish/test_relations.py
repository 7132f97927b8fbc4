"""Relations stand in one order, whatever order the rows lie in: hidden rows among them would else move them."""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import pytest

from concerted.marking import KEEPER, row_filter
from concerted.publish.chain import Asked
from concerted.publish.relations import relations_of

ROWS = [
    (left, right, relation, by)
    for left, right in ((1, 2), (2, 1), (1, 3), (3, 1))
    for relation in ("funds", "part_of")
    for by in ("declared", "judgement", "rule")
]


def _asked(rows: Sequence[tuple[int, int, str, str]]) -> Asked:
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE core_activity_relation (left_activity_id BIGINT, right_activity_id BIGINT, relation VARCHAR,"
        " decided_by VARCHAR, probability DOUBLE, evidence VARCHAR, is_contradicted BOOLEAN, marking_key VARCHAR)"
    )
    connection.execute(
        "CREATE TABLE core_activity AS SELECT unnest([1, 2, 3]) AS activity_id, 'T' AS title, 'O' AS"
        " reporting_org_name, 0 AS record_id, true AS is_current, 'CLEAR' AS marking_key"
    )
    for row in rows:
        connection.execute(
            "INSERT INTO core_activity_relation VALUES (?, ?, ?, ?, 0.5, '[]', false, 'CLEAR')", list(row)
        )

    def ask(sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        return connection.execute(sql, {k: v for k, v in parameters.items() if f"${k}" in sql}).fetchall()

    return Asked(ask, row_filter(KEEPER, frozenset({"CLEAR"})))


@pytest.mark.parametrize("step", [1, 5, 7, 11, -1])
def test_relations_as_sure_as_each_other_keep_their_order(step: int) -> None:
    """Of two that differ only in which side an activity stands on, too."""
    size = len(ROWS)
    expected = relations_of(_asked(ROWS), 1)
    assert len(expected) == len(set(map(repr, expected))) == size
    mixed = [ROWS[(at * step) % size] for at in range(size)] if step > 0 else ROWS[::-1]
    assert sorted(mixed) == sorted(ROWS)
    assert relations_of(_asked(mixed), 1) == expected
