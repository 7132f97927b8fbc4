"""The committed reference pages say what the code says."""

from pathlib import Path

import pytest

from concerted.cli.reference import pages

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize(("name", "text"), pages().items(), ids=pages().keys())
def test_the_committed_page_is_current(name: str, text: str) -> None:
    assert (REFERENCE / name).read_text("utf-8") == text, "the code moved on; run: make docs"


def test_no_page_is_left_from_a_thing_that_is_gone() -> None:
    assert {path.name for path in REFERENCE.glob("*.md")} == set(pages())
