"""Reading the texts of statements: one pass over title and description gives language, suggestions and the marker.

Place on the way: step 5. Enters: `core_activity` and `core_narrative`; leaves: `_reading`, one row per statement with
what was found as lines of text, and functions that turn these lines into tables. The reading itself is an Arrow UDF, so
that it runs inside DuckDB and inside Spark's executors; equal texts of a batch are read once.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.classify.language import language_candidates
from concerted.classify.learned import WordModel
from concerted.classify.marker import Marker, MarkerReader
from concerted.classify.marker_words import marker_words
from concerted.classify.nodes import (
    FAINT,
    SPANS_SHOWN,
    NodeReader,
    Places,
    Span,
    Suggestion,
    TextPart,
    span_of,
)
from concerted.classify.params import ClassifyParams
from concerted.classify.pointers import MILLION
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


@dataclass
class StatementReader:
    """Everything that is asked of the texts of one statement, compiled once."""

    nodes: NodeReader
    marker: MarkerReader
    languages: tuple[str, ...]
    max_chars: int
    models: Mapping[str, WordModel] = field(default_factory=dict)
    _known: dict[tuple[str, str, str, bool, bool], str] = field(default_factory=dict)

    def read(self, title: str, description: str, others: str, is_dac_15: bool, is_coded: bool) -> str:
        """What the texts say, as lines: `L lang milli-log-p`, `N framework node ppm evidence`, `M level ppm evidence`.

        Args:
            title: the first title.
            description: the first description.
            others: further texts, each `field FIELD text`, joined by PART.
            is_dac_15: a DAC code of government, civil society, conflict, peace and security (15xxx) is present.
            is_coded: it has codes of its own; a model learnt from them would only repeat them.
        """
        key = (title, description, others, is_dac_15, is_coded)
        found = self._known.get(key)
        if found is None:
            found = self._read(*key)
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[key] = found
        return found

    def _read(self, title: str, description: str, others: str, is_dac_15: bool, is_coded: bool) -> str:
        parts = [TextPart.of("title", title[: self.max_chars])] if title else []
        if description:
            parts.append(TextPart.of("description", description[: self.max_chars]))
        seen = {title, description}
        for other in others.split(PART) if others else ():
            name, _, text = other.partition(FIELD)
            if text and text not in seen:
                seen.add(text)
                parts.append(TextPart.of(name.partition("|")[0], text[: self.max_chars]))
        found = language_candidates(f"{title}. {description}", self.languages)
        # A statement in a language of the word lists may still carry a further text in another one.
        trusted = 2 if found and found[0][0] in WORDED_LANGUAGES else 0
        parts = [p for i, p in enumerate(parts) if i < trusted or is_readable(p.text, self.languages)]
        lines = [f"L\t{lang}\t{p}" for lang, p in found]
        for suggestion in self.nodes.suggest(parts, FAINT) if is_coded or not self.models else self._learnt(parts):
            ppm = round(suggestion.probability * MILLION)
            evidence = spans_json(suggestion.spans)
            lines.append(f"N\t{suggestion.framework_id}\t{suggestion.node_id}\t{ppm}\t{evidence}")
        marker: Marker = self.marker.read(parts, is_dac_15)
        lines.append(f"M\t{marker.level}\t{round(marker.probability * MILLION)}\t{spans_json(marker.spans)}")
        return "\n".join(lines)

    def _learnt(self, parts: Sequence[TextPart]) -> list[Suggestion]:
        """Suggestions of the models, and of the lexicon for frameworks without one."""
        scores = self.nodes.scores(parts)
        found = {(s.framework_id, s.node_id): s for s in self.nodes.suggestions(parts, scores, 0.0)}
        kept = [s for s in found.values() if s.framework_id not in self.models and s.probability >= FAINT]
        for framework_id, model in self.models.items() if parts else ():
            for node_id, probability in model.probabilities(parts, scores).items():
                if node_id == UNCLASSIFIED or probability < FAINT:
                    continue
                known = found.get((framework_id, node_id))
                places: Places = {}
                words = model.telling_words(parts, node_id)[:SPANS_SHOWN] if known is None else []
                spans = known.spans if known else tuple(span_of(parts, places, n, w, w) for n, w in words)
                if spans:
                    kept.append(Suggestion(framework_id, node_id, round(probability, 3), spans))
        return kept


def is_readable(text: str, languages: tuple[str, ...]) -> bool:
    """Whether a text may be in a language of the word lists: `marginaliserade` is Swedish, not evidence."""
    if len(text) < MIN_JUDGED:
        return True
    found = language_candidates(text, languages)
    return not found or any(lang in WORDED_LANGUAGES for lang, _ in found)


def statement_reader(params: ClassifyParams) -> StatementReader:
    """The reader of texts for these frameworks."""
    return StatementReader(
        NodeReader.of(params.frameworks), MarkerReader.of(marker_words()), params.languages, params.max_chars
    )


def spans_json(spans: Sequence[Span]) -> str:
    """Spans as one JSON object; the words stand in it too, so that a reader need not open the source."""
    shown = [{"end": s.end, "field": s.field, "start": s.start, "words": s.words} for s in spans]
    return json.dumps({"field": "text", "spans": shown}, ensure_ascii=False)


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
        columns = (title, description, others, is_dac_15, is_coded)
        rows = zip(*(column.to_pylist() for column in columns), strict=True)
        return pa.array([reader.read(*row) for row in rows], pa.string())

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
