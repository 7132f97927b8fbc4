"""Finding inputs: everything is an input or an issue, names never collide, archives are not trusted."""

import gzip
import io
import tempfile
import zipfile
from itertools import permutations
from pathlib import Path

import pytest

from concerted.model.errors import ConfigError, SourceError
from concerted.sources.open import Limits, find_inputs, open_stream, read_bytes

CACHE = Path(tempfile.mkdtemp(prefix="concerted-test-"))
HXL = "Org,Where\n#org,#adm1\nA,Mopti\n"


def find(*sources: object, **limits: int) -> tuple[dict[str, str], list[tuple[str, str | None]]]:
    inputs, issues = find_inputs([str(s) for s in sources], CACHE, Limits(**limits))
    return {i.name: i.kind for i in inputs}, [(i.code, i.input_path) for i in issues]


def write_zip(path: Path, **members: str | bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)


def test_a_folder_is_walked_and_nothing_is_skipped_silently(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "a.csv").write_text(HXL)
    for name in ("README.md", "LICENSE", ".hidden", "notes.pdf"):
        (tmp_path / name).write_text("x")
    (tmp_path / "data.bin").write_bytes(b"\x00\x01")
    (tmp_path / "loop").symlink_to(tmp_path)
    kinds, issues = find(tmp_path)
    assert kinds == {"deep/er/a.csv": "hxl-3w"}
    assert set(issues) == {
        *(("input_ignored", n) for n in ("README.md", "LICENSE", ".hidden", "notes.pdf", "loop")),
        ("input_unknown", "data.bin"),
    }


def test_a_single_file_is_named_without_its_folder(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HXL)
    assert find(tmp_path / "a.csv")[0] == {"a.csv": "hxl-3w"}


def test_a_glob_names_from_its_fixed_folder(tmp_path: Path) -> None:
    for month in ("01", "02"):
        (tmp_path / month).mkdir()
        (tmp_path / month / "a.csv").write_text(HXL)
    assert set(find(tmp_path / "*" / "a.csv")[0]) == {"01/a.csv", "02/a.csv"}


def test_roots_with_equal_names_are_told_apart_in_any_order(tmp_path: Path) -> None:
    roots = [tmp_path / "x" / "data", tmp_path / "y" / "data", tmp_path / "z"]
    for root in roots:
        root.mkdir(parents=True)
        (root / "a.csv").write_text(HXL)
    found = {tuple(find(*order)[0]) for order in permutations(roots)}
    assert found == {(f"{tmp_path.name}/z/a.csv", "x/data/a.csv", "y/data/a.csv")}


