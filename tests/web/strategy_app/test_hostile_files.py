"""Damaged files are refused with a sentence, whatever is damaged in them; nothing else escapes the reader."""

import io
import random
import zipfile
from pathlib import Path

import pytest

from concerted.codelists.strategy import write_template
from web.site import Site


def damaged_part(data: bytes, rng: random.Random) -> bytes:
    """A workbook whose zip is sound, with some bytes of one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        hit = rng.choice(whole.namelist())
        for name in whole.namelist():
            part = bytearray(whole.read(name))
            for _ in range(rng.randint(1, 6) if name == hit else 0):
                part[rng.randrange(len(part))] = rng.randrange(256)
            written.writestr(name, bytes(part))
    return out.getvalue()


def damaged_text(data: bytes, rng: random.Random) -> bytes:
    """A YAML file with signs that mean something put where they mean something else."""
    signs = (b"[", b"{", b":", b"&a", b"*a", b"\x00", b"- ", b"\n", b"!!python/object:os.system ", b"1e999", b"9" * 40)
    text = bytearray(data)
    for _ in range(rng.randint(1, 5)):
        at = rng.randrange(len(text))
        text[at : at + rng.randint(0, 3)] = rng.choice(signs)
    return bytes(text)


@pytest.mark.parametrize("seed", range(3))
def test_damaged_files_are_refused_and_raise_nothing(site: Site, tmp_path: Path, seed: int) -> None:
    from concerted.web.strategy.texts import look_at

    write_template(tmp_path / "t.xlsx", "fr")
    write_template(tmp_path / "t.yml")
    sheet, text = (tmp_path / "t.xlsx").read_bytes(), (tmp_path / "t.yml").read_bytes()
    rng, refused = random.Random(seed), 0  # noqa: S311 (damage is made, not secrets)
    for _ in range(40):
        for looked in (
            look_at("a.xlsx", damaged_part(sheet, rng), "fr"),
            look_at("a.yml", damaged_text(text, rng), "fr"),
        ):
            assert (looked.framework is None) == bool(looked.problems)
            refused += looked.framework is None
    assert refused > 10
