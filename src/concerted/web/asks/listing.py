"""Needs and offers as lists, side by side: those of an edition as a viewer may see it, or those that the site keeps.

Enters: documents, or rows of an edition, and what an address asks for. Leaves: two pages of rows, each with how many
there are in all. Places and lines that a row names are resolved as matching does it; what means none is said.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from concerted.codelists import lists
from concerted.codelists.need_words import ASKS
from concerted.codelists.need_words import Ask as Which
from concerted.intake.vocabulary import Vocabulary, WordError
from concerted.model.errors import ConcertedError
from concerted.model.ids import id_from_text, id_text
from concerted.publish.visible import rows_sql
from concerted.statements.asks import last_day
from concerted.statements.document import plain_value
from concerted.web.asks.models import VALIDATED, Ask
from concerted.web.coverage.filters import NotThere
from concerted.web.edition.opened import Edition
from concerted.web.edition.places import chain_up
from concerted.web.edition.scope import Scope

#: Rows of each of the two lists on a page.
PAGE = 50
KINDS = ("money", "expertise", "training", "equipment")
#: What a list shows by its state; `open` holds what is validated too, `over` what is past, met, taken or withdrawn;
#: `unvalidated` are needs that wait for the keeper of the strategy, `diligence` those that wait for a focal point.
STATES = ("open", "validated", "unvalidated", "diligence", "over", "all")
WHOSE = ("ours", "others")


@dataclass(frozen=True)
class Row:
    """A need or an offer as lists and pages show it.

    Attributes:
        key: its id in an address.
        stated: what it says, as JSON holds it.
        terms: what it names, or is bound to.
        standing: its state as of the day that is looked at.
        owner: whose it is, in words; empty where that is not told.
        ask: what the site keeps of it; null for a row of an edition.
    """

    which: Which
    key: str
    stated: Mapping[str, Any]
    terms: Sequence[Mapping[str, Any]]
    standing: str
    owner: str = ""
    is_own: bool = False
    ask: Ask | None = None

    def codes(self, kind: str) -> list[str]:
        """What it names of a kind."""
        return [term["code"] for term in self.terms if term["kind"] == kind]


@dataclass(frozen=True)
class Wanted:
    """What an address asks for; null = all."""

    line: str | None = None
    place: str | None = None
    kind: str | None = None
    state: str = "open"
    whose: str | None = None
    page: int = 1

    def query(self, **changes: Any) -> str:
        """The query part of the address with some changes, `?` included; what is the default is left out."""
        wanted = replace(self, **{"page": 1, **changes})
        default = Wanted()
        parts = {f.name: getattr(wanted, f.name) for f in fields(wanted)}
        said = {name: value or "all" for name, value in parts.items() if value != getattr(default, name)}
        return "?" + urlencode(said) if said else "?"


def read_wanted(query: Mapping[str, str], words: Vocabulary) -> Wanted:
    """What the address asks for.

    Raises:
        NotThere: a value is none that is there.
    """
    lines = {node.id for node in words.framework.nodes} if words.framework else set[str]()
    places = {place.place_id for place in words.places}
    page = query.get("page", "1")
    return Wanted(
        _one(query, "line", lines),
        _one(query, "place", places),
        _one(query, "kind", KINDS),
        _one(query, "state", STATES) or "open",
        _one(query, "whose", WHOSE),
        max(1, int(page)) if page.isdecimal() and len(page) < 7 else 1,
    )


def _one(query: Mapping[str, str], name: str, known: Iterable[str]) -> str | None:
    value = query.get(name, "")
    if not value or (value == "all" and name != "state"):
        return None
    if value not in known:
        raise NotThere(name)
    return value


@dataclass(frozen=True)
class Names:
    """What a place or line of a row means, and what it lies in."""

    words: Vocabulary
    edition: Edition | None = None
    _above: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    @cached_property
    def _parents(self) -> dict[str, str | None]:
        return {node.id: node.parent_id for node in self.words.framework.nodes} if self.words.framework else {}

    def find(self, kind: str, text: str) -> str | None:
        """The id of a place or line; null where nothing is called so."""
        try:
            return self.words.place(text).place_id if kind == "place" else self.words.node(text)
        except WordError:
            return None

    def above(self, kind: str, text: str) -> frozenset[str]:
        """A place or line with all that it lies in; empty where it is not known."""
        if (kind, text) not in self._above:
            self._above[kind, text] = frozenset(self._chain(kind, self.find(kind, text)))
        return self._above[kind, text]

    def _chain(self, kind: str, at: str | None) -> list[str]:
        if at is None:
            return []
        if kind == "place":
            return chain_up(self.edition.places, at) if self.edition and at in self.edition.places else [at]
        found: list[str] = []
        while at is not None and at not in found:
            found.append(at)
            at = self._parents.get(at)
        return found

    def unknown(self, row: Row) -> list[str]:
        """What it names that nothing is called by: no match is proposed for such a row."""
        return [code for kind in ("node", "place") for code in row.codes(kind) if self.find(kind, code) is None]


@dataclass(frozen=True)
class Listed:
    """One of the two lists: rows of a page, how many there are with these filters, and how many without."""

    which: Which
    rows: list[Row]
    count: int
    all: int


def listed(rows: Iterable[Row], wanted: Wanted, names: Names) -> dict[Which, Listed]:
    """Both lists under the filters: needs by urgency, then by their last day; offers by theirs."""
    found: dict[Which, Listed] = {}
    sorted_rows = sorted(rows, key=_order)
    for which in ASKS:
        of_it = [row for row in sorted_rows if row.which == which]
        kept = [row for row in of_it if _is_wanted(row, wanted, names)]
        start = (wanted.page - 1) * PAGE
        found[which] = Listed(which, kept[start : start + PAGE], len(kept), len(of_it))
    return found


def _order(row: Row) -> tuple[Any, ...]:
    ends = last_day(row.stated)
    is_draft = row.ask is not None and row.ask.is_draft
    return (not is_draft, -(row.stated.get("urgency") or 0), ends or date.max, row.stated.get("title") or "", row.key)


def _is_wanted(row: Row, wanted: Wanted, names: Names) -> bool:
    return (
        (wanted.kind is None or row.stated["kind"] == wanted.kind)
        and _has_state(row, wanted.state)
        and (wanted.whose is None or row.is_own == (wanted.whose == "ours"))
        and _touches(row, "place", wanted.place, names)
        and _touches(row, "node", wanted.line, names)
    )


def _has_state(row: Row, state: str) -> bool:
    match state:
        case "all":
            return True
        case "open":
            return row.standing in ("open", VALIDATED)
        case "over":
            return row.standing not in ("open", VALIDATED)
        case "unvalidated" | "diligence":
            return waits(row, state)
    return row.standing == state


def waits(row: Row, state: str) -> bool:
    """Whether a need waits to be validated (`unvalidated`), or for due diligence (`diligence`)."""
    if row.which != "need" or row.standing not in ("open", VALIDATED) or (row.ask is not None and row.ask.is_draft):
        return False
    return row.standing == "open" if state == "unvalidated" else row.stated.get("due_diligence") == "pending"


def _touches(row: Row, kind: str, wanted: str | None, names: Names) -> bool:
    """A need lies within what is wanted; an offer could be given there: it is bound to nothing, or to what holds it."""
    if wanted is None:
        return True
    codes = row.codes(kind)
    if any(wanted in names.above(kind, code) for code in codes):
        return True
    return row.which == "offer" and (not codes or any(names.find(kind, c) in names.above(kind, wanted) for c in codes))


def kept_rows(asks: Iterable[Ask], today: date, own: str | None, lang: str) -> list[Row]:
    """What the site keeps, as rows. The caller has asked for what the viewer may read."""
    return [kept_row(ask, today, own, lang) for ask in asks]


def kept_row(ask: Ask, today: date, own: str | None, lang: str) -> Row:
    """One of them."""
    terms = ask.document.get("term") or ()
    is_own, owner = str(ask.owner_id) == own, ask.owner.label(lang)
    return Row(ask.asked, str(ask.pk), ask.stated, terms, ask.standing(today), owner, is_own, ask)


def edition_rows(scope: Scope, only: int | None = None) -> list[Row]:
    """What an edition holds, as far as the viewer may see it; all, or the one of an id."""
    if only is None:
        return scope.remember(("asks",), lambda: _edition_rows(scope, None))
    return _edition_rows(scope, only)


def edition_row(scope: Scope, key: str) -> Row:
    """One of them.

    Raises:
        NotThere: there is none, or none for this viewer.
    """
    try:
        number = id_from_text(key)
    except (ConcertedError, ValueError) as error:
        raise NotThere("need") from error
    found = edition_rows(scope, number)
    if not found:
        raise NotThere("need")
    return found[0]


def _edition_rows(scope: Scope, only: int | None) -> list[Row]:
    terms: dict[int, list[dict[str, Any]]] = {}
    for term in sorted(_visible(scope, "term", only), key=lambda row: (row["record_id"], row["kind"], row["seq"])):
        terms.setdefault(term["record_id"], []).append({n: v for n, v in term.items() if v is not None})
    found = []
    as_of = scope.edition.as_of or date.min
    for which in ASKS:
        for raw in _visible(scope, which, only):
            stated = {name: plain_value(value) for name, value in raw.items() if value is not None}
            ends = last_day(stated)
            state = stated.get("state") or "open"
            is_past = ends is not None and ends < as_of and state in ("open", VALIDATED)
            told = terms.get(raw["record_id"], [])
            who = stated.get("receiver_org_name" if which == "need" else "provider_org_name", "")
            standing = "past" if is_past else state
            found.append(Row(which, id_text(raw["record_id"]), stated, told, standing, who))
    return found


def _visible(scope: Scope, table: str, only: int | None) -> list[dict[str, Any]]:
    if not scope.filter.permitted:
        return []
    sql, _parameters = rows_sql(scope.filter, f"core_{table}")
    if only is None:
        return scope.dicts(sql)
    return scope.dicts(f"SELECT * FROM ({sql}) WHERE record_id = $only", {"only": only})


def amount_words(row: Row, number: Any) -> str:
    """How much, with its unit: a range where it is one, empty where nothing is said. `number` writes a number."""
    unit = "value" if row.stated["kind"] == "money" else "quantity"
    ends = ("low", "high") if row.which == "need" else ("most",)
    found = [row.stated.get(f"{end}_{unit}") for end in ends]
    told = [number(value) for value in dict.fromkeys(str(v) for v in found if v is not None)]
    what = row.stated.get("currency") if unit == "value" else row.stated.get("unit")
    return f"{' – '.join(told)} {what or ''}".strip() if told else ""


def ends_of(row: Row) -> date | None:
    """The last day on which it can be met or accepted."""
    return last_day(row.stated)


def kind_word(kind: str, lang: str) -> str:
    """What is asked for or offered."""
    return lists.label("ask_kind", kind, lang) or kind
