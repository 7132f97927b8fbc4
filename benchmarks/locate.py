"""Step locate on generated statements: seconds and peak memory for N activities (default 1,000,000) on DuckDB.

    python -m benchmarks.locate [activities]

Three of ten statements have locations: p-codes with names (right and wrong), names in three languages, distinct points,
villages that are in no list. One of ten spreads its transactions over countries. Areas are squares, so that no real
boundary is needed; the cost of a real outline is measured by the realdata tests.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from concerted.codelists.places import load_places
from concerted.locate import step
from concerted.model.tables import full_schema, rec_schema, tables
from concerted.store.engine import DuckEngine

COUNTRIES = np.array(["ML", "NE", "BF", "TD", "MR", "SN", "NG", "CM"])


def generate(count: int, folder: Path) -> dict[str, Path]:
    """Parquet files of the step's inputs, by table name."""
    rng = np.random.default_rng(7)
    ids = rng.permutation(np.arange(count, dtype=np.int64) * 7_919)
    day = rng.integers(14_000, 20_500, count).astype(np.int32)
    activity = {
        "record_id": ids,
        "source_id": pa.array(["generated"] * count),
        "input_path": pa.DictionaryArray.from_arrays(
            pa.array(rng.integers(0, 200, count).astype(np.int32)), pa.array([f"file-{n}.xml" for n in range(200)])
        ).cast(pa.string()),
        "line": np.arange(count),
        "start_actual_date": pa.array(day).cast(pa.date32()),
    }
    path = folder / "core_activity.parquet"
    pq.write_table(_fill(activity, full_schema("activity")), path)
    return {"core_activity": path} | generate_places(ids, folder)


def generate_places(ids: np.ndarray, folder: Path) -> dict[str, Path]:
    """Parquet files of what statements with these record ids say of places, by table name."""
    rng = np.random.default_rng(7)
    made = {
        "rec_location": _locations(rng, ids),
        "rec_location_code": rec_schema("location_code").empty_table(),
        "rec_recipient": _recipients(rng, ids),
        "rec_place": _squares(rng),
    }
    paths = {}
    for name, table in made.items():
        paths[name] = folder / f"{name}.parquet"
        pq.write_table(table, paths[name])
    return paths


def _locations(rng: np.random.Generator, ids: np.ndarray) -> pa.Table:
    shipped = load_places().to_pylist()
    areas = [p for p in shipped if p["level"] in (1, 2) and p["country_code"] in set(COUNTRIES)]
    owners = np.repeat(rng.choice(ids, int(len(ids) * 0.3), replace=False), rng.integers(1, 9, int(len(ids) * 0.3)))
    count = len(owners)
    pick, way = rng.integers(0, len(areas), count), rng.integers(0, 10, count)
    order = np.argsort(owners, kind="stable")
    owners = owners[order]
    seq = (
        np.arange(count)
        - np.concatenate(([0], np.flatnonzero(np.diff(owners)) + 1))[np.searchsorted(np.unique(owners), owners)]
    )

    def text(column: str, mask: np.ndarray, shift: int = 0) -> pa.Array:
        values = pa.array([a[column] or a["name"] for a in areas])
        return values.take(pa.array((pick + shift) % len(areas), mask=~mask))

    has_point = way >= 6
    level1 = np.array([a["level"] == 1 for a in areas])[pick]
    village = pa.array([f"Village {n}" for n in rng.integers(0, 10**7, count)], mask=way < 9)
    names = [text(c, way == w) for c, w in (("name_fr", 3), ("name_en", 4), ("name_ar", 5))]
    name = village
    for other in names:
        name = pa.compute.coalesce(name, other)
    columns = {
        "record_id": owners, "seq": seq.astype(np.int32), "line": np.arange(count),
        "country_code": text("country_code", way < 3),
        "admin1_code": text("place_id", (way < 3) & level1), "admin1_name": text("name_fr", (way < 3) & level1),
        "admin2_code": text("place_id", (way < 3) & ~level1), "admin2_name": text("name_en", (way < 3) & ~level1, 0),
        "name": name,
        "exactness_code": pa.array(np.array(["1", "2"])[rng.integers(0, 2, count)]),
        "longitude": pa.array(rng.uniform(-17, 24, count), mask=~has_point),
        "latitude": pa.array(rng.uniform(4, 27, count), mask=~has_point),
    }  # fmt: skip
    return _fill(columns, rec_schema("location"))