def test_a_file_named_twice_is_one_input(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a.csv").write_text(HXL)
    assert set(find(tmp_path, tmp_path / "d" / "a.csv")[0]) == {"d/a.csv"}


@pytest.mark.parametrize("missing", ["nowhere.csv", "*.csv"])
def test_a_source_that_does_not_exist_stops(tmp_path: Path, missing: str) -> None:
    with pytest.raises(SourceError, match="no "):
        find(tmp_path / missing)


def test_members_of_a_zip_are_inputs_with_their_own_hash(tmp_path: Path) -> None:
    write_zip(tmp_path / "all.zip", **{"sub__a.csv": HXL, "b.csv.gz": gzip.compress(HXL.encode())})
    inputs, _ = find_inputs([str(tmp_path)], tmp_path)
    assert [i.name for i in inputs] == ["all.zip!b.csv.gz", "all.zip!sub/a.csv"]
    assert len({i.sha256 for i in inputs}) == 2
    assert [read_bytes(i) for i in inputs] == [HXL.encode()] * 2


def test_a_zip_is_not_trusted(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.csv", HXL)
    with zipfile.ZipFile(tmp_path / "bad.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../up.csv", HXL)
        archive.writestr("/abs.csv", HXL)
        archive.writestr("C:\\x.csv", HXL)
        archive.writestr("inner.zip", inner.getvalue())
        archive.writestr("bomb.csv", b"a,b\n" + b" " * (80 << 20))
        archive.writestr("good.csv", HXL)
    kinds, issues = find(tmp_path)
    assert set(kinds) == {"bad.zip!good.csv"}
    assert {name for code, name in issues if code == "input_refused"} == {
        f"bad.zip!{n}" for n in ("../up.csv", "/abs.csv", "C:\\x.csv", "inner.zip", "bomb.csv")
    }


def test_a_zip_with_too_many_members_is_refused_whole(tmp_path: Path) -> None:
    write_zip(tmp_path / "many.zip", **{f"{n}.csv": HXL for n in range(4)})
    assert find(tmp_path, max_members=3) == ({}, [("input_refused", "many.zip")])


def test_a_damaged_zip_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    write_zip(tmp_path / "cut.zip", **{"a.csv": HXL})
    (tmp_path / "cut.zip").write_bytes((tmp_path / "cut.zip").read_bytes()[:40])
    (tmp_path / "a.csv").write_text(HXL)
    assert find(tmp_path) == ({"a.csv": "hxl-3w"}, [("input_refused", "cut.zip")])


def test_documents_that_are_hashed_at_the_same_time_are_found_as_one_after_another(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    for number in range(9):
        (folder / f"{number}.csv").write_text(HXL * number)
    write_zip(folder / "z.zip", good__csv=HXL, torn__csv=HXL * 99)
    data = (folder / "z.zip").read_bytes()
    inside = data.index(b"torn/csv") + len("torn/csv") + 12
    (folder / "z.zip").write_bytes(data[:inside] + bytes(8) + data[inside + 8 :])
    one, many = (find_inputs([str(folder)], tmp_path / f"cache-{jobs}", jobs=jobs) for jobs in (1, 4))
    assert many == one
    assert [issue.input_path for issue in many[1] if issue.code == "input_refused"] == ["z.zip!torn/csv"]


def test_a_gzip_bomb_stops_while_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(HXL.encode() + b" " * (80 << 20)))
    (source,), _ = find_inputs([str(tmp_path)], tmp_path)
    with open_stream(source) as stream, pytest.raises(SourceError, match="unpacks to more than"):
        list(iter(lambda: stream.read(1 << 20), b""))


def test_source_yml_of_the_nearest_folder_speaks_first(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for path in ("a.csv", "in/a.csv", "in/b.csv"):
        (tmp_path / path).write_text(HXL)
    (tmp_path / "source.yml").write_text("publisher: Outer")
    (tmp_path / "in" / "source.yml").write_text("sources: [{files: b.csv, publisher: Inner, id: b}]")
    inputs, _ = find_inputs([str(tmp_path)], tmp_path)
    assert {i.name: (i.config.source_id, i.config.publisher) for i in inputs} == {
        "a.csv": ("a", "Outer"),
        "in/a.csv": ("in/a", "Outer"),
        "in/b.csv": ("b", "Inner"),
    }


def test_a_mapping_makes_a_sheet_of_a_tagged_table(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HXL)
    (tmp_path / "source.yml").write_text("mapping: {columns: {Org: org}}")
    assert find(tmp_path)[0] == {"a.csv": "sheet"}


def test_a_wrong_mapping_is_told_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HXL)
    (tmp_path / "source.yml").write_text("mapping: {columns: {Org: organizaton}}")
    with pytest.raises(ConfigError, match="organizaton"):
        find(tmp_path)


def test_an_entry_that_fits_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HXL)
    (tmp_path / "source.yml").write_text("sources: [{files: b.csv, publisher: B}, {files: a.*, publisher: A}]")
    assert find(tmp_path)[1] == [("source_unmatched", f"{tmp_path.name}/source.yml")]


def test_an_unknown_kind_in_source_yml_names_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HXL)
    (tmp_path / "source.yml").write_text("kind: hxl")
    with pytest.raises(ConfigError, match="hxl-3w"):
        find(tmp_path)
