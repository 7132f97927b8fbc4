"""A statement of the workspace is in the picture like any other, and shown to those whom its owner names."""

import json
from datetime import date
from pathlib import Path

import duckdb

from concerted.build import build
from concerted.marking import PUBLIC, Viewer, row_filter
from concerted.steps import BuildRequest

from .test_registry_reader import statement


def test_a_saved_statement_is_counted_for_those_who_may_see_it(tmp_path: Path) -> None:
    money = [{"type_code": "2", "transaction_date": "2026-05-04", "value": "655957.00", "currency": "XOF"}]
    place = [{"admin1_name": "Mopti", "country_code": "ML"}]
    node = [{"kind": "tag", "vocabulary_code": "99", "vocabulary_uri": "pve-plan", "code": "3"}]
    shared = {"transaction": money, "location": place, "tag": node}
    closed = {"marking_key": "AMBER:g1", "reporting_org_name": "Association Tabital"}
    documents = [
        statement("open", activity={"marking_key": "CLEAR"}, **shared),
        statement("closed", activity=closed, narrative=[{"field": "title", "lang": "fr", "text": "Kanaga"}], **shared),
    ]
    sources = tmp_path / "registry"
    sources.mkdir()
    (sources / "00.jsonl").write_text("".join(json.dumps(d) + "\n" for d in documents), "utf-8")
    built = build([str(sources)], tmp_path / "data", BuildRequest(as_of=date(2026, 6, 30), frameworks=("pve-plan",)))
    assert [(i["kind"], i["seen"], i["read"]) for i in built.manifest["inputs"]] == [("registry", 2, 2)]

    def eur(viewer: Viewer) -> float:
        rule = row_filter(viewer, ["CLEAR", "AMBER:g1"])
        found = duckdb.execute(
            f"""SELECT sum(best_eur) FROM '{built.folder}/out_allocation.parquet'
            WHERE framework_id = 'pve-plan' AND node_id = '3' AND finance_kind = 'commitment' AND {rule.sql()}""",
            rule.parameters,
        ).fetchone()
        return float(found[0]) if found else 0.0

    assert eur(PUBLIC) == 1000
    assert eur(Viewer(person="p", organisation="o", groups=frozenset({"g1"}))) == 2000
    assert eur(Viewer(person="p", organisation="o", groups=frozenset({"g2"}))) == 1000
