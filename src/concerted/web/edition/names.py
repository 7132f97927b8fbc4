"""Names of organisations, only of those that the viewer meets in a record that he may see.

An organisation known from hidden records alone must not be named: it has to report cells that the viewer sees, or to
report or take part in a statement that he sees.
"""

from collections.abc import Iterable

from concerted.web.edition.scope import Scope

#: The language comes from the address, so it is looked up, never pasted.
_COLUMN = {"fr": "name_fr", "en": "name_en", "ar": "name_ar"}


def organisation_names(scope: Scope, wanted: Iterable[int | None], lang: str) -> dict[int, str]:
    """Name by id in `lang`, else the most used one; those that the viewer may not know of are absent."""
    ids = tuple(sorted({i for i in wanted if i is not None}))
    return scope.remember(("names", ids, lang), lambda: _names(scope, ids, lang)) if ids else {}


def _names(scope: Scope, ids: tuple[int, ...], lang: str) -> dict[int, str]:
    reporting = scope.remember(("reporting",), lambda: scope.edition.cube(scope.filter).partners())
    others = [i for i in ids if i not in reporting]
    visible = [*(i for i in ids if i in reporting), *_in_visible_statements(scope, others)]
    rows = scope.edition.rows(
        f"SELECT org_id, coalesce({_COLUMN[lang]}, name, ref, '') FROM core_organisation"
        " WHERE org_id IN (SELECT unnest($orgs))",
        {"orgs": visible},
    )
    return dict(rows)


def _in_visible_statements(scope: Scope, ids: list[int]) -> list[int]:
    if not ids:
        return []
    precise = scope.filter.sql_precise
    rows = scope.rows(
        f"""
        SELECT org_id FROM core_activity WHERE org_id IN (SELECT unnest($orgs)) AND {precise()}
        UNION SELECT o.org_id FROM core_participating_org o JOIN core_activity a ON a.record_id = o.record_id
              WHERE o.org_id IN (SELECT unnest($orgs)) AND {precise("a")}""",
        {"orgs": ids},
    )
    return [row[0] for row in rows]
