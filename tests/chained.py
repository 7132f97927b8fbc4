"""An invented set of small chains of money, written as one IATI file, and its edition.

Each chain stands for itself: donors, a fund or an agency, partners, with names that nobody shares. What is random is
the amounts and how many there are.
"""

import hashlib
import random
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import quoteattr

from concerted.build import build
from concerted.steps import BuildRequest
from concerted.store.edition import find_edition

#: Words of one meaning each, so that no two organisations are alike.
WORDS = [
    "Acacia", "Basalt", "Cinder", "Delta", "Ember", "Falcon", "Garnet", "Harbor", "Indigo", "Jasper", "Kestrel",
    "Lagoon", "Marble", "Nectar", "Ocelot", "Pebble", "Quartz", "Raven", "Saffron", "Timber", "Umbra", "Velvet",
    "Willow", "Xenon", "Yarrow", "Zephyr", "Amber", "Birch", "Coral", "Dune", "Elm", "Fjord", "Grove", "Heath",
    "Iris", "Juniper", "Karst", "Larch", "Moss", "Nimbus", "Onyx", "Prairie", "Quill", "Reef", "Sorrel", "Tundra",
    "Ursa", "Vale", "Wharf", "Xylem", "Yucca", "Zinnia",
]  # fmt: skip
SHAPES = ("both_name", "returned", "other_currency", "silent_receiver", "pooled", "silent_giver", "through", "deep")
OUT, CAME_IN = "3", "1"


@dataclass
class Told:
    """An activity as its publisher tells it: transactions (type, value, currency, day, other ref, other activity)."""

    identifier: str
    org: str
    lines: list[tuple[str, int, str, date, str | None, str | None]] = field(default_factory=list)

    def pays(
        self, value: int, org: str | None, activity: str | None, currency: str = "USD", day: date = date(2024, 3, 5)
    ) -> None:
        """Money that leaves; negative = given back."""
        self.lines.append((OUT, value, currency, day, org, activity))

    def gets(
        self, value: int, org: str | None, activity: str | None, currency: str = "USD", day: date = date(2024, 3, 5)
    ) -> None:
        """Money that comes in."""
        self.lines.append((CAME_IN, value, currency, day, org, activity))


