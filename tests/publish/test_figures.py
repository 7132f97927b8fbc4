"""Every figure opens: its rows sum to the cell to the cent, and its reader sees what he may."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from builds import Small
from concerted.marking import KEEPER, PUBLIC, Viewer
from concerted.model.errors import ConfigError
from concerted.model.ids import id_text
from concerted.publish import figures
from concerted.publish.figure import Figure
from concerted.publish.figures import default_framework, explain
from concerted.publish.visible import filter_of
from concerted.store.edition import find_edition
from concerted.store.query import open_edition

BOUNDS = ("low_usd", "best_usd", "high_usd", "gross_usd")
#: Cells of each grain that are opened; they are taken evenly over the table.
SAMPLE = 12


@pytest.fixture(scope="module")
def edition(small_data: Path) -> Path:
    return find_edition(small_data)


def cells(connection: duckdb.DuckDBPyConnection, viewer: Viewer, grain: str) -> list[dict[str, Any]]:
    """Money cells of a grain as a page would sum them for a viewer."""
    allowed = filter_of(viewer, connection)
    dimensions = ["framework_id", "node_id", "finance_kind"]
    dimensions += ["place_id"] if "place" in grain else []
    dimensions += ["period"] if "period" in grain else []
    dimensions += ["org_id"] if "partner" in grain else []
    query = f"""SELECT {", ".join(dimensions)}, {", ".join(f"sum({b}) AS {b}" for b in BOUNDS)}
        FROM out_cell WHERE grain = $grain AND finance_kind <> 'ANY' AND {allowed.sql()}
        GROUP BY ALL HAVING sum(high_usd) IS NOT NULL ORDER BY ALL"""
    rows = connection.execute(query, {"grain": grain, **allowed.parameters}).to_arrow_table().to_pylist()
    return rows[:: max(1, len(rows) // SAMPLE)]


@pytest.mark.parametrize("viewer", [PUBLIC, KEEPER], ids=["public", "keeper"])
@pytest.mark.parametrize("grain", ["node", "node_place", "node_period", "node_place_period", "node_partner"])
def test_the_rows_behind_a_cell_sum_to_it_to_the_cent(edition: Path, viewer: Viewer, grain: str) -> None:
    with open_edition(edition) as connection:
        sample = cells(connection, viewer, grain)
    assert len(sample) >= 5
    for cell in sample:
        if "org_id" in cell and cell["org_id"] is None:
            continue  # partners that the view hides cannot be asked for
        figure = Figure(
            cell["framework_id"],
            cell["node_id"],
            cell.get("place_id"),
            cell.get("period"),
            is_undated="period" in cell and cell["period"] is None,
            org=cell.get("org_id"),
            finance_kind=cell["finance_kind"],
        )
        opened = explain(viewer, edition, figure)
        total = opened["total"][cell["finance_kind"]]
        assert {b: total[b] for b in BOUNDS} == {b: cell[b] for b in BOUNDS}, figure
        for bound in BOUNDS:
            assert sum((row[bound] or Decimal(0) for row in opened["rows"]), Decimal(0)) == cell[bound]


def test_the_headline_counts_each_activity_once(edition: Path) -> None:
    with open_edition(edition) as connection:
        framework = default_framework(edition)
        allowed = filter_of(KEEPER, connection)
        query = f"""SELECT sum(activities)::BIGINT FROM out_cell WHERE framework_id = $framework AND grain = 'node'
            AND node_id = 'ALL' AND finance_kind = 'ANY' AND {allowed.sql()}"""
        headline = connection.execute(query, {"framework": framework, **allowed.parameters}).fetchone()
    with_money = explain(KEEPER, edition, Figure(framework))["activities"]
    present = explain(KEEPER, edition, Figure(framework, finance_kind="presence"))["activities"]
    assert headline is not None
    assert max(with_money, present) <= headline[0] <= with_money + present


def test_a_row_names_file_line_rule_and_transactions(edition: Path) -> None:
    opened = explain(KEEPER, edition, Figure(default_framework(edition), finance_kind="disbursement"))
    row = next(row for row in opened["rows"] if row["file"] == "iati/pon.xml")
    assert row["line"] > 1
    assert row["rule"][-1] in ("node_confirmed", "node_suggested", "no_node")
    assert row["transactions"]
    # The row is a share of its transactions, and never more than they are.
    assert row["high_usd"] <= sum(Decimal(str(t["value_usd"])) for t in row["transactions"])


def test_an_activity_can_be_asked_for_alone(edition: Path) -> None:
    framework = default_framework(edition)
    some = explain(PUBLIC, edition, Figure(framework))["rows"][0]
    with open_edition(edition) as connection:
        ids = [i for (i,) in connection.execute("SELECT DISTINCT activity_id FROM core_activity").fetchall()]
    activity = next(i for i in ids if id_text(i) == some["activity_id"])
    opened = explain(PUBLIC, edition, Figure(framework, activity=activity))
    assert {row["activity_id"] for row in opened["rows"]} == {some["activity_id"]}


def test_the_public_never_reads_a_restricted_word_and_the_keeper_does(edition: Path, small: Small) -> None:
    framework = default_framework(edition)
    texts = {
        viewer: repr([explain(viewer, edition, Figure(framework, finance_kind=kind)) for kind in (None, "presence")])
        for viewer in (PUBLIC, KEEPER)
    }
    assert [word for word in small.canaries() if word.lower() in texts[PUBLIC].lower()] == []
    assert any(word in texts[KEEPER] for word in small.canaries())


def test_a_coarse_row_names_neither_file_nor_partner(edition: Path) -> None:
    rows = explain(PUBLIC, edition, Figure(default_framework(edition)))["rows"]
    coarse = [row for row in rows if row.get("view") == "coarse"]
    assert coarse
    assert not any({"file", "line", "title", "organisation", "identifier", "source"} & row.keys() for row in coarse)


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (Figure("nothing"), "no framework 'nothing' in this edition; it has: "),
        (Figure("demo-strategy", node="9.9.9"), "no node '9.9.9' in framework demo-strategy"),
        (Figure("demo-strategy", place="Atlantis"), "no place 'Atlantis' in this edition"),
    ],
)
def test_a_misspelt_figure_is_an_error_and_no_gap(edition: Path, figure: Figure, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        explain(PUBLIC, edition, figure)
    assert said in str(error.value)


def test_a_place_without_work_is_a_true_zero(edition: Path) -> None:
    opened = explain(PUBLIC, edition, Figure(default_framework(edition), place="MR"))
    assert (opened["total"], opened["rows"], opened["activities"]) == ({}, [], 0)


def test_presence_has_no_money_and_that_is_not_zero(edition: Path) -> None:
    opened = explain(KEEPER, edition, Figure(default_framework(edition), finance_kind="presence"))
    total = opened["total"].pop("presence")
    assert opened["total"] == {}
    assert total.pop("unvalued") == 0
    assert set(total) >= {*figures.BOUNDS, *figures.GROSS, "told_twice_best_usd"}
    assert set(total.values()) == {None}


def test_people_behind_a_figure_are_a_range_with_every_figure_and_its_line(edition: Path) -> None:
    framework = default_framework(edition)
    people = explain(KEEPER, edition, Figure(framework))["people"]["reached"]
    largest = max(f["value"] for f in people["figures"])
    assert 0 < people["at_least"] <= largest < people["at_most"]
    assert people["at_most"] == sum(f["value"] for f in people["figures"] if not f["is_part"])
    assert all(f["file"] and f["line"] for f in people["figures"])
    with open_edition(edition) as connection:
        stored = connection.execute(
            "SELECT max(at_least), sum(at_most) FROM out_people_bound"
            " WHERE framework_id = ? AND node_id = 'ALL' AND place_id IS NULL AND kind = 'reached'",
            [framework],
        ).fetchone()
    assert (people["at_least"], people["at_most"]) == stored


def test_people_of_one_year_have_no_lower_end(edition: Path) -> None:
    opened = explain(KEEPER, edition, Figure(default_framework(edition), period=2026))
    assert opened["people"]["reached"]["at_least"] is None
