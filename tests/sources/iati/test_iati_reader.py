"""What the IATI reader does with good, odd, broken and hostile files."""

import gzip
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from concerted.model.errors import SourceError
from concerted.model.issues import Issue
from concerted.sources.base import Input, MarkingRule, Part, SourceConfig
from concerted.sources.iati import chunks
from concerted.sources.iati.reader import READERS, IatiReader

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="2.03">\n'
TAIL = "</iati-activities>\n"
ONE = (
    "<iati-activity><iati-identifier>XX-1</iati-identifier>"
    "<title><narrative>Water</narrative></title></iati-activity>\n"
)


class Read:
    """All batches of a document together."""

    def __init__(self, source: Input, parts: list[Part] | None = None) -> None:
        self.tables: dict[str, list[dict[str, Any]]] = {}
        self.issues: list[Issue] = []
        self.unread: Counter[str] = Counter()
        self.seen = self.read = self.set_aside = self.batches = 0
        for part in parts or [Part(0, 0, source.bytes)]:
            for batch in IatiReader().read(source, part):
                self.batches += 1
                for name, table in batch.tables.items():
                    self.tables.setdefault(name, []).extend(table.to_pylist())
                self.issues += batch.issues
                self.unread.update(batch.unread)
                self.seen, self.read = self.seen + batch.seen, self.read + batch.read
                self.set_aside += batch.set_aside
        assert self.seen == self.read + self.set_aside

    def codes(self) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for issue in self.issues:
            counts[issue.code] += issue.count
        return dict(counts)

    def one(self, table: str) -> dict[str, Any]:
        (row,) = self.tables[table]
        return row


@pytest.fixture
def source(tmp_path: Path) -> Callable[..., Input]:
    def make(content: str | bytes, name: str = "a.xml", config: SourceConfig | None = None) -> Input:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return Input(path, name, "", path.stat().st_size, "iati-activities", config or SourceConfig("src"))

    return make


def activity(inner: str, attributes: str = "") -> str:
    identifier = "<iati-identifier>XX-1</iati-identifier>"
    return f"{HEAD}<iati-activity {attributes}>\n{identifier}\n{inner}\n</iati-activity>\n{TAIL}"


def test_words_and_letters_of_version_1_become_the_codes_of_version_2(source: Callable[..., Input]) -> None:
    read = Read(
        source(
            activity(
                '<participating-org role="Implementing" type="21">ONG</participating-org>'
                '<activity-date type="start-actual" iso-date="2012-03-01"/>'
                '<activity-date type="end-planned">2014-01-31</activity-date>'
                '<sector vocabulary="DAC" code="15220">Paix</sector><sector vocabulary="RO" code="x"/>'
                '<transaction><transaction-type code="D"/><transaction-date iso-date="2012-05-01"/>'
                '<value value-date="2012-05-01">1000</value><provider-org ref="X">Bailleur</provider-org></transaction>'
                '<budget type="Original"><value>5</value></budget>'
                '<location percentage="40"><name>Gao</name>'
                '<coordinates latitude="16.27" longitude="-0.04" precision="3"/>'
                '<administrative country="ml" adm1="ML07"/>'
                '<gazetteer-entry gazetteer-ref="GEO">2457161</gazetteer-entry>'
                "</location>"
                '<other-identifier owner-ref="Y" owner-name="Why">77</other-identifier>',
                'default-currency="eur" xml:lang="FR-ml"',
            )
        )
    )
    assert read.one("participating_org")["role_code"] == "4"
    assert read.one("participating_org")["name_lang"] == "fr"
    assert read.one("activity")["start_actual_date"] == date(2012, 3, 1)
    assert read.one("activity")["end_planned_date"] == date(2014, 1, 31)
    assert [row["vocabulary_code"] for row in read.tables["sector"]] == ["1", "99"]
    transaction = read.one("transaction")
    assert (transaction["type_code"], transaction["currency"], transaction["value"]) == ("3", "EUR", Decimal(1000))
    assert transaction["value_eur"] == Decimal(1000)
    assert transaction["value_usd"] is not None
    assert read.one("budget")["type_code"] == "1"
    location = read.one("location")
    assert (location["latitude"], location["longitude"], location["exactness_code"]) == (16.27, -0.04, "2")
    assert (location["country_code"], location["admin1_code"], location["pct"]) == ("ML", "ML07", 40.0)
    codes = {(row["kind"], row["vocabulary_code"], row["code"]) for row in read.tables["location_code"]}
    assert codes == {("administrative", None, None), ("gazetteer", "G1", "2457161")}
    assert read.one("identifier") | {"record_id": 0, "seq": 0} == {
        "record_id": 0, "seq": 0, "ref": "77", "type_code": None, "owner_org_ref": "Y", "owner_org_name": "Why",
    }  # fmt: skip
    assert read.codes() == {}


