"""References used for many unlike names are found by how they are used."""

from concerted.resolve.matching.placeholders import find_placeholders

UNLIKE = ("Oxfam", "Ministry of Water", "Tassaght", "CARE International", "Université de Bamako")


def test_a_reference_of_many_unlike_names_identifies_nobody() -> None:
    assert find_placeholders({"LOCAL NGO": UNLIKE}, frozenset()) == {"LOCAL NGO"}


def test_many_spellings_of_one_name_are_no_sign() -> None:
    spellings = ("Tassaght", "ONG Tassaght", "TASSAGHT Gao", "Association Tassaght", "Tassaght Mali")
    assert find_placeholders({"ML-1": spellings}, frozenset()) == frozenset()


def test_an_acronym_holds_names_together() -> None:
    spellings = ("DFID", "Department for International Development", "DFID Mali", "UK (DFID)", "D.F.I.D.")
    assert find_placeholders({"X": spellings}, frozenset()) == frozenset()


def test_a_few_unlike_names_are_no_proof() -> None:
    assert find_placeholders({"X": UNLIKE[:3]}, frozenset()) == frozenset()


def test_who_reports_here_is_somebody_whatever_others_call_him() -> None:
    assert find_placeholders({"XM-DAC-7": UNLIKE}, frozenset({"XM-DAC-7"})) == frozenset()
