"""Names out of IATI organisation files, 1.x and 2.x."""

from collections import Counter
from pathlib import Path

import pytest

from concerted.model.errors import SourceError
from concerted.sources.base import Batch, Input, Part, SourceConfig
from concerted.sources.iati.reader import IatiOrganisationReader

NEW = """<?xml version="1.0"?>
<!-- example -->
<iati-organisations version="2.03">
 <iati-organisation xml:lang="en">
  <organisation-identifier>XX-1</organisation-identifier>
  <name><narrative>Relief &amp; Aid</narrative><narrative xml:lang="fr">Secours</narrative></name>
  <reporting-org ref="XX-1" type="21"><narrative>Relief &amp; Aid</narrative></reporting-org>
  <total-budget><value>1</value></total-budget>
  <recipient-org-budget>
   <recipient-org ref="XX-2"><narrative>Partenaire</narrative></recipient-org>
  </recipient-org-budget>
 </iati-organisation>
 <!-- the end -->
</iati-organisations>
"""
OLD = """<iati-organisations version="1.03"><iati-organisation>
<iati-identifier>YY-9</iati-identifier><name xml:lang="FR">Nom</name>
<reporting-org ref="YY-9" type="10">Nom</reporting-org>
</iati-organisation><iati-organisation/></iati-organisations>"""


def read(tmp_path: Path, content: str) -> list[Batch]:
    path = tmp_path / "o.xml"
    path.write_text(content)
    source = Input(path, "o.xml", "", path.stat().st_size, "iati-organisations", SourceConfig("src"))
    return list(IatiOrganisationReader().read(source, IatiOrganisationReader().parts(source, 4)[0]))


def names(batches: list[Batch]) -> list[tuple[str, ...]]:
    rows = [row for batch in batches if batch.tables for row in batch.tables["organisation_name"].to_pylist()]
    return [tuple(row[k] for k in ("line", "ref", "type_code", "name", "lang")) for row in rows]


def test_each_name_is_told_once_with_its_language(tmp_path: Path) -> None:
    batches = read(tmp_path, NEW)
    assert names(batches) == [
        (4, "XX-1", "21", "Relief & Aid", "en"),
        (4, "XX-1", "21", "Secours", "fr"),
        (4, "XX-2", None, "Partenaire", "en"),
    ]
    assert sum((Counter(batch.unread) for batch in batches), Counter()) == {
        "total-budget": 1,
        "recipient-org-budget": 1,
    }


def test_version_1_has_its_names_as_plain_text_and_an_empty_one_is_set_aside(tmp_path: Path) -> None:
    (batch,) = read(tmp_path, OLD)
    assert names([batch]) == [(1, "YY-9", "10", "Nom", "fr"), (1, "YY-9", "10", "Nom", None)]
    assert (batch.seen, batch.read, batch.set_aside) == (2, 1, 1)
    assert [issue.code for issue in batch.issues] == ["organisation_empty"]


def test_a_broken_file_gives_the_organisations_before_the_break(tmp_path: Path) -> None:
    batches = read(tmp_path, OLD.replace("<iati-organisation/>", "<iati-organisation><name>"))
    assert len(names(batches)) == 2
    assert batches[-1].issues[0].code == "xml_broken"
    assert (sum(b.seen for b in batches), sum(b.set_aside for b in batches)) == (2, 1)


def test_an_activity_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="expected <iati-organisations>"):
        read(tmp_path, "<iati-activities/>")


def test_the_part_is_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "o.xml"
    path.write_text(NEW)
    source = Input(path, "o.xml", "", len(NEW), "iati-organisations", SourceConfig("src"))
    assert IatiOrganisationReader().parts(source, 8) == [Part(0, 0, len(NEW))]