def test_defaults_of_the_activity_fill_what_a_transaction_leaves_out(source: Callable[..., Input]) -> None:
    read = Read(
        source(
            activity(
                '<default-flow-type code="10"/><default-aid-type code="3" vocabulary="2"/>'
                '<default-aid-type code="C01"/>'
                "<transaction><value>1</value></transaction>"
                '<transaction><value currency="XOF">2</value><flow-type code="30"/></transaction>',
                'default-currency="USD"',
            )
        )
    )
    first, second = read.tables["transaction"]
    assert (first["currency"], first["flow_type_code"], first["aid_type_code"]) == ("USD", "10", "C01")
    assert (second["currency"], second["flow_type_code"]) == ("XOF", "30")


def test_the_transaction_date_serves_for_the_rate_where_no_value_date_is_given(source: Callable[..., Input]) -> None:
    read = Read(
        source(
            activity(
                '<transaction><transaction-date iso-date="2020-06-15"/><value currency="EUR">10</value></transaction>'
                '<transaction><value currency="EUR">10</value></transaction>'
            )
        )
    )
    dated, undated = read.tables["transaction"]
    assert (dated["value_date"], dated["value_eur"], dated["rate_date"]) == (None, Decimal(10), date(2020, 6, 15))
    assert (undated["value_usd"], undated["value_eur"]) == (None, None)


def test_what_cannot_be_meant_is_null_with_an_issue_that_shows_it(source: Callable[..., Input]) -> None:
    read = Read(
        source(
            activity(
                '<activity-date type="1" iso-date="31/12/2020"/>\n'
                '<sector code="99999" percentage="140"/>\n'
                "<location><point><pos>0 0</pos></point></location>\n"
                '<budget><value currency="EUR" value-date="2020-01-01">-5</value></budget>\n'
                '<transaction><value currency="EUR">a lot</value></transaction>\n'
                "<transaction><value>10000000000000</value></transaction>\n"
                "<transaction><value>7</value></transaction>\n"
                '<activity-status code="12"/>'
            )
        )
    )
    assert read.codes() == {
        "date_wrong": 1, "percent_wrong": 1, "coordinates_wrong": 1, "value_negative": 1, "value_wrong": 1,
        "value_absurd": 1, "currency_missing": 1, "code_unknown": 2,
    }  # fmt: skip
    wrong = next(issue for issue in read.issues if issue.code == "value_wrong")
    assert (wrong.line, wrong.field, wrong.values) == (9, "transaction.value", {"found": "a lot"})
    assert wrong.record_id == read.one("activity")["record_id"]
    assert (read.one("activity")["activity_status_code"], read.one("activity")["state"]) == ("12", None)
    assert read.one("budget")["value"] == Decimal(-5)
    assert read.one("sector")["pct"] is None
    assert read.one("location")["latitude"] is None


@pytest.mark.parametrize(
    ("code", "state"),
    [("1", "planned"), ("2", "ongoing"), ("3", "completed"), ("4", "completed"), ("5", "cancelled"), ("6", None)],
)
def test_the_state_comes_from_the_status_and_suspended_is_unknown(
    source: Callable[..., Input], code: str, state: str | None
) -> None:
    row = Read(source(activity(f'<activity-status code="{code}"/>'))).one("activity")
    assert (row["activity_status_code"], row["state"]) == (code, state)


