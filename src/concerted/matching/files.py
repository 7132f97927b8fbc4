"""Files beside a run: its rules (YAML), what was accepted (CSV), and the run before (JSON).

Place on the way: before a run from the command line. Files enter; parameters and amounts leave.
"""

import csv
import io
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import yaml

from concerted.matching.asks import MatchParams
from concerted.matching.building import Asked
from concerted.matching.run import last_of
from concerted.model.errors import ConfigError
from concerted.model.yaml import load_yaml

_SHARES = ("caution", "fairness_price", "gap", "keep_bonus")
_ACCEPTED = ("need", "offer", "amount")


def read_rules(path: Path) -> MatchParams:
    """The secretariat's parameters; what the file does not name stays as it is by default.

    Raises:
        ConfigError: an unknown key or a value that cannot be; says which and what was expected.
    """
    try:
        raw = load_yaml(path.read_text("utf-8-sig")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not a YAML file in UTF-8: {error}") from error
    return rules_from(raw, f"{path}: ")


def rules_from(raw: object, where: str = "") -> MatchParams:
    """Parameters from names and values, as a file or a run that is kept holds them.

    Raises:
        ConfigError: an unknown name or a value that cannot be; says which, behind `where`.
    """
    known = {field.name for field in fields(MatchParams)}
    if not isinstance(raw, dict) or set(raw) - known:
        other = sorted(set(raw) - known) if isinstance(raw, dict) else raw
        raise ConfigError(f"{where}{other}: no such rule; expected one of {', '.join(sorted(known))}")
    return replace(MatchParams(), **{name: _checked(f"{where}{name}", name, value) for name, value in raw.items()})


def _checked(where: str, name: str, value: Any) -> Any:
    match name:
        case "urgency":
            if not isinstance(value, list | tuple) or len(value) != 4:
                raise ConfigError(f"{where}: found {value!r}, expected four weights, for urgency 1 to 4")
            return tuple(_number(where, part) for part in value)
        case "steps":
            return _steps(where, value)
        case "capacity" | "dollars":
            if not isinstance(value, dict):
                raise ConfigError(f"{where}: found {value!r}, expected names with amounts")
            return {str(key): _number(f"{where}.{key}", part) for key, part in value.items()}
        case "most_partners" | "explained":
            if value is None and name == "most_partners":
                return None
            if not isinstance(value, int) or isinstance(value, bool) or value < 0:
                raise ConfigError(f"{where}: found {value!r}, expected a whole number from 0")
            return value
        case _:
            number = _number(where, value)
            if name in _SHARES and number > 1:
                raise ConfigError(f"{where}: found {value!r}, expected a part from 0 to 1")
            return number


def _steps(where: str, value: Any) -> tuple[tuple[float, float], ...]:
    """Parts that make a whole, each worth no more than the one before."""
    try:
        steps = tuple((_number(where, part), _number(where, worth)) for part, worth in value)
    except (TypeError, ValueError) as error:
        raise ConfigError(f"{where}: found {value!r}, expected pairs [part, worth]") from error
    worths = [worth for _, worth in steps]
    if not math.isclose(sum(part for part, _ in steps), 1.0) or worths != sorted(worths, reverse=True):
        raise ConfigError(f"{where}: the parts must add up to 1, and no worth may be larger than the one before")
    return steps


def _number(where: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e15:
        raise ConfigError(f"{where}: found {value!r}, expected a number from 0")
    return float(value)


def read_last(path: Path) -> dict[tuple[str, str], float]:
    """What an earlier run proposed, from what `concerted match --save` wrote.

    Raises:
        ConfigError: it is no such file.
    """
    try:
        return last_of(json.loads(path.read_text("utf-8")))
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path}: not a run that concerted match --save wrote ({error})") from error


def read_accepted(path: Path, asked: Asked) -> Mapping[tuple[str, str], float]:
    """What both sides accepted: a CSV with the columns need, offer (their codes or ids) and amount.

    Raises:
        ConfigError: a column is missing, a code is unknown or several have it, or an amount is no number.
    """
    found: dict[tuple[str, str], float] = {}
    needs, offers = _codes(asked.needs), _codes(asked.offers)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.DictReader(stream)
        if set(_ACCEPTED) - set(rows.fieldnames or ()):
            raise ConfigError(f"{path}: expected the columns {', '.join(_ACCEPTED)}")
        for number, row in enumerate(rows, 2):
            need, offer = needs.get(row["need"] or "", []), offers.get(row["offer"] or "", [])
            if len(need) != 1 or len(offer) != 1:
                raise ConfigError(f"{path}:{number}: {row['need']} / {row['offer']}: not one need and one offer")
            try:
                amount = float(row["amount"] or "")
            except ValueError as error:
                raise ConfigError(f"{path}:{number}: found {row['amount']!r}, expected an amount") from error
            if not 0 < amount < 1e15:
                raise ConfigError(f"{path}:{number}: found {row['amount']!r}, expected an amount above 0")
            found[need[0], offer[0]] = amount
    return found


def accepted_text(rows: Iterable[tuple[str, str, float, str, str]]) -> str:
    """Rows (id of the need, id of the offer, amount, their codes) as `read_accepted` reads them, which takes the ids:
    two needs may have one code. The codes are for people. The same bytes for the same rows in any order."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*_ACCEPTED, "need_code", "offer_code"))
    writer.writerows((need, offer, f"{amount:.2f}", *codes) for need, offer, amount, *codes in sorted(rows))
    return out.getvalue()


def _codes(of: Any) -> dict[str, list[str]]:
    """Ids by code, and each by itself; a code that looks like another's id means both, and so neither."""
    found: dict[str, list[str]] = {}
    for one in of:
        for name in {one.code, one.id} - {""}:
            found.setdefault(name, []).append(one.id)
    return found
