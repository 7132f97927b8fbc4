"""Marking keys: the canonical text of a TLP 2.0 label with its names.

`CLEAR`, `GREEN`, `AMBER:group,group`, `AMBER+STRICT:organisation,..`, `RED:person,..`. Names are sorted and unique, so
that two equal markings are one key in a cube. An empty list of names means nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Label(StrEnum):
    """TLP 2.0 labels (FIRST, Traffic Light Protocol, August 2022), and NOBODY for what cannot be understood."""

    CLEAR = "CLEAR"
    GREEN = "GREEN"
    AMBER = "AMBER"
    AMBER_STRICT = "AMBER+STRICT"
    RED = "RED"
    NOBODY = "NOBODY"


#: Labels that are followed by the names of those who may see.
NAMED = frozenset({Label.AMBER, Label.AMBER_STRICT, Label.RED})


@dataclass(frozen=True, slots=True)
class Marking:
    """A label and, for AMBER (groups), AMBER+STRICT (organisations) and RED (persons), who is named."""

    label: Label
    names: frozenset[str] = frozenset()


NOBODY = Marking(Label.NOBODY)


def parse_key(key: str | None) -> Marking:
    """The marking that a key stands for; never an error.

    A missing, misspelt or malformed key gives NOBODY: an error message would reveal that something is there, and a
    guess could reveal the thing itself. Names are compared exactly; only blanks around them are dropped.
    """
    if key is None:
        return NOBODY
    word, colon, rest = key.partition(":")
    try:
        label = Label(word)
    except ValueError:
        return NOBODY
    if label in NAMED:
        return Marking(label, frozenset(name for part in rest.split(",") if (name := part.strip())))
    return NOBODY if colon or label is Label.NOBODY else Marking(label)


def narrowness(key: str | None) -> tuple[int, int, str]:
    """Sort key of marking keys, those that more people may see first; unlike keys never compare equal."""
    marking = parse_key(key)
    is_nobody = marking.label in NAMED and not marking.names
    label = Label.NOBODY if is_nobody else marking.label
    return list(Label).index(label), -len(marking.names), key or ""


def marking_key(label: Label | str, names: Iterable[str] = ()) -> str:
    """The canonical key of a label and its names, as tables carry it.

    Raises:
        ValueError: the label is unknown or takes no names, or a name holds a comma (which would name two).
    """
    label = Label(label)
    clean = sorted({name.strip() for name in names} - {""})
    if any("," in name for name in clean):
        raise ValueError(f"names of a marking must not hold a comma: {clean}")
    if label in NAMED:
        return f"{label}:{','.join(clean)}"
    if clean:
        raise ValueError(f"{label} takes no names, found {clean}")
    return str(label)
