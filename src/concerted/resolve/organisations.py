"""Which references and names are one organisation: references, known and exact names, then judgements and likenesses.

Place on the way: resolve. Enters: every distinct (reference, name, type, marking) by which records mention somebody,
people's judgements, and the pairs that `matching` joined. Leaves: one row per organisation and marking, and which
mention is whom under which marking.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

from concerted.marking import is_evidence
from concerted.model.ids import hash_id
from concerted.model.tables import full_schema
from concerted.resolve.aliases import Aliases, KnownOrganisation
from concerted.resolve.groups import group_pairs
from concerted.resolve.matching.collect import Mentioned
from concerted.resolve.matching.match import Matches
from concerted.resolve.matching.placeholders import find_placeholders
from concerted.resolve.names import clean_name, clean_ref, fold_name

MatchedBy = Literal["ref", "alias", "name", "likeness"]
_STRENGTH: tuple[MatchedBy, ...] = ("ref", "alias", "name", "likeness")
#: A group that people judged the same is known by its reference where one of its keys is a reference.
_KINDS = ("ref", "own", "name")

MAP_SCHEMA = pa.schema(
    [("ref", pa.string()), ("name", pa.string()), ("marking_key", pa.string()), ("org_id", pa.int64())]
)


@dataclass(frozen=True)
class Mention:
    """A distinct way to name somebody, with how often it occurs and how often it is that of a reporter.

    `marking_key` is that of the records that name him so: whoever may not see them must not learn the name from here.
    Where `is_told` is false the mention is only asked who it is: nobody learns from it.
    """

    ref: str | None
    name: str | None
    type_code: str | None
    lang: str | None
    marking_key: str
    count: int
    reports: int
    is_told: bool = True


@dataclass(frozen=True)
class Organisations:
    """`table` has the schema of `organisation`; `mapping` is (ref, name, marking_key, org_id); `ids` by (marking, key).

    Refs and names are as records have them, null = ''. A mention is in `mapping` under its own marking and under every
    narrower one, because those who see more may know better who it is. Who is nobody is not in it.
    """

    table: pa.Table
    mapping: pa.Table
    ids: Mapping[tuple[str, str], int]


@dataclass
class _Gathered:
    """What the records of one marking say of one organisation, while its mentions are counted."""

    key: str
    marking_key: str
    matched_by: MatchedBy
    known: KnownOrganisation | None
    refs: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    by_lang: dict[str, Counter[str]] = field(default_factory=dict)
    types: Counter[str] = field(default_factory=Counter)
    reports: int = 0


@dataclass(frozen=True)
class Identified:
    """A mention under a marking and the key that its reference or name gives by itself, without likenesses."""

    mention: Mention
    marking_key: str
    key: str
    matched_by: MatchedBy
    known: KnownOrganisation | None

    @property
    def mentioned(self) -> Mentioned:
        """Reference, name (null = '') and the marking."""
        return self.mention.ref or "", self.mention.name or "", self.marking_key


def identify_mentions(mentions: Iterable[Mention], aliases: Aliases) -> list[Identified]:
    """Every mention under its own marking and every narrower one, in a full order; without those who are nobody.

    A reference identifies when it is in the alias table, has the form of a registered identifier (it holds a dash), or
    belongs to somebody who reports here; other references are a publisher's own numbers and give way to the name, and
    so does one that is used for many unlike names. A name without reference is the alias it equals, else the one
    reporter of that name, else an organisation of its own.
    """
    ordered = sorted(
        mentions, key=lambda m: (m.ref or "", m.name or "", m.type_code or "", m.lang or "", m.marking_key)
    )
    markings = sorted({m.marking_key for m in ordered})
    identified = []
    for marking in markings:
        evidence = {key for key in markings if is_evidence(key, marking)}
        seen = [m for m in ordered if m.marking_key in evidence]
        reporters = {ref for m in seen if m.reports and (ref := clean_ref(m.ref))}
        passed_over = find_placeholders(_names_by_ref(seen), frozenset(reporters) | aliases.by_ref.keys())
        reporter_names = _names_of_one_reporter(seen, aliases, reporters)
        for mention in seen:
            found = _identify(mention, aliases, reporters, reporter_names, passed_over)
            if found is not None:
                identified.append(Identified(mention, marking, *found))
    return identified


def _names_by_ref(mentions: Iterable[Mention]) -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for mention in mentions:
        ref, name = clean_ref(mention.ref), clean_name(mention.name)
        if ref and name:
            names.setdefault(ref, set()).add(name)
    return names


def resolve_organisations(
    identified: Sequence[Identified], same: Sequence[tuple[str, str]] = (), matches: Matches | None = None
) -> Organisations:
    """One row per organisation and marking, and the organisation of every mention.

    A row tells only what the records of its marking say, so that no name, reference or type of an organisation comes
    from a record that the reader of the row may not see. Who a mention is, is decided for each marking from what
    everybody who may see that marking also sees.

    Args:
        identified: from `identify_mentions`.
        same: pairs of keys (`ref:XM-DAC-41114`, `name:folded name`) that people judged to be one organisation; the
            first key of a group stands for it, references before names. They hold for everybody, so they must not
            come from restricted records.
        matches: what likenesses found, by marking.
    """
    gathered: dict[tuple[str, str], _Gathered] = {}
    owner: dict[Mentioned, str] = {}
    stands_for = {
        marking: group_pairs([*same, *(matches.known_to(marking) if matches else ())], _standing)
        for marking in sorted({found.marking_key for found in identified})
    }
    judged = group_pairs(same, _standing)
    for found in identified:
        marking, mention = found.marking_key, found.mention
        key = owner[found.mentioned] = stands_for[marking].get(found.key, found.key)
        if mention.marking_key != marking or not mention.is_told:
            continue
        matched_by = found.matched_by if key == judged.get(found.key, found.key) else "likeness"
        entry = gathered.setdefault((key, marking), _Gathered(key, marking, matched_by, found.known))
        entry.known = entry.known or found.known
        entry.matched_by = min(entry.matched_by, matched_by, key=_STRENGTH.index)
        _count(entry, mention)
    ids = {key: hash_id("organisation", key) for key in owner.values()}
    rows = [_row(ids[key], entry) for (key, _), entry in sorted(gathered.items())]
    table = pa.Table.from_pylist(rows, schema=full_schema("organisation"))
    mapping = [
        dict(zip(MAP_SCHEMA.names, (*mentioned, ids[key]), strict=True)) for mentioned, key in sorted(owner.items())
    ]
    by_key = {(i.marking_key, i.key): ids[owner[i.mentioned]] for i in identified}
    # A mention that those who see more know by another key is still asked for by the one that it has more openly.
    for found in identified:
        ref, name, _ = found.mentioned
        for marking in stands_for:
            if (ref, name, marking) in owner:
                by_key.setdefault((marking, found.key), ids[owner[ref, name, marking]])
    return Organisations(table, pa.Table.from_pylist(mapping, schema=MAP_SCHEMA), by_key)


def _identify(
    mention: Mention, aliases: Aliases, reporters: set[str], reporter_names: dict[str, str], passed_over: frozenset[str]
) -> tuple[str, MatchedBy, KnownOrganisation | None] | None:
    ref, folded = clean_ref(mention.ref), fold_name(clean_name(mention.name))
    if ref in passed_over and folded:
        ref = None
    if ref and (known := aliases.by_ref.get(ref)):
        return f"ref:{known.ref.upper()}", "ref" if known.ref.upper() == ref else "alias", known
    if ref and ("-" in ref or ref in reporters):
        return f"ref:{ref}", "ref", None
    if folded and (known := aliases.by_name.get(folded)):
        return f"ref:{known.ref.upper()}", "alias", known
    if folded and folded in reporter_names:
        return reporter_names[folded], "name", None
    if folded:
        return f"name:{folded}", "name", None
    return (f"own:{ref}", "ref", None) if ref else None


def _names_of_one_reporter(mentions: Sequence[Mention], aliases: Aliases, reporters: set[str]) -> dict[str, str]:
    """Folded names that exactly one referenced reporter bears: distinctive enough to stand without a reference."""
    bearers: dict[str, set[str]] = {}
    for mention in mentions:
        if not mention.reports:
            continue
        ref, folded = clean_ref(mention.ref), fold_name(clean_name(mention.name))
        if ref and folded:
            known = aliases.by_ref.get(ref)
            bearers.setdefault(folded, set()).add(f"ref:{known.ref.upper() if known else ref}")
    return {name: min(keys) for name, keys in bearers.items() if len(keys) == 1}


def _standing(key: str) -> tuple[int, str]:
    """Order of the keys of one organisation: the first stands for it."""
    return _KINDS.index(key.partition(":")[0]), key


def _count(entry: _Gathered, mention: Mention) -> None:
    if name := clean_name(mention.name):
        entry.names[name] += mention.count
        if mention.lang:
            entry.by_lang.setdefault(mention.lang, Counter())[name] += mention.count
    if mention.type_code:
        entry.types[mention.type_code] += mention.count
    entry.reports += mention.reports
    if ref := clean_ref(mention.ref):
        entry.refs[ref] += mention.count


def _row(org_id: int, entry: _Gathered) -> dict[str, object]:
    known = entry.known
    kind, _, text = entry.key.partition(":")
    # A reporter that these records call by its name alone has its reference from others: it is not told here.
    is_minted = kind != "ref" or (known.public_ref is None if known else text not in entry.refs)
    names = {lang: _most(entry.by_lang.get(lang, Counter())) for lang in ("fr", "en", "ar")}
    return {
        "org_id": org_id,
        "marking_key": entry.marking_key,
        "ref": known.public_ref if known else None if is_minted else text,
        "name": _most(entry.names) or (known.name_en if known else _most(entry.refs)),
        "name_fr": known.name_fr if known else names["fr"],
        "name_en": known.name_en if known else names["en"],
        "name_ar": known.name_ar if known else names["ar"],
        "type_code": known.type_code if known else _most(entry.types),
        "is_reporter": entry.reports > 0,
        "is_minted": is_minted,
        "matched_by": entry.matched_by,
    }


def _most(counts: Counter[str]) -> str | None:
    """The most frequent; among equals the first by text."""
    return min(counts, key=lambda text: (-counts[text], text)) if counts else None
