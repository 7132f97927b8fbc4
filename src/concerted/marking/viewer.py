"""Who looks: the public, or a signed-in person of an organisation."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Viewer:
    """The one who asks. The default is the public.

    Attributes:
        person: the account's id; null = not signed in.
        organisation: id of the person's organisation.
        groups: sharing groups of which that organisation is a member.
        is_keeper: holds the files, so nothing can be kept from him; command line only, no request is ever it.
        roles: roles and duties that the person holds (secretariat, editor, ..); they open actions, never records.
        within: who really looks, where this is somebody else's eyes: nothing is seen that he does not see himself.
    """

    person: str | None = None
    organisation: str | None = None
    groups: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    is_keeper: bool = False
    within: "Viewer | None" = None

    @property
    def is_public(self) -> bool:
        """Nobody is signed in: groups and organisation, if given at all, then count for nothing."""
        return not self.person

    @property
    def is_told_few(self) -> bool:
        """Whether counts of few people are told: to whoever is signed in, and not through the eyes of the public."""
        return not self.is_public and (self.within is None or self.within.is_told_few)

    def is_of(self, organisation: str) -> bool:
        """Whether what is an organisation's own is this viewer's: he is of it, and so is whoever looks through him."""
        if self.is_public or self.organisation != organisation:
            return False
        return self.within is None or self.within.is_of(organisation)


PUBLIC = Viewer()
KEEPER = Viewer(person="keeper", is_keeper=True)
