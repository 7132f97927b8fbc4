"""Names of organisations, only of those that the viewer meets in a record that he may see, and only as it calls them.

An organisation known from hidden records alone must not be named, and none by a name that only hidden records use:
`core_organisation` has a row for each marking of the records that name it.
"""

from collections.abc import Iterable

from concerted.marking import narrowness
from concerted.web.edition.scope import Scope

#: The language comes from the address, so it is looked up, never pasted.
_COLUMN = {"fr": "name_fr", "en": "name_en", "ar": "name_ar"}


def organisation_names(scope: Scope, wanted: Iterable[int | None], lang: str) -> dict[int, str]:
    """Name by id in `lang`, else the most used one; those that the viewer may not know of are absent.

    Where records of several markings name an organisation, it is called as those that most people may see call it.
    """
    ids = tuple(sorted({i for i in wanted if i is not None}))
    return scope.remember(("names", ids, lang), lambda: _names(scope, ids, lang)) if ids else {}


def _names(scope: Scope, ids: tuple[int, ...], lang: str) -> dict[int, str]:
    rows = scope.rows(
        f"SELECT org_id, marking_key, coalesce({_COLUMN[lang]}, name, ref, '') FROM core_organisation"
        f" WHERE org_id IN (SELECT unnest($orgs)) AND {scope.filter.sql_precise()}",
        {"orgs": ids},
    )
    named: dict[int, str] = {}
    for org, _, name in sorted(rows, key=lambda row: narrowness(row[1])):
        named.setdefault(org, name)
    return named
