"""The same project told in other words: are planted copies found, are hidden links found again, is p what it says?

Run `python -m benchmarks.projects [EDITION]`; without an edition the real files are read and resolved first
(`CONCERTED_REALDATA`, else `../shared/data`). Publishers are in two halves; what is printed of a half was scored with
weights fitted on the other one. The shipped weights are fitted on both.
"""

import argparse
import resource
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks._built import built
from benchmarks._organisation_sets import data_folder
from benchmarks._project_pairs import Pairs, fit_heads, make_pairs
from benchmarks._project_sets import Kit, Planted, plant, read_kit
from concerted.resolve.projects.find import ProjectParams
from concerted.resolve.projects.kinds import RELATIONS, relate
from concerted.resolve.projects.scoring import Heads, probability

Floats = npt.NDArray[np.float64]
BANDS = ((0.0, 0.02), (0.02, 0.1), (0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 0.98), (0.98, 1.01))
NEAREST, SAID, DRAWS = 10, 0.5, 1000


def main() -> dict[str, Any]:
    """Print the tables and give the figures back."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("edition", nargs="?", type=Path)
    arguments = parser.parse_args([] if __name__ != "__main__" else None)
    with built(arguments.edition, data_folder() / "iati" / "publishers") as edition:
        kit = read_kit(edition)
        planted = {half: plant(kit, half) for half in (0, 1)}
        sets = {half: make_pairs(kit, planted[half]) for half in (0, 1)}
        real = make_pairs(kit)
    heads = {half: fit_heads([sets[half], real], half) for half in (0, 1)}
    figures = planted_copies(sets, planted, heads)
    figures |= hidden_links(kit, real, heads)
    figures["reliability"] = {
        "planted": reliability("planted copies, other half", _scored(sets, heads)),
        "declared": reliability("declared links alone, other half", _scored({0: real, 1: real}, heads)),
    }
    figures["relations"] = kinds(sets, planted, heads)
    figures["speed"] = speed(real)
    return figures


# --- planted copies ------------------------------------------------------------------------------------------------


def planted_copies(sets: dict[int, Pairs], planted: dict[int, Planted], heads: dict[int, Heads]) -> dict[str, Any]:
    """Precision, recall and F1 of pairs with a planted end, beside titles alone."""
    print(
        f"\nplanted copies, pairs said with p >= {SAID}\n{'':34}{'copies':>8}{'precision':>11}{'recall':>9}{'F1':>21}"
    )
    ours = {half: probability(sets[half].bits(heads[1 - half])[0]) for half in sets}
    out = {"ours": _print_f1("ours", sets, planted, {half: ours[half] >= SAID for half in sets})}
    kinds_of = sorted({kind for told in planted.values() for kind in told.same.values()})
    for kind in kinds_of:
        found = total = 0
        for half, pairs in sets.items():
            said = {key for key, p in zip(pairs.keys(), ours[half].tolist(), strict=True) if p >= SAID}
            chosen = [pair for pair, how in planted[half].same.items() if how == kind]
            found, total = found + sum(pair in said for pair in chosen), total + len(chosen)
        out[kind] = {"copies": total, "recall": found / max(total, 1)}
        print(f"  {kind:32}{total:8}{'':11}{found / max(total, 1):9.3f}")
    for half, pairs in sets.items():
        said = {key for key, p in zip(pairs.keys(), ours[half].tolist(), strict=True) if p >= SAID}
        wrong = Counter(planted[half].near[key] for key in said if key in planted[half].near)
        print(f"  nearly the same, taken for the same, half {half}: {dict(wrong)} of {len(planted[half].near)}")
        out[f"near {half}"] = dict(wrong)
    exact, tfidf = {}, {}
    for half, pairs in sets.items():
        left, right = (np.array(pairs.facts.letters.to_pylist(), object)[end] for end in (pairs.left, pairs.right))
        exact[half] = (left == right) & (left != "")
        tfidf[half] = _tfidf(pairs)
    out["exact title"] = _print_f1("exact title", sets, planted, exact)
    # The threshold of each half is chosen on the other one.
    best = {half: _best_threshold(sets[half], planted[half], tfidf[half], half) for half in sets}
    chosen = {half: tfidf[half] >= best[1 - half] for half in sets}
    out["TF-IDF of titles"] = _print_f1("TF-IDF of titles", sets, planted, chosen)
    return out


def _print_f1(
    label: str, sets: dict[int, Pairs], planted: dict[int, Planted], said: dict[int, npt.NDArray[np.bool_]]
) -> dict[str, float]:
    """Both halves together; the interval is of draws of whole originals."""
    groups: Counter[tuple[int, int]] = Counter()
    rights: Counter[tuple[int, int]] = Counter()
    saids: Counter[tuple[int, int]] = Counter()
    for half, pairs in sets.items():
        counted = pairs.is_planted & (pairs.truth >= 0) & (pairs.half == half) & said[half]
        for key, is_right in zip(np.array(pairs.keys())[counted].tolist(), pairs.truth[counted].tolist(), strict=True):
            group = (half, min(key))
            saids[group] += 1
            rights[group] += is_right == 1
        for pair in planted[half].same:
            groups[half, min(pair)] += 1
    names = sorted({*groups, *saids})
    table = np.array([(rights[n], saids[n], groups[n]) for n in names], float)
    precision, recall, f1 = _f1(table.sum(axis=0))
    dice = np.random.default_rng(7)
    draws = [_f1(table[dice.integers(0, len(table), len(table))].sum(axis=0))[2] for _ in range(DRAWS)]
    low, high = np.percentile(draws, (2.5, 97.5))
    print(f"{label:34}{int(table[:, 2].sum()):8}{precision:11.3f}{recall:9.3f}{f1:9.3f} [{low:.2f}, {high:.2f}]")
    return {"precision": precision, "recall": recall, "f1": f1, "low": float(low), "high": float(high)}


def _f1(counts: Floats) -> tuple[float, float, float]:
    right, said, there = counts
    precision, recall = right / max(said, 1), right / max(there, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def _tfidf(pairs: Pairs) -> Floats:
    titles = pairs.facts.letters.to_pylist()
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True).fit_transform(titles)
    return np.asarray(vectors[pairs.left].multiply(vectors[pairs.right]).sum(axis=1)).ravel()


def _best_threshold(pairs: Pairs, planted: Planted, score: Floats, half: int) -> float:
    counted = pairs.is_planted & (pairs.truth >= 0) & (pairs.half == half)

    def f1(threshold: float) -> float:
        said = counted & (score >= threshold)
        return _f1(np.array([(pairs.truth[said] == 1).sum(), said.sum(), len(planted.same)], float))[2]

    return max((float(t) for t in np.arange(0.2, 1.0, 0.02)), key=f1)


# --- declared links that are hidden ----------------------------------------------------------------------------------


def hidden_links(kit: Kit, real: Pairs, heads: dict[int, Heads]) -> dict[str, Any]:
    """Is a hidden link among the ten proposals of either end, or of the end that has fewer links?"""
    links = sorted(kit.links)
    degree = Counter(end for pair in links for end in pair)
    own = np.array([np.maximum(*real.bits(heads[half])) for half in (0, 1)])
    half_of = {pair: kit.half[kit.publisher[pair[0]]] for pair in links}
    ranks = {half: _ranks(real, own[1 - half]) for half in (0, 1)}
    ours = [ranks[half_of[pair]].get(pair, (99, 99)) for pair in links]
    print(f"\nhidden links between publishers, found among {NEAREST} proposals\n{'':34}{'links':>7}{'either end':>20}"
          f"{'end with fewer links':>23}")  # fmt: skip
    out: dict[str, Any] = {}
    one = [at for at, (a, b) in enumerate(links) if degree[a] == degree[b] == 1]
    for label, ranked in (("ours", ours), ("nearest TF-IDF title", _title_ranks(kit, real, links))):
        for what, chosen in (("all", range(len(links))), ("one-to-one", one)):
            out[f"{label}, {what}"] = _print_recall(f"{label}, {what}", [links[at] for at in chosen],
                                                    [ranked[at] for at in chosen], degree, kit)  # fmt: skip
    return out


def _ranks(real: Pairs, score: Floats) -> dict[tuple[int, int], tuple[int, int]]:
    """Rank of each pair among the candidates of its smaller and of its larger end."""
    ends = np.r_[real.left, real.right]
    order = np.lexsort((np.r_[real.right, real.left], -np.r_[score, score], ends))
    first = np.flatnonzero(np.diff(ends[order], prepend=-1))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order)) - np.repeat(first, np.diff(np.append(first, len(order))))
    left, right = rank[: len(score)].tolist(), rank[len(score) :].tolist()
    is_turned = (real.facts.activity[real.left] > real.facts.activity[real.right]).tolist()
    return {
        key: (b, a) if turned else (a, b) for key, a, b, turned in zip(real.keys(), left, right, is_turned, strict=True)
    }


def _title_ranks(kit: Kit, real: Pairs, links: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Rank of each end among all activities of other publishers by likeness of titles."""
    facts = real.facts
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True).fit_transform(
        facts.letters.to_pylist()
    )
    place = {activity: at for at, activity in enumerate(facts.activity.tolist())}

    def rank(one: int, other: int) -> int:
        here, there = place[one], place[other]
        likeness = np.asarray((vectors @ vectors[here].T).todense()).ravel()
        likeness[facts.org == facts.org[here]] = -1
        return int((likeness > likeness[there]).sum())

    return [(rank(a, b), rank(b, a)) for a, b in links]


