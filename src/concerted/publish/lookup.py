"""What people call a framework, node, place, partner or kind of money, and the id that an edition has for it.

Enters: an edition, a viewer, words. Leaves: the one id that is meant, or an error that says which ones are near: a
misspelt name must not read as a gap. Names of what the viewer may not see are no names.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import duckdb

from concerted.codelists import lists
from concerted.codelists.lexicon import fold
from concerted.marking import Viewer
from concerted.model.errors import ConfigError
from concerted.model.ids import id_from_text, id_text
from concerted.model.tables import ALL, REGIONAL, UNCLASSIFIED, UNKNOWN
from concerted.publish.visible import visible_sql

#: Near names that are offered.
SHOWN = 8
_LEVELS = {0: "country", 1: "region", 2: "second level", 3: "third level"}


@dataclass(frozen=True, slots=True)
class Named:
    """Something with an id, the names people may use for it, and what is said of it in a suggestion."""

    id: str
    names: tuple[str, ...]
    note: str = ""

    def __str__(self) -> str:
        shown = next(iter(self.names), "")
        return f"{self.id} {shown}{f' ({self.note})' if self.note else ''}".strip()


def find_framework(connection: duckdb.DuckDBPyConnection, words: str) -> str:
    """The id of a framework by its id or name.

    Raises:
        ConfigError: none is called so.
    """
    rows = connection.execute(
        "SELECT framework_id, name_en, name_fr, name_ar FROM core_framework ORDER BY 1"
    ).fetchall()
    return _find("framework", words, [_named(row[0], row[1:]) for row in rows], is_short=True)


def find_node(connection: duckdb.DuckDBPyConnection, framework: str, words: str) -> str:
    """The id of a node of `framework` by id, code or name; ALL and UNCLASSIFIED are themselves.

    Raises:
        ConfigError: none is called so, or several are.
    """
    if words.upper() in (ALL, UNCLASSIFIED):
        return words.upper()
    rows = connection.execute(
        "SELECT node_id, name_en, name_fr, name_ar, code FROM core_node WHERE framework_id = ? ORDER BY position",
        [framework],
    ).fetchall()
    return _find(f"node of {framework}", words, [_named(row[0], row[1:]) for row in rows])


def find_place(viewer: Viewer, connection: duckdb.DuckDBPyConnection, words: str) -> str:
    """The id of a place by code or name, of a country by code or name; UNKNOWN and REGIONAL are themselves.

    Raises:
        ConfigError: none is called so, or several are.
    """
    if words.upper() in (UNKNOWN, REGIONAL):
        return words.upper()
    if (country := lists.find_code("Country", words)) is not None:
        return country
    rows = connection.execute(
        """
        SELECT place_id, min(name), min(name_fr), min(name_en), min(name_ar), string_agg(alt_names, '|'), min(level),
               min(country_code), min(parent_id)
        FROM core_place GROUP BY place_id ORDER BY min(level), place_id"""
    ).fetchall()
    parents = {row[0]: row[1] for row in rows}
    places = [
        _named(
            row[0],
            (*row[1:5], *(row[5] or "").split("|")),
            ", ".join(filter(None, (_LEVELS.get(row[6], ""), parents.get(row[8]) or row[7]))),
        )
        for row in rows
    ]
    sql, given = visible_sql(viewer, connection, "out_allocation")
    used = connection.execute(f"SELECT DISTINCT place_id FROM ({sql})", given).fetchall()
    places += [Named(place, ()) for (place,) in sorted(used) if place not in parents]
    return _find("place", words, places)


def find_partner(viewer: Viewer, connection: duckdb.DuckDBPyConnection, words: str) -> int:
    """The id of an organisation by id, reference or name, of those that the viewer may know.

    Raises:
        ConfigError: none is called so, or several are.
    """
    sql, given = visible_sql(viewer, connection, "core_organisation")
    rows = connection.execute(
        f"SELECT DISTINCT org_id, name, name_en, name_fr, name_ar, ref FROM ({sql}) ORDER BY ALL", given
    ).fetchall()
    names: dict[int, list[str]] = {}
    for org, *found in rows:
        names.setdefault(org, []).extend(name for name in found if name)
    return id_from_text(_find("partner", words, [_named(id_text(org), found) for org, found in names.items()]))


def find_activity(viewer: Viewer, connection: duckdb.DuckDBPyConnection, words: str) -> int:
    """The id of an activity by id or published identifier, of those that the viewer may see.

    Raises:
        ConfigError: there is none.
    """
    sql, given = visible_sql(viewer, connection, "core_activity")
    rows = connection.execute(
        f"SELECT DISTINCT activity_id, identifier, title FROM ({sql}) WHERE activity_id IS NOT NULL ORDER BY ALL", given
    ).fetchall()
    try:
        return id_from_text(words)
    except ValueError:
        wanted = words.strip().casefold()
    found = {activity for activity, identifier, _ in rows if (identifier or "").casefold() == wanted}
    if len(found) == 1:
        return int(found.pop())
    known = [identifier for _, identifier, _ in rows if identifier]
    raise ConfigError(f"no activity {words!r} that you can see; {_near(words, known)}")


def find_kind(words: str) -> str:
    """A kind of money by its word in tables, or what it is called in French, English or Arabic; presence is one.

    Raises:
        ConfigError: there is none.
    """
    kinds = sorted(lists.codes("finance_kind") | {"presence", "budget", "planned_disbursement", "unknown"})
    names = [
        _named(kind, tuple(filter(None, (lists.label("finance_kind", kind, lang) for lang in ("en", "fr", "ar")))))
        for kind in kinds
    ]
    return _find("kind of money", words, names, is_short=True)


def _named(key: str, names: Iterable[str | None], note: str = "") -> Named:
    return Named(key, tuple(dict.fromkeys(name for name in names if name)), note)


def _find(what: str, words: str, known: Sequence[Named], *, is_short: bool = False) -> str:
    """The one that is meant: the exact id, then the id in any case, then a name without case and accents."""
    wanted = fold(words)
    for found in (
        [n for n in known if n.id == words],
        [n for n in known if n.id.casefold() == words.strip().casefold()],
        [n for n in known if any(fold(name) == wanted for name in n.names)],
    ):
        if len(found) == 1:
            return found[0].id
        if found:
            some = "; ".join(str(n) for n in found[:SHOWN])
            raise ConfigError(f"{words!r} is the name of {len(found)}: {some}. Name the one you mean by its code")
    within = [n for n in known if wanted and any(wanted in fold(name) for name in (n.id, *n.names))]
    folded = {fold(name): n for n in reversed(known) for name in (n.id, *n.names)}
    near = [folded[name] for name in get_close_matches(wanted, list(folded), SHOWN, 0.75)]
    offered = list(dict.fromkeys([*near, *within]))[:SHOWN]
    if offered:
        raise ConfigError(f"no {what} {words!r}; did you mean {' | '.join(str(n) for n in offered)}?")
    some = ", ".join(n.id for n in known[: len(known) if is_short else SHOWN])
    raise ConfigError(
        f"no {what} {words!r} in this edition; there are {len(known)}: {some}{'' if is_short else ', ...'}"
    )


def _near(words: str, known: Sequence[str]) -> str:
    near = get_close_matches(words, known, SHOWN, 0.7)
    return f"did you mean {' | '.join(near)}?" if near else "expected 16 hexadecimal digits or a published identifier"
