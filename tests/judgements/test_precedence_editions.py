"""A decision of which source counts moves its own money alone; taken back, every byte is as before."""

import json
from datetime import date
from pathlib import Path

import duckdb
import pytest

from builds import hashes
from concerted.build import Built, build
from concerted.judgements.precedence import PRECEDENCE, Choice, Source, precedence_text
from concerted.marking import PUBLIC
from concerted.publish.chain import asking
from concerted.publish.integrity import check_edition
from concerted.publish.precedence import claims_of, told_in_both
from concerted.steps import BuildRequest
from sources.registry.test_registry_reader import statement

DAY = date(2026, 11, 28)
#: Unlike each other, so that nobody takes the two for one project in other words.
TITLES = {"XI-ONE": "Deep wells and pumps", "XI-TWO": "Radio evenings of herders"}


def activity(org: str, *money: tuple[str, int], budget: int = 0) -> str:
    lines = "".join(
        f'<transaction><transaction-type code="{code}"/><transaction-date iso-date="2026-03-05"/>'
        f'<value currency="USD" value-date="2026-03-05">{value}</value></transaction>'
        for code, value in money
    )
    budgets = (
        f'<budget><period-start iso-date="2026-01-01"/><period-end iso-date="2026-12-31"/>'
        f'<value currency="USD" value-date="2026-01-01">{budget}</value></budget>'
        if budget
        else ""
    )
    return (
        f'<iati-activity last-updated-datetime="2026-06-01T00:00:00Z" default-currency="USD" xml:lang="en">'
        f"<iati-identifier>{org}-A</iati-identifier>"
        f'<reporting-org ref="{org}" type="21"><narrative>{org} Works</narrative></reporting-org>'
        f"<title><narrative>{TITLES[org]}</narrative></title>"
        f'<activity-status code="2"/><activity-date type="2" iso-date="2025-01-01"/>'
        f'<recipient-country code="ML" percentage="100"/>{budgets}{lines}</iati-activity>'
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """XI-ONE and XI-TWO publish an activity and keep it in the workspace, with other amounts."""
    files = tmp_path / "sources"
    files.mkdir()
    both = activity("XI-ONE", ("2", 1000), ("3", 600), budget=400) + activity("XI-TWO", ("2", 2000), ("3", 900))
    (files / "a.xml").write_text(f'<iati-activities version="2.03">{both}</iati-activities>', "utf-8")
    (tmp_path / "registry").mkdir()
    (tmp_path / "registry" / "source.yml").write_text("id: registry\nkind: registry\n", "utf-8")
    lines = []
    for org, money in (("XI-ONE", (("2", 1100), ("3", 700))), ("XI-TWO", (("2", 2100), ("3", 950)))):
        said = {"marking_key": "CLEAR", "identifier": f"{org}-A", "reporting_org_ref": org, "default_currency": "USD"}
        paid = [
            {"type_code": c, "transaction_date": "2026-03-05", "value": f"{v}.00", "currency": "USD"} for c, v in money
        ]
        budget = {"kind": "budget", "period_start_date": "2026-01-01", "period_end_date": "2026-12-31"}
        budgets = [budget | {"value": "450.00", "currency": "USD", "value_date": "2026-01-01"}]
        lines.append(
            statement(
                f"kept-{org}",
                activity=said | {"reporting_org_name": f"{org} Works"},
                transaction=paid,
                budget=budgets if org == "XI-ONE" else [],
                location=[{"country_code": "ML"}],
            )
        )
    (tmp_path / "registry" / "00.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return tmp_path


def made(root: Path, **kinds: Source) -> Built:
    folder = root / "data" / "decisions"
    folder.mkdir(parents=True, exist_ok=True)
    text = precedence_text(Choice("XI-ONE", kind, source, DAY) for kind, source in kinds.items())
    (folder / PRECEDENCE).write_text(text, "utf-8")
    request = BuildRequest(as_of=date(2026, 6, 30), frameworks=("un-gcts",), decided=folder)
    return build([str(root / "sources"), str(root / "registry")], root / "data", request)


def ranges(built: Built, org: str) -> dict[str, tuple[float, ...]]:
    """(low, best, high, gross) dollars by kind, of an organisation."""
    rows = duckdb.execute(
        f"""SELECT finance_kind, sum(low_usd), sum(best_usd), sum(high_usd), sum(gross_usd)
        FROM '{built.folder}/out_allocation.parquet' AS a
        JOIN '{built.folder}/core_activity.parquet' AS s USING (record_id)
        WHERE framework_id = 'un-gcts' AND finance_kind <> 'presence' AND s.reporting_org_ref = '{org}'
        GROUP BY 1"""
    ).fetchall()
    return {kind: tuple(float(value) for value in money) for kind, *money in rows}


def test_each_kind_is_counted_from_one_source_after_a_decision_and_is_as_before_once_it_is_taken_back(
    root: Path,
) -> None:
    before = made(root)
    bytes_before = hashes(before.folder)
    assert [(each.law, each.rows) for each in check_edition(before.folder) if not each.holds] == []
    # Without a decision both widen the range: what is published is the best estimate.
    assert ranges(before, "XI-ONE")["budget"][1:] == (400, 850, 850)
    assert ranges(before, "XI-ONE")["commitment"][1:] == (1000, 2100, 2100)

    after = made(root, commitment="workspace", budget="workspace", disbursement="published")
    assert [(each.law, each.rows) for each in check_edition(after.folder) if not each.holds] == []
    found = ranges(after, "XI-ONE")
    assert found["budget"][1:] == (450, 450, 450)
    assert found["commitment"][1:] == (1100, 1100, 1100)
    assert found["disbursement"][1:] == (600, 600, 600)
    assert ranges(after, "XI-TWO") == ranges(before, "XI-TWO")

    with asking(PUBLIC, after.folder) as asked:
        told = told_in_both(asked, "XI-ONE")
        (one,) = asked.rows(
            f"SELECT DISTINCT activity_id FROM core_activity WHERE identifier = 'XI-ONE-A' AND"
            f" {asked.allowed.sql_precise()}",
            asked.parameters(),
        )
        claims = claims_of(asked, one[0])
    assert {kind: (each.published, each.workspace) for kind, each in told.items()} == {
        "commitment": (1000, 1100),
        "disbursement": (600, 700),
        "budget": (400, 450),
    }
    # What the page foretold is what came: the sums of the chosen source.
    assert told["commitment"].outcome("workspace").counted == 1100
    assert [(c.finance_kind, c.source, c.is_counted, c.usd) for c in claims] == [
        ("budget", "workspace", True, 450),
        ("budget", "published", False, 400),
        ("commitment", "workspace", True, 1100),
        ("commitment", "published", False, 1000),
        ("disbursement", "published", True, 600),
        ("disbursement", "workspace", False, 700),
    ]
    assert claims[1].other_path == "00.jsonl"

    again = made(root)
    assert again.folder == before.folder
    assert hashes(again.folder) == bytes_before


@pytest.mark.spark
def test_both_engines_set_aside_the_same(root: Path) -> None:
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed: make spark-setup")
    duck = made(root, commitment="workspace", budget="workspace")
    tables = {p.name: p.read_bytes() for p in sorted(duck.folder.glob("*.parquet"))}
    request = BuildRequest(
        as_of=date(2026, 6, 30), frameworks=("un-gcts",), decided=root / "data" / "decisions", engine="spark=local[1]"
    )
    spark = build([str(root / "sources"), str(root / "registry")], root / "spark", request)
    assert spark.folder.name == duck.folder.name
    assert {p.name: p.read_bytes() for p in sorted(spark.folder.glob("*.parquet"))} == tables
