"""Build the cube of one edition for one row filter.

Enters: `out_cell` as a file in the order of its key, and `out_allocation` for what is said of a place as a whole.
Leaves: a `Cube`. The file is read in batches with its words as dictionary codes, the filter is applied to each batch,
and rows that differ only in their marking are summed: five million rows take a second, a query of them takes ten.
"""

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from concerted.marking import RowFilter
from concerted.publish.told import twice_sql
from concerted.web.edition.cube import AMOUNTS, COUNTS, MONEY, NO_ORG, NO_YEAR, NULL, Cube, Group, Part

Ints = npt.NDArray[Any]
_ANY = "ANY"
_WORDS = ("framework_id", "grain", "node_id", "place_id", "finance_kind")
_MARKS = ("view", "marking_key", "precise_marking_key")
_BATCH = 200_000


def build_cube(folder: Path, connection: duckdb.DuckDBPyConnection, rule: RowFilter) -> Cube:
    """The cube of the edition in `folder` for `rule`; `connection` is a cursor of the calling thread."""
    counting, money = _Rows(COUNTS), _Rows(MONEY)
    path = folder / "out_cell.parquet"
    if path.is_file():
        file = pq.ParquetFile(path, read_dictionary=[*_WORDS, *_MARKS])
        for batch in file.iter_batches(_BATCH, columns=[*_WORDS, *_MARKS, "period", "org_id", *COUNTS, *MONEY]):
            kept = batch.filter(pa.array(_permitted(batch, rule)))
            is_count = _is_word(kept["finance_kind"], _ANY)
            counting.add(kept.filter(pa.array(is_count)))
            money.add(kept.filter(pa.array(~is_count)))
    exact_counting, exact_money = _Rows(COUNTS), _Rows(MONEY)
    for rows, sql in ((exact_counting, _exact_counts(rule)), (exact_money, _exact_money(rule))):
        for batch in connection.execute(sql, rule.parameters).to_arrow_table().to_batches():
            rows.add(batch)
    return Cube(counting.part(), money.part(), exact_counting.part(), exact_money.part())


def _permitted(batch: pa.RecordBatch, rule: RowFilter) -> npt.NDArray[np.bool_]:
    """Which rows the viewer sees: the policy's predicate, asked once per combination that occurs."""
    codes, words = zip(*(_encoded(batch[name]) for name in _MARKS), strict=True)
    answers = np.zeros([len(w) + 1 for w in words], np.bool_)
    for spots in itertools.product(*(range(len(w) + 1) for w in words)):
        view, key, precise = ((w[i] if i < len(w) else None) for w, i in zip(words, spots, strict=True))
        answers[spots] = view is not None and rule.keeps(view, key, precise)
    result: npt.NDArray[np.bool_] = answers[codes[0], codes[1], codes[2]]
    return result


def _is_word(column: pa.Array, word: str) -> npt.NDArray[np.bool_]:
    codes, words = _encoded(column)
    if word not in words:
        return np.zeros(len(codes), np.bool_)
    result: npt.NDArray[np.bool_] = codes == words.index(word)
    return result


def _encoded(column: pa.Array) -> tuple[Ints, list[str]]:
    """Codes and words of a text column; null is the code -1, which also picks the last place of an array."""
    if not isinstance(column, pa.DictionaryArray):
        column = column.dictionary_encode()
    return np.asarray(column.indices.fill_null(-1)), column.dictionary.to_pylist()


def _whole(column: pa.Array, missing: int) -> Ints:
    """Whole numbers; decimals with two places as their number of hundredths, read from their low 64 bits."""
    if pa.types.is_decimal(column.type):
        raw = np.frombuffer(column.buffers()[1], np.int64)[2 * column.offset :: 2][: len(column)]
        return np.where(np.asarray(column.is_valid()), raw, missing) if column.null_count else raw.copy()
    return np.asarray(column.fill_null(missing))


