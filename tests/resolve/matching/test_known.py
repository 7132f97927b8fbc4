"""Well-known organisations are found by name, acronym, translation, part and with typing errors, and not otherwise."""

import pytest

from concerted.resolve.matching.known import load_known_names
from concerted.resolve.matching.spelling import take_apart


@pytest.mark.parametrize(
    ("name", "ref", "is_whole"),
    [
        ("PNUD", "XM-DAC-41114", True),
        ("UNITED NATIONS DEVELOPMENT PROGRAMM", "XM-DAC-41114", True),
        ("برنامج الامم المتحدة الانمائي", "XM-DAC-41114", True),
        ("PNUD - Programme des Nations Unies pour le développement", "XM-DAC-41114", False),
        ("Union européenne", "XM-DAC-918", True),
        ("Denmark - Miistry of Foreign Affairs", "XM-DAC-3-1", True),
        ("United Nations Office for the Coordination of Huma", "XM-DAC-41127", True),
        ("Ministère malien de la santé", "LOCAL-ML-HEALTH", True),
        ("Save the Children NL", "NL-KVK-41201463", True),
    ],
)
def test_a_known_name_is_found(name: str, ref: str, is_whole: bool) -> None:
    known, whole = load_known_names().find(take_apart(name))
    assert known is not None
    assert (known.ref, whole) == (ref, is_whole)


@pytest.mark.parametrize(
    "name",
    [
        "Ministère de la Santé",  # of which country?
        "Ministry of Foreign Affairs",
        "Save the Children",  # of a dozen members
        "United Nations Environment and Development Programme",
        "Association des femmes de Gao",
    ],
)
def test_a_name_that_could_be_anybodys_is_nobodys(name: str) -> None:
    assert load_known_names().find(take_apart(name)) == (None, False)


def test_members_of_one_family_are_told_apart() -> None:
    names = ("Save the Children UK", "Save the Children DK", "Save the Children USA", "Save the Children International")
    found = {load_known_names().find(take_apart(name))[0] for name in names}
    assert len(found) == 4


def test_a_part_beside_something_else_does_not_stand_for_the_whole() -> None:
    assert load_known_names().find(take_apart("UNICEF / Ministère de la pêche artisanale"))[0] is None
