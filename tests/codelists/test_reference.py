"""The reference pages say what the data says."""

from pathlib import Path

import pytest

from concerted.codelists.reference import frameworks_page, strategy_file_page

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(
    ("name", "page"), [("frameworks.md", frameworks_page()), ("strategy-file.md", strategy_file_page())]
)
def test_the_committed_page_is_made_from_the_data(name: str, page: str) -> None:
    assert (DOCS / "reference" / name).read_text("utf-8") == page, (
        "run: python -m concerted.codelists.reference docs/reference"
    )
