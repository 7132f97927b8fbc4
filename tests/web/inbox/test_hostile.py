"""Files that nobody in his right mind would send: refused or read, never a fault of the site, and nothing half kept."""

import gzip
import io
import random
import struct
import zipfile
from typing import Any

import pytest

from memory import watched
from web.inbox.brought import INBOX, accept, bring, own_records
from web.workspace import Workspace
from web.workspace_app.kept import editor

#: Mutated files of the ordinary run, and of the long one.
FEW, MANY = 40, 2_000
#: MiB beyond what the site's process holds anyway (some 200), so that it stays below 512.
MOST = 300


def _workbook(workspace: Workspace, client: Any) -> bytes:
    content: bytes = client.get(f"{INBOX}sheets/", {"sheets": ["activities", "money", "progress"]}).content
    return content


def _zip(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def _parts(book: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _mutated(data: bytes, rng: random.Random) -> bytes:
    """The bytes with some changed, cut out, doubled or swapped."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 2, 8, 40))):
        at, size = rng.randrange(len(out)), rng.choice((1, 2, 4, 64, 512))
        match rng.randrange(4):
            case 0:
                out[at : at + size] = rng.randbytes(size)
            case 1:
                del out[at : at + size]
            case 2:
                out[at:at] = out[at : at + size]
            case _:
                out[at : at + 4] = struct.pack("<I", rng.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF)))
        out = out or bytearray(b"x")
    return bytes(out)


def _mutated_parts(data: bytes, rng: random.Random) -> bytes:
    """A workbook whose zip is sound and of which one part is not."""
    parts = _parts(data)
    name = rng.choice(sorted(parts))
    parts[name] = _mutated(parts[name], rng)
    return _zip(parts)


def _check(client: Any, data: bytes, name: str) -> None:
    """Bring it, look at it, accept what is safe; nothing of that is a fault of the site."""
    answer = bring(client, data, name)
    assert answer.status_code in (200, 302), (name, answer.status_code)
    if answer.status_code == 302:
        page = client.get(answer["Location"])
        assert page.status_code == 200, name
        assert len(page.content) < 400_000
        accepted = client.post(f"{answer['Location']}accept/", {"safe": "1"})
        assert accepted.status_code == 302, name
        assert client.get(accepted["Location"]).status_code == 200, name


def _check_whole() -> None:
    """Every record has all of its versions, and each of them can be read as a statement."""
    from concerted.statements.document import encode
    from concerted.web.inbox.models import Upload
    from concerted.web.workspace.models import Record, RecordVersion

    for record in Record.objects.all():
        numbers = list(RecordVersion.objects.filter(record=record).values_list("number", flat=True))
        assert numbers == list(range(1, record.version + 1))
        encode(record.document)
    assert not Upload.objects.filter(why="failed").exists()  # whatever comes, it is refused for a reason


def _run(workspace: Workspace, cases: int, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 (no secret)
    user, _ = own_records(workspace, 3)
    client = workspace.client(user)
    book = _workbook(workspace, client)
    sheet = "Code;Titre;État;Début\nXM-ALPHA-0;Puits de la vallée;en cours;2026-01-01\n;Radio;prévu;".encode()
    iati = (
        b'<iati-activities version="2.03"><iati-activity><iati-identifier>XM-ALPHA-1</iati-identifier>'
        b'<reporting-org ref="XM-ALPHA" type="22"/><title><narrative>Wells</narrative></title></iati-activity>'
        b"</iati-activities>"
    )
    for number in range(cases):
        match number % 4:
            case 0:
                _check(client, _mutated(book, rng), "a.xlsx")
            case 1:
                _check(client, _mutated_parts(book, rng), "b.xlsx")
            case 2:
                _check(client, _mutated(sheet, rng), "c.csv")
            case _:
                _check(client, _mutated(iati, rng), "d.xml")
    _check_whole()


def test_mutated_files_are_refused_or_read(workspace: Workspace) -> None:
    _run(workspace, FEW, 1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 6))
def test_thousands_of_mutated_files_are_refused_or_read(workspace: Workspace, seed: int) -> None:
    with watched() as memory:
        _run(workspace, MANY, seed)
    assert memory.most < MOST


def _bomb() -> bytes:
    return _zip({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>", "xl/sharedStrings.xml": bytes(400 << 20)})


def _lying(book: bytes) -> bytes:
    """A workbook whose directory says that its sheet is small, while it is not."""
    parts = _parts(book)
    parts["xl/worksheets/sheet1.xml"] = b"<worksheet>" + b" " * (3 << 20) + b"</worksheet>"
    data = bytearray(_zip(parts))
    size = struct.pack("<I", len(parts["xl/worksheets/sheet1.xml"]))
    return bytes(data.replace(size, struct.pack("<I", 100)))


def _corners() -> bytes:
    rows = b'<row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576"/></row>'
    sheet = b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>"
    return _zip({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": sheet})


_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">%s]>
<iati-activities version="2.03"><iati-activity>
<iati-identifier>&z;</iati-identifier></iati-activity></iati-activities>""" % b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(25)
)


@pytest.mark.parametrize(
    ("name", "made", "why"),
    [
        ("empty.csv", b"", "empty"),
        ("bomb.xlsx", _bomb, "bomb"),
        ("corners.xlsx", _corners, "span"),
        ("archive.zip", lambda: _zip({"a.csv": b"Code,Title\n"}), "archive"),
        ("a.csv.gz", lambda: gzip.compress(b"Code,Title\n" * 1000), "archive"),
        ("program.csv", bytes(range(256)) * 40, None),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(2_000), None),
        ("laughs.xml", _LAUGHS, None),
        ("page.html", b"<html><script>alert(1)</script></html>", None),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4_000), "damaged"),
        ("half.xlsx", b"PK\x03\x04" + bytes(300), "damaged"),
    ],
)
def test_what_is_no_sheet_is_refused_with_a_reason_and_not_kept(
    workspace: Workspace, name: str, made: Any, why: str | None
) -> None:
    from concerted.web.inbox.files import path_of
    from concerted.web.inbox.models import Upload
    from concerted.web.inbox.tasks import read_beside

    client = workspace.client(editor(workspace))
    data = made() if callable(made) else made
    with watched() as memory:
        answer = bring(client, data, name)
        upload = Upload.objects.get()
        if upload.state == "waiting":
            read_beside.call(str(upload.pk))
            upload.refresh_from_db()
    assert memory.most < MOST
    if why is not None or upload.state == "refused":
        assert upload.state == "refused"
        assert upload.why != "failed"
        assert why in (None, upload.why)
        assert not path_of(upload).exists()
    page = client.get(answer["Location"])
    assert page.status_code == 200
    assert b"<script>alert" not in page.content


