"""The invented records of the fixture edition: public, restricted and coarse ones, states of every kind.

Restricted records carry canary words, so that a test can search every answer of the site for them.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from concerted.model.ids import hash_id

CANARIES = ("ZZCANARY", "Quetzalcoatl", "Kettlewell")
HOSTILE = "<script>alert('x')</script> & \"Conseil\" d’appui"
#: The edition's threshold, and counts below it (the first record's targeted, affected, baseline, actual and a cell that
#: no reader knows; women of a need): numbers that stand nowhere else. Beside them a twin's, which must look the same.
FEW_PEOPLE = 1000
FEW, OTHER_FEW = (613, 617, 619, 631, 641, 643), (7, 88, 907, 5, 311, 19)
AS_OF = date(2026, 6, 30)
EDITION_ID = "f1x7ure0" * 4
FIRST_HIDDEN = 40
#: A record without a title, as a row of a 3W sheet is; and one that ends soon and whose money another statement holds.
UNTITLED = 33
LINKED_END = 21

REGIONS = {
    "ML01": ("Kayes", "Kayes", "كايس", -11.4, 14.4),
    "ML02": ("Koulikoro", "Koulikoro", "كوليكورو", -7.6, 13.9),
    "ML03": ("Sikasso", "Sikasso", "سيكاسو", -5.7, 11.3),
    "ML04": ("Ségou", "Segou", "سيغو", -6.3, 13.4),
    "ML05": ("Mopti", "Mopti", "موبتي", -4.2, 14.5),
    "ML06": ("Tombouctou", "Timbuktu", "تمبكتو", -3.0, 16.8),
    "ML07": ("Gao", "Gao", "غاو", 0.0, 16.3),
    "ML08": ("Kidal", "Kidal", "كيدال", 1.4, 18.4),
    "ML09": ("Bamako", "Bamako", "باماكو", -8.0, 12.6),
}
CERCLES = {
    "ML0501": ("Mopti", "ML05"),
    "ML0502": ("Bandiagara", "ML05"),
    "ML0701": ("Gao", "ML07"),
    "ML0702": ("Ansongo", "ML07"),
}
COUNTRIES = {
    "ML": ("Mali", "Mali", "مالي"),
    "NE": ("Niger", "Niger", "النيجر"),
    "BF": ("Burkina Faso", "Burkina Faso", "بوركينا فاسو"),
}
PILLARS = {
    "1": ("Prévention", "Prevention", "الوقاية"),
    "2": ("Protection", "Protection", "الحماية"),
    "3": ("Poursuite", "Pursuit", "الملاحقة"),
    "4": ("Réponse", "Response", "الاستجابة"),
    "5": ("Cohésion sociale", "Social cohesion", "التماسك الاجتماعي"),
}
OBJECTIVES = {
    "1.1": ("Éducation à la paix", "Peace education", "التربية على السلام"),
    "1.2": ("Emploi des jeunes", "Jobs for youth", "تشغيل الشباب"),
    "2.1": ("Sites et frontières", "Sites and borders", "المواقع والحدود"),
    "3.1": ("Chaîne pénale", "Criminal justice", "العدالة الجنائية"),
    "4.1": ("Gestion de crise", "Crisis response", "إدارة الأزمات"),
    "5.1": ("Dialogue local", "Local dialogue", "الحوار المحلي"),
}
#: Partners that only restricted records name; the second has a coarse view, which hides who it is.
HIDDEN_PARTNERS = ("Quetzalcoatl", "Kettlewell")
PARTNERS = (
    "Fonds Horizon",
    "Agence du Delta",
    "Conseil des femmes de Mopti",
    "Atlas Relief",
    "Union des radios",
    "Caisse Nord",
)


@dataclass
class Record:
    """One activity of the fixture with one statement."""

    number: int
    title: str
    partner: int
    node: str
    places: tuple[str, ...]
    years: tuple[int | None, ...]
    committed: int | None
    state: str | None
    marking: str = "CLEAR"
    coarse: str | None = None
    is_confirmed: bool = True
    double_risk: str = "none"
    description: str = "Appui aux communes, avec les comités locaux."
    lang: str = "fr"
    end: date | None = None
    site: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> int:
        return hash_id("fixture", str(self.number))


def records() -> list[Record]:
    """Forty public records that fill the matrix unevenly, and nine that the public must not, or not fully, see."""
    regions = list(REGIONS)
    nodes = [*OBJECTIVES, "1", "5"]
    states = ("ongoing", "planned", "completed", "ongoing", "requested", None, "cancelled")
    words = (
        "Comités de paix",
        "Formation des juges",
        "Radios locales",
        "Écoles ouvertes",
        "Peace committees",
        "حوار القرى",
    )
    found = []
    for n in range(40):
        places = (regions[(n * 5) % 9],) if n % 4 else (regions[n % 9], regions[(n + 3) % 9])
        places = {7: ("ML",), 11: ("REGIONAL",), 19: ("UNKNOWN",), 23: ("ML0501", "ML0502"), 29: ("NE",)}.get(n, places)
        lang = ("fr", "fr", "fr", "fr", "en", "ar")[n % 6]
        found.append(
            Record(
                number=n,
                title=f"{words[n % 6]} {n}",
                partner=n % 6,
                node="UNCLASSIFIED" if n == 31 else nodes[(n * 3) % len(nodes)],
                places=places,
                years=(2025, 2026) if n % 3 else ((2026,) if n % 2 else (2024, 2025, 2026)),
                committed=None if n % 13 == 5 else 100_000 + 37_001 * n,
                state=states[n % 7],
                is_confirmed=n % 3 != 1,
                double_risk=("none", "none", "possible", "none", "linked")[n % 5],
                lang=lang,
                end=date(2026, 7 + n % 5, 28) if n % 4 == 1 else (date(2027, 1 + n % 12, 15) if n % 4 == 2 else None),
            )
        )
    found[3].title = HOSTILE
    found[8].years = (None,)
    found[UNTITLED].title = ""
    found[LINKED_END].double_risk = "linked"
    secret = {"description": "ZZCANARYTEXT", "committed": 7_777_777, "years": (2026,), "state": "ongoing"}
    found += [
        Record(40, "ZZCANARYRED one", 0, "1.1", ("ML05",), marking="RED:amina", **secret),
        Record(41, "ZZCANARYNOBODY two", 1, "1.2", ("ML06",), marking="RED:", **secret),
        Record(42, "ZZCANARYAMBER three", 2, "5.1", ("ML0502",), marking="AMBER:justice", **secret),
        Record(43, "ZZCANARYGREEN four", 3, "5.1", ("ML07",), marking="GREEN", **secret),
        Record(44, "ZZCANARYTYPO five", 3, "5.1", ("ML07",), marking="CLEARISH", **secret),
        Record(45, "ZZCANARYHIDDENPARTNER six", 6, "2.1", ("ML08",), marking="RED:amina", **secret),
    ]
    coarse = {"description": "ZZCANARYTEXT", "years": (2025, 2026), "state": "ongoing", "coarse": "CLEAR"}
    found += [
        Record(46, "ZZCANARYCOARSE seven", 2, "3.1", ("ML0702",), committed=400_000, marking="AMBER:justice", **coarse),
        Record(47, "ZZCANARYCOARSE eight", 7, "3.1", ("ML0501",), committed=90_000, marking="AMBER:justice", **coarse),
        Record(48, "ZZCANARYCOARSE nine", 2, "4.1", ("ML0701",), committed=50_000, marking="RED:", **coarse),
    ]
    for record in found[FIRST_HIDDEN:]:
        record.site = "ZZCANARYSITE"
    return found


ORGANISATIONS = (*PARTNERS, "Quetzalcoatl Secret Fund", "Kettlewell Quiet Trust")
COARSE_PLACE = {"ML0702": "ML07", "ML0501": "ML05", "ML0701": "ML07"}


def org_id(number: int) -> int:
    """Id of the fixture's organisation `number`."""
    return hash_id("organisation", str(number))
