"""The matrix: every record x everybody who may ask x every channel x method, against the oracle.

Each question is a case: does the answer hold what this asker may see of this record, and nothing else? Answers are read
as a thief would: by words that stand in one field of one record only, by ids, and by sums of powers of two.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest

from concerted.marking import Viewer
from concerted.model.errors import ConfigError
from concerted.model.ids import id_text
from concerted.publish import lookup
from concerted.publish.changes import compare
from concerted.publish.figure import Figure
from concerted.publish.figures import explain
from concerted.publish.tables import FORMATS, export_table
from concerted.publish.visible import RULES
from concerted.store.query import open_edition
from marking import oracle
from marking.matrix_world import FRAMEWORK, HISTORY, PARTNER_FIELDS, Record, viewer, words
from marking.oracle import Asker
from web.site import Site

_WORD = re.compile(r"zq[a-z]{8}")
ABSENT = "0123456789abcdef"

#: Every address that lists several records, with every filter; True = a precise view must be listed by its title there.
LISTS: tuple[tuple[str, bool], ...] = (
    ("", False),
    ("coverage/", False),
    *((f"coverage/?{q}", False) for q in (
        "by=period", "by=partner", "open=1", "place=all", "place=ML05", "place=ML0501&exact=1", "period=2025", "node=1",
        "currency=XOF", "currency=EUR&kind=budget", "state=ongoing", f"framework={FRAMEWORK}", "start=1", "cells=small",
        "partner=hidden", "node=UNCLASSIFIED",
    )),
    ("coverage/cell/?node=ALL&place=all", False),
    ("coverage/cell/?node=1&place=ML05", False),
    ("coverage/cell/?node=UNCLASSIFIED", False),
    ("coverage/map/", False),
    ("coverage/map/?node=1&place=ML05", False),
    ("coverage/timeline/", False),
    ("coverage/timeline/?place=ML05", False),
    ("activities/", True),
    *((f"activities/?{q}", True) for q in (
        "place=all", "node=1", "period=2025", "state=ongoing", "kind=commitment", "currency=EUR",
    )),
    ("activities/?node=UNCLASSIFIED&place=all", False),
    ("activities/?partner=hidden&place=all", False),
    ("activities/?start=2", False),
    ("money/", False),
    ("money/?book=disbursement", False),
    ("search/", False),
    ("search/?q=mopti", False),
    ("partners/", False),
    ("partners/?place=ML05", False),
    ("quality/", False),
    ("method/", False),
    ("export/coverage.csv", False),
    ("export/coverage.csv?by=partner&place=all", False),
    ("export/coverage.csv?by=period&open=1", False),
    ("export/activities.csv", True),
    ("export/activities.csv?place=all&kind=budget", True),
    ("export/timeline.csv", True),
    ("no/such/page/", False),
    ("coverage/?framework=none", False),
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """An edition of the records, with their ids in it, and an older edition of the open ones for `diff`."""

    folder: Path
    records: tuple[Record, ...]
    before: Path

    def ids(self) -> dict[int, tuple[str, str]]:
        """Number of a record -> ids of its activity and its partner, as addresses write them."""
        rows = duckdb.execute(
            "SELECT identifier, activity_id, org_id FROM read_parquet($path)",
            {"path": str(self.folder / "core_activity.parquet")},
        ).fetchall()
        known = {identifier: (id_text(activity), id_text(org)) for identifier, activity, org in rows}
        return {record.number: known[record.identifier] for record in self.records}


@dataclass
class Matrix:
    """Asks, and notes every case and what is wrong."""

    world: World
    site: Site
    patch: pytest.MonkeyPatch
    scratch: Path
    cases: int = 0
    wrong: list[str] = field(default_factory=list)
    _viewer: Viewer = field(default_factory=Viewer)

    def __post_init__(self) -> None:
        from concerted.web.config import middleware, page_cache
        from concerted.web.config.page_cache import shelf
        from concerted.web.edition.current import CurrentEdition

        self.ids = self.world.ids()
        self.words = words(self.world.records)
        served = CurrentEdition(self.world.folder.parent.parent)
        shelf.clear()
        self.patch.setattr(middleware, "current", lambda: served)
        self.patch.setattr(middleware, "viewer_of", self._viewer_of)
        # Nobody of the matrix has an account, so the log of who saw what, in the registry, cannot name him.
        self.patch.setattr(page_cache, "note", lambda request, watched: None)

    # --- asking ---

    def _viewer_of(self, request: Any) -> Viewer:
        """Stands where the site asks the session who it is."""
        from concerted.web.accounts.models import User

        request.person = None if self._viewer.is_public else User(name=self._viewer.person or "")
        request.must_add_factor = False
        return self._viewer

    def get(self, asker: Asker, path: str, method: str = "get", lang: str = "en", **headers: str) -> Any:
        """What the site answers."""
        self._viewer = viewer(asker)
        answer = getattr(self.site.client, method)(f"/{lang}/{path}", headers=headers or None)
        answer.text = answer.content.decode("utf-8-sig")
        return answer

    def view(self, asker: Asker, record: Record) -> str | None:
        """What the oracle says."""
        return oracle.view_of(asker, record.precise, record.coarse, HISTORY)

    def knows_partner(self, asker: Asker, record: Record) -> bool:
        """Whether the view that the oracle gives tells who works there."""
        view = self.view(asker, record)
        return view == "precise" or (view == "coarse" and not record.is_partner_hidden)

    # --- judging ---

    def case(self, is_right: bool, channel: str, asker: Asker, record: Record | None, what: str) -> None:
        """One case."""
        self.cases += 1
        if not is_right:
            about = "" if record is None else f"record {record.number} ({record.precise}, coarse {record.coarse}): "
            self.wrong.append(f"{channel}, asked by {asker.name} {asker.roles}: {about}{what}")

    def judge_words(
        self, channel: str, asker: Asker, text: str, must: frozenset[str] = frozenset(), asked: str = ""
    ) -> None:
        """One case for each record: no word that its view does not hold; where `must`, one of those words is there.

        The word that was asked for says nothing.
        """
        found: dict[int, set[str]] = {}
        for word in set(_WORD.findall(text.lower())) - {asked}:
            if word in self.words:
                record, name = self.words[word]
                found.setdefault(record.number, set()).add(name)
        for record in self.world.records:
            seen = found.get(record.number, set())
            view = self.view(asker, record)
            allowed = seen if view == "precise" else PARTNER_FIELDS if self.knows_partner(asker, record) else set()
            self.case(seen <= allowed, channel, asker, record, f"as {view} sees {sorted(seen - allowed)}")
            if must and view == "precise" and not record.is_row:
                self.case(bool(seen & must), channel, asker, record, f"misses {sorted(must)}")

    def judge_there(
        self, is_there: bool, expected: bool, channel: str, asker: Asker, record: Record, what: str = ""
    ) -> None:
        """One case: there exactly if expected."""
        self.case(is_there == expected, channel, asker, record, f"{what} there: {is_there}, expected: {expected}")

    def judge_sum(self, channel: str, asker: Asker, told: str, expected: Iterable[Record]) -> None:
        """One case for each record: its power of two is in the sum exactly if expected."""
        total, wanted = int(float(told or 0)), {record.number for record in expected}
        for record in self.world.records:
            is_in = bool(total & record.amount)
            self.judge_there(is_in, record.number in wanted, channel, asker, record, "in the sum")

    # --- channels ---

    def lists(self, asker: Asker, langs: Sequence[str], chosen: Sequence[tuple[str, bool]] = LISTS) -> None:
        """Every page and export that lists."""
        for path, must in chosen:
            for lang in langs:
                text = self.get(asker, path, lang=lang).text
                titles = frozenset({"title", "title-en"}) if must else frozenset[str]()
                self.judge_words(f"/{lang}/{path}", asker, text, titles)
                self.case(
                    self.world.folder.name not in text, f"/{lang}/{path}", asker, None, "shows the edition's own id"
                )
                if must:
                    self.judge_listed(f"/{lang}/{path}", asker, text)

    def judge_listed(self, channel: str, asker: Asker, text: str) -> None:
        """The id of an activity is listed exactly if a view of it is seen."""
        for record in self.world.records:
            if not record.is_row:
                expected = self.view(asker, record) is not None
                self.judge_there(self.ids[record.number][0] in text, expected, channel, asker, record, "id")

    def sums(self, asker: Asker) -> None:
        """Totals, and the columns of regions, districts, years and partners, decoded."""
        seen = [r for r in self.world.records if self.view(asker, r) is not None and not r.is_row]
        precise = [r for r in seen if self.view(asker, r) == "precise"]
        for line in self.lines(asker, "export/activities.csv?place=all"):
            if line["activity"] == "TOTAL":
                self.judge_sum("total of the list", asker, line["high"], seen)
                self.case(line["title"] == str(len(seen)), "count of the list", asker, None, f"tells {line['title']}")
        for region in sorted({record.region for record in self.world.records}):
            for line in self.lines(asker, f"export/coverage.csv?place={region}"):
                if line["node"] != "ALL":
                    continue
                here = [r for r in seen if r.region == region]
                if line["place"] == "TOTAL":
                    self.judge_sum(f"total of {region}", asker, line["high"], here)
                    self.case(int(line["activities"]) == len(here), f"count of {region}", asker, None, "is wrong")
                elif line["place"] == "EXACT":  # said of the region as a whole: coarse views
                    self.judge_sum(f"{region} itself", asker, line["high"], [r for r in here if r not in precise])
                else:
                    there = [r for r in precise if r.district == line["place"]]
                    self.judge_sum(f"district {line['place']}", asker, line["high"], there)
        for line in self.lines(asker, "export/coverage.csv?by=partner&place=all"):
            if line["node"] == "ALL" and line["partner"] == "":
                unnamed = [r for r in seen if not self.knows_partner(asker, r)]
                self.judge_sum("partners not shown", asker, line["high"], unnamed)
        for line in self.lines(asker, "export/coverage.csv?by=period&place=all"):
            if line["node"] == "ALL" and line["period"] == "2025":
                self.judge_sum("year 2025", asker, line["high"], seen)

    def lines(self, asker: Asker, path: str) -> Iterator[dict[str, str]]:
        """The lines of an export by column."""
        return csv.DictReader(io.StringIO(self.get(asker, path).text))

    def pages_of_records(self, asker: Asker, methods: Sequence[str] = ("get", "head", "post")) -> None:
        """The page of each activity, by every method: forbidden and absent are the same."""
        absent = {method: self.get(asker, f"activities/{ABSENT}/", method) for method in methods}
        for record in self.world.records:
            path = f"activities/{self.ids[record.number][0]}/"
            view = self.view(asker, record)
            for method in methods:
                answer = self.get(asker, path, method)
                channel = f"{method} {path}"
                if view is None:
                    self.case(_same(answer, absent[method]), channel, asker, record, "differs from what is absent")
                elif method == "get":
                    self.case(answer.status_code == 200, channel, asker, record, f"is {answer.status_code}")
                    must = frozenset({"title"}) if view == "precise" else frozenset[str]()
                    self.judge_record(channel, asker, answer.text, record, must)
                else:
                    self.judge_record(channel, asker, answer.text, record, frozenset())

    def judge_record(self, channel: str, asker: Asker, text: str, record: Record, must: frozenset[str]) -> None:
        """One case: the page of one record holds what its view holds."""
        seen = {self.words[w][1] for w in set(_WORD.findall(text.lower())) & self.words.keys()
                if self.words[w][0].number == record.number}  # fmt: skip
        others = {self.words[w][0] for w in set(_WORD.findall(text.lower())) & self.words.keys()} - {record}
        view = self.view(asker, record)
        allowed = seen if view == "precise" else PARTNER_FIELDS if self.knows_partner(asker, record) else set()
        self.case(seen <= allowed, channel, asker, record, f"as {view} shows {sorted(seen - allowed)}")
        self.case(not must or must <= seen, channel, asker, record, f"misses {sorted(must - seen)}")
        hidden = [o.number for o in others if not self.knows_partner(asker, o)]
        self.case(not hidden, channel, asker, record, f"shows words of {hidden}")
        if view == "coarse":
            self.case(record.district not in text, channel, asker, record, "tells the district")

    def tags(self, asker: Asker, other: Asker, paths: Sequence[str]) -> None:
        """An ETag of another's page is worth nothing: 304 only where both pages are the same to the byte."""
        for path in paths:
            theirs, mine = self.get(other, path), self.get(asker, path)
            again = self.get(asker, path, **{"If-None-Match": theirs.get("ETag", '"none"')})
            is_same = theirs.content == mine.content and theirs.status_code == mine.status_code == 200
            self.case((again.status_code == 304) == is_same, f"If-None-Match {path}", asker, None, f"of {other.name}")
            if mine.status_code == 200:
                tells = (theirs.get("ETag") == mine.get("ETag")) == is_same
                self.case(
                    tells, f"ETag {path}", asker, None, f"differs from the one of {other.name} otherwise than pages"
                )

    def finder(self, asker: Asker) -> None:
        """Names completed, texts sought, lists of one partner, pages of partners and sources."""
        absent = self.get(asker, f"partners/{ABSENT}/")
        for record in self.world.records:
            activity, partner = self.ids[record.number]
            view, is_known = self.view(asker, record), self.knows_partner(asker, record)
            name = record.word("partner")
            for channel, headers in (("search", {}), ("typing", {"HX-Request": "true"})):
                text = self.get(asker, f"search/?q={name}", **headers).text
                self.judge_there(f"/partners/{partner}/" in text, is_known, channel, asker, record)
                self.judge_words(channel, asker, text, asked=name)
            text = self.get(asker, f"partners/?q={name}").text
            self.judge_there(partner in text, is_known and not record.is_row, "partners sought", asker, record)
            for sought in ("title", "title-en", "identifier", "site", "partner"):
                path = f"activities/?q={record.word(sought)}&place=all"
                text = self.get(asker, path).text
                self.case(view == "precise" or activity not in text, f"sought by {sought}", asker, record, "is found")
                if view == "precise" and sought == "title":
                    self.case(activity in text, "sought by title", asker, record, "is not found")
            for path in (f"activities/?partner={partner}&place=all", f"export/activities.csv?partner={partner}"):
                answer = self.get(asker, path)
                self.judge_there(activity in answer.text, is_known, path, asker, record)
            answer = self.get(asker, f"partners/{partner}/")
            if is_known:
                self.case(answer.status_code == 200, "page of the partner", asker, record, "is not there")
            else:
                self.case(_same(answer, absent), "page of the partner", asker, record, "differs from absent")
            answer = self.get(asker, f"money/?partner={partner}")
            self.case(is_known or _same(answer, absent), "money of the partner", asker, record, "differs from absent")
            answer = self.get(asker, f"quality/{record.word('source')}/")
            if view == "precise":
                self.case(answer.status_code == 200, "page of the source", asker, record, "is not there")
            else:
                self.case(_same(answer, absent), "page of the source", asker, record, "differs from absent")

    def tables(self, asker: Asker, forms: Sequence[str] = FORMATS, step: int = 1, only: str = "") -> None:
        """Every table (or each of so many, or one) in each format."""
        for form in forms:
            for table in [only] if only else sorted(RULES)[::step]:
                target = self.scratch / f"{table}.{form}"
                export_table(viewer(asker), self.world.folder, table, target, form)
                must = frozenset({"title", "title-en"}) if table == "core_activity" else frozenset[str]()
                self.judge_words(f"{table}.{form}", asker, _read(target, form), must)

    def commands(self, asker: Asker) -> None:
        """What `explain`, `diff` and the finding of names give, as JSON."""
        who = viewer(asker)
        opened = explain(who, self.world.folder, Figure(FRAMEWORK, finance_kind="commitment"))
        text = json.dumps(opened, default=str, ensure_ascii=False)
        self.judge_words("explain", asker, text, frozenset({"title", "title-en"}))
        self.judge_listed("explain", asker, text)
        seen = [r for r in self.world.records if self.view(asker, r) is not None and not r.is_row]
        self.judge_sum("total of explain", asker, str(opened["total"]["commitment"]["high_usd"]), seen)
        found = compare(who, self.world.before, self.world.folder)
        text = json.dumps(found, default=str, ensure_ascii=False)
        self.judge_words("diff", asker, text)
        for record in self.world.records:
            if record.precise != "CLEAR" and not record.is_row:  # the open ones are in both editions
                is_told = record.word("source") in text
                self.judge_there(is_told, self.view(asker, record) == "precise", "diff", asker, record, "input")
        own = self.world.folder.name in json.dumps([opened, found], default=str)
        self.case(not own, "explain and diff", asker, None, "show the edition's own id")
        with open_edition(self.world.folder) as connection:
            for record in self.world.records:
                is_precise = self.view(asker, record) == "precise"
                for channel, word, expected, find in (
                    ("partner by name", record.word("partner"), self.knows_partner(asker, record), lookup.find_partner),
                    ("activity by identifier", record.identifier, is_precise, lookup.find_activity),
                ):
                    said, is_found = _asked(lambda find=find, word=word: find(who, connection, word))  # type: ignore[misc]
                    self.judge_there(is_found, expected, channel, asker, record)
                    text = said.replace(word, "").replace(word.casefold(), "")
                    self.judge_words(channel, asker, text)


def _asked(find: Callable[[], Any]) -> tuple[str, bool]:
    try:
        return str(find()), True
    except ConfigError as error:
        return str(error), False


def _same(answer: Any, absent: Any) -> bool:
    """Whether two answers are one to who gets them."""
    return bool(
        (answer.status_code, answer.content, dict(answer.items()))
        == (absent.status_code, absent.content, dict(absent.items()))
    )


def _read(path: Path, form: str) -> str:
    beside = path.with_name(f"{path.stem}-metadata.json")
    about = beside.read_text("utf-8") if beside.exists() else ""
    match form:
        case "parquet":
            table = pq.read_table(path)
            return f"{table.schema.metadata} {table.to_pylist()}"
        case "xlsx":
            book = openpyxl.load_workbook(path, read_only=True)
            return about + str([row for sheet in book for row in sheet.iter_rows(values_only=True)])
        case _:
            return about + path.read_text("utf-8")
