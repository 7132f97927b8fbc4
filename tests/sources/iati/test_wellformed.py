"""The quick judge of XML never says yes where expat says no."""

from random import Random
from xml.parsers import expat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.sources.iati.columns import layout
from concerted.sources.iati.wellformed import scan_if_well_formed

from . import iati_documents

PLAIN = (
    b'<iati-activity xml:lang="fr">\n  <title a="1" b="x &amp; y">'
    b'<narrative>&#233;t\xc3\xa9 > "q"</narrative></title>\n'
    b'  <value currency="EUR" />text<iati-identifier>X</iati-identifier><sector code=""/></iati-activity>\n'
)


def is_vouched_for(data: bytes) -> bool:
    return scan_if_well_formed(data, layout().tags, layout().attributes) is not None


def is_well_formed(data: bytes) -> bool:
    parser = expat.ParserCreate("utf-8")
    try:
        parser.Parse(b"<r>" + data + b"</r>", True)
    except expat.ExpatError:
        return False
    return True


def test_ordinary_content_is_vouched_for() -> None:
    assert is_well_formed(PLAIN)
    assert is_vouched_for(PLAIN)


@pytest.mark.parametrize(
    "content",
    [
        b"<a", b"<a>", b"</a>", b"<a></b>", b"<a><b></a></b>", b"<a b='1'c='2'/>", b'<a b="1"c="2"/>',
        b'<a b="1" b="2"/>', b'<a x:verylongname="1" x:verylongname="2"/>', b"<a b/>", b"<a b=c/>", b'<a "b"/>',
        b"<1/>", b"< a/>", b"<a/ >", b"&", b"&nbsp;", b"&#0;", b"&#x110000;", b"&#xD800;", b"&amp", b"&#;", b"&#x;",
        b"]]>", b"\x00", b"\x0b", b"\xff", b"\xed\xa0\x80", b"\xef\xbf\xbe", b'<a b="<"/>', b"<!-- x -->",
        b"<![CDATA[x]]>", b"<?p?>", b"<a></a b>", b"<>", b"<//>", b'<a b="1"/x>', b"<a/><a//>", b'<a ="1"/>',
    ],
)  # fmt: skip
def test_what_is_wrong_or_unusual_is_not_vouched_for(content: bytes) -> None:
    assert not is_vouched_for(content)
    assert not is_vouched_for(PLAIN + content + PLAIN)


@settings(max_examples=1500, deadline=None)
@given(st.data())
def test_nothing_is_vouched_for_that_expat_refuses(data: st.DataObject) -> None:
    content = bytearray(PLAIN)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content) - 1))
        piece = data.draw(
            st.sampled_from(
                [b"<", b">", b"/", b'"', b"'", b"=", b" ", b"&", b";", b"]]>", b"a", b"\x01", b"\xe9", b"</title>"]
            )
        )
        content[at : at + data.draw(st.integers(0, 2))] = piece
    if is_vouched_for(bytes(content)):
        assert is_well_formed(bytes(content))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_no_document_is_vouched_for_wrongly_after_a_cut(seed: int) -> None:
    random = Random(seed)  # noqa: S311
    document = iati_documents.document(random)
    for _ in range(10):
        start, stop = sorted(random.sample(range(len(document)), 2))
        piece = document[:start] + document[stop:]
        if is_vouched_for(piece):
            assert is_well_formed(piece)
