import pytest

from concerted.marking.keys import Label, Marking, marking_key, narrowness, parse_key


def test_names_are_sorted_and_unique_so_that_equal_markings_are_one_key() -> None:
    assert marking_key("AMBER", ["mopti", " justice ", "mopti"]) == "AMBER:justice,mopti"


def test_a_name_with_a_comma_is_refused_because_it_would_name_two() -> None:
    with pytest.raises(ValueError, match="comma"):
        marking_key(Label.RED, ["amina,ibrahim"])


def test_clear_takes_no_names() -> None:
    with pytest.raises(ValueError, match="takes no names"):
        marking_key(Label.CLEAR, ["justice"])


def test_the_order_of_names_in_a_key_does_not_matter() -> None:
    assert parse_key("AMBER:b,a") == parse_key("AMBER:a, b") == Marking(Label.AMBER, frozenset({"a", "b"}))


def test_what_more_people_may_see_comes_first() -> None:
    ordered = ["CLEAR", "GREEN", "AMBER:a,b", "AMBER:a", "AMBER:c", "AMBER+STRICT:o", "RED:p", "misspelt"]
    assert sorted(sorted(ordered), key=narrowness) == ordered


def test_no_key_at_all_is_sorted_like_what_nobody_sees_and_before_it() -> None:
    assert sorted(["A", None, "RED:p"], key=narrowness) == ["RED:p", None, "A"]


def test_blank_names_name_nobody() -> None:
    assert marking_key(Label.AMBER, ["", " ", "XX"]) == "AMBER:XX"
    assert marking_key(Label.AMBER, [" "]) == "AMBER:"
    assert marking_key(Label.GREEN, [" "]) == "GREEN"
