"""Organisations on real names: does a name find its organisation, are two spellings one, and how long does it take?

Run `python -m benchmarks.organisations`. Real files are looked for in `CONCERTED_REALDATA`, else `../shared/data`.
The gold sets are made at run time (`_organisation_sets.py`); weights and thresholds were chosen on the learning half
of the organisations, everything printed is of the other half. Intervals: 95 % of 1,000 draws of whole organisations.
"""

import random
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from benchmarks._organisation_pairs import Compared, Queries, compare_pairs, compare_queries
from benchmarks._organisation_sets import Gold, PairSet, data_folder, is_test, language, pair_set, read_gold
from concerted.resolve.matching.joining import JoinParams
from concerted.resolve.matching.match import match_organisations
from concerted.resolve.matching.profiles import Profile
from concerted.resolve.matching.scoring import load_weights, probability

Floats = npt.NDArray[np.float64]
PRECISION, DRAWS, SYNTHETIC = 0.95, 1000, 100_000
BANDS = ((0.0, 0.02), (0.02, 0.1), (0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 0.98), (0.98, 1.01))


@dataclass(frozen=True)
class Answer:
    """Best organisation of a query: its score, whether it is right, whether there was a right one to find."""

    truth: str
    lang: str
    score: float
    is_right: bool
    is_findable: bool


def main() -> dict[str, object]:
    """Print the tables and give the figures back."""
    gold = read_gold(data_folder())
    pairs = pair_set(gold)
    figures: dict[str, object] = {}
    queries, everything = compare_queries(gold), compare_queries(gold, only_telling=False)
    figures["a"] = names_find_organisations(gold, queries, everything)
    compared = compare_pairs(gold, pairs)
    figures["b"] = spellings_are_one(pairs, compared)
    figures["reliability"] = reliability(queries.compared)
    figures["speed"] = speed(SYNTHETIC)
    return figures


def scores(compared: Compared) -> Floats:
    """Log odds in bits by the shipped weights."""
    weights = load_weights()
    return np.array([weights.bits(levels) / 1000 for levels in compared.levels.tolist()])


def answers(queries: Queries, score: Sequence[float], *, test: bool) -> list[Answer]:
    """The best organisation of each name of one half; lead and ground are asked for, as in the program."""
    best: dict[int, dict[str, float]] = defaultdict(dict)
    carried: dict[int, set[str]] = defaultdict(set)
    for number, found, value, is_carried in zip(queries.numbers, queries.found, score, queries.grounded, strict=True):
        best[number][found] = max(best[number].get(found, -99.0), value)
        if is_carried:
            carried[number].add(found)
    result = []
    for number, (named, is_findable) in enumerate(queries.names):
        if is_test(named.truth) != test:
            continue
        ranked = sorted(best[number].items(), key=lambda item: (-item[1], item[0]))
        top, value = ranked[0] if ranked else ("", -99.0)
        if top not in carried[number] or (len(ranked) > 1 and value - ranked[1][1] < JoinParams().lead):
            value = -99.0
        name = max(named.profile.names.items(), key=lambda item: (item[1], item[0]))[0]
        result.append(Answer(named.truth, language(name), value, top == named.truth, is_findable))
    return result


def at_threshold(found: Sequence[Answer], threshold: float) -> tuple[float, float]:
    """Precision and recall; recall over names that somebody else uses too."""
    kept = [a for a in found if a.score >= threshold]
    right = sum(a.is_right for a in kept)
    return right / max(1, len(kept)), right / max(1, sum(a.is_findable for a in found))


def best_threshold(found: Sequence[Answer], precision: float = PRECISION) -> float:
    """The lowest score that keeps the precision."""
    right, threshold = 0, float("inf")
    for at, answer in enumerate(sorted(found, key=lambda a: -a.score), 1):
        right += answer.is_right
        if right >= precision * at and answer.score > -99:
            threshold = answer.score
    return threshold


def names_find_organisations(gold: Gold, queries: Queries, everything: Queries) -> dict[str, object]:
    """Set (a)."""
    print("\n(a) a name without its reference, among the names that other publishers use")
    print(f"{'':34}{'names':>7}{'precision':>20}{'recall':>20}")
    out: dict[str, object] = {}
    accept = JoinParams().accept
    ours = scores(queries.compared).tolist()
    found = answers(queries, ours, test=True)
    findable = [a for a in found if a.is_findable]
    threshold = float(np.log2(accept / (1 - accept)))
    for label, chosen in (
        ("ours, organisation used by others", findable),
        *((f"  of them {lang}", [a for a in findable if a.lang == lang]) for lang in ("en", "fr", "other")),
        ("ours, used by others or by nobody", found),
        ("ours, names of two organisations too", answers(everything, scores(everything.compared).tolist(), test=True)),
    ):
        out[label.strip()] = _print_row(label, chosen, threshold)
    for label, measure in (("nearest TF-IDF of letters", _tfidf), ("exact name", _exact)):
        learn, test = measure(gold, False), measure(gold, True)
        limit = 1.0 if measure is _exact else best_threshold(learn)
        out[label] = _print_row(label, test, limit)
    return out