class Chains:
    """Chains of every shape, `each` times, with amounts from a seed."""

    def __init__(self, seed: int, each: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311 (not a secret)
        self.told: list[Told] = []
        self.names: dict[str, str] = {}
        for turn in range(each):
            for shape in SHAPES:
                getattr(self, shape)(f"{turn}{shape}")

    def activity(self, chain: str, role: str) -> Told:
        """An activity of an organisation of its own."""
        number = len(self.names)
        org = f"XI-CHN-{number:04d}"
        first, second = WORDS[number % len(WORDS)], WORDS[(number * 7 + number // len(WORDS) + 3) % len(WORDS)]
        self.names[org] = f"{first} {second} {number}"
        told = Told(f"{org}-{role}", org)
        self.told.append(told)
        return told

    def amount(self) -> int:
        return self.rng.choice([100, 999, 12_345, 70_000, 1_000_001])

    def part(self, whole: int) -> int:
        return self.rng.choice([whole, max(1, whole // 3), max(1, whole * 7 // 10)])

    def passes(self, giver: Told, receiver: Told, amount: int) -> None:
        """Both sides name each other and agree."""
        giver.pays(amount, receiver.org, receiver.identifier)
        receiver.gets(amount, giver.org, giver.identifier)

    def both_name(self, chain: str) -> None:
        """A donor, an agency with own money, a partner: every transfer is named by both."""
        donor, agency, partner = (self.activity(chain, role) for role in "DAP")
        given, own = self.amount(), self.rng.choice([0, 500])
        self.passes(donor, agency, given)
        if own:
            agency.gets(own, "XI-CHN-OUTSIDE", None)
        passed = self.part(given)
        self.passes(agency, partner, passed)
        partner.pays(self.part(passed), None, None)

    def returned(self, chain: str) -> None:
        """A part of what was given is given back, on both sides."""
        donor, agency = (self.activity(chain, role) for role in "DA")
        given = self.amount()
        back = max(1, given // 4)
        self.passes(donor, agency, given)
        donor.pays(-back, agency.org, agency.identifier)
        agency.gets(-back, donor.org, donor.identifier)
        agency.pays(self.part(given - back), None, None)

    def other_currency(self, chain: str) -> None:
        """The donor tells euros of one day, the agency dollars of another."""
        donor, agency = (self.activity(chain, role) for role in "DA")
        given = self.amount()
        donor.pays(given, agency.org, agency.identifier, "EUR", date(2023, 2, 1))
        # The books may say less than was given, or more; and less may leave them than came, or more.
        agency.gets(
            self.rng.choice([given * 8 // 10, given * 13 // 10]), donor.org, donor.identifier, "USD", date(2023, 9, 1)
        )
        agency.pays(max(1, given // 2), None, None, self.rng.choice(["USD", "EUR", "XOF"]), date(2024, 1, 15))
        if self.rng.random() < 0.7:
            agency.pays(given * 2, None, None)

    def silent_receiver(self, chain: str) -> None:
        """The donor names the agency's activity; the agency tells no income."""
        donor, agency = (self.activity(chain, role) for role in "DA")
        given = self.amount()
        donor.pays(given, agency.org, agency.identifier)
        agency.pays(self.rng.choice([given, given * 2, max(1, given // 2)]), None, None)

    def pooled(self, chain: str) -> None:
        """Two or three donors fill a fund, which pays several partners."""
        fund = self.activity(chain, "F")
        for _ in range(self.rng.randint(2, 3)):
            self.passes(self.activity(chain, "D"), fund, self.amount())
        whole = sum(line[1] for line in fund.lines)
        for _ in range(self.rng.randint(1, 3)):
            partner, passed = self.activity(chain, "P"), max(1, whole // 4)
            self.passes(fund, partner, passed)
            partner.pays(self.part(passed), None, None)

    def silent_giver(self, chain: str) -> None:
        """The agency names the donor's activity; the donor names nobody."""
        donor, agency = (self.activity(chain, role) for role in "DA")
        given = self.amount()
        donor.pays(given, None, None)
        agency.gets(self.rng.choice([given, max(1, given // 2)]), donor.org, donor.identifier)
        agency.pays(self.part(given), None, None)

    def through(self, chain: str) -> None:
        """Between donor and partner stands an organisation that publishes nothing."""
        donor, partner = (self.activity(chain, role) for role in "DP")
        silent = f"XI-SIL-{len(self.names):04d}"
        self.names[silent] = f"{WORDS[len(self.names) % len(WORDS)]} Hidden {len(self.names)}"
        given = self.amount()
        donor.pays(given, silent, None)
        partner.gets(self.rng.choice([given, given * 2, max(1, given // 2)]), silent, None)
        partner.pays(self.part(given), None, None)

    def deep(self, chain: str) -> None:
        """Five in a row, each named by both."""
        row = [self.activity(chain, "X") for _ in range(5)]
        amount = self.amount()
        for giver, receiver in pairwise(row):
            self.passes(giver, receiver, amount)
            amount = self.part(amount)
        row[-1].pays(amount, None, None)

    def xml(self) -> str:
        """The file."""
        body = "\n".join(self._activity(told) for told in self.told)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="2.03">\n{body}\n</iati-activities>\n'

    def _activity(self, told: Told) -> str:
        lines = "".join(self._line(*line) for line in told.lines)
        name = self.names[told.org]
        return (
            f'<iati-activity last-updated-datetime="2024-06-01T00:00:00Z" default-currency="USD" xml:lang="en">'
            f"<iati-identifier>{told.identifier}</iati-identifier>"
            f'<reporting-org ref="{told.org}" type="21"><narrative>{name}</narrative></reporting-org>'
            f"<title><narrative>{_unlike(told.identifier)}</narrative></title>"
            f'<activity-status code="2"/><activity-date type="2" iso-date="{_day(told.identifier)}"/>'
            f'<recipient-country code="ML" percentage="100"/>{lines}</iati-activity>'
        )

    def _line(self, kind: str, value: int, currency: str, day: date, org: str | None, activity: str | None) -> str:
        side = "receiver" if kind == OUT else "provider"
        other = ""
        if org or activity:
            ref = f" ref={quoteattr(org)}" if org else ""
            link = f" {side}-activity-id={quoteattr(activity)}" if activity else ""
            name = f"<narrative>{self.names[org]}</narrative>" if org in self.names else ""
            other = f"<{side}-org{ref}{link}>{name}</{side}-org>"
        return (
            f'<transaction><transaction-type code="{kind}"/><transaction-date iso-date="{day}"/>'
            f'<value currency="{currency}" value-date="{day}">{value}</value>{other}</transaction>'
        )


def build_chained(root: Path, seed: int = 20_261_127, each: int = 6) -> Path:
    """The finished edition of such a set below `root`."""
    (root / "sources").mkdir(parents=True)
    (root / "sources" / "chains.xml").write_text(Chains(seed, each).xml(), "utf-8")
    build(
        [str(root / "sources")], root / "data", BuildRequest(as_of=date(2024, 12, 31), frameworks=("un-gcts",)), jobs=1
    )
    return find_edition(root / "data")


def _unlike(identifier: str) -> str:
    """A title that is like no other, so that nothing is told in other words: the oracle knows plain signs only."""
    letters = hashlib.sha256(identifier.encode()).hexdigest().translate(str.maketrans("0123456789", "ghijklmnop"))
    return f"{letters[:9]} {letters[9:18]} {letters[18:27]}"


def _day(identifier: str) -> str:
    """A day on which an activity begins, years from that of the next."""
    return f"{2005 + int(hashlib.sha256(identifier.encode()).hexdigest(), 16) % 18}-01-01"