def test_issues_that_repeat_are_written_fifty_times_and_counted_in_full(source: Callable[..., Input]) -> None:
    read = Read(source(activity('<sector code="15220" percentage="x"/>\n' * 60)))
    assert read.codes() == {"percent_wrong": 60}
    assert len(read.issues) == 51
    assert read.issues[-1].values == {"count": 10}


def test_persons_are_never_read_only_counted(source: Callable[..., Input]) -> None:
    read = Read(source(activity("<contact-info><person-name>Someone</person-name><email>a@b.c</email></contact-info>")))
    assert read.unread == {"contact-info": 1}
    assert "Someone" not in repr(read.tables) + repr(read.issues)


def test_elements_that_are_not_read_are_counted_by_their_path(source: Callable[..., Input]) -> None:
    read = Read(
        source(
            activity(
                '<crs-add/><x:own xmlns:x="urn:x"/><transaction><value currency="EUR">1</value>'
                '<value currency="EUR">2</value><fee/></transaction><title xmlns="urn:y">foreign</title>'
            )
        )
    )
    assert read.unread == {
        "crs-add": 1,
        "x:own": 1,
        "transaction/fee": 1,
        "transaction/value (repeated)": 1,
        "title": 1,
    }
    assert read.one("activity")["title"] is None
    assert read.one("transaction")["value"] == Decimal(1)


def test_a_repeated_identifier_is_read_twice_with_a_warning(source: Callable[..., Input]) -> None:
    read = Read(source(HEAD + ONE + ONE + TAIL))
    assert len({row["record_id"] for row in read.tables["activity"]}) == 2
    (issue,) = read.issues
    assert (issue.code, issue.line, issue.values) == ("identifier_duplicate", 4, {"found": "XX-1", "occurrence": 2})


def test_no_word_of_a_restricted_source_enters_an_issue(source: Callable[..., Input]) -> None:
    config = SourceConfig("s", marking=MarkingRule("AMBER:g", "CLEAR"))
    broken = HEAD + ONE + ONE + "<iati-activity><title>Cut"
    read = Read(source(broken, config=config))
    values = {issue.code: issue.values for issue in read.issues}
    assert values["identifier_duplicate"] == {"found": "…", "occurrence": "…"}
    assert values["xml_broken"]["reason"] != "…"
    assert "XX-1" not in repr(values)


def test_an_activity_without_identifier_is_known_by_its_content(source: Callable[..., Input]) -> None:
    bare = "<iati-activity><title>Puits</title></iati-activity>"
    first = Read(source(HEAD + bare + TAIL))
    moved = Read(source(HEAD + "\n\n" + ONE + bare + TAIL))
    assert first.codes() == {"identifier_missing": 1}
    assert first.one("activity")["record_id"] == moved.tables["activity"][1]["record_id"]


def test_an_activity_that_says_nothing_is_set_aside(source: Callable[..., Input]) -> None:
    empty = "<iati-activity default-currency='EUR'><title/><policy-marker code=' '/></iati-activity>"
    read = Read(source(HEAD + ONE + empty + TAIL))
    assert (read.seen, read.read, read.set_aside) == (2, 1, 1)
    assert read.codes()["activity_empty"] == 1
    assert "policy_marker" not in read.tables


def test_a_broken_file_gives_what_is_complete_and_says_where_it_breaks(source: Callable[..., Input]) -> None:
    read = Read(source(HEAD + ONE + ONE.replace("1", "2") + "<iati-activity>\n<title><narrative>Half</title>" + TAIL))
    assert (read.seen, read.read, read.set_aside) == (3, 2, 1)
    issue = read.issues[-1]
    assert (issue.code, issue.severity, issue.line) == ("xml_broken", "error", 6)
    assert issue.column is not None
    assert issue.values == {"reason": "mismatched tag"}


