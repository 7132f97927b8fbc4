"""Workbooks: typed cells, merged regions, several sheets."""

import contextlib
import io
import zipfile
from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.model.errors import SourceError
from concerted.sources.grid.tables import headers_above
from concerted.sources.grid.workbook import read_sheets
from concerted.sources.open import Limits
from concerted.sources.opening.workbook import WORKBOOK_MARK, sheet_names, workbook_head


def book(fill: Any, **options: Any) -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True, **options}) as workbook:
        fill(workbook)
    return data.getvalue()


def test_cells_keep_their_types_and_rows_their_numbers() -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet("Données")
        sheet.write(2, 1, "x")
        sheet.write(2, 2, 1.5)
        sheet.write_datetime(2, 3, date(2021, 3, 4), workbook.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write_boolean(2, 4, True)

    (sheet,) = read_sheets(book(fill), "a.xlsx")
    rows = list(sheet.rows())
    assert len(rows) == 3
    assert rows[2] == [None, "x", 1.5, date(2021, 3, 4), "true"]


def test_merged_cells_fill_down_and_not_across() -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["Org", "Région", "Cercle"])
        sheet.merge_range(1, 0, 3, 0, "ONG A")
        sheet.merge_range(1, 1, 1, 2, "Mopti")
        sheet.write(2, 1, "Gao")
        sheet.write(3, 1, "Kidal")

    (sheet,) = read_sheets(book(fill), "a.xlsx")
    rows = [row[:2] for row in sheet.rows()]
    assert rows == [["Org", "Région"], ["ONG A", "Mopti"], ["ONG A", "Gao"], ["ONG A", "Kidal"]]
    assert not list(sheet.rows())[1][2]


def test_a_merged_title_stands_over_each_of_its_columns() -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet()
        sheet.write(0, 0, "")
        sheet.merge_range(0, 1, 0, 2, "Bénéficiaires")
        sheet.write_row(1, 0, ["Org", "Hommes", "Femmes", "Notes"])

    (sheet,) = read_sheets(book(fill), "a.xlsx")
    rows = list(sheet.rows())
    expected = ["Org", "Bénéficiaires Hommes", "Bénéficiaires Femmes", "Notes"]
    assert headers_above(rows, 1, sheet.merged) == expected
    assert headers_above(rows, 1, sheet.merged, 2)[:3] == expected[:3]


def test_empty_cells_of_an_exported_upper_header_continue_its_title() -> None:
    rows = [["", "Bénéficiaires", "", "Lieu"], ["Org", "H", "F", "Région"]]
    assert headers_above(rows, 1, (), 2) == ["Org", "Bénéficiaires H", "Bénéficiaires F", "Lieu Région"]


@pytest.mark.parametrize("options", [{}, {"constant_memory": True}], ids=["shared texts", "inline texts"])
def test_the_head_of_a_workbook_shows_tags_of_every_sheet(options: dict[str, bool]) -> None:
    def fill(workbook: Any) -> None:
        workbook.add_worksheet("Lisez-moi & co").write(0, 0, "bonjour")
        late = workbook.add_worksheet("3W")
        for n in range(500):
            late.write(n, 0, f"text {n}")
        late.write(500, 0, "#org +name")

    head = workbook_head(io.BytesIO(book(fill, **options)), "a.xlsx", Limits())
    assert head.startswith(WORKBOOK_MARK)
    assert sheet_names(head) == ["Lisez-moi & co", "3W"]
    assert b"#org +name" in head.split(b"\n")[2]


@pytest.mark.parametrize("data", [b"PK\x03\x04 no zip", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no book"])
def test_a_damaged_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match=r"a\.xlsx"):
        list(read_sheets(data, "a.xlsx"))


def write_parts(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """A workbook with each of its parts changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for info in source.infolist():
            archive.writestr(info.filename, change(info.filename, source.read(info)))
    return target.getvalue()


def small_book() -> bytes:
    def fill(workbook: Any) -> None:
        workbook.add_worksheet("A").write_row(0, 0, ["Org", 1.5, "x"])

    return book(fill)


def test_two_cells_in_opposite_corners_are_refused_before_they_are_held() -> None:
    far = write_parts(small_book(), lambda name, part: part.replace(b'r="C1"', b'r="XFD1048576"'))
    with pytest.raises(SourceError, match="spans 17179869184 cells"):
        list(read_sheets(far, "a.xlsx"))


def test_a_validation_down_to_the_last_row_is_no_cell() -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet("A")
        sheet.write_row(0, 0, ["Org", "Statut"])
        sheet.data_validation(1, 0, 1_048_575, 16_383, {"validate": "list", "source": ["En cours"]})

    (sheet,) = read_sheets(book(fill), "a.xlsx")
    assert list(sheet.rows()) == [["Org", "Statut"]]


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_damage_is_a_source_error_and_nothing_else(random: Random) -> None:
    def damage(name: str, part: bytes) -> bytes:
        changed = bytearray(part)
        for _ in range(random.randint(0, 3)):
            changed[random.randrange(len(changed))] = random.randrange(256)
        return bytes(changed)

    data = bytearray(write_parts(small_book(), damage))
    for _ in range(random.randint(0, 3)):
        data[random.randrange(len(data))] = random.randrange(256)
    with contextlib.suppress(SourceError):
        for sheet in read_sheets(bytes(data), "a.xlsx"):
            list(sheet.rows())
    with contextlib.suppress(SourceError):
        workbook_head(io.BytesIO(bytes(data)), "a.xlsx", Limits())


@pytest.mark.parametrize("damage", [(b"PK", b"KP"), (b"xl/workbook.xml", b"xl/workbook.xmk")])
def test_the_head_of_a_damaged_zip_is_refused(damage: tuple[bytes, bytes]) -> None:
    data = write_parts(small_book(), lambda _, part: part)
    assert workbook_head(io.BytesIO(data), "a.xlsx", Limits())
    with pytest.raises(SourceError, match=r"a\.xlsx"):
        workbook_head(io.BytesIO(data.replace(*damage)), "a.xlsx", Limits())
