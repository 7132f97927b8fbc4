"""Support to forces that are not of the UN asks for due diligence; teaching them the law of war does not."""

import pytest

from concerted.classify.due_diligence import ActivityFacts, Answer, due_diligence_needed, due_diligence_of
from concerted.codelists.lists import codes


def answer(title: str = "", description: str = "", purposes: str = "", receivers: tuple[str, ...] = ()) -> Answer:
    return due_diligence_needed(ActivityFacts(frozenset(purposes.split()), receivers, title, description)).answer


@pytest.mark.parametrize(
    "title",
    [
        "Training of the national police in patrols",
        "Équipement des forces armées maliennes",
        "Appui à la gendarmerie nationale",
        "Salaries of the border police",
        "Logistic support to the G5 Sahel joint force",
        "Renforcement des capacités de la garde nationale",
        "تدريب الشرطة الوطنية",
        "دعم القوات المسلحة",
        "Advice to the ministry of interior on reform",
    ],
)
def test_support_to_a_force_named_in_the_title_needs_due_diligence(title: str) -> None:
    assert answer(title) == "yes"


@pytest.mark.parametrize(
    "name", ["Police nationale du Mali", "Ministry of Defence", "وزارة الدفاع", "Gendarmerie nationale"]
)
def test_a_force_or_its_ministry_that_receives_needs_due_diligence(name: str) -> None:
    assert answer("Local peace", receivers=(name,)) == "yes"


def test_the_purpose_of_police_needs_due_diligence_by_itself() -> None:
    assert answer(purposes="15132") == "yes"


@pytest.mark.parametrize("purpose", ["15210", "15230", "16063", "15136", "15137"])
def test_a_purpose_that_often_is_such_support_is_asked_and_with_a_force_supported_needs_it(purpose: str) -> None:
    assert answer(purposes=purpose) == "ask"
    assert answer(description="It trains the army.", purposes=purpose) == "yes"


def test_a_force_supported_in_the_description_alone_is_asked() -> None:
    assert answer("Trust", "Among others it trains police officers of two towns.") == "ask"


def test_a_force_that_is_only_named_in_a_description_is_no_support() -> None:
    assert (
        answer("Trust", "Schools were closed after the army left the town in May, said people who live there.") == "no"
    )


@pytest.mark.parametrize(
    "title",
    [
        "Training on international humanitarian law for the armed forces",
        "Formation des militaires au droit international humanitaire",
        "Human rights training for police officers",
        "Medical evacuation of wounded soldiers",
        "تدريب الجيش على القانون الدولي الإنساني",
    ],
)
def test_what_the_policy_does_not_count_as_support_needs_none_and_says_so(title: str) -> None:
    found = due_diligence_needed(ActivityFacts(title=title))
    assert (found.answer, {reason.why for reason in found.reasons}) == ("no", {"outside"})


def test_teaching_the_law_beside_equipment_still_needs_due_diligence() -> None:
    assert answer("Humanitarian law training", "Besides this, many months later, in another part of the country and"
                  " by another team, vehicles and radios for the gendarmerie.", "15210") == "yes"  # fmt: skip


@pytest.mark.parametrize(
    "title",
    [
        "Support to children associated with armed forces and armed groups",
        "Une police d'assurance pour les éleveurs: appui",
        "Policy support to the ministry of health",
        "Support to the Salvation Army",
        "Training of UN police",
        "Support to water committees",
    ],
)
def test_words_that_only_look_like_forces_need_none(title: str) -> None:
    assert answer(title) == "no"


def test_reasons_show_the_words_and_the_code() -> None:
    title = "Appui à la Gendarmerie nationale"
    found = due_diligence_needed(ActivityFacts(frozenset({"15210", "11220"}), title=title))
    assert [(r.why, r.code, r.span and title[r.span.start : r.span.end]) for r in found.reasons] == [
        ("words", None, "Gendarmerie"),
        ("purpose", "15210", None),
    ]


def test_the_answers_are_those_of_the_codelist() -> None:
    assert codes("due_diligence") == {"yes", "ask", "no"}
    assert {"safety", "privacy", "consent", "small_number", "other"} <= codes("exclusion_reason")


def test_many_at_once_are_answered_as_one_by_one() -> None:
    titles = ["Training of the national police", "Wells of the valley", "", "Formation de la gendarmerie", "x" * 5]
    many = [
        ActivityFacts(frozenset(codes), names, title, f"Support to the army beside {title}" * length)
        for title in titles
        for codes in ((), ("15210",), ("15132",))
        for names in ((), ("Ministry of Defence", "NGO"))
        for length in (0, 1)
    ]
    assert due_diligence_of(many) == [due_diligence_needed(facts) for facts in many]
    assert {each.answer for each in due_diligence_of(many)} == {"yes", "ask", "no"}
    assert due_diligence_of([]) == []
