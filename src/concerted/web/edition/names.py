"""Names of organisations, only of those that the viewer meets in a record that he may see.

An organisation known from hidden records alone must not be named, so every look-up goes through visible rows.
"""

from collections.abc import Iterable
from typing import Any

from concerted.web.edition.scope import Scope

#: Organisations that report something visible (the rows of a coarse view that hides its partner have none), or take
#: part in a visible statement.
VISIBLE_ORGANISATIONS = """
    SELECT org_id FROM out_cell WHERE grain = 'node_partner' AND org_id IN (SELECT unnest($orgs)) AND {rows}
    UNION SELECT org_id FROM core_activity WHERE org_id IN (SELECT unnest($orgs)) AND {precise}
    UNION SELECT o.org_id FROM core_participating_org o JOIN core_activity a ON a.record_id = o.record_id
          WHERE o.org_id IN (SELECT unnest($orgs)) AND {precise_a}"""


def organisation_names(scope: Scope, wanted: Iterable[int | None], lang: str) -> dict[int, str]:
    """Name by id in `lang`, else the most used one; those that the viewer may not know of are absent."""
    ids = tuple(sorted({i for i in wanted if i is not None}))
    return scope.remember(("names", ids, lang), lambda: _names(scope, ids, lang)) if ids else {}


def _names(scope: Scope, ids: tuple[int, ...], lang: str) -> dict[int, str]:
    rule = scope.filter
    visible = VISIBLE_ORGANISATIONS.format(rows=rule.sql(), precise=rule.sql_precise(), precise_a=rule.sql_precise("a"))
    sql = f"""
        SELECT org_id, coalesce(name_{_LANGUAGE[lang]}, name, ref) FROM core_organisation
        WHERE org_id IN (SELECT unnest($orgs)) AND org_id IN ({visible})"""
    rows: list[tuple[Any, ...]] = scope.rows(sql, {"orgs": list(ids)})
    return {org: name or "" for org, name in rows}


#: The language comes from the address, so it is looked up, never pasted.
_LANGUAGE = {"fr": "fr", "en": "en", "ar": "ar"}
