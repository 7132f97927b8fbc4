"""`mapping:` of a source.yml: which header means which field.

Place on the way: inside the sheet reader, and when inputs are found, so that a wrong mapping is told at once. The
mapping as YAML gave it enters; checked rules leave, and for a row of headers a plan.

    mapping:
      sheet: "Données*"              # name or pattern; without it every sheet in which most headers are found
      header_rows: 2                 # rows that the headers take; joined by a blank, merged titles over each column
      row: presence                  # or project (the default): what one row is
      columns:
        Organisation: implementing_org
        Secteur: {field: sector, separator: ";"}
        Début: {field: start_date, format: "%d/%m/%Y"}
        Statut: {field: state, values: {"en cours de dem": planned}}
        Budget (M FCFA): {field: budget, multiply: 1000000, currency: XOF, decimal: ","}
        Femmes: {field: reached, group: f}
        Pilier: {field: tag, framework: mali-pnlpevt}
        Téléphone: drop
      constants: {country: ML, currency: XOF}
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any, Literal, cast

from concerted.codelists.sheet_words import fold, sheet_words
from concerted.model.errors import ConfigError
from concerted.records.cells import parse_bool, parse_date, parse_month, parse_number
from concerted.records.countries import country_code
from concerted.sources.grid.fields import FIELDS, SINGLE, Column, Plan

_KEYS = frozenset(("sheet", "header_rows", "row", "columns", "constants"))
_OPTIONS = frozenset(
    ("field", "group", "language", "separator", "format", "decimal", "multiply", "currency", "vocabulary", "framework")
) | {"values"}
_CONSTANTS = frozenset(
    ("country", "currency", "reporting_org", "reporting_org_ref", "reporting_org_type", "state", "language")
) | {"reported_date", "reported_year", "reported_month", "start_date", "end_date", "value_date", "humanitarian"}


@dataclass(frozen=True)
class SheetMapping:
    """A checked mapping; `rules` by folded header."""

    sheet: str | None
    header_rows: int
    row_kind: Literal["presence", "project"]
    rules: Mapping[str, Column]
    constants: Mapping[str, str]

    def applies_to(self, sheet: str | None) -> bool:
        """Whether a sheet's name fits; delimited text has no name and always fits."""
        return sheet is None or self.sheet is None or fnmatchcase(fold(sheet), fold_pattern(self.sheet))

    def found_in(self, headers: Sequence[str]) -> int:
        """How many of the mapped headers stand in a row."""
        return len({fold(h) for h in headers} & self.rules.keys())


def fold_pattern(pattern: str) -> str:
    """A pattern for folded names: the wildcards stay."""
    return "*".join(fold(part) for part in pattern.split("*"))


def parse_mapping(raw: Mapping[str, Any], where: str = "mapping") -> SheetMapping:
    """Check a mapping.

    Raises:
        ConfigError: an unknown key, field or option, or a bad value; says which, and what was expected.
    """
    _no_other_keys(where, raw, _KEYS)
    columns = raw.get("columns")
    if not isinstance(columns, dict) or not columns:
        raise ConfigError(f"{where}.columns: found {columns!r}, expected headers with their fields")
    rules: dict[str, Column] = {}
    parties: dict[str, int] = {}
    for header, rule in columns.items():
        at = f"{where}.columns[{header!r}]"
        column = _column(at, str(header), rule)
        if fold(str(header)) in rules:
            raise ConfigError(f"{at}: this header is there twice (case and accents do not matter)")
        if "org" in column.field.split("_"):
            parties[column.field] = parties.get(column.field, 0) + 1
            column = dataclasses.replace(column, party=str(parties[column.field]))
        rules[fold(str(header))] = column
    header_rows, row, sheet = raw.get("header_rows", 1), raw.get("row", "project"), raw.get("sheet")
    if header_rows not in (1, 2, 3, 4) or isinstance(header_rows, bool):
        raise ConfigError(f"{where}.header_rows: found {header_rows!r}, expected 1 to 4")
    if row not in ("presence", "project"):
        raise ConfigError(f"{where}.row: found {row!r}, expected presence or project")
    if sheet is not None and not isinstance(sheet, str):
        raise ConfigError(f"{where}.sheet: found {sheet!r}, expected the name of a sheet")
    return SheetMapping(sheet, header_rows, row, rules, _constants(where, raw.get("constants") or {}))


def plan_columns(mapping: SheetMapping, headers: Sequence[str], sheet: str | None, first_row: int) -> Plan:
    """The plan for these headers; those without a rule become attributes, those of persons are dropped."""
    columns: list[Column] = []
    taken: set[str] = set()
    names: dict[str, int] = {}
    for index, header in enumerate(headers):
        name = header or f"column {index + 1}"
        names[name] = names.get(name, 0) + 1
        if names[name] > 1:
            name = f"{name} ({names[name]})"
        rule = mapping.rules.get(fold(header))
        if rule is None:
            is_person = sheet_words().persons.search(fold(header)) is not None
            columns.append(Column(index, name, "drop" if is_person else "attribute"))
            continue
        field = rule.field
        if field in SINGLE and field in taken and field != "country":
            field = "attribute"
        taken.add(field)
        columns.append(dataclasses.replace(rule, index=index, name=name, field=field))
    return Plan(tuple(columns), mapping.constants, mapping.row_kind, sheet, first_row)


