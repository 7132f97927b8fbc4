"""The file in which organisations say which of their sources counts."""

from datetime import date
from pathlib import Path

import pytest

from concerted.judgements.precedence import (
    COLUMNS,
    Choice,
    completed,
    precedence_digest,
    precedence_text,
    read_precedence,
)
from concerted.model.errors import ConfigError
from concerted.model.finance import MONEY_KINDS
from concerted.model.subjects import FIELD_GROUPS

DAY = date(2026, 11, 28)
CHOICES = (
    Choice("XX-1", "budget", "published", DAY),
    Choice("XX-1", "commitment", "workspace", DAY),
    Choice("YY-9", "budget", "published", DAY),
    Choice("YY-9", "places", "workspace", DAY),
)


def test_a_file_is_read_as_it_was_written_whatever_the_order_of_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "precedence.csv"
    path.write_text(precedence_text(reversed(CHOICES)), "utf-8")
    assert read_precedence(path) == CHOICES
    assert precedence_text(CHOICES) == precedence_text(reversed(CHOICES))


def test_what_is_decided_of_some_money_decides_of_all_and_of_fields_nothing_follows() -> None:
    found = completed(CHOICES)
    assert set(CHOICES) <= set(found)
    for who, here in (("XX-1", {"commitment"}), ("YY-9", set())):
        money = {c.subject: c.source for c in found if c.organisation == who and c.subject in MONEY_KINDS}
        assert money == {kind: "workspace" if kind in here else "published" for kind in MONEY_KINDS}
    assert [c for c in found if c.subject in FIELD_GROUPS] == [CHOICES[3]]
    alone = (Choice("ZZ-2", "texts", "workspace", DAY),)
    assert completed(alone) == alone


def test_the_digest_is_of_all_that_stands_in_the_edition_in_whatever_order() -> None:
    assert precedence_digest(reversed(CHOICES)) == precedence_digest(CHOICES)
    for other in (Choice("XX-1", "budget", "workspace", DAY), Choice("XX-1", "budget", "published", date(2020, 1, 1))):
        assert precedence_digest((other,)) != precedence_digest(CHOICES[:1])


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("XX-1,commitment,both,2026-11-28", "source 'both'"),
        ("XX-1,cakes,published,2026-11-28", "subject 'cakes'"),
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
