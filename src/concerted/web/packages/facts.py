"""What one viewer may know of parts: from the picture, and from the registry where the picture is not so far yet.

A part whose very statement the viewer does not see has no facts for him, whatever else he sees of the activity; whoever
asks leaves such a part out. Nothing here rests on a record that he does not see.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from concerted.marking import Viewer
from concerted.matching.life import OPEN, TAKEN
from concerted.matching.packages.parts import Missing, Range
from concerted.model.ids import id_text
from concerted.web.asks.models import Ask
from concerted.web.edition.money import money_sums
from concerted.web.edition.scope import Scope
from concerted.web.matches.asked import Told, told_in
from concerted.web.matches.models import Match
from concerted.web.matches.queries import readable
from concerted.web.registry.titles import activity_titles
from concerted.web.workspace.models import Condition, Record
from concerted.web.workspace.queries.records import may_read

#: States in which an activity has begun, whatever its days say; and in which it is none any more.
_BEGUN, _OFF = ("ongoing", "completed"), ("cancelled",)
#: States of a need that is asked for no more.
_NEED_OFF = ("withdrawn",)


@dataclass(frozen=True)
class Fact:
    """What a viewer may know of a part.

    Attributes:
        organisation: who tells of it, or would receive it.
        activity: the activity that is counted in the picture; null = it is not in this picture yet.
        record: id of the record on the site, where it is kept here.
        need, amount, unit, is_agreed: of a match, the need that it meets, how much it gives of what, and whether both
            sides have accepted.
        is_in_picture: false = known from the registry alone, so no money is known of it yet.
        is_restricted: not everybody may see it.
    """

    title: str
    title_lang: str | None
    organisation: str = ""
    reference: str | None = None
    state: str | None = None
    start: date | None = None
    end: date | None = None
    has_begun: bool = False
    due: date | None = None
    is_live: bool = True
    activity: int | None = None
    record: str | None = None
    money: Mapping[str, Range] = field(default_factory=dict)
    missing: Missing | None = None
    need: int | None = None
    amount: Decimal | None = None
    unit: str = "USD"
    is_agreed: bool = False
    kind_of_need: str = ""
    is_in_picture: bool = True
    is_restricted: bool = False


def activities(viewer: Viewer, scope: Scope | None, statements: Iterable[int], lang: str) -> dict[int, Fact]:
    """What the viewer may know of statements on activities, by statement."""
    wanted = sorted(set(statements))
    rows = _statements(scope, wanted) if scope and wanted else {}
    ids = sorted({row["activity_id"] for row in rows.values()})
    main = _main(scope, ids) if scope and ids else {}
    titles = activity_titles(scope, ids, lang) if scope and ids else {}
    money = money_of_activities(scope, ids) if scope and ids else {}
    found = {}
    for statement, row in rows.items():
        activity = row["activity_id"]
        title, title_lang = titles.get(activity, (None, None))
        found[statement] = _activity(
            main.get(activity, row),
            row,
            title or row["identifier"] or "",
            title_lang,
            activity,
            money.get(activity, {}),
        )
    kept = Record.objects.filter(statement__in=[each for each in wanted if each not in found], condition=Condition.KEPT)
    for record in kept.select_related("owner"):
        if may_read(viewer, record):
            found[record.statement] = _record(record, lang)
    return found


def needs(viewer: Viewer, scope: Scope | None, statements: Iterable[int], lang: str) -> dict[int, Fact]:
    """What the viewer may know of needs, by statement."""
    wanted = sorted(set(statements))
    if scope is None or not wanted:
        return _asked(viewer, wanted, lang)
    rows = scope.dicts(
        f"SELECT * FROM core_need WHERE record_id IN (SELECT unnest($ids::BIGINT[])) AND {scope.filter.sql_precise()}",
        {"ids": wanted},
    )
    found = {row["record_id"]: _need(row) for row in rows}
    return found | _asked(viewer, [each for each in wanted if each not in found], lang)


def matches(viewer: Viewer, scope: Scope | None, wanted: Iterable[UUID], lang: str) -> dict[UUID, Fact]:
    """What the viewer may know of matches that he may read, by id. What a match became is told by its activity."""
    rows = {row.pk: row for row in readable(viewer).select_related("record").filter(pk__in=list(wanted))}
    needs_told = told_in(scope, [id_text(row.need) for row in rows.values()], [])[0] if scope else {}
    became = activities(viewer, scope, [row.record.statement for row in rows.values() if row.record], lang)
    return {pk: _match(row, needs_told.get(id_text(row.need)), became, lang) for pk, row in rows.items()}


def _match(row: Match, told: Told | None, became: Mapping[int, Fact], lang: str) -> Fact:
    activity = became.get(row.record.statement) if row.record else None
    is_money = row.kind == "money"
    return Fact(
        (told.row["title"] if told else None) or str(row.pk),
        told.row["title_lang"] if told else None,
        row.giver.label(lang) if row.giver else "",
        row.giver.reference or None if row.giver else None,
        row.state,
        activity.start if activity else None,
        activity.end if activity else None,
        has_begun=activity is not None and activity.has_begun,
        is_live=row.state in OPEN,
        activity=activity.activity if activity else None,
        need=row.need,
        amount=row.amount,
        unit="USD" if is_money else ((told.row["unit"] if told else None) or row.kind),
        is_agreed=row.state in TAKEN,
        is_restricted=True,
    )


def money_of_activities(scope: Scope, ids: Iterable[int]) -> dict[int, dict[str, Range]]:
    """The money of each activity by kind, in dollars, as the picture counts it once; unknown kinds are absent.

    Each framework holds the whole money of an activity, so one of them is read.
    """
    framework = next(iter(scope.edition.frameworks), None)
    wanted = sorted(set(ids))
    if framework is None or not wanted:
        return {}
    rows = scope.rows(
        f"""
        SELECT a.activity_id, a.finance_kind, {money_sums("USD")} FROM out_allocation a
        WHERE a.framework_id = $framework AND a.activity_id IN (SELECT unnest($ids::BIGINT[]))
          AND a.finance_kind <> 'presence' AND {scope.filter.sql("a")}
        GROUP BY ALL ORDER BY ALL""",
        {"framework": framework, "ids": wanted},
    )
    found: dict[int, dict[str, Range]] = {}
    for activity, kind, low, best, high, gross, *_ in rows:
        if high is not None:
            zero = Decimal(0)
            found.setdefault(activity, {})[kind] = Range(low or zero, best or zero, high, gross or high)
    return found


def _statements(scope: Scope, statements: list[int]) -> dict[int, dict[str, Any]]:
    rows = scope.dicts(
        "SELECT * FROM core_activity WHERE record_id IN (SELECT unnest($ids::BIGINT[]))"
        f" AND {scope.filter.sql_precise()}",
        {"ids": statements},
    )
    return {row["record_id"]: row for row in rows}


def _main(scope: Scope, ids: list[int]) -> dict[int, dict[str, Any]]:
    """Of each activity the statement that speaks first, of those that the viewer sees: current, then newest."""
    rows = scope.dicts(
        f"""
        SELECT * FROM core_activity
        WHERE activity_id IN (SELECT unnest($ids::BIGINT[])) AND {scope.filter.sql_precise()}
        ORDER BY activity_id, is_current DESC, freshness_date DESC NULLS LAST, record_id""",
        {"ids": ids},
    )
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        found.setdefault(row["activity_id"], row)
    return found


def _activity(
    main: Mapping[str, Any],
    told: Mapping[str, Any],
    title: str,
    title_lang: str | None,
    activity: int,
    money: Mapping[str, Range],
) -> Fact:
    return Fact(
        title,
        title_lang,
        told["reporting_org_name"] or told["reporting_org_ref"] or "",
        told["reporting_org_ref"],
        main["state"],
        main["start_actual_date"] or main["start_planned_date"],
        main["end_actual_date"] or main["end_planned_date"],
        main["start_actual_date"] is not None or main["state"] in _BEGUN,
        None,
        main["state"] not in _OFF,
        activity,
        None,
        money if main["state"] not in _OFF else {},
        is_restricted=told["marking_key"] != "CLEAR",
    )


def _record(record: Record, lang: str) -> Fact:
    """An activity that was saved and is in no picture that the viewer is shown yet."""
    stated = record.document["activity"]
    titles = {row.get("lang"): row["text"] for row in record.document.get("narrative") or () if row["field"] == "title"}
    title_lang = lang if lang in titles else next(iter(titles), None)
    start = _day(stated.get("start_actual_date")) or _day(stated.get("start_planned_date"))
    return Fact(
        titles.get(title_lang) or record.title,
        title_lang,
        record.owner.label(lang),
        record.owner.reference or None,
        stated.get("state"),
        start,
        _day(stated.get("end_actual_date")) or _day(stated.get("end_planned_date")),
        stated.get("start_actual_date") is not None or stated.get("state") in _BEGUN,
        is_live=stated.get("state") not in _OFF,
        record=str(record.pk),
        is_in_picture=False,
        is_restricted=record.marking_key != "CLEAR",
    )


def _need(row: Mapping[str, Any]) -> Fact:
    is_money = row["kind"] == "money"
    low, high = (row[f"{end}_usd"] if is_money else row[f"{end}_quantity"] for end in ("low", "high"))
    return Fact(
        row["title"] or row["identifier"] or "",
        row["title_lang"],
        row["receiver_org_name"] or row["receiver_org_ref"] or "",
        row["receiver_org_ref"],
        row["state"],
        row["start_date"],
        due=row["end_date"],
        is_live=row["state"] not in _NEED_OFF,
        missing=_missing(low, high, "USD" if is_money else row["unit"] or row["kind"]),
        kind_of_need=row["kind"],
        is_restricted=row["marking_key"] != "CLEAR",
    )


def _asked(viewer: Viewer, statements: list[int], lang: str) -> dict[int, Fact]:
    """Needs that are kept on the site and in no picture that the viewer is shown yet: their money is not valued."""
    rows = Ask.objects.filter(statement__in=statements, which="need", condition=Condition.KEPT)
    found = {}
    for ask in rows.select_related("owner"):
        if not may_read(viewer, ask):
            continue
        stated = ask.stated
        is_money = ask.kind == "money"
        low, high = (None, None) if is_money else (stated.get("low_quantity"), stated.get("high_quantity"))
        found[ask.statement] = Fact(
            stated["title"],
            stated.get("title_lang"),
            stated.get("receiver_org_name") or ask.owner.label(lang),
            ask.owner.reference or None,
            stated.get("state"),
            _day(stated.get("start_date")),
            due=_day(stated.get("end_date")),
            is_live=stated.get("state") not in _NEED_OFF,
            missing=_missing(low, high, "USD" if is_money else stated.get("unit") or ask.kind),
            kind_of_need=ask.kind,
            is_in_picture=False,
            is_restricted=ask.marking_key != "CLEAR",
        )
    return found


def _missing(low: Any, high: Any, unit: str) -> Missing:
    return Missing(None if low is None else Decimal(low), None if high is None else Decimal(high), unit)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None
