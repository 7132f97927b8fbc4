"""Partners: who reports, who takes part, how fresh what they say is.

Enters: a scope. Leaves: rows for the list of partners, and one partner. A partner known only from records that the
viewer may not see is not there.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from concerted.marking import narrowness
from concerted.model.tables import ALL, UNCLASSIFIED
from concerted.web.coverage.cells import EMPTY, Cell, cells
from concerted.web.coverage.filters import Filters, NotThere
from concerted.web.edition.names import organisation_names
from concerted.web.edition.scope import Scope

PAGE = 60


@dataclass(frozen=True, slots=True)
class ListedPartner:
    """One partner with what it reports in the framework and outside its nodes."""

    org_id: int
    name: str
    served: Cell
    unclassified: Cell
    latest_date: date | None


@dataclass(frozen=True)
class Partner:
    """What the page of a partner shows.

    Attributes:
        facts: its row of `core_organisation`, the one that most people may see.
        roles: (role code, distinct activities) in which it takes part.
        freshness: its rows of `out_freshness`, summed over permitted markings, one per source.
    """

    org_id: int
    name: str
    facts: dict[str, Any]
    roles: list[tuple[str | None, int]]
    freshness: list[dict[str, Any]]


def list_partners(scope: Scope, filters: Filters, lang: str) -> tuple[list[ListedPartner], int]:
    """A page of the partners that report, most activities first, and how many there are; `q` is sought in names."""
    return scope.remember(
        ("partners", filters.but(opened=frozenset(), start=filters.start), lang),
        lambda: _list(scope, filters, lang),
    )


def _list(scope: Scope, filters: Filters, lang: str) -> tuple[list[ListedPartner], int]:
    found = cells(scope, filters, [ALL, UNCLASSIFIED], "partner")
    ids = {key for _, key in found if isinstance(key, int)}
    names = organisation_names(scope, ids, lang)
    wanted = filters.q.casefold()
    chosen = [i for i in ids if wanted in names.get(i, "").casefold()]
    latest = dict(
        scope.rows(
            f"SELECT org_id, max(latest_date) FROM out_freshness WHERE {scope.filter.sql_precise()} GROUP BY org_id"
        )
    )

    def order(org: int) -> tuple[int, int, str]:
        served, other = found.get((ALL, org), EMPTY), found.get((UNCLASSIFIED, org), EMPTY)
        return -served.activities, -other.activities, names.get(org, "")

    chosen.sort(key=order)
    page = [
        ListedPartner(
            i, names.get(i, ""), found.get((ALL, i), EMPTY), found.get((UNCLASSIFIED, i), EMPTY), latest.get(i)
        )
        for i in chosen[filters.start : filters.start + PAGE]
    ]
    return page, len(chosen)


def read_partner(scope: Scope, org_id: int, lang: str) -> Partner:
    """One partner.

    Raises:
        NotThere: there is none, or the viewer sees no record in which it occurs.
    """
    names = organisation_names(scope, [org_id], lang)
    if org_id not in names:
        raise NotThere("partner")
    precise = scope.filter.sql_precise("a")
    facts = scope.dicts(
        f"""
        SELECT o.marking_key, o.ref, o.name, o.type_code, o.is_minted, o.matched_by,
               (SELECT count(*) FROM core_activity a WHERE a.org_id = o.org_id AND {precise}) AS statements
        FROM core_organisation o WHERE o.org_id = $org AND {scope.filter.sql_precise("o")}""",
        {"org": org_id},
    )
    roles = scope.rows(
        f"""
        SELECT p.role_code, count(DISTINCT a.activity_id)
        FROM core_participating_org p JOIN core_activity a ON a.record_id = p.record_id
        WHERE p.org_id = $org AND {precise} GROUP BY 1 ORDER BY 1""",
        {"org": org_id},
    )
    freshness = scope.dicts(
        f"""
        SELECT source_id, CAST(sum(records) AS BIGINT) AS records, max(latest_date) AS latest_date,
               CAST(sum(within_90_days) AS BIGINT) AS within_90_days,
               CAST(sum(within_365_days) AS BIGINT) AS within_365_days, CAST(sum(undated) AS BIGINT) AS undated
        FROM out_freshness WHERE org_id = $org AND {scope.filter.sql_precise()}
        GROUP BY source_id ORDER BY source_id""",
        {"org": org_id},
    )
    return Partner(
        org_id,
        names[org_id],
        min(facts, key=lambda row: narrowness(row["marking_key"])),
        [(r[0], r[1]) for r in roles],
        freshness,
    )
