"""What screening can find, how grave it is, and by which rules it looks.

Place on the way: below the detectors and whoever asks them. A finding holds numbers and names of kinds and never a
piece of text: so nothing that prints, logs or stores one can tell what was written (design, law 10).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from concerted.model.yaml import load_yaml

#: Of a person (the first three), of an exact place (the next three), or a label on a religion or people.
Kind = Literal["email", "phone", "name", "site", "pcode", "place", "label"]
KINDS: tuple[Kind, ...] = get_args(Kind)
#: `refuse`: not taken as it is written. `ask`: the author says whether it is what it looks like.
Severity = Literal["refuse", "ask"]
Lang = Literal["fr", "en", "ar"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Where something stands that should not, or may not.

    `start` and `end` count characters of the text as it was given, so that only who has the text can show the words.
    """

    start: int
    end: int
    kind: Kind
    severity: Severity
    message_id: str


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names of places that a text must not tell, folded (`letters.folded`), with the longest count of words.

    `sites` are places of one purpose (a camp, a well, a clinic, an office); `villages` are told only in precise views.
    """

    sites: frozenset[str] = frozenset()
    villages: frozenset[str] = frozenset()

    @property
    def words(self) -> int:
        """How many words the longest name has."""
        return max((name.count(" ") + 1 for name in self.sites | self.villages), default=0)


@dataclass(frozen=True, slots=True)
class Rules:
    """What to look for.

    Attributes:
        kinds: sorts of findings.
        with_asks: also what only its author can judge. Readers of files have nobody to ask.
        finest_level: the finest administrative level whose p-codes may stand in the text; None allows all.
        gazetteer: names of places to look for; none by default.
        is_coarse: the text is of a coarse view, which tells no village.
    """

    kinds: frozenset[Kind] = frozenset(KINDS)
    with_asks: bool = True
    finest_level: int | None = None
    gazetteer: Gazetteer | None = None
    is_coarse: bool = False

    @classmethod
    def of(cls, kinds: Iterable[Kind], *, with_asks: bool = True) -> "Rules":
        """Rules for some kinds alone."""
        return cls(frozenset(kinds), with_asks)


@cache
def messages() -> Mapping[str, Mapping[str, Mapping[Lang, str]]]:
    """By message id: `message` (what was found) and `action` (what to write instead), by language."""
    found: Mapping[str, Mapping[str, Mapping[Lang, str]]] = load_yaml(
        files(__package__).joinpath("messages.yml").read_text("utf-8")
    )
    return found


def message(finding: Finding, lang: Lang) -> str:
    """What its author is told of a finding; the words themselves are not in it."""
    told = messages()[finding.message_id]
    return f"{told['message'][lang]} {told['action'][lang]}"


def masked(text: str, findings: Collection[Finding], mask: str) -> str:
    """`text` with what was found replaced; findings that touch each other are replaced as one."""
    pieces, last, is_open = list[str](), 0, False
    for finding in sorted(findings):
        if finding.start > last or not is_open:
            pieces += (text[last : finding.start], mask)
            is_open = True
        last = max(last, finding.end)
    return "".join((*pieces, text[last:]))
