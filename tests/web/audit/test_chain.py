"""The chain of digests, without a database."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from concerted.web.audit.chain import FIELDS, START, digest, first_break


def chain(length: int) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    for number in range(1, length + 1):
        entry: dict[str, Any] = {
            "sequence": number,
            "time": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number),
            "actor": UUID(int=number),
            "actor_partner": None,
            "action": "changed",
            "object_kind": "activity",
            "object_id": str(number),
            "owner": UUID(int=7),
            "channel": "page",
            "previous": entries[-1]["digest"] if entries else START,
        }
        entries.append(entry | {"digest": digest(entry)})
    return entries


def test_a_whole_chain_has_no_break() -> None:
    assert first_break(chain(20)) is None
    assert first_break([]) is None


@given(st.integers(0, 11), st.sampled_from(sorted(set(FIELDS) - {"sequence"})))
def test_any_field_of_any_entry_that_is_changed_breaks_it_there(place: int, name: str) -> None:
    entries = deepcopy(chain(12))
    entries[place][name] = "other" if name != "time" else datetime(2020, 1, 1, tzinfo=UTC)
    broken = first_break(entries)
    assert broken is not None
    assert broken.sequence == place + 1


@given(st.integers(0, 10))
def test_an_entry_that_is_missing_is_found(place: int) -> None:
    entries = chain(12)
    del entries[place]
    broken = first_break(entries)
    assert broken is not None
    assert (broken.sequence, broken.why) == (place + 1, "is missing")


def test_a_changed_entry_with_a_new_digest_breaks_the_next_one() -> None:
    entries = chain(5)
    entries[2]["action"] = "saw"
    entries[2]["digest"] = digest(entries[2])
    broken = first_break(entries)
    assert broken is not None
    assert (broken.sequence, broken.why) == (4, "does not follow the entry before it")


def test_a_digest_does_not_depend_on_the_zone_in_which_a_database_gives_times() -> None:
    entry = chain(1)[0]
    moved = entry | {"time": entry["time"].astimezone(timezone(timedelta(hours=3)))}
    assert digest(entry) == digest(moved)