def _print_recall(
    label: str, links: Sequence[tuple[int, int]], ranked: Sequence[tuple[int, int]], degree: Counter[int], kit: Kit
) -> dict[str, float]:
    either = [min(ranks) < NEAREST for ranks in ranked]
    fewer = [
        (max(ranks) if degree[a] == degree[b] else ranks[0] if degree[a] < degree[b] else ranks[1]) < NEAREST
        for (a, b), ranks in zip(links, ranked, strict=True)
    ]
    spread = [_interval(links, found) for found in (either, fewer)]
    shown = [f"{np.mean(f):7.3f} [{s[0]:.2f}, {s[1]:.2f}]" for f, s in zip((either, fewer), spread, strict=True)]
    print(f"{label:34}{len(links):7}{shown[0]:>20}{shown[1]:>23}")
    return {"links": len(links), "either": float(np.mean(either)), "fewer": float(np.mean(fewer))}


def _interval(links: Sequence[tuple[int, int]], found: Sequence[bool]) -> tuple[float, float]:
    """95 % of draws of links, those of one hub together."""
    degree = Counter(end for pair in links for end in pair)
    hubs: dict[int, list[bool]] = {}
    for pair, hit in zip(links, found, strict=True):
        hubs.setdefault(max(pair, key=lambda end: (degree[end], end)), []).append(hit)
    groups, dice = list(hubs.values()), np.random.default_rng(7)
    draws = []
    for _ in range(DRAWS):
        drawn = [hit for at in dice.integers(0, len(groups), len(groups)) for hit in groups[at]]
        draws.append(np.mean(drawn))
    low, high = np.percentile(draws, (2.5, 97.5))
    return float(low), float(high)