@pytest.mark.parametrize("cut", range(1, len(HEAD + ONE + ONE + TAIL) - 2, 7))
def test_a_file_cut_anywhere_adds_up(source: Callable[..., Input], cut: int) -> None:
    whole = HEAD + ONE + ONE.replace("1", "2") + TAIL
    if cut < whole.index("<iati-activities") + 2:
        with pytest.raises(SourceError):
            Read(source(whole[:cut]))
        return
    if cut < len(HEAD) - 1:
        with pytest.raises(SourceError, match="no XML"):
            Read(source(whole[:cut]))
        return
    read = Read(source(whole[:cut]))
    ends = [at for at in range(len(whole)) if whole.startswith("</iati-activity>", at)]
    begins = [at for at in range(len(whole)) if whole.startswith("<iati-activity>", at)]
    assert read.read == sum(end + len("</iati-activity>") <= cut for end in ends)
    assert read.seen - read.read in (0, 1)
    assert read.seen <= sum(begin < cut for begin in begins)
    assert read.codes()["xml_broken"] == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "empty"),
        ('{"result": []}', "no XML"),
        ("<html><body/></html>", "root is <html>"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><iati-activities>&a;</iati-activities>', "DOCTYPE"),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd"><iati-activities/>', "DOCTYPE"),
        (HEAD + "<iati-activity>" + "<a>" * 300 + "</a>" * 300 + "</iati-activity>" + TAIL, "nested"),
        ('<?xml version="1.0" encoding="klingon"?><iati-activities/>', "unknown"),
    ],
)
def test_what_is_no_iati_or_hostile_is_refused_with_the_reason(
    source: Callable[..., Input], content: str, reason: str
) -> None:
    with pytest.raises(SourceError, match=reason):
        Read(source(content))


def test_a_record_over_the_size_limit_is_refused(source: Callable[..., Input], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "MAX_RECORD_BYTES", 1 << 16)
    monkeypatch.setattr(chunks, "CHUNK_BYTES", 1 << 16)
    with pytest.raises(SourceError, match="over 65536 bytes"):
        Read(source(activity("<title>" + "x" * (1 << 18) + "</title>")))


def test_a_lone_activity_is_read_without_its_root(source: Callable[..., Input]) -> None:
    assert Read(source('<?xml version="1.0"?>\n' + ONE)).one("activity")["line"] == 2


def test_other_encodings_are_read_as_declared(source: Callable[..., Input]) -> None:
    text = activity("<title>Sécurité à Ménaka</title>")
    latin = Read(source(text.replace("UTF-8", "ISO-8859-1").encode("latin-1")))
    wide = Read(source(text.replace("UTF-8", "UTF-16").encode("utf-16")))
    marked = Read(source(text.encode("utf-8-sig")))
    assert {r.one("activity")["title"] for r in (latin, wide, marked)} == {"Sécurité à Ménaka"}
    assert {r.one("activity")["line"] for r in (latin, wide, marked)} == {3}


def test_strangers_beside_the_activities_and_undeclared_prefixes_are_told(source: Callable[..., Input]) -> None:
    read = Read(source(HEAD + "<stranger/>\n" + ONE.replace("<title>", '<title own:a="1">') + TAIL))
    assert read.codes() == {"element_unknown": 1, "prefix_undeclared": 1}
    assert read.unread == {"../stranger": 1}


def test_markings_and_language_come_from_the_source_entry(source: Callable[..., Input]) -> None:
    config = SourceConfig("s", lang="fr", marking=MarkingRule("AMBER:g", "CLEAR", 0, True), is_supply=False)
    read = Read(source(HEAD + ONE + TAIL, config=config))
    row = read.one("activity")
    assert (row["marking_key"], row["coarse_marking_key"], row["coarse_place_level"]) == ("AMBER:g", "CLEAR", 0)
    assert (row["is_partner_hidden"], row["is_supply"], row["title_lang"], row["source_id"]) == (True, False, "fr", "s")
    assert read.one("narrative")["lang"] == "fr"


