"""Whether a document speaks of support to security forces: what its words say, and what its owner answered.

Worked out from the document alone; `standing_needs` keeps it by version, so that no list has to read every document.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from concerted.classify.due_diligence import ActivityFacts, Answer, DueDiligence, Reason, due_diligence_of
from concerted.statements.document import Document
from concerted.web.workspace.clearing import SECURITY_SUPPORT


@dataclass(frozen=True)
class Need:
    """Whether due diligence is needed.

    Attributes:
        answer: yes, ask (its owner has to say) or no.
        said: what its owner said: yes, no, or nothing.
        signs: what the words alone say.
        whys: the sorts of signs, each once.
        facts: fingerprint of who receives and of the purposes.
    """

    answer: Answer
    said: str
    signs: Answer
    whys: tuple[str, ...]
    facts: str


def need_of(document: Document) -> Need:
    """The answer for a document. Sure signs hold whatever its owner says: a focal point may then say that they err."""
    return needs_of([document])[0]


def needs_of(documents: Sequence[Document]) -> list[Need]:
    """The answers for many documents, in their order."""
    facts = [facts_of(document) for document in documents]
    return [_need(*each) for each in zip(documents, facts, due_diligence_of(facts), strict=True)]


def _need(document: Document, facts: ActivityFacts, found: DueDiligence) -> Need:
    said = next((row["value"] for row in document.get("attribute") or () if row["name"] == SECURITY_SUPPORT), "")
    answer: Answer = found.answer
    if said == "yes":
        answer = "yes"
    elif said == "no" and answer == "ask":
        answer = "no"
    return Need(answer, said, found.answer, _whys(found.reasons), fingerprint(facts))


def facts_of(document: Document) -> ActivityFacts:
    """What a document says that bears on it: DAC purposes, who receives or implements, title and description."""
    sectors = [row for row in document.get("sector") or () if row.get("vocabulary_code") in ("1", None)]
    doers = [row.get("name") for row in document.get("participating_org") or () if row["role_code"] == "4"]
    receivers = [row.get("receiver_org_name") for row in document.get("transaction") or ()]
    texts = document.get("narrative") or ()
    return ActivityFacts(
        frozenset(row["code"] for row in sectors if row.get("code")),
        tuple(dict.fromkeys(name for name in (*doers, *receivers) if name)),
        _joined(row["text"] for row in texts if row["field"] == "title"),
        _joined(row["text"] for row in texts if row["field"] == "description"),
    )


def fingerprint(facts: ActivityFacts) -> str:
    """A digest of who receives and what for."""
    said = [sorted(facts.purpose_codes), sorted(facts.receiver_names)]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _whys(reasons: Iterable[Reason]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reason.why for reason in reasons))


def _joined(texts: Iterable[str]) -> str:
    """Texts of several languages in one, apart from each other, so that no sign is read across two."""
    return "\n".join(texts)
