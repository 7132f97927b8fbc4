"""`concerted reconcile`: ask a person what belongs together, the answer that narrows a total most first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from concerted.cli.console import JsonOption, say, say_json
from concerted.cli.options import DEFAULT_DATA, Data, EditionName

if TYPE_CHECKING:
    from concerted.cli.questions import Ask
    from concerted.judgements.decisions import Decision

_SKIP, _UNDO, _QUIT = " ", "u", "q"


class About(StrEnum):
    """What is asked about."""

    everything = "everything"
    money = "money"
    projects = "projects"
    organisations = "organisations"


def reconcile(
    decisions: Annotated[
        Path, typer.Option("--decisions", dir_okay=False, help="Where the answers are kept, CSV; made when absent.")
    ] = Path("decisions.csv"),
    data: Data = DEFAULT_DATA,
    edition: EditionName = "current",
    about: Annotated[
        About,
        typer.Option("--about", help="money, projects told in other words, names of organisations, or everything."),
    ] = About.everything,
    book: Annotated[str, typer.Option("--book", help="spent, commitment or pledge.")] = "spent",
    by: Annotated[str, typer.Option("--by", help="Role or office that decides, kept with each answer.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="Questions of one sitting.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """Ask which activities hold the same money or are one project, and which names are one organisation.

    The answer that can move most money is asked for first; each answer is one key, and can be undone. Answers are kept
    in the decisions file at once. `concerted build --decisions FILE` makes an edition with them. With --json the
    questions are printed and nothing is asked.
    """
    from concerted.cli.questions import asks
    from concerted.judgements.decisions import read_decisions
    from concerted.marking import KEEPER
    from concerted.publish.chain import asking
    from concerted.store.edition import find_edition

    folder = find_edition(data, edition)
    known = read_decisions(decisions) if decisions.exists() else ()
    with asking(KEEPER, folder) as edition_asked:
        asked = asks(edition_asked, about.value, book, known)[:limit]
    if as_json:
        say_json([ask.row for ask in asked])
        return
    if not asked:
        say("Nothing is open: nobody has to be asked.")
        return
    sitting = Sitting(decisions, list(known), by)
    say(f"{len(asked)} questions.")
    sitting.run(asked, typer.getchar)
    say(f"{sitting.answered} answers in {decisions}. Next: concerted build ... --decisions {decisions}")


@dataclass
class Sitting:
    """One run through questions.

    Attributes:
        path: the decisions file, written after every answer.
        decisions: all that it holds.
        by: who answers.
        answered: answers of this sitting that hold.
    """

    path: Path
    decisions: "list[Decision]"
    by: str
    answered: int = 0
    _mine: list[int] = field(default_factory=list)

    def run(self, asked: "Sequence[Ask]", key: Callable[[], str]) -> None:
        """Ask, until nothing is left or the person stops."""
        at, told = 0, None
        while at < len(asked):
            ask = asked[at]
            if told != ask.answers:
                told = ask.answers
                say("  " + "  ".join(f"[{pressed}] {answer.words}" for pressed, answer in told.items()))
                say("  [space] skip   [u] undo the last answer   [q] stop")
            for line in ("", f"{at + 1}/{len(asked)}  {ask.lines[0]}", *ask.lines[1:]):
                say(line)
            pressed = key().lower()
            if pressed == _QUIT:
                return
            if pressed == _UNDO:
                at = max(at - 1, 0) if self._undo() else at
            elif pressed in ask.answers:
                self._keep(ask, pressed)
                at += 1
            elif pressed == _SKIP:
                at += 1
            else:
                say(f"  {pressed!r} is no answer; keys: {' '.join(ask.answers)} space u q")

    def _keep(self, ask: "Ask", pressed: str) -> None:
        from concerted.judgements.decisions import Decision, write_decisions

        answer = ask.answers[pressed]
        self.decisions.append(
            Decision(answer.decision, answer.left, answer.right, _today(), self.by, ask.reason, ask.about)
        )
        self._mine.append(len(self.decisions) - 1)
        self.answered += 1
        write_decisions(self.path, self.decisions)
        say(f"  kept: {answer.decision}")

    def _undo(self) -> bool:
        from concerted.judgements.decisions import undo, write_decisions

        if not self._mine:
            say("  nothing to undo in this sitting; write a day into undone_on of the file to undo an older one")
            return False
        self.decisions = list(undo(self.decisions, self._mine.pop(), _today()))
        self.answered -= 1
        write_decisions(self.path, self.decisions)
        say("  undone")
        return True


def _today() -> date:
    return date.today()  # noqa: DTZ011 (the day where the person sits)
