"""Hashtags; libhxl is the oracle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerted.sources.grid.tags import TAG_ROWS, Tag, find_tags, is_activities, parse_tag

hxl = pytest.importorskip("hxl")

WORDS = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,5}", fullmatch=True)
SPACES = st.sampled_from(["", " ", "  "])
TAGS = st.builds(
    lambda tag, parts: "#" + tag + "".join(a + "+" + b for a, b in parts),
    WORDS,
    st.lists(st.tuples(SPACES, WORDS), max_size=3),
)
CELLS = st.one_of(TAGS, st.text("#+ab1 é-", max_size=6), st.just(""))


@given(CELLS)
def test_a_tag_is_what_libhxl_takes_for_one(text: str) -> None:
    theirs = hxl.model.Column.parse(text)
    ours = parse_tag(text)
    assert (ours is None) == (not theirs)
    if ours is not None:
        assert ours == Tag(theirs.tag.lower(), frozenset(a.lower() for a in theirs.attributes))


@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=8))
def test_the_row_of_tags_is_the_one_libhxl_finds(rows: list[list[str]]) -> None:
    found = find_tags(rows)
    oracle = next((n for n, row in enumerate(rows) if _is_tag_row(row)), None)
    assert (found[0] if found else None) == oracle


def _is_tag_row(row: list[str]) -> bool:
    filled = [cell for cell in row if cell.strip()]
    tags = [cell for cell in filled if hxl.model.Column.parse(cell)]
    return bool(tags) and len(tags) * 2 >= len(filled)


def test_tags_below_the_first_rows_are_not_looked_for() -> None:
    rows = [["x"]] * TAG_ROWS + [["#org"]]
    assert find_tags(rows) is None
    assert find_tags(rows[1:]) is not None


@pytest.mark.parametrize(
    ("tags", "says"),
    [
        ("#org #adm1", True),
        ("#org #sector", True),
        ("#activity", True),
        ("#org", False),
        ("#country+code #affected #date", False),
        ("#country+code #geo+admin_level #adm+code #adm+name", False),
        ("#org #value", False),
        ("#org #sector #country #activity+code #x_transaction_type #value", False),
        ("#org #sector #transaction+type #value", False),
    ],
)
def test_who_does_what_where_needs_somebody_and_something(tags: str, says: bool) -> None:
    assert is_activities([parse_tag(tag) for tag in tags.split()]) is says
