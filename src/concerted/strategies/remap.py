"""Where the lines of an older version go in a newer one, and what becomes of totals. Exact to the cent.

Enters: two frameworks, and for each line of the older one its shares in lines of the newer. Leaves: what is wrong with
it; totals after it; and the words of the older version as words of the newer one, which a build reads.

No record is orphaned: *every* line of the older version goes somewhere, whole. Asking only those on which somebody
counts would tell whoever asks that hidden records exist there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from concerted.codelists.frameworks import WHOLE, FormerCode, FormerPlace, Framework, Node
from concerted.codelists.sheet_words import fold
from concerted.model.trees import ancestor_chains

#: Line of the newer version -> its share of the older line, in parts of `WHOLE`.
Shares = Mapping[str, int]
#: Line of the older version -> its shares.
Remap = Mapping[str, Shares]
Fault = Literal["missing", "unknown_line", "sum", "share", "id_lives_on"]


@dataclass(frozen=True)
class Problem:
    """What is wrong with where a line goes.

    Attributes:
        fault: `missing`: it goes nowhere; `unknown_line`: to a line that is not there; `sum`: shares do not sum to the
            whole; `share`: one is not above zero; `id_lives_on`: the newer version has a line of the same id, so who
            says this id means that line, and it can go nowhere else.
        value: the line that is not there, or the sum.
    """

    node_id: str
    fault: Fault
    value: str = ""


def problems(old: Framework, new: Framework, remap: Remap) -> list[Problem]:
    """Everything for which a remap cannot be kept, in the order of the older tree; empty = it is whole."""
    lines = {node.id for node in new.nodes}
    found: list[Problem] = []
    for node in old.nodes:
        shares = remap.get(node.id) or {}
        if not shares:
            found.append(Problem(node.id, "missing"))
            continue
        found += [Problem(node.id, "unknown_line", each) for each in shares if each not in lines]
        found += [Problem(node.id, "share", each) for each, share in shares.items() if share <= 0]
        if (total := sum(shares.values())) != WHOLE:
            found.append(Problem(node.id, "sum", str(total)))
        if node.id in lines and dict(shares) != {node.id: WHOLE}:
            found.append(Problem(node.id, "id_lives_on"))
    return found


def suggested(old: Framework, new: Framework) -> dict[str, Shares]:
    """Where lines clearly go: to the line of the same id; else to the only one of the same name in some language."""
    names: dict[str, set[str]] = {}
    for node in new.nodes:
        for name in node.name.values():
            names.setdefault(fold(name), set()).add(node.id)
    found: dict[str, Shares] = {}
    lines = {node.id for node in new.nodes}
    for node in old.nodes:
        if node.id in lines:
            found[node.id] = {node.id: WHOLE}
            continue
        same = {each for name in node.name.values() for each in names.get(fold(name), ())}
        if len(same) == 1:
            found[node.id] = {same.pop(): WHOLE}
    return found


def split(amount: int, shares: Shares) -> dict[str, int]:
    """An amount over lines, by cumulative rounding in the order of their ids: the parts sum to it exactly.

    Args:
        amount: in cents or pieces; may be negative.
    """
    parts: dict[str, int] = {}
    upto = given = 0
    for line in sorted(shares):
        upto += shares[line]
        until = _rounded(amount * upto, WHOLE)
        parts[line] = until - given
        given = until
    return parts


def _rounded(value: int, by: int) -> int:
    """To the nearest whole, halves away from zero."""
    size, rest = divmod(abs(value), by)
    size += 2 * rest >= by
    return size if value >= 0 else -size


def totals_after(before: Mapping[str, int], remap: Remap) -> dict[str, int]:
    """Totals by line after the remap; what belongs to no line (`UNCLASSIFIED`) stays where it is.

    Args:
        before: cents by line of the older version, each line's own without what stands below it.
    Returns:
        By line of the newer version; the sum is that of `before`.
    """
    after: dict[str, int] = {}
    for line, amount in before.items():
        shares = remap.get(line)
        for to, part in (split(amount, shares) if shares else {line: amount}).items():
            after[to] = after.get(to, 0) + part
    return after


def rolled_up(own: Mapping[str, int], framework: Framework) -> dict[str, int]:
    """Totals of each line with everything below it."""
    chains = ancestor_chains({node.id: node.parent_id for node in framework.nodes})
    found = dict.fromkeys(chains, 0)
    for line, amount in own.items():
        for above in chains.get(line, ()):
            found[above] += amount
    return found


def composed(first: Remap, second: Remap) -> dict[str, Shares]:
    """From the oldest version to the newest over the one between; shares sum to the whole as before."""
    found: dict[str, Shares] = {}
    for line, shares in first.items():
        over: dict[str, int] = {}
        for between, share in shares.items():
            for to, part in split(share, second[between]).items():
                over[to] = over.get(to, 0) + part
        found[line] = {to: part for to, part in over.items() if part}
    return found


@dataclass(frozen=True)
class Step:
    """A remap as it was decided: from a version to the next one that was adopted, by whom and when."""

    old: Framework
    remap: Remap
    said_by: str
    said_on: date


def with_former(new: Framework, steps: Sequence[Step]) -> Framework:
    """The version in force with the words of all before it, so that what is said in them is still understood.

    Args:
        steps: the remaps from the oldest version to `new`, in their order.
    """
    rows: list[FormerCode] = []
    onward: Remap | None = None
    for step in reversed(steps):
        onward = dict(step.remap) if onward is None else composed(step.remap, onward)
        rows += _former_codes(step, onward, new)
    once: dict[tuple[str, str, str | None, str | None], str] = {}
    kept = []
    for row in rows:  # of one word the newest version's meaning; the newest stand first
        word = (row.place, fold(row.code), row.vocabulary_uri, row.column)
        if once.setdefault(word, row.version) == row.version:
            kept.append(row)
    return replace(new, former_codes=tuple(kept))


def _former_codes(step: Step, remap: Remap, new: Framework) -> Iterator[FormerCode]:
    """Every word of a version, unless two of its lines have it: then nobody can say which one is meant.

    An id is never in doubt: by it records name their line.
    """
    words: dict[tuple[FormerPlace, str, str | None, str | None], tuple[str, set[str]]] = {}
    for place, code, uri, column, node_id in _words(step.old):
        _code, lines = words.setdefault((place, fold(code), uri, column), (code, set()))
        lines.add(node_id)
    for node in step.old.nodes:
        words["node", fold(node.id), None, None] = (node.id, {node.id})
    present = {(place, fold(code), uri, column) for place, code, uri, column, _ in _words(new)}
    for (place, _folded, uri, column), (code, lines) in sorted(words.items(), key=lambda w: tuple(map(str, w[0]))):
        if len(lines) > 1 or (place, _folded, uri, column) in present:
            continue
        for to, share in sorted(remap[next(iter(lines))].items()):
            yield FormerCode(step.old.version, place, code, to, share, step.said_by, step.said_on, uri, column)


def _words(framework: Framework) -> Iterator[tuple[FormerPlace, str, str | None, str | None, str]]:
    """(place, word, vocabulary_uri, column, line) of everything by which somebody may name a line."""
    for node in framework.nodes:
        for word in dict.fromkeys((node.id, node.code, *node.name.values())):
            yield "node", word, None, None, node.id
    for own in framework.own_codes:
        yield "node", own.code, None, None, own.node_id
        if own.column is None:
            yield "own", own.code, own.vocabulary_uri, None, own.node_id
        else:
            yield "column", own.code, None, own.column, own.node_id


@dataclass(frozen=True)
class Collision:
    """A word of the older version that the newer one has too, for a line to which the older one's does not go."""

    word: str
    old: Node
    new: Node


def collisions(old: Framework, new: Framework, remap: Remap) -> list[Collision]:
    """Words that will be read otherwise than they were meant: the newer version's meaning holds for everybody.

    For the owner to give the newer line another number, or its vocabulary another address.
    """
    meant = {(place, fold(word), uri, column): line for place, word, uri, column, line in _words(new)}
    found: dict[tuple[str, str], Collision] = {}
    for place, word, uri, column, line in _words(old):
        other = meant.get((place, fold(word), uri, column))
        if other is not None and other not in (remap.get(line) or {}):
            found.setdefault((line, fold(word)), Collision(word, old.node(line), new.node(other)))
    return list(found.values())


def shares_text(shares: Shares) -> str:
    """`A 60 + B 40`, per cent."""
    return " + ".join(f"{line} {percent_text(share)}" for line, share in shares.items())


def percent_text(share: int) -> str:
    """A share as per cent, without zeros at its end."""
    return f"{share / 10_000:.4f}".rstrip("0").rstrip(".")


def lines_of(framework: Framework, ids: Iterable[str]) -> list[Node]:
    """Lines in the order of the tree."""
    wanted = set(ids)
    return [node for node in framework.nodes if node.id in wanted]