def _column(where: str, header: str, rule: Any) -> Column:
    options: dict[str, Any] = {"field": rule} if isinstance(rule, str) else rule
    if not isinstance(options, dict):
        raise ConfigError(f"{where}: found {rule!r}, expected a field, or `field:` with options")
    _no_other_keys(where, options, _OPTIONS)
    field = options.get("field")
    if field not in FIELDS:
        near = get_close_matches(str(field), FIELDS, 3, 0.5)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise ConfigError(f"{where}.field: found {field!r}, which is no field{hint}")
    decimal, pattern = options.get("decimal"), options.get("format")
    if decimal not in (None, ",", "."):
        raise ConfigError(f'{where}.decimal: found {decimal!r}, expected "," or "."')
    if pattern is not None:
        _check_pattern(where, pattern)
    for key in ("group", "language", "separator", "vocabulary", "framework"):
        if options.get(key) is not None and (not isinstance(options[key], str) or not options[key]):
            raise ConfigError(f"{where}.{key}: found {options[key]!r}, expected a text (in quotes)")
    return Column(
        index=-1,
        name=header,
        field=field,
        group=options.get("group"),
        lang=options.get("language"),
        separator=options.get("separator"),
        date_format=pattern,
        decimal=decimal,
        factor=_factor(where, options.get("multiply", 1)),
        currency=_currency(where, options.get("currency")),
        vocabulary=options.get("vocabulary"),
        vocabulary_uri=options.get("framework"),
        values=_values(where, field, options.get("values") or {}),
    )


def _check_pattern(where: str, pattern: Any) -> None:
    sample = datetime(2021, 12, 31)  # noqa: DTZ001 (a day has no zone)
    try:
        is_day = datetime.strptime(sample.strftime(pattern), pattern) == sample  # noqa: DTZ007 (nor has this)
    except (ValueError, TypeError):
        is_day = False
    if not is_day:
        raise ConfigError(f"{where}.format: found {pattern!r}, expected a pattern such as %d/%m/%Y")


def _factor(where: str, raw: Any) -> Decimal:
    try:
        factor = Decimal(str(raw))
    except InvalidOperation:
        factor = Decimal(0)
    if isinstance(raw, bool) or not factor.is_finite() or factor <= 0:
        raise ConfigError(f"{where}.multiply: found {raw!r}, expected a number above 0, such as 1000000")
    return factor


def _currency(where: str, raw: Any) -> str | None:
    if raw is None:
        return None
    code = sheet_words().currencies.get(fold(str(raw)), str(raw).upper())
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise ConfigError(f"{where}.currency: found {raw!r}, expected an ISO 4217 code such as XOF")
    return code


def _values(where: str, field: str, raw: Any) -> dict[str, str]:
    if not isinstance(raw, dict):
        raise ConfigError(f"{where}.values: found {raw!r}, expected the source's words with what they mean")
    # YAML reads yes, no and numbers as values of their own; people mean the words.
    values = {fold(_word(key)): _word(value) for key, value in raw.items()}
    if field == "state":
        known = {state for state, _ in sheet_words().states.values()}
        for word, state in values.items():
            # An empty meaning says "unknown".
            if state and state not in known and fold(state) not in sheet_words().states:
                raise ConfigError(
                    f"{where}.values[{word!r}]: found {state!r}, expected one of {', '.join(sorted(known))}"
                )
    return values


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _constants(where: str, raw: Any) -> dict[str, str]:
    if not isinstance(raw, dict):
        raise ConfigError(f"{where}.constants: found {raw!r}, expected fields with values")
    _no_other_keys(f"{where}.constants", raw, _CONSTANTS)
    constants = {str(key): _word(value) for key, value in raw.items()}
    checks: dict[str, Any] = {
        **dict.fromkeys(("reported_date", "start_date", "end_date", "value_date"), parse_date),
        "reported_year": parse_number,
        "reported_month": parse_month,
        "humanitarian": parse_bool,
        "country": _known_country,
        "state": _known_state,
    }
    for key, value in constants.items():
        if key == "currency":
            constants[key] = cast(str, _currency(f"{where}.constants", value))
        try:
            checks.get(key, str)(value)
        except ValueError as error:
            raise ConfigError(f"{where}.constants.{key}: found {value!r}: {error}") from error
    return constants


def _known_country(text: str) -> None:
    if country_code(text) is None:
        raise ValueError("no country of this name or code")


def _known_state(text: str) -> None:
    if fold(text) not in sheet_words().states:
        raise ValueError("no word for a state")


def _no_other_keys(where: str, raw: Mapping[str, Any], known: frozenset[str]) -> None:
    other = sorted(str(key) for key in raw if key not in known)
    if other:
        raise ConfigError(f"{where}.{other[0]}: no such key; expected one of {', '.join(sorted(known))}")
