"""What an edition holds of needs, offers and partners at work, as one viewer may see it.

Place on the way: before conditions. An edition's folder and a viewer enter; needs and offers leave, with nodes and
places resolved. A name that fits no node or place, or several, is kept as not understood: such a need or offer is
never matched, because an earmark that nobody could read binds all the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import duckdb

from concerted.codelists.sheet_words import fold
from concerted.marking import Viewer
from concerted.matching.asks import Kind, MatchParams, Need, Offer, met_from
from concerted.matching.building import Asked
from concerted.model.errors import ConfigError
from concerted.model.ids import id_text
from concerted.publish.figures import default_framework
from concerted.publish.visible import filter_of, visible_sql
from concerted.store.edition import read_manifest
from concerted.store.query import open_edition

_STATES_AT_WORK = ("planned", "ongoing")


def read_asked(
    viewer: Viewer,
    folder: Path,
    params: MatchParams,
    last: Mapping[tuple[str, str], float] | None = None,
    accepted: Mapping[tuple[str, str], float] | None = None,
) -> Asked:
    """What is to be matched, from an edition.

    What a viewer may not see enters nothing: neither as need or offer, nor as a partner that crowds a cell.

    Raises:
        ConfigError: the edition was made before there were needs and offers.
    """
    as_of = date.fromisoformat(str(read_manifest(folder)["as_of"]))
    framework = default_framework(folder)
    with open_edition(folder) as connection:
        known = {row[0] for row in connection.execute("SELECT view_name FROM duckdb_views()").fetchall()}
        if not {"core_need", "core_offer", "core_term"} <= known:
            raise ConfigError(f"edition {folder.name} holds no needs and offers; build it again from its sources")
        names = _Names(connection, framework)
        terms = _terms(viewer, connection)
        needs = tuple(_need(row, terms.get(row["record_id"], {}), names) for row in _rows(viewer, connection, "need"))
        offers = tuple(
            _offer(row, terms.get(row["record_id"], {}), names) for row in _rows(viewer, connection, "offer")
        )
        presence = _presence(viewer, connection, framework, needs, names)
    return Asked(needs, offers, as_of, params, presence, last or {}, accepted or {})


class _Names:
    """Nodes of the strategy and places by id, code and name, with all that lies above each."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, framework: str) -> None:
        nodes = connection.execute(
            "SELECT node_id, parent_id, code, name_fr, name_en, name_ar FROM core_node WHERE framework_id = ?",
            [framework],
        ).fetchall()
        places = connection.execute(
            """SELECT place_id, coalesce(parent_id, country_code), place_id, name, name_fr, name_en, name_ar, level
            FROM core_place ORDER BY level DESC, place_id"""
        ).fetchall()
        self.parents: dict[str, dict[str, str | None]] = {
            "node": {row[0]: row[1] for row in nodes},
            "place": {row[0]: row[1] if row[1] != row[0] else None for row in places},
        }
        self.levels = {row[0]: row[7] for row in places}
        self._names: dict[str, dict[str, set[str]]] = {"node": {}, "place": {}}
        for kind, rows in (("node", nodes), ("place", places)):
            for row in rows:
                for text in {row[0], *(word for word in row[2:7] if isinstance(word, str))}:
                    self._names[kind].setdefault(fold(text), set()).add(row[0])

    def find(self, kind: str, text: str) -> str | None:
        """The one node or place that is called so: an id first, then a name that only one has."""
        if text in self.parents[kind]:
            return text
        found = self._names[kind].get(fold(text), set())
        if kind == "place" and len(found) > 1:  # a region and its chief district share a name: the wider one is meant
            least = min(self.levels[place] for place in found)
            found = {place for place in found if self.levels[place] == least}
        return next(iter(found)) if len(found) == 1 else None

    def above(self, kind: str, key: str) -> frozenset[str]:
        """A node or place with all above it."""
        found, at = [key], self.parents[kind].get(key)
        while at is not None and at not in found:
            found.append(at)
            at = self.parents[kind].get(at)
        return frozenset(found)

    def region(self, place: str) -> str:
        """The region of a place: what lies right below the country."""
        return next((p for p in self.above("place", place) if self.levels.get(p) == 1), place)


def _rows(viewer: Viewer, connection: duckdb.DuckDBPyConnection, table: str) -> list[dict[str, Any]]:
    sql, given = visible_sql(viewer, connection, f"core_{table}")
    cursor = connection.execute(f"SELECT * FROM ({sql}) ORDER BY record_id", given)  # noqa: S608 (our own names)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _terms(viewer: Viewer, connection: duckdb.DuckDBPyConnection) -> dict[int, dict[str, list[str]]]:
    found: dict[int, dict[str, list[str]]] = {}
    for row in sorted(_rows(viewer, connection, "term"), key=lambda r: (r["record_id"], r["kind"], r["seq"])):
        found.setdefault(row["record_id"], {}).setdefault(row["kind"], []).append(row["code"])
    return found


