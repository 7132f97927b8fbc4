"""Shipped frameworks: names in three languages, sound trees, crosswalks that lead somewhere."""

import re

import pytest

from concerted.codelists.frameworks import (
    LANGS,
    RELATIONS,
    STATUSES,
    Framework,
    Node,
    ancestors,
    load_crosswalks,
    load_framework,
    shipped_frameworks,
    versions,
)
from concerted.model.errors import ConfigError

SHIPPED = shipped_frameworks()
EVERY_VERSION = [f"{name}@{version}" for name in SHIPPED for version in versions(name)]
#: Terrorism is tied to no religion, nationality, ethnicity or race: no name, definition or term may carry one.
PEOPLES_AND_RELIGIONS = re.compile(
    r"\b(islam|muslim|musulman|moslem|jihad|djihad|salaf|wahhab|sharia|charia|coran|quran|koran|mosque|mosquee|madras|medersa|imam|"
    r"marabout|christian|chretien|jewish|juif|arab|peul|fulani|fulbe|touareg|tuareg|dogon|bambara|songhai|hausa|kanuri)"
    r"|اسلام|إسلام|مسلم|جهاد|سلفي|مسجد|مساجد|امام|عرب|طوارق|فولان"
)


def node(node_id: str, parent_id: str | None = None) -> Node:
    return Node(id=node_id, code=node_id, name=dict.fromkeys(LANGS, node_id), parent_id=parent_id)


def tree(*nodes: Node) -> Framework:
    return Framework(id="x", version="1", name=dict.fromkeys(LANGS, "x"), nodes=nodes)


def test_the_seven_promised_frameworks_are_shipped() -> None:
    assert set(SHIPPED) == {"dac", "dac-groups", "iact-g5", "mali-plan", "pve-plan", "sdg", "un-gcts"}


@pytest.mark.parametrize(
    ("name", "count"), [("un-gcts", 4), ("pve-plan", 7), ("iact-g5", 4), ("mali-plan", 5), ("dac-groups", 12)]
)
def test_small_frameworks_have_the_nodes_their_source_names(name: str, count: int) -> None:
    assert len(load_framework(name).nodes) == count


@pytest.mark.parametrize("name", EVERY_VERSION)
def test_every_name_is_there_in_all_three_languages(name: str) -> None:
    framework = load_framework(name)
    for texts in (framework.name, *(n.name for n in framework.nodes)):
        assert set(texts) == set(LANGS)
        assert all(text.strip() == text != "" for text in texts.values())
        assert re.search("[\u0621-\u064a]", texts["ar"])


@pytest.mark.parametrize("name", EVERY_VERSION)
def test_definitions_and_notes_have_all_languages_or_none(name: str) -> None:
    framework = load_framework(name)
    for texts in (framework.note, *(n.definition for n in framework.nodes)):
        assert set(texts) in (set(), set(LANGS))


@pytest.mark.parametrize("name", EVERY_VERSION)
def test_every_version_is_dated_and_says_its_source(name: str) -> None:
    framework = load_framework(name)
    assert framework.valid_from is not None
    assert framework.source
    assert framework.author
    assert framework.status in STATUSES
    assert framework.valid_to is None or framework.valid_to > framework.valid_from


@pytest.mark.parametrize("name", SHIPPED)
def test_every_node_reaches_a_root_and_is_its_own_first_ancestor(name: str) -> None:
    chains = ancestors(load_framework(name))
    roots = {n.id for n in load_framework(name).nodes if n.parent_id is None}
    assert all(chain[0] == node_id and chain[-1] in roots for node_id, chain in chains.items())


def test_a_purpose_code_lies_below_its_category() -> None:
    chains = ancestors(load_framework("dac"))
    assert chains["15220"] == ("15220", "152", "150")
    assert chains["1520020"] == ("1520020", "152", "150")
    assert chains["1513020"] == ("1513020", "15130", "151", "150")


