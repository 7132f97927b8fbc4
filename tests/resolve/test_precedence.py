"""Where an organisation tells an activity in two sources and has decided, each subject counts from one of them."""

import json
import random
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa
import pytest

from concerted.judgements.precedence import Choice, Source
from concerted.marking import PUBLIC, EvidenceOrder, is_evidence, may_see
from concerted.model.finance import MONEY_KINDS
from concerted.model.ids import hash_id
from concerted.model.subjects import COLUMNS_OF, DATES, PEOPLE, PLACES, TAKEN_OVER, TEXTS
from concerted.resolve import step
from concerted.resolve.activities import identify_activities, mark_current
from concerted.resolve.precedence import (
    Decided,
    both_sources,
    joined_tellers,
    precedence_rows,
    with_counted_fields,
)
from concerted.resolve.says import INPUTS, own_fields, said_of
from concerted.resolve.views import statement_views, with_known_marking
from noninterference.worlds import MEMBER, PARTNER
from resolve.test_resolve import Resolved, Told
from worlds import AS_OF, Row, World, on_duckdb, rows_of, shuffled

HERE = "workspace"
DAY = date(2026, 11, 28)
KINDS = {"2": "commitment", "3": "disbursement", "4": "expenditure", "12": "pledge"}
HIDDEN = {"marking_key": "AMBER:a"}


def decided(*kinds: str, ref: str = "XX-1", **fields: Source) -> step.Params:
    """XX-1 counts these kinds of money from its workspace, the others from what it publishes, and fields as named."""
    money = {kind: "workspace" if kind in kinds else "published" for kind in MONEY_KINDS}
    return params_of(ref, **money, **fields)


def params_of(ref: str = "XX-1", **subjects: Any) -> step.Params:
    """XX-1 decided of these subjects alone."""
    choices = (Choice(ref, subject, source, DAY) for subject, source in subjects.items())
    return step.Params(as_of=AS_OF, precedence=Decided.of(choices, (HERE,)))


class Both(Told):
    """An activity of XX-1, published (1) and kept in the workspace (2)."""

    def published(self, record: int = 1, identifier: str = "XX-1-A", *types: str, **more: Any) -> Row:
        row = self.say(record, identifier, **more)
        self.pays(record, *types)
        return row

    def kept(self, record: int = 2, identifier: str = "XX-1-A", *types: str, **more: Any) -> Row:
        own = {"kind": "project", "source_id": HERE, "input_path": "registry/01.jsonl"}
        row = self.say(record, identifier, **own | more)
        self.pays(record, *types)
        return row

    def pays(self, record: int, *types: str) -> None:
        for seq, code in enumerate(types):
            if code == "budget":
                self.add("budget", record_id=record, kind="budget", seq=seq, value=Decimal(100 + record))
            else:
                self.add("transaction", record_id=record, seq=seq, type_code=code, value=Decimal(100 + record))


def told(*, published: tuple[str, ...] = ("2", "3"), kept: tuple[str, ...] = ("2", "3"), **more: Any) -> Both:
    world = Both()
    world.published(1, "XX-1-A", *published, **more.get("publishing", {}))
    world.kept(2, "XX-1-A", *kept, **more.get("keeping", {}))
    return world


def outcome(world: World, params: step.Params) -> dict[tuple[int, str], tuple[bool, str, int | None]]:
    rows = [r for r in Resolved(world, params).rows("core_precedence") if r["subject"] in MONEY_KINDS]
    return {(r["record_id"], r["subject"]): (r["is_counted"], r["rule"], r["other_record_id"]) for r in rows}


def test_each_kind_counts_from_the_source_that_was_decided_and_the_other_claim_is_kept_beside_it() -> None:
    found = Resolved(told(), decided("disbursement"))
    rows = {(r["record_id"], r["subject"]): r for r in found.rows("core_precedence")}
    assert {key: row["is_counted"] for key, row in rows.items()} == {
        (1, "commitment"): True,
        (2, "commitment"): False,
        (1, "disbursement"): False,
        (2, "disbursement"): True,
    }
    assert {row["rule"] for row in rows.values()} == {"decided"}
    assert [rows[2, "commitment"]["other_record_id"], rows[1, "disbursement"]["other_record_id"]] == [1, 2]
    assert [rows[1, "commitment"]["decided"], rows[1, "disbursement"]["decided"]] == ["published", "workspace"]
    assert len(found.rows("core_transaction")) == 4
    assert [s["double_risk"] for s in found.statements().values()] == ["none", "none"]


