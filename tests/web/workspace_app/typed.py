"""A form as a browser would send it: every field as it stands on the page, with some of them changed."""

from typing import Any

from lxml import html


def typed(answer: Any, form_id: str = "record-form", **changes: Any) -> dict[str, Any]:
    """The fields of a form of an answer; a change of None takes a field out, a list ticks those boxes."""
    page = html.fromstring(answer.content.decode())
    form = next(f for f in page.forms if f.get("id") == form_id)
    values: dict[str, Any] = {}
    for field in form.iter("input", "select", "textarea"):
        if field.get("name") and (sent := _sent(field)):
            values.setdefault(field.get("name"), []).extend(sent)
    for name, value in changes.items():
        if value is None:
            values.pop(name, None)
        else:
            values[name] = value if isinstance(value, list) else [value]
    return values


def _sent(field: Any) -> list[str]:
    """What a browser sends of a field (HTML, form submission); lxml's own reading knows no empty value of a box."""
    if field.tag == "select":
        chosen = [o for o in field.iter("option") if o.get("selected") is not None] or list(field.iter("option"))[:1]
        return [str(option.get("value", option.text)) for option in chosen]
    if field.tag == "textarea":
        return [(field.text or "").removeprefix("\n")]
    if field.get("type") in ("checkbox", "radio"):
        return [field.get("value", "on")] if field.get("checked") is not None else []
    return [field.get("value", "")]
