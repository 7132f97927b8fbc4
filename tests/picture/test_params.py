"""What the picture is told of sources."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from concerted.codelists.frameworks import Cost as FrameworkCost
from concerted.codelists.frameworks import Framework, Node
from concerted.picture.params import params_of
from concerted.picture.targets import Cost
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


def test_a_cost_in_a_currency_without_a_rate_is_stated_and_unknown() -> None:
    costs = tuple(FrameworkCost(2025, Decimal(10), Decimal(20), currency) for currency in ("KPW", "EUR", "USD"))
    framework = Framework("own", "1", {"en": "Own"}, (Node("P1", "1", {"en": "One"}, costs=costs),))
    unknown, euros, dollars = (s.cost for s in params_of(BuildContext(date(2025, 1, 1), (framework,), [])).costs)
    assert unknown == Cost(Decimal(0), None, Decimal(0), None)
    assert (euros.low_eur, euros.high_eur, dollars.low_usd, dollars.high_usd) == (10, 20, 10, 20)
