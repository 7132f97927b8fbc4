"""The life of an activity: requested, planned, ongoing, completed or cancelled; what each step needs.

Place on the way: behind the buttons of a record. A document and the step wanted enter; the document after it leaves, or
what is still needed. A request becomes a plan, and a plan work, in the same record: nothing is typed twice.
Source: DESIGN section 2 (I-ACT's five states); IATI ActivityDateType for the dates.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from concerted.statements.document import Document

State = Literal["requested", "planned", "ongoing", "completed", "cancelled"]

#: Where a step may lead. Back, too: people err, and a cancelled plan may be taken up again.
STEPS: dict[State | None, tuple[State, ...]] = {
    None: ("requested", "planned", "ongoing", "completed", "cancelled"),
    "requested": ("planned", "cancelled"),
    "planned": ("ongoing", "requested", "cancelled"),
    "ongoing": ("completed", "planned", "cancelled"),
    "completed": ("ongoing",),
    "cancelled": ("requested", "planned"),
}
#: Steps that take something back; they need a reason.
BACK: frozenset[tuple[str, str]] = frozenset(
    (("planned", "requested"), ("ongoing", "planned"), ("completed", "ongoing"))
) | {("cancelled", "requested"), ("cancelled", "planned")}
#: Attributes that keep why and by what a step was taken.
REASON, EVIDENCE = "state_reason", "state_evidence"


@dataclass(frozen=True)
class Needs:
    """One thing that a step still needs: a stable code, and the field that would say it."""

    code: Literal["step", "doer", "date", "date_order", "date_future", "reason", "evidence", "due_diligence"]
    field: str


@dataclass(frozen=True)
class Step:
    """A step somebody wants to take.

    Attributes:
        to: the state after it.
        day: when it happened or is planned; ongoing: began, completed: ended, planned: will begin.
        reason: why, in words; needed to cancel and to go back.
        evidence: an http(s) address or the record of somebody who saw it; needed to complete.
        is_cleared: a due-diligence record stands, or none is needed (support to security forces outside the UN).
    """

    to: State
    day: date | None = None
    reason: str | None = None
    evidence: str | None = None
    is_cleared: bool = True


def still_needed(document: Document, step: Step, today: date) -> list[Needs]:
    """What keeps a step from being taken; nothing = it can be."""
    return list(_needed(document, step, today))


def take_step(document: Document, step: Step, today: date) -> Document:
    """The document after a step.

    Raises:
        ValueError: something is still needed.
    """
    if needed := still_needed(document, step, today):
        raise ValueError(f"a step to {step.to} still needs " + ", ".join(need.code for need in needed))
    activity = {**document["activity"], "state": step.to}
    activity.pop("activity_status_code", None)  # follows from the state; a suspended activity that goes on is not one
    if (column := _DAYS.get(step.to)) and step.day:
        activity[column] = step.day.isoformat()
    if step.to == "ongoing":
        activity.pop("end_actual_date", None)
    if step.to in ("requested", "planned"):
        activity = {name: value for name, value in activity.items() if name not in _ACTUAL}
    said = {REASON: step.reason, EVIDENCE: step.evidence}
    kept = [row for row in document.get("attribute") or () if row["name"] not in said]
    attributes = [*kept, *({"name": name, "value": value} for name, value in said.items() if value)]
    return {**document, "activity": activity, "attribute": attributes}


#: The date that a step states.
_DAYS: dict[State, str] = {
    "planned": "start_planned_date",
    "ongoing": "start_actual_date",
    "completed": "end_actual_date",
}
_ACTUAL = ("start_actual_date", "end_actual_date")


def _needed(document: Document, step: Step, today: date) -> Iterator[Needs]:
    activity: Mapping[str, Any] = document["activity"]
    state = activity.get("state")
    if step.to not in STEPS[state]:
        yield Needs("step", "state")
        return
    has_doer = any(row["role_code"] == "4" for row in document.get("participating_org") or ())
    if step.to in ("planned", "ongoing", "completed") and not has_doer:
        yield Needs("doer", "participating_org")
    if column := _DAYS.get(step.to):
        day = step.day.isoformat() if step.day else activity.get(column)
        if day is None:
            yield Needs("date", column)
        elif step.to in ("ongoing", "completed") and day > today.isoformat():
            yield Needs("date_future", column)
        elif step.to == "completed" and day < (activity.get("start_actual_date") or day):
            yield Needs("date_order", column)
    if (step.to == "cancelled" or (state, step.to) in BACK) and not step.reason:
        yield Needs("reason", REASON)
    if step.to == "completed" and not step.evidence:
        yield Needs("evidence", EVIDENCE)
    if step.to in ("ongoing", "completed") and not step.is_cleared:
        yield Needs("due_diligence", "state")
