"""Counts of few people: the public reads them nowhere, and the word for it everywhere they would stand; partners do."""

import re
from pathlib import Path
from typing import Any

import pytest

from web.api.programs import PICTURE, ROOT
from web.edition import write_edition
from web.fixture_records import FEW
from web.pages import EXPORTS, NEED, PAGES, PUBLIC_RECORD
from web.site import Site

#: A canary as a number of its own, not as some digits of a larger one or of an id.
CANARY = re.compile(rf"(?<![\w.,\u00a0\u202f])(?:{'|'.join(map(str, FEW))})(?![\w]|[.,\u00a0\u202f]\d)")
ONE = f"activities/{PUBLIC_RECORD}/"


def test_no_page_export_or_program_tells_the_public_a_count_of_few_people(site: Site) -> None:
    addresses = [f"/{lang}/{path}" for path in PAGES + EXPORTS for lang in ("fr", "en", "ar")]
    for path in addresses + [ROOT + path for path in PICTURE]:
        assert CANARY.findall(site.get(path).text) == [], path


def test_a_suppressed_count_has_a_word_of_its_own_in_each_language(site: Site) -> None:
    for lang, word in (("fr", "occulté"), ("en", "suppressed"), ("ar", "محجوب")):
        text = site.get(f"/{lang}/{ONE}").text
        # targeted and affected as told, a baseline, a result, a cell that no reader knows
        assert len(re.findall(rf">{word}<", text)) == 5, lang
        assert word in site.get(f"/{lang}/coverage/cell/?node=ALL").text, lang
        assert word in site.get(f"/{lang}/method/").text, lang
    assert ">–<" in site.get(f"/en/{ONE}").text, "what is unknown is not suppressed"


def test_a_need_says_that_a_group_of_it_is_suppressed(workspace: Any) -> None:
    assert "f: suppressed" in workspace.client().get(f"/en/needs/{NEED}/").content.decode()
    person = workspace.client(workspace.person(workspace.partner("Alpha"), "editor"))
    seen = person.get(f"/en/needs/{NEED}/").content.decode()
    assert str(FEW[5]) in seen
    assert "suppressed" not in seen


def test_totals_take_it_as_an_interval(site: Site) -> None:
    text = site.get("/en/coverage/cell/?node=ALL").text
    assert '<dt>People targeted</dt><dd><bdi dir="ltr" class="num">1–999</bdi>' in text
    assert "1 figure suppressed: it counts few people, or would tell such a count" in text
    assert "A count from 1 to 999 people" in site.get("/en/method/").text


def test_programs_are_told_which_values_are_left_out(site: Site) -> None:
    told = site.get(f"/api/v1/activities/{PUBLIC_RECORD}").json()
    people = [(row["value"], row["suppressed"]) for row in told["rows"]["people"]]
    assert people == [(1200, None), (None, "value"), (None, "value")]
    assert [row["suppressed"] for row in told["rows"]["indicator_period"]] == [None, "actual_value"]
    assert {row["kind"]: (row["at_least"], row["at_most"], row["suppressed"]) for row in told["people"]} == {
        "reached": (1200, 2199, 1),
        "targeted": (1, 999, 1),
    }


def test_who_is_signed_in_reads_them_on_the_same_page_and_nothing_is_kept_from_one_for_the_other(
    workspace: Any,
) -> None:
    person = workspace.client(workspace.person(workspace.partner("Alpha"), "editor"))
    public = workspace.client()
    for _ in range(2):
        seen = person.get(f"/en/{ONE}").content.decode()
        assert set(CANARY.findall(seen)) == set(map(str, FEW[:5]))
        assert "suppressed" not in seen
        assert CANARY.findall(public.get(f"/en/{ONE}").content.decode()) == []
        assert "613" in person.get("/en/coverage/cell/?node=ALL").content.decode()
        assert "613" not in public.get("/en/coverage/cell/?node=ALL").content.decode()


@pytest.mark.parametrize("lacking", ["table", "columns"])
def test_of_an_edition_of_an_older_version_the_public_is_told_no_count_at_all(tmp_path: Path, lacking: str) -> None:
    """Nobody has looked which of its counts are small."""
    import duckdb

    from concerted.marking import KEEPER, PUBLIC, row_filter
    from concerted.publish.visible import counts_sql
    from concerted.store.query import STAND_INS
    from concerted.web.edition.opened import open_edition

    folder = write_edition(tmp_path)
    for table in STAND_INS:
        (folder / f"{table}.parquet").unlink()
    if lacking == "columns":
        for name, column in (("out_people_bound", "told_most"), ("out_people_figure", "is_suppressed")):
            path = folder / f"{name}.parquet"
            rest = duckdb.sql(f"SELECT * EXCLUDE ({column}) FROM '{path}'").to_arrow_table()
            _replace(folder, path, rest)
    edition = open_edition(folder)
    public, keeper = (row_filter(viewer, edition.marking_keys) for viewer in (PUBLIC, KEEPER))
    for table, column in (("core_people", "value"), ("core_indicator_period", "actual_value")):
        assert edition.rows(f"SELECT count({column}) FROM {counts_sql(public, table)}") == [(0,)]
        assert edition.rows(f"SELECT count({column}) FROM {counts_sql(keeper, table)}")[0][0] > 40
    if lacking == "columns":
        for table, column in (("out_people_bound", "at_most"), ("out_people_figure", "value")):
            assert edition.rows(f"SELECT count({column}) FROM {counts_sql(public, table)}") == [(0,)]


def _replace(folder: Path, path: Path, content: Any) -> None:
    """The table as another version made it: its manifest knows these bytes."""
    import json

    import pyarrow.parquet as pq

    from concerted.store.edition import file_sha256

    pq.write_table(content, path)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["tables"][path.stem] = {"sha256": file_sha256(path), "rows": content.num_rows}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
