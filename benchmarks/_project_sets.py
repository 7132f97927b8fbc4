"""Sets on which the finding of projects is fitted and measured: declared links that are hidden, and planted copies.

Real files are read and resolved as a build does. *Hidden*: every reference from one publisher to an activity of another
one is taken out; what it named is to be found again. *Planted*: real activities are told again by another publisher, in
other words; beside them stand others that are nearly the same and are not. Halves are whole publishers, and publishers
that name each other are in one half, so that nothing is learnt from what is measured.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from concerted.model.tables import full_schema
from concerted.resolve.groups import group_pairs
from concerted.resolve.projects import reading
from concerted.resolve.projects.facts import Facts, collect_facts
from concerted.resolve.projects.meanings import dictionary, title_tokens

Ints = npt.NDArray[np.int64]
Row = dict[str, Any]
CHILDREN = ("participating_org", "transaction", "recipient", "location", "sector", "budget")
TEXTS = ("narrative", "identifier", "related_activity")
#: Columns that hold a reference to an activity, with the kind under which `activity_link` knows it.
REFERENCES = {
    "identifier": {"ref": "other_identifier"},
    "related_activity": {"ref": "related"},
    "participating_org": {"activity_ref": "participating"},
    "transaction": {"provider_activity_ref": "provider", "receiver_activity_ref": "receiver"},
}
_COUNTRIES = (("Yemen", "YE"), ("Colombia", "CO"), ("Nepal", "NP"), ("Bolivia", "BO"), ("Zambia", "ZM"))
_REGIONS = ("Northern region", "région Sud", "Eastern Province", "région du Centre", "Western districts")
#: Originals that are planted, per half.
ORIGINALS = 500


@dataclass
class Kit:
    """A resolved edition as rows that may be changed.

    Attributes:
        tables: by bare name.
        links: pairs of activities of different publishers that files declare.
        half: publisher -> 0 or 1.
        publisher: activity -> publisher.
    """

    tables: dict[str, pa.Table]
    links: set[tuple[int, int]]
    half: dict[str, int]
    publisher: dict[int, str]


@dataclass
class Planted:
    """Rows that are added.

    Attributes:
        same: pairs (original, copy), and what was done to the copy.
        near: pairs that are nearly the same and are not, and why not.
        beside: pairs of which nothing is said: two parts of one whole.
    """

    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    same: dict[tuple[int, int], str] = field(default_factory=dict)
    near: dict[tuple[int, int], str] = field(default_factory=dict)
    beside: set[tuple[int, int]] = field(default_factory=set)


def read_kit(edition: Path) -> Kit:
    """An edition with the references between publishers taken out."""
    tables: dict[str, pa.Table] = {}
    with duckdb.connect() as connection:
        for name in ("activity", *CHILDREN, *TEXTS, "activity_link"):
            connection.execute(f"CREATE TABLE {name} AS FROM read_parquet('{edition}/core_{name}.parquet')")
        connection.execute(
            "CREATE TABLE hidden AS SELECT record_id, kind, upper(trim(ref)) AS ref FROM activity_link "
            "WHERE is_cross_publisher"
        )
        for name, columns in REFERENCES.items():
            for column, kind in columns.items():
                connection.execute(
                    f"UPDATE {name} SET {column} = NULL WHERE (record_id, '{kind}', upper(trim({column}))) IN "
                    "(SELECT record_id, kind, ref FROM hidden)"
                )
        links = connection.execute(
            "SELECT DISTINCT least(activity_id, other_activity_id), greatest(activity_id, other_activity_id) "
            "FROM activity_link WHERE is_cross_publisher"
        ).fetchall()
        publisher = dict(
            connection.execute(
                "SELECT activity_id, min(coalesce(reporting_org_ref, reporting_org_name, source_id)) "
                "FROM activity WHERE is_current GROUP BY activity_id"
            ).fetchall()
        )
        for name in ("activity", *CHILDREN, *TEXTS):
            tables[name] = connection.table(name).to_arrow_table().cast(full_schema(name))
    pairs = {(a, b) for a, b in links if a in publisher and b in publisher}
    return Kit(tables, pairs, _halves(publisher, pairs), publisher)


def _halves(publisher: Mapping[int, str], links: Iterable[tuple[int, int]]) -> dict[str, int]:
    """Publishers that name each other in one half; the largest group in 0, all other groups in 1, the rest by size."""
    ends = [(publisher[a], publisher[b]) for a, b in sorted(links)]
    root = group_pairs(ends, str)
    sizes: dict[str, int] = defaultdict(int)
    for one, _ in ends:
        sizes[root[one]] += 1
    largest = min(sizes, key=lambda r: (-sizes[r], r))
    count: dict[str, int] = defaultdict(int)
    for name in publisher.values():
        count[name] += 1
    half = {name: int(r != largest) for name, r in root.items()}
    told = [sum(count[n] for n, h in half.items() if h == side) for side in (0, 1)]
    for name in sorted(count, key=lambda n: (-count[n], n)):
        if name not in half:
            half[name] = int(told[1] < told[0])
            told[half[name]] += count[name]
    return half


def facts_of(kit: Kit, planted: Planted | None = None) -> Facts:
    """The facts of the kit with what is planted in it, as resolve collects them."""
    tables = dict(kit.tables)
    for name, rows in (planted.rows if planted else {}).items():
        tables[name] = pa.concat_tables([tables[name], pa.Table.from_pylist(rows, schema=tables[name].schema)])
    engine = ibis.duckdb.connect(threads=2)
    have = {name: engine.create_table(name, table, temp=True) for name, table in tables.items()}
    have["rec_project_tokens"] = engine.create_table(
        "project_tokens", reading.compute({n: tables[n] for n in reading.INPUTS}, None, ""), temp=True
    )
    activity = have["activity"]
    views = activity.select(
        "record_id", "activity_id", "org_id", "is_current", "is_supply", view=ibis.literal("precise"),
        mark=ibis.literal(0),
    )  # fmt: skip
    given = {"rec_project_tokens": have["rec_project_tokens"]} | {
        f"rec_{name}": have[name] for name in ("recipient", "location", "sector", "budget", "transaction")
    }
    return collect_facts(views, activity, have["participating_org"], have["transaction"], given)


# --- planting ------------------------------------------------------------------------------------------------------


class _Planter:
    """Chance, and the rows of the originals by record."""

    def __init__(self, kit: Kit, seed: int) -> None:
        self.kit, self.dice = kit, random.Random(seed)  # noqa: S311 - a benchmark, not a secret
        self.activity = {r["record_id"]: r for r in kit.tables["activity"].to_pylist() if r["is_current"]}
        self.children = {name: _by_record(kit.tables[name]) for name in CHILDREN}
        titles: dict[int, dict[str, str]] = defaultdict(dict)
        for row in kit.tables["narrative"].to_pylist():
            if row["field"] == "title" and row["lang"] in ("fr", "en"):
                titles[row["record_id"]][row["lang"]] = row["text"]
        self.titles = titles
        self.publishers: dict[int, list[Row]] = defaultdict(list)
        once = {}
        for row in self.activity.values():
            name = kit.publisher[row["activity_id"]]
            if row["org_id"] and name not in once:
                once[name] = row
                self.publishers[kit.half[name]].append(row)
        self.next_id = 1 << 40
        self.out = Planted()

    def plant(self, half: int, count: int) -> None:
        """Copies and near ones of `count` originals of one half, each told once."""
        called: dict[str, int] = defaultdict(int)
        words: dict[str, set[frozenset[str]]] = defaultdict(set)
        for row in self.activity.values():
            called[_name(row)] += 1
            words[self.kit.publisher[row["activity_id"]]].add(frozenset(_name(row).split()))
        by_publisher: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(self.activity.values(), key=lambda r: r["record_id"]):
            name = self.kit.publisher[row["activity_id"]]
            # Where two real activities are called alike, or one as a part of the other, nobody could say of which one a
            # copy is.
            own = frozenset(_name(row).split())
            is_told_apart = len(own) >= 4 and called[_name(row)] == 1
            is_told_apart = is_told_apart and not any(own < other or other < own for other in words[name])
            if self.kit.half[name] == half and row["org_id"] and is_told_apart:
                by_publisher[name].append(row)
        for rows in by_publisher.values():
            self.dice.shuffle(rows)
        # One of each publisher in turn, so that the largest does not make up the set.
        turns = [rows[turn] for turn in range(max(map(len, by_publisher.values())))
                 for _, rows in sorted(by_publisher.items()) if turn < len(rows)]  # fmt: skip
        for original in turns[:count]:
            self._one(half, original)

    def _one(self, half: int, original: Row) -> None:
        teller = self._teller(half, original)
        parts = self.dice.choice((1, 1, 1, 2, 3))
        copies = []
        for part in range(parts):
            kind, title = self._reworded(original)
            copies.append(self._copy(original, self._teller(half, original) if part else teller, title, parts))
            self.out.same[_pair(original["activity_id"], copies[-1])] = f"{kind}{', a part' if parts > 1 else ''}"
        self.out.beside.update(_pair(a, b) for a in copies for b in copies if a != b)
        if self.dice.random() < 0.7:
            self._near(half, original, copies)

    def _teller(self, half: int, original: Row) -> Row:
        while True:
            found = self.dice.choice(self.publishers[half])
            if found["org_id"] != original["org_id"]:
                return found

    def _reworded(self, original: Row) -> tuple[str, str]:
        both = self.titles.get(original["record_id"], {})
        title = original["title"]
        if len(both) == 2 and self.dice.random() < 0.7:
            other = both["fr"] if title == both["en"] else both["en"]
            if other != title and len(other.split()) > 2:
                return "translated by its publisher", other
        kind = self.dice.choice(("translated by word list", "shortened", "mistyped", "reordered", "copied", "several"))
        if kind == "translated by word list":
            return kind, translated(title, self.dice)
        for way in {"shortened": "s", "mistyped": "t", "reordered": "r", "copied": "", "several": "rst"}[kind]:
            title = {"s": shortened, "t": mistyped, "r": reordered}[way](title, self.dice)
        return kind, title

    def _copy(self, original: Row, teller: Row, title: str, parts: int) -> int:
        dice = self.dice
        record = self._statement(
            original, teller, title, shift=dice.choice((0, 0, 0, 5, 15, 30, 60)), text=dice.choice((0, 0.5, 0.5, 1))
        )
        factor = Decimal(str(dice.choice((1, 1, 1, 0.99, 1.02, 0.93)))) / parts
        self._money(original, record, factor)
        self._places(original, record, share=1 if parts == 1 else 1 / parts)
        if dice.random() < 0.95:
            self._add("recipient", original, record)
        self._sector(original, record)
        named = dice.random()
        if named < 0.6:  # the copy says who funds it
            self._partner(record, "1", original)
        elif named < 0.8:  # the original says who does it
            self._partner(original["record_id"], "4", teller)
        if dice.random() < 0.4:
            self._add("participating_org", original, record)
        return record

    def _near(self, half: int, original: Row, copies: list[int]) -> None:
        """One that is nearly the same: another phase, another country; or two regions of one programme.

        A part of the original in one of its regions belongs to it: of such pairs nothing is said, only of two regions.
        """
        whole = [original["activity_id"], *copies]
        why = self.dice.choice(("another phase", "another country", "another region"))
        if why == "another phase":
            told = self.dice.choice(("phase II", "Phase 2", "II", "(phase 2)"))
            near = self._told_near(half, original, f" {told}", shift=self.dice.choice((900, 1100, 1500)))
            self._add("recipient", original, near)
            self._places(original, near, 1)
            self.out.near |= {_pair(one, near): why for one in whole}
        elif why == "another country":
            where = {r["code"] for r in self.children["recipient"].get(original["record_id"], ())}
            title = original["title"].lower()
            other, code = self.dice.choice([c for c in _COUNTRIES if c[1] not in where and c[0].lower() not in title])
            near = self._told_near(half, original, f" - {other}", shift=self.dice.choice((0, 30)))
            self.out.rows["recipient"].append(
                {"record_id": near, "transaction_seq": -1, "seq": 0, "kind": "country", "code": code}
            )
            is_known = bool(self.children["recipient"].get(original["record_id"]))
            if is_known:
                self.out.near |= {_pair(one, near): why for one in whole}
            else:
                self.out.beside.update(_pair(one, near) for one in whole)
        else:
            both = []
            for region in self.dice.sample(_REGIONS, 2):
                near = self._told_near(half, original, f", {region}", shift=self.dice.choice((0, 30, 60)))
                self._add("recipient", original, near)
                if self.dice.random() < 0.5:
                    self.out.rows["location"].append({"record_id": near, "seq": 0, "name": region, "line": 1})
                both.append(near)
            self.out.near[_pair(*both)] = why
            self.out.beside.update(_pair(one, near) for one in whole for near in both)

    def _told_near(self, half: int, original: Row, more: str, shift: int) -> int:
        dice, teller = self.dice, self._teller(half, original)
        title = f"{original['title']}{more}"
        if dice.random() < 0.4:
            title = _REWORD[dice.choice("srt")](title, dice)
        record = self._statement(original, teller, title, shift=shift, text=dice.choice((0, 0.3, 0.5)))
        self._sector(original, record)
        self._money(original, record, Decimal(str(round(dice.uniform(0.3, 2.5), 3))))
        if dice.random() < 0.5:
            self._partner(record, "1", original)
        return record

    def _statement(self, original: Row, teller: Row, title: str, shift: int, text: float) -> int:
        self.next_id += 1
        record = self.next_id
        moved = {
            name: original[name] + timedelta(days=shift) if original[name] and original[name].year < 9000 else None
            for name in ("start_planned_date", "start_actual_date", "end_planned_date", "end_actual_date")
        }
        told = original["description"] or ""
        own = self.dice.choice(("P", "PRJ-", "2020/", "")) + str(self.dice.randrange(10**4, 10**6))
        row = {
            **original, **moved, "record_id": record, "activity_id": record, "org_id": teller["org_id"],
            "reporting_org_ref": teller["reporting_org_ref"], "reporting_org_name": teller["reporting_org_name"],
            "identifier": f"{teller['reporting_org_ref']}-{own}", "title": title,
            "description": mistyped(told[: int(len(told) * text)], self.dice) or None,
        }  # fmt: skip
        self.out.rows["activity"].append(row)
        return record

    def _add(self, name: str, original: Row, record: int) -> None:
        self.out.rows[name] += [{**r, "record_id": record} for r in self.children[name].get(original["record_id"], ())]

    def _places(self, original: Row, record: int, share: float) -> None:
        rows = self.children["location"].get(original["record_id"], ())
        self.out.rows["location"] += [
            {**r, "record_id": record} for r in rows if share == 1 or self.dice.random() < share
        ]

    def _money(self, original: Row, record: int, factor: Decimal) -> None:
        for name in ("budget", "transaction"):
            for row in self.children[name].get(original["record_id"], ()):
                scaled = {
                    key: None if row[key] is None else (row[key] * factor).quantize(Decimal("0.01"))
                    for key in ("value", "value_usd", "value_eur")
                }
                keep = ("seq", "kind", "line", "type_code", "currency", "period_start_date", "transaction_date")
                self.out.rows[name].append({k: row.get(k) for k in keep} | scaled | {"record_id": record})

    def _sector(self, original: Row, record: int) -> None:
        """Publishers code the same work otherwise in about one of five."""
        chance = self.dice.random()
        if chance < 0.6:
            self._add("sector", original, record)
        elif chance < 0.8:
            code = self.dice.choice(("11110", "12220", "14030", "15160", "31120", "43010", "72010"))
            self.out.rows["sector"].append(
                {"record_id": record, "transaction_seq": -1, "seq": 0, "vocabulary_code": "1", "code": code}
            )

    def _partner(self, record: int, role: str, other: Row) -> None:
        self.out.rows["participating_org"].append(
            {"record_id": record, "seq": 900 + self.next_id % 97, "role_code": role, "org_id": other["org_id"]}
        )


def plant(kit: Kit, half: int, count: int = ORIGINALS, seed: int = 5) -> Planted:
    """Copies of originals of one half, told by publishers of that half."""
    planter = _Planter(kit, seed + half)
    planter.plant(half, count)
    return planter.out


def translated(title: str, dice: random.Random) -> str:
    """Word by word into French, English or Arabic by the shipped word list; one word of five is left out or stays."""
    words = []
    lang = dice.choice(("fr", "en", "ar", "fr", "en"))
    for word in title.split():
        chance = dice.random()
        if chance < 0.1:
            continue
        others = dictionary().get(word.strip(",.:;()").lower(), {}).get(lang) if chance > 0.2 else None
        words.append(dice.choice(others) if others else word)
    return " ".join(words) or title


def shortened(title: str, dice: random.Random) -> str:
    """Some words cut to an abbreviation or left out."""
    words = []
    for word in title.split():
        chance = dice.random()
        if chance < 0.15 and len(title.split()) > 3:
            continue
        words.append(f"{word[:4]}." if chance > 0.8 and len(word) > 7 else word)
    return " ".join(words) or title


def mistyped(title: str, dice: random.Random) -> str:
    """Two letters changed places in about one word of six."""
    words = []
    for word in title.split():
        if dice.random() < 0.16 and len(word) > 4:
            at = dice.randrange(1, len(word) - 2)
            word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        words.append(word)
    return " ".join(words)


def reordered(title: str, dice: random.Random) -> str:
    """The second half first."""
    words = title.split()
    at = dice.randrange(1, max(2, len(words)))
    return " ".join(words[at:] + words[:at])


_REWORD = {"s": shortened, "r": reordered, "t": mistyped}


def _by_record(table: pa.Table) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in table.to_pylist():
        found[row["record_id"]].append(row)
    return found


def _name(row: Row) -> str:
    return " ".join(sorted(set(title_tokens(row["title"] or ""))))


def _pair(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)
