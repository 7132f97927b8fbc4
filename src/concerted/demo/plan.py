"""How many projects each partner tells first, in which file and how: the quotas of the invented world.

Place on the way: the table that `world` follows. The counts add up to 400 projects.
"""

from dataclasses import dataclass
from typing import Literal

from concerted.demo.world_types import OPEN, Marking

Format = Literal["iati-2.03", "iati-2.02", "iati-1.05", "iati-cut", "hxl-xlsx", "hxl-csv", "sheet-xlsx", "sheet-csv"]


@dataclass(frozen=True)
class FilePlan:
    """One file of the set. `quota`: partner key -> projects it is the first to tell there.

    `strategy_share`: how many of its projects serve the strategy; `declares`: how many of these name their action.
    `abroad`: how many lie in a neighbouring country; `low`, `high`: a commitment in thousands of `currency`;
    `funders`: partners, one of which pays for each project; none = the partner itself.
    """

    file: str
    format: Format
    quota: dict[str, int]
    currency: str
    low: int = 100
    high: int = 1000
    strategy_share: float = 0.55
    declares: float = 0.65
    abroad: float = 0.22
    funders: tuple[str, ...] = ()
    marking: Marking = OPEN
    only_place: str | None = None
    start_year: int | None = None
    has_row_markings: bool = False


def _iati(partner: str, quota: int, currency: str, low: int, high: int, **more: object) -> FilePlan:
    return FilePlan(f"iati/{partner.lower()}.xml", "iati-2.03", {partner: quota}, currency, low, high, **more)  # type: ignore[arg-type]


OUTSIDE = ("OST", "BSD", "CIR", "TEM")  # funders that publish nothing: what they fund is told once
DONORS = ("VAL", "NOR", "AUR", "KAL", "FBS", "LUM")

PLANS: tuple[FilePlan, ...] = (
    _iati("VAL", 24, "EUR", 400, 6000),
    _iati("NOR", 22, "USD", 500, 7000),
    _iati("AUR", 20, "EUR", 300, 5000),
    _iati("KAL", 16, "CAD", 300, 4000),
    _iati("FBS", 18, "USD", 800, 9000, strategy_share=0.9),
    FilePlan("iati/lum.xml", "iati-2.02", {"LUM": 12}, "GBP", 100, 900),
    _iati("OEN", 16, "USD", 300, 2500, funders=OUTSIDE),
    _iati("PAP", 16, "USD", 400, 3500, funders=OUTSIDE, strategy_share=0.95),
    _iati("GOU", 14, "USD", 300, 3000, funders=OUTSIDE),
    _iati("JUS", 14, "USD", 300, 2600, funders=OUTSIDE, strategy_share=1.0),
    _iati("FEM", 14, "USD", 150, 1500, funders=OUTSIDE),
    _iati("FRO", 12, "EUR", 300, 3000, funders=OUTSIDE, abroad=0.5),
    FilePlan("iati-ancien/cul-1.05.xml", "iati-1.05", {"CUL": 10}, "EUR", 100, 900, funders=OUTSIDE),
    _iati("PON", 8, "EUR", 80, 700, funders=OUTSIDE),
    _iati("ECO", 8, "EUR", 80, 900, funders=OUTSIDE),
    _iati("ONC", 8, "USD", 60, 500, funders=OUTSIDE),
    _iati("DRO", 8, "SEK", 600, 5000, funders=OUTSIDE, strategy_share=1.0),
    _iati("CSR", 12, "XOF", 90_000, 900_000, funders=OUTSIDE, abroad=0.6),
    FilePlan("defauts/ech-interrompu.xml", "iati-cut", {"ECH": 4}, "USD", 100, 900, funders=OUTSIDE, declares=0.0),
    FilePlan("secretariat/suivi-du-plan.xlsx", "sheet-xlsx", {"SEC": 22}, "XOF", 40_000, 900_000, 1.0, 1.0, 0.0),
    FilePlan(
        "plateforme-ong/projets.csv",
        "sheet-csv",
        {"HOR": 4, "MED": 3, "NOM": 2, "AJB": 3, "TAM": 3, "KAB": 2, "DEL": 3, "SAH": 2, "DOG": 2, "JUR": 2},
        "XOF",
        8_000,
        90_000,
        funders=(*OUTSIDE, *DONORS),
    ),
    FilePlan(
        "reseau-femmes/projets.xlsx",
        "sheet-xlsx",
        {"RFM": 4, "BEN": 3, "NIS": 3, "MUS": 2, "TIN": 2, "PLA": 2},
        "XOF",
        3_000,
        40_000,
        0.9,
        0.5,
        0.05,
        funders=(*OUTSIDE, *DONORS),
    ),
    FilePlan(
        "presence-mali/3w-mali.xlsx",
        "hxl-xlsx",
        {"ALI": 4, "SAN": 4, "RIV": 4, "SEM": 4, "MAI": 4, "CLA": 4, "TOI": 3, "ELE": 3, "DUN": 1, "COO": 2, "ETO": 1},
        "USD",
        strategy_share=0.55,
        declares=0.4,
        abroad=0.0,
    ),
    FilePlan(
        "menaka-ancien/3w-menaka-2024.csv",
        "hxl-csv",
        {"DUN": 1, "ETO": 1},
        "USD",
        strategy_share=1.0,
        declares=1.0,
        only_place="ML10",
        start_year=2023,
    ),
    FilePlan(
        "presence-sahel/5w-sahel.csv",
        "hxl-csv",
        {"ALI": 3, "SAN": 3, "RIV": 3, "LAC": 3, "GOR": 3, "CEF": 3},
        "USD",
        strategy_share=0.5,
        declares=0.3,
        abroad=1.0,
    ),
    FilePlan(
        "acces-restreint/projets-sensibles.xlsx",
        "sheet-xlsx",
        {"MED": 4, "ORA": 4, "NIG": 4},
        "XOF",
        10_000,
        80_000,
        1.0,
        0.7,
        0.0,
        funders=OUTSIDE,
        has_row_markings=True,
    ),
    FilePlan(
        "acces-restreint/pon-protege.xml",
        "iati-2.03",
        {"PON": 8},
        "EUR",
        60,
        500,
        1.0,
        0.6,
        0.0,
        funders=OUTSIDE,
        marking=Marking("AMBER:groupe-protection", "CLEAR", 1, hide_partner=True),
    ),
    FilePlan(
        "acces-restreint/presence-partenaires.csv",
        "hxl-csv",
        {"ELE": 3, "DUN": 3},
        "USD",
        strategy_share=1.0,
        declares=0.5,
        abroad=0.0,
        marking=Marking("GREEN"),
    ),
)

#: Markings of the rows of `acces-restreint/projets-sensibles.xlsx`, in turn; `{own}` is the partner's own reference.
#: What a partner alone sees counts in totals of what is not shown, as the file's source.yml says.
ROW_MARKINGS = (
    Marking("AMBER:groupe-protection"),
    Marking("GREEN"),
    Marking("RED:personne-a"),
    Marking("AMBER+STRICT:{own}"),
)
