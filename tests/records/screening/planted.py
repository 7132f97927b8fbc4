"""Texts with something planted that screening should find: those by hand as cases, and what a seeded generator makes.

Names, numbers, places and sentences are invented. What is planted stands between the signs ⟦ and ⟧, which are taken out
before the text is screened. The same people wrote these cases and the rules; no word is read from the lists.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from concerted.records.screening.kinds import Gazetteer, Kind, Rules

from .planted_by_hand import HAND, LATER


@dataclass(frozen=True)
class Case:
    """A text, where in it something is planted, what it is, and in which language it is written."""

    text: str
    start: int
    end: int
    kind: Kind
    lang: str
    part: str

    @property
    def id(self) -> str:
        """How a miss is listed."""
        return f"{self.part}/{self.kind}/{self.lang}: {self.text}"


#: A coarse view of Mali: areas of the first level, no villages, two camps that are told to nobody.
RULES = Rules(
    finest_level=1,
    is_coarse=True,
    gazetteer=Gazetteer(
        sites=frozenset({"camp tintiba", "puits assakaret"}),
        villages=frozenset({"gomozo", "wourobali", "n'gossa", "tintiba", "koro kanda", "قرية الواحة", "تنتيبا"}),
    ),
)

_CARRIERS = {
    "fr": (
        "Le comité s'est réuni trois fois. {} Les fonds suivront en mars.",
        "Suivi : {} (12 groupes, 340 femmes)",
        "{}",
    ),
    "en": ("The committee met three times. {} Funds follow in March.", "Note: {} (12 groups, 340 women)", "{}"),
    "ar": ("اجتمعت اللجنة ثلاث مرات. {} وستصل الأموال في مارس.", "ملاحظة: {} (12 مجموعة)", "{}"),
}
_FIRST = {"fr": ["Adama", "Binta", "Hawa", "Seydou", "Ibrahima"], "en": ["Grace", "Peter", "Amos", "Zainab", "Joy"]}
_LAST = {"fr": ["Bâ", "Guèye", "Yaro", "Ag Moha", "Nébié"], "en": ["Okafor", "Danjuma", "Mensah", "Abubakar", "Tetteh"]}
_ARABIC = ["أحمد سيدي", "فاطمة بكاي", "محمد الأمين", "زينب عمر", "إبراهيم حامد"]
_TITLES = {
    "fr": [
        "M.",
        "Mme",
        "Dr",
        "le maire",
        "le ministre",
        "la directrice,",
        "Contact :",
        "point focal -",
        "le gouverneur",
        "le commandant",
    ],
    "en": [
        "Mr",
        "Mrs.",
        "Dr",
        "Minister",
        "Director",
        "the mayor",
        "Contact:",
        "focal point -",
        "the governor,",
        "commander",
    ],
    "ar": ["السيد", "السيدة", "الدكتور", "الدكتورة", "الأستاذ", "المدعو", "القاضي", "المهندس"],
}
_LABELS = {
    "fr": (
        ["terrorisme", "terroriste", "extrémisme violent", "extrémiste"],
        ["islamique", "islamiste", "arabe", "peul", "tchadien"],
    ),
    "en": (
        ["terrorism", "terrorists", "violent extremism", "jihadists"],
        ["Muslim", "Islamist", "Fulani", "Arab", "Chadian"],
    ),
    "ar": (["الإرهاب", "التطرف", "التطرف العنيف", "الإرهابي"], ["الإسلامي", "العربي", "السني", "الفلاني", "التشادي"]),
}
_WIDE = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def cases(seed: int = 20261128) -> list[Case]:
    """All cases, the written ones first."""
    written = [
        case
        for part, blocks in (("hand", HAND), ("later", LATER))
        for (kind, lang), block in blocks.items()
        for line in block.strip().splitlines()
        for case in marked(line, kind, lang, part)
    ]
    return [*written, *_made(random.Random(seed))]  # noqa: S311 (the same texts each time)


def marked(line: str, kind: Kind, lang: str, part: str) -> Iterator[Case]:
    """One case for each thing that is marked in a line."""
    text = line.replace("⟦", "").replace("⟧", "")
    at = opened = 0
    for sign in line:
        if sign == "⟦":
            opened = at
        elif sign == "⟧":
            yield Case(text, opened, at, kind, lang, part)
        else:
            at += 1


def _made(rng: random.Random) -> Iterator[Case]:
    for lang, carriers in _CARRIERS.items():
        for kind, make, count in (
            ("email", _email, 10),
            ("phone", _phone, 18),
            ("name", _name, 24),
            ("site", _site, 60),
            ("label", _label, 24),
            ("pcode", _pcode, 8),
        ):
            for _ in range(count):
                yield from marked(rng.choice(carriers).format(make(rng, lang)), kind, lang, "made")  # type: ignore[arg-type]


def _email(rng: random.Random, lang: str) -> str:
    user = rng.choice(["info", "a.b", "projet_sud", "coord-nord", "x12"])
    host = rng.choice(["example.org", "exemple.ml", "mail.example.com"])
    return f"⟦{user}{rng.choice(['@', ' [at] ', '(at)', ' (at) '])}{host}⟧"


def _phone(rng: random.Random, lang: str) -> str:
    pairs = [f"{rng.randrange(60, 99)}", *(f"{rng.randrange(100):02}" for _ in range(3))]
    number = rng.choice(["", " ", ".", "-"]).join(pairs)
    lead = {
        "fr": ["Tél : ", "tél. ", "Téléphone ", "WhatsApp : "],
        "en": ["Tel: ", "phone ", "Mobile: ", "WhatsApp "],
        "ar": ["هاتف: ", "الهاتف ", "واتساب: ", "جوال "],
    }
    country = rng.choice(["+223", "+226", "+227", "+235", "00223", "00 227"])
    if rng.random() < 0.5:
        return f"⟦{country}{rng.choice(['', ' '])}{number}⟧"
    return rng.choice(lead[lang]) + f"⟦{number.translate(_WIDE) if lang == 'ar' and rng.random() < 0.6 else number}⟧"


def _name(rng: random.Random, lang: str) -> str:
    name = rng.choice(_ARABIC) if lang == "ar" else f"{rng.choice(_FIRST[lang])} {rng.choice(_LAST[lang])}"
    return f"{rng.choice(_TITLES[lang])} ⟦{name}⟧"


def _label(rng: random.Random, lang: str) -> str:
    terror, group = (rng.choice(words) for words in _LABELS[lang])
    return f"⟦{group} {terror}⟧" if lang == "en" else f"⟦{terror} {group}⟧"


def _pcode(rng: random.Random, lang: str) -> str:
    country, width, depth = rng.choice(
        [("ML", 2, 2), ("ML", 2, 3), ("BF", 2, 3), ("NER", 3, 2), ("NG", 3, 3), ("TD", 2, 2), ("SN", 2, 3)]
    )
    return f"⟦{country}{''.join(f'{rng.randrange(1, 9):0{width}}' for _ in range(depth))}⟧"


def _site(rng: random.Random, lang: str) -> str:
    """A point of the Sahel in one of two dozen notations."""
    lat, lon = rng.uniform(11, 19), rng.uniform(-9, -1)
    west = {"fr": "O", "en": "W", "ar": "W"}[lang]
    d = [int(lat), int(lat * 60 % 60), int(lat * 3600 % 60), int(-lon), int(-lon * 60 % 60), int(-lon * 3600 % 60)]
    deg, minute, sec = rng.choice([("°", "'", '"'), ("° ", "' ", "'' "), ("º", "’", "”"), ("°", "′", "″")])
    east, north = rng.randrange(200_000, 800_000), rng.randrange(1_220_000, 2_100_000)
    square = rng.choice("ABCDEFGH") + rng.choice("ABCDEFGH")
    words = {
        "fr": (" degrés ", " minutes ", " secondes ", "nord", "ouest", "et"),
        "en": (" degrees ", " minutes ", " seconds ", "north", "west", "and"),
        "ar": (" درجة و", " دقيقة و", " ثانية ", "شمالا", "غربا", "و"),
    }[lang]
    comma = f"{lat:.5f} ; {lon:.5f}".replace(".", ",")
    forms = [
        f"{lat:.5f}, {lon:.5f}",
        comma,
        f"{lat:.5f} {lon:.5f}",
        f"{lat:.4f}°N {-lon:.4f}°{west}",
        f"{lat:.3f} N, {-lon:.3f} {west}",
        f"N{lat:.5f} {west}{-lon:.5f}",
        f"{d[0]}{deg}{d[1]}{minute}{d[2]}{sec}N {d[3]}{deg}{d[4]}{minute}{d[5]}{sec}{west}",
        f"{d[0]}{deg}{d[1]}{minute}N, {d[3]}{deg}{d[4]}{minute}{west}",
        f"{d[0]}{deg}{d[1]}.{d[2]:02}{minute}N",
        f"{d[0]}{words[0]}{d[1]}{words[1]}{d[2]}{words[2]}{words[3]}",
        f"30P {east} {north}",
        f"UTM 30N {east} {north}",
        f"UTM 30P {east}E {north}N",
        f"30P{square}{rng.randrange(10000, 99999)}{rng.randrange(10000, 99999)}",
        f"30P {square} {rng.randrange(1000, 9999)} {rng.randrange(1000, 9999)}",
        f"6{rng.choice('CFG')}{''.join(rng.choices('23456789CFGHJMPQRVWX', k=6))}+{rng.choice('2345')}X",
        f"{rng.choice('QRVWX')}{rng.choice('2345')}{rng.choice('CFGH')}{rng.choice('789')}+{rng.choice('2345')}Q",
        f"https://www.google.com/maps/@{lat:.5f},{lon:.5f},17z",
        f"https://www.openstreetmap.org/?mlat={lat:.4f}&mlon={lon:.4f}",
        f"geo:{lat:.4f},{lon:.4f}",
        f"{d[0]}:{d[1]:02}:{d[2]:02}N {d[3]}:{d[4]:02}:{d[5]:02}W",
        f"{d[0]:02}{d[1]:02}{d[2]:02}N {d[3]:03}{d[4]:02}{d[5]:02}W",
    ]
    if lang == "ar":
        forms += [f"{lat:.5f}، {-lon:.5f}".replace(".", "٫").translate(_WIDE), f"{lat:.5f}, {lon:.5f}".translate(_WIDE)]
    return f"⟦{rng.choice(forms).strip()}⟧"