class _Rows:
    """Batches of rows that come in the order of their keys, to be summed into a `Part`."""

    def __init__(self, values: Sequence[str]) -> None:
        self._values = values
        self._missing = NULL if values is MONEY else 0
        self._words: dict[str, dict[str, int]] = {name: {} for name in _WORDS}
        self._columns: dict[str, list[Ints]] = {n: [] for n in (*_WORDS, "period", "org_id", *values)}

    def add(self, batch: pa.RecordBatch) -> None:
        for name in _WORDS:
            known = self._words[name]
            codes, words = _encoded(batch[name])
            to_ours = np.array([*(known.setdefault(w, len(known)) for w in words), -1], np.int32)
            self._columns[name].append(to_ours[codes])
        self._columns["period"].append(_whole(batch["period"], NO_YEAR).astype(np.int16))
        self._columns["org_id"].append(_whole(batch["org_id"], NO_ORG).astype(np.int64))
        for name in self._values:
            self._columns[name].append(_whole(batch[name], self._missing).astype(np.int64))

    def part(self) -> Part:
        columns = {n: np.concatenate(parts) if parts else np.empty(0, np.int64) for n, parts in self._columns.items()}
        words = {name: self._in_order(name, columns) for name in _WORDS}
        keys = [
            columns[n] for n in ("framework_id", "grain", "node_id", "place_id", "period", "org_id", "finance_kind")
        ]
        if not _is_ascending(keys[:6]):
            order = np.lexsort(keys[::-1])
            columns = {name: column[order] for name, column in columns.items()}
            keys = [key[order] for key in keys]
        first = _first_of_equal(keys)
        sums = {name: self._summed(columns[name], first) for name in self._values}
        framework, grain, node, place, period, org, kind = (key[first] for key in keys)
        return Part(
            groups=_groups((framework, grain, node), [words[n] for n in ("framework_id", "grain", "node_id")]),
            places={name: i for i, name in enumerate(words["place_id"])},
            place_names=words["place_id"],
            place=place.astype(np.int32),
            period=period.astype(np.int16),
            org=org,
            kind=kind.astype(np.int8),
            kinds={name: i for i, name in enumerate(words["finance_kind"])},
            values=sums,
        )

    def _in_order(self, name: str, columns: dict[str, Ints]) -> list[str]:
        """The words of a column sorted, and the column's codes made to follow that order."""
        known = self._words[name]
        ordered = sorted(known)
        rank = np.full(len(known) + 1, -1, np.int32)
        for number, word in enumerate(ordered):
            rank[known[word]] = number
        columns[name] = rank[columns[name].astype(np.int64)]
        return ordered

    def _summed(self, column: Ints, first: Ints) -> Ints:
        """Sums over equal keys; an amount is unknown only where every one of them is."""
        if not len(first):
            return column
        if self._missing == 0:
            return np.add.reduceat(column, first).astype(np.int32)
        is_known = column != NULL
        sums = np.add.reduceat(np.where(is_known, column, 0), first)
        return np.where(np.logical_or.reduceat(is_known, first), sums, NULL)


def _is_ascending(keys: Sequence[Ints]) -> bool:
    """Whether rows come in the order of these keys, as a finished table does; sorting them again would take longest."""
    is_ordered = np.ones(max(len(keys[0]) - 1, 0), np.bool_)
    for key in reversed(keys):
        is_ordered = (key[:-1] < key[1:]) | ((key[:-1] == key[1:]) & is_ordered)
    return bool(is_ordered.all())


