"""What a check of an installation found, and the checks that apps bring: `config` itself knows no app that has one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "error"]


@dataclass(frozen=True)
class Finding:
    """What one check found. `do` says what to do; empty where nothing is to be done."""

    check: str
    state: State
    says: str
    do: str = ""


#: One look at what an app keeps; the registry is there when it is called.
Look = Callable[[], Finding]
_LOOKS: dict[str, Look] = {}


def let_doctor_look(check: str, look: Look) -> None:
    """Let `concerted doctor` make this check too; apps say so when they are ready (`AppConfig.ready`)."""
    _LOOKS[check] = look


def looks() -> dict[str, Look]:
    """The checks of the apps, by name, in the order of the names."""
    return dict(sorted(_LOOKS.items()))
