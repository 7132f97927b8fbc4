"""`concerted reconcile`: ask a person which money is the same, the answer that narrows a total most first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from concerted.cli.console import JsonOption, say, say_json
from concerted.cli.options import DEFAULT_DATA, Data, EditionName

if TYPE_CHECKING:
    from concerted.judgements.decisions import Decision
    from concerted.publish.chain import Question

#: What a key says of the pair that is asked about.
KEYS = {
    "y": ("funds", "the giver's money stands in the receiver again"),
    "n": ("different", "different money"),
    "s": ("same", "one and the same project, told twice"),
    "p": ("part_of", "the receiver is a part of the giver"),
    "f": ("successor_of", "the receiver follows the giver in time"),
}
_SKIP, _UNDO, _QUIT = " ", "u", "q"


def reconcile(
    decisions: Annotated[
        Path, typer.Option("--decisions", dir_okay=False, help="Where the answers are kept, CSV; made when absent.")
    ] = Path("decisions.csv"),
    data: Data = DEFAULT_DATA,
    edition: EditionName = "current",
    book: Annotated[str, typer.Option("--book", help="spent, commitment or pledge.")] = "spent",
    by: Annotated[str, typer.Option("--by", help="Role or office that decides, kept with each answer.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="Questions of one sitting.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """Ask about pairs of activities that may hold the same money; each answer is one key, and can be undone.

    Answers are kept in the decisions file at once. `concerted build --decisions FILE` makes an edition with them. With
    --json the questions are printed and nothing is asked.
    """
    from concerted.judgements.decisions import read_decisions
    from concerted.marking import KEEPER
    from concerted.publish.chain import asking, links, questions
    from concerted.store.edition import find_edition

    folder = find_edition(data, edition)
    known = read_decisions(decisions) if decisions.exists() else ()
    with asking(KEEPER, folder) as edition_asked:
        asked = questions(links(edition_asked, book), known)[:limit]
    if as_json:
        say_json([question_row(question) for question in asked])
        return
    if not asked:
        say("Nothing is open: no pair of activities may hold the same money without somebody having said so.")
        return
    sitting = Sitting(decisions, list(known), by)
    say(f"{len(asked)} questions, {sum(q.usd for q in asked):,.0f} USD at most between them.")
    say("  " + "  ".join(f"[{key}] {words}" for key, (_, words) in KEYS.items()))
    say("  [space] skip   [u] undo the last answer   [q] stop")
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

    def run(self, asked: "Sequence[Question]", key: Callable[[], str]) -> None:
        """Ask, until nothing is left or the person stops."""
        at = 0
        while at < len(asked):
            for line in question_lines(asked[at], at + 1, len(asked)):
                say(line)
            pressed = key().lower()
            if pressed == _QUIT:
                return
            if pressed == _UNDO:
                at = max(at - 1, 0) if self._undo() else at
            elif pressed in KEYS:
                self._keep(asked[at], KEYS[pressed][0])
                at += 1
            elif pressed == _SKIP:
                at += 1
            else:
                say(f"  {pressed!r} is no answer; keys: {' '.join(KEYS)} space u q")

    def _keep(self, question: "Question", answer: str) -> None:
        from concerted.judgements.decisions import Decision, write_decisions
        from concerted.model.ids import id_text

        giver, receiver = (id_text(end.activity_id) for end in (question.giver, question.receiver))
        # "left DECISION right": the receiver is part of, or follows, the giver.
        left, right = (receiver, giver) if answer in ("part_of", "successor_of") else (giver, receiver)
        about = f"{question.giver.title or giver} | {question.receiver.title or receiver}"
        reason = f"{question.link.sign}, {question.usd} USD at most"
        self.decisions.append(Decision(answer, left, right, _today(), self.by, reason, about))
        self._mine.append(len(self.decisions) - 1)
        self.answered += 1
        write_decisions(self.path, self.decisions)
        say(f"  kept: {answer}")

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


def question_lines(question: "Question", number: int, count: int) -> list[str]:
    """A question as it is asked."""
    from concerted.publish.chain import end_text

    link = question.link
    return [
        "",
        f"{number}/{count}  up to {question.usd:,.0f} USD  ({link.sign.replace('_', ' ')}, {link.percent} % sure)",
        f"  gives     {end_text(question.giver)}",
        f"  receives  {end_text(question.receiver)}",
    ]


def question_row(question: "Question") -> dict[str, object]:
    """A question for machines."""
    from concerted.model.ids import id_text

    return {
        "book": question.link.book,
        "sign": question.link.sign,
        "percent": question.link.percent,
        "usd_at_most": question.usd,
        "giver": id_text(question.giver.activity_id),
        "giver_identifier": question.giver.identifier,
        "giver_title": question.giver.title,
        "receiver": id_text(question.receiver.activity_id),
        "receiver_identifier": question.receiver.identifier,
        "receiver_title": question.receiver.title,
    }