def _first_of_equal(keys: Sequence[Ints]) -> Ints:
    if not len(keys[0]):
        return np.empty(0, np.int64)
    changes = np.zeros(len(keys[0]), np.bool_)
    changes[0] = True
    for key in keys:
        changes[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(changes)


def _groups(heads: Sequence[Ints], words: Sequence[list[str]]) -> dict[Group, tuple[int, int]]:
    first = _first_of_equal(heads)
    bounds = [*(int(i) for i in first), len(heads[0])]
    groups: dict[Group, tuple[int, int]] = {}
    for start, stop in itertools.pairwise(bounds):
        framework, grain, node = (w[int(h[start])] for w, h in zip(words, heads, strict=True))
        groups[framework, grain, node] = (start, stop)
    return groups


def _exact_counts(rule: RowFilter) -> str:
    """Distinct activities of which a place as a whole is said, by node and place, and by year too."""
    states = [f"CAST(count(*) FILTER (state = '{s}') AS INTEGER) AS {s}" for s in COUNTS[1:6]]
    counted = ", ".join(
        [
            "CAST(count(*) AS INTEGER) AS activities",
            *states,
            "CAST(count(*) FILTER (state IS NULL) AS INTEGER) AS state_unknown",
            "CAST(count(*) FILTER (is_confirmed) AS INTEGER) AS confirmed",
            "CAST(count(*) FILTER (is_unvalued) AS INTEGER) AS unvalued",
        ]
    )
    flags = "min(state) AS state, bool_or(is_confirmed) AS is_confirmed, bool_or(is_unvalued) AS is_unvalued"
    return f"""
        WITH leaf AS (
            SELECT framework_id, node_id, place_id, period, activity_id, {flags} FROM out_allocation
            WHERE place_id IN (SELECT place_id FROM place_above) AND {rule.sql()} GROUP BY 1, 2, 3, 4, 5),
        moving AS MATERIALIZED (
            SELECT l.framework_id, n.ancestor_id AS node_id, l.place_id, l.period, l.activity_id, {flags}
            FROM leaf l JOIN node_up n ON n.framework_id = l.framework_id AND n.node_id = l.node_id
            GROUP BY 1, 2, 3, 4, 5),
        still AS (SELECT framework_id, node_id, place_id, activity_id, {flags} FROM moving GROUP BY 1, 2, 3, 4)
        SELECT framework_id, 'node_place_period' AS grain, node_id, place_id, period, NULL::BIGINT AS org_id,
               '{_ANY}' AS finance_kind, {counted}
        FROM moving GROUP BY framework_id, node_id, place_id, period
        UNION ALL
        SELECT framework_id, 'node_place', node_id, place_id, NULL, NULL, '{_ANY}', {counted}
        FROM still GROUP BY framework_id, node_id, place_id"""


def _exact_money(rule: RowFilter) -> str:
    """Money of which a place as a whole is said, by node, place and kind, and by year too."""
    twice = {f"{n}_{s}": sql for s in ("usd", "eur") for n, sql in zip(AMOUNTS[4:], twice_sql(s), strict=True)}
    # In cents from the first sum on: to add whole numbers takes two thirds of what decimals take.
    cents = ", ".join(f"CAST(sum({twice.get(name, name)}) * 100 AS BIGINT) AS {name}" for name in MONEY)
    sums = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in MONEY)
    return f"""
        WITH leaf AS (
            SELECT framework_id, node_id, place_id, period, finance_kind, {cents} FROM out_allocation a
            WHERE place_id IN (SELECT place_id FROM place_above) AND finance_kind <> 'presence' AND {rule.sql()}
            GROUP BY 1, 2, 3, 4, 5),
        up AS MATERIALIZED (
            SELECT l.framework_id, n.ancestor_id AS node_id, l.place_id, l.period, l.finance_kind, {sums}
            FROM leaf l JOIN node_up n ON n.framework_id = l.framework_id AND n.node_id = l.node_id
            GROUP BY 1, 2, 3, 4, 5)
        SELECT framework_id, 'node_place_period' AS grain, node_id, place_id, period, NULL::BIGINT AS org_id,
               finance_kind, {", ".join(MONEY)}
        FROM up
        UNION ALL
        SELECT framework_id, 'node_place', node_id, place_id, NULL, NULL, finance_kind, {sums}
        FROM up GROUP BY framework_id, node_id, place_id, finance_kind"""