def test_without_a_decision_nothing_is_set_aside_and_the_workspace_widens_the_range() -> None:
    found = Resolved(told())
    assert found.rows("core_precedence") == []
    assert [s["double_risk"] for s in found.statements().values()] == ["none", "linked"]


def test_the_decision_of_another_organisation_changes_nothing() -> None:
    plain, other = Resolved(told()), Resolved(told(), decided("commitment", ref="YY-9"))
    for table in ("core_activity", "core_precedence", "core_transaction"):
        assert plain.rows(table) == other.rows(table)


def test_a_source_that_says_nothing_of_a_kind_takes_nothing_away() -> None:
    found = outcome(told(published=("2",), kept=("budget",)), decided("commitment"))
    assert found == {(1, "commitment"): (True, "alone", None), (2, "budget"): (True, "alone", None)}


def test_an_amount_that_is_unknown_says_nothing() -> None:
    world = told(kept=())
    world.add("transaction", record_id=2, seq=0, type_code="2", value=None)
    assert outcome(world, decided("commitment"))[1, "commitment"] == (True, "alone", None)


def test_a_record_that_fewer_see_takes_no_published_money_away_but_gives_way_itself() -> None:
    for kinds in ((), ("commitment", "disbursement")):
        found = outcome(told(keeping=HIDDEN), decided(*kinds))
        rule = "more_open" if kinds else "decided"
        # Nothing is said of the published statement: its readers know of no other.
        assert found == {(2, "commitment"): (False, rule, 1), (2, "disbursement"): (False, rule, 1)}


def test_what_is_published_for_few_gives_way_to_a_record_that_everybody_sees() -> None:
    found = outcome(told(publishing=HIDDEN), decided())
    assert found == {(1, "commitment"): (False, "more_open", 2), (1, "disbursement"): (False, "more_open", 2)}


def test_statements_for_different_people_both_stand() -> None:
    world = told(publishing={"marking_key": "AMBER:a"}, keeping={"marking_key": "AMBER:b"})
    assert outcome(world, decided("commitment")) == {}


def test_a_record_with_a_coarse_view_gives_way_to_what_everybody_sees_in_both_its_views() -> None:
    coarse = {"marking_key": "AMBER:a", "coarse_marking_key": "GREEN", "is_partner_hidden": False}
    found = outcome(told(keeping=coarse), decided())
    assert found == {(2, "commitment"): (False, "decided", 1), (2, "disbursement"): (False, "decided", 1)}


def test_a_record_whose_coarse_view_is_all_that_some_see_goes_on() -> None:
    coarse = {"marking_key": "AMBER:a", "coarse_marking_key": "CLEAR", "is_partner_hidden": False}
    found = outcome(told(publishing={"marking_key": "GREEN"}, keeping=coarse), decided())
    assert found == {(2, "commitment"): (True, "coarse_view", None), (2, "disbursement"): (True, "coarse_view", None)}


def test_another_reporter_of_the_same_activity_is_not_concerned() -> None:
    world = told()
    world.say(3, "XX-1-A", ref="YY-9", kind="presence", source_id="3w", input_path="3w.csv")
    world.pays(3, "2")
    found = outcome(world, decided("commitment"))
    assert {record for record, _ in found} == {1, 2}
    risks = Resolved(world, decided("commitment")).statements()
    assert risks[3]["double_risk"] == "linked"


def random_world(seed: int) -> Both:
    """Many activities of two organisations, each told a few times, here and there, under every marking."""
    rnd = random.Random(seed)  # noqa: S311 (not a secret)
    world = Both()
    for record in range(1, 301):
        ref = rnd.choice(("XX-1", "XX-1", "YY-9"))
        more: dict[str, Any] = {
            "ref": ref,
            "marking_key": rnd.choice(("CLEAR", "CLEAR", "GREEN", "AMBER:a", "AMBER:a,b")),
            "last_updated": datetime(2024, 1, rnd.randrange(1, 28)),  # noqa: DTZ001 (the column is UTC without zone)
        }
        if rnd.random() < 0.2:
            more |= {"coarse_marking_key": "CLEAR", "is_partner_hidden": False}
        say = rnd.choice((world.published, world.kept))
        types = rnd.sample((*KINDS, "budget"), rnd.randrange(4))
        more |= {
            "title": rnd.choice((None, f"Title {record}")),
            "description": rnd.choice((None, f"Description {record}")),
            "state": rnd.choice((None, "planned", "ongoing")),
            "start_actual_date": rnd.choice((None, date(2024, 1, 1 + record % 28))),
        }
        for seq in range(rnd.randrange(3)):
            world.add("location", record_id=record, seq=seq, name=f"Place {record}", country_code="ML")
        say(record, f"{ref}-{rnd.randrange(60)}", *types, **more)
    return world


