"""Changes as a document (a YAML file, a JSON message, a row of the registry), and as short texts for addresses.

Place on the way: before `applying`. Plain values enter, changes leave, and back. What is wrong is said with where it
stands and what to do. Whether a node or a place exists is asked of the edition, in `ground`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import yaml

from concerted.codelists.frameworks import SUPPLY_KINDS
from concerted.matching.what_if.changes import MOST, Add, Change, Cost, End, Move, Rule, Where
from concerted.model.errors import ConfigError
from concerted.model.ids import id_from_text, id_text
from concerted.model.yaml import load_yaml

#: Years that a picture may speak of.
YEARS = (1900, 2200)
_LARGEST = Decimal(10) ** 13
_CENT = Decimal("0.01")
_WHERE = ("node", "place", "year")
_KINDS = ("move", "add", "end", "rule", "cost")
_NAMED = 100


class ChangeError(ConfigError):
    """A change that cannot be read.

    Attributes:
        where: such as `changes[2].from.year`.
        what: what is wrong with it.
        remedy: what to do.
    """

    def __init__(self, where: str, what: str, remedy: str) -> None:
        super().__init__(f"{where}: {what}; {remedy}")
        self.where, self.what, self.remedy = where, what, remedy


@dataclass(frozen=True)
class Scenario:
    """Changes, and the framework that they are about; null = the strategy."""

    changes: tuple[Change, ...]
    framework: str | None = None


def read_file(path: Path, find_activity: Callable[[str], int] | None = None) -> Scenario:
    """The changes of a YAML file.

    Args:
        find_activity: the id of a project by what people call it; without it only ids are understood.

    Raises:
        ConfigError: it is no such file; says where and what to do.
    """
    try:
        raw = load_yaml(path.read_text("utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not a YAML file in UTF-8: {error}") from error
    if not isinstance(raw, dict) or set(raw) - {"framework", "changes"} or not isinstance(raw.get("changes"), list):
        raise ConfigError(
            f"{path}: expected `changes:` with a list, and maybe `framework:`; see concerted what-if --help"
        )
    framework = raw.get("framework")
    if framework is not None and not isinstance(framework, str):
        raise ConfigError(f"{path}: framework: found {framework!r}; write the id or the name of one")
    try:
        return Scenario(read(raw["changes"], find_activity), framework)
    except ChangeError as error:
        raise ConfigError(f"{path}: {error}") from error


def read(raw: Any, find_activity: Callable[[str], int] | None = None) -> tuple[Change, ...]:
    """The changes of a document.

    Raises:
        ChangeError: one cannot be read.
    """
    if not isinstance(raw, list | tuple):
        raise ChangeError("changes", f"found {_shown(raw)}", "write a list")
    if len(raw) > MOST:
        raise ChangeError("changes", f"found {len(raw)}", f"write at most {MOST}")
    return tuple(_change(each, f"changes[{number}]", find_activity) for number, each in enumerate(raw, 1))


def document(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """The changes as plain values of JSON, that `read` takes back."""
    return [_document(change) for change in changes]


def text_of(change: Change) -> str:
    """A change as one short text for an address: its kind and its parts with `~` between."""
    match change:
        case Move(source, target, usd):
            parts = ["move", *_parts(source), *_parts(target), usd]
        case Add():
            parts = ["add", change.node, change.place, change.year, change.last_year]
            parts += [change.low, change.best, change.high]
        case End():
            parts = ["end", id_text(change.activity_id), change.last_day]
        case Rule():
            parts = ["rule", change.covered, change.not_covered, change.freshness_months, change.supply_kind]
        case Cost():
            parts = ["cost", change.node, change.factor]
    texts = ("" if part is None else format(part, "f") if isinstance(part, Decimal) else str(part) for part in parts)
    return "~".join(quote(text, safe="").replace("~", "%7E") for text in texts)


def from_text(text: str, number: int = 1) -> Change:
    """The change that `text_of` wrote.

    Raises:
        ChangeError: it is none.
    """
    parts = [unquote(part) or None for part in text.split("~")]
    kind, rest = parts[0], parts[1:]
    lengths = {"move": 7, "add": 7, "end": 2, "rule": 4, "cost": 2}
    if kind not in lengths or len(rest) != lengths[kind]:
        raise ChangeError(f"changes[{number}]", f"found {_shown(text)}", "make it anew on the page")
    raw: dict[str, Any]
    match kind:
        case "move":
            raw = {"move": rest[6], "from": _stated(_WHERE, rest[:3]), "to": _stated(_WHERE, rest[3:6])}
        case "add":
            amounts = _stated(("low", "best", "high"), rest[4:])
            raw = {"add": amounts, "at": _stated(_WHERE, rest[:3]), "last_year": rest[3]}
        case "end":
            raw = {"end": rest[0], "last_day": rest[1]}
        case "rule":
            raw = {"rule": _stated(("covered", "not_covered", "freshness_months", "supply_kind"), rest)}
        case _:
            raw = {"cost": _stated(("node", "factor"), rest)}
    return _change(raw, f"changes[{number}]", None)


def _stated(names: Iterable[str], values: Iterable[str | None]) -> dict[str, str]:
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}


def _parts(where: Where) -> list[Any]:
    return [where.node, where.place, where.year]


def _document(change: Change) -> dict[str, Any]:
    match change:
        case Move(source, target, usd):
            return {"move": format(usd, "f"), "from": _where_document(source), "to": _where_document(target)}
        case Add():
            amounts = {name: getattr(change, name) for name in ("low", "best", "high")}
            at = {"node": change.node, "place": change.place, "year": change.year}
            return {"add": _plain(amounts), "at": at, "last_year": change.last_year}
        case End():
            return {"end": id_text(change.activity_id), "last_day": change.last_day.isoformat()}
        case Rule():
            return {"rule": _plain({name: getattr(change, name) for name in Rule.__dataclass_fields__})}
        case Cost():
            return {"cost": _plain({"node": change.node, "factor": change.factor})}


def _where_document(where: Where) -> dict[str, Any]:
    return _plain(dict(zip(_WHERE, _parts(where), strict=True)))


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {k: format(v, "f") if isinstance(v, Decimal) else v for k, v in values.items() if v is not None}


def _change(raw: Any, at: str, find_activity: Callable[[str], int] | None) -> Change:
    if not isinstance(raw, Mapping):
        raise ChangeError(at, f"found {_shown(raw)}", f"write one of {', '.join(_KINDS)} with its members")
    kinds = [kind for kind in _KINDS if kind in raw]
    if len(kinds) != 1:
        raise ChangeError(at, f"found {', '.join(map(str, raw)) or 'nothing'}", f"write one of {', '.join(_KINDS)}")
    match kinds[0]:
        case "move":
            _only(raw, at, "move", "from", "to")
            return _move(raw, at)
        case "add":
            _only(raw, at, "add", "at", "last_year")
            return _add(raw, at)
        case "end":
            _only(raw, at, "end", "last_day")
            return End(_activity(raw["end"], f"{at}.end", find_activity), _day(raw.get("last_day"), f"{at}.last_day"))
        case "rule":
            _only(raw, at, "rule")
            return _rule(raw["rule"], f"{at}.rule")
        case _:
            _only(raw, at, "cost")
            return _cost(raw["cost"], f"{at}.cost")


def _move(raw: Mapping[str, Any], at: str) -> Move:
    usd = _amount(raw["move"], f"{at}.move")
    if usd is None or usd <= 0:
        raise ChangeError(f"{at}.move", f"found {_shown(raw['move'])}", "write an amount in dollars above 0")
    source, stated = _where(raw.get("from"), f"{at}.from"), _where(raw.get("to"), f"{at}.to")
    target = source.but(stated)
    if target == source:
        raise ChangeError(f"{at}.to", "it is where the money is already", "name another node, place or year")
    return Move(source, target, usd)


def _add(raw: Mapping[str, Any], at: str) -> Add:
    where = _where(raw.get("at"), f"{at}.at")
    if where.node is None or where.place is None or where.year is None:
        raise ChangeError(f"{at}.at", "a new project needs a node, a place and a year", "name all three")
    stated = raw["add"]
    amounts = stated if isinstance(stated, Mapping) else {} if stated is None else dict.fromkeys(_RANGE, stated)
    _only(amounts, f"{at}.add", *_RANGE)
    low, best, high = (_amount(amounts.get(name), f"{at}.add.{name}") for name in _RANGE)
    known = [value for value in (low, best, high) if value is not None]
    if known and (len(known) < len(_RANGE) or known != sorted(known)):
        raise ChangeError(f"{at}.add", "low, best and high are not in this order", "state all three, or none: unknown")
    last = where.year if raw.get("last_year") is None else _year(raw["last_year"], f"{at}.last_year")
    if not where.year <= last <= where.year + _NAMED:
        raise ChangeError(f"{at}.last_year", f"found {last}", f"write a year from {where.year} on")
    return Add(where.node, where.place, where.year, last, low, best, high)


_RANGE = ("low", "best", "high")


def _rule(raw: Any, at: str) -> Rule:
    if not isinstance(raw, Mapping) or not raw:
        raise ChangeError(at, f"found {_shown(raw)}", "name what changes: covered, not_covered, ..")
    _only(raw, at, *Rule.__dataclass_fields__)
    shares = {}
    for name in ("covered", "not_covered"):
        value = _decimal(raw.get(name), f"{at}.{name}")
        if value is not None and not 0 <= value <= 10:
            raise ChangeError(f"{at}.{name}", f"found {value}", "write a share such as 0.8")
        # The picture compares shares in ten-thousandths.
        shares[name] = None if value is None else value.quantize(Decimal("0.0001")).normalize()
    months = _whole(raw.get("freshness_months"), f"{at}.freshness_months", 0, 1200)
    kind = raw.get("supply_kind")
    if kind is not None and kind not in SUPPLY_KINDS:
        raise ChangeError(f"{at}.supply_kind", f"found {_shown(kind)}", f"write one of {', '.join(SUPPLY_KINDS)}")
    return Rule(shares["covered"], shares["not_covered"], months, kind)


def _cost(raw: Any, at: str) -> Cost:
    if not isinstance(raw, Mapping):
        raise ChangeError(at, f"found {_shown(raw)}", "write a factor, and maybe a node")
    _only(raw, at, "node", "factor")
    factor = _decimal(raw.get("factor"), f"{at}.factor")
    if factor is None or not 0 <= factor <= 1000:
        raise ChangeError(f"{at}.factor", f"found {_shown(raw.get('factor'))}", "write a factor from 0, such as 1.2")
    return Cost(_id(raw.get("node"), f"{at}.node"), factor.quantize(Decimal("0.0001")).normalize())


def _where(raw: Any, at: str) -> Where:
    if raw is None:
        return Where()
    if not isinstance(raw, Mapping):
        raise ChangeError(at, f"found {_shown(raw)}", "write node, place and year, as far as they matter")
    _only(raw, at, *_WHERE)
    year = raw.get("year")
    return Where(
        _id(raw.get("node"), f"{at}.node"),
        _id(raw.get("place"), f"{at}.place"),
        None if year is None else _year(year, f"{at}.year"),
    )


def _only(raw: Mapping[str, Any], at: str, *known: str) -> None:
    other = sorted(str(name) for name in raw if name not in known)
    if other:
        raise ChangeError(at, f"found {', '.join(other)}, which nobody knows", f"write only {', '.join(known)}")


def _id(raw: Any, at: str) -> str | None:
    if raw is None:
        return None
    _check_text(raw, at)
    if not 0 < len(raw.strip()) <= _NAMED:
        raise ChangeError(at, f"found {_shown(raw)}", "write an id")
    return str(raw).strip()


def _check_text(raw: Any, at: str) -> None:
    """Refuse what is no text: YAML reads 1.10 as 1.1 and 010 as 8, and would name another node in silence."""
    if not isinstance(raw, str):
        raise ChangeError(at, f"found {_shown(raw)}", "write it in quotes")


def _activity(raw: Any, at: str, find: Callable[[str], int] | None) -> int:
    _check_text(raw, at)
    try:
        return id_from_text(raw.strip())
    except ValueError as error:
        if find is not None:
            return find(raw.strip())
        raise ChangeError(
            at, f"found {_shown(raw)}", "write the 16 letters and digits in a project's address"
        ) from error


def _year(raw: Any, at: str) -> int:
    found = _whole(raw, at, *YEARS)
    if found is None:
        raise ChangeError(at, "no year is given", "write one such as 2026")
    return found


def _whole(raw: Any, at: str, least: int, most: int) -> int | None:
    if raw is None:
        return None
    text = str(raw).strip()
    if isinstance(raw, bool | float) or not (text.isascii() and text.isdigit()) or not least <= int(text[:9]) <= most:
        raise ChangeError(at, f"found {_shown(raw)}", f"write a whole number from {least} to {most}")
    return int(text)


def _day(raw: Any, at: str) -> date:
    if isinstance(raw, datetime):
        raw = raw.date()
    if isinstance(raw, date):
        return raw
    try:
        return date.fromisoformat(str(raw).strip())
    except ValueError as error:
        raise ChangeError(at, f"found {_shown(raw)}", "write the last day as YYYY-MM-DD") from error


def _decimal(raw: Any, at: str) -> Decimal | None:
    if raw is None:
        return None
    try:
        if isinstance(raw, bool):
            raise InvalidOperation
        value = Decimal(str(raw).strip().replace("_", "x"))
    except InvalidOperation as error:
        raise ChangeError(at, f"found {_shown(raw)}", "write a number") from error
    if not value.is_finite() or abs(value) > _LARGEST:
        raise ChangeError(at, f"found {_shown(raw)}", "write a number that money can be")
    return value


def _amount(raw: Any, at: str) -> Decimal | None:
    value = _decimal(raw, at)
    if value is None:
        return None
    if value < 0 or value != value.quantize(_CENT):
        raise ChangeError(at, f"found {_shown(raw)}", "write an amount in dollars from 0, with at most two decimals")
    return value.quantize(_CENT)


def _shown(raw: Any) -> str:
    text = repr(raw)
    return text if len(text) <= _NAMED else f"{text[:_NAMED]}.."
