"""References and names: what is the same, and what identifies nobody."""

import pytest

from concerted.resolve.aliases import load_aliases
from concerted.resolve.names import clean_name, clean_ref, fold_name


@pytest.mark.parametrize(
    "text",
    [
        *(
            "EXCLUDED",
            "10-GOVERNMENT",
            "22 - National NGO",
            "NON IATI PUBLISHER",
            "0",
            "00000",
            "N/A",
            "n.a.",
            "-",
            "  ",
        ),
        *("Not available", "No Identifier", "XI-BRIDGE-null", "12000", "XM-DAC-21000", "Non spécifié", "Divers"),
        *("  ", "unknown", "غير معروف", "TBD", "xxx"),
    ],
)
def test_placeholders_identify_nobody(text: str) -> None:
    assert clean_ref(text) is None


@pytest.mark.parametrize("text", ["XM-DAC-41114", "44000", "41AAA", "GB-CHC-202918", "SE-0", "FR-3", "NL-KVK-41009723"])
def test_identifiers_are_kept(text: str) -> None:
    assert clean_ref(f" {text.lower()} ") == text


def test_names_are_compared_without_case_accents_and_punctuation() -> None:
    assert fold_name("Haut-Commissariat  des RÉFUGIÉS (HCR)") == fold_name("haut commissariat des refugies hcr")
    assert fold_name("مُنَظَّمَة الأمم") == fold_name("منظمة الامم")
    assert fold_name("...") is None


def test_a_name_is_shown_as_it_stands() -> None:
    assert clean_name(" Croix-Rouge   malienne ") == "Croix-Rouge malienne"
    assert clean_name("Excluded") is None


@pytest.mark.parametrize(
    ("name", "ref"),
    [
        *(("PNUD", "XM-DAC-41114"), ("UNDP", "XM-DAC-41114"), ("برنامج الأمم المتحدة الإنمائي", "XM-DAC-41114")),
        *(("Union européenne", "XM-DAC-918"), ("UE", "XM-DAC-918"), ("European Union", "XM-DAC-918")),
        *(("HCR", "XM-DAC-41121"), ("UNHCR", "XM-DAC-41121"), ("Banque mondiale", "44000"), ("PAM", "XM-DAC-41140")),
    ],
)
def test_well_known_names_in_three_languages_are_one_organisation(name: str, ref: str) -> None:
    assert load_aliases().by_name[fold_name(name) or ""].ref == ref


def test_old_and_new_codes_are_one_organisation() -> None:
    by_ref = load_aliases().by_ref
    assert by_ref["41114"] == by_ref["XM-DAC-41114"]
    assert by_ref["XM-DAC-4-3"] == by_ref["FR-3"]
    assert len({known.ref for known in by_ref.values()}) >= 80


def test_every_known_organisation_has_its_three_names() -> None:
    for known in load_aliases().by_ref.values():
        assert known.name_en
        assert known.name_fr
        assert known.name_ar
