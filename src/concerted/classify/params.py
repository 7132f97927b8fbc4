"""What the classify step is told: frameworks, crosswalks, decisions of people, and the numbers of its rules.

Place on the way: step 5. The strategy and the code that holds these numbers are part of the edition's id;
docs/explanation/labels.md says why each number is what it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from concerted.codelists.frameworks import Crosswalk, Framework, Relation

#: How likely a node holds when a code of another vocabulary points at it. Assumptions, open to the owner: they order
#: the relations and keep every crosswalk a suggestion; nobody has judged enough records yet to measure them.
RELATION_PROBABILITY: Mapping[Relation, float] = {"exact": 0.95, "narrower": 0.9, "broader": 0.5, "related": 0.4}
#: Vocabularies whose codes are nodes of a framework: the publisher who uses such a code has named the node.
NATIVE_VOCABULARIES: Mapping[str, tuple[str, ...]] = {"dac": ("1", "2"), "sdg": ("7", "8")}


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's decision about one node of one statement. It outranks everything else."""

    record_id: int
    framework_id: str
    node_id: str
    is_yes: bool
    by: str
    on: date
    note: str | None = None


@dataclass(frozen=True)
class ClassifyParams:
    """Parameters of the step.

    Attributes:
        frameworks: frameworks to classify to, the strategy included.
        crosswalks: rows that lead from codes to nodes of these frameworks; those inside a framework are used as well.
        judgements: decisions of people.
        threshold: below this combined probability a node gets no label at all (abstention).
        cap: no heap of signals makes a suggestion surer than this.
        relation_probability: how likely a node holds given a crosswalk of each relation.
        marker_factor: what a policy marker's crosswalk is worth beside a sector's: a marker says an aim, not a share.
        native_vocabularies: vocabularies whose codes are themselves nodes of a framework.
        languages: closed set of languages to tell apart (ISO 639-1).
        max_chars: characters of each text that are read; the rest rarely says more and costs as much.
        learn: also learn from the edition's own sector codes how its texts speak (needs the extra `text`).
    """

    frameworks: tuple[Framework, ...]
    crosswalks: tuple[Crosswalk, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    threshold: float = 0.3
    cap: float = 0.97
    relation_probability: Mapping[Relation, float] = field(default_factory=lambda: dict(RELATION_PROBABILITY))
    marker_factor: float = 0.8
    native_vocabularies: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: dict(NATIVE_VOCABULARIES))
    languages: tuple[str, ...] = ("en", "fr", "ar", "es", "pt", "de", "nl", "sv", "it")
    max_chars: int = 2_000
    learn: bool = False
