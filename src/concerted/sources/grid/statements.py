"""Statements made of the rows of a sheet.

Place on the way: step 2, for HXL and plain sheets alike. Rows and a plan enter; `rec_` tables leave. One row is one
statement.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

import pyarrow as pa

from concerted.codelists.sheet_words import fold, sheet_words
from concerted.marking.keys import NOBODY, Label, marking_key, parse_key
from concerted.model.ids import hash_id, id_text
from concerted.model.tables import rec_schema
from concerted.records.cells import Cell, parse_bool
from concerted.sources.base import Batch, Input
from concerted.sources.grid import children
from concerted.sources.grid.dates import Dates, dates_of
from concerted.sources.grid.fields import Column, Plan
from concerted.sources.grid.findings import Findings
from concerted.sources.grid.places import places
from concerted.sources.grid.values import Rows, first_column

Texts = list[str | None]


class StatementMaker:
    """Makes statements of one input; remembers only how often each row key was met."""

    def __init__(self, source: Input, findings: Findings) -> None:
        self._source = source
        self._findings = findings
        self._met: Counter[int] = Counter()

    def make(self, cells: Sequence[Sequence[Cell]], lines: Sequence[int], plan: Plan) -> Batch:
        """The statements of some rows.

        Args:
            cells: rows, each as wide as the plan's columns reach or shorter.
            lines: their 1-based row numbers.
        Issues: see codelists/issues.yml, those of cells; values that cannot be read are set aside, the row stays.
        """
        rows = Rows(cells, lines, self._findings)
        one = {field: _texts(rows, plan, field) for field in ("identifier", "group", "language", "currency")}
        config = self._source.config
        lang = [text or config.lang for text in one["language"]]
        state, status = _states(rows, plan)
        dates = dates_of(rows, plan, state, config.as_of)
        ids = self._ids(cells, lines, plan, one["identifier"])
        narrative, first = children.narratives(rows, plan, ids, lang)
        reporter = _reporters(rows, plan, config.publisher)
        currency = _currencies(rows, plan)
        location, recipient = places(rows, plan, ids)
        tables = {
            "narrative": narrative,
            "participating_org": children.participating_orgs(rows, plan, ids),
            "sector": children.sectors(rows, plan, ids),
            "tag": children.tags(rows, plan, ids),
            "people": children.people(rows, plan, ids),
            "location": location,
            "recipient": recipient,
            "document": children.documents(rows, plan, ids),
            "attribute": children.attributes(rows, plan, ids),
            **children.money(rows, plan, ids, currency, dates, lines),
        }
        marking, coarse = _markings(rows, plan, config.marking.precise, config.marking.coarse)
        n = len(rows)
        columns: dict[str, list[Any]] = {
            "record_id": ids,
            "source_id": [config.source_id] * n,
            "input_path": [self._source.name] * n,
            "line": list(lines),
            "sheet": [plan.sheet] * n,
            "kind": [plan.row_kind] * n,
            "identifier": one["identifier"],
            "group_key": _group_keys(rows, plan, one, state, dates),
            "reporting_org_ref": reporter[1],
            "reporting_org_type_code": reporter[2],
            "reporting_org_name": reporter[0],
            "title": first["title"][0],
            "title_lang": first["title"][1],
            "description": first["description"][0],
            "description_lang": first["description"][1],
            "activity_status_code": status,
            "state": state,
            **{
                f"{part}_{kind}_date": dates[f"{part}_{kind}"]
                for part in ("start", "end")
                for kind in ("planned", "actual")
            },
            "default_currency": currency,
            "default_lang": lang,
            "is_humanitarian": first_column(rows, plan, "humanitarian", parse_bool, "value_unknown"),
            "last_updated": [None if d is None else datetime(d.year, d.month, d.day) for d in dates["reported"]],  # noqa: DTZ001
            "marking_key": marking,
            "coarse_marking_key": coarse,
            "coarse_place_level": [None if c is None else config.marking.coarse_place_level for c in coarse],
            "is_partner_hidden": [config.marking.is_partner_hidden] * n,
            "is_counted_hidden": [config.marking.is_counted_hidden or None] * n,
            "is_supply": [config.is_supply] * n,
        }
        schema = rec_schema("activity")
        arrays = [pa.array(columns[f.name], f.type) if f.name in columns else pa.nulls(n, f.type) for f in schema]
        tables["activity"] = pa.table(arrays, schema=schema)
        return Batch(tables=tables, seen=n, read=n)

    def _ids(self, cells: Sequence[Sequence[Cell]], lines: Sequence[int], plan: Plan, identifiers: Texts) -> list[int]:
        """Record ids: of a project its code, of a presence row all its kept cells; then which one of equals it is.

        The input's name is part of the key, because monthly files of one source repeat their rows.
        """
        kept = [c.index for c in plan.columns if c.field != "drop"] or [0]
        pick = itemgetter(*kept) if len(kept) > 1 else lambda row: (row[kept[0]],)
        width = max(kept) + 1
        source_id, name, sheet = self._source.config.source_id, self._source.name, plan.sheet or ""
        by_code = plan.row_kind == "project"
        ids = []
        repeated = 0
        first_repeated = None
        for row, line, code in zip(cells, lines, identifiers, strict=True):
            is_coded = by_code and code is not None
            if is_coded:
                key = code or ""
            else:
                full = row if len(row) >= width else [*row, *[None] * (width - len(row))]
                key = "\x1e".join(map(str, pick(full)))
            record_id = hash_id(source_id, name, sheet, key)
            met = self._met[record_id]
            self._met[record_id] = met + 1
            if met:
                record_id = hash_id(source_id, name, sheet, key, str(met))
                if is_coded:
                    self._findings.note("warning", "identifier_duplicate", line, "identifier", found=code)
                else:
                    repeated += 1
                    first_repeated = first_repeated or line
            ids.append(record_id)
        if repeated:
            self._findings.note("info", "row_repeated", first_repeated, None, repeated)
        return ids


def _texts(rows: Rows, plan: Plan, field: str) -> Texts:
    column = next(iter(plan.of(field)), None)
    constant = plan.constants.get(field)
    if column is None:
        return [constant] * len(rows)
    return [constant if text is None else text for text in rows.texts(column)]


def _currencies(rows: Rows, plan: Plan) -> Texts:
    constant = plan.constants.get("currency")
    found: Texts = first_column(rows, plan, "currency", children.currency_of, "currency_unknown")
    return [constant if code is None else code for code in found]


def _states(rows: Rows, plan: Plan) -> tuple[Texts, Texts]:
    """State and ActivityStatus code of each row."""
    words = sheet_words()

    def read(cell: Cell) -> tuple[str, str | None] | None:
        text = fold(
            "" if cell is None else str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
        )
        if text in words.missing:
            return None
        if text not in words.states:
            raise ValueError("no word for a state; add it with `values:` in source.yml")
        return words.states[text]

    found = first_column(rows, plan, "state", read, "state_unknown")
    return [f and f[0] for f in found], [f and f[1] for f in found]


def _reporters(rows: Rows, plan: Plan, publisher: str | None) -> tuple[Texts, Texts, Texts]:
    """Name, identifier and kind of who reports.

    Its own column, else `org`. Then a list of projects is reported by who published it, a 3W row by who does the work.
    """
    parties = list(children.parties(rows, plan))
    doers = ("org",) if plan.row_kind == "project" and publisher else ("org", "implementing_org", "accountable_org")
    found = [party for base in ("reporting_org", *doers) for party in parties if party[0] == base]
    name = [plan.constants.get("reporting_org")] * len(rows)
    ref = [plan.constants.get("reporting_org_ref")] * len(rows)
    kind = [plan.constants.get("reporting_org_type")] * len(rows)
    for row in range(len(rows)):
        for _, separator, names, refs, kinds, _ in found:
            if name[row] is not None or ref[row] is not None:
                break
            text = names[row]
            if text is not None and separator and separator in text:
                text = text.split(separator)[0].strip() or None
            name[row], ref[row], kind[row] = text, refs[row], kinds[row]
        if name[row] is None and ref[row] is None:
            name[row] = publisher
    return name, ref, kind


def _markings(rows: Rows, plan: Plan, precise: str, coarse: str | None) -> tuple[list[str], Texts]:
    """Marking keys. A row's own marking replaces the source's and takes back its coarse view, which was not offered.

    A marking that cannot be read hides the row from everybody: to guess could reveal it.
    """
    column = next(iter(plan.of("marking")), None)
    if column is None:
        return [precise] * len(rows), [coarse] * len(rows)
    keys: list[str] = []
    views: Texts = []
    for row, text in enumerate(rows.texts(column)):
        if text is None:
            keys.append(precise)
            views.append(coarse)
            continue
        label, colon, names = text.strip().partition(":")
        if label.strip().upper() == "TLP":
            label, colon, names = names.partition(":")
        marking = parse_key(label.strip().upper().replace("_", "+") + colon + names)
        if marking == NOBODY:
            rows.findings.note("error", "marking_unknown", rows.lines[row], column.name)
            keys.append(str(Label.NOBODY))
        else:
            keys.append(marking_key(marking.label, marking.names))
        views.append(None)
    return keys, views


def _group_keys(rows: Rows, plan: Plan, one: dict[str, Texts], state: Texts, dates: dict[str, Dates]) -> Texts:
    """What rows of one activity share: its code, a stated group, or (3W) all they say but places and people."""
    keys = [group or code for group, code in zip(one["group"], one["identifier"], strict=True)]
    if plan.row_kind != "presence":
        return list(one["group"])
    fields = ("sector", "sector_code", "title", "description")
    columns: list[Column] = [c for c in plan.columns if c.field in fields or "org" in c.field.split("_")]
    said: list[Sequence[Any]] = [rows.texts(column) for column in columns]
    parts = zip(*said, state, dates["start"], dates["end"], strict=True)
    known: dict[Any, str] = {}
    for row, part in enumerate(parts):
        if keys[row] is None:
            if part not in known:
                known[part] = id_text(hash_id("group", *("" if p is None else str(p) for p in part)))
            keys[row] = known[part]
    return keys
