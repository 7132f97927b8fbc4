"""A decision moves an edition; taken back, every byte is what it was."""

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from builds import Small, hashes
from concerted.judgements.decisions import Decision, undo, write_decisions
from concerted.model.ids import id_text

DAY = date(2026, 11, 27)


@pytest.mark.slow
def test_an_undone_decision_gives_back_the_very_bytes(small: Small, small_data: Path, tmp_path: Path) -> None:
    before = small_data / "editions" / (small_data / "current").read_text().strip()
    paid = pq.read_table(before / "core_transaction.parquet", filters=[("type_code", "in", ["3", "4"])])
    activity = pq.read_table(before / "core_activity.parquet", columns=["record_id", "activity_id", "is_current"])
    known = {row["record_id"]: row["activity_id"] for row in activity.to_pylist() if row["is_current"]}
    with_money = sorted({known[r] for r in paid["record_id"].to_pylist() if r in known})
    giver, receiver = id_text(with_money[0]), id_text(with_money[1])

    path = tmp_path / "decisions.csv"
    held = (Decision("same", giver, receiver, DAY, "secretariat", "one project"),)
    write_decisions(path, held)
    judged = small.build(tmp_path / "judged", decisions=path)
    assert judged.folder.name != before.name
    assert hashes(judged.folder)["core_activity.parquet"] != hashes(before)["core_activity.parquet"]

    write_decisions(path, undo(held, 0, DAY))
    undone = small.build(tmp_path / "undone", decisions=path)
    assert hashes(undone.folder) == hashes(before)