def _print_row(label: str, found: Sequence[Answer], threshold: float) -> dict[str, object]:
    precision, recall = at_threshold(found, threshold)
    spread = _interval([a.truth for a in found], lambda rows: at_threshold([found[r] for r in rows], threshold))
    print(
        f"{label:34}{len(found):7}{precision:8.3f} [{spread[0][0]:.2f}, {spread[0][1]:.2f}]"
        f"{recall:8.3f} [{spread[1][0]:.2f}, {spread[1][1]:.2f}]"
    )
    return {"names": len(found), "precision": precision, "recall": recall, "intervals": spread}


def _interval(groups: Sequence[str], measure: Callable[[list[int]], tuple[float, ...]]) -> list[tuple[float, float]]:
    """95 % of draws of whole organisations, for each figure of `measure`."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, group in enumerate(groups):
        rows[group].append(row)
    names, dice = sorted(rows), random.Random(7)  # noqa: S311 - draws of a benchmark, not a secret
    draws = [measure([r for g in dice.choices(names, k=len(names)) for r in rows[g]]) for _ in range(DRAWS)]
    return [tuple(np.percentile([d[at] for d in draws], (2.5, 97.5))) for at in range(len(draws[0]))] if names else []


def _tfidf(gold: Gold, test: bool) -> list[Answer]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    entries = _telling(gold)
    folded = sorted({e.folded for e in entries})
    number = {name: at for at, name in enumerate(folded)}
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4)).fit_transform(folded)
    return _nearest(gold, test, lambda name: (vectors @ vectors[number[name]].T).toarray()[:, 0], folded)


def _exact(gold: Gold, test: bool) -> list[Answer]:
    folded = sorted({e.folded for e in _telling(gold)})
    return _nearest(gold, test, lambda name: np.array([float(other == name) for other in folded]), folded)


def _telling(gold: Gold) -> list:
    bearers: dict[str, set[str]] = defaultdict(set)
    for entry in gold.named:
        bearers[entry.folded].add(entry.truth)
    return [e for e in gold.named if len(bearers[e.folded]) == 1]


def _nearest(gold: Gold, test: bool, like: Callable[[str], Floats], folded: list[str]) -> list[Answer]:
    """Each name's likest name among those that other publishers use; findable ones only."""
    entries = _telling(gold)
    users: dict[str, set[str]] = defaultdict(set)
    bearer = {e.folded: e.truth for e in entries}
    for entry in entries:
        users[entry.folded].add(entry.publisher)
    found = []
    for entry in entries:
        others = {n for n in folded if users[n] - {entry.publisher}}
        if is_test(entry.truth) != test or entry.truth not in {bearer[n] for n in others}:
            continue
        values = like(entry.folded)
        best = max((at for at, name in enumerate(folded) if name in others), key=lambda at: (values[at], folded[at]))
        name = max(entry.profile.names.items(), key=lambda item: (item[1], item[0]))[0]
        right = bearer[folded[best]] == entry.truth
        found.append(Answer(entry.truth, language(name), float(values[best]), right, True))
    return found


def spellings_are_one(pairs: PairSet, compared: Compared) -> dict[str, object]:
    """Set (b)."""
    print("\n(b) are two spellings one organisation?")
    folded = [(pairs.spellings[p.left][1], pairs.spellings[p.right][1]) for p in pairs.pairs]
    learn, test = compared.of(test=False), compared.of(test=True)
    print(f"{int(test.sum())} pairs, {int(compared.same[test].sum())} of one organisation")
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4)).fit_transform([s[1] for s in pairs.spellings])
    cosine = np.array([(vectors[p.left] @ vectors[p.right].T)[0, 0] for p in pairs.pairs])
    measures: dict[str, Floats] = {
        "ours": scores(compared),
        "TF-IDF of letters": cosine,
        "token sort": np.array([fuzz.token_sort_ratio(a, b) for a, b in folded]),
        "Jaro-Winkler": np.array([JaroWinkler.similarity(a, b) for a, b in folded]),
        "boosted trees on seven string measures": _boosted(folded, cosine, compared, learn),
    }
    out: dict[str, object] = {}
    truths = [pairs.spellings[p.left][0] for p, chosen in zip(pairs.pairs, test, strict=True) if chosen]
    for label, values in measures.items():
        limits = np.unique(values[learn])
        threshold = max(limits, key=lambda limit: _f1(values[learn] >= limit, compared.same[learn])[0])
        said, same = values[test] >= threshold, compared.same[test]
        f1, precision, recall = _f1(said, same)
        spread = _interval(truths, lambda rows, said=said, same=same: _f1(said[rows], same[rows]))[0]
        print(
            f"{label:40} F1 {f1:.3f} [{spread[0]:.2f}, {spread[1]:.2f}]  precision {precision:.3f}  recall {recall:.3f}"
        )
        out[label] = {"f1": f1, "interval": spread, "precision": precision, "recall": recall}
    return out


