"""Frameworks (any tree an activity can be read against) and the crosswalks between them.

Place on the way: data for steps 5 to 7. Enters: the dated files `frameworks/<id>.yml` (small trees with words), `.csv`
beside them (long code lists) and `crosswalks/<id>.csv`. Leaves: frozen `Framework`, `Node` and `Crosswalk` values, each
name in French, English and Arabic.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from concerted.model.errors import ConfigError
from concerted.model.yaml import load_yaml

Lang = Literal["fr", "en", "ar"]
LANGS: tuple[Lang, ...] = ("fr", "en", "ar")
#: A text by language; every name has all three, definitions and lexicons may have fewer.
Texts = Mapping[str, str]
Terms = Mapping[str, tuple[str, ...]]

#: What a foreign code is, seen from the node: the same; part of it; more than it; overlapping with it.
Relation = Literal["exact", "narrower", "broader", "related"]
RELATIONS: tuple[Relation, ...] = ("exact", "narrower", "broader", "related")
Status = Literal["draft", "consultation", "adopted", "review", "superseded"]
STATUSES: tuple[Status, ...] = ("draft", "consultation", "adopted", "review", "superseded")
#: Kinds of money that a cost may be compared with.
SUPPLY_KINDS = ("commitment", "disbursement", "expenditure", "budget")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a node, with everything below it, should cost in one place and calendar year; both ends inclusive."""

    period: int
    low: Decimal
    high: Decimal
    currency: str
    place_id: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """How the owner will know that a node has come about. Values stay text: sources write `12 %` and `yes`."""

    id: str
    name: Texts
    unit: str | None = None
    baseline: str | None = None
    baseline_year: int | None = None
    target: str | None = None
    target_year: int | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """One line of a framework's tree.

    `lexicon` and `exclusions` are written as `lexicon.TermIndex` reads them; a hit inside an exclusion is void.
    `is_pve_specific` says whether work under the node is about preventing violent extremism by its own definition; null
    where that depends on the activity.
    """

    id: str
    code: str
    name: Texts
    parent_id: str | None = None
    definition: Texts = field(default_factory=dict)
    lexicon: Terms = field(default_factory=dict)
    exclusions: Terms = field(default_factory=dict)
    is_pve_specific: bool | None = None
    lead: str | None = None
    costs: tuple[Cost, ...] = ()
    indicators: tuple[Indicator, ...] = ()


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """A code of one vocabulary related to a node of a framework, by somebody, on a date.

    `from_vocabulary` is an IATI SectorVocabulary code (`1`, `2`, `7`, `8`, `99`), `policy_marker` (codes written
    `marker/significance`), `cluster` (3W clusters, folded names) or the id of another framework.
    """

    from_vocabulary: str
    from_code: str
    framework_id: str
    node_id: str
    relation: Relation
    author: str
    date: date
    note: str | None = None


@dataclass(frozen=True, slots=True)
class OwnCode:
    """How a value of the owner's own vocabulary (a 99 code, a cell of a sheet's column) names a node: a declaration."""

    code: str
    node_id: str
    relation: Literal["exact", "narrower"] = "exact"
    vocabulary_uri: str | None = None
    column: str | None = None


#: Where a word of an earlier version is said: as a node of the framework, as an own code (98, 99), or in a column.
FormerPlace = Literal["node", "own", "column"]
FORMER_PLACES: tuple[FormerPlace, ...] = ("node", "own", "column")
#: Shares of a former line in the lines of this version are parts of so many.
WHOLE = 1_000_000


@dataclass(frozen=True, slots=True)
class FormerCode:
    """How a word of an earlier version names a node of this one: what its owner decided of the line's work.

    The rows of one word (`place`, `code`, `vocabulary_uri`, `column`) sum to `WHOLE`.

    Attributes:
        version: the version that had the word.
        code: an id, number, name or own code of that version.
        share: how much of the work under the old line goes to the node, in parts of `WHOLE`.
    """

    version: str
    place: FormerPlace
    code: str
    node_id: str
    share: int
    author: str
    date: date
    vocabulary_uri: str | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class CellRule:
    """When a cell counts as covered; the start of DESIGN section 7, kept by the strategy's owner.

    `covered`: share of the target's high end that confirmed supply must reach. `not_covered`: share of its low end
    below which a cell is not covered. `supply_kind`: the kind of money compared with the cost.
    """

    covered: Decimal = Decimal("0.8")
    not_covered: Decimal = Decimal("0.2")
    freshness_months: int = 12
    supply_kind: str = "commitment"