def test_a_target_lies_below_its_goal() -> None:
    assert ancestors(load_framework("sdg"))["16.a"] == ("16.a", "16")


def test_earlier_versions_stay_readable() -> None:
    first, second = load_framework("mali-plan@2018-2020"), load_framework("mali-plan")
    assert (first.status, first.adopted_by) == ("superseded", "Decree no. 2018-0197/P-RM")
    assert second.version == "2022-2026"
    assert [n.id for n in first.nodes] == [n.id for n in second.nodes]


@pytest.mark.parametrize("name", ["nothing", "mali-plan@1999"])
def test_unknown_framework_or_version_says_what_is_shipped(name: str) -> None:
    with pytest.raises(ConfigError, match="expected one of"):
        load_framework(name)


@pytest.mark.parametrize(
    ("framework", "words"),
    [
        (tree(node("a", "b"), node("b", "a")), "a > b > a"),
        (tree(node("a", "z")), "unknown parent 'z'"),
        (tree(node("a"), node("a")), "'a' is used twice"),
    ],
)
def test_a_broken_tree_is_refused_with_the_place(framework: Framework, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        ancestors(framework)


@pytest.mark.parametrize("name", SHIPPED)
def test_no_name_definition_or_term_names_a_people_or_a_religion(name: str) -> None:
    framework = load_framework(name)
    texts = [*framework.name.values(), *framework.note.values()]
    for n in framework.nodes:
        texts += [*n.name.values(), *n.definition.values()]
        texts += [term for terms in (*n.lexicon.values(), *n.exclusions.values()) for term in terms]
    assert [t for t in texts if PEOPLES_AND_RELIGIONS.search(t.lower())] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_both_ends_of_every_crosswalk_exist(name: str) -> None:
    vocabularies = {"1": "dac", "2": "dac", "7": "sdg", "8": "sdg"}
    nodes = {n.id for n in load_framework(name).nodes}
    for row in load_crosswalks(name):
        assert row.node_id in nodes
        source = vocabularies.get(row.from_vocabulary, row.from_vocabulary)
        if source in ("policy_marker", "cluster"):
            continue
        assert row.from_code in {n.id for n in load_framework(source).nodes}, row


@pytest.mark.parametrize("name", SHIPPED)
def test_crosswalks_are_dated_signed_and_said_once(name: str) -> None:
    rows = load_crosswalks(name)
    assert all(row.author and row.date.year >= 2026 and row.relation in RELATIONS for row in rows)
    keys = [(row.from_vocabulary, row.from_code, row.node_id) for row in rows]
    assert len(keys) == len(set(keys))


def test_every_purpose_code_and_category_is_in_a_group() -> None:
    grouped = {row.from_code for row in load_crosswalks("dac-groups") if row.from_vocabulary in ("1", "2")}
    broad = {n.id for n in load_framework("dac").nodes if n.parent_id is None}
    assert {n.id for n in load_framework("dac").nodes} - grouped <= broad


def test_a_row_with_a_longer_code_speaks_before_a_starred_one() -> None:
    women = [row.node_id for row in load_crosswalks("dac-groups") if row.from_code == "15170"]
    assert women == ["women"]


def test_a_category_split_over_nodes_is_broader_than_each() -> None:
    rows = {row.from_code: row for row in load_crosswalks("dac-groups") if row.from_vocabulary == "2"}
    assert rows["151"].relation == "broader"  # women's organisations lie in it and go elsewhere
    assert rows["152"].relation == "narrower"


def test_purpose_codes_never_decide_a_national_pillar_or_pillar_three() -> None:
    """Measured: codes do not determine them; only the two codes that name violent extremism may say more."""
    for name, allowed in (("mali-plan", {"1513020", "1520020"}), ("un-gcts", set())):
        for row in load_crosswalks(name):
            if row.from_vocabulary in ("1", "2") and (name == "mali-plan" or row.node_id == "III"):
                assert row.relation in ("related", "broader") or row.from_code in allowed, row
