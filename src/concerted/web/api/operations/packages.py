"""Packages: parts of several partners towards one objective, each shown to others once its partner has agreed."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import Field

from concerted.codelists.package_templates import templates
from concerted.web.accounts.roles import ANY
from concerted.web.api import package_shapes as shapes
from concerted.web.api.acting import PUT, actor_in, person_in, scope_in, viewer_in
from concerted.web.api.asked import Language, language_in_use
from concerted.web.api.scopes import PACKAGES_READ, PACKAGES_WRITE
from concerted.web.api.sent import checked
from concerted.web.config.policy import POST, READS, acts
from concerted.web.coverage.filters import NotThere
from concerted.web.packages import actions, queries
from concerted.web.packages.actions import BINDERS, MAKERS, Order
from concerted.web.packages.board import board
from concerted.web.packages.candidates import candidates, stands_for
from concerted.web.packages.components import components_of
from concerted.web.packages.forms import HeadingForm
from concerted.web.packages.models import Package
from concerted.web.sharing.queries import listed

router = Router(tags=["packages"])
_BINDERS = sorted(BINDERS)


class Sought(Language):
    """What is looked for."""

    q: str = Field("", max_length=100, description="words in its title")
    component: str = Field("", max_length=300, description="a component of the package")


def _page(request: HttpRequest, package: UUID) -> Any:
    found = queries.find_package(viewer_in(request), package)
    if found is None:
        raise NotThere("package")
    return shapes.page(board(viewer_in(request), scope_in(request), found, language_in_use()))


def _owned(request: HttpRequest, package: UUID) -> Package:
    found = queries.find_package(viewer_in(request), package)
    if found is None or found.owner_id != person_in(request).organisation_id:
        raise NotThere("package")
    return found


def _form(request: HttpRequest, body: shapes.HeadingSent, package: Package | None) -> HeadingForm:
    """The page's own form, so that a program can say nothing that the page would not take."""
    scope = scope_in(request)
    stated = {"title": body.title, "aim": body.aim, "audience": body.audience}
    stated |= {f"node_{at}": key for at, key in enumerate(body.nodes, 1)}
    stated |= {f"place_{at}": key for at, key in enumerate(body.places, 1)}
    if isinstance(body, shapes.NewPackage):
        stated["template"] = body.template
    form = HeadingForm(
        stated,
        edition=scope.edition if scope else None,
        groups=listed(person_in(request).organisation_id, language_in_use()),
        lang=language_in_use(),
        package=package,
    )
    checked(form)
    return form


def _component(request: HttpRequest, package: Package, key: str) -> str:
    """A component of the package; none where it has no such."""
    scope = scope_in(request)
    known = {each.key for each in components_of(package, scope.edition if scope else None, language_in_use())}
    if key and key not in known:
        raise NotThere("component")
    return key


@router.get("/packages", response=list[shapes.PackageLine], summary="Packages")
@acts(*ANY, methods=READS, scope=PACKAGES_READ)
def packages(request: HttpRequest, query: Query[Language]) -> Any:
    """Those that your organisation keeps, has a part in, or may read; those that were changed last first."""
    viewer = viewer_in(request)
    return [shapes.line(each, is_own=queries.is_owner(viewer, each)) for each in queries.readable(viewer)]


@router.post("/packages", response={201: shapes.PackageShape}, summary="Make a package")
@acts(*MAKERS, methods=POST, scope=PACKAGES_WRITE)
def new_package(request: HttpRequest, query: Query[Language], body: shapes.NewPackage) -> Any:
    """A draft of your organisation, of which nobody else knows."""
    form = _form(request, body, None)
    template = templates().get(form.cleaned_data["template"])
    chosen = (template.id, template.version) if template else ("", "")
    made = actions.make(actor_in(request), form.heading(), *chosen)
    return Status(201, _page(request, made.pk))


@router.get("/packages/{uuid:package}", response=shapes.PackageShape, summary="One package")
@acts(*ANY, methods=READS, scope=PACKAGES_READ)
def one_package(request: HttpRequest, package: UUID, query: Query[Language]) -> Any:
    """Its order, budget, gaps and risks, of the parts that you may see and whose partner has agreed."""
    return _page(request, package)


@router.put("/packages/{uuid:package}", response=shapes.PackageShape, summary="Change what a package is about")
@acts(*MAKERS, methods=PUT, scope=PACKAGES_WRITE)
def change_package(request: HttpRequest, package: UUID, query: Query[Language], body: shapes.ChangedPackage) -> Any:
    """Partners who agreed to what it said before are asked again."""
    found = _owned(request, package)
    actions.change(actor_in(request), found, body.version, _form(request, body, found).heading())
    return _page(request, package)


