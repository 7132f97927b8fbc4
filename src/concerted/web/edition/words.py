"""The words of activities, so that a search reads a few kilobytes and not every text.

Enters: an edition's statements and their narratives. Leaves: the record ids of statements in which every sought word
begins some word of identifier, titles or descriptions; accents, case and Arabic spellings apart. An acronym is found by
those of the same organisation too (`PNUD`, `UNDP`), and `find_near` takes words in which one letter is wrong. Which of
these a viewer may see is decided by the query that joins them.

A small edition is scanned. For a large one the words are written once, sorted, to `DATA/cache/words/<edition>/`; until
they are there, or where they cannot be written, the scan gives the same answer more slowly.
"""

import fcntl
import logging
import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from concerted.model.letters import ONE_LETTER
from concerted.model.tables import full_schema
from concerted.publish.precedence import ASIDE_WORDS
from concerted.resolve.aliases import acronyms
from concerted.store.duck import NO_EXTENSIONS, quoted

log = logging.getLogger(__name__)

#: Statements below which a scan is quick enough.
LEAST = 50_000
#: Words of a search that are looked at.
MOST_WORDS = 8
#: Letters of a word below which one wrong letter would make too many others of it.
LEAST_FOR_ERRORS = 4
#: Findings kept: one page asks for the same ones twice, and the next page of a list again.
LATELY = 4
MEMORY = "1GB"
#: Statements whose words are sorted together: some four million words, which fit the memory twice over.
_AT_ONCE = 100_000
#: A character behind every other: where the words with a beginning end.
_LAST = "\U0010ffff"

_LETTERS = [(a, b) for a, b in ONE_LETTER.items() if len(a) == len(b) == 1]
_SPREAD = [(a, b) for a, b in ONE_LETTER.items() if len(b) != 1]
#: Combining marks that are left: Latin ones, and Arabic vowel signs, hamza marks and the small alef.
_MARKS = r"[\x{300}-\x{36f}\x{610}-\x{61a}\x{64b}-\x{65f}\x{670}]"
_FROM, _TO = "".join(a for a, _ in _LETTERS), "".join(b for _, b in _LETTERS)


def _fold(text: str) -> str:
    """SQL: the text in lower case, without accents, letters with several forms as one, words parted by one space."""
    folded = f"translate(strip_accents(lower({text})), '{_FROM}', '{_TO}')"
    for letter, written in _SPREAD:
        folded = f"replace({folded}, '{letter}', '{written}')"
    folded = f"regexp_replace({folded}, '{_MARKS}', '', 'g')"
    return f"trim(regexp_replace({folded}, '[^\\p{{L}}\\p{{N}}]+', ' ', 'g'))"


def _texts(between: str = "IS NOT NULL") -> str:
    """SQL: what a statement says in words, by record; narratives hold its other languages too."""
    return f"""
        SELECT a.record_id, concat_ws(' ', a.identifier, a.title, a.description, n.texts) AS text
        FROM core_activity a LEFT JOIN (
            SELECT record_id, string_agg(text, ' ' ORDER BY field, seq, lang) AS texts FROM core_narrative
            WHERE field IN ('title', 'description') AND record_id {between} AND record_id NOT IN {ASIDE_WORDS}
            GROUP BY record_id
        ) n ON n.record_id = a.record_id
        WHERE a.record_id {between}"""


@dataclass(frozen=True)
class _Sought:
    """One word that is sought, and whether one letter of it may be wrong."""

    word: str
    is_near: bool

    def condition(self, column: str, name: str) -> tuple[str, dict[str, str]]:
        """SQL over a column of words, and its parameters, whose names begin with `name`."""
        values = {f"{name}low": self.word, f"{name}high": self.word + _LAST}
        found = [f"{column} >= ${name}low AND {column} < ${name}high"]
        for number, other in enumerate(sorted(acronyms().get(self.word, ()))):
            values[f"{name}is{number}"] = other
            found.append(f"{column} = ${name}is{number}")
        if self.is_near:
            values |= {f"{name}first": self.word[0], f"{name}beyond": self.word[0] + _LAST}
            found.append(
                f"{column} >= ${name}first AND {column} < ${name}beyond"
                f" AND abs(length({column}) - {len(self.word)}) <= 1 AND damerau_levenshtein({column}, ${name}low) <= 1"
            )
        return f"({' OR '.join(f'({each})' for each in found)})", values


Rows = Callable[..., list[tuple[Any, ...]]]
Ids = npt.NDArray[np.int64]


