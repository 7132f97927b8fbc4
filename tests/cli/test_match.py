"""`concerted match` on the demonstration's files alone: the gap, the offer that fits, the change that would do."""

import json
import shutil
from pathlib import Path

import pytest

from concerted.demo import write_demo
from concerted.demo.asks import GAP_NEED, GAP_OFFER, PAST_OFFER, STOPPED_NEED, STOPPED_OFFER

from .commands import Commands


@pytest.fixture(scope="module")
def matched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's needs, offers and strategy, and the activities of one of its partners."""
    folder = tmp_path_factory.mktemp("matched")
    write_demo(folder / "demo")
    (folder / "sources").mkdir()
    for name in ("besoins-et-offres", "population"):
        shutil.copytree(folder / "demo" / "sources" / name, folder / "sources" / name)
    shutil.copy(folder / "demo" / "sources" / "iati" / "pon.xml", folder / "sources")
    shutil.copy(folder / "demo" / "strategy.yml", folder)
    return folder


@pytest.mark.slow
def test_the_gap_the_offer_that_fits_and_the_change_that_would_do(concerted: Commands, matched: Path) -> None:
    data = matched / "data"
    built = concerted.run(
        "build", matched / "sources", "--strategy", matched / "strategy.yml", "--data", data, "--jobs", 1,
        "--as-of", "2026-09-30",
    )  # fmt: skip
    assert built.code == 0, built.err
    found = concerted.run("match", "--data", data, "--json", "--save", matched / "run.json").json()
    codes = found["codes"]
    proposed = {(codes[p["need"]], codes[p["offer"]]): p for p in found["proposals"]}
    assert (GAP_NEED, GAP_OFFER) in proposed
    assert all(c["is_met"] for c in proposed[GAP_NEED, GAP_OFFER]["conditions"])
    assert "XI-DEMO-NOR" in proposed[GAP_NEED, GAP_OFFER]["must_agree"]
    assert PAST_OFFER not in {offer for _, offer in proposed}
    (stopped,) = (u for u in found["unmet"] if codes[u["need"]] == STOPPED_NEED)
    assert [(c["what"], codes[c["offer"]], c["value"]) for c in stopped["changes"]] == [
        ("offer_place", STOPPED_OFFER, "ML05")
    ]
    assert found["gap"] <= 1e-4
    assert "OFR-006" not in codes.values()  # restricted
    keeper = concerted.run("match", "--data", data, "--viewer", "keeper", "--json").json()
    assert "OFR-006" in keeper["codes"].values()
    accepted = matched / "accepted.csv"
    accepted.write_text(f"need,offer,amount\n{GAP_NEED},{GAP_OFFER},120000\n", "utf-8")
    again = concerted.run(
        "match", "--data", data, "--json", "--last", matched / "run.json", "--accepted", accepted
    ).json()
    (kept,) = (p for p in again["proposals"] if (codes[p["need"]], codes[p["offer"]]) == (GAP_NEED, GAP_OFFER))
    assert kept["is_accepted"]
    assert kept["amount"] == 120000
    same = concerted.run("match", "--data", data, "--last", matched / "run.json")
    assert "against the last run: 0 new, 0 gone" in same.out
    assert json.loads((matched / "run.json").read_text("utf-8"))["parameters"]["caution"] == 0.5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("weights: 3", "no such rule"),
        ("caution: 2", "a part from 0 to 1"),
        ("urgency: [1, 2]", "four weights"),
        ("steps: [[0.5, 1], [0.4, 0.5]]", "add up to 1"),
        ("steps: [[0.5, 0.5], [0.5, 1]]", "no worth may be larger"),
        ("most_partners: many", "a whole number"),
        ("capacity: {ML01: -1}", "a number from 0"),
    ],
)
def test_a_wrong_rule_is_3_and_says_which(
    concerted: Commands, small_data: Path, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "rules.yml").write_text(text, "utf-8")
    answer = concerted.run("match", "--data", small_data, "--rules", tmp_path / "rules.yml")
    assert answer.code == 3
    assert said in answer.err
