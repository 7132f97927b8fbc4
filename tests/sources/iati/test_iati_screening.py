"""Free texts of IATI are screened at the door: what is refused is in no table, and an issue says where it was."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from concerted.model.issues import issue_table
from concerted.sources.base import Batch, Input, MarkingRule, Part, SourceConfig
from concerted.sources.iati.reader import IatiOrganisationReader, IatiReader

ACTIVITY = """<iati-activities version="2.03">
<iati-activity><iati-identifier>XX-1</iati-identifier>
<title><narrative>Projet (contact: Awa Secret)</narrative><narrative xml:lang="en">Plain title</narrative></title>
<description><narrative>Write to secret@example.org &amp; wait</narrative></description>
<other-identifier ref="A"><owner-org><narrative>Mme Awa Secret</narrative></owner-org></other-identifier>
<participating-org role="4"><narrative>Bureau, secret@example.org</narrative></participating-org>
<location><name><narrative>Puits 14.49531, -4.19672</narrative></name>
<description><narrative>Tél. 76 12 34 56</narrative></description></location>
<transaction><transaction-type code="3"/><description><narrative>Paid to Mr Awa Secret</narrative></description>
<receiver-org><narrative>Dr Secret</narrative></receiver-org></transaction>
<document-link url="https://example.org/?to=secret@example.org"><title><narrative>Bio of Mr Secret</narrative></title>
</document-link>
<result type="1"><title><narrative>Less Islamist terrorism</narrative></title>
<indicator><title><narrative>Calls to +223 76 12 34 56</narrative></title><baseline value="asked Mr Secret"/>
<period><actual value="12"><comment><narrative>said Ms Secret</narrative></comment></actual></period></indicator>
</result>
</iati-activity>
<iati-activity/>
</iati-activities>"""
SECRETS = ("Secret", "secret@", "76 12", "14.495", "Islamist")


def read(tmp_path: Path, text: str, config: SourceConfig | None = None) -> list[Batch]:
    path = tmp_path / "a.xml"
    path.write_text(text)
    source = Input(path, "a.xml", "", path.stat().st_size, "iati-activities", config or SourceConfig("source"))
    reader = IatiOrganisationReader() if "<iati-organisations" in text else IatiReader()
    return list(reader.read(source, Part(0, 0, source.bytes)))


def told(batches: list[Batch]) -> dict[str | None, tuple[str, int | None]]:
    codes = ("text_masked", "label_refused")
    return {i.field: (i.code, i.line) for batch in batches for i in batch.issues if i.code in codes}


def everything(batches: list[Batch]) -> str:
    tables: list[pa.Table] = [table for batch in batches for table in batch.tables.values()]
    return repr([table.to_pylist() for table in tables] + [issue_table(b.issues).to_pylist() for b in batches])


def test_no_table_and_no_issue_holds_what_is_refused(tmp_path: Path) -> None:
    stored = everything(read(tmp_path, ACTIVITY))
    assert not [secret for secret in SECRETS if secret in stored]
    assert "Write to […] & wait" in stored
    assert "Plain title" in stored


def test_an_issue_says_in_which_element_on_which_line(tmp_path: Path) -> None:
    assert told(read(tmp_path, ACTIVITY)) == {
        "title": ("text_masked", 3),
        "description": ("text_masked", 4),
        "other-identifier/owner-org": ("text_masked", 5),
        "participating-org": ("text_masked", 6),
        "location/name": ("text_masked", 7),
        "location/description": ("text_masked", 8),
        "transaction/description": ("text_masked", 9),
        "transaction/receiver-org": ("text_masked", 10),
        "document-link/@url": ("text_masked", 11),
        "document-link/title": ("text_masked", 11),
        "result/title": ("label_refused", 13),
        "result/indicator/title": ("text_masked", 14),
        "result/indicator/baseline/@value": ("text_masked", 14),
        "result/indicator/period/actual/comment": ("text_masked", 15),
    }


def test_a_text_without_traces_is_stored_as_it_is_beside_one_with_them(tmp_path: Path) -> None:
    (batch,) = read(tmp_path, ACTIVITY)
    titles = [row["text"] for row in batch.tables["narrative"].to_pylist() if row["field"] == "title"]
    assert titles == ["Projet (contact: […])", "Plain title"]
    assert batch.tables["activity"]["title"].to_pylist() == ["Projet (contact: […])"]


def test_what_an_issue_quotes_is_screened_too(tmp_path: Path) -> None:
    text = ACTIVITY.replace("<location>", '<activity-date type="1" iso-date="ask secret@example.org"/><location>')
    batches = read(tmp_path, text)
    assert [i.values["found"] for b in batches for i in b.issues if i.code == "date_wrong"] == ["ask […]"]
    assert "secret@" not in everything(batches)


@pytest.mark.parametrize("precise", ["CLEAR", "AMBER:group"])
def test_restricted_sources_are_screened_as_well(tmp_path: Path, precise: str) -> None:
    config = SourceConfig("source", marking=MarkingRule(precise))
    assert "secret@" not in everything(read(tmp_path, ACTIVITY, config))


def test_names_in_an_organisation_file_are_screened(tmp_path: Path) -> None:
    text = (
        '<iati-organisations version="2.03"><iati-organisation>'
        "<organisation-identifier>XX-1</organisation-identifier>"
        "<name><narrative>Bureau (secret@example.org)</narrative></name></iati-organisation></iati-organisations>"
    )
    batches = read(tmp_path, text)
    names: Any = batches[0].tables["organisation_name"]["name"].to_pylist()
    assert names == ["Bureau ([…])"]
    assert [i.code for b in batches for i in b.issues] == ["text_masked"]


def test_the_same_finding_on_one_line_is_told_once_with_its_count(tmp_path: Path) -> None:
    text = (
        "<iati-activities><iati-activity><iati-identifier>XX-1</iati-identifier>"
        "<title><narrative/><narrative/><narrative>Mr Secret</narrative><narrative>Ms Secret</narrative></title>"
        "</iati-activity></iati-activities>"
    )
    issues = [i for batch in read(tmp_path, text) for i in batch.issues]
    assert [(i.code, i.field, i.count) for i in issues] == [
        ("narrative_empty", "title", 2),
        ("text_masked", "title", 2),
    ]
