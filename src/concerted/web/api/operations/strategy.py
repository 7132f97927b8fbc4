"""The strategy's life: versions, one more from a file, steps, differences, where old lines go; how nodes relate."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import File, Query, Router, Status
from ninja.files import UploadedFile

from concerted.codelists.frameworks import Framework, Lang, Node
from concerted.codelists.regional_bodies import bodies
from concerted.codelists.regional_bodies import members as members_on
from concerted.model.errors import ConfigError
from concerted.strategies.difference import counted, differences
from concerted.strategies.remap import Remap as Shares
from concerted.strategies.remap import collisions, percent_text, suggested
from concerted.web.accounts.queries import names_of_partners
from concerted.web.accounts.roles import ANY
from concerted.web.api import shapes
from concerted.web.api.acting import actor_in, members, person_in, scope_in, viewer_in
from concerted.web.api.asked import Language, language_in_use, scope_of
from concerted.web.api.refusals import NotNowError
from concerted.web.api.scopes import STRATEGY_READ, STRATEGY_WRITE
from concerted.web.api.sent import FormError, checked
from concerted.web.api.strategy_shapes import (
    BodyShape,
    DayQuery,
    DifferenceShape,
    FileQuery,
    HeldShape,
    Kept,
    KindQuery,
    Lines,
    NewRelation,
    RelationShape,
    RemapShape,
    StepWanted,
    VersionPage,
    VersionShape,
)
from concerted.web.config.policy import POST, READS, acts
from concerted.web.coverage.filters import NotThere
from concerted.web.strategy import actions, queries, words
from concerted.web.strategy.actions import KEEPS, Wanted
from concerted.web.strategy.forms import AdoptionForm, RelationForm, line_named, parts_of, related
from concerted.web.strategy.models import Related, Upload
from concerted.web.strategy.queries import Lived
from concerted.web.strategy.texts import LARGEST, file_of, framework_of, look_at
from concerted.web.strategy.views.reading import lines, name_of
from concerted.web.strategy.views.remapping import totals_of

router = Router(tags=["strategy"])
_KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "yml": "application/yaml",
}


def _found(request: HttpRequest, version: UUID) -> Lived:
    found = queries.find(viewer_in(request), version)
    if found is None:
        raise NotThere("version")
    return found


def _version(lived: Lived) -> dict[str, Any]:
    adopted = lived.adoption
    return {
        "version": lived.version.pk,
        "strategy": lived.version.framework_id,
        "name": lived.version.name,
        "label": name_of(lived.framework),
        "status": lived.status,
        "is_in_force": lived.is_in_force,
        "act": adopted.act if adopted else None,
        "adopted_on": adopted.day if adopted else None,
    }


def _page(lived: Lived) -> dict[str, Any]:
    partners = names_of_partners([step.made_for for step in lived.steps], language_in_use())
    return _version(lived) | {
        "steps": [
            {
                "status": step.status,
                "act": step.act,
                "day": step.day,
                "made_at": step.made_at,
                "by": partners.get(step.made_for) if step.made_for else None,
            }
            for step in lived.steps
        ],
        "lines": _lines(lived.framework),
        "may_follow": list(actions.NEXT[lived.status]),
        "began": queries.last_sequence(),
    }


def _lines(framework: Framework) -> list[dict[str, Any]]:
    return [
        {"line": node.id, "code": node.code, "label": name, "depth": depth, "above": node.parent_id}
        for node, name, depth in lines(framework)
    ]


@router.get("/strategy/versions", response=list[VersionShape], summary="Versions of the strategy")
@acts(*ANY, methods=READS, scope=STRATEGY_READ)
def versions(request: HttpRequest, query: Query[Language]) -> Any:
    """Those that you may read, the newest step first; a draft is the secretariat's."""
    return [_version(each) for each in queries.readable(viewer_in(request))]


@router.get("/strategy/versions/{uuid:version}", response=VersionPage, summary="One version")
@acts(*ANY, methods=READS, scope=STRATEGY_READ)
def one_version(request: HttpRequest, version: UUID, query: Query[Language]) -> Any:
    """Where it stands, how it came there, its lines, what may follow."""
    return _page(_found(request, version))


@router.get(
    "/strategy/versions/{uuid:version}/file",
    summary="A version as a file",
    openapi_extra={"responses": {200: {"content": {kind: {} for kind in _KINDS.values()}}}},
)
@acts(*ANY, methods=READS, scope=STRATEGY_READ)
def version_file(request: HttpRequest, version: UUID, query: Query[FileQuery]) -> Any:
    """To be changed and loaded again."""
    lived, lang = _found(request, version), language_in_use()
    written: Lang = "ar" if lang == "ar" else "en" if lang == "en" else "fr"
    response = HttpResponse(file_of(lived.framework, query.form, written), content_type=_KINDS[query.form])
    response["Content-Disposition"] = f'attachment; filename="strategy.{query.form}"'
    return response


