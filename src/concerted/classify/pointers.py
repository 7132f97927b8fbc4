"""Which code points at which node: crosswalks, own codes and native vocabularies written out as one small table.

Place on the way: step 5, prepared before any record is read. Enters: frameworks and crosswalks; leaves: pointers, one
per (vocabulary, code, node), so that structured signals are found by a single join on equality.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Literal

import pyarrow as pa

from concerted.classify.params import ClassifyParams
from concerted.codelists.frameworks import Crosswalk, FormerCode, Framework
from concerted.codelists.lexicon import fold

Method = Literal["declared", "crosswalk", "marker", "text", "judgement"]
#: Probabilities are integers in parts per million inside the step: they are added, and floats would add up differently.
MILLION = 1_000_000
#: Vocabulary of policy markers (codes `marker/significance`) and of humanitarian clusters (folded names) in crosswalks.
MARKER, CLUSTER = "policy_marker", "cluster"
#: IATI vocabularies for codes of the reporting organisation itself.
OWN_VOCABULARIES = ("98", "99")
#: Any vocabulary_uri will do; own codes that name none only meet codes that name none either.
ANY_URI = "*"


@dataclass(frozen=True, slots=True)
class Pointer:
    """A code that speaks for a node. `rank` says which vocabulary's percentages are believed first (0 before 1)."""

    vocabulary: str
    code: str
    uri: str
    framework_id: str
    node_id: str
    ppm: int
    method: Method
    is_confirmed: bool
    rank: int
    evidence: str
    #: How much of what the code claims goes to this node, beside others that it points at; parts per million.
    spread: int = MILLION

    @property
    def weight(self) -> int:
        """What the node gets of the code beside the other nodes: the likelier, and the larger its share, the more."""
        return max(1, self.ppm * self.spread // MILLION)


def all_pointers(params: ClassifyParams) -> list[Pointer]:
    """Every pointer to a node of the frameworks, one per (vocabulary, code, uri, node): the surest."""
    known = {(f.id, n.id) for f in params.frameworks for n in f.nodes}
    declared = [p for f in params.frameworks for p in (*_native(f, params), *_own_codes(f), *_named_in_column(f))]
    said = [row for f in params.frameworks for row in f.crosswalks]
    overruled = {_between(row) for row in said}  # what is said here of a pair goes before what was shipped
    rows = [*(row for row in params.crosswalks if _between(row) not in overruled), *said]
    declared += [p for f in params.frameworks for p in _former(f, declared)]
    rows = [row for row in rows if (row.framework_id, row.node_id) in known]
    trees = {f.id for f in params.frameworks}
    coded = [_code_pointer(row, params) for row in rows if row.from_vocabulary not in trees]
    spoken = {(p.vocabulary, p.code, p.framework_id) for p in (*declared, *coded)}
    own = {id(row) for f in params.frameworks for row in f.crosswalks}
    walked = list(coded)
    for row in rows:
        if row.from_vocabulary in trees:
            # A suggestion walks on only over rows that the framework's owner wrote, and only for codes that no row
            # leads there directly: else one vague row would scatter every code over a whole tree.
            further = [p for p in coded if (p.vocabulary, p.code, row.framework_id) not in spoken]
            heads = [*declared, *further] if id(row) in own else declared
            walked += _carried_on(row, heads, params)
    best: dict[tuple[str, str, str, str, str], Pointer] = {}
    for pointer in [*declared, *walked]:
        key = (pointer.vocabulary, pointer.code, pointer.uri, pointer.framework_id, pointer.node_id)
        if key not in best or _order(pointer) < _order(best[key]):
            best[key] = pointer
    return [best[key] for key in sorted(best)]


def pointer_table(pointers: Iterable[Pointer]) -> pa.Table:
    """Pointers as an Arrow table, one column per attribute; of `spread` its effect, `weight`."""
    schema = pa.schema(
        [
            ("vocabulary", pa.string()),
            ("code", pa.string()),
            ("uri", pa.string()),
            ("framework_id", pa.string()),
            ("node_id", pa.string()),
            ("ppm", pa.int64()),
            ("method", pa.string()),
            ("is_confirmed", pa.bool_()),
            ("rank", pa.int64()),
            ("evidence", pa.string()),
            ("weight", pa.int64()),
        ]
    )
    return pa.Table.from_pylist([asdict(p) | {"weight": p.weight} for p in pointers], schema=schema)


def code_key(code: str) -> str:
    """A code as it is compared: no space around it, lower case (`16.A` and `16.a` are one SDG target)."""
    return code.strip().lower()


def column_vocabulary(name: str) -> str:
    """The vocabulary of the values of one sheet column."""
    return f"column:{name}"


def _between(row: Crosswalk) -> tuple[str, str, str, str]:
    return row.from_vocabulary, row.from_code, row.framework_id, row.node_id


def _order(pointer: Pointer) -> tuple[bool, int, int, str]:
    return (not pointer.is_confirmed, -pointer.ppm, pointer.rank, pointer.evidence)


def _native(framework: Framework, params: ClassifyParams) -> list[Pointer]:
    """A publisher who uses the framework's own codes names its nodes."""
    return [
        _declared(framework, node.id, vocabulary, node.code, ANY_URI)
        for vocabulary in params.native_vocabularies.get(framework.id, ())
        for node in framework.nodes
    ]


def _own_codes(framework: Framework) -> list[Pointer]:
    """The owner's own codes: in a column where one is named, else in the IATI vocabularies for own codes."""
    pointers: list[Pointer] = []
    for own in framework.own_codes:
        if own.column is not None:
            vocabulary = column_vocabulary(own.column)
            pointers.append(_declared(framework, own.node_id, vocabulary, fold(own.code), ANY_URI))
        else:
            uri = own.vocabulary_uri or ""
            pointers += [_declared(framework, own.node_id, v, own.code, uri) for v in OWN_VOCABULARIES]
    return pointers


def _named_in_column(framework: Framework) -> list[Pointer]:
    """A column mapped to the framework, or called `node:<framework_id>`: ids, codes, names and own codes."""
    words = {(fold(word), node.id) for node in framework.nodes for word in (node.id, node.code, *node.name.values())}
    words |= {(fold(own.code), own.node_id) for own in framework.own_codes}
    vocabulary = column_vocabulary(f"node:{framework.id}")
    return [_declared(framework, node_id, vocabulary, word, ANY_URI) for word, node_id in sorted(words) if word]


def _former(framework: Framework, present: Iterable[Pointer]) -> list[Pointer]:
    """Words of earlier versions, with the shares that the owner gave them; a word of this version means this one's."""
    known = {(p.vocabulary, p.code, p.uri) for p in present if p.framework_id == framework.id}
    shared: dict[tuple[str, str, str, str], Pointer] = {}
    for row in framework.former_codes:
        by = {"author": row.author, "date": row.date.isoformat(), "version": row.version, "share_ppm": row.share}
        for vocabulary, code, uri in _said_in(framework, row):
            if (vocabulary, code, uri) not in known:
                evidence = _evidence({"vocabulary": vocabulary, "code": row.code, "remap": by})
                found = Pointer(
                    vocabulary, code, uri, framework.id, row.node_id, MILLION, "declared", True, 0, evidence, row.share
                )
                # Two lines of the old version may have had one name: what both say of a node is added up.
                key = (vocabulary, code, uri, row.node_id)
                before = shared.get(key)
                shared[key] = replace(before, spread=before.spread + row.share) if before else found
    return list(shared.values())


def _said_in(framework: Framework, row: FormerCode) -> list[tuple[str, str, str]]:
    """(vocabulary, code, uri) under which a word of an earlier version is met."""
    match row.place:
        case "node":
            return [(column_vocabulary(f"node:{framework.id}"), fold(row.code), ANY_URI)]
        case "column":
            return [(column_vocabulary(row.column or ""), fold(row.code), ANY_URI)]
        case "own":
            return [(v, code_key(row.code), row.vocabulary_uri or "") for v in OWN_VOCABULARIES]


def _declared(framework: Framework, node_id: str, vocabulary: str, code: str, uri: str) -> Pointer:
    evidence = _evidence({"vocabulary": vocabulary, "code": code})
    return Pointer(vocabulary, code_key(code), uri, framework.id, node_id, MILLION, "declared", True, 0, evidence)


def _code_pointer(row: Crosswalk, params: ClassifyParams) -> Pointer:
    """What a row says about a code."""
    is_marker = row.from_vocabulary == MARKER
    ppm = _ppm(row, params.marker_factor if is_marker else 1.0, params)
    code = fold(row.from_code) if row.from_vocabulary == CLUSTER else code_key(row.from_code)
    evidence = _evidence({"vocabulary": row.from_vocabulary, "code": row.from_code, "crosswalk": _walk(row)})
    method: Method = "marker" if is_marker else "crosswalk"
    rank = 1 if row.from_vocabulary in OWN_VOCABULARIES else 2
    return Pointer(
        row.from_vocabulary, code, ANY_URI, row.framework_id, row.node_id, ppm, method, False, rank, evidence
    )


def _carried_on(row: Crosswalk, heads: Sequence[Pointer], params: ClassifyParams) -> list[Pointer]:
    """What a row between two frameworks says about every code that leads to the first one's node."""
    found: list[Pointer] = []
    for head in heads:
        if (head.framework_id, head.node_id) == (row.from_vocabulary, row.from_code):
            via = f"{head.framework_id}/{head.node_id}"
            parts = {"vocabulary": head.vocabulary, "code": head.code, "via": via, "crosswalk": _walk(row)}
            found.append(
                replace(
                    head,
                    framework_id=row.framework_id,
                    node_id=row.node_id,
                    ppm=_ppm(row, head.ppm / MILLION, params),
                    method="marker" if head.method == "marker" else "crosswalk",
                    is_confirmed=False,
                    rank=max(1, head.rank),
                    evidence=_evidence(parts),
                )
            )
    return found


def _ppm(row: Crosswalk, factor: float, params: ClassifyParams) -> int:
    return min(round(params.relation_probability[row.relation] * factor * MILLION), round(params.cap * MILLION))


def _walk(row: Crosswalk) -> dict[str, str]:
    return {"relation": row.relation, "author": row.author, "date": row.date.isoformat()}


def _evidence(parts: Mapping[str, object]) -> str:
    """JSON members without the opening brace: the step puts the field where the code was found in front."""
    return json.dumps(parts, ensure_ascii=False, sort_keys=True)[1:]
