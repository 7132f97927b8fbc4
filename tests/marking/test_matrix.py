"""No case of the matrix is wrong, in either direction: nothing leaks, and nothing that is permitted is missing."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from concerted.publish.tables import FORMATS
from marking.matrix import LISTS, Matrix, World
from marking.matrix_world import RELATIONS, ROLES, build_world, records
from marking.oracle import Asker
from web.site import Site

#: Records of the sample that every test run looks at: each label, with and without coarse views.
SAMPLE = (0, 3, 4, 6, 8, 14, 25, 28, 33, 38)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A small world."""
    return _world(tmp_path_factory.mktemp("sample"), SAMPLE)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The whole world."""
    return _world(tmp_path_factory.mktemp("whole"), range(len(records())))


def _world(root: Path, numbers: "range | tuple[int, ...]") -> World:
    chosen = tuple(record for record in records() if record.number in numbers)
    before = build_world(root / "before", [record for record in chosen if record.precise == "CLEAR"])
    return World(build_world(root / "world", chosen), chosen, before)


def with_roles(asker: Asker, turn: int) -> Asker:
    """Somebody with two roles, which must make no difference."""
    return replace(asker, roles=(ROLES[turn % len(ROLES)], ROLES[(turn + 3) % len(ROLES)]))


def test_a_sample_of_the_matrix_holds_nothing_wrong(
    sample: World, site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    matrix = Matrix(sample, site, monkeypatch, tmp_path)
    askers = [with_roles(asker, turn) for turn, asker in enumerate(RELATIONS)]
    for asker, other in pairwise(askers):
        matrix.pages_of_records(asker, ("get", "post"))
        matrix.tags(asker, other, ("activities/",))
    for turn, asker in enumerate((askers[0], askers[4])):
        matrix.lists(asker, ["fr"], [each for i, each in enumerate(LISTS) if i % 3 == turn])
        matrix.sums(asker)
        matrix.finder(asker)
        matrix.tables(asker, ["csv"], step=3)
        matrix.commands(asker)
    assert matrix.wrong == []
    assert matrix.cases > 2_000


@pytest.mark.slow
def test_the_whole_matrix_holds_nothing_wrong(
    whole: World, site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    matrix = Matrix(whole, site, monkeypatch, tmp_path)
    tagged = ("", "activities/", "coverage/", "quality/", "export/activities.csv", f"activities/{matrix.ids[4][0]}/")
    for turn, asker in enumerate(RELATIONS):
        some = with_roles(asker, turn)
        matrix.lists(some, ("fr", "en", "ar") if turn in (0, 4) else ("fr", "en", "ar")[turn % 3 :][:1])
        matrix.finder(some)
        matrix.tables(some, [FORMATS[turn % len(FORMATS)]])
        matrix.commands(some)
        for role in ("", *ROLES):
            matrix.sums(replace(asker, roles=(role,) if role else ()))
        for role in ("", *ROLES[turn % 5 :: 5]):
            matrix.pages_of_records(replace(asker, roles=(role,) if role else ()))
        matrix.pages_of_records(some, ("put", "patch", "delete", "options", "trace"))
        for other in RELATIONS:
            matrix.tags(some, other, tagged)
    with capsys.disabled():
        print(f"\n{matrix.cases:,} cases, {len(matrix.wrong)} wrong")  # noqa: T201 (the figure that README tells)
    assert matrix.wrong == []
    assert matrix.cases > 30_000
