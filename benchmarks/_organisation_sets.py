"""Gold sets of organisation names, made at run time from the references of real files; nothing of them is kept.

Truth is the reference beside a name. References that identify nobody (placeholders, kinds of organisations, a
publisher's own numbers, examples of the standard) are left out, legacy codes stand for their successor, references
equal but for punctuation are one, and a publisher's own name beside somebody else's reference (a fault of templates)
is no name of his. Names are those of `reporting-org` and `participating-org`; a name borne by two organisations
cannot be told by itself and is counted apart.
"""

import hashlib
import os
import re
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import duckdb
import py3langid

from concerted.resolve.aliases import load_aliases
from concerted.resolve.matching.profiles import Profile
from concerted.resolve.names import clean_name, clean_ref, fold_name
from concerted.sources.open import find_inputs
from concerted.sources.run import read_inputs, record_files

FOLDERS = ("publishers", "samples", "v1")
_CHANNEL = re.compile(r"(?:XM-DAC-)?([2-4]\d{4})$")
_OTHER_CHANNEL = re.compile(r"(?:XM-DAC-)?[015-9]\d{4}$")
_REGISTERED = re.compile(r"[A-Z]{2,3}-[A-Z0-9_]+-?\S*$")
_EXAMPLE = re.compile(r"(AA|BB)-")
_RECORDS = """
    select record_id, reporting_org_ref, 'reporter', reporting_org_ref, reporting_org_name, reporting_org_type_code
    from activity
    union all
    select record_id, reporting_org_ref, 'partner', ref, name, type_code
    from participating_org join activity using (record_id)
    where ref is not null or name is not null
"""

_COUNTRIES = "select distinct record_id, code from recipient where kind = 'country' and code is not null"


@dataclass
class Named:
    """How one publisher calls one organisation: a profile whose reference is hidden."""

    truth: str
    folded: str
    publisher: str
    profile: Profile


@dataclass
class Gold:
    """All names with known bearers, and every name there is (for the weights of words)."""

    named: list[Named]
    names: list[str]


def data_folder() -> Path:
    """Where the real files are."""
    return Path(os.environ.get("CONCERTED_REALDATA") or Path(__file__).parents[2] / "shared" / "data")


def identity(ref: str | None) -> str | None:
    """The organisation that a reference names; None when it names none for certain."""
    clean = clean_ref(ref)
    if clean is None or _EXAMPLE.match(clean):
        return None
    if known := load_aliases().by_ref.get(clean):
        return known.ref.upper()
    if channel := _CHANNEL.match(clean):
        return f"XM-DAC-{channel[1]}"
    if _OTHER_CHANNEL.match(clean) or not _REGISTERED.match(clean):
        return None
    return clean


def is_test(truth: str) -> bool:
    """Half of the references are for testing, by their hash."""
    return int(hashlib.sha256(truth.encode()).hexdigest(), 16) % 2 == 1


def language(name: str) -> str:
    """`fr`, `en` or `other`, as far as a name can tell."""
    found = py3langid.classify(name)[0]
    return found if found in ("fr", "en") else "other"


def read_gold(folder: Path) -> Gold:
    """Read the files and gather, per organisation, spelling and publisher, what stands beside the name."""
    with tempfile.TemporaryDirectory() as name:
        inputs, _ = find_inputs([str(folder / "iati" / part) for part in FOLDERS], Path(name) / "cache")
        files = record_files(read_inputs(inputs, Path(name), 1))
        with duckdb.connect() as db:
            for table in ("activity", "participating_org", "recipient"):
                db.read_parquet([str(path) for path in files[table]]).create_view(table)
            rows = db.execute(f"{_RECORDS} order by all").fetchall()
            countries = db.execute(_COUNTRIES).fetchall()
    work: dict[int, set[str]] = defaultdict(set)
    for record, code in countries:
        work[record].add(code)
    return _gather(rows, work)


