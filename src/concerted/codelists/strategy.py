"""A government's strategy: read from the file it keeps, written back, and its costs as targets.

Place on the way: before step 5 (its tree) and step 7 (its costs and rule). Enters: a YAML file or a workbook in French,
English or Arabic; leaves: a `Framework`, or a `StrategyError` that lists everything that is wrong and what to do.
"""

import csv
from collections.abc import Collection
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import pyarrow as pa

from concerted.codelists.frameworks import CircleError, Framework, Lang, ancestors
from concerted.codelists.strategy_building import build_framework
from concerted.codelists.strategy_problems import Problem, StrategyError
from concerted.codelists.strategy_rows import read_document
from concerted.codelists.strategy_workbook import write_xlsx
from concerted.codelists.strategy_writing import strategy_tables, write_yaml
from concerted.model.errors import ConfigError
from concerted.model.tables import TYPES

TARGET_SCHEMA = pa.schema(
    [
        ("framework_id", pa.string()),
        ("node_id", pa.string()),
        ("place_id", pa.string()),
        ("period", pa.int32()),
        ("low", TYPES["amount"]),
        ("high", TYPES["amount"]),
        ("currency", pa.string()),
        ("source", pa.string()),
    ]
)


def load_strategy(path: Path, known_places: Collection[str] | None = None) -> Framework:
    """The strategy in a `.yml` or `.xlsx` file.

    Args:
        path: file as `write_template` makes it; docs/how-to/load-a-strategy.md shows one.
        known_places: place ids that costs may name; default: the shipped countries, regions and cercles.

    Raises:
        StrategyError: names the file and, for each problem, sheet and row (or path in the YAML), what was found, what
            was expected and what to do.
    """
    document = read_document(path)
    places = _shipped_places() if known_places is None else known_places
    framework = build_framework(document, places)
    if framework is None or document.problems:
        raise StrategyError(path, document.problems)
    try:
        ancestors(framework)
    except CircleError as error:  # that ids are unique and parents there was asked row by row
        circle = Problem("circle", values={"circle": " > ".join(error.circle)})
        raise StrategyError(path, [circle], is_whole=True) from error
    return framework


def write_strategy(framework: Framework, path: Path, lang: Lang = "en") -> None:
    """Write a strategy so that `load_strategy` gives it back equal; `.xlsx` with headers in `lang`, else `.yml`.

    Raises:
        ConfigError: another ending.
    """
    if path.suffix.lower() == ".xlsx":
        write_xlsx(path, strategy_tables(framework), lang)
    elif path.suffix.lower() in (".yml", ".yaml"):
        write_yaml(path, strategy_tables(framework))
    else:
        raise ConfigError(f"{path}: a strategy is written as .yml or .xlsx, found {path.suffix or 'no ending'}")


def write_template(path: Path, lang: Lang = "fr") -> None:
    """Write a small strategy to be overwritten, with every sheet and column in use."""
    with as_file(files("concerted.codelists").joinpath("strategy_example.yml")) as example:
        if path.suffix.lower() in (".yml", ".yaml"):  # its comments and layout are worth keeping
            path.write_text(example.read_text("utf-8"), "utf-8")
        else:
            write_strategy(load_strategy(example), path, lang)


def targets(framework: Framework) -> pa.Table:
    """The costs that a strategy states, as rows (framework_id, node_id, place_id, period, low, high, currency, source).

    A cost covers its node and everything below it, in its place and calendar year; where no place is given, the
    strategy's own. Only what is stated: a sum over children is not a statement and is left to the picture. Amounts are
    in units of `currency`.
    """
    rows = [
        {
            "framework_id": framework.id,
            "node_id": node.id,
            "place_id": cost.place_id or framework.place_id,
            "period": cost.period,
            "low": cost.low,
            "high": cost.high,
            "currency": cost.currency,
            "source": cost.source or framework.source,
        }
        for node in framework.nodes
        for cost in node.costs
    ]
    rows.sort(key=lambda row: (row["node_id"], row["place_id"], row["period"]))
    return pa.Table.from_pylist(rows, schema=TARGET_SCHEMA)


@cache
def _shipped_places() -> frozenset[str]:
    text = files("concerted.codelists").joinpath("places.csv").read_text("utf-8")
    return frozenset(row["place_id"] for row in csv.DictReader(text.splitlines()))