def chosen(seed: int) -> step.Params:
    rnd = random.Random(seed)  # noqa: S311 (not a secret)
    fields: dict[str, Any] = {each: rnd.choice(("published", "workspace")) for each in TAKEN_OVER}
    return decided(*rnd.sample((*KINDS.values(), "budget"), rnd.randrange(6)), **fields)


@dataclass
class Judged:
    """What is made of a world, without the parts of the step that it does not rest on."""

    statements: dict[int, Row]
    rows: list[Row]
    joined: list[Row]
    counted: list[Row]


def judged(world: World, params: step.Params) -> Judged:
    tables = on_duckdb(world, ("rec_activity", *INPUTS))
    activity = with_known_marking(tables["rec_activity"])
    keys = [[r[k] for r in world.rows("activity") if r.get(k)] for k in ("marking_key", "coarse_marking_key")]
    order = EvidenceOrder.of(*keys)
    marks, pairs = ibis.memtable(order.marks_table), ibis.memtable(order.pairs_table)
    names = sorted({(r["reporting_org_ref"], "", key) for r in world.rows("activity") for key in (*keys[0], *keys[1])})
    owner = [{"ref": r, "name": n, "marking_key": k, "org_id": hash_id("org", r)} for r, n, k in names]
    views = statement_views(activity, ibis.memtable(pa.Table.from_pylist(owner)), marks)
    views = mark_current(identify_activities(views, pairs), pairs).cache()
    both = both_sources(views, params.precedence)
    joined = joined_tellers(both, pairs, params.precedence).cache()
    statements = tables["rec_activity"].semi_join(both, "record_id")
    says, own = said_of(statements, tables), own_fields(statements)
    made = precedence_rows(both, joined, says, own, pairs, params.precedence).cache()
    rows = rows_of(made, "precedence")
    counted = with_counted_fields(activity, made).order_by("record_id").to_pyarrow().to_pylist()
    current = views.filter(views["view"] == "precise").to_pyarrow().to_pylist()
    statements = {r["record_id"]: r | {"coarse": None} for r in current}
    for row in world.rows("activity"):
        statements[row["record_id"]]["coarse"] = row.get("coarse_marking_key")
    return Judged(statements, rows, joined.order_by("record_id").to_pyarrow().to_pylist(), counted)


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_no_kind_of_money_counts_from_both_sources_for_anybody(seed: int) -> None:
    world = random_world(seed)
    found = judged(world, chosen(seed))
    aside = {(r["record_id"], r["subject"]) for r in found.rows if not r["is_counted"]}
    told_of = {(t["record_id"], KINDS[t["type_code"]]) for t in world.rows("transaction")}
    met = 0
    own = [r for r in found.statements.values() if r["reporting_org_ref"] == "XX-1" and r["is_current"]]
    for one in own:
        for other in own:
            same = all(one[name] == other[name] for name in ("activity_id", "marking_key"))
            if (
                not same
                or one["coarse"]
                or other["coarse"]
                or (one["source_id"] == HERE) == (other["source_id"] == HERE)
            ):
                continue
            for kind in KINDS.values():
                claims = {(one["record_id"], kind), (other["record_id"], kind)}
                if claims <= told_of:
                    assert len(claims & aside) == 1, (one, other, kind)
                    met += 1
    assert met > 4, "nothing is told in both: the test tests nothing"
    # And nothing is lost: what counts instead counts indeed, and comes from the other source.
    for row in found.rows:
        if not row["is_counted"]:
            instead = found.statements[row["other_record_id"]]
            assert (row["other_record_id"], row["subject"]) not in aside
            assert instead["is_current"]
            assert (instead["source_id"] == HERE) != (row["source"] == "workspace")


