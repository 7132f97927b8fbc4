"""The description of the interface as a page shows it: chapters of operations, each with what it takes and gives."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

#: Parameters of every operation; they are told once, above all.
_EVERYWHERE = frozenset({"lang"})
#: Bodies that operations take, and what the page calls them.
_BODIES = {"body": "application/json", "form": "multipart/form-data"}


@dataclass(frozen=True)
class Parameter:
    """One value that is sent: where, whether it must be, and what it is."""

    name: str
    place: str
    is_needed: bool
    kind: str
    says: str


@dataclass(frozen=True)
class Described:
    """One operation."""

    id: str
    method: str
    address: str
    summary: str
    says: str
    scope: str
    needs: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    gives: tuple[Parameter, ...]


def chapters(description: dict[str, Any]) -> list[tuple[str, list[Described]]]:
    """(name, operations) in the order of the description."""
    found: dict[str, list[Described]] = {}
    for address, by_method in description["paths"].items():
        for method, operation in by_method.items():
            made = _described(description, address, method, operation)
            found.setdefault(operation["tags"][0], []).append(made)
    return list(found.items())


def _described(whole: dict[str, Any], address: str, method: str, operation: dict[str, Any]) -> Described:
    parameters = [
        Parameter(p["name"], p["in"], p.get("required", False), _kind(p["schema"]), _says(p))
        for p in operation["parameters"]
        if p["name"] not in _EVERYWHERE
    ]
    for place, content in _BODIES.items():
        body = operation.get("requestBody", {}).get("content", {}).get(content, {}).get("schema")
        parameters += [Parameter(n, place, needed, kind, says) for n, needed, kind, says in _members(whole, body)]
    good: dict[str, Any] = next((r for c, r in operation["responses"].items() if str(c).startswith("2")), {})
    gives = good.get("content", {}).get("application/json", {}).get("schema")
    return Described(
        id=operation["operationId"],
        method=method.upper(),
        address=address,
        summary=operation["summary"],
        says=operation.get("description", ""),
        scope=operation.get("x-scope", ""),
        needs=tuple(operation.get("x-needs", ())),
        parameters=tuple(parameters),
        gives=tuple(Parameter(n, "", needed, kind, says) for n, needed, kind, says in _members(whole, gives)),
    )


def _members(whole: dict[str, Any], schema: dict[str, Any] | None) -> Iterator[tuple[str, bool, str, str]]:
    schema = _followed(whole, schema or {})
    if schema.get("type") == "array":
        schema = _followed(whole, schema["items"])
    needed = schema.get("required", ())
    for name, each in schema.get("properties", {}).items():
        yield name, name in needed, _kind(each), each.get("description", "")


def _followed(whole: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " | ".join(_kind(each) for each in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"{_kind(schema['items'])}[]"
    return str(schema.get("format") or schema.get("type") or "any")


def _says(parameter: dict[str, Any]) -> str:
    return str(parameter.get("description") or parameter["schema"].get("description") or "")
