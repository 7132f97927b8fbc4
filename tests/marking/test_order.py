"""The order of markings is the order of who may see them."""

from hypothesis import given
from hypothesis import strategies as st

from concerted.marking import EvidenceOrder, is_evidence, is_own_only, may_see
from marking.test_policy import KEYS, VIEWERS

ANY_KEYS = KEYS | st.sampled_from(["AMBER", "misspelt", "NOBODY", "GREEN:x"])


@given(VIEWERS, ANY_KEYS, ANY_KEYS)
def test_who_sees_a_row_sees_all_evidence_for_it(viewer: object, key: str, target: str) -> None:
    if is_evidence(key, target) and may_see(viewer, target):  # type: ignore[arg-type]
        assert may_see(viewer, key)  # type: ignore[arg-type]


@given(ANY_KEYS, ANY_KEYS, ANY_KEYS)
def test_evidence_is_reflexive_and_transitive(first: str, second: str, third: str) -> None:
    assert is_evidence(first, first)
    if is_evidence(first, second) and is_evidence(second, third):
        assert is_evidence(first, third)


def test_what_is_open_is_evidence_for_all_and_nothing_hidden_for_what_is_open() -> None:
    for key in ("GREEN", "AMBER:a", "AMBER+STRICT:o", "RED:p", "NOBODY", "misspelt"):
        assert is_evidence("CLEAR", key)
        assert not is_evidence(key, "CLEAR")


def test_more_names_are_more_open_and_different_groups_do_not_correlate() -> None:
    assert is_evidence("AMBER:a,b", "AMBER:a")
    assert not is_evidence("AMBER:a", "AMBER:a,b")
    assert not is_evidence("AMBER:a", "AMBER:b")
    assert not is_evidence("AMBER:a", "AMBER+STRICT:a")
    assert is_evidence("GREEN", "AMBER+STRICT:o")


def test_a_named_person_need_not_be_a_partner() -> None:
    assert not is_evidence("GREEN", "RED:p")


def test_a_coarse_view_is_evidence_for_coarse_views_only() -> None:
    order = EvidenceOrder.of(["CLEAR", "AMBER:a"], ["CLEAR", "GREEN"])
    number = order.numbers
    assert (number["coarse", "CLEAR"], number["precise", "CLEAR"]) in order.pairs
    assert (number["coarse", "GREEN"], number["coarse", "CLEAR"]) in order.pairs
    assert (number["precise", "AMBER:a"], number["coarse", "CLEAR"]) not in order.pairs


@given(st.frozensets(ANY_KEYS), st.frozensets(ANY_KEYS))
def test_evidence_has_the_smaller_number_and_equal_audiences_share_one(
    precise: frozenset[str], coarse: frozenset[str]
) -> None:
    order = EvidenceOrder.of(precise, coarse)
    assert all(evidence <= mark for mark, evidence in order.pairs)
    for one in precise:
        for other in precise:
            is_same = is_evidence(one, other) and is_evidence(other, one)
            assert (order.numbers["precise", one] == order.numbers["precise", other]) == is_same


def test_what_one_organisation_alone_sees_is_known_for_certain() -> None:
    for precise, coarse in (("AMBER+STRICT:o", None), ("AMBER:", "RED:"), ("NOBODY", None), (None, None)):
        assert is_own_only(precise, coarse)
    for precise, coarse in (
        ("AMBER+STRICT:o", "GREEN"),
        ("AMBER+STRICT:o", "AMBER+STRICT:o"),
        ("AMBER+STRICT:o,p", None),
        ("AMBER:a", None),
        ("RED:p", None),
        ("GREEN", None),
        ("CLEAR", None),
    ):
        assert not is_own_only(precise, coarse)
