"""Titles of activities, of those that the viewer sees by name; one is made where no statement gives any.

A row of a 3W sheet says who does what where and has no title. `UNICEF · Education · Gao` tells it from its neighbours;
it is made from the visible statements alone, in the words of the reader's language.
"""

from collections.abc import Iterable
from typing import Any

from concerted.publish.precedence import ASIDE_WORDS
from concerted.web.coverage.names import place_label
from concerted.web.edition.names import organisation_names
from concerted.web.edition.scope import Scope
from concerted.web.ui.formats import number
from concerted.web.ui.labels import code_label

#: Vocabulary of DAC purpose codes, the one of which the code says more than a name would.
_PURPOSE = "1"
_SEPARATOR = " · "


def activity_titles(scope: Scope, ids: Iterable[int | None], lang: str) -> dict[int, tuple[str | None, str | None]]:
    """Title and its language by activity, of those with a statement that the viewer sees; others are absent.

    The title is in `lang` where a statement has it so, else as the current statement writes it, else made. It is None
    only where nothing at all could be said.
    """
    wanted = sorted({i for i in ids if i is not None})
    if not wanted:
        return {}
    rows = scope.rows(
        f"""
        SELECT a.activity_id,
               first(n.text ORDER BY a.record_id) FILTER (n.text IS NOT NULL),
               first(a.title ORDER BY a.is_current DESC, a.record_id) FILTER (a.title IS NOT NULL),
               first(a.title_lang ORDER BY a.is_current DESC, a.record_id) FILTER (a.title IS NOT NULL)
        FROM core_activity a
        LEFT JOIN (
          SELECT record_id, text FROM core_narrative
          WHERE field = 'title' AND seq = 0 AND lang = $lang AND record_id NOT IN {ASIDE_WORDS}
        ) n ON n.record_id = a.record_id
        WHERE a.activity_id IN (SELECT unnest($ids)) AND {scope.filter.sql_precise("a")}
        GROUP BY a.activity_id""",
        {"ids": wanted, "lang": lang},
    )
    titles = {i: (local or stated, lang if local else stated_lang) for i, local, stated, stated_lang in rows}
    made = _made(scope, [i for i, (title, _) in titles.items() if not title], lang)
    return titles | {i: (title, lang) for i, title in made.items()}


def _made(scope: Scope, ids: list[int], lang: str) -> dict[int, str]:
    """`organisation · sector · place` of activities without a title, as far as their visible statements tell."""
    if not ids:
        return {}
    precise = scope.filter.sql_precise("a")
    rows = scope.rows(
        f"""
        WITH a AS (SELECT activity_id, record_id, org_id FROM core_activity a
                   WHERE activity_id IN (SELECT unnest($ids)) AND {precise}),
             s AS (SELECT a.activity_id,
                          first(struct_pack(v := vocabulary_code, code := code, name := name)
                                ORDER BY pct DESC NULLS LAST, a.record_id, seq) AS sector
                   FROM a JOIN core_sector s ON s.record_id = a.record_id
                   WHERE s.name IS NOT NULL OR s.code IS NOT NULL GROUP BY 1),
             p AS (SELECT a.activity_id, first(place_id ORDER BY share DESC, place_id) AS place,
                          count(DISTINCT place_id) AS places
                   FROM a JOIN core_place_share p ON p.record_id = a.record_id
                   WHERE p.transaction_seq = -1 AND p.place_id <> 'UNKNOWN' GROUP BY 1)
        SELECT a.activity_id, min(a.org_id), any_value(s.sector), any_value(p.place), any_value(p.places)
        FROM a LEFT JOIN s ON s.activity_id = a.activity_id LEFT JOIN p ON p.activity_id = a.activity_id
        GROUP BY a.activity_id""",
        {"ids": ids},
    )
    names = organisation_names(scope, (row[1] for row in rows), lang)
    made = {}
    for activity, org, sector, place, places in rows:
        parts = [names.get(org), _sector(sector), _place(scope, place, places, lang)]
        if any(parts):
            made[activity] = _SEPARATOR.join(part for part in parts if part)
    return made


def _sector(sector: dict[str, Any] | None) -> str | None:
    """What the sector is called: by the list for a purpose code, else as the source writes it."""
    if sector is None:
        return None
    if sector["v"] == _PURPOSE and sector["code"]:
        return code_label("Sector", sector["code"])
    name: str | None = sector["name"] or sector["code"]
    return name


def _place(scope: Scope, place: str | None, places: int | None, lang: str) -> str | None:
    """The place with the largest share, and how many more there are."""
    if place is None:
        return None
    name = place_label(scope, place, lang)
    return name if places == 1 else f"{name} +{number((places or 1) - 1)}"
