"""What programs send: a member that nobody knows is an error, and what the form of a page checks is checked by it."""

from collections.abc import Iterator
from typing import Any, Self

from django import forms
from ninja import Schema
from pydantic import ConfigDict, model_validator

#: Largest number that is looked for; a larger one would not fit the registry's columns.
LARGEST = 2**31 - 1


class Sent(Schema):
    """What a program sends: a member that nobody knows is an error, for it would be lost in silence."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="after")
    def is_text(self) -> Self:
        """Every text can be written down: half a character cannot, nor can the letter of no width that ends texts."""
        if not all(is_writable(text) for text in _texts(self.__dict__)):
            raise ValueError("a text holds NUL or half of a surrogate pair")
        return self


def is_writable(text: str) -> bool:
    """Whether both databases and UTF-8 can hold a text."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _texts(value: Any) -> Iterator[str]:
    """Every text in what was sent; without recursion, as JSON may be nested as deep as its parser lets it."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case str() as text:
                yield text
            case dict() as members:
                waiting += [*members, *members.values()]
            case list() | tuple() as members:
                waiting += members
            case Schema() as members:
                waiting.append(members.__dict__)
            case _:
                pass


class FormError(Exception):
    """What was sent does not pass the form of the page that does the same."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__(f"{len(errors)} errors")
        self.errors = errors


def checked(form: forms.Form) -> dict[str, Any]:
    """What a page's form makes of what was sent; so a program can say nothing that the page would not take.

    Raises:
        FormError: what it would say beside its fields.
    """
    if form.is_valid():
        return form.cleaned_data
    found = [
        {"where": "body" if name == "__all__" else f"body.{name}", "what": error.code or "invalid", "do": text}
        for name, errors in form.errors.as_data().items()
        for error in errors
        for text in error.messages
    ]
    raise FormError(found)