VIEWERS = (PUBLIC, PARTNER, MEMBER)


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_a_hidden_statement_moves_nothing_of_what_its_strangers_see(seed: int) -> None:
    world, params = random_world(seed), chosen(seed)
    whole = judged(world, params)
    assert any(not r["is_counted"] for r in whole.rows)
    for viewer in VIEWERS:
        seen = {r["record_id"] for r in world.rows("activity") if may_see(viewer, r["marking_key"])}
        alone = World({n: [r for r in rows if r["record_id"] in seen] for n, rows in world.tables.items()})
        if not alone.rows("activity"):
            continue
        without = judged(alone, params)
        for table in ("rows", "joined", "counted"):
            rows = [[r for r in getattr(each, table) if r["record_id"] in seen] for each in (whole, without)]
            assert rows[0] == rows[1], (seed, viewer, table)


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_the_order_of_rows_says_nothing(seed: int) -> None:
    world, params = random_world(seed), chosen(seed)
    assert judged(world, params).rows == judged(shuffled(world, seed), params).rows


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_of_other_organisations_a_decision_says_and_changes_nothing(seed: int) -> None:
    world = random_world(seed)
    found = judged(world, chosen(seed))
    others = {k for k, r in found.statements.items() if r["reporting_org_ref"] != "XX-1"}
    assert not {r["record_id"] for r in (*found.rows, *found.joined)} & others


@pytest.mark.parametrize("kind", ["commitment", "budget"])
def test_two_organisations_decide_each_for_itself(kind: str) -> None:
    world = told(published=("2", "budget"), kept=("2", "budget"))
    world.published(3, "YY-9-A", "2", "budget", ref="YY-9")
    world.kept(4, "YY-9-A", "2", "budget", ref="YY-9")
    choices = (Choice("XX-1", kind, "published", DAY), Choice("YY-9", kind, "workspace", DAY))
    params = step.Params(as_of=AS_OF, precedence=Decided.of(choices, (HERE,)))
    found = outcome(world, params)
    assert (found[1, kind][0], found[2, kind][0]) == (True, False)
    assert (found[3, kind][0], found[4, kind][0]) == (False, True)


# Groups of fields.


def fields(ref: str = "XX-1", **more: Any) -> Any:
    """An activity with everything told in both, and what is decided."""
    world = told(
        publishing={"title": "As published", "state": "planned", "start_actual_date": date(2024, 1, 1)},
        keeping={"title": "As kept", "description": "Kept here", "state": "ongoing", **more},
    )
    world.add("location", record_id=1, seq=0, name="Mopti", country_code="ML")
    world.add("location", record_id=2, seq=0, name="Gao", country_code="ML")
    for record in (1, 2):
        world.add("people", record_id=record, seq=0, kind="reached", value=10 * record)
    return world


def of_fields(world: World, params: step.Params) -> dict[tuple[int, str], Row]:
    rows = Resolved(world, params).rows("core_precedence")
    return {(r["record_id"], r["subject"]): r for r in rows if r["subject"] not in MONEY_KINDS}


def test_of_each_group_of_fields_one_source_counts_and_the_other_ones_own_words_are_kept() -> None:
    params = params_of(texts="published", dates="workspace", places="published", people="workspace")
    found, rows = of_fields(fields(), params), Resolved(fields(), params).statements()
    assert {key: row["is_counted"] for key, row in found.items()} == {
        (1, TEXTS): True, (2, TEXTS): False,
        (1, DATES): False, (2, DATES): True,
        (1, PLACES): True, (2, PLACES): False,
        (1, PEOPLE): False, (2, PEOPLE): True,
    }  # fmt: skip
    assert json.loads(found[2, TEXTS]["own"]) == {"title": "As kept", "description": "Kept here"}
    assert json.loads(found[1, DATES]["own"]) == {"state": "planned", "start_actual_date": "2024-01-01"}
    assert {row["decided_on"] for row in found.values()} == {DAY}
    # A group goes together: the description of the one and the title of the other would be nobody's.
    assert [(rows[r]["title"], rows[r]["description"]) for r in (1, 2)] == [("As published", None)] * 2
    assert [(rows[r]["state"], rows[r]["start_actual_date"]) for r in (1, 2)] == [("ongoing", None)] * 2