def read_cell_rule(text: str | None) -> CellRule:
    """The rule as an edition holds it, JSON; what it does not say is as it is where nobody says anything."""
    stated = json.loads(text) if text else {}
    plain = CellRule()
    return CellRule(
        covered=Decimal(str(stated.get("covered", plain.covered))),
        not_covered=Decimal(str(stated.get("not_covered", plain.not_covered))),
        freshness_months=int(stated.get("freshness_months", plain.freshness_months)),
        supply_kind=str(stated.get("supply_kind", plain.supply_kind)),
    )


@dataclass(frozen=True, slots=True)
class Framework:
    """A versioned tree: a strategy, or any other vocabulary that activities are read against."""

    id: str
    version: str
    name: Texts
    nodes: tuple[Node, ...]
    source: str | None = None
    author: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    status: Status = "adopted"
    adopted_by: str | None = None
    adopted_date: date | None = None
    is_strategy: bool = False
    place_id: str | None = None
    note: Texts = field(default_factory=dict)
    cell_rule: CellRule = CellRule()
    own_codes: tuple[OwnCode, ...] = ()
    crosswalks: tuple[Crosswalk, ...] = ()
    former_codes: tuple[FormerCode, ...] = ()

    def node(self, node_id: str) -> Node:
        """The node with this id.

        Raises:
            KeyError: there is none.
        """
        for node in self.nodes:
            if node.id == node_id:
                return node
        raise KeyError(f"{self.id} has no node {node_id!r}")


class CircleError(ConfigError):
    """Nodes of a framework whose parents go round in a circle, from one of them back to itself."""

    def __init__(self, framework: str, circle: list[str]) -> None:
        self.circle = circle
        super().__init__(f"framework {framework}: parents go round in a circle: {' > '.join(circle)}")


def ancestors(framework: Framework) -> dict[str, tuple[str, ...]]:
    """Node id -> the node itself, its parent, and so on up to the root, in that order.

    Raises:
        ConfigError: an id is used twice, a parent is unknown, or parents go round in a circle.
    """
    parents: dict[str, str | None] = {}
    for node in framework.nodes:
        if node.id in parents:
            raise ConfigError(
                f"framework {framework.id}: node id {node.id!r} is used twice; every node needs its own id"
            )
        parents[node.id] = node.parent_id
    chains: dict[str, tuple[str, ...]] = {}
    for start in parents:
        chain: list[str] = []
        current: str | None = start
        while current is not None:
            if current in chain:
                raise CircleError(framework.id, [*chain, current])
            if current not in parents:
                raise ConfigError(
                    f"framework {framework.id}: node {chain[-1]!r} has the unknown parent {current!r}; "
                    f"expected one of its node ids or none"
                )
            chain.append(current)
            current = parents[current]
        chains[start] = tuple(chain)
    return chains


@cache
def shipped_frameworks() -> tuple[str, ...]:
    """Ids that `load_framework` knows without a version, in alphabetical order."""
    folder = files("concerted.codelists") / "frameworks"
    return tuple(sorted(f.name.removesuffix(".yml") for f in folder.iterdir() if f.name.endswith(".yml")))


@cache
def load_framework(framework_id: str) -> Framework:
    """A shipped framework; `mali-plan@2018-2020` is an earlier version of `mali-plan`.

    Raises:
        ConfigError: no framework or no version of that name is shipped.
    """
    name, _, version = framework_id.partition("@")
    known = versions(name)
    if version and version not in known:
        raise ConfigError(f"{name} has no version {version!r}; expected one of {', '.join(known)}")
    raw = _document(name)
    dated = next(v for v in raw["versions"] if not version or v["version"] == version)
    shared = {key: value for key, value in raw.items() if key not in ("versions", "nodes")}
    return Framework(**shared, **dated, nodes=_nodes(name))