class Words:
    """The words of one edition; `rows` runs a query on the calling thread's own cursor of it."""

    def __init__(self, folder: Path, rows: Rows) -> None:
        self.path = folder.parent.parent / "cache" / "words" / folder.name
        self._folder = folder
        self._rows = rows
        self._lock = threading.Lock()
        self._records: Ids | None = None
        self._lately: dict[tuple[Any, ...], Ids] = {}
        self._folded: dict[str, tuple[str, ...]] = {}
        self._local = threading.local()

    def find(self, text: str) -> Ids:
        """Ids of the statements that hold every word of `text`, each as the beginning of a word; none for no word."""
        return self._kept(text, is_near=False)

    def find_near(self, text: str) -> Ids:
        """The same, where a word may also differ by one letter from the one it is taken for.

        Ask it where nothing that the viewer sees holds the words themselves: it looks at every word with their first
        letter, which is seldom the wrong one.
        """
        return self._kept(text, is_near=True)

    def _kept(self, text: str, *, is_near: bool) -> Ids:
        words = self._words_of(text)
        if not words:
            return np.empty(0, np.int64)
        key = (is_near, *words)
        with self._lock:
            if key in self._lately:
                return self._lately[key]
        sought = [_Sought(word, is_near and len(word) >= LEAST_FOR_ERRORS) for word in words]
        found = self._look_up(sought) if self.path.is_dir() else self._scan(sought)
        with self._lock:
            self._lately[key] = found
            while len(self._lately) > LATELY:
                del self._lately[next(iter(self._lately))]
        return found

    def _words_of(self, text: str) -> tuple[str, ...]:
        """The words of a text as they are sought; what was asked for last is not folded anew."""
        with self._lock:
            known = self._folded.get(text)
        if known is None:
            ((folded,),) = self._rows(f"SELECT {_fold('CAST($text AS VARCHAR)')}", {"text": text})
            known = tuple(dict.fromkeys(folded.split()))[:MOST_WORDS]
            with self._lock:
                self._folded = {text: known}
        return known

    def _scan(self, sought: Sequence["_Sought"]) -> Ids:
        conditions, named = [], dict[str, Any]()
        for number, each in enumerate(sought):
            condition, values = each.condition("word", f"w{number}_")
            conditions.append(f"len(list_filter(words, lambda word: {condition})) > 0")
            named |= values
        texts = f"SELECT record_id, string_split({_fold('text')}, ' ') AS words FROM ({_texts()})"
        rows = self._rows(f"SELECT record_id FROM ({texts}) WHERE {' AND '.join(conditions)}", named)
        return np.array([row[0] for row in rows], np.int64)

    def _look_up(self, sought: Sequence["_Sought"]) -> Ids:
        files = quoted(self.path / "*.parquet")
        parts, named = [], dict[str, Any]()
        for number, each in enumerate(sought):
            condition, values = each.condition("word", f"w{number}_")
            parts.append(f"SELECT place FROM read_parquet({files}) WHERE {condition}")
            named |= values
        sql = f"SELECT DISTINCT place FROM ({' INTERSECT '.join(parts)})"
        found = self._own_index().execute(sql, named).fetchnumpy()["place"]
        return self._in_order()[np.asarray(found, np.int64)]

    def _own_index(self) -> duckdb.DuckDBPyConnection:
        """The calling thread's own connection for the index, whose files never change. To open one takes longer than to
        ask it."""
        connection: duckdb.DuckDBPyConnection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = duckdb.connect(config=NO_EXTENSIONS | {"threads": 1})
            connection.execute("SET parquet_metadata_cache = true")
        return connection

    def _in_order(self) -> Ids:
        """Every record id in ascending order: the index holds places in this list, which are small numbers."""
        with self._lock:
            if self._records is None:
                rows = self._rows("SELECT record_id FROM core_activity ORDER BY record_id")
                self._records = np.fromiter((row[0] for row in rows), np.int64, len(rows))
            return self._records

    def prepare(self) -> None:
        """Write the index where the edition is large and nobody has; one process does it for all."""
        if self.path.is_dir() or len(self._in_order()) < LEAST:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with (self.path.parent / "lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._remove_orphans()
                self._write()
        except BlockingIOError:
            return  # another process is at it; its file is found when it is there
        except (OSError, duckdb.Error) as error:
            log.warning("words cannot be kept in %s, every search reads all texts: %s", self.path.parent, error)

    def _write(self) -> None:
        """A file for every `_AT_ONCE` statements, sorted by word: memory is bounded, a look-up reads a bit of each."""
        part = self.path.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        records = self._in_order()
        with duckdb.connect(config=NO_EXTENSIONS | {"threads": 1, "memory_limit": MEMORY}) as connection:
            connection.execute("SET temp_directory = ?", [str(part)])
            connection.execute("SET preserve_insertion_order = false")
            for table in ("activity", "narrative", "precedence"):
                path = self._folder / f"core_{table}.parquet"
                if path.is_file():
                    connection.execute(f"CREATE VIEW {path.stem} AS SELECT * FROM read_parquet({quoted(path)})")
                else:  # a step made none
                    connection.register(path.stem, full_schema(table).empty_table())
            for first in range(0, len(records), _AT_ONCE):
                here = records[first : first + _AT_ONCE]
                places = np.arange(first, first + len(here), dtype=np.int32)
                connection.register("here", pa.table({"record_id": here, "place": places}))
                between = f"BETWEEN {int(here[0])} AND {int(here[-1])}"
                connection.execute(
                    f"""
                    CREATE OR REPLACE TEMP TABLE pieces AS
                    SELECT place, unnest(list_distinct(string_split(text, ' '))) AS piece
                    FROM here JOIN ({_texts(between)}) USING (record_id)"""
                )
                # Folded once each: a text is split at blanks, which no letter's folding looks beyond.
                connection.execute(
                    f"""
                    COPY (
                        SELECT DISTINCT word, place FROM pieces JOIN (
                            SELECT piece, unnest(string_split({_fold("piece")}, ' ')) AS word
                            FROM (SELECT DISTINCT piece FROM pieces)) USING (piece)
                        WHERE word <> '' ORDER BY word, place
                    ) TO {quoted(part / f"{first:010}.parquet")}
                    (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2, ROW_GROUP_SIZE 122880)"""
                )
                connection.unregister("here")
        part.rename(self.path)

    def _remove_orphans(self) -> None:
        """Words of editions that are gone."""
        for old in self.path.parent.iterdir():
            if old.is_dir() and not (self._folder.parent / old.stem).is_dir():
                shutil.rmtree(old)
