"""How lexicon terms are written and what they find."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerted.codelists.frameworks import load_framework, shipped_frameworks
from concerted.codelists.lexicon import TermIndex, arabic_stems, fold, is_folded_term

WORDED = [name for name in shipped_frameworks() if any(n.lexicon for n in load_framework(name).nodes)]
LATIN = st.characters(max_codepoint=0x24F, categories=("L", "N", "P", "Zs"))
ARABIC = st.characters(min_codepoint=0x600, max_codepoint=0x6FF, categories=("L", "Mn", "P"))
TEXTS = st.text(LATIN | ARABIC, max_size=60)


def found(text: str, *terms: str) -> list[str]:
    folded = fold(text)
    return [folded[hit.start : hit.end] for hit in TermIndex.of({"node": terms}).find(folded)]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Prévention de l'extrémisme violent", "prevention de l extremisme violent"),
        ("counter-terrorism", "counter terrorism"),
        ("CŒUR  naïf_çà", "coeur naif ca"),
        ("الإِرهَاب", "الارهاب"),
        ("المرأة وتمكينها", "المراه وتمكينها"),
        ("مـالي", "مالي"),
        (" ... ", ""),
    ],
)
def test_folding_keeps_words_and_drops_accents(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(TEXTS)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXTS)
def test_case_never_changes_the_fold(text: str) -> None:
    assert fold(fold(text).upper()) == fold(text)


@pytest.mark.parametrize(
    ("text", "term", "words"),
    [
        ("Radicalisation en ligne", "radicalis", ["radicalisation"]),
        ("La déradicalisation", "radicalis", []),
        ("appui au DDR", "ddr$", ["ddr"]),
        ("Ddrums", "ddr$", []),
        ("preventing violent extremism", "prevent* violent extremis", ["preventing violent extremism"]),
        ("preventing violent conflict", "prevent* violent extremis", []),
        ("prevents violent", "prevent* violent extremis", []),
        ("l'état de droit", "etat de droit", ["etat de droit"]),
        ("Occupied Palestinian territories", "terror", []),
        ("مكافحة التطرف العنيف", "تطرف عنيف", ["التطرف العنيف"]),
        ("وبالتطرف", "تطرف", ["وبالتطرف"]),
        ("للشباب", "شباب", ["للشباب"]),
        ("une autorité traditionnelle", "autorites traditionnelles", ["autorite traditionnelle"]),
        ("droits humains", "droit humain", ["droits humains"]),
        ("Gestion du conflit", "gestion des conflits", ["gestion du conflit"]),
        ("strengthening the rule of the law", "rule of law", ["rule of the law"]),
        ("femmes et jeunes", "femmes jeunes", []),
        ("la tolérance aux intrants", "tolerance aux", ["tolerance aux"]),
        ("les tolérances", "tolerance aux", []),
        ("Cohésion-sociale", "cohesion sociale", ["cohesion sociale"]),
        ("pour lemploi dextrémistes repentis", "emploi", ["lemploi"]),
        ("lutte contre lextrémisme violent", "contre l extremisme violent", ["contre lextremisme violent"]),
        ("la sélection", "election", []),
        ("DDRs", "ddr$", []),
    ],
)
def test_a_term_finds_its_words_and_no_others(text: str, term: str, words: list[str]) -> None:
    assert found(text, term) == words


def test_two_terms_that_come_to_the_same_are_one() -> None:
    assert found("gestion des conflits", "gestion de conflits", "gestion des conflits") == ["gestion des conflits"]


def test_overlapping_terms_are_all_found_in_order() -> None:
    assert found("food security forces", "food security", "security force", "security") == [
        "food security",
        "security forces",
        "security",
    ]


def test_hits_say_whose_term_they_are() -> None:
    hits = TermIndex.of({"a": ["paix"], "b": ["paix"]}).find("la paix")
    assert [(hit.key, hit.start, hit.end) for hit in hits] == [("a", 3, 7), ("b", 3, 7)]


def test_latin_words_have_no_arabic_particles() -> None:
    assert arabic_stems("paix") == ("paix",)


@pytest.mark.parametrize("term", ["Paix", "état", "counter-terror", "a  b", "pa$ix", "", "*", "$", "ddr$ paix"])
def test_a_term_not_written_as_the_index_reads_it_is_recognised(term: str) -> None:
    assert not is_folded_term(term)


@pytest.mark.parametrize("name", WORDED)
def test_every_shipped_term_is_folded_and_said_once(name: str) -> None:
    for node in load_framework(name).nodes:
        for terms in (*node.lexicon.values(), *node.exclusions.values()):
            assert [t for t in terms if not is_folded_term(t)] == []
            assert len(terms) == len(set(terms)), node.id


@pytest.mark.parametrize("name", WORDED)
def test_every_node_has_enough_words_in_every_language(name: str) -> None:
    for node in load_framework(name).nodes:
        assert all(len(node.lexicon[lang]) >= least for lang, least in (("fr", 20), ("en", 20), ("ar", 15))), node.id


@pytest.mark.parametrize("name", WORDED)
def test_no_exclusion_voids_a_term_of_its_own_node(name: str) -> None:
    """An exclusion that a term itself would touch makes that term useless."""
    for node in load_framework(name).nodes:
        for lang, terms in node.lexicon.items():
            index = TermIndex.of({"exclusion": node.exclusions.get(lang, ())})
            assert [t for t in terms if index.find(t.rstrip("*$").replace("*", ""))] == []


@pytest.mark.parametrize(
    ("framework_id", "node_id", "text"),
    [
        ("un-gcts", "I", "Seeds with drought tolerance for extreme weather"),
        ("un-gcts", "III", "National strategy for health and food security"),
        ("iact-g5", "2", "Support to cross-border trade and health screening at points of entry"),
        ("iact-g5", "2", "Médecins sans frontières, appui au commerce transfrontalier"),
        ("mali-plan", "protection", "Social protection and personal protective equipment"),
        ("mali-plan", "pursuit", "Clinical trials of a vaccine"),
        ("mali-plan", "response", "Covid response and economic stabilisation"),
        ("pve-plan", "5", "Nutrition of pregnant and lactating women"),
        ("pve-plan", "7", "Radiologie et radioactivité"),
        ("pve-plan", "3", "Community health workers of the European Community"),
    ],
)
def test_the_traps_met_in_published_texts_are_no_evidence(framework_id: str, node_id: str, text: str) -> None:
    node = load_framework(framework_id).node(node_id)
    folded = fold(text)
    voids = [
        (hit.start, hit.end)
        for hit in TermIndex.of({"": [t for ts in node.exclusions.values() for t in ts]}).find(folded)
    ]
    hits = TermIndex.of({"": [t for ts in node.lexicon.values() for t in ts]}).find(folded)
    assert [hit.term for hit in hits if not any(hit.start < end and start < hit.end for start, end in voids)] == []


@pytest.mark.parametrize(
    ("framework_id", "node_id", "texts"),
    [
        ("un-gcts", "I", ("Consolidation de la paix", "Peacebuilding with youth at risk", "بناء السلام والمصالحة")),
        ("un-gcts", "II", ("Lutte contre le financement du terrorisme", "Border security", "مكافحة تمويل الإرهاب")),
        ("un-gcts", "III", ("Réforme du secteur de la sécurité", "Police training", "إصلاح قطاع الأمن")),
        ("un-gcts", "IV", ("Accès à la justice", "Human rights and fair trial", "حقوق الإنسان وسيادة القانون")),
        ("pve-plan", "4", ("Participation des jeunes", "Youth-led networks", "تمكين الشباب")),
        ("iact-g5", "2", ("Communautés frontalières du Liptako", "Integrated border management", "إدارة الحدود")),
        ("mali-plan", "cohesion", ("Vivre-ensemble", "Farmer-herder conflicts", "التماسك الاجتماعي")),
        ("dac-groups", "water", ("Forages et latrines", "Safe drinking water", "مياه الشرب")),
    ],
)
def test_plain_titles_are_found_in_all_three_languages(
    framework_id: str, node_id: str, texts: tuple[str, str, str]
) -> None:
    node = load_framework(framework_id).node(node_id)
    for lang, text in zip(("fr", "en", "ar"), texts, strict=True):
        assert TermIndex.of({lang: node.lexicon[lang]}).find(fold(text)), text
