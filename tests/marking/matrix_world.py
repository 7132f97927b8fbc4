"""One record for each kind of marking, with a word of its own in every field that tells something, and its edition.

A record is a file of IATI, so each has its own source, marking and views; markings that a source may not have (nobody,
misspelt, an empty list) stand in the rows of a sheet. The amount of record number n is 2 to the n dollars, so that any
sum tells exactly which records are in it.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import yaml

from concerted.build import build
from concerted.marking import Groups, GroupVersion, Viewer, signed_in
from concerted.steps import BuildRequest
from marking.oracle import Asker, History

FRAMEWORK = "pve-plan"
G1, G2, EMPTY, UNKNOWN, ENDED = (f"{i}{i}{i}{i}{i}{i}{i}{i}-0000-4000-8000-000000000000" for i in range(1, 6))
#: Where records are said to be: the region is in the coarse view, the district is not.
REGIONS = {"ML05": "Mopti", "ML07": "Gao", "ML01": "Kayes", "ML06": "Tombouctou"}

PRECISE = (
    "GREEN", f"AMBER:{G1}", f"AMBER:{G2}", f"AMBER:{G1},{G2}", f"AMBER:{EMPTY}", f"AMBER:{UNKNOWN}", f"AMBER:{ENDED}",
    "AMBER:justice", "AMBER+STRICT:o-one", "AMBER+STRICT:o-one,o-two", "RED:p-one", "RED:p-one,p-two",
)  # fmt: skip
#: Coarse view and whether it hides the partner; each precise marking gets some of them in turn.
COARSE = (("CLEAR", True), ("CLEAR", False), ("GREEN", True), (f"AMBER:{G2}", True), ("AMBER+STRICT:o-two", False))
IN_A_SHEET = ("NOBODY", "CLEARISH", "RED:", "AMBER:", "GREEN:x")


@dataclass(frozen=True)
class Record:
    """A record of the world. `coarse` and `precise` are the markings as written."""

    number: int
    precise: str
    coarse: str | None = None
    is_partner_hidden: bool = False
    is_row: bool = False

    @property
    def amount(self) -> int:
        """In dollars."""
        return 2**self.number

    @property
    def region(self) -> str:
        """P-code of the region."""
        return list(REGIONS)[self.number % len(REGIONS)]

    @property
    def district(self) -> str:
        """P-code of the district."""
        return f"{self.region}0{1 + self.number % 2}"

    def word(self, field: str) -> str:
        """The word that stands in `field` of this record and nowhere else."""
        digest = hashlib.sha256(f"{self.number} {field}".encode()).digest()
        return "zq" + "".join(chr(97 + byte % 26) for byte in digest[:8])

    @property
    def identifier(self) -> str:
        """Its IATI identifier."""
        return f"XX-{self.word('ref')}-{self.word('identifier')}"


def records() -> list[Record]:
    """All of them: open, every marking alone, with coarse views, and what cannot be understood."""
    found = [Record(0, "CLEAR"), Record(1, "CLEAR")]
    for turn, precise in enumerate(PRECISE):
        found.append(Record(len(found), precise))
        for coarse, is_hidden in (COARSE[turn % 5], COARSE[(turn + 2) % 5]):
            if coarse != precise:
                found.append(Record(len(found), precise, coarse, is_hidden))
    for precise in IN_A_SHEET:
        found.append(Record(len(found), precise, is_row=True))
    return found


#: Fields whose words are of the precise view alone; `partner` too where the coarse view hides it.
FIELDS = (
    "ref", "identifier", "title", "title-en", "description", "objective", "partner", "other-id", "site", "site-text",
    "implementer", "receiver", "provider", "activity-link", "transaction", "budget-line", "document", "url", "result",
    "indicator", "comment", "condition", "tag", "source",
)  # fmt: skip
PARTNER_FIELDS = frozenset({"partner", "ref"})


def words(wanted: Iterable[Record]) -> dict[str, tuple[Record, str]]:
    """Word -> its record and field."""
    return {record.word(field): (record, field) for record in wanted for field in FIELDS}


def _iati(record: Record) -> str:
    w, region = record.word, REGIONS[record.region]
    return f"""<?xml version="1.0" encoding="utf-8"?>
<iati-activities version="2.03"><iati-activity last-updated-datetime="2026-05-05T00:00:00Z" default-currency="USD"
 xml:lang="fr" linked-data-uri="https://example.org/{w("url")}">
