"""Reading the texts of statements: language, suggestions and the marker of a batch at once.

Place on the way: step 5. Enters: `core_activity` and `core_narrative`; leaves: `_reading`, one row per statement with
what was found as lines of text, and functions that turn these lines into tables. The reading itself is an Arrow UDF, so
that it runs inside DuckDB and inside Spark's executors; equal texts of a batch are read once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from json.encoder import encode_basestring as _quoted
from threading import Lock
from typing import Any, TypeAlias

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.classify.language import Candidates, all_candidates
from concerted.classify.learned import WordModel
from concerted.classify.marker import MarkerReader
from concerted.classify.marker_words import marker_words
from concerted.classify.nodes import FAINT, SPANS_SHOWN, NodeReader, Suggestion
from concerted.classify.params import ClassifyParams
from concerted.classify.pointers import MILLION
from concerted.classify.words import Span, TextPart
from concerted.model.tables import UNCLASSIFIED

#: Separators inside the joined texts of a statement; XML forbids these characters, sheets lose them here.
PART, FIELD = "\x1e", "\x1f"
#: Fields whose texts are read; further narratives and languages of them too.
READ_FIELDS = ("title", "description")
#: Languages of the word lists, and those whose words are near enough to be read with them.
WORDED_LANGUAGES = ("fr", "en", "ar", "es", "pt")
#: Shorter texts are taken as readable: the detector is often wrong about titles.
MIN_JUDGED = 60
#: Texts remembered between batches: publishers repeat themselves.
REMEMBERED = 20_000
#: Statements read together: enough that what is done once per batch costs nothing, few enough to stay in small memory.
BATCH = 2_000

_ONE_AT_A_TIME = Lock()


#: What is read of a statement: title, description, others, is_dac_15, is_coded (`StatementReader.read_all`).
Statement: TypeAlias = tuple[str, str, str, bool, bool]


@dataclass
class StatementReader:
    """Everything that is asked of the texts of statements, compiled once."""

    nodes: NodeReader
    marker: MarkerReader
    languages: tuple[str, ...]
    max_chars: int
    models: Mapping[str, WordModel] = field(default_factory=dict)
    _known: dict[Statement, str] = field(default_factory=dict)

    def read(self, title: str, description: str, others: str, is_dac_15: bool, is_coded: bool) -> str:
        """`read_all` of one statement."""
        return self.read_all([(title, description, others, is_dac_15, is_coded)])[0]

    def read_all(self, statements: Sequence[Statement]) -> list[str]:
        """What the texts say, as lines: `L lang milli-log-p`, `N framework node ppm evidence`, `M level ppm evidence`.

        Equal statements are read once.

        Args:
            statements: for each
                the first title; the first description;
                further texts, each `field FIELD text`, joined by PART;
                whether a DAC code of government, civil society, conflict, peace and security (15xxx) is present;
                whether it has codes of its own: a model learnt from them would only repeat them.
        """
        # DuckDB calls from several threads, and what is remembered of words must not be told twice at once.
        with _ONE_AT_A_TIME:
            new = [one for one in dict.fromkeys(statements) if one not in self._known]
            found = {one: self._known[one] for one in statements if one in self._known}
            for begin in range(0, len(new), BATCH):
                batch = new[begin : begin + BATCH]
                found.update(zip(batch, self._read(batch), strict=True))
            if len(self._known) + len(new) > REMEMBERED:
                self._known.clear()
            self._known.update(islice(((one, found[one]) for one in new), REMEMBERED))
        return [found[one] for one in statements]

    def _read(self, statements: Sequence[Statement]) -> list[str]:
        languages = all_candidates([f"{title}. {description}" for title, description, *_ in statements], self.languages)
        read = self._readable([self._parts(*texts) for *texts, _, _ in statements], languages)
        lines = [[f"L\t{lang}\t{p}" for lang, p in found] for found in languages]
        texts = self.nodes.cut(read)
        scores = self.nodes.scores(texts)
        learnt = {n for n, one in enumerate(statements) if self.models and not one[-1]}
        for statement, suggestion in self.nodes.suggestions(scores, FAINT):
            if statement not in learnt:
                lines[statement].append(_line(suggestion))
        for statement in sorted(learnt):
            lines[statement] += map(_line, self._learnt(read[statement]))
        markers = self.marker.read_all(texts, [is_dac_15 for _, _, _, is_dac_15, _ in statements])
        for own, marker in zip(lines, markers, strict=True):
            own.append(f"M\t{marker.level}\t{round(marker.probability * MILLION)}\t{spans_json(marker.spans)}")
        return ["\n".join(own) for own in lines]

    def _parts(self, title: str, description: str, others: str) -> list[TextPart]:
        """The different texts of a statement, each as far as it is read."""
        parts = [TextPart("title", title[: self.max_chars])] if title else []
        if description:
            parts.append(TextPart("description", description[: self.max_chars]))
        seen = {title, description}
        for other in others.split(PART) if others else ():
            name, _, text = other.partition(FIELD)
            if text and text not in seen:
                seen.add(text)
                parts.append(TextPart(name.partition("|")[0], text[: self.max_chars]))
        return parts

    def _readable(
        self, statements: Sequence[Sequence[TextPart]], languages: Sequence[Candidates]
    ) -> list[list[TextPart]]:
        """The texts that may be in a language of the word lists: `marginaliserade` is Swedish, not evidence."""
        # A statement in a language of the word lists may still carry a further text in another one.
        trusted = [2 if found and found[0][0] in WORDED_LANGUAGES else 0 for found in languages]
        doubtful = [
            part.text
            for parts, first in zip(statements, trusted, strict=True)
            for part in parts[first:]
            if len(part.text) >= MIN_JUDGED
        ]
        judged = dict(zip(doubtful, all_candidates(doubtful, self.languages), strict=True))
        foreign = {
            text for text, found in judged.items() if found and not any(lang in WORDED_LANGUAGES for lang, _ in found)
        }
        return [
            [part for place, part in enumerate(parts) if place < first or part.text not in foreign]
            for parts, first in zip(statements, trusted, strict=True)
        ]

    def _learnt(self, parts: Sequence[TextPart]) -> list[Suggestion]:
        """Suggestions of the models, and of the lexicon for frameworks without one."""
        texts = self.nodes.cut([parts])
        scores = self.nodes.scores(texts)
        found = {(s.framework_id, s.node_id): s for _, s in self.nodes.suggestions(scores)}
        kept = [s for s in found.values() if s.framework_id not in self.models and s.probability >= FAINT]
        for framework_id, model in self.models.items() if parts else ():
            for node_id, probability in model.probabilities(parts, self.nodes, scores).items():
                if node_id == UNCLASSIFIED or probability < FAINT:
                    continue
                known = found.get((framework_id, node_id))
                words = model.telling_words(texts, node_id)[:SPANS_SHOWN] if known is None else []
                spans = known.spans if known else tuple(texts.span(word, word) for word in words)
                if spans:
                    kept.append(Suggestion(framework_id, node_id, round(probability, 3), spans))
        return kept


def _line(suggestion: Suggestion) -> str:
    ppm = round(suggestion.probability * MILLION)
    return f"N\t{suggestion.framework_id}\t{suggestion.node_id}\t{ppm}\t{spans_json(suggestion.spans)}"


def statement_reader(params: ClassifyParams) -> StatementReader:
    """The reader of texts for these frameworks."""
    return StatementReader(
        NodeReader.of(params.frameworks), MarkerReader.of(marker_words()), params.languages, params.max_chars
    )


def spans_json(spans: Sequence[Span]) -> str:
    """Spans as one JSON object; the words stand in it too, so that a reader need not open the source."""
    # Written by hand: there are several for every statement, and `json.dumps` takes four times as long.
    shown = ", ".join(
        f'{{"end": {end}, "field": {_quoted(name)}, "start": {start}, "words": {_quoted(words)}}}'
        for name, start, end, words in spans
    )
    return f'{{"field": "text", "spans": [{shown}]}}'


def read_statements(documents: ir.Table, reader: StatementReader) -> ir.Table:
    """`_reading`: record_id, kind, one, two, three, four: the lines that `StatementReader.read` gives, cut up."""
    udf: Callable[..., Any] = ibis.udf.scalar.pyarrow(column_reader(reader), name="concerted_read_statement")
    d = documents
    lines = udf(d.title, d.description, d.others, d.is_dac_15, d.is_coded)
    # The UDF is by far the dearest part of the step and three outputs need it: it must run once.
    return cut_up(documents.select("record_id", lines=lines).cache())


def cut_up(reading: ir.Table) -> ir.Table:
    """`_reading` from the lines that were read before, per input (`classify.reading`)."""
    rows = reading.select("record_id", line=reading.lines.split("\n").unnest())
    cells = rows.line.split("\t")
    return rows.select("record_id", kind=cells[0], one=cells[1], two=cells[2], three=cells[3], four=cells[4])


def column_reader(reader: StatementReader) -> Callable[[str, str, str, bool, bool], str]:
    """`reader.read` over columns. The types are those of the elements, as Ibis wants them.

    DuckDB hands over arrays, Spark single values.
    """

    def read(title: str, description: str, others: str, is_dac_15: bool, is_coded: bool) -> str:
        if isinstance(title, str):
            return reader.read(title, description, others, is_dac_15, is_coded)
        columns: Any = (title, description, others, is_dac_15, is_coded)
        rows = [*zip(*(column.to_pylist() for column in columns), strict=True)]
        return pa.array(reader.read_all(rows), pa.string())

    return read


def suggestions(reading: ir.Table) -> ir.Table:
    """Text signals: record_id, framework_id, node_id, ppm, evidence."""
    rows = reading.filter(reading.kind == "N")
    return rows.select(
        "record_id", framework_id=rows.one, node_id=rows.two, ppm=rows.three.try_cast("int64"), evidence=rows.four
    )


def markers(reading: ir.Table) -> ir.Table:
    """record_id, level, ppm, evidence as the words say."""
    rows = reading.filter(reading.kind == "M")
    return rows.select("record_id", level=rows.one, ppm=rows.two.try_cast("int64"), evidence=rows.three)


def candidates(reading: ir.Table) -> ir.Table:
    """record_id, lang, log_p (thousandths): what the detector thinks possible."""
    rows = reading.filter(reading.kind == "L")
    return rows.select("record_id", lang=rows.one, log_p=rows.two.try_cast("int64"))


def documents(activity: ir.Table, narrative: ir.Table, sector: ir.Table) -> ir.Table:
    """One row per statement: publisher, title, description, others, is_dac_15, is_coded."""
    read = narrative.filter(narrative.field.isin(READ_FIELDS) & narrative.text.notnull())
    beside = read.join(activity.select("record_id", "title", "description"), "record_id")
    beside = beside.filter(
        (beside.text != beside.title.fill_null("")) & (beside.text != beside.description.fill_null(""))
    )
    # The sequence stands in front with a fixed width, so that sorting the strings keeps the order of the source.
    place = beside.field + "|" + beside.seq.cast("string").lpad(5, "0") + "|"
    joined = beside.select("record_id", part=place + FIELD + _clean(beside.text))
    others = joined.group_by("record_id").agg(others=joined.part.collect())
    others = others.select("record_id", others=others.others.sort().join(PART))
    is_dac = sector.vocabulary_code.fill_null("1") == "1"
    coded = sector.group_by("record_id").agg(is_dac_15=(is_dac & sector.code.startswith("15")).fill_null(False).any())
    rows = activity.select(
        "record_id", "title", "description", publisher=ibis.coalesce(activity.reporting_org_ref, activity.source_id, "")
    )
    rows = rows.left_join(others, "record_id").drop("record_id_right").left_join(coded, "record_id")
    return rows.select(
        "record_id",
        "publisher",
        title=rows.title.fill_null(""),
        description=rows.description.fill_null(""),
        others=rows.others.fill_null(""),
        is_dac_15=rows.is_dac_15.fill_null(False),
        is_coded=rows.is_dac_15.notnull(),
    )


def _clean(text: ir.StringValue) -> ir.StringValue:
    return text.replace(PART, " ").replace(FIELD, " ")
