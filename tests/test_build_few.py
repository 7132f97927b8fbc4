"""The threshold of few people is a parameter of an edition; what is given out of it keeps to it."""

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from builds import Small, hashes
from concerted.marking import KEEPER, PUBLIC, Viewer
from concerted.publish.changes import compare
from concerted.publish.figure import Figure
from concerted.publish.figures import default_framework, explain
from concerted.publish.integrity import check_edition
from concerted.publish.tables import export_table
from concerted.store.edition import read_manifest

#: So that many counts of the set are of few people.
FEW = 400


def exported(viewer: Viewer, folder: Path, table: str, to: Path) -> list[dict[str, str]]:
    export_table(viewer, folder, table, to / "told.csv", "csv")
    with (to / "told.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.slow
def test_an_edition_states_its_threshold_and_gives_the_public_no_count_below_it(small: Small, tmp_path: Path) -> None:
    usual = small.build(tmp_path / "usual")
    built = small.build(tmp_path / "data", few_people=FEW)
    again = small.build(tmp_path / "again", few_people=FEW, jobs=2)
    assert hashes(built.folder) == hashes(again.folder)
    assert built.folder.name != usual.folder.name
    manifest = read_manifest(built.folder)
    assert manifest["parameters"]["few_people"] == manifest["step_parameters"]["picture"]["few_people"] == FEW
    assert [f for f in check_edition(built.folder) if not f.holds] == []
    assert pq.read_metadata(built.folder / "out_suppressed.parquet").num_rows > 20

    for table in ("core_people", "out_people_figure"):
        told = exported(PUBLIC, built.folder, table, tmp_path)
        values = [int(row["value"]) for row in told if row["value"]]
        assert values
        assert not [value for value in values if 0 < value < FEW]
        left_out = [row for row in told if not row["value"]]
        assert left_out
        assert {row.get("suppressed", "value") for row in left_out} == {"value"}
        about = json.loads((tmp_path / "told.csv-metadata.json").read_text("utf-8"))
        assert {c["name"] for c in about["tableSchema"]["columns"]} == told[0].keys()
        kept = [int(row["value"]) for row in exported(KEEPER, built.folder, table, tmp_path) if row["value"]]
        assert [value for value in kept if 0 < value < FEW]

    opened: dict[str, Any] = {
        who: explain(viewer, built.folder, Figure(default_framework(built.folder)))
        for who, viewer in (("public", PUBLIC), ("keeper", KEEPER))
    }
    for kind, told in opened["public"]["people"].items():
        assert not [f for f in told["figures"] if f["value"] is not None and 0 < f["value"] < FEW]
        assert told["suppressed"] == sum(f["is_suppressed"] for f in told["figures"])
        everything = opened["keeper"]["people"][kind]
        assert everything["suppressed"] == 0
        assert told["at_least"] <= everything["at_least"]
    assert sum(told["suppressed"] for told in opened["public"]["people"].values()) > 0
    # What the public is told of it changes with the threshold, and with nothing else.
    assert compare(KEEPER, usual.folder, built.folder)["records"]["changed"] == []
