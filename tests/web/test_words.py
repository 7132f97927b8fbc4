"""A search finds words by their beginning, in any spelling, the same with the index and without it."""

import shutil
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.codelists.lexicon import fold
from concerted.web.edition import words as module
from concerted.web.edition.opened import Edition, open_edition
from web.edition import write_edition
from web.fixture_records import records

SEARCHES = (
    "paix",
    "PAIX comités",
    "com pai",
    "XM-FIX-1-7",
    "حوار",
    "peace 4",
    "école",
    "d’appui conse",
    "zzcanaryred",
    "zzznothing",
)


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return open_edition(write_edition(tmp_path_factory.mktemp("words")))


def test_words_are_found_by_their_beginning_in_any_order(edition: Edition) -> None:
    wanted = {r.id + 1 for r in records() if r.title.startswith("Comités de paix")}
    for text in ("comites de paix", "PAIX com", "paix comités"):
        assert wanted <= set(edition.words.find(text).tolist()), text
    assert len(edition.words.find("aix")) == 0
    assert len(edition.words.find("!?")) == 0


def test_the_index_finds_what_the_scan_finds(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    scanned = [sorted(edition.words.find(text).tolist()) for text in SEARCHES]
    assert all(scanned[:-1])
    monkeypatch.setattr(module, "LEAST", 0)
    monkeypatch.setattr(module, "_AT_ONCE", 7)
    edition.words.prepare()
    assert len(list(edition.words.path.glob("*.parquet"))) == 7
    monkeypatch.setattr(edition.words, "_scan", None)
    edition.words._lately.clear()
    assert [sorted(edition.words.find(text).tolist()) for text in SEARCHES] == scanned
    shutil.rmtree(edition.words.path)


def test_words_of_editions_that_are_gone_are_removed(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEAST", 0)
    edition.words.path.parent.mkdir(parents=True, exist_ok=True)
    orphan = edition.words.path.with_name("gone")
    orphan.mkdir()
    edition.words.prepare()
    assert not orphan.exists()
    shutil.rmtree(edition.words.path)


def test_a_folder_that_cannot_be_written_slows_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "LEAST", 0)
    opened = open_edition(write_edition(tmp_path))
    (tmp_path / "cache").write_text("a file where a folder should be")
    opened.words.prepare()
    assert "every search reads all texts" in caplog.text
    assert len(opened.words.find("paix")) > 0


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cn", "Co")), max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    with duckdb.connect() as connection:
        ((once,),) = connection.execute(f"SELECT {module._fold('CAST($t AS VARCHAR)')}", {"t": text}).fetchall()
        ((twice,),) = connection.execute(f"SELECT {module._fold('CAST($t AS VARCHAR)')}", {"t": once}).fetchall()
    assert once == twice


@pytest.mark.parametrize(
    "text", ["L’Éducation à la paix, Œuvre", "مُحَمَّد الأُمَّة إلى", "counter-terrorism XM-1", "100 % Ségou", "Ǿre"]
)
def test_letters_fold_as_everywhere_else(text: str) -> None:
    with duckdb.connect() as connection:
        ((folded,),) = connection.execute(f"SELECT {module._fold('CAST($t AS VARCHAR)')}", {"t": text}).fetchall()
    assert folded == fold(text)


def test_an_edition_without_narratives_has_an_index_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LEAST", 0)
    folder = write_edition(tmp_path)
    (folder / "core_narrative.parquet").unlink()
    opened = open_edition(folder)
    scanned = sorted(opened.words.find("comités de paix").tolist())
    opened.words.prepare()
    assert opened.words.path.is_dir()
    opened.words._lately.clear()
    assert sorted(opened.words.find("comités de paix").tolist()) == scanned != []


NEAR = ("comitté de paix", "paxi", "dialoque", "حوارر", "zzznothing", "pa", "paix zzznothing")


def test_a_word_with_one_wrong_letter_is_found_where_it_is_asked_for(edition: Edition) -> None:
    wanted = set(edition.words.find("paix").tolist())
    assert wanted
    for text in ("paxi", "paiix", "pajx", "pai"):
        assert wanted <= set(edition.words.find_near(text).tolist()), text
    assert len(edition.words.find("paxi")) == 0
    assert len(edition.words.find_near("zzznothing")) == 0


def test_words_like_those_sought_are_the_same_with_the_index_and_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_edition(tmp_path)
    scanned = [sorted(open_edition(folder).words.find_near(text).tolist()) for text in NEAR]
    monkeypatch.setattr(module, "LEAST", 0)
    indexed = open_edition(folder).words
    indexed.prepare()
    assert indexed.path.is_dir()
    assert [sorted(indexed.find_near(text).tolist()) for text in NEAR] == scanned
    assert any(scanned)


def test_an_acronym_is_found_by_the_other_one_of_the_same_organisation() -> None:
    condition, values = module._Sought("pnud", is_near=False).condition("word", "w")
    with duckdb.connect() as connection:
        words = "(VALUES ('undp'), ('pnud'), ('pnuds'), ('undpx'), ('unicef')) AS t(word)"
        sql = f"SELECT word FROM {words} WHERE {condition}"
        assert {row[0] for row in connection.execute(sql, values).fetchall()} == {"undp", "pnud", "pnuds"}
