"""Templates of packages: dated, in three languages, and near to nodes that there are."""

from datetime import date

from concerted.codelists.frameworks import load_framework, shipped_frameworks
from concerted.codelists.package_templates import templates


def test_the_package_of_i_act_has_its_four_components() -> None:
    iact = templates()["iact"]
    assert [each.id for each in iact.components] == ["education", "women", "justice", "borders"]
    assert date.fromisoformat(iact.version) == date(2017, 12, 4)


def test_each_component_is_near_to_nodes_of_shipped_frameworks() -> None:
    known = {(name, node.id) for name in shipped_frameworks() for node in load_framework(name).nodes}
    for template in templates().values():
        for component in template.components:
            assert component.nodes
            assert set(component.nodes) <= known


def test_every_text_is_there_in_three_languages_and_differs_between_them() -> None:
    for template in templates().values():
        for texts in (template.name, template.description, *(c.name for c in template.components)):
            assert len({texts["fr"], texts["en"], texts["ar"]}) == 3
