"""Programs read the picture that pages show, from the same queries."""

import pytest

from web.api.programs import PICTURE, ROOT, Program, program
from web.pages import COARSE_RECORD, HIDDEN_PARTNER, HIDDEN_RECORD, LINKED_RECORD, PARTNER, PUBLIC_RECORD
from web.site import Site
from web.workspace import Workspace


@pytest.fixture
def public(site: Site) -> Program:
    return Program(site.client)


def test_every_address_of_the_picture_answers_the_public_in_each_language(public: Program) -> None:
    for address in PICTURE:
        for lang in ("fr", "en", "ar"):
            joined = f"{address}{'&' if '?' in address else '?'}lang={lang}"
            answer = public.get(joined)
            assert answer.status_code == 200, (joined, answer.content[:300])
            assert answer["Content-Language"] == lang


def test_the_matrix_of_a_program_is_the_one_of_the_page(public: Program, site: Site) -> None:
    import csv
    import io

    for query in ("", "?by=period", "?place=ML05&period=2026&currency=XOF"):
        found = public.get(f"coverage{query}").data
        lines = list(csv.DictReader(io.StringIO(site.get(f"/fr/export/coverage.csv{query}").text)))
        cells = [cell for row in found["rows"] for cell in row["cells"]]
        assert len(cells) == len(lines) > 10
        for cell, line in zip(cells, lines, strict=True):
            assert (cell["money"]["best"] or "") == line["best"]
            assert cell["activities"] == int(line["activities"])
            assert (cell["state"] or "") == line["state"]


def test_the_list_of_a_program_has_the_total_of_the_cell_to_the_cent(public: Program) -> None:
    cell = public.get("coverage/cell?node=1&place=ML05").data
    listed = public.get("activities?node=1&place=ML05").data
    assert listed["count"] == cell["cell"]["activities"] > 0
    assert listed["money"] == cell["net"]


def test_an_activity_opens_down_to_the_line_of_its_file(public: Program) -> None:
    found = public.get(f"activities/{PUBLIC_RECORD}").data
    assert not found["is_coarse"]
    for statement in found["statements"]:
        assert statement["input_path"]
        assert isinstance(statement["line"], int)
    assert all("line" in row for row in found["rows"]["transaction"])


def test_a_coarse_view_tells_a_program_no_more_than_the_page(public: Program) -> None:
    answer = public.get(f"activities/{COARSE_RECORD}?lang=en")
    assert answer.data["is_coarse"]
    assert answer.data["statements"] == []
    assert answer.data["rows"] == {}
    assert "Ansongo" not in answer.content.decode()


def test_forbidden_and_absent_look_the_same_byte_for_byte(public: Program) -> None:
    absent = public.get("activities/0123456789abcdef")
    assert absent.status_code == 404
    assert absent["Content-Type"] == "application/problem+json"
    for address in (
        f"activities/{HIDDEN_RECORD}",
        "activities/not-an-id",
        f"activities?partner={HIDDEN_PARTNER}",
        f"partners/{HIDDEN_PARTNER}",
        f"chain?partner={HIDDEN_PARTNER}",
        f"exports/activities?partner={HIDDEN_PARTNER}",
        "partners/0123456789abcdef",
        "coverage?place=none",
        "coverage?framework=none",
        "frameworks/none",
        "quality/hidden/zzcanaryfile",
        "no/such/operation",
    ):
        answer = public.get(address)
        assert answer.status_code == 404, address
        assert answer.content == absent.content, address


def test_a_misspelt_filter_is_an_error_and_not_the_figure_of_everything(public: Program) -> None:
    answer = public.get("coverage?plaec=ML05")
    assert answer.status_code == 422
    assert answer.data["errors"][0]["where"] == "query.plaec"
    assert "place" in answer.data["errors"][0]["do"]
    assert public.get("coverage?lang=de").status_code == 422


def test_what_has_not_changed_is_told_in_a_few_bytes(public: Program) -> None:
    for address in ("coverage", "edition", f"partners/{PARTNER}"):
        first = public.get(address)
        again = public.get(address, **{"If-None-Match": first["ETag"]})
        assert again.status_code == 304, address
        assert again.content == b""
        assert public.get(address, **{"If-None-Match": '"another"'}).status_code == 200


def test_a_token_for_the_picture_sees_what_its_owner_sees_and_another_what_the_public_sees(
    workspace: Workspace,
) -> None:
    user = workspace.person(workspace.partner("Beta"), "implementer", "editor")
    public, seeing, blind = (
        program(workspace),
        program(workspace, user, "picture:read"),
        program(workspace, user, "records:read"),
    )
    address = "activities?place=all"
    page = workspace.client(user).get("/fr/export/activities.csv?place=all")
    counted = int(page.content.decode("utf-8-sig").strip().splitlines()[-1].split(",")[1])
    assert seeing.get(address).data["count"] == counted > public.get(address).data["count"]
    assert blind.get(address).content == public.get(address).content


def test_a_restricted_activity_that_a_program_reads_is_in_the_log_as_read_by_a_program(workspace: Workspace) -> None:
    from concerted.model.ids import id_text
    from concerted.web.audit.models import Entry
    from web.fixture_records import records

    green = next(r for r in records() if r.marking == "GREEN")
    user = workspace.person(workspace.partner("Beta"), "implementer", "editor")
    reference = _reference_of(workspace, green.id)
    owner = workspace.partner("Owner of the green one", reference=reference)
    asks = program(workspace, user, "picture:read")
    for count in (1, 2):  # the second comes from the kept answers
        assert asks.get(f"activities/{id_text(green.id)}").status_code == 200
        found = Entry.objects.filter(action="saw", object_id=id_text(green.id))
        assert [(entry.channel, entry.owner) for entry in found] == [("api", owner.pk)] * count
    asks.get("exports/activities?place=all")
    assert Entry.objects.filter(action="exported").values_list("channel", flat=True)[0] == "api"


def _reference_of(workspace: Workspace, record: int) -> str:
    from concerted.web.config.middleware import current

    served = current().get()
    assert served
    sql = "SELECT reporting_org_ref FROM core_activity WHERE activity_id = $record"
    ((reference,),) = served.edition.rows(sql, {"record": record})
    return str(reference)


def test_the_interface_answers_head_and_refuses_what_is_not_done_there(public: Program) -> None:
    assert public.ask("HEAD", "coverage").status_code == 200
    refused = public.ask("DELETE", "coverage")
    assert refused.status_code == 405
    assert refused["Allow"] == "GET, HEAD"
    assert refused.data["code"] == "method"


def test_the_description_is_served_and_asks_for_nothing_outside(site: Site) -> None:
    described = site.get(ROOT + "openapi.json")
    assert described.status_code == 200
    assert described["Content-Type"] == "application/json"
    page = site.get("/fr/programs/")
    assert page.status_code == 200
    assert "http://" not in page.text.replace("http://testserver", "")
    assert page.text.count("<details") > 25
    assert "activities/{activity}" in page.text
    assert LINKED_RECORD not in page.text


def test_programs_have_every_filter_that_pages_have(site: Site) -> None:
    from dataclasses import fields

    from concerted.web.api.asked import FilterQuery
    from concerted.web.coverage.filters import Filters

    known = {"open" if each.name == "opened" else each.name for each in fields(Filters)}
    assert set(FilterQuery.model_fields) == known | {"lang"}