@router.get(
    "/strategy/versions/{uuid:version}/against/{uuid:other}",
    response=list[DifferenceShape],
    summary="What differs between two versions",
)
@acts(*ANY, methods=READS, scope=STRATEGY_READ)
def version_against(request: HttpRequest, version: UUID, other: UUID, query: Query[Language]) -> Any:
    """Line by line, from `other` to this one."""
    before, after = _found(request, other).framework, _found(request, version).framework
    return [
        {
            "line": each.node_id,
            "kinds": list(each.kinds),
            "old": words.name_of_line(each.old) if each.old else None,
            "new": words.name_of_line(each.new) if each.new else None,
            "above_before": _above(each.old),
            "above_after": _above(each.new),
            "costs": [shapes.plain(members(change)) for change in each.costs],
        }
        for each in differences(before, after)
    ]


def _above(node: Node | None) -> str | None:
    return node.parent_id if node else None


@router.post("/strategy/files", response={201: HeldShape}, summary="Read a file")
@acts(*KEEPS, methods=POST, scope=STRATEGY_WRITE)
def read_file(request: HttpRequest, query: Query[Language], file: File[UploadedFile]) -> Any:
    """A workbook or YAML file as multipart/form-data: what is wrong with it, or what it would bring. It is held in the
    place of what you read before until you keep it."""
    looked = look_at(file.name or "", file.read(LARGEST + 1), language_in_use())  # of a larger one it says so
    if looked.framework is None:
        raise FormError([{"where": "file", "what": "not sound", "do": text} for text in looked.problems])
    return Status(201, _held(actions.hold(actor_in(request), looked.framework)))


@router.get("/strategy/files/held", response=HeldShape, summary="What is held")
@acts(*KEEPS, methods=READS, scope=STRATEGY_READ)
def held_file(request: HttpRequest, query: Query[Language]) -> Any:
    """What you read last and have not kept."""
    held = Upload.objects.filter(person=person_in(request)).order_by("-pk").first()
    if held is None:
        raise NotThere("held")
    return _held(held)


def _held(held: Upload) -> dict[str, Any]:
    framework, before = framework_of(held.text), queries.in_force()
    changed = counted(differences(before.framework, framework) if before else ())
    return {
        "held": held.pk,
        "strategy": framework.id,
        "name": framework.version,
        "label": name_of(framework),
        "lines": _lines(framework),
        "costs": sum(len(node.costs) for node in framework.nodes),
        "changed": changed,
    }


@router.post("/strategy/files/take-over", response={201: HeldShape}, summary="Take over the picture's own file")
@acts(*KEEPS, methods=POST, scope=STRATEGY_WRITE)
def take_over_file(request: HttpRequest, query: Query[Language]) -> Any:
    """The file with which the picture is built is held, to become the first version here."""
    try:
        framework = actions.built_with()
    except ConfigError:
        framework = None
    if framework is None:
        raise NotNowError("there is no file of the picture to take over; send one")
    return Status(201, _held(actions.hold(actor_in(request), framework, is_in_force=True)))


@router.post("/strategy/versions", response={201: VersionPage}, summary="Keep what is held")
@acts(*KEEPS, methods=POST, scope=STRATEGY_WRITE)
def keep_version(request: HttpRequest, query: Query[Language], body: Kept) -> Any:
    """As a draft; where another file was read meanwhile nothing is kept."""
    held = Upload.objects.filter(person=person_in(request), pk=body.held).first()
    if held is None:
        raise NotNowError("another file has been read meanwhile, or none is held")
    return Status(201, _page(_found(request, actions.keep(actor_in(request), held).pk)))


@router.post("/strategy/versions/{uuid:version}/steps", response=VersionPage, summary="A step of its life")
@acts(*KEEPS, methods=POST, scope=STRATEGY_WRITE)
def step_version(request: HttpRequest, version: UUID, query: Query[Language], body: StepWanted) -> Any:
    """What was in force is superseded when another one is adopted; every old line must go somewhere first."""
    lived, act, day = _found(request, version), body.act, body.day
    if body.to == "adopted":
        values = checked(AdoptionForm({"act": body.act, "day": body.day.isoformat() if body.day else ""}))
        act, day = values["act"], values["day"]
    wanted = Wanted(body.to, body.began, act, day)
    actions.step(actor_in(request), lived.version, wanted, timezone.now().date())
    return _page(_found(request, version))


@router.get(
    "/strategy/versions/{uuid:version}/lines-of/{uuid:other}", response=RemapShape, summary="Where old lines go"
)
@acts(*KEEPS, methods=READS, scope=STRATEGY_READ)
def lines_of_version(request: HttpRequest, version: UUID, other: UUID, query: Query[KindQuery]) -> Any:
    """What is kept, else what is clear; with totals before and after of the picture as the token lets you see it."""
    new, old = _found(request, version), _found(request, other)
    kept = queries.remap_between(old.version.pk, new.version.pk)
    shares: Shares = kept.shares if kept else suggested(old.framework, new.framework)
    return _remap(request, old, new, shares, query.kind, is_kept=kept is not None)


