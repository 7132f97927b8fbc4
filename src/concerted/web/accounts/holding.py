"""What a person holds, so that all of it moves to another person in one action.

A model that refers to an account says of each such field what it means: it is *held* (a task, a draft, a deadline: it
moves), *past* (who did something then: it stays) or *personal* (a password, a key: it goes nowhere). Apps declare
theirs where the model stands; a model that does not fails the system check, and so a test.

    @people(holder=held(open=Q(done_at=None)), entered_by=PAST)
    class Task(models.Model): ...
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Model, Q

M = TypeVar("M", bound=type[Model])
#: (rows that move, who gets them) -> how many moved.
Mover = Callable[[Any, Any], int]


@dataclass(frozen=True)
class Meaning:
    """What a reference to an account means.

    Attributes:
        open: of what is held, the rows that still are; what is finished stays with who finished it.
        move: moves the rows where a plain update would not do.
    """

    kind: Literal["held", "past", "personal"]
    open: Q = field(default_factory=Q)
    move: Mover | None = None


PAST = Meaning("past")
PERSONAL = Meaning("personal")

_DECLARED: dict[tuple[str, str], Meaning] = {
    # Models of the sign-in library, which cannot declare themselves.
    ("account.emailaddress", "user"): PERSONAL,
    ("mfa.authenticator", "user"): PERSONAL,
    ("socialaccount.socialaccount", "user"): PERSONAL,
}


def held(open: Q | None = None, move: Mover | None = None) -> Meaning:
    """The account holds it, as long as it is open."""
    return Meaning("held", open or Q(), move)


def people(**fields: Meaning) -> Callable[[M], M]:
    """Declare what the references of a model to accounts mean, each by the name of its field."""

    def declare(model: M) -> M:
        for name, meaning in fields.items():
            _DECLARED[model._meta.label_lower, name] = meaning
        return model

    return declare


def references() -> Iterator[tuple[type[Model], str]]:
    """Every field of every model that refers to an account."""
    for model in apps.get_models(include_auto_created=True):
        for each in model._meta.get_fields():
            is_ours = getattr(each, "model", None) is model and not each.auto_created
            if is_ours and each.is_relation and each.related_model is get_user_model():
                yield model, each.name


def undeclared() -> list[str]:
    """References to accounts of which nobody said what they mean."""
    return [f"{m._meta.label}.{name}" for m, name in references() if (m._meta.label_lower, name) not in _DECLARED]


def holdings() -> list[tuple[type[Model], str, Meaning]]:
    """What can be held, in a stable order."""
    found = [(m, name, _DECLARED.get((m._meta.label_lower, name))) for m, name in references()]
    kept = [(m, name, meaning) for m, name, meaning in found if meaning and meaning.kind == "held"]
    return sorted(kept, key=lambda each: (each[0]._meta.label_lower, each[1]))