@pytest.mark.slow
def test_fields_that_nobody_decided_stay_and_a_decision_of_fields_decides_no_money() -> None:
    plain, params = Resolved(fields()), params_of(texts="workspace")
    found = Resolved(fields(), params)
    assert {r["subject"] for r in found.rows("core_precedence")} == {TEXTS}
    changed = {name for name in plain.statements()[1] if plain.statements()[1][name] != found.statements()[1][name]}
    assert changed == {"title", "description"}
    assert [s["double_risk"] for s in found.statements().values()] == ["none", "linked"]
    assert {r["subject"] for r in Resolved(fields(), decided()).rows("core_precedence")} <= set(MONEY_KINDS)


@pytest.mark.parametrize("choice", ["published", pytest.param("workspace", marks=pytest.mark.slow)])
def test_a_source_that_says_nothing_takes_over_what_the_other_one_says_whatever_was_decided(choice: Source) -> None:
    world = told(publishing={"title": "As published", "state": "planned"}, keeping={"title": None})
    found = of_fields(world, params_of(texts=choice, dates=choice))
    assert {key: (r["is_counted"], r["other_record_id"], r["own"]) for key, r in found.items()} == {
        (1, TEXTS): (True, None, None), (2, TEXTS): (False, 1, None),
        (1, DATES): (True, None, None), (2, DATES): (False, 1, None),
    }  # fmt: skip
    assert {r["rule"] for r in found.values()} == {"decided" if choice == "published" else "alone"}
    assert Resolved(world, params_of(texts=choice)).statements()[2]["title"] == "As published"


@pytest.mark.slow
def test_fields_that_fewer_see_change_nothing_that_more_see() -> None:
    params = params_of(texts="workspace", dates="workspace", places="workspace", people="workspace")
    rows = Resolved(fields(**HIDDEN), params).statements()
    plain = Resolved(fields(**HIDDEN)).statements()
    assert rows[1] == plain[1]
    # Who sees both sees one title and one state for the activity: those that all see.
    assert (rows[2]["title"], rows[2]["state"]) == ("As published", "planned")
    found = of_fields(fields(**HIDDEN), params)
    assert {(k, r["rule"]) for k, r in found.items()} == {
        ((2, each), "more_open") for each in (TEXTS, DATES, PLACES, PEOPLE)
    }


def test_places_of_single_transactions_stay_where_nothing_is_said_of_the_whole() -> None:
    world = told()
    world.add("location", record_id=1, seq=0, name="Mopti", country_code="ML")
    world.add("recipient", record_id=2, transaction_seq=0, seq=0, kind="country", code="NE")
    found = of_fields(world, params_of(places="published"))
    assert {key: row["is_counted"] for key, row in found.items()} == {(1, PLACES): True}


def issues(world: World, params: step.Params) -> list[Row]:
    made = step.run(on_duckdb(world, step.INPUTS), params).issues
    rows = (row for each in made for row in each.to_pyarrow().to_pylist() if row["code"] == "other_source_counts")
    return sorted(rows, key=lambda row: (row["record_id"], row["field"]))


def test_what_is_set_aside_is_told_in_an_issue_with_the_statement_that_counts_and_the_day_of_the_decision() -> None:
    told_of = issues(fields(), params_of(texts="published", people="published"))
    assert [(i["record_id"], i["field"], json.loads(i["values"])) for i in told_of] == [
        (2, each, {"subject": each, "kept": "a.xml:1", "decided_on": "2026-11-28"}) for each in (PEOPLE, TEXTS)
    ]
    assert issues(fields(), step.Params(as_of=AS_OF)) == []


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_every_statement_has_the_fields_of_one_source_for_all_who_see_it(seed: int) -> None:
    world = random_world(seed)
    found = judged(world, chosen(seed))
    stated = {r["record_id"]: r for r in world.rows("activity")}
    counted = {r["record_id"]: r for r in found.counted}
    aside = {(r["record_id"], r["subject"]): r["other_record_id"] for r in found.rows if not r["is_counted"]}
    assert len([key for key in aside if key[1] in TAKEN_OVER]) > 9, "the test tests nothing"
    for record, row in counted.items():
        for subject, columns in COLUMNS_OF.items():
            speaks = stated[aside.get((record, subject), record)]
            assert {c: row[c] for c in columns} == {c: speaks.get(c) for c in columns}
    for (record, subject), other in aside.items():
        assert (other, subject) not in aside
        assert is_evidence(stated[other]["marking_key"], stated[record]["marking_key"])
        coarse = stated[record].get("coarse_marking_key")
        assert (
            coarse is None
            or may_see(PUBLIC, stated[record]["marking_key"])
            or is_evidence(stated[other]["marking_key"], coarse)
        )