@router.post(
    "/strategy/versions/{uuid:version}/lines-of/{uuid:other}", response=RemapShape, summary="Say where old lines go"
)
@acts(*KEEPS, methods=POST, scope=STRATEGY_WRITE)
def remap_lines(request: HttpRequest, version: UUID, other: UUID, query: Query[KindQuery], body: Lines) -> Any:
    """Looked at as often as wanted, then kept; nothing is kept while a line goes nowhere, or not wholly."""
    new, old = _found(request, version), _found(request, other)
    shares = _read(old.framework, new.framework, body.shares)
    if body.keep:
        actions.keep_remap(actor_in(request), old.version, new.version, shares, timezone.now().date())
    return _remap(request, old, new, shares, query.kind, is_kept=body.keep)


def _read(old: Framework, new: Framework, stated: dict[str, dict[str, str]]) -> Shares:
    known, found = {node.id for node in old.nodes}, dict[str, dict[str, int]]()
    wrong = []
    for line, shares in stated.items():
        for to, text in shares.items():
            share, named = parts_of(text[:40]), line_named(new, to)
            if line not in known or share is None or named in found.get(line, {}):
                where, do = f"body.shares.{line}.{to}", "a line of each version, once, and a per cent above 0 to 100"
                wrong.append({"where": where, "what": "no line, or no share", "do": do})
            else:
                found.setdefault(line, {})[named] = share
    if wrong:
        raise FormError(wrong)
    return found


def _remap(request: HttpRequest, old: Lived, new: Lived, shares: Shares, kind: str, *, is_kept: bool) -> dict[str, Any]:
    before, after = old.framework, new.framework
    faults: dict[str, list[str]] = {}
    for each in actions.faults(new.version, old.version, shares):
        faults.setdefault(each.node_id, []).append(words.problem_words(each))
    found = totals_of(scope_in(request), before, after, shares, kind)
    totals = found.get("totals")
    return {
        "is_kept": is_kept,
        "shares": {line: {to: percent_text(share) for to, share in of.items()} for line, of in shares.items()},
        "faults": faults,
        "collisions": [
            {"word": each.word, "old": each.old.id, "new": each.new.id} for each in collisions(before, after, shares)
        ],
        "kind": found.get("kind"),
        "total_before": _amounts(totals.total_before) if totals else None,
        "total_after": _amounts(totals.total_after) if totals else None,
        "before": {line: _amounts(each) for line, each in totals.before.items()} if totals else {},
        "after": {line: _amounts(each) for line, each in totals.after.items()} if totals else {},
    }


def _amounts(value: queries.Amounts) -> dict[str, Any]:
    return {name: shapes.amount(each) for name, each in members(value).items()}


@router.get("/strategy/relations", response=list[RelationShape], summary="How nodes relate")
@acts(*ANY, methods=READS, scope=STRATEGY_READ)
def relations(request: HttpRequest, query: Query[Language]) -> Any:
    """What is said here of nodes of two frameworks, and holds."""
    return [_relation(each) for each in queries.relations()]


def _relation(row: Related) -> dict[str, Any]:
    names = (
        "from_framework", "from_node", "to_framework", "to_node", "relation", "note", "said_by", "said_on",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names} | {"relation_id": row.pk}


@router.post("/strategy/relations", response={201: RelationShape}, summary="Say how two nodes relate")
@acts(*KEEPS, methods=POST, scope=STRATEGY_WRITE)
def relate(request: HttpRequest, query: Query[Language], body: NewRelation) -> Any:
    """With the name of your organisation and the day; it counts from the next picture on."""
    trees = scope_of(request).edition.frameworks
    source, target = trees.get(body.from_framework), trees.get(body.to_framework)
    if source is None or target is None or source is target:
        raise FormError([{"where": "body", "what": "frameworks", "do": "name two frameworks of the picture"}])
    stated = {"source": body.from_node, "relation": body.relation, "target": body.to_node, "note": body.note}
    values = checked(RelationForm(stated, source=source, target=target, lang=language_in_use()))
    wanted = related(source, target, values)
    return Status(201, _relation(actions.relate(actor_in(request), wanted, timezone.now().date())))


@router.post("/strategy/relations/{int:relation}/take-back", response={204: None}, summary="Take a relation back")
@acts(*KEEPS, methods=POST, scope=STRATEGY_WRITE)
def take_back_relation(request: HttpRequest, relation: int, query: Query[Language]) -> Any:
    """It counts no more from the next picture on."""
    row = next((each for each in queries.relations() if each.pk == relation), None)
    if row is None:
        raise NotThere("relation")
    actions.take_back(actor_in(request), row, timezone.now().date())
    return Status(204, None)


@router.get("/regional-bodies", response=list[BodyShape], summary="Regional bodies on a day")
@acts(*ANY, methods=READS, scope=STRATEGY_READ)
def regional_bodies(request: HttpRequest, query: Query[DayQuery]) -> Any:
    """Which country belonged to which body."""
    day, lang = query.day or timezone.now().date(), language_in_use()
    return [
        {
            "body": body.id,
            "name": body.name.get(lang) or body.id,
            "members": list(members_on(body, day)),
            "spells": [shapes.plain(members(each)) for each in body.memberships],
        }
        for body in bodies()
    ]
