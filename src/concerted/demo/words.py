"""Titles and descriptions of the invented activities.

Place on the way: a telling enters, its texts by language leave. Every title carries the short mark, every description
the notice that it is invented.
"""

from concerted.demo.catalogue import INVENTED, MARK, Partner, Texts, places
from concerted.demo.dice import Dice
from concerted.demo.world_types import REGIONAL, UNKNOWN, Project, Telling

WIDER = {"fr": "la région du Sahel", "en": "the Sahel region", "ar": "منطقة الساحل"}
SOMEWHERE = {"fr": "plusieurs localités", "en": "several localities", "ar": "عدة مناطق"}
AND = {"fr": " et ", "en": " and ", "ar": " و"}
PHASE = {"fr": ", phase ", "en": ", phase ", "ar": "، المرحلة "}
#: A second sentence of descriptions, one of them for each project.
HOW = {
    "fr": (
        "Les communes et les services techniques suivent le travail chaque trimestre.",
        "Un comité de suivi réunit deux fois par an les partenaires et les représentants des habitants.",
        "Une évaluation externe est prévue à mi-parcours.",
        "La moitié des participants sont des participantes.",
        "Le projet poursuit une première phase menée dans des localités voisines.",
        "Les équipes sont recrutées sur place et formées avant le démarrage.",
    ),
    "en": (
        "Communes and technical services follow the work every quarter.",
        "A steering committee brings partners and residents together twice a year.",
        "An external evaluation is planned at mid-term.",
        "Half of the participants are women.",
        "The project continues a first phase in neighbouring localities.",
        "Teams are hired locally and trained before the start.",
    ),
    "ar": (
        "تتابع البلديات والخدمات الفنية العمل كل ثلاثة أشهر.",
        "تجتمع لجنة التوجيه مع الشركاء والسكان مرتين في السنة.",
        "من المقرر إجراء تقييم خارجي في منتصف المدة.",
        "نصف المشاركين من النساء.",
        "يواصل المشروع مرحلة أولى في المناطق المجاورة.",
        "توظف الفرق محليا وتدرب قبل البدء.",
    ),
}
RETOLD = {
    "fr": ("Appui de {who} : {title}", "Mis en œuvre par {who} avec l'appui de {funder}."),
    "en": ("{who} support: {title}", "Implemented by {who} with support from {funder}."),
}


def tell(telling: Telling, languages: tuple[str, ...]) -> tuple[Texts, Texts]:
    """Title and description in those of the languages that the theme has, else in French."""
    project = telling.project
    titles: Texts = {}
    texts: Texts = {}
    for lang in languages if any(lang in project.theme.titles for lang in languages) else ("fr",):
        if lang not in project.theme.titles:
            continue
        choices = project.theme.titles[lang]
        title = choices[project.number % len(choices)].format(place=place_words(project, lang))
        title += f"{PHASE[lang]}{project.phase + 1}" if project.phase else ""
        title += f" {telling.canary}" if telling.canary else ""
        titles[lang] = f"{title} {MARK[lang]}"
        texts[lang] = f"{project.theme.text[lang]} {_how(project, lang)} {INVENTED[lang]}."
    return titles, texts


def retell(dice: Dice, above: Telling, partner: Partner) -> tuple[Texts, Texts]:
    """The texts of a project in the words of a partner further down: copied, reworded, or in another language."""
    project = above.project
    manner = dice.pick(("copied", "reworded", "translated"))
    if manner == "copied":
        return dict(above.title), dict(above.text)
    known = [lang for lang in ("fr", "en") if manner == "reworded" or lang not in above.title]
    lang = dice.pick(known or ["fr"])
    title = project.theme.titles[lang][-1].format(place=place_words(project, lang))
    frame, by_whom = RETOLD[lang]
    if manner == "reworded":
        title = frame.format(who=partner.acronym, title=title)
    text = f"{project.theme.text[lang]} {by_whom.format(who=partner.acronym, funder=above.partner.acronym)}"
    return {lang: f"{title} {MARK[lang]}"}, {lang: f"{text} {INVENTED[lang]}."}


def _how(project: Project, lang: str) -> str:
    return HOW[lang][project.number % len(HOW[lang])]


def place_words(project: Project, lang: str) -> str:
    """The places of a project as they stand in a title: the first two by name."""
    codes = [code for code, _ in project.places]
    if REGIONAL in codes or UNKNOWN in codes:
        return (WIDER if REGIONAL in codes else SOMEWHERE)[lang]
    return AND[lang].join(places()[code].name[lang] for code in codes[:2])
