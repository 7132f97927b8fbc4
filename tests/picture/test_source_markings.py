"""Who may know what is about a source as a whole."""

from concerted.picture.source_markings import narrowest


def test_the_narrowest_of_several_keys_is_seen_by_those_who_see_all() -> None:
    assert narrowest(["CLEAR", "GREEN", "CLEAR"]) == "GREEN"
    assert narrowest(["RED:amina", "GREEN"]) == "RED:amina"
    assert narrowest(["AMBER:a", "AMBER:b"]) == "NOBODY"
