"""Every issue has its words: each code that the code can emit, in three languages, with nothing left open."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import concerted
from concerted.codelists.issues import catalogue
from concerted.publish.messages import message
from concerted.store.edition import find_edition

ROOT = Path(concerted.__file__).parent
LANGS = ("fr", "en", "ar")
#: Functions that make an issue, and the position of the code among their arguments.
MAKERS = {"Issue": 1, "TextIssue": 1, "_issue": 1, "add": 0, "add_rows": 0, "note": 1}
IN_DOCSTRING = re.compile(
    r"^\s+([a-z_]+(?:, [a-z_]+)*,?(?:\n\s+[a-z_]+(?:, [a-z_]+)*)*) \((error|warning|info)\)", re.M
)


def emitted() -> Iterator[tuple[str, str]]:
    """(code, where) for every code that stands as a literal in a call that makes an issue."""
    for path in sorted(ROOT.rglob("*.py")):
        if "web" in path.parts or "demo" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            position = MAKERS.get(name)
            candidates = [node.args[position]] if position is not None and len(node.args) > position else []
            candidates += [k.value for k in node.keywords if k.arg == "code"]
            for found in candidates:
                for leaf in ast.walk(found):
                    if isinstance(leaf, ast.Constant) and is_code(leaf.value):
                        yield leaf.value, f"{path.relative_to(ROOT)}:{node.lineno}"


def is_code(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[a-z]+(_[a-z]+)+", value) is not None


def promised() -> Iterator[tuple[str, str, str]]:
    """(code, severity, where) for every code that a docstring promises under `Issues:`."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
                _, found, listed = (ast.get_docstring(node, clean=False) or "").partition("Issues:")
                for codes, severity in IN_DOCSTRING.findall(listed if found else ""):
                    for code in re.split(r"[,\s]+", codes.strip(", ")):
                        yield code, severity, str(path.relative_to(ROOT))


def test_every_code_that_is_emitted_has_its_words() -> None:
    codes = {code: where for code, where in emitted() if not code.startswith(("rec_", "core_"))}
    assert len(codes) > 40
    known = catalogue().keys() | COLUMNS
    assert {code: where for code, where in codes.items() if code not in known} == {}


#: Columns and fields that stand where a code may.
COLUMNS = {
    "record_id",
    "node_id",
    "place_id",
    "type_code",
    "role_code",
    "given_code",
    "significance_code",
    "vocabulary_code",
    "no_information",
}


def test_every_code_that_a_docstring_promises_has_its_words_and_severity() -> None:
    listed = list(promised())
    assert len({code for code, _, _ in listed}) > 40
    wrong = {
        (code, severity, where)
        for code, severity, where in listed
        if catalogue().get(code, {}).get("severity") != severity
    }
    assert wrong == set()


def test_no_words_are_kept_for_a_code_that_nobody_emits() -> None:
    text = "\n".join(p.read_text("utf-8") for p in ROOT.rglob("*.py") if "web" not in p.parts)
    assert [code for code in catalogue() if not re.search(rf"\b{code}\b", text)] == []


def test_messages_of_an_edition_leave_nothing_open(small_data: Path) -> None:
    rows = pq.read_table(find_edition(small_data) / "out_issue.parquet").to_pylist()
    assert rows
    for row in rows:
        assert catalogue()[row["code"]]["severity"] == row["severity"], row
        for lang in LANGS:
            assert re.search(r"\{[a-z_]+\}", message(row, lang)) is None, row


def test_a_row_for_many_findings_shows_an_ellipsis_and_their_number() -> None:
    row = {"code": "date_wrong", "values": '{"count": 6}', "count": 6, "input_path": "a.xml", "field": "activity-date"}
    assert message(row, "en").startswith("… in activity-date is no day that can be read. (x6)")


@pytest.mark.parametrize("lang", LANGS)
def test_a_placeholder_without_a_value_stays_visible(lang: str) -> None:
    row = {"code": "date_wrong", "values": "{}", "count": 1, "input_path": "a.xml", "field": "activity-date"}
    assert "{found}" in message(row, lang)


def test_a_code_without_words_is_shown_with_its_values() -> None:
    assert message({"code": "new_code", "values": '{"a": 1}', "count": 1}, "en") == "new_code {'a': 1}"