# --- is a probability what it says -----------------------------------------------------------------------------------


def _scored(sets: dict[int, Pairs], heads: dict[int, Heads]) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Probabilities of the likelier head, and the truth, of pairs inside each half by the other half's weights."""
    said, true = [], []
    for half, pairs in sets.items():
        same, funds = (probability(bits) for bits in pairs.bits(heads[1 - half]))
        counted = (pairs.half == half) & (pairs.truth >= 0)
        said.append(np.maximum(same, funds)[counted])
        true.append(pairs.truth[counted] == 1)
    return np.concatenate(said), np.concatenate(true)


def reliability(label: str, scored: tuple[Floats, npt.NDArray[np.bool_]]) -> list[dict[str, float]]:
    """Of links said to be p, how many are?"""
    said, true = scored
    print(f"\n{label}\n{'said':>14}{'pairs':>9}{'on average':>12}{'true':>8}")
    rows = []
    for low, high in BANDS:
        inside = (said >= low) & (said < high)
        if inside.any():
            row = {"low": low, "pairs": int(inside.sum()), "said": float(said[inside].mean()),
                   "true": float(true[inside].mean())}  # fmt: skip
            rows.append(row)
            print(f"{low:6.2f} to {min(high, 1.0):4.2f}{row['pairs']:9}{row['said']:12.3f}{row['true']:8.3f}")
    return rows


def kinds(sets: dict[int, Pairs], planted: dict[int, Planted], heads: dict[int, Heads]) -> dict[str, Any]:
    """Which relation is named: for copies, parts and second phases."""
    print("\nwhich relation is proposed")
    out: dict[str, Counter[str]] = {}
    least = ProjectParams().propose
    for half, pairs in sets.items():
        own = heads[1 - half]
        same, funds = pairs.bits(own)
        found = relate(
            pairs.facts, replace(pairs.compared, levels=pairs.levels(own)), own, same, funds, pairs.left, pairs.right
        )
        likely = probability(found.bits)
        for key, relation, p in zip(pairs.keys(), found.relation.tolist(), likely.tolist(), strict=True):
            kind = planted[half].same.get(key)
            group = ("parts" if "part" in kind else "copies") if kind else planted[half].near.get(key)
            if group:
                out.setdefault(group, Counter())[RELATIONS[relation] if p >= least else "none"] += 1
    for group, count in sorted(out.items()):
        print(f"  {group:20} {dict(count.most_common())}")
    return {group: dict(count) for group, count in out.items()}


# --- speed -----------------------------------------------------------------------------------------------------------


def speed(real: Pairs) -> dict[str, float]:
    """Processor time of finding proposals among the real activities."""
    from concerted.resolve.projects.find import find_proposals

    began = time.process_time()
    found = find_proposals(real.facts, [(0, 0)], ProjectParams())
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"\n{len(real.facts):,} activities: {seconds:.2f} s of one processor, {len(found)} proposals")
    return {"activities": len(real.facts), "seconds": seconds, "peak_gb": peak}


if __name__ == "__main__":
    main()
