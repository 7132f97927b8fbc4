"""Counts of few people in real files: how many the public is not told, and what that costs its totals.

Run `python -m benchmarks.few_people [EDITION]`; without an edition the folder of real files is built first
(`CONCERTED_REALDATA`, else `../shared/data`; some minutes). What is printed counts what everybody may read.
"""

import argparse
from pathlib import Path
from typing import Any

import duckdb

from benchmarks._built import built
from benchmarks._organisation_sets import data_folder

_FIGURES = """
SELECT count(*), count(*) FILTER (WHERE value BETWEEN 1 AND $few - 1), sum(value),
  sum(value) FILTER (WHERE value BETWEEN 1 AND $few - 1), count(*) FILTER (WHERE is_suppressed)
FROM read_parquet($figures) WHERE value IS NOT NULL
"""
_BOUNDS = """
SELECT count(*), count(*) FILTER (WHERE told_least < at_least OR told_most > at_most),
  max(told_most - at_most), max(at_least - told_least)
FROM read_parquet($bounds)
"""


def main() -> dict[str, Any]:
    """Print the figures and give them back."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("edition", nargs="?", type=Path)
    arguments = parser.parse_args([] if __name__ != "__main__" else None)
    with built(arguments.edition, data_folder()) as edition:
        figures = few_people(edition)
    for key, value in figures.items():
        print(f"{key:34} {value:,}")
    return figures


def few_people(edition: Path, few: int = 10) -> dict[str, int]:
    """Figures of an edition in which counts from 1 to below `few` are not told."""
    tables = {name: str(edition / f"out_people_{name}.parquet") for name in ("figure", "bound")}
    told = duckdb.execute(_FIGURES, {"few": few, "figures": tables["figure"]}).fetchone()
    ends = duckdb.execute(_BOUNDS, {"bounds": tables["bound"]}).fetchone()
    names = ("figures", "figures_of_few", "people", "people_in_figures_of_few", "figures_suppressed")
    names += ("totals", "totals_that_differ", "upper_end_raised_at_most", "lower_end_lowered_at_most")
    return {name: int(value or 0) for name, value in zip(names, (*(told or ()), *(ends or ())), strict=True)}


if __name__ == "__main__":
    main()
