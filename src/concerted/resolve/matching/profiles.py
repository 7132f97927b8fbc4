"""What the data says of somebody beside the name: kind, countries, who names him, with whom he works.

Place on the way: resolve, inner. Enters: one row per way to name somebody, and what stands beside it. Leaves: profiles
that can be compared. Evidence flows from open to narrow: a profile is made of the rows that its reader may see.
"""

from collections import Counter
from dataclasses import dataclass, field

from concerted.resolve.matching.lexicon import home_country


@dataclass
class Profile:
    """One reference or one name without reference.

    Attributes:
        key: `ref:XM-DAC-41114` or `name:folded name`, as in `resolve.organisations`.
        names: spellings as written, with how often they occur.
        types: OrganisationType codes given beside them.
        work: ISO codes of the recipient countries of the statements, with their number.
        publishers: references of those who name it.
        partners: keys of the others in the same statements, with the number of statements.
    """

    key: str
    names: Counter[str] = field(default_factory=Counter)
    types: set[str] = field(default_factory=set)
    work: Counter[str] = field(default_factory=Counter)
    publishers: set[str] = field(default_factory=set)
    partners: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Profile") -> None:
        """Take in what another view says of the same key."""
        self.names.update(other.names)
        self.types |= other.types
        self.work.update(other.work)
        self.publishers |= other.publishers
        self.partners.update(other.partners)

    @property
    def seat(self) -> str | None:
        """Country of the register that gave the reference; None for names and international lists."""
        kind, _, ref = self.key.partition(":")
        return home_country(ref) if kind == "ref" else None

    @property
    def homes(self) -> frozenset[str]:
        """Countries of those who name it, as far as their references tell."""
        return frozenset(home for ref in self.publishers if (home := home_country(ref)))
