"""What the picture is told of sources."""

from datetime import date
from pathlib import Path

from concerted.picture.params import params_of
from concerted.sources.base import Claim, Input, MarkingRule, SourceConfig
from concerted.sources.cache import Records
from concerted.sources.run import InputReport
from concerted.steps import BuildContext


def report(name: str, config: SourceConfig) -> InputReport:
    source = Input(Path(name), name, "0" * 64, 1, "sheet", config)
    return InputReport(source, Records(Path(), {}, is_alone=True))


def test_a_source_of_several_files_claims_what_each_claims_under_its_own_marking() -> None:
    files = [
        report("a.csv", SourceConfig("s", marking=MarkingRule("RED:a"), claims=(Claim(("ML01",)),))),
        report("b.csv", SourceConfig("s", claims=(Claim(("ML02",)),))),
        report("c.csv", SourceConfig("t", marking=MarkingRule("GREEN"))),
    ]
    params = params_of(BuildContext(date(2025, 1, 1), (), files))
    assert [(c.place_id, c.marking_key) for c in params.claims] == [("ML01", "RED:a"), ("ML02", "CLEAR")]
