"""A strategy that was written is read back equal, in every format and language."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concerted.codelists.frameworks import (
    FORMER_PLACES,
    WHOLE,
    CellRule,
    Cost,
    Crosswalk,
    FormerCode,
    Framework,
    Indicator,
    Node,
    OwnCode,
)
from concerted.codelists.strategy import load_strategy, write_strategy, write_template
from concerted.model.errors import ConfigError

from .strategy_files import EXAMPLE, small, written

WORD = st.text(st.sampled_from("abzéœ٣مال1.-'&<=+@ "), min_size=1, max_size=12).map(
    lambda s: " ".join(s.split())
).filter(lambda s: s != "")  # fmt: skip
IDS = st.lists(st.from_regex(r"[A-Z]\.?[0-9]{1,3}", fullmatch=True), min_size=1, max_size=6, unique=True)
TEXTS = st.dictionaries(st.sampled_from(["fr", "en", "ar"]), WORD, min_size=1)
TERMS = st.dictionaries(
    st.sampled_from(["fr", "en", "ar"]),
    st.lists(st.sampled_from(["paix", "ddr$", "prevent* conflict", "سلام"]), min_size=1, unique=True).map(tuple),
)
MONEY = st.decimals(0, 10**12, places=4)
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2050, 1, 1))


@st.composite
def former(draw: st.DrawFn, ids: list[str]) -> tuple[FormerCode, ...]:
    """A word of an earlier version, whole or in two parts; or none."""
    share = draw(st.integers(1, WHOLE))
    uri, column = draw(st.none() | WORD), draw(st.none() | WORD)
    place, code, author, day = draw(st.sampled_from(FORMER_PLACES)), draw(WORD), draw(WORD), draw(DAYS)
    parts = [part for part in (share, WHOLE - share) if part]
    rows = tuple(FormerCode("1", place, code, ids[-1], part, author, day, uri, column) for part in parts)
    return rows if draw(st.booleans()) else ()


@st.composite
def strategies(draw: st.DrawFn) -> Framework:
    ids = draw(IDS)
    nodes = []
    for position, node_id in enumerate(ids):
        keys = draw(st.lists(st.tuples(st.sampled_from([None, "ML05", "ML06"]), st.integers(2020, 2023)), unique=True))
        costs = []
        for place, year in keys:
            low, high = sorted((draw(MONEY), draw(MONEY)))
            currency, source = draw(st.sampled_from(["XOF", "EUR"])), draw(st.none() | WORD)
            costs.append(Cost(year, low, high, currency, place, source))
        parent = draw(st.sampled_from([None, *ids[:position]]))
        indicators = [Indicator(f"{node_id}-I", draw(TEXTS), draw(st.none() | WORD), "0", 2020, draw(WORD), 2030)]
        nodes.append(
            Node(
                node_id,
                draw(WORD),
                draw(TEXTS),
                parent,
                draw(TEXTS | st.just({})),
                draw(TERMS),
                draw(TERMS),
                draw(st.sampled_from([None, True, False])),
                draw(st.none() | WORD),
                tuple(costs),
                tuple(indicators[: draw(st.integers(0, 1))]),
            )
        )
    shares = sorted(draw(st.tuples(*[st.decimals(0, 1, places=2)] * 2)))
    return Framework(
        id="plan",
        version=draw(WORD),
        name=draw(TEXTS),
        nodes=tuple(nodes),
        source=draw(st.none() | WORD),
        author=draw(st.none() | WORD),
        valid_from=draw(st.none() | DAYS),
        status=draw(st.sampled_from(["draft", "consultation", "review", "superseded"])),
        adopted_by=draw(st.none() | WORD),
        adopted_date=draw(st.none() | DAYS),
        is_strategy=True,
        place_id="ML",
        note=draw(TEXTS | st.just({})),
        cell_rule=CellRule(
            shares[1], shares[0], draw(st.integers(1, 60)), draw(st.sampled_from(["budget", "commitment"]))
        ),
        own_codes=(OwnCode(draw(WORD), ids[0], "narrower", draw(st.none() | WORD), draw(st.none() | WORD)),),
        crosswalks=(
            Crosswalk("pve-plan", "4", "plan", ids[0], "related", draw(WORD), draw(DAYS), draw(st.none() | WORD)),
        ),
        former_codes=draw(former(ids)),
    )


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(framework=strategies(), lang=st.sampled_from(["fr", "en", "ar"]), ending=st.sampled_from(["xlsx", "yml"]))
def test_any_strategy_reads_back_as_it_was_written(
    tmp_path: Path, framework: Framework, lang: Any, ending: str
) -> None:
    path = tmp_path / f"strategy.{ending}"
    write_strategy(framework, path, lang)
    again = load_strategy(path)
    assert again == framework


def test_a_strategy_is_not_written_to_another_format(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"written as \.yml or \.xlsx"):
        write_strategy(load_strategy(written(tmp_path, small())), tmp_path / "s.csv")


@pytest.mark.parametrize("lang", ["fr", "en", "ar"])
@pytest.mark.parametrize("ending", ["xlsx", "yml"])
def test_the_template_reads_back_as_the_same_strategy(tmp_path: Path, lang: Any, ending: str) -> None:
    path = tmp_path / f"template.{ending}"
    write_template(path, lang)
    assert load_strategy(path) == load_strategy(written(tmp_path, EXAMPLE))


def test_the_template_is_written_the_same_twice(tmp_path: Path) -> None:
    write_template(tmp_path / "a.xlsx", "ar")
    write_template(tmp_path / "b.xlsx", "ar")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