def versions(framework_id: str) -> tuple[str, ...]:
    """Versions shipped of a framework, the current one first.

    Raises:
        ConfigError: no framework of that name is shipped.
    """
    if framework_id not in shipped_frameworks():
        raise ConfigError(
            f"no framework {framework_id!r} is shipped; expected one of {', '.join(shipped_frameworks())}"
        )
    return tuple(v["version"] for v in _document(framework_id)["versions"])


@cache
def load_crosswalks(framework_id: str) -> tuple[Crosswalk, ...]:
    """Every shipped row that leads to nodes of this framework, one per code and node; none where no file is shipped.

    In the files a DAC code may end in `*` (`112*`): it stands for every purpose code (vocabulary 1) and category
    (vocabulary 2) that begins so and that no row with a longer code speaks of. Here such rows are written out, so that
    a join needs equality only.
    """
    name = framework_id.partition("@")[0]
    if not files("concerted.codelists").joinpath(f"crosswalks/{name}.csv").is_file():
        return ()
    return tuple(
        Crosswalk(
            from_vocabulary=vocabulary,
            from_code=code,
            framework_id=name,
            node_id=row["node_id"],
            relation=relation,
            author=row["author"],
            date=date.fromisoformat(row["date"]),
            note=row["note"] or None,
        )
        for vocabulary, code, relation, row in _written_out(_csv_rows(f"crosswalks/{name}.csv"))
    )


def split_terms(lists: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The comma-separated term lists of a data file, by language; one string parses far faster than a YAML list."""
    return {lang: tuple(t for t in (part.strip() for part in text.split(",")) if t) for lang, text in lists.items()}


def _written_out(rows: list[dict[str, str]]) -> Iterator[tuple[str, str, Relation, dict[str, str]]]:
    """Vocabulary, code and relation of each row in the order of the file, a starred row once for each code it means."""
    prefixes = {row["from_code"].rstrip("*") for row in rows if row["from_vocabulary"] == "1"}
    spoken_for = {code: max((p for p in prefixes if code.startswith(p)), key=len, default="") for code in _dac_codes()}
    for row in rows:
        vocabulary, relation = row["from_vocabulary"], _relation(row["relation"])
        prefix = row["from_code"].removesuffix("*")
        if prefix == row["from_code"]:
            yield vocabulary, prefix, relation, row
            continue
        for code in (code for code, longest in spoken_for.items() if longest == prefix):
            if len(code) >= 5:
                yield "1", code, relation, row
            else:  # a category holds more than the node where a longer code in it goes elsewhere
                is_split = any(p.startswith(code) and p != prefix for p in prefixes)
                yield "2", code, "broader" if is_split else relation, row


def _dac_codes() -> tuple[str, ...]:
    return tuple(node.id for node in _nodes("dac"))


def _relation(word: str) -> Relation:
    for relation in RELATIONS:
        if relation == word:
            return relation
    raise ConfigError(f"crosswalk relation {word!r}; expected one of {', '.join(RELATIONS)}")


@cache
def _nodes(name: str) -> tuple[Node, ...]:
    rows = _document(name).get("nodes")
    if rows is None:
        return tuple(
            Node(id=r["code"], code=r["code"], parent_id=r["parent"] or None, name={lang: r[lang] for lang in LANGS})
            for r in _csv_rows(f"frameworks/{name}.csv")
        )
    return tuple(_node(row) for row in rows)


def _node(row: dict[str, Any]) -> Node:
    terms = {key: split_terms(row.get(key, {})) for key in ("lexicon", "exclusions")}
    return Node(**{"code": row["id"], **row, **terms})


@cache
def _document(name: str) -> dict[str, Any]:
    document: dict[str, Any] = load_yaml(_text(f"frameworks/{name}.yml"))
    return document


def _csv_rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_text(name).splitlines()))


def _text(name: str) -> str:
    return files("concerted.codelists").joinpath(name).read_text("utf-8")
