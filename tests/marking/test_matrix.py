"""No case of the matrix is wrong, in either direction: nothing leaks, and nothing that is permitted is missing."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from concerted.publish.tables import FORMATS
from marking.matrix import LISTS, Matrix, World
from marking.matrix_world import HISTORY, RELATIONS, ROLES, build_world
from marking.oracle import Asker, view_of
from web.site import Site


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


@pytest.mark.slow
@pytest.mark.parametrize("asker", [RELATIONS[i] for i in (0, 2, 4, 8, 10)], ids=lambda asker: asker.name)
def test_with_and_without_what_a_reader_may_not_see_every_answer_is_the_same_byte_for_byte(
    asker: Asker, sample: World, site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """For partners, members and named persons too, not for the public alone."""
    seen = tuple(r for r in sample.records if view_of(asker, r.precise, r.coarse, HISTORY))
    assert 0 < len(seen) < len(sample.records)
    answers = []
    for world in (sample, replace(sample, folder=build_world(tmp_path / "world", seen), records=seen)):
        matrix = Matrix(world, site, monkeypatch, tmp_path)
        paths = [path for path, _ in LISTS] + [f"activities/{matrix.ids[r.number][0]}/" for r in seen]
        got = [matrix.get(asker, path, lang="fr") for path in paths]
        answers.append([(path, a.status_code, dict(a.items()), a.content) for path, a in zip(paths, got, strict=True)])
    for one, other in zip(*answers, strict=True):
        assert one == other, one[0]