@router.post("/packages/{uuid:package}/put-forward", response=shapes.PackageShape, summary="Ask the partners")
@acts(*MAKERS, methods=POST, scope=PACKAGES_WRITE)
def put_package_forward(request: HttpRequest, package: UUID, query: Query[Language], body: shapes.SeenPackage) -> Any:
    """Its partners see it and their own parts; others a part once its partner has agreed."""
    actions.put_forward(actor_in(request), _owned(request, package), body.version)
    return _page(request, package)


@router.post("/packages/{uuid:package}/end", response=shapes.PackageShape, summary="End a package")
@acts(*MAKERS, methods=POST, scope=PACKAGES_WRITE)
def end_package(request: HttpRequest, package: UUID, query: Query[Language], body: shapes.SeenPackage) -> Any:
    """It is your organisation's alone from then on."""
    actions.end(actor_in(request), _owned(request, package), body.version)
    return _page(request, package)


@router.get(
    "/packages/{uuid:package}/candidates", response=list[shapes.CandidateShape], summary="What could be taken in"
)
@acts(*MAKERS, methods=READS, scope=PACKAGES_READ)
def package_candidates(request: HttpRequest, package: UUID, query: Query[Sought]) -> Any:
    """Activities and needs that you see and that are not in the package yet."""
    found, scope, lang = _owned(request, package), scope_in(request), language_in_use()
    of = components_of(found, scope.edition if scope else None, lang)
    component = next((each for each in of if each.key == query.component), None)
    return [shapes.candidate(c) for c in candidates(viewer_in(request), scope, found, component, query.q, lang)]


@router.post("/packages/{uuid:package}/parts", response={201: shapes.PackageShape}, summary="Take a part in")
@acts(*MAKERS, methods=POST, scope=PACKAGES_WRITE)
def add_package_part(request: HttpRequest, package: UUID, query: Query[Language], body: shapes.NewPart) -> Any:
    """Once the package is put forward, its partner is asked."""
    found = _owned(request, package)
    stands = stands_for(viewer_in(request), scope_in(request), body.part)
    if stands is None:
        raise NotThere("part")
    component = _component(request, found, body.component)
    actions.add_part(actor_in(request), found, body.version, stands, component)
    return Status(201, _page(request, package))


@router.put("/packages/{uuid:package}/parts/{int:part}", response=shapes.PackageShape, summary="Arrange a part")
@acts(*MAKERS, methods=PUT, scope=PACKAGES_WRITE)
def arrange_package_part(
    request: HttpRequest, package: UUID, part: int, query: Query[Language], body: shapes.ArrangedPart
) -> Any:
    """Its component, its place in the list, what it waits for, how long it takes where its record does not say."""
    found = _owned(request, package)
    component = _component(request, found, body.component)
    order = Order(component, body.position, frozenset(body.waits_for), body.days)
    actions.arrange(actor_in(request), found, body.version, part, order)
    return _page(request, package)


@router.post(
    "/packages/{uuid:package}/parts/{int:part}/remove", response=shapes.PackageShape, summary="Take a part out"
)
@acts(*MAKERS, methods=POST, scope=PACKAGES_WRITE)
def remove_package_part(
    request: HttpRequest, package: UUID, part: int, query: Query[Language], body: shapes.SeenPackage
) -> Any:
    """What its partner said of it is kept."""
    actions.remove_part(actor_in(request), _owned(request, package), body.version, part)
    return _page(request, package)


@router.post(
    "/packages/{uuid:package}/parts/{int:part}/answer", response=shapes.PackageShape, summary="Agree, or decline"
)
@acts(*_BINDERS, methods=POST, scope=PACKAGES_WRITE)
def answer_for_part(
    request: HttpRequest, package: UUID, part: int, query: Query[Language], body: shapes.Answered
) -> Any:
    """Of a part of your organisation; a yes can be taken back at any time by a no."""
    viewer = viewer_in(request)
    found = queries.find_package(viewer, package)
    placed = queries.find_part(viewer, found, part) if found else None
    if found is None or placed is None or person_in(request).organisation_id not in placed.row.partners:
        raise NotThere("part")
    actions.answer(actor_in(request), viewer, found, part, body.about, is_given=body.is_given)
    return _page(request, package)
