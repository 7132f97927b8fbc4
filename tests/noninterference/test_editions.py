"""Editions with and without their hidden files and rows: to the public they are one and the same, to the byte."""

import json
from pathlib import Path
from typing import Any

import pytest

from concerted.build import build
from concerted.marking import KEEPER, PUBLIC, Viewer
from concerted.model.ids import id_text
from concerted.publish.changes import compare
from concerted.publish.figure import Figure
from concerted.publish.figures import explain
from concerted.publish.tables import export_table
from concerted.publish.visible import RULES, visible_sql
from concerted.steps import BuildRequest
from concerted.store.query import open_edition
from noninterference.sources import write_sources
from web.api.programs import PICTURE, ROOT
from web.site import Site

FRAMEWORK = "pve-plan"
#: Every endpoint of the site, as a test checks; ids are filled in from the public's own export.
PAGES = (
    "", "coverage/", "coverage/?by=period", "coverage/?by=partner", "coverage/cell/?node=ALL",
    "coverage/map/", "coverage/timeline/", "money/", "activities/", "activities/?place=all&q=zzcanary",
    "activities/{activity}/",
    "search/", "search/?q=bureau", "search/?q=zzcanary",
    "partners/", "partners/{partner}/", "quality/", "quality/{source}/", "method/", "export/coverage.csv",
    "needs/", "needs/?state=all", "needs/0000000000000000/", "coverage/what-if/",
    "coverage/what-if/?change=end~{activity}~2026-01-01",
    "export/activities.csv?place=all", "export/timeline.csv", "no/such/page/",
)  # fmt: skip
#: What programs ask of these editions, besides what they ask of any.
OWN = ("activities/{activity}", "partners/{partner}", "quality/{source}")


def two_editions(root: Path, seed: int) -> tuple[Path, Path]:
    """The folders of the editions with and without what is hidden."""
    made = []
    for name, with_hidden in (("with", True), ("without", False)):
        sources = write_sources(root / name, seed, with_hidden=with_hidden)
        made.append(build(sources, root / name / "data", BuildRequest(frameworks=(FRAMEWORK,))).folder)
    return made[0], made[1]


def exported(edition: Path, folder: Path) -> dict[str, bytes]:
    """Every file that the public gets of every table."""
    folder.mkdir()
    for table in RULES:
        export_table(PUBLIC, edition, table, folder / f"{table}.csv", "csv")
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def answers(site: Site, edition: Path, ids: dict[str, str]) -> list[tuple[str, bytes, Any]]:
    """What the site of an edition answers on every page and to every program: address, content, headers.

    All of it at once: two editions served in turns would be one edition compared with itself.
    """
    from concerted.web.config import middleware
    from concerted.web.config.page_cache import shelf
    from concerted.web.edition.current import CurrentEdition

    served = CurrentEdition(edition.parent.parent)
    found = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(middleware, "current", lambda: served)
        shelf.clear()
        for page in PAGES:
            for lang in ("fr", "ar"):
                answer = site.get(f"/{lang}/{page.format(**ids)}")
                found.append((f"/{lang}/{page}", answer.content, (answer.status_code, dict(answer.items()))))
        for address in (ROOT + each for each in (*PICTURE, *(own.format(**ids) for own in OWN))):
            answer = site.get(address)
            found.append((address, answer.content, (answer.status_code, dict(answer.items()))))
        shelf.clear()
    return found


def statements(viewer: Viewer, edition: Path) -> int:
    """How many statements somebody sees."""
    with open_edition(edition) as connection:
        sql, parameters = visible_sql(viewer, connection, "core_activity")
        (count,) = connection.execute(f"SELECT count(*) FROM ({sql})", parameters).fetchone() or (0,)
    return int(count)


def some_ids(edition: Path) -> dict[str, str]:
    """An activity, a partner and a source that the public sees."""
    with open_edition(edition) as connection:
        sql, parameters = visible_sql(PUBLIC, connection, "core_activity")
        row = connection.execute(f"SELECT activity_id, org_id, source_id FROM ({sql}) ORDER BY record_id", parameters)
        activity, partner, source = row.fetchone() or (0, 0, "")
    return {"activity": id_text(activity), "partner": id_text(partner), "source": source}


def check_pair(root: Path, site: Site, seed: int) -> None:
    whole, alone = two_editions(root, seed)
    assert whole.name != alone.name
    # There is something to hide, though it need not be among the figures of every pair.
    assert statements(KEEPER, whole) > statements(PUBLIC, whole) == statements(PUBLIC, alone) > 0
    one, other = exported(whole, root / "a"), exported(alone, root / "b")
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
    figures = [
        json.dumps(explain(PUBLIC, edition, Figure(FRAMEWORK)), default=str, ensure_ascii=False)
        for edition in (whole, alone)
    ]
    assert figures[0] == figures[1]
    found = compare(PUBLIC, alone, whole)
    assert (found["old"], found["records"], found["totals"]) == (
        *(found["new"], {"added": [], "removed": [], "changed": []}, []),
    )
    assert (found["inputs"]["added"], found["inputs"]["removed"], found["inputs"]["changed"]) == ([], [], [])
    assert compare(KEEPER, alone, whole)["inputs"]["added"]
    ids = some_ids(alone)
    assert ids == some_ids(whole)
    for (page, *seen), (_, *expected) in zip(answers(site, whole, ids), answers(site, alone, ids), strict=True):
        assert seen == expected, page


def test_with_and_without_hidden_inputs_the_public_gets_the_same_bytes(site: Site, tmp_path: Path) -> None:
    check_pair(tmp_path, site, 1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 22))
def test_tens_of_pairs_of_editions_give_the_public_the_same_bytes(site: Site, tmp_path: Path, seed: int) -> None:
    check_pair(tmp_path, site, seed)


def test_every_endpoint_that_shows_records_is_among_the_pages(site: Site) -> None:
    from django.urls import resolve
    from django.utils import translation

    from concerted.web.config.policy import Access, endpoints, policy_of

    policies = {str(pattern.name): policy_of(pattern.callback) for pattern in endpoints()}
    showing = {name for name, policy in policies.items() if policy and policy.access is Access.RECORDS}
    ids = {"activity": "0" * 16, "partner": "0" * 16, "source": "s"}
    with translation.override("fr"):
        walked = {resolve(f"/fr/{p.partition('?')[0].format(**ids)}").url_name for p in PAGES if "no/such" not in p}
        walked |= {resolve(ROOT + p.partition("?")[0].format(**ids)).url_name for p in (*PICTURE, *OWN)}
    assert len(showing) >= 14
    assert showing - walked == set()
