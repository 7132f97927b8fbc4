"""A check that was never seen red is not accepted: mistakes that others made, planted one at a time, are all caught.

The mistakes are those behind known vulnerabilities of systems that share restricted records (lists that are empty and
mean all, wildcards, checks of one method only, groups known by their names, caches without a viewer ...).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from concerted.marking import Viewer, policy
from concerted.marking.groups import Groups
from concerted.marking.hidden_rule import HiddenRule
from concerted.marking.keys import NAMED, Label, parse_key
from concerted.marking.rows import RowFilter
from concerted.marking.suppress import Part, Told, _Classes, choose_totals
from concerted.marking.suppress_audit import audit
from marking.matrix import Matrix, World
from marking.matrix_world import RELATIONS
from marking.oracle import Asker
from web.site import Site

BY_NAME = {asker.name: asker for asker in RELATIONS}
PUBLIC, PARTNER, MEMBER = BY_NAME["public"], BY_NAME["partner"], BY_NAME["member of another"]
Patch = pytest.MonkeyPatch
_right = policy.may_see
_TAGGED, _METHOD = ("activities/",), [("method/", False)]


def lets_in(also: Callable[[Viewer, str | None], bool]) -> Callable[[Patch], None]:
    """The policy function with one more reason to say yes."""

    def plant(patch: Patch) -> None:
        patch.setattr(policy, "may_see", lambda viewer, key: _right(viewer, key) or also(viewer, key))

    return plant


def _is_empty(viewer: Viewer, key: str | None) -> bool:
    marking = parse_key(key)
    return not viewer.is_public and marking.label in NAMED and not marking.names


def _by_name(viewer: Viewer, key: str | None) -> bool:
    return parse_key(key).label is Label.AMBER and viewer.organisation in parse_key(key).names


def _by_person(viewer: Viewer, key: str | None) -> bool:
    return parse_key(key).label is Label.AMBER_STRICT and viewer.person in parse_key(key).names


def _unsigned(viewer: Viewer, key: str | None) -> bool:
    return _right(replace(viewer, person="somebody"), key)


def _not_understood(viewer: Viewer, key: str | None) -> bool:
    return parse_key(key).label is Label.NOBODY


def _wildcard(viewer: Viewer, key: str | None) -> bool:
    return not viewer.is_public and parse_key(key).label is Label.AMBER


def older_versions_count(patch: Patch) -> None:
    def merged(cls: type[Groups], versions: Any) -> Groups:
        newest: dict[str, Any] = {}
        for v in versions:
            known = newest.get(str(v.group))
            newest[str(v.group)] = v if known is None else replace(v, members=v.members | known.members)
        return cls(newest)

    patch.setattr(Groups, "of", classmethod(merged))


def ended_agreements_count(patch: Patch) -> None:
    patch.setattr(Groups, "members", lambda self, group, day: getattr(self.newest.get(group), "members", frozenset()))


def only_get_is_checked(patch: Patch) -> None:
    from concerted.marking import KEEPER
    from concerted.web.config import middleware

    asked = middleware.viewer_of

    def careless(request: Any) -> Viewer:
        viewer = asked(request)
        return viewer if request.method == "GET" else KEEPER

    patch.setattr(middleware, "viewer_of", careless)


def both_views_are_given(patch: Patch) -> None:
    """Coarse rows without the key of the precise ones: who sees both views gets the record twice."""
    from concerted.web.edition import cube_build

    right = cube_build._permitted
    patch.setattr(cube_build, "_permitted", lambda batch, rule: right(batch, _Both(rule.permitted)))
    patch.setattr(RowFilter, "sql", lambda self, alias="": self.sql_precise(alias))


class _Both(RowFilter):
    def keeps(self, view: str, marking_key: str | None, precise_marking_key: str | None = None) -> bool:
        return marking_key in self.permitted


def pages_are_kept_without_a_viewer(patch: Patch) -> None:
    from concerted.web.config.page_cache import _Shelf

    get, put = _Shelf.get, _Shelf.put
    patch.setattr(_Shelf, "get", lambda self, key: get(self, (key[0], *key[3:])))
    patch.setattr(_Shelf, "put", lambda self, key, page: put(self, (key[0], *key[3:]), page))


def answers_are_remembered_without_a_viewer(patch: Patch) -> None:
    from concerted.web.edition.scope import Scope

    def remember(self: Scope, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        if key not in self.edition.cache:
            self.edition.cache[key] = make()
        return self.edition.cache[key]

    patch.setattr(Scope, "remember", remember)


def tags_are_of_the_whole_edition(patch: Patch) -> None:
    from concerted.web.config import page_cache

    right, at = page_cache._page, page_cache._answer
    patch.setattr(page_cache, "_page", lambda response: replace(right(response), etag='"edition"'))
    patch.setattr(page_cache, "_answer_to_person", lambda request, page: at(request, page))


def hidden_rows_are_counted(patch: Patch) -> None:
    from concerted.web.reports import exports

    right = exports.list_activities
    patch.setattr(exports, "list_activities", lambda *asked: replace(right(*asked), count=right(*asked).count + 1))


def forbidden_is_not_absent(patch: Patch) -> None:
    from django.core.exceptions import PermissionDenied

    from concerted.web.coverage.filters import NotThere
    from concerted.web.registry import views

    right = views.read_activity

    def read(scope: Any, activity: int, *more: Any) -> Any:
        try:
            return right(scope, activity, *more)
        except NotThere:
            if scope.edition.rows("SELECT 1 FROM core_activity WHERE activity_id = $a", {"a": activity}):
                raise PermissionDenied from None
            raise

    patch.setattr(views, "read_activity", read)


_FORGETFUL = "core_organisation"


def a_table_forgets_its_rule(patch: Patch) -> None:
    from concerted.publish import visible

    patch.setitem(visible.RULES, _FORGETFUL, visible.Rule.OPEN)


def names_are_completed_from_all(patch: Patch) -> None:
    from concerted.marking import KEEPER
    from concerted.web.edition.scope import Scope
    from concerted.web.registry import finder

    right, names = finder._partner_names, finder.organisation_names
    patch.setattr(finder, "_partner_names", lambda scope: right(Scope(KEEPER, scope.edition)))
    patch.setattr(finder, "organisation_names", lambda scope, *asked: names(Scope(KEEPER, scope.edition), *asked))


def the_editions_own_id_is_shown(patch: Patch) -> None:
    from concerted.web.edition.scope import Scope

    shown = cached_property(lambda self: self.edition.folder.name)
    shown.__set_name__(Scope, "edition_id")
    patch.setattr(Scope, "edition_id", shown)


def errors_suggest_what_is_hidden(patch: Patch) -> None:
    from concerted.marking import KEEPER
    from concerted.publish import lookup

    right = lookup.visible_sql
    patch.setattr(lookup, "visible_sql", lambda viewer, *asked: right(KEEPER, *asked))


@dataclass(frozen=True)
class Planted:
    """A mistake, how to make it, and the questions that must show it."""

    name: str
    plant: Callable[[Patch], None]
    ask: Callable[[Matrix], None]


def pages(*askers: Asker, methods: tuple[str, ...] = ("get",)) -> Callable[[Matrix], None]:
    def ask(matrix: Matrix) -> None:
        for asker in askers:
            matrix.pages_of_records(asker, methods)

    return ask


def finders(*askers: Asker) -> Callable[[Matrix], None]:
    def ask(matrix: Matrix) -> None:
        for asker in askers:
            matrix.finder(asker)

    return ask


def lists(*askers: Asker) -> Callable[[Matrix], None]:
    def ask(matrix: Matrix) -> None:
        for asker in askers:
            matrix.lists(asker, ["fr"], [("activities/", True)])

    return ask


SECRETARIAT = replace(PARTNER, roles=("secretariat",))
PLANTED = (
    Planted("an empty list means all", lets_in(_is_empty), pages(PARTNER)),
    Planted("what is not understood is open", lets_in(_not_understood), pages(PUBLIC)),
    Planted("a wildcard", lets_in(_wildcard), pages(PARTNER)),
    Planted("a group known by its name", lets_in(_by_name), pages(BY_NAME["organisation called like a group"])),
    Planted("a person for an organisation", lets_in(_by_person), pages(BY_NAME["person called like an organisation"])),
    Planted("groups count without a sign-in", lets_in(_unsigned), pages(BY_NAME["not signed in, says he is"])),
    Planted("a role opens records", lets_in(lambda viewer, _: "secretariat" in viewer.roles), pages(SECRETARIAT)),
    Planted("older versions of a group count", older_versions_count, pages(BY_NAME["member until the last version"])),
    Planted("ended agreements count", ended_agreements_count, pages(BY_NAME["member of one group"])),
    Planted("only GET is checked", only_get_is_checked, pages(PUBLIC, methods=("get", "head"))),
    Planted("coarse rows without the precise key", both_views_are_given, lambda matrix: matrix.sums(MEMBER)),
    Planted("pages kept without a viewer", pages_are_kept_without_a_viewer, pages(MEMBER, PARTNER)),
    Planted("answers remembered without a viewer", answers_are_remembered_without_a_viewer, lists(MEMBER, PUBLIC)),
    Planted("ETag of the whole edition", tags_are_of_the_whole_edition, lambda m: m.tags(PUBLIC, MEMBER, _TAGGED)),
    Planted("hidden rows are counted", hidden_rows_are_counted, lambda matrix: matrix.sums(PUBLIC)),
    Planted("forbidden is not absent", forbidden_is_not_absent, pages(PUBLIC)),
    Planted("a table forgets its rule", a_table_forgets_its_rule, lambda m: m.tables(PUBLIC, ["csv"], only=_FORGETFUL)),
    Planted("names are completed from all", names_are_completed_from_all, finders(PUBLIC)),
    Planted("the edition's own id is shown", the_editions_own_id_is_shown, lambda m: m.lists(PUBLIC, ["fr"], _METHOD)),
    Planted("errors suggest what is hidden", errors_suggest_what_is_hidden, lambda matrix: matrix.commands(PUBLIC)),
)


#: Planted in every test run; the others take a minute of processor time and are slow.
ALWAYS = {"an empty list means all", "a group known by its name", "pages kept without a viewer"}


@pytest.mark.parametrize(
    "planted",
    [pytest.param(p, id=p.name, marks=[] if p.name in ALWAYS else [pytest.mark.slow]) for p in PLANTED],
)
def test_a_planted_mistake_is_caught_by_the_matrix(
    planted: Planted, sample: World, site: Site, monkeypatch: Patch, tmp_path: Path
) -> None:
    clean = Matrix(sample, site, monkeypatch, tmp_path)
    planted.ask(clean)
    assert clean.wrong == []
    dirty = Matrix(sample, site, monkeypatch, tmp_path)
    planted.plant(monkeypatch)
    planted.ask(dirty)
    assert dirty.wrong
    assert dirty.cases == clean.cases


# --- totals of what is counted though hidden ---

NODES = {"ALL": None, "1": "ALL", "2": "ALL"}
PLACES = {"ML": None, "ML01": "ML", "ML02": "ML"}


def _part(owner: str, node: str, place: str, record: str = "") -> Part:
    return Part(record or f"{owner}{node}{place}", owner, node, place, (100,))


CROWD = [_part(owner, "1", "ML01") for owner in "abc"]


def records_are_counted_instead_of_organisations(patch: Patch) -> None:
    patch.setattr(HiddenRule, "is_safe", lambda self, parts: len({p.record for p in parts}) >= self.organisations)


def nothing_is_left_out_beside_small_cells(patch: Patch) -> None:
    def alone(self: _Classes, told: Any) -> bool:
        return self._rule.is_safe(list(told))

    patch.setattr(_Classes, "split_if_safe", alone)


def earlier_editions_are_forgotten(patch: Patch) -> None:
    patch.setattr(_Classes, "split", lambda self, told: None)
    patch.setattr("concerted.marking.suppress._to_be_held", lambda *asked: frozenset())


@pytest.mark.parametrize(
    ("plant", "editions"),
    [
        (records_are_counted_instead_of_organisations, [[*CROWD[:2], _part("a", "1", "ML01", "again")]]),
        (nothing_is_left_out_beside_small_cells, [[*CROWD, _part("d", "2", "ML02")]]),
        (earlier_editions_are_forgotten, [CROWD, [*CROWD, _part("d", "1", "ML01")]]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_mistake_planted_in_what_totals_are_told_is_caught_by_the_audit(
    plant: Callable[[Patch], None], editions: list[list[Part]], monkeypatch: Patch
) -> None:
    def breaches() -> int:
        told: list[Told] = []
        for parts in editions:
            told.append(choose_totals(parts, NODES, PLACES, HiddenRule(), told))
        return len(audit(told, NODES, PLACES, HiddenRule()))

    assert breaches() == 0
    plant(monkeypatch)
    assert breaches() > 0
