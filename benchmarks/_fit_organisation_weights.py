"""Fit `resolve/matching/weights.json` on the learning half of the gold sets.

Run `python -m benchmarks._fit_organisation_weights`.

A logistic model, one weight per level (`_fit_levels`). Pairs of spellings count four times, as there are fewer of them
than candidates of names. At the end slope and start are fitted on candidates alone, so that a
probability means what it says where the program meets pairs. Only these numbers are kept; they hold nobody's text.
"""

import json
from importlib.resources import files
from pathlib import Path

import numpy as np

from benchmarks._fit_levels import LevelModel, calibrate
from benchmarks._organisation_pairs import compare_pairs, compare_queries
from benchmarks._organisation_sets import data_folder, pair_set, read_gold
from concerted.resolve.matching.comparison import COMPARISONS, LEVELS

PAIR_WEIGHT = 4.0
#: Levels that say that something is not known, or stand beside the order.
APART = {"known": (3,), "country": (2,), "type": (2,), "work": (2,), "named": (2,), "partners": (3,)}


def main() -> None:
    """Fit, and write the file."""
    gold = read_gold(data_folder())
    pairs = compare_pairs(gold, pair_set(gold))
    queries = compare_queries(gold).compared
    learn_pairs, learn_queries = pairs.of(test=False), queries.of(test=False)
    model = LevelModel({name: LEVELS[name] for name in COMPARISONS}, APART)
    x = np.vstack([model.design(queries.levels[learn_queries]), model.design(pairs.levels[learn_pairs])])
    y = np.concatenate([queries.same[learn_queries], pairs.same[learn_pairs]]).astype(float)
    weight = np.concatenate([np.ones(learn_queries.sum()), np.full(learn_pairs.sum(), PAIR_WEIGHT)])
    start, levels = model.fit(x, y, weight)
    candidates = model.design(queries.levels[learn_queries])
    slope, shift = calibrate(start + candidates @ levels, queries.same[learn_queries].astype(float))
    bits = 1000 / np.log(2)
    shipped = {
        "made": "benchmarks/_fit_organisation_weights.py: logistic model on levels, thousandths of a bit",
        "learnt_from": {
            "candidates": int(learn_queries.sum()), "of_them_same": int(queries.same[learn_queries].sum()),
            "pairs": int(learn_pairs.sum()), "of_pairs_same": int(pairs.same[learn_pairs].sum()),
        },
        "start": round((slope * start + shift) * bits),
        "levels": {
            name: [round(w) for w in slope * found * bits] for name, found in model.by_name(levels).items()
        },
    }  # fmt: skip
    path = Path(str(files("concerted.resolve.matching").joinpath("weights.json")))
    path.write_text(json.dumps(shipped, indent=1) + "\n")
    print(json.dumps(shipped["learnt_from"]), "slope", round(slope, 3))


if __name__ == "__main__":
    main()
