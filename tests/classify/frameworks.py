"""Tiny frameworks for the tests of classify: small enough to reckon by hand."""

from datetime import date

from concerted.classify.params import ClassifyParams
from concerted.codelists.frameworks import Crosswalk, Framework, Node, OwnCode, Relation

NAMES = {"fr": "x", "en": "x", "ar": "x"}


def node(node_id: str, *terms: str, exclusions: tuple[str, ...] = (), specific: bool | None = None) -> Node:
    """A node with an English lexicon."""
    name = {"en": f"Area {node_id}", "fr": f"Domaine {node_id}", "ar": f"مجال {node_id}"}
    return Node(
        id=node_id,
        code=node_id,
        name=name,
        lexicon={"en": terms} if terms else {},
        exclusions={"en": exclusions} if exclusions else {},
        is_pve_specific=specific,
    )


PLAN = Framework(
    id="plan",
    version="1",
    name=NAMES,
    is_strategy=True,
    nodes=(
        node("dialogue", "dialogue", "reconciliation", "mediation"),
        node("youth", "youth", "young people"),
        node("justice", "justice", "rule of law", exclusions=("climate justice",), specific=True),
    ),
    own_codes=(
        OwnCode("P1", "dialogue", vocabulary_uri="http://plan.example/codes"),
        OwnCode("Pillar of Justice", "justice", column="#pillar"),
    ),
)
CODES = Framework(id="dac", version="1", name=NAMES, nodes=(node("15220"), node("15130"), node("11110")))


def walk(code: str, node_id: str, relation: Relation = "narrower", vocabulary: str = "1") -> Crosswalk:
    """A crosswalk row to the plan."""
    return Crosswalk(vocabulary, code, "plan", node_id, relation, "Tester", date(2026, 1, 2))


WALKS = (
    walk("15220", "dialogue"),
    walk("15130", "justice", "exact"),
    walk("16020", "youth", "broader"),
    walk("16020", "dialogue", "related"),
    walk("1/2", "youth", "narrower", "policy_marker"),
    walk("16.3", "justice", "narrower", "8"),
)
PARAMS = ClassifyParams(frameworks=(PLAN,), crosswalks=WALKS)
