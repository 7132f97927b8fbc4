"""Which mentions are one organisation."""

from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.resolve.aliases import load_aliases
from concerted.resolve.organisations import Mention, Organisations, identify_mentions, resolve_organisations

mentions = st.lists(
    st.builds(
        Mention,
        ref=st.sampled_from([None, "XM-DAC-41114", "41114", "12345", "XX-1", "xx-1 ", "N/A", "41AAA"]),
        name=st.sampled_from([None, "PNUD", "UNDP", "Association A", "association  a", "Excluded", "Bureau"]),
        type_code=st.sampled_from([None, "10", "40"]),
        lang=st.sampled_from([None, "fr"]),
        marking_key=st.sampled_from(["CLEAR", "AMBER:g"]),
        count=st.integers(1, 9),
        reports=st.integers(0, 1),
    ),
    max_size=12,
)


#: The first example loads the alias table.
relaxed = settings(deadline=None)


def resolve(*found: Mention, same: tuple[tuple[str, str], ...] = ()) -> Organisations:
    return resolve_organisations(identify_mentions(found, load_aliases()), same)


def named(ref: str | None = None, name: str | None = None, reports: int = 0, marking: str = "CLEAR") -> Mention:
    return Mention(ref, name, None, None, marking, 1, reports)


def ids(result: Organisations) -> list[int]:
    return [row["org_id"] for row in result.mapping.to_pylist()]


@relaxed
@given(mentions, st.randoms(use_true_random=False))
def test_the_order_of_mentions_does_not_matter(found: list[Mention], rnd: object) -> None:
    other = list(found)
    rnd.shuffle(other)  # type: ignore[attr-defined]
    once, again = resolve(*found), resolve(*other)
    assert once.table.equals(again.table)
    assert once.mapping.equals(again.mapping)


@relaxed
@given(mentions)
def test_every_mention_is_somebody_in_the_table_or_nobody(found: list[Mention]) -> None:
    result = resolve(*found)
    known = set(result.table["org_id"].to_pylist())
    assert len(set(zip(*(result.table[k].to_pylist() for k in ("org_id", "marking_key")), strict=True))) == len(
        result.table
    )
    who = {(m["ref"], m["name"], m["marking_key"]): m["org_id"] for m in result.mapping.to_pylist()}
    assert {who.get((m.ref or "", m.name or "", m.marking_key)) for m in found} - {None} == known


def test_reference_alias_and_acronym_are_one_organisation() -> None:
    result = resolve(named("XM-DAC-41114"), named("41114", "UNDP"), named(None, "PNUD"))
    assert len(set(ids(result))) == 1
    (row,) = result.table.to_pylist()
    assert (row["ref"], row["matched_by"], row["name_fr"]) == (
        "XM-DAC-41114",
        "ref",
        "Programme des Nations Unies pour le développement",
    )


def test_a_publishers_own_number_gives_way_to_the_name() -> None:
    result = resolve(named("12345", "Association A"), named("777", "Association A"))
    assert len(set(ids(result))) == 1
    assert result.table["is_minted"].to_pylist() == [True]


def test_a_number_without_a_name_is_called_by_its_number() -> None:
    assert resolve(named("12345")).table.to_pylist()[0]["name"] == "12345"


def test_the_name_of_one_reporter_stands_for_its_reference() -> None:
    result = resolve(named("XX-1", "Bureau d'appui", reports=1), named(None, "BUREAU D’APPUI"))
    assert len(set(ids(result))) == 1


def test_a_name_that_two_reporters_bear_stands_for_neither() -> None:
    result = resolve(named("XX-1", "Bureau", 1), named("XX-2", "Bureau", 1), named(None, "Bureau"))
    assert len(set(ids(result))) == 3


def test_placeholders_are_nobody() -> None:
    assert ids(resolve(named("N/A", "Excluded"), named("10-GOVERNMENT"))) == []


def test_what_people_judged_to_be_the_same_is_the_same() -> None:
    pair = ("name:association a", "ref:XX-1")
    result = resolve(named(None, "Association A"), named("XX-1", "AA"), same=(pair,))
    assert len(set(ids(result))) == 1
    assert result.table["ref"].to_pylist() == ["XX-1"]


@relaxed
@given(mentions)
def test_a_row_tells_only_what_records_of_its_marking_say(found: list[Mention]) -> None:
    aliases = load_aliases().by_name.values()
    public = [m for m in found if m.marking_key == "CLEAR"]
    said = {m.name and " ".join(m.name.split()) for m in public} | {k.name_en for k in aliases}
    said |= {(m.ref or "").strip().upper() for m in public}
    for row in resolve(*found).table.to_pylist():
        if row["marking_key"] == "CLEAR":
            assert row["name"] in said
            assert not row["is_reporter"] or any(m.reports for m in public)


def test_a_restricted_name_is_not_given_to_an_organisation_that_is_also_named_openly() -> None:
    result = resolve(
        named("XX-1", "Bureau", marking="CLEAR"),
        *[named("XX-1", f"Bureau secret {n}", reports=1, marking="AMBER:g") for n in range(3)],
    )
    rows = {row["marking_key"]: row for row in result.table.to_pylist()}
    assert len(set(ids(result))) == 1
    assert (rows["CLEAR"]["name"], rows["CLEAR"]["is_reporter"]) == ("Bureau", False)
    assert rows["AMBER:g"]["name"].startswith("Bureau secret")


def test_a_hidden_reporter_is_not_joined_to_a_name_that_the_public_reads() -> None:
    result = resolve(named("XX-1", "Bureau d'appui", reports=1, marking="AMBER:g"), named(None, "Bureau d'appui"))
    rows = {row["marking_key"]: row for row in result.table.to_pylist()}
    assert rows["CLEAR"]["org_id"] != rows["AMBER:g"]["org_id"]
    assert (rows["CLEAR"]["ref"], rows["CLEAR"]["is_minted"]) == (None, True)
    who = {(m["name"], m["marking_key"]): m["org_id"] for m in result.mapping.to_pylist() if not m["ref"]}
    assert who["Bureau d'appui", "CLEAR"] == rows["CLEAR"]["org_id"]
    assert who["Bureau d'appui", "AMBER:g"] == rows["AMBER:g"]["org_id"]  # those who see both know better


@relaxed
@given(mentions)
def test_what_is_open_is_resolved_as_if_nothing_were_hidden(found: list[Mention]) -> None:
    together, alone = resolve(*found), resolve(*(m for m in found if m.marking_key == "CLEAR"))
    for part in ("table", "mapping"):
        rows = [r for r in getattr(together, part).to_pylist() if r["marking_key"] == "CLEAR"]
        assert rows == getattr(alone, part).to_pylist()


def test_who_is_only_asked_for_is_told_to_nobody() -> None:
    result = resolve(Mention("XX-1", "Bureau", None, None, "CLEAR", 1, 0, is_told=False))
    assert result.table.num_rows == 0
    assert len(ids(result)) == 1
