"""What must hold in every edition, as questions to its tables that must have no answer.

Place on the way: behind `integrity`. Each law is a sentence and a query for the rows that break it; the columns of the
query say which. The queries are written against the tables alone, not with the code that made them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from concerted.allocate.kinds import KIND_OF_TYPE, UNKNOWN_KIND
from concerted.marking.few_people import FEW_PEOPLE
from concerted.model.tables import ALL, ONE, REGIONAL, UNCLASSIFIED, UNKNOWN, tables
from concerted.publish.people_laws import people_laws
from concerted.publish.precedence_laws import ASIDE, precedence_laws
from concerted.publish.told import twice_sql
from concerted.publish.tree_sql import NODES
from concerted.publish.unshown_laws import unshown_laws
from concerted.publish.visible import RULES, Rule

CURRENCIES = ("usd", "eur")
_KIND = (
    "CASE type_code "
    + " ".join(f"WHEN '{code}' THEN '{kind}'" for code, kind in sorted(KIND_OF_TYPE.items()))
    + f" ELSE '{UNKNOWN_KIND}' END"
)
#: Columns that name an organisation or an activity, by the table they stand in, for ids that must be there.
_ORGANISATIONS = {
    "core_activity": ("org_id", "coarse_org_id"),
    "core_participating_org": ("org_id",),
    "core_transaction": ("provider_org_id", "receiver_org_id"),
    "core_money_level": ("org_id",),
    "core_money_link": ("giver_org_id", "receiver_org_id"),
    "out_allocation": ("org_id",),
    "out_cell": ("org_id",),
    "out_cliff": ("org_id",),
    "out_concentration": ("org_id", "other_org_id"),
    "out_freshness": ("org_id",),
    "out_quality": ("org_id",),
}
_ACTIVITIES = {
    "core_activity_link": ("activity_id", "other_activity_id"),
    "core_activity_relation": ("left_activity_id", "right_activity_id"),
    "core_transaction": ("provider_activity_id", "receiver_activity_id"),
    "core_money_link": ("giver_activity_id", "receiver_activity_id"),
    "core_money_link_end": ("activity_id",),
    "out_allocation": ("activity_id",),
    "out_cliff": ("activity_id",),
    "out_concentration": ("activity_id", "other_activity_id"),
    "out_people_figure": ("activity_id",),
}
_PLACED = (
    "core_location",
    "core_place_share",
    "out_allocation",
    "out_cell",
    "out_target",
    "out_cliff",
    "out_people_bound",
)
_NODED = (
    "core_node_indicator",
    "core_label",
    "core_node_share",
    "out_allocation",
    "out_cell",
    "out_target",
    "out_concentration",
    "out_cliff",
    "out_people_bound",
)


@dataclass(frozen=True, slots=True)
class Law:
    """One law, the table it is about, and the query for what breaks it."""

    name: str
    table: str
    query: str


def laws(few: int = FEW_PEOPLE) -> Iterator[Law]:
    """Every law that the tables of an edition can be asked.

    Args:
        few: the least number of people that the public is told in it.
    """
    yield from _keys()
    yield from _shares()
    for currency in CURRENCIES:
        yield from _conserved(currency)
        yield from _ranges(currency)
        yield from _chain(currency)
        yield from _cells(currency)
    yield from _levels()
    yield from (Law(*law) for law in precedence_laws(_KIND))
    yield from _unknown()
    yield from _counts()
    yield from (Law(*law) for law in people_laws(few))
    yield from (Law(*law) for law in unshown_laws())
    yield from _markings()
    yield from _ids()


def _keys() -> Iterator[Law]:
    for spec in tables().values():
        if set(spec.key) == {c.name for c in spec.columns}:
            continue  # a row that a source says twice names nothing twice: there is nothing beside the key
        key = ", ".join(f'"{name}"' for name in spec.key)
        yield Law(
            "keys are unique",
            spec.full_name,
            f"SELECT {key}, count(*) AS times FROM {spec.full_name} GROUP BY ALL HAVING count(*) > 1",
        )


def _shares() -> Iterator[Law]:
    for table, what, by in (
        ("core_place_share", "places", "record_id, transaction_seq"),
        ("core_node_share", "nodes", "record_id, transaction_seq, framework_id"),
    ):
        yield Law(
            f"{what} of a statement sum to one",
            table,
            f"SELECT {by}, sum(share) AS share FROM {table} GROUP BY ALL"
            f" HAVING sum(share) IS DISTINCT FROM {ONE} OR min(share) < 0",
        )


def _conserved(currency: str) -> Iterator[Law]:
    """What statements say equals what is spread, for each kind of money and each year, in every framework and view."""
    spread = f"""
        SELECT framework_id, record_id, view, finance_kind, {{period}} sum(gross_{currency}) AS spread
        FROM out_allocation WHERE finance_kind <> 'presence' GROUP BY ALL"""
    views = """
        SELECT framework_id, record_id, view FROM core_framework, (
            SELECT record_id, 'precise' AS view FROM core_activity WHERE is_supply AND is_current
            UNION ALL SELECT record_id, 'coarse' FROM core_activity WHERE is_supply AND coarse_is_current)"""
    yield Law(
        f"transactions are conserved to the cent, each kind and year, in {currency.upper()}",
        "out_allocation",
        f"""
        WITH spread AS ({spread.format(period="period,")}),
        stated AS (
            SELECT record_id, {_KIND} AS finance_kind, CAST(year(transaction_date) AS INTEGER) AS period,
                   sum(value_{currency}) AS stated FROM core_transaction
            WHERE (record_id, {_KIND}) NOT IN ({ASIDE}) GROUP BY ALL),
        wanted AS (SELECT * FROM ({views}) JOIN stated USING (record_id))
        SELECT coalesce(w.framework_id, s.framework_id) AS framework_id,
               coalesce(w.record_id, s.record_id) AS record_id, coalesce(w.view, s.view) AS view,
               coalesce(w.finance_kind, s.finance_kind) AS finance_kind,
               coalesce(w.period, s.period) AS period, stated, spread
        FROM wanted AS w FULL JOIN (FROM spread WHERE finance_kind NOT IN ('budget', 'planned_disbursement')) AS s
          ON w.framework_id = s.framework_id AND w.record_id = s.record_id AND w.view = s.view
             AND w.finance_kind = s.finance_kind AND w.period IS NOT DISTINCT FROM s.period
        WHERE stated IS DISTINCT FROM spread""",
    )
    yield Law(
        f"budgets are conserved to the cent, each kind, in {currency.upper()}",
        "out_allocation",
        f"""
        WITH spread AS ({spread.format(period="")}),
        revised AS (
            SELECT DISTINCT record_id, kind, period_start_date, period_end_date FROM core_budget WHERE type_code = '2'),
        stated AS (
            SELECT record_id, kind AS finance_kind, sum(value_{currency}) AS stated FROM core_budget AS b
            WHERE (record_id, kind) NOT IN ({ASIDE}) AND (coalesce(type_code, '1') = '2' OR NOT EXISTS (
                SELECT 1 FROM revised AS r WHERE r.record_id = b.record_id AND r.kind = b.kind
                AND r.period_start_date = b.period_start_date AND r.period_end_date = b.period_end_date))
            GROUP BY ALL)
        SELECT framework_id, record_id, view, finance_kind, stated, spread
        FROM (SELECT * FROM ({views}) JOIN stated USING (record_id))
        FULL JOIN (FROM spread WHERE finance_kind IN ('budget', 'planned_disbursement'))
            USING (framework_id, record_id, view, finance_kind)
        WHERE stated IS DISTINCT FROM spread""",
    )


def _ranges(currency: str) -> Iterator[Law]:
    low, best, high, gross = (f"{bound}_{currency}" for bound in ("low", "best", "high", "gross"))
    name = currency.upper()
    yield Law(
        f"low is at most best, best at most high, high at most gross, in {name}",
        "out_allocation",
        f"""
        SELECT framework_id, node_id, place_id, record_id, view, {low}, {best}, {high}, {gross} FROM out_allocation
        WHERE record_id NOT IN (
            SELECT record_id FROM core_transaction WHERE value_usd < 0 OR value_eur < 0
            UNION ALL SELECT record_id FROM core_budget WHERE value_usd < 0 OR value_eur < 0)
          AND NOT (0 <= {low} AND {low} <= {best} AND {best} <= {high} AND {high} <= {gross})""",
    )
    yield Law(
        f"an amount is known at all ends or at none, in {name}",
        "out_allocation",
        f"""
        SELECT framework_id, node_id, place_id, record_id, view, {low}, {best}, {high}, {gross} FROM out_allocation
        WHERE ({low} IS NULL) <> ({high} IS NULL) OR ({best} IS NULL) <> ({high} IS NULL)
           OR ({gross} IS NULL) <> ({high} IS NULL)""",
    )
    yield Law(
        f"a cost is not above its own high end, in {name}",
        "out_target",
        f"SELECT framework_id, node_id, place_id, period, {low}, high_{currency} FROM out_target WHERE {low} > {high}",
    )


def _chain(currency: str) -> Iterator[Law]:
    """What is told twice: never more than was told, taken off once, and the same money at every level."""
    yield Law(
        f"nothing is told twice for more than its amount, in {currency.upper()}",
        "core_double",
        f"""
        SELECT record_id, view, transaction_seq, low_{currency}, best_{currency}, high_{currency}, value_{currency}
        FROM core_double AS d JOIN core_transaction AS t USING (record_id)
        WHERE t.seq = d.transaction_seq AND value_{currency} >= 0
          AND NOT (0 <= low_{currency} AND low_{currency} <= best_{currency} AND best_{currency} <= high_{currency}
                   AND high_{currency} <= value_{currency})""",
    )
    yield Law(
        f"gross less what is certainly told twice is high, each statement and kind, in {currency.upper()}",
        "out_allocation",
        f"""
        WITH told AS (
            SELECT record_id, view, {_KIND} AS finance_kind, sum(d.low_{currency}) AS twice
            FROM core_double AS d JOIN core_transaction AS t USING (record_id)
            WHERE t.seq = d.transaction_seq GROUP BY ALL),
        counted AS (
            SELECT framework_id, record_id, view, finance_kind, sum(gross_{currency} - high_{currency}) AS taken
            FROM out_allocation WHERE finance_kind <> 'presence' GROUP BY ALL)
        SELECT framework_id, record_id, view, finance_kind, twice, taken
        FROM counted LEFT JOIN told USING (record_id, view, finance_kind)
        WHERE coalesce(taken, 0) <> coalesce(twice, 0)""",
    )


def _levels() -> Iterator[Law]:
    yield Law(
        "every level of the chain counts the same money",
        "core_money_level",
        """
        SELECT book, marking_key, min(counted) AS least, max(counted) AS most FROM (
            SELECT book, marking_key, level, sum(best_usd) AS counted FROM core_money_level GROUP BY ALL)
        GROUP BY ALL HAVING least <> most""",
    )
    yield Law(
        "a link has both its ends",
        "core_money_link",
        """
        SELECT link_id, book, sign FROM core_money_link AS l WHERE 2 <> (
            SELECT count(DISTINCT side) FROM core_money_link_end AS e
            WHERE e.link_id = l.link_id AND e.marking_key = l.marking_key)""",
    )


def _cells(currency: str) -> Iterator[Law]:
    """The stored cube against the allocations, rolled up by the tree once more."""
    bounds = ("low", "best", "high", "gross", "likely", "most")
    sums = ", ".join(f"sum({bound}_{currency}) AS {bound}_{currency}" for bound in bounds)
    twice = zip(bounds[4:], twice_sql(currency), strict=True)
    stated = {bound: f"{bound}_{currency}" for bound in bounds} | dict(twice)
    allocated = ", ".join(f"sum({stated[bound]}) AS {bound}_{currency}" for bound in bounds)
    same = " OR ".join(f"a.{bound}_{currency} IS DISTINCT FROM c.{bound}_{currency}" for bound in bounds)
    rolled = f"""
        WITH RECURSIVE {NODES},
        a AS (
            SELECT a.framework_id, up_node AS node_id, {{by}} finance_kind, view, marking_key, precise_marking_key,
                   {allocated}
            FROM out_allocation AS a JOIN nodes AS n ON n.framework_id = a.framework_id AND n.node_id = a.node_id
            WHERE low_{currency} IS NOT NULL GROUP BY ALL),
        c AS (
            SELECT framework_id, node_id, {{by}} finance_kind, view, marking_key, precise_marking_key, {sums}
            FROM out_cell WHERE grain = '{{grain}}' AND finance_kind <> 'ANY' AND low_{currency} IS NOT NULL
            GROUP BY ALL)
        SELECT coalesce(a.framework_id, c.framework_id) AS framework_id, coalesce(a.node_id, c.node_id) AS node_id,
               {{shown}} coalesce(a.finance_kind, c.finance_kind) AS finance_kind,
               coalesce(a.marking_key, c.marking_key) AS marking_key,
               a.high_{currency} AS allocated, c.high_{currency} AS in_cell
        FROM a FULL JOIN c ON a.framework_id = c.framework_id AND a.node_id = c.node_id {{on}}
            AND a.finance_kind = c.finance_kind AND a.view = c.view AND a.marking_key = c.marking_key
            AND a.precise_marking_key IS NOT DISTINCT FROM c.precise_marking_key
        WHERE {same}"""
    for grain, column in (("node", ""), ("node_period", "period"), ("node_partner", "org_id")):
        query = rolled.format(
            by=f"{column}," if column else "",
            grain=grain,
            shown=f"coalesce(a.{column}, c.{column}) AS {column}," if column else "",
            on=f"AND a.{column} IS NOT DISTINCT FROM c.{column}" if column else "",
        )
        yield Law(f"cells sum to their allocations, grain {grain}, in {currency.upper()}", "out_cell", query)
    by = "framework_id, node_id, place_id, finance_kind, view, marking_key, precise_marking_key"
    yield Law(
        f"the years of a place sum to the place, in {currency.upper()}",
        "out_cell",
        f"""
        SELECT {by}, sum(high_{currency}) FILTER (grain = 'node_place') AS place_sum,
               sum(high_{currency}) FILTER (grain = 'node_place_period') AS sum_of_years
        FROM out_cell WHERE grain IN ('node_place', 'node_place_period') AND finance_kind <> 'ANY' GROUP BY {by}
        HAVING place_sum IS DISTINCT FROM sum_of_years""",
    )


def _unknown() -> Iterator[Law]:
    yield Law(
        "what could not be valued is unknown, not zero",
        "out_allocation",
        """
        SELECT framework_id, record_id, transaction_seq, is_unvalued, high_usd, high_eur FROM out_allocation
        WHERE finance_kind <> 'presence' AND is_unvalued <> (high_usd IS NULL OR high_eur IS NULL)
           OR finance_kind = 'presence' AND (is_unvalued OR high_usd IS NOT NULL OR high_eur IS NOT NULL)""",
    )
    for table in ("core_transaction", "core_budget"):
        yield Law(
            "what has no amount or no currency has no value",
            table,
            f"""
            SELECT record_id, seq, value, currency, value_usd, value_eur FROM {table}
            WHERE (value IS NULL OR currency IS NULL) AND (value_usd IS NOT NULL OR value_eur IS NOT NULL)""",
        )
        yield Law(
            "dollars stay dollars, euros euros, and 655.957 francs are a euro",
            table,
            f"""
            SELECT record_id, seq, value, currency, value_usd, value_eur FROM {table}
            WHERE currency = 'USD' AND abs(value_usd - value) > 0.005
               OR currency = 'EUR' AND abs(value_eur - value) > 0.005
               OR currency IN ('XOF', 'XAF') AND abs(value_eur - CAST(value AS DOUBLE) / 655.957)
                    > 0.00501 + 1e-12 * abs(CAST(value AS DOUBLE))""",
        )
    yield Law(
        "cells of counts hold no money, cells of money no counts",
        "out_cell",
        """
        SELECT framework_id, grain, node_id, place_id, period, finance_kind FROM out_cell
        WHERE finance_kind = 'ANY' AND (high_usd IS NOT NULL OR high_eur IS NOT NULL OR activities IS NULL)
           OR finance_kind <> 'ANY' AND (activities IS NOT NULL OR coalesce(high_usd, high_eur) IS NULL)""",
    )


def _counts() -> Iterator[Law]:
    yield Law(
        "activities of a cell are its activities by state",
        "out_cell",
        """
        SELECT framework_id, grain, node_id, place_id, period, org_id, activities FROM out_cell
        WHERE finance_kind = 'ANY' AND (
            activities <> requested + planned + ongoing + completed + cancelled + state_unknown
            OR confirmed > activities OR unvalued > activities OR activities < 1)""",
    )
    yield Law(
        "every statement that counts is in every framework",
        "out_allocation",
        """
        SELECT f.framework_id, s.record_id, s.input_path, s.line FROM core_framework AS f, core_activity AS s
        WHERE s.is_supply AND s.is_current AND (f.framework_id, s.record_id) NOT IN (
            SELECT (framework_id, record_id) FROM out_allocation WHERE view = 'precise')""",
    )
    yield Law(
        "a statement that is replaced or is no supply counts nowhere",
        "out_allocation",
        """
        SELECT a.framework_id, a.record_id, a.view FROM out_allocation AS a JOIN core_activity AS s USING (record_id)
        WHERE NOT s.is_supply OR NOT CASE a.view WHEN 'precise' THEN s.is_current ELSE s.coarse_is_current END""",
    )


def _markings() -> Iterator[Law]:
    for spec in tables().values():
        columns = {c.name for c in spec.columns}
        if "marking_key" in columns:
            yield Law(
                "every row has a marking",
                spec.full_name,
                f"SELECT {', '.join(spec.key)} FROM {spec.full_name} WHERE coalesce(marking_key, '') = ''",
            )
        if {"view", "precise_marking_key"} <= columns:
            yield Law(
                "a coarse row names the precise marking it stands for",
                spec.full_name,
                f"""SELECT {", ".join(spec.key)}, view, precise_marking_key FROM {spec.full_name}
                WHERE view NOT IN ('precise', 'coarse') OR (view = 'coarse') <> (precise_marking_key IS NOT NULL)""",
            )
    for table in ("out_allocation", "out_cliff"):
        yield Law(
            "a row carries the marking of its statement's view",
            table,
            f"""
            SELECT t.record_id, t.view, t.marking_key, s.marking_key AS precise, s.coarse_marking_key AS coarse
            FROM {table} AS t JOIN core_activity AS s USING (record_id)
            WHERE t.view = 'precise' AND t.marking_key <> s.marking_key
               OR t.view = 'coarse' AND (t.marking_key IS DISTINCT FROM s.coarse_marking_key
                                         OR t.precise_marking_key <> s.marking_key)""",
        )


def _ids() -> Iterator[Law]:
    for table, rule in RULES.items():
        if rule is Rule.CHILDREN:
            yield Law(
                "every row belongs to a statement",
                table,
                f"SELECT record_id FROM {table} WHERE record_id NOT IN (SELECT record_id FROM core_activity)",
            )
    yield Law(
        "every term belongs to a need or an offer",
        "core_term",
        "SELECT record_id FROM core_term WHERE record_id NOT IN"
        " (SELECT record_id FROM core_need UNION ALL SELECT record_id FROM core_offer)",
    )
    yield Law(
        "every row belongs to a statement",
        "out_allocation",
        "SELECT DISTINCT record_id FROM out_allocation WHERE record_id NOT IN (SELECT record_id FROM core_activity)",
    )
    for wanted, there, what in (
        (_ORGANISATIONS, "SELECT org_id FROM core_organisation", "organisation"),
        (
            _ACTIVITIES,
            "SELECT activity_id FROM core_activity UNION SELECT coarse_activity_id FROM core_activity"
            " WHERE coarse_activity_id IS NOT NULL",
            "activity",
        ),
    ):
        for table, columns in wanted.items():
            for column in columns:
                yield Law(
                    f"every {what} that is named is there",
                    table,
                    f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL AND {column} NOT IN ({there})",
                )
    for table in _PLACED:
        yield Law(
            "every place that is named is there",
            table,
            f"""
            SELECT DISTINCT place_id FROM {table} WHERE place_id NOT IN ('{REGIONAL}', '{UNKNOWN}')
            AND NOT regexp_full_match(place_id, '[A-Z]{{2}}') AND place_id NOT IN (SELECT place_id FROM core_place)""",
        )
    for table in _NODED:
        yield Law(
            "every node that is named is there",
            table,
            f"""
            SELECT DISTINCT framework_id, node_id FROM {table} WHERE node_id NOT IN ('{ALL}', '{UNCLASSIFIED}')
            AND (framework_id, node_id) NOT IN (SELECT (framework_id, node_id) FROM core_node)
            UNION SELECT framework_id, NULL FROM {table}
            WHERE framework_id NOT IN (SELECT framework_id FROM core_framework)""",
        )
    yield Law(
        "every parent of a node is there",
        "core_node",
        """SELECT framework_id, node_id, parent_id FROM core_node WHERE parent_id IS NOT NULL
        AND (framework_id, parent_id) NOT IN (SELECT (framework_id, node_id) FROM core_node)""",
    )