<iati-identifier>{record.identifier}</iati-identifier>
<reporting-org ref="XX-{w("ref")}" type="22"><narrative>{w("partner")}</narrative></reporting-org>
<title><narrative>{w("title")}</narrative><narrative xml:lang="en">{w("title-en")}</narrative></title>
<description type="1"><narrative>{w("description")} médiation entre voisins</narrative></description>
<description type="2"><narrative>{w("objective")}</narrative></description>
<participating-org role="4" type="22"><narrative>{w("implementer")}</narrative></participating-org>
<other-identifier ref="{w("other-id")}" type="A1"/>
<activity-status code="2"/>
<activity-date type="2" iso-date="2025-02-01"/><activity-date type="3" iso-date="2026-11-01"/>
<recipient-country code="ML" percentage="100"/>
<location><name><narrative>{w("site")}</narrative></name>
<administrative code="{record.district}" level="2"/>
<description><narrative>{w("site-text")} {region}</narrative></description>
<point><pos>{14 + record.number / 1000:.4f} {-4 - record.number / 1000:.4f}</pos></point></location>
<sector vocabulary="1" code="15220" percentage="100"/>
<tag vocabulary="99" vocabulary-uri="https://example.org/" code="{w("tag")}"><narrative>{w("tag")}</narrative></tag>
<budget type="1" status="1"><period-start iso-date="2025-01-01"/><period-end iso-date="2025-12-31"/>
<value currency="USD" value-date="2025-01-01">{record.amount}</value></budget>
<transaction ref="{w("transaction")}"><transaction-type code="2"/><transaction-date iso-date="2025-03-01"/>
<value currency="USD" value-date="2025-03-01">{record.amount}</value>
<description><narrative>{w("budget-line")}</narrative></description>
<provider-org provider-activity-id="YY-{w("activity-link")}"><narrative>{w("provider")}</narrative></provider-org>
<receiver-org><narrative>{w("receiver")}</narrative></receiver-org></transaction>
<document-link format="application/pdf" url="https://example.org/{w("document")}.pdf">
<title><narrative>{w("document")}</narrative></title><category code="A01"/></document-link>
<related-activity ref="ZZ-{w("activity-link")}" type="1"/>
<conditions attached="1"><condition type="1"><narrative>{w("condition")}</narrative></condition></conditions>
<result type="1"><title><narrative>{w("result")}</narrative></title>
<indicator measure="1"><title><narrative>{w("indicator")} personnes atteintes</narrative></title>
<period><period-start iso-date="2025-01-01"/><period-end iso-date="2025-12-31"/><target value="40"/>
<actual value="{31 + record.number}"><comment><narrative>{w("comment")}</narrative></comment></actual></period>
</indicator></result></iati-activity></iati-activities>
"""


def write_sources(root: Path, wanted: Iterable[Record]) -> list[str]:
    """Write the sources of `wanted` below `root`; the paths to build from."""
    wanted = list(wanted)
    entries = []
    for record in wanted:
        if record.is_row:
            continue
        name = f"{record.word('source')}.xml"
        (root / "iati").mkdir(parents=True, exist_ok=True)
        (root / "iati" / name).write_text(_iati(record), "utf-8")
        marking: dict[str, object] = {"precise": record.precise}
        if record.coarse:
            marking |= {"coarse": record.coarse, "coarse_place_level": 1, "hide_partner": record.is_partner_hidden}
        entries.append({"files": [name], "id": record.word("source"), "marking": marking})
    (root / "iati" / "source.yml").write_text(yaml.safe_dump({"sources": entries}, allow_unicode=True), "utf-8")
    rows = [record for record in wanted if record.is_row]
    lines = ["#activity+code,#activity+name,#org+name,#adm2+code,#date+start,#value+usd,#meta+marking"]
    lines += [
        f'{r.identifier},{r.word("title")},{r.word("partner")},{r.district},2025-01-15,{r.amount},"{r.precise}"'
        for r in rows
    ]
    (root / "rows").mkdir()
    (root / "rows" / "rows.csv").write_text("\n".join([lines[0].replace("#", ""), *lines]) + "\n", "utf-8")
    return [str(root / name) for name in ("iati", "rows")]


def build_world(root: Path, wanted: Iterable[Record]) -> Path:
    """Build an edition of `wanted` in `root`; its folder."""
    sources = write_sources(root / "sources", wanted)
    return build(sources, root / "data", BuildRequest(frameworks=(FRAMEWORK,))).folder


#: Group -> its versions, oldest first: members, and whether the agreement still runs. UNKNOWN has none.
HISTORY: History = {
    G1: [({"o-m1", "o-gone"}, True), ({"o-m1", "o-m12"}, True)],
    G2: [({"o-m2", "o-m12"}, True)],
    EMPTY: [({"o-m1", "o-m2"}, True), (set(), True)],
    ENDED: [({"o-m1", "o-m2", "o-m12"}, False)],
}
DAY = date(2026, 6, 30)
RELATIONS = (
    Asker("public"),
    Asker("not signed in, says he is", organisation="o-one", claims=(G1, G2, EMPTY, UNKNOWN, "justice")),
    Asker("partner", "p-nine", "o-nine"),
    Asker("member of one group", "p-m1", "o-m1"),
    Asker("member of another", "p-m2", "o-m2"),
    Asker("member of both", "p-m12", "o-m12"),
    Asker("member until the last version", "p-gone", "o-gone"),
    Asker("owner of the groups", "p-owner", "o-owner"),
    Asker("of the named organisation", "p-of-one", "o-one"),
    Asker("of another named organisation", "p-of-two", "o-two"),
    Asker("named person", "p-one", "o-nine"),
    Asker("named person without an organisation", "p-two"),
    Asker("person called like an organisation", "o-one", "o-nine"),
    Asker("organisation called like a group", "p-justice", "justice"),
    Asker("organisation that reports", "p-reports", "XX-" + Record(4, "").word("ref")),
)  # fmt: skip
ROLES = (
    "secretariat", "coordination", "donor", "implementer", "community", "rights", "reader", "editor", "signer",
    "administrator",
)  # fmt: skip


def groups() -> Groups:
    """The groups of `HISTORY` as the site would know them."""
    made = datetime(2026, 1, 1, tzinfo=UTC)
    return Groups.of(
        GroupVersion(
            UUID(group), "o-owner", n, frozenset(members), made, "p-owner", None if runs else date(2026, 6, 29)
        )
        for group, versions in HISTORY.items()
        for n, (members, runs) in enumerate(versions, 1)
    )


def viewer(asker: Asker) -> Viewer:
    """The viewer that the site makes of somebody who asks."""
    if asker.person is None:
        return Viewer(None, asker.organisation, frozenset(asker.claims), frozenset(asker.roles))
    return signed_in(asker.person, asker.organisation, groups(), DAY, asker.roles)
