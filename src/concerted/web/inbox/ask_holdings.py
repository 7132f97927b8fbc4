"""What a partner has of needs and offers, as the rows of a sheet are taken over one after the other."""

from collections.abc import Iterator
from uuid import UUID, uuid5

from concerted.codelists.need_words import Ask as Which
from concerted.codelists.sheet_words import fold
from concerted.intake.asking import ask_key
from concerted.marking import Viewer
from concerted.statements.document import Document, main_row, main_table
from concerted.web.accounts.actions import Actor
from concerted.web.accounts.models import Partner
from concerted.web.asks.actions import begin, origins
from concerted.web.asks.models import Ask
from concerted.web.inbox.holdings import HeldKept


class HeldAsks(HeldKept):
    """See `intake.asking.AskHoldings`."""

    model = Ask

    def __init__(self, actor: Actor, owner: Partner, viewer: Viewer, sha256: str, marking_key: str) -> None:
        super().__init__(owner, viewer, sha256)
        self._actor, self._marking_key = actor, marking_key
        self._origins = origins(actor, owner)

    def _own(self) -> Iterator[tuple[UUID, int, str, list[str]]]:
        own = Ask.objects.filter(owner=self._owner).only("pk", "version", "condition", "which", "document")
        for ask in own.iterator(2_000):
            yield ask.pk, ask.version, ask.condition, self._keys(ask.document)

    def _keys(self, document: Document) -> list[str]:
        which, code = main_table(document), main_row(document).get("identifier")
        return [fold(ask_key(which, str(each))) for each in (document["record"], code) if each]

    def begin(self, code: str | None, place: str) -> Document:
        """Of which of the two says `begin_ask`."""
        raise NotImplementedError

    def begin_ask(self, which: Which, code: str | None, place: str) -> Document:
        """See `AskHoldings`. The id follows from code or file and place: the same file names the same needs."""
        name = f"{which} code\x1f{fold(code)}" if code else f"{which} place\x1f{self._sha256}\x1f{place}"
        blank = begin(self._actor, self._owner, which)
        stated = {name: value for name, value in blank[which].items() if name != "kind"}
        stated |= {"marking_key": self._marking_key} | ({"identifier": code} if code else {})
        return {"record": str(uuid5(self._owner.pk, name)), "version": 1, which: stated}

    def is_cleared(self, record: str, document: Document) -> bool:
        """See `Holdings`; due diligence of a need is a word of its own, which is no owner's."""
        return True

    def doubles(self, title: str | None, code: str | None) -> tuple[str, ...]:
        """See `Holdings`. A need is no double of an offer."""
        found = super().doubles(title, code)
        which = (code or "").partition(" ")[0]
        of_it = {str(pk) for pk in Ask.objects.filter(pk__in=found, which=which).values_list("pk", flat=True)}
        return tuple(record for record in found if record in of_it)

    def may_come_from(self, origin: str) -> bool:
        """See `AskHoldings`."""
        return origin in self._origins

    def settled(self, document: Document, before: Document | None) -> Document:
        """See `AskHoldings`."""
        return Ask.after(document, before)
