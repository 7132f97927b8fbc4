"""What is summed once for all searches gives what each search would sum from the allocations by itself."""

from dataclasses import dataclass

import pyarrow as pa
import pytest

from concerted.marking import KEEPER, PUBLIC, Viewer
from concerted.web.coverage.allocated import allocated
from concerted.web.coverage.filters import Filters, default_filters
from concerted.web.edition.lately import Lately
from concerted.web.edition.money import AMOUNTS, money_sums
from concerted.web.edition.opened import Edition, open_edition
from concerted.web.edition.scope import Scope
from concerted.web.registry.ranked import count_ranked, ranked
from web.edition import write_edition

AMINA = Viewer("amina", "org-1", frozenset({"justice"}))


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return open_edition(write_edition(tmp_path_factory.mktemp("ranked")))


def _alone(scope: Scope, filters: Filters, sought: pa.Table | None) -> list[tuple[object, ...]]:
    """Every activity that matches, in order, asked of the allocations."""
    behind = allocated(filters)
    where = [behind.where, scope.filter.sql("a")]
    if filters.state:
        where.append("a.state IS NULL" if filters.state == "unknown" else f"a.state = '{filters.state}'")
    if filters.validation:
        where.append(
            f"a.activity_id IN (SELECT activity_id FROM core_activity WHERE validation = '{filters.validation}'"
            f" AND {scope.filter.sql_precise()})"
        )
    if sought is not None:
        where.append("a.activity_id IN (SELECT activity_id FROM sought)")
    return scope.rows(
        f"""SELECT a.activity_id, {money_sums(filters.currency, "a.finance_kind = $kind")}, min(a.state),
            bool_or(a.node_id <> 'UNCLASSIFIED'), bool_or(is_confirmed AND a.node_id <> 'UNCLASSIFIED'),
            bool_or(is_unvalued)
        FROM {behind.source} WHERE {" AND ".join(where)} GROUP BY a.activity_id
        ORDER BY best DESC NULLS LAST, high DESC NULLS LAST, a.activity_id""",
        behind.parameters,
        {} if sought is None else {"sought": sought},
    )


@pytest.mark.parametrize("viewer", [PUBLIC, AMINA, KEEPER])
@pytest.mark.parametrize("kind", ["commitment", "disbursement"])
@pytest.mark.parametrize("narrowed", [{}, {"state": "ongoing"}, {"state": "unknown"}, {"validation": "validated"}])
@pytest.mark.parametrize("node", [None, "1", "UNCLASSIFIED"])
def test_pages_counts_and_sums_are_those_of_the_allocations(
    edition: Edition, viewer: Viewer, kind: str, narrowed: dict[str, str], node: str | None
) -> None:
    scope = Scope(viewer, edition)
    every = [
        row[0]
        for row in scope.rows(
            f"SELECT DISTINCT activity_id FROM core_activity WHERE {scope.filter.sql_precise()} ORDER BY 1"
        )
    ]
    for words in (None, pa.table({"activity_id": pa.array(every[::2], pa.int64())})):
        filters = default_filters(edition).but(kind=kind, node=node, **narrowed)
        expected = _alone(scope, filters, words)
        whole = ranked(scope, filters, 1000, words)
        assert whole.rows == expected
        assert whole.count == len(expected) == count_ranked(scope, filters, words)
        for at in range(len(AMOUNTS)):
            known = [row[1 + at] for row in expected if row[1 + at] is not None]
            assert whole.sums[at] == (sum(known) if known else None)
        second = ranked(scope, filters.but(start=3, **narrowed), 2, words)
        assert second.rows == expected[3:5]
        assert second.sums == whole.sums


def test_one_viewers_sums_are_not_anothers(edition: Edition) -> None:
    filters = default_filters(edition)
    counts = {ranked(Scope(viewer, edition), filters, 1, None).count for viewer in (PUBLIC, KEEPER)}
    assert len(counts) == 2


@dataclass(frozen=True)
class _Heavy:
    name: str
    nbytes: int


def test_large_answers_go_when_there_is_no_room_those_asked_for_longest_ago_first() -> None:
    kept, made = Lately[_Heavy](100, least=0), list[str]()

    def ask(name: str, size: int = 40) -> None:
        def make() -> _Heavy:
            made.append(name)
            return _Heavy(name, size)

        assert kept.get(name, make).name == name

    for name in ("a", "b", "a", "c", "a", "b"):
        ask(name)
    assert made == ["a", "b", "c", "b"]
    ask("larger than the room", 101)
    ask("a")
    assert made[-2:] == ["larger than the room", "a"]


def test_of_small_answers_too_only_so_many_are_kept() -> None:
    kept, made = Lately[_Heavy](100, least=40), list[str]()
    for name in ("a", "b", "c", "b", "a"):
        kept.get(name, lambda name=name: made.append(name) or _Heavy(name, 1))  # type: ignore[misc]
    assert made == ["a", "b", "c", "a"]