def _recipients(rng: np.random.Generator, ids: np.ndarray) -> pa.Table:
    """One country for most, several with percentages for one of five, transactions' own for one of ten (ten each)."""
    several = rng.random(len(ids)) < 0.2
    each = np.where(several, rng.integers(2, 6, len(ids)), 1)
    owners = np.repeat(ids, each)
    code = np.repeat(rng.integers(0, 8, len(ids)), each) + _running(each)
    pct = np.repeat(np.where(several, 100.0 / each, 0), each)
    tx_owners = np.repeat(rng.choice(ids, len(ids) // 10, replace=False), 10)
    tx = len(tx_owners)
    columns = {
        "record_id": np.concatenate([owners, tx_owners]),
        "transaction_seq": np.concatenate([np.full(len(owners), -1), np.tile(np.arange(10), tx // 10)]).astype(
            np.int32
        ),
        "seq": np.concatenate([_running(each), np.zeros(tx, np.int64)]).astype(np.int32),
        "kind": pa.array(["country"] * (len(owners) + tx)),
        "code": pa.array(COUNTRIES[np.concatenate([code, rng.integers(0, 8, tx)]) % 8]),
        "pct": pa.array(np.concatenate([pct, np.zeros(tx)]), mask=np.concatenate([pct == 0, np.full(tx, True)])),
    }
    return _fill(columns, rec_schema("recipient"))


def _running(each: np.ndarray) -> np.ndarray:
    return np.arange(each.sum()) - np.repeat(np.cumsum(each) - each, each)


def _squares(rng: np.random.Generator) -> pa.Table:
    """A square of each country cut into squares for its first-level areas and Mali's cercles."""
    shipped = load_places().to_pylist()
    rows = []
    for number, country in enumerate(COUNTRIES):
        west, south = -17 + 10 * (number % 4), 4 + 12 * (number // 4)
        for level in (1, 2):
            areas = [p for p in shipped if p["country_code"] == country and p["level"] == level]
            side = int(np.ceil(np.sqrt(max(len(areas), 1))))
            for at, area in enumerate(areas):
                x, y = west + 10 * (at % side) / side, south + 12 * (at // side) / side
                outline = shapely.segmentize(shapely.box(x, y, x + 10 / side, y + 12 / side), 0.05)
                rows.append({**area, "source_id": "squares", "geometry_wkb": shapely.to_wkb(outline)})
    return pa.Table.from_pylist(rows, schema=rec_schema("place"))


def _fill(columns: dict[str, object], schema: pa.Schema) -> pa.Table:
    count = len(columns["record_id"])
    return pa.table([pa.array(columns[f.name], f.type) if f.name in columns and isinstance(columns[f.name], np.ndarray)
                     else columns[f.name].cast(f.type) if f.name in columns else pa.nulls(count, f.type)
                     for f in schema], schema=schema)  # fmt: skip


def measure(count: int) -> dict[str, float]:
    """Seconds per output and in all, rows made, peak memory in MB."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = generate(count, folder)
        engine = DuckEngine(folder, threads=2)
        schemas = {t: full_schema(t[5:]) if t.startswith("core") else rec_schema(t[4:]) for t in paths}
        have = {t: engine.scan(t, [p], schemas[t]) for t, p in paths.items()}
        started = time.perf_counter()
        result = step.run(have, step.Params())
        seconds = {"run": time.perf_counter() - started}
        for full_name, table in result.tables.items():
            began = time.perf_counter()
            spec = tables()[full_name[5:]]
            target = folder / f"out_{full_name}.parquet"
            engine.write(table, target, full_schema(spec.name), spec.key)
            seconds[full_name] = time.perf_counter() - began
            seconds[f"{full_name} rows"] = pq.read_metadata(target).num_rows
        began = time.perf_counter()
        for part in result.issues:
            seconds["issue rows"] = seconds.get("issue rows", 0) + len(part.to_pyarrow())
        seconds["issues"] = time.perf_counter() - began
        seconds["all"] = time.perf_counter() - started
        seconds["peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        engine.close()
    return seconds


def main(count: int = 1_000_000) -> dict[str, float]:
    """Print the figures and give them back."""
    figures = measure(count)
    for what, value in figures.items():
        print(f"{what:24} {value:12.1f}")
    return figures


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