def test_a_directory_that_lies_about_sizes_is_found_out(workspace: Workspace) -> None:
    from concerted.web.inbox.models import Upload

    user, _ = own_records(workspace, 1)
    client = workspace.client(user)
    bring(client, _lying(_workbook(workspace, client)), "lies.xlsx")
    assert Upload.objects.get().why == "damaged"


def test_what_is_larger_than_allowed_is_not_kept(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from concerted.intake.admitting import Bounds
    from concerted.web.inbox import actions
    from concerted.web.inbox.files import folder
    from concerted.web.inbox.models import Upload

    monkeypatch.setattr(actions, "Bounds", lambda: Bounds(max_bytes=1_000))
    before = set(folder().iterdir()) if folder().is_dir() else set()
    answer = bring(workspace.client(editor(workspace)), b"Code,Title\n" * 200, "large.csv")
    assert answer.status_code == 200
    assert "larger than 64 MB" in answer.content.decode()
    assert not Upload.objects.exists()
    assert set(folder().iterdir()) == before


def test_macros_are_left_where_they_are_and_formulas_are_texts(workspace: Workspace) -> None:
    from concerted.web.workspace.models import Record

    user, records = own_records(workspace, 1)
    client = workspace.client(user)
    parts = _parts(_workbook(workspace, client)) | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(2_000)}
    _check(client, _zip(parts), "with-macros.xlsm")
    for text in ('=HYPERLINK("http://x","y")', "+1+1", "@SUM(A1)", "-2+3 and more", "=cmd|' /C calc'!A0"):
        quoted = text.replace('"', '""')
        answer = bring(client, f'Code,Title,State\nXM-ALPHA-0,"{quoted}",\n')
        accept(client, _newest(answer))
        assert Record.objects.get(pk=records[0].pk).title == text
        out = client.get(f"{INBOX}sheets/", {"sheets": "activities"}).content
        shared = _parts(out)
        assert b"<f>" not in b"".join(data for name, data in shared.items() if "worksheets/" in name)


def _newest(answer: Any) -> Any:
    from concerted.web.inbox.models import Upload

    return Upload.objects.get(pk=answer["Location"].rstrip("/").rpartition("/")[2])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_a_csv_in_another_encoding_is_read(workspace: Workspace, encoding: str) -> None:
    client = workspace.client(editor(workspace))
    answer = bring(client, "Code;Titre;État\nA-1;Médiation à Ménaka;prévu\n".encode(encoding), "f.csv")
    upload = _newest(answer)
    assert [row.title for row in upload.rows.all()] == ["Médiation à Ménaka"]


@pytest.mark.parametrize(
    "cell", ["x" * 40_000, "\x00\x01\x02", "\u202eevil", "💣" * 3_000, "a\nb\nc", "1e400", "9" * 400, "-" * 4_000]
)
def test_a_cell_that_is_absurd_refuses_its_row_or_is_a_text(workspace: Workspace, cell: str) -> None:
    user, _ = own_records(workspace, 1)
    client = workspace.client(user)
    for column in ("Title", "Start", "Places", "Code", "Done by", "Lines of the strategy"):
        headers, cells = ["Code", "State"], ["XM-ALPHA-0", ""]
        if column == "Code":
            cells = [cell, "planned"]
        else:
            headers.append(column)
            cells.append(cell)
        line = ",".join('"' + each.replace('"', '""') + '"' for each in cells)
        _check(client, f"{','.join(headers)}\n{line}\n".encode(), "absurd.csv")
    _check_whole()
