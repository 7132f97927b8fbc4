"""The file in which organisations say which of their sources counts."""

from datetime import date
from pathlib import Path

import pytest

from concerted.judgements.precedence import (
    COLUMNS,
    Choice,
    deciders,
    kept_here,
    precedence_digest,
    precedence_text,
    read_precedence,
)
from concerted.model.errors import ConfigError

DAY = date(2026, 11, 28)
CHOICES = (
    Choice("XX-1", "budget", "published", DAY),
    Choice("XX-1", "commitment", "workspace", DAY),
    Choice("YY-9", "budget", "published", DAY),
)


def test_a_file_is_read_as_it_was_written_whatever_the_order_of_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "precedence.csv"
    path.write_text(precedence_text(reversed(CHOICES)), "utf-8")
    assert read_precedence(path) == CHOICES
    assert precedence_text(CHOICES) == precedence_text(reversed(CHOICES))
    assert deciders(CHOICES) == ("XX-1", "YY-9")
    assert kept_here(CHOICES) == (("XX-1", "commitment"),)


def test_a_day_moves_no_figure_and_a_source_does() -> None:
    other_day = [Choice(c.organisation, c.finance_kind, c.source, date(2020, 1, 1)) for c in reversed(CHOICES)]
    assert precedence_digest(other_day) == precedence_digest(CHOICES)
    assert precedence_digest(CHOICES[:1]) != precedence_digest((Choice("XX-1", "budget", "workspace", DAY),))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("XX-1,commitment,both,2026-11-28", "source 'both'"),
        ("XX-1,texts,published,2026-11-28", "finance_kind 'texts'"),
        (",commitment,published,2026-11-28", "no organisation"),
        ("XX-1,commitment,published,yesterday", "is no day"),
        ("XX-1,budget,published,2026-11-28\nxx-1,budget,workspace,2026-11-28", "decided twice"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_line(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "precedence.csv"
    path.write_text(f"{','.join(COLUMNS)}\n{line}\n", "utf-8")
    with pytest.raises(ConfigError, match=says):
        read_precedence(path)


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "precedence.csv"
    path.write_text("a,b\n", "utf-8")
    with pytest.raises(ConfigError, match="the first line must be"):
        read_precedence(path)
