"""A decision of which source counts moves what it is about alone; taken back, every byte is as before."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from builds import hashes
from cli.commands import Commands
from concerted.build import Built, build
from concerted.judgements.precedence import PRECEDENCE, Choice, Source, precedence_text
from concerted.marking import PUBLIC
from concerted.model.ids import id_text
from concerted.model.subjects import FIELD_GROUPS
from concerted.publish.chain import asking
from concerted.publish.integrity import check_edition
from concerted.publish.precedence import claims_of, told_in_both
from concerted.steps import BuildRequest
from concerted.store.query import open_edition
from sources.registry.test_registry_reader import statement

DAY = date(2026, 11, 28)
KEPT, KEPT_PLACE, PUBLISHED_PLACE = "as kept", "Gao", "Mopti"
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
        f'<recipient-country code="ML" percentage="100"/>'
        f"<location><name><narrative>{PUBLISHED_PLACE}</narrative></name>"
        f'<administrative vocabulary="G1" level="1" code="ML05"/></location>{budgets}{lines}'
        f'<result type="1"><title><narrative>Reach</narrative></title><indicator measure="1"><title><narrative>'
        f"Number of people reached</narrative></title><period>"
        f'<period-start iso-date="2026-01-01"/><period-end iso-date="2026-12-31"/>'
        f'<actual value="100"/></period></indicator></result></iati-activity>'
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
                location=[{"country_code": "ML", "name": KEPT_PLACE, "admin1_name": KEPT_PLACE}],
                narrative=[{"field": "title", "lang": "en", "text": f"{TITLES[org]} ({KEPT})"}],
                people=[{"kind": "reached", "value": 120}],
            )
        )
    (tmp_path / "registry" / "00.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return tmp_path


def made(root: Path, **subjects: Source) -> Built:
    """An edition after XI-ONE decided of these."""
    folder = root / "data" / "decisions"
    folder.mkdir(parents=True, exist_ok=True)
    text = precedence_text(Choice("XI-ONE", subject, source, DAY) for subject, source in subjects.items())
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


@pytest.mark.slow
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
        **dict.fromkeys(("texts", "dates", "places", "people"), (1, 1)),
        "commitment": (1000, 1100),
        "disbursement": (600, 700),
        "budget": (400, 450),
    }
    # What the page foretold is what came: the sums of the chosen source.
    assert told["commitment"].outcome("workspace").counted == 1100
    assert [(c.subject, c.source, c.is_counted, c.usd) for c in claims] == [
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


def asked_of(built: Built, sql: str) -> list[tuple[Any, ...]]:
    with open_edition(built.folder) as connection:
        return connection.execute(sql).fetchall()


def places(built: Built, org: str) -> dict[str, set[str]]:
    """Where the money and the presence of an organisation stand, by the source that tells."""
    found: dict[str, set[str]] = {}
    for source, place in asked_of(
        built,
        f"SELECT DISTINCT s.source_id, a.place_id FROM out_allocation AS a JOIN core_activity AS s USING (record_id)"
        f" WHERE a.framework_id = 'un-gcts' AND s.reporting_org_ref = '{org}'",
    ):
        found.setdefault("workspace" if source == "registry" else "published", set()).add(place)
    return found


def fields(built: Built, org: str) -> dict[str, tuple[Any, ...]]:
    """Title, state and start by source."""
    rows = asked_of(
        built,
        f"SELECT source_id = 'registry', title, state, start_actual_date FROM core_activity"
        f" WHERE reporting_org_ref = '{org}'",
    )
    return {"workspace" if is_here else "published": tuple(values) for is_here, *values in rows}


def people(built: Built, org: str) -> list[tuple[int, str]]:
    return asked_of(
        built,
        f"SELECT value, origin FROM out_people_figure JOIN core_activity USING (record_id)"
        f" WHERE reporting_org_ref = '{org}' ORDER BY value",
    )


def broken(built: Built) -> list[tuple[str, Any]]:
    return [(each.law, each.rows) for each in check_edition(built.folder) if not each.holds]


@pytest.mark.slow
def test_texts_dates_places_and_people_count_from_one_source_each_and_are_as_before_once_it_is_taken_back(
    root: Path,
) -> None:
    before = made(root)
    bytes_before = hashes(before.folder)
    assert places(before, "XI-ONE") == {"published": {"ML05"}, "workspace": {"ML07"}}
    assert people(before, "XI-ONE") == [(100, "indicator"), (120, "column")]
    after = made(root, texts="workspace", dates="published", places="workspace", people="published")
    assert broken(after) == []
    assert places(after, "XI-ONE") == {"published": {"ML07"}, "workspace": {"ML07"}}
    assert fields(after, "XI-ONE") == dict.fromkeys(
        ("published", "workspace"), (f"{TITLES['XI-ONE']} ({KEPT})", "ongoing", date(2025, 1, 1))
    )
    assert people(after, "XI-ONE") == [(100, "indicator")]
    # No money was decided: it is told as before, in other places.
    assert ranges(after, "XI-ONE") == ranges(before, "XI-ONE")
    for of in (places, fields, people, ranges):
        assert of(after, "XI-TWO") == of(before, "XI-TWO")
    aside = {
        (subject, source_id == "registry")
        for subject, source_id in asked_of(
            after, "SELECT field, source_id FROM out_issue WHERE code = 'other_source_counts'"
        )
    }
    assert aside == {("texts", False), ("dates", True), ("places", False), ("people", True)}
    with asking(PUBLIC, after.folder) as asked:
        told = told_in_both(asked, "XI-ONE")
        (one,) = asked.rows("SELECT DISTINCT activity_id FROM core_activity WHERE identifier = 'XI-ONE-A'", {})
        own = {(c.subject, c.source): c.own for c in claims_of(asked, one[0]) if not c.is_counted}
    # What is kept beside is still told, and the page still knows what both sources say.
    assert own["texts", "published"] == {"title": TITLES["XI-ONE"], "title_lang": "en"}
    assert own["dates", "workspace"] == {"state": "planned", "activity_status_code": "1"}
    assert {s: (each.published, each.workspace) for s, each in told.items() if s in FIELD_GROUPS} == dict.fromkeys(
        FIELD_GROUPS, (1, 1)
    )
    again = made(root)
    assert again.folder == before.folder
    assert hashes(again.folder) == bytes_before


@pytest.mark.slow
def test_a_decision_holds_when_new_data_come(root: Path) -> None:
    chosen: dict[str, Source] = {"texts": "workspace", "commitment": "workspace", "places": "published"}
    made(root, **chosen)
    path = root / "sources" / "a.xml"
    later = path.read_text("utf-8").replace(TITLES["XI-ONE"], "Deeper wells").replace(">1000<", ">5000<")
    path.write_text(later.replace(PUBLISHED_PLACE, "Kayes").replace("ML05", "ML01"), "utf-8")
    after = made(root, **chosen)
    assert broken(after) == []
    assert {title for title, *_ in fields(after, "XI-ONE").values()} == {f"{TITLES['XI-ONE']} ({KEPT})"}
    assert ranges(after, "XI-ONE")["commitment"][1:] == (1100, 1100, 1100)
    assert places(after, "XI-ONE") == {"published": {"ML01"}, "workspace": {"ML01"}}


@pytest.mark.slow
def test_explain_tells_what_is_kept_beside_and_by_which_decision(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    built = made(root, texts="workspace", commitment="published", disbursement="published")
    ((activity,),) = asked_of(built, "SELECT DISTINCT activity_id FROM core_activity WHERE identifier = 'XI-ONE-A'")
    told = Commands(monkeypatch, capsys).run("explain", "--data", root / "data", "--activity", id_text(activity))
    assert told.code == 0, told.err
    decided = "decided: {}, on 2026-11-28; {})"
    for line in (
        f"texts: published (title {TITLES['XI-ONE']}, title_lang en) is kept beside and not counted,"
        f" as its organisation decided, in its place 00.jsonl:1 ({decided.format('workspace', 'a.xml:1')}",
        f"texts: workspace counts, as its organisation decided ({decided.format('workspace', '00.jsonl:1')}",
        "commitment: workspace 1,100.00 USD is kept beside and not counted, as its organisation decided,"
        f" in its place a.xml:1 ({decided.format('published', '00.jsonl:1')}",
    ):
        assert line in told.out
    assert "dates" not in told.out


@pytest.mark.spark
def test_both_engines_set_aside_the_same(root: Path) -> None:
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed: make spark-setup")
    duck = made(
        root,
        commitment="workspace",
        budget="workspace",
        texts="workspace",
        dates="published",
        places="workspace",
        people="published",
    )
    tables = {p.name: p.read_bytes() for p in sorted(duck.folder.glob("*.parquet"))}
    request = BuildRequest(
        as_of=date(2026, 6, 30), frameworks=("un-gcts",), decided=root / "data" / "decisions", engine="spark=local[1]"
    )
    spark = build([str(root / "sources"), str(root / "registry")], root / "spark", request)
    assert spark.folder.name == duck.folder.name
    assert {p.name: p.read_bytes() for p in sorted(spark.folder.glob("*.parquet"))} == tables