def _gather(rows: list[tuple], work: dict[int, set[str]]) -> Gold:
    own = {record: fold_name(clean_name(name)) for record, _, role, _, name, _ in rows if role == "reporter"}
    together: dict[int, set[str]] = defaultdict(set)
    for record, _, _, ref, name, _ in rows:
        if key := _partner_key(ref, name):
            together[record].add(key)
    by_letters: dict[str, str] = {}
    for truth in sorted({t for row in rows if (t := identity(row[3]))}):
        by_letters.setdefault(re.sub(r"[^A-Z0-9]", "", truth), truth)
    found: dict[tuple[str, str, str], Named] = {}
    for record, publisher_ref, role, ref, name, type_code in rows:
        truth, clean = identity(ref), clean_name(name)
        folded = fold_name(clean)
        if truth is None or clean is None or folded is None:
            continue
        publisher = identity(publisher_ref) or publisher_ref or ""
        if role != "reporter" and folded == own.get(record) and truth != publisher:
            continue
        truth = by_letters[re.sub(r"[^A-Z0-9]", "", truth)]
        entry = found.setdefault((truth, folded, publisher), Named(truth, folded, publisher, Profile(f"name:{folded}")))
        profile = entry.profile
        profile.names[clean] += 1
        profile.types |= {type_code} - {None}
        profile.work.update(work[record])
        profile.publishers.add(publisher)
        profile.partners.update(together[record] - {_partner_key(ref, name)})
    names = sorted({clean for row in rows if (clean := clean_name(row[4]))})
    return Gold([found[key] for key in sorted(found)], names)


def _partner_key(ref: str | None, name: str | None) -> str | None:
    if truth := identity(ref):
        return f"ref:{truth}"
    folded = fold_name(clean_name(name))
    if folded and (known := load_aliases().by_name.get(folded)):
        return f"ref:{known.ref.upper()}"
    return f"name:{folded}" if folded else None


def merged(key: str, parts: list[Profile]) -> Profile:
    """Several profiles as one."""
    whole = Profile(key)
    for part in parts:
        whole.add(part)
    return whole


@dataclass(frozen=True)
class Pair:
    """Two spellings, as numbers of the list of spellings, and whether one organisation bears both."""

    left: int
    right: int
    is_same: bool


@dataclass
class PairSet:
    """Spellings (truth, folded, profile) and pairs of them."""

    spellings: list[tuple[str, str, Profile]]
    pairs: list[Pair]


MAX_PAIRS_OF_ONE, HARD_NEGATIVES, OTHER_NEGATIVES = 10, 2, 2


def pair_set(gold: Gold) -> PairSet:
    """Every spelling that one organisation bears: its pairs, and its nearest spellings of other organisations.

    Near is the cosine of TF-IDF over letters, so that these negatives are the hard ones; as many others are taken by
    hash, because else unlikeness alone would mark a pair as one organisation's. At most ten pairs of one
    organisation, by hash.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    bearers: dict[str, set[str]] = defaultdict(set)
    parts: dict[tuple[str, str], list[Profile]] = defaultdict(list)
    for entry in gold.named:
        bearers[entry.folded].add(entry.truth)
        parts[entry.truth, entry.folded].append(entry.profile)
    spellings = [
        (truth, folded, merged(f"name:{folded}", profiles))
        for (truth, folded), profiles in sorted(parts.items())
        if len(bearers[folded]) == 1
    ]
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4)).fit_transform([s[1] for s in spellings])
    near = (vectors @ vectors.T).toarray()
    of: dict[str, list[int]] = defaultdict(list)
    for number, (truth, _, _) in enumerate(spellings):
        of[truth].append(number)
    pairs: set[tuple[int, int, bool]] = set()
    for numbers in of.values():
        own = [(a, b) for at, a in enumerate(numbers) for b in numbers[at + 1 :]]
        own.sort(key=lambda p: _hash(f"{spellings[p[0]][1]}|{spellings[p[1]][1]}"))
        pairs |= {(a, b, True) for a, b in own[:MAX_PAIRS_OF_ONE]}
    for number, (truth, _, _) in enumerate(spellings):
        others = [int(o) for o in (-near[number]).argsort(kind="stable") if spellings[o][0] != truth]
        chosen = others[:HARD_NEGATIVES]
        rest = sorted(others[HARD_NEGATIVES:], key=lambda o: _hash(f"{spellings[number][1]}|{spellings[o][1]}"))
        pairs |= {(min(number, o), max(number, o), False) for o in chosen + rest[:OTHER_NEGATIVES]}
    return PairSet(spellings, [Pair(*pair) for pair in sorted(pairs)])


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
