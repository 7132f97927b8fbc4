"""What differs between two versions is what was done to them, and nothing else."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from concerted.codelists.frameworks import Cost, Framework
from concerted.strategies.difference import CostChange, differences

from .plans import line, plan, plans


def test_each_kind_of_change_is_told_with_its_line() -> None:
    cost = Cost(2026, Decimal(1), Decimal(2), "XOF", "ML")
    old = plan("1", replace(line("A"), costs=(cost,)), line("B", "A"), line("C"), line("D"))
    new = plan(
        "2",
        replace(line("A"), costs=(replace(cost, high=Decimal(3)),)),
        line("B", "C"),
        line("C", name="Called otherwise", code="7"),
        replace(line("E"), lead="Ministry"),
    )
    told = {each.node_id: each for each in differences(old, new)}
    assert {node: each.kinds for node, each in told.items()} == {
        "A": ("costs",),
        "B": ("moved",),
        "C": ("renamed", "renumbered"),
        "E": ("added",),
        "D": ("removed",),
    }
    assert told["A"].costs == (CostChange("ML", 2026, "XOF", (Decimal(1), Decimal(2)), (Decimal(1), Decimal(3))),)


@given(plans("P", "1"))
def test_a_version_differs_from_itself_in_nothing(version: Framework) -> None:
    assert differences(version, version) == []


@given(st.data())
def test_the_other_way_round_what_was_added_is_removed(data: st.DataObject) -> None:
    old, new = data.draw(plans("P", "1")), data.draw(plans("P", "2"))
    there, back = differences(old, new), differences(new, old)
    turned = {"added": ("removed",), "removed": ("added",)}
    assert {d.node_id: d.kinds for d in back} == {d.node_id: turned.get(d.kinds[0], d.kinds) for d in there}
