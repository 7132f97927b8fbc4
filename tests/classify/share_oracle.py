"""The share rule of docs/explanation/labels.md in plain Python, written apart from the expressions it checks."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from concerted.model.tables import ONE, UNCLASSIFIED


def cut(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` by weights with cumulative rounding (half up)."""
    total, done, before, parts = sum(weights), 0, 0, []
    for weight in weights:
        done += weight
        upto = (2 * amount * done + total) // (2 * total)
        parts.append(upto - before)
        before = upto
    return parts


def code_weights(pcts: Sequence[float | None]) -> list[int]:
    """Weights in ten-thousandths of a per cent: given ones as they are, the others share what is left of 100."""
    given = [None if p is None else round(p * 10_000) for p in pcts]
    known = sum(g for g in given if g is not None)
    missing = given.count(None)
    if known == 0 or missing == len(given):
        return [1] * len(given)
    rest = max(0, 1_000_000 - known)
    return [rest // missing if g is None else g for g in given]


def spread(
    sectors: Sequence[tuple[str, float | None]],
    points: Mapping[str, Mapping[str, int]],
    aims: Mapping[str, int],
) -> dict[str, int]:
    """Node -> share for codes of one vocabulary.

    Args:
        sectors: (code, percentage) in the order given.
        points: code -> node -> probability in millionths, held nodes only.
        aims: node -> probability of what words, markers and tags say.
    """
    shares: dict[str, int] = defaultdict(int)
    if sectors:
        for (code, _), part in zip(sectors, cut(ONE, code_weights([p for _, p in sectors])), strict=True):
            nodes = sorted(points.get(code, {}))
            if nodes:
                for node, share in zip(nodes, cut(part, [points[code][n] for n in nodes]), strict=True):
                    shares[node] += share
    left = ONE - sum(shares.values())
    if left and aims:
        for node, share in zip(sorted(aims), cut(left, [aims[n] for n in sorted(aims)]), strict=True):
            shares[node] += share
    elif left:
        shares[UNCLASSIFIED] += left
    return {node: share for node, share in shares.items() if share}
