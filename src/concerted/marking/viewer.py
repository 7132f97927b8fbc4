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
    """

    person: str | None = None
    organisation: str | None = None
    groups: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    is_keeper: bool = False

    @property
    def is_public(self) -> bool:
        """Nobody is signed in: groups and organisation, if given at all, then count for nothing."""
        return not self.person


PUBLIC = Viewer()
KEEPER = Viewer(person="keeper", is_keeper=True)
