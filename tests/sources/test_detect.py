"""Every kind of document goes to one reader, or is said to be unknown."""

import pytest

from concerted.sources.detect import describe, detect, readers
from concerted.sources.opening.workbook import WORKBOOK_MARK

HEADS = {
    "3w.csv": (b"Org,Where\n#org,#adm1\nA,B\n", "hxl-3w"),
    "3w.txt": (b"Org;Where\n#org;#adm1\nA;B\n", "hxl-3w"),
    "3w.xlsx": (WORKBOOK_MARK + b"sheet:A\n#org\t#adm1\nOrg", "hxl-3w"),
    "plain.csv": (b"Org,Where\nA,B\n", "sheet"),
    "plain.csv.gz": (b"Org,Where\nA,B\n", "sheet"),
    "plain.xlsx": (WORKBOOK_MARK + b"sheet:A\n\nOrg", "sheet"),
    "form.xlsx": (WORKBOOK_MARK + b"sheet:survey\tsheet:choices\n\ntype", None),
    "pcodes.csv": (b"a,b\n#adm+code,#adm+name\nML01,Kayes\n", "pcodes"),
    "people.csv": (b"ADM1_PCODE,population\nML01,5\n", "population"),
    "ged.csv": (b"id,date_start,latitude,longitude,best,high,low\n1,2020-01-01,1,1,0,0,0\n", "ucdp-ged"),
    "areas.geojson": (b'{"type": "FeatureCollection", "features": []}', "boundaries"),
    "areas.topojson": (b'{"type":"Topology","objects":{}}', "boundaries"),
    "other.json": (b'{"data": []}', None),
    "list.xml": (b"<codelist/>", None),
    "empty.csv": (b"", None),
    "one-column.csv": (b"a\nb\n", None),
    "noise.csv": (b"\x00\x01\x02", None),
}


@pytest.mark.parametrize("name", HEADS)
def test_a_document_has_one_kind(name: str) -> None:
    head, kind = HEADS[name]
    assert detect(name, head) == kind
    special = [k for k, r in readers().items() if not getattr(r, "is_fallback", False) and r.recognises(name, head)]
    assert len(special) <= 1, "two readers want it, and the order of their names would decide"


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (b"", "empty"),
        (b"<?xml version='1.0'?><codelist name='x'/>", "XML <codelist>"),
        (b'{"status": 1, "data": {}}', 'JSON with ["status", "data"]'),
        (b"\x89PNG\x00", "binary, starts with 89504e47"),
        (WORKBOOK_MARK + b"sheet:survey\tsheet:choices\n\n", 'XLSForm questionnaire with sheets ["survey", "choices"]'),
        ("Titre\n".encode("utf-8-sig"), "text, starts with 'Titre'"),
    ],
)
def test_an_unknown_document_is_described(head: bytes, says: str) -> None:
    assert describe("x", head) == says


def test_every_reader_has_what_the_driver_needs() -> None:
    assert readers().keys() >= {"hxl-3w", "sheet", "ucdp-ged", "boundaries", "pcodes", "gazetteer", "population"}
    for kind, reader in readers().items():
        assert reader.kind == kind
        assert callable(reader.recognises)
        assert callable(reader.parts)
        assert callable(reader.read)