def _f1(said: npt.NDArray[np.bool_], same: npt.NDArray[np.bool_]) -> tuple[float, float, float]:
    right = int((said & same).sum())
    precision, recall = right / max(1, int(said.sum())), right / max(1, int(same.sum()))
    return 2 * right / max(1, int(said.sum() + same.sum())), precision, recall


def _boosted(folded: list[tuple[str, str]], cosine: Floats, compared: Compared, learn: npt.NDArray[np.bool_]) -> Floats:
    """The peer of the issue: gradient boosting on string measures; out of fold on the learning half."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import cross_val_predict

    measures = np.array([
        [fuzz.token_sort_ratio(a, b), fuzz.token_set_ratio(a, b), fuzz.ratio(a, b), fuzz.partial_ratio(a, b),
         JaroWinkler.similarity(a, b), abs(len(a) - len(b)), near]
        for (a, b), near in zip(folded, cosine, strict=True)
    ])  # fmt: skip
    model = HistGradientBoostingClassifier(max_leaf_nodes=8, min_samples_leaf=15, random_state=0)
    same = compared.same
    values = np.zeros(len(same))
    values[learn] = cross_val_predict(model, measures[learn], same[learn], cv=5, method="predict_proba")[:, 1]
    values[~learn] = model.fit(measures[learn], same[learn]).predict_proba(measures[~learn])[:, 1]
    return values


def reliability(compared: Compared) -> list[tuple[str, int, float, float]]:
    """Of candidates said to be p, how many are one organisation."""
    print("\nof candidates said to be p, the share that is one organisation (testing half)")
    test = compared.of(test=True)
    said = np.array([probability(round(bits * 1000)) for bits in scores(compared)[test]])
    same = compared.same[test]
    table = []
    for low, high in BANDS:
        chosen = (said >= low) & (said < high)
        if chosen.any():
            row = (
                f"{low:.2f} to {min(high, 1):.2f}",
                int(chosen.sum()),
                float(said[chosen].mean()),
                float(same[chosen].mean()),
            )
            print(f"  {row[0]}: {row[1]:6} pairs, said {row[2]:.3f}, true {row[3]:.3f}")
            table.append(row)
    return table


def speed(count: int) -> dict[str, float]:
    """Processor seconds and memory for generated names: the words of real ones drawn anew, one in four misspelt."""
    profiles = generated(count)
    began = time.process_time()
    matches = match_organisations({"CLEAR": profiles})
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    joined = len(matches.same["CLEAR"])
    print(f"\n{count} names: {seconds:.0f} s of one processor, peak {peak:.0f} MB, {joined} pairs joined")
    return {"names": count, "seconds": seconds, "peak_mb": peak, "joined": joined}


def generated(count: int) -> list[Profile]:
    """Names of a country's civil society, with types and places of work."""
    dice = random.Random(11)  # noqa: S311 - a benchmark's names, not a secret
    kinds = ("Association", "Coopérative", "Union", "Réseau", "Groupement", "Foundation", "Network", "Committee")
    aims = ("développement", "femmes", "jeunes", "santé", "education", "paix", "water", "agriculture", "children")
    syllables = ("ba", "ko", "ma", "di", "sa", "ra", "to", "né", "ga", "li", "fo", "sé", "ou", "ya", "ti", "bo")
    profiles: dict[str, Profile] = {}
    while len(profiles) < count:
        own = "".join(dice.choice(syllables) for _ in range(dice.randint(2, 4))).capitalize()
        place = "".join(dice.choice(syllables) for _ in range(3)).capitalize()
        name = f"{dice.choice(kinds)} {own} pour {dice.choice(aims)} {place}"
        for spelt in (name, *([_misspelt(name, dice)] if dice.random() < 0.25 else [])):
            profiles.setdefault(spelt, Profile(f"name:{spelt.casefold()}", Counter({spelt: 1}), {"22"}))
    return list(profiles.values())[:count]


def _misspelt(name: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(name) - 1)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


if __name__ == "__main__":
    main()
