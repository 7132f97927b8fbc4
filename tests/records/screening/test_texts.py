"""Traces of persons, exact sites and labels on peoples are removed; figures, dates, offices and organisations stay."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.records.screening.texts import MASK, codes_of, screen_addresses, screen_text, screen_texts

REFUSED = [
    ("write to awa.diallo@example.org", "email", "write to […]"),
    ("awa.diallo [at] example.org.", "email", "[…]."),
    ("Tél : 76 12 34 56", "phone", "[…]"),
    ("call +223 76 12 34 56", "phone", "call […]"),
    ("call (+223) 76 12 34 56", "phone", "call […]"),
    ("phone 0022376123456", "phone", "[…]"),
    ("WhatsApp: +22376123456", "phone", "[…]"),
    ("هاتف: ٧٦١٢٣٤٥٦", "phone", "[…]"),
    ("A meeting with Mr. Moussa Traoré, who", "name", "A meeting with Mr. […], who"),
    ("Mme Awa N'Diaye et sa fille", "name", "Mme […] et sa fille"),
    ("avec M. Keïta.", "name", "avec M. […]."),
    ("Dr. A. Cissé", "name", "Dr. […]"),
    ("Contact : Fatou Sow", "name", "Contact : […]"),
    ("point focal - Dr Fatou Sow, Bamako", "name", "point focal - Dr […], Bamako"),
    ("the director, Fatou Sow", "name", "the director, […]"),
    ("Minister Sow said", "name", "Minister […] said"),
    ("succeeded by Dr. Fatou Sow In December", "name", "succeeded by Dr. […] In December"),
    ("بحضور السيد أحمد ولد", "name", "بحضور السيد […]"),
    ("the camp at 14.49531, -4.19672", "site", "the camp at […]"),
    ("14°29'43\" N, 4°11'48\" W", "site", "[…]"),
    ("against Islamist terrorism", "label", "against […]"),
    ("les terroristes peuls", "label", "les […]"),
    ("Fulani jihadists", "label", "[…]"),
    ("extrémisme violent musulman", "label", "[…]"),
    ("radical Islam", "label", "[…]"),
    ("مكافحة الإرهاب الإسلامي", "label", "مكافحة […]"),
]
KEPT = [
    "1 250 000 000 FCFA",
    "2021-01-01 - 2022-12-31",
    "ML05 06 07 08",
    "+15 % en 2021",
    "12 345 678 personnes",
    "26.125, 3.717 cas actifs",
    "0.12345 and 2.5 per cent",
    "cooperation with H&M. The project",
    "I&M Bank (Rwanda)",
    "1 M USD",
    "Dr Congo",
    "Dr. Denis Mukwege Foundation",
    "Director General of Forests",
    "President Staff Office",
    "the Minister, Niger",
    "Imam Sahib district",
    "Project Manager: Water Sector Support",
    "RESIDENT / HUMANITARIAN COORDINATOR REPORT ON THE USE OF FUNDS",
    "السيد الوزير",
    "prevention of violent extremism and Islamophobia",
    "attacks by the Islamic State terrorist group",
    "terrorism must not be associated with any religion",
    "jihadist groups",
    "dialogue with Muslim leaders against violent extremism",
]


@pytest.mark.parametrize(("text", "trace", "cleaned"), REFUSED)
def test_what_is_refused_is_replaced_and_named(text: str, trace: str, cleaned: str) -> None:
    assert screen_text(text) == (cleaned, (trace,))


@pytest.mark.parametrize("text", KEPT)
def test_figures_offices_places_and_organisations_stay(text: str) -> None:
    assert screen_text(text) == (text, ())


@settings(deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from([*(r[0] for r in REFUSED), *KEPT]), st.text(max_size=500)), max_size=8),
    st.sampled_from(["", " ", "\n", " " * 700]),
)
def test_a_column_is_screened_as_its_texts_one_by_one(texts: list[str], between: str) -> None:
    column = [*texts, between.join(texts), None]
    found = screen_texts(pa.array(column, pa.string()))
    expected = {row: screen_text(text) for row, text in enumerate(column) if text is not None and screen_text(text)[1]}
    assert dict(zip(found.rows.tolist(), zip(found.texts, found.traces, strict=True), strict=True)) == expected


def test_a_trace_in_the_middle_of_a_long_text_is_found() -> None:
    around = "Appui à la cohésion sociale. " * 100
    for shift in range(0, 400, 7):
        text = "x" * shift + " " + around + "Mme Awa Diallo a signé. " + around
        assert screen_text(text) == (text.replace("Awa Diallo", MASK), ("name",))


def test_long_numbers_of_an_address_are_no_telephone_numbers() -> None:
    addresses = ["https://example.org/?q=1+2019-2020-12345", "https://example.org/?to=awa@example.org", None]
    addresses += ["https://example.org/sites?lat=14.495&lon=-4.197"]
    found = screen_addresses(pa.array(addresses, pa.string()))
    assert found.rows.tolist() == [1, 3]
    assert found.texts == [f"https://example.org/?to={MASK}", f"https://example.org/sites?{MASK}"]


def test_each_issue_is_told_once() -> None:
    assert codes_of(("email", "name", "label")) == ["text_masked", "label_refused"]
