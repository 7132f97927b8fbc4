"""Strategy files for tests: a small one to be spoilt, and workbooks of given sheets."""

from importlib.resources import files
from pathlib import Path
from typing import Any

import xlsxwriter
import yaml

EXAMPLE = yaml.safe_load(files("concerted.codelists").joinpath("strategy_example.yml").read_text("utf-8"))


def written(folder: Path, document: Any) -> Path:
    """The document as strategy.yml in a folder."""
    path = folder / "strategy.yml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), "utf-8")
    return path


def small(**changes: Any) -> dict[str, Any]:
    """The smallest sound strategy, with changes."""
    document: dict[str, Any] = {
        "id": "plan",
        "version": "1",
        "place": "ML",
        "name": {"fr": "Plan"},
        "nodes": [{"id": "A", "name": {"fr": "Axe"}}],
    }
    return document | changes


def workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    """A workbook with these sheets and rows."""
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path
