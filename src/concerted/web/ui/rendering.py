"""Form controls drawn without a template for each: a form of a hundred boxes took 30 ms of templates.

What they say is what Django's own templates say; whatever is not known here is left to those.
"""

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

_FOLDER = "django/forms/widgets/"
#: Templates that come to one `<input>`; an option only where its label stands elsewhere.
_INPUTS = frozenset(
    f"{_FOLDER}{kind}.html"
    for kind in (
        *("input", "text", "number", "email", "url", "password", "hidden", "date", "search", "tel"),
        *("checkbox", "checkbox_option", "radio_option"),
    )
)
_AREA = f"{_FOLDER}textarea.html"


class Renderer(DjangoTemplates):
    """Django's renderer, with a short way for what stands on a page many times."""

    def render(self, template_name: str, context: Any, request: HttpRequest | None = None) -> Any:
        """The HTML of one control."""
        widget = context.get("widget")
        if widget is not None and template_name in _INPUTS and not widget.get("wrap_label"):
            return _input(widget)
        if widget is not None and template_name == _AREA:
            return _area(widget)
        return super().render(template_name, context, request)


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    kind, name = _text(widget["type"]), _text(widget["name"])
    return SafeString(f'<input type="{kind}" name="{name}"{value}{_attributes(widget["attrs"])}>')


def _area(widget: Mapping[str, Any]) -> SafeString:
    # A line break right behind the tag is not part of the text, so one stands there always.
    value = _text(widget["value"] or "")
    return SafeString(f'<textarea name="{_text(widget["name"])}"{_attributes(widget["attrs"])}>\n{value}</textarea>')


def _attributes(attributes: Mapping[str, Any]) -> str:
    return "".join(
        f" {_text(name)}" if value is True else f' {_text(name)}="{_text(value)}"'
        for name, value in attributes.items()
        if value is not False
    )


def _text(value: Any) -> str:
    return conditional_escape(value if isinstance(value, str) else str(value))