def _resolved(terms: Mapping[str, list[str]], names: _Names) -> tuple[dict[str, frozenset[str]], tuple[str, ...]]:
    found: dict[str, frozenset[str]] = {}
    unknown: list[str] = []
    for kind in ("node", "place"):
        ids = {text: names.find(kind, text) for text in terms.get(kind, ())}
        found[kind] = frozenset(key for key in ids.values() if key is not None)
        unknown += [text for text, key in ids.items() if key is None]
    return found, tuple(sorted(unknown))


def _need(row: Mapping[str, Any], terms: Mapping[str, list[str]], names: _Names) -> Need:
    named, unknown = _resolved(terms, names)
    low, high, least = (_amount(row, end) for end in ("low", "high", "least"))
    high = low if high is None else high
    low = 0.0 if low is None else low
    within = {key: names.above(kind, key) for kind, keys in named.items() for key in keys}
    regions = sorted({names.region(place) for place in named["place"]})
    return Need(
        id=id_text(row["record_id"]),
        code=row["identifier"] or "",
        title=row["title"] or "",
        kind=cast(Kind, row["kind"]),
        high=high,
        low=low,
        least=least or 0.0,
        met_from=met_from(low, high, row["met_pct"]),
        nodes=named["node"],
        places=named["place"],
        within=within,
        region=regions[0] if len(regions) == 1 else None,
        receiver=row["receiver_org_ref"] or row["receiver_org_name"],
        receiver_type=row["receiver_type_code"],
        start=row["start_date"],
        end=row["end_date"],
        urgency=row["urgency"],
        origin=row["origin"],
        state=row["state"],
        due_diligence=row["due_diligence"],
        languages=frozenset(terms.get("language", ())),
        marking_key=row["marking_key"],
        unknown=unknown,
    )


def _offer(row: Mapping[str, Any], terms: Mapping[str, list[str]], names: _Names) -> Offer:
    named, unknown = _resolved(terms, names)
    return Offer(
        id=id_text(row["record_id"]),
        code=row["identifier"] or "",
        title=row["title"] or "",
        kind=cast(Kind, row["kind"]),
        most=_amount(row, "most"),
        least=_amount(row, "least") or 0.0,
        nodes=named["node"],
        places=named["place"],
        receiver_types=frozenset(terms.get("receiver_type", ())),
        languages=frozenset(terms.get("language", ())),
        provider=row["provider_org_ref"] or row["provider_org_name"],
        start=row["start_date"],
        end=row["end_date"],
        expiry=row["expiry_date"],
        state=row["state"],
        marking_key=row["marking_key"],
        unknown=unknown,
    )


def _amount(row: Mapping[str, Any], end: str) -> float | None:
    """Dollars of money, units of what is none; unknown stays unknown."""
    value: Decimal | int | None = row[f"{end}_usd"] if row["kind"] == "money" else row[f"{end}_quantity"]
    return None if value is None else float(value)


def _presence(
    viewer: Viewer,
    connection: duckdb.DuckDBPyConnection,
    framework: str,
    needs: Sequence[Need],
    names: _Names,
) -> dict[tuple[str, str], frozenset[str]]:
    """Partners with planned or ongoing work in the cells of the needs, by their reference, places rolled up."""
    cells = {(node, place) for need in needs for node in need.nodes for place in need.places}
    if not cells:
        return {}
    allowed = filter_of(viewer, connection)
    rows = connection.execute(
        f"""SELECT DISTINCT a.node_id, a.place_id, coalesce(o.ref, o.name)
        FROM out_allocation AS a
        JOIN (SELECT org_id, min(ref) AS ref, min(name) AS name FROM core_organisation GROUP BY org_id) AS o
          USING (org_id)
        WHERE a.framework_id = $framework AND a.state IN {_STATES_AT_WORK} AND {allowed.sql("a")}""",  # noqa: S608
        {"framework": framework} | (allowed.parameters if allowed.permitted else {}),
    ).fetchall()
    found: dict[tuple[str, str], set[str]] = {}
    for node, place, partner in rows:
        for cell in _up(names, node, place):
            if cell in cells and partner is not None:
                found.setdefault(cell, set()).add(partner)
    return {cell: frozenset(partners) for cell, partners in sorted(found.items())}


def _up(names: _Names, node: str, place: str) -> Iterable[tuple[str, str]]:
    return ((n, p) for n in names.above("node", node) for p in names.above("place", place))