def test_packed_files_give_the_same_as_plain_ones(source: Callable[..., Input]) -> None:
    data = (HEAD + ONE + TAIL).encode()
    assert Read(source(gzip.compress(data), "a.xml.gz")).one("activity")["title"] == "Water"


def test_parts_of_a_large_file_give_the_same_rows_as_the_whole(
    source: Callable[..., Input], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "CHUNK_BYTES", 4096)
    monkeypatch.setattr("concerted.sources.iati.parts.CHUNK_BYTES", 4096)
    rows = [
        f"<iati-activity>\n<iati-identifier>XX-{i}</iati-identifier>"
        f'<title>n</title><sector code="15220" percentage="{i}"/></iati-activity>\n'
        + ("<!-- </iati-activity> -->\n" if i % 50 == 7 else "")
        for i in range(400)
    ]
    document = source(HEAD + "".join(rows) + TAIL)
    parts = IatiReader().parts(document, 5)
    assert [part.start for part in parts[1:]] == [part.stop for part in parts[:-1]]
    assert len(parts) >= 3
    assert parts[-1].stop == document.bytes
    whole, split = Read(document), Read(document, parts)
    assert split.tables == whole.tables
    assert split.batches == whole.batches > len(parts)
    assert sorted(map(repr, split.issues)) == sorted(map(repr, whole.issues))


def test_small_packed_and_foreign_files_are_one_part(source: Callable[..., Input]) -> None:
    small = source(HEAD + ONE + TAIL)
    assert IatiReader().parts(small, 8) == [Part(0, 0, small.bytes)]
    packed = source(gzip.compress(bytes(1 << 20)), "b.gz")
    assert IatiReader().parts(packed, 8) == [Part(0, 0, packed.bytes)]
    assert IatiReader().parts(replace(small, member="x"), 8) == [Part(0, 0, small.bytes)]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"<iati-activities>", "iati-activities"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- <iati-organisations> -->\n<iati-activity >', "iati-activities"),
        ("<iati-organisations/>".encode("utf-16"), "iati-organisations"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><iati-activities>', "iati-activities"),
        (b"<html>", None),
        (b'{"a": "<iati-activities>"}', None),
        (b"", None),
    ],
)
def test_readers_know_their_documents_by_the_first_element(head: bytes, kind: str | None) -> None:
    assert [reader.kind for reader in READERS if reader.recognises("a.xml", head)] == ([kind] if kind else [])


def test_batches_have_the_schemas_of_the_dictionary_and_no_empty_tables(source: Callable[..., Input]) -> None:
    (batch,) = IatiReader().read(source(HEAD + ONE + TAIL), Part(0, 0, 1 << 30))
    assert set(batch.tables) == {"activity", "narrative"}
    assert all(isinstance(table, pa.Table) and table.num_rows for table in batch.tables.values())


@pytest.mark.parametrize("stated", ["", 'xml:lang="en"'])
def test_the_language_of_an_activity_that_states_none_is_its_sources(source: Callable[..., Input], stated: str) -> None:
    text = f"{HEAD}<iati-activity {stated}><title><narrative>A</narrative></title></iati-activity>{ONE}{TAIL}"
    read = Read(source(text, config=SourceConfig("src", lang="fr")))
    first = "en" if stated else "fr"
    assert [row["default_lang"] for row in read.tables["activity"]] == [first, "fr"]
    assert [row["title_lang"] for row in read.tables["activity"]] == [first, "fr"]


def test_references_are_read_where_no_attribute_is(source: Callable[..., Input]) -> None:
    text = "<iati-activities><iati-activity><title>R&amp;D &#233;t&#xE9;</title></iati-activity></iati-activities>"
    assert Read(source(text)).one("activity")["title"] == "R&D été"


def test_attributes_over_several_lines_have_blanks_and_references_line_feeds(source: Callable[..., Input]) -> None:
    read = Read(source(activity('<document-link url="a\n\tb&#10;c" format=" x\n"/>')))
    document = read.one("document")
    assert (document["url"], document["format"]) == ("a  b\nc", "x")
