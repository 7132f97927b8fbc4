"""Fit `resolve/projects/weights.json` on declared links that are hidden and on planted copies.

Run `python -m benchmarks._fit_project_weights EDITION` with an edition built from the real files. The shipped weights
are fitted on both halves; what `benchmarks.projects` prints is of weights fitted on the half that is not measured. Only
these numbers are kept; they hold nobody's text.
"""

import argparse
import json
from datetime import date
from importlib.resources import files
from pathlib import Path

from benchmarks._project_pairs import fit_heads, make_pairs, truth_of
from benchmarks._project_sets import plant, read_kit
from concerted.resolve.projects.comparison import LEVELS
from concerted.resolve.projects.scoring import Weights


def main() -> None:
    """Fit, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("edition", type=Path)
    kit = read_kit(parser.parse_args().edition)
    sets = [make_pairs(kit), *(make_pairs(kit, plant(kit, half)) for half in (0, 1))]
    heads = fit_heads(sets, None)
    shipped = {
        "made": "benchmarks/_fit_project_weights.py: logistic models on levels, thousandths of a bit",
        "on": date.today().isoformat(),  # noqa: DTZ011 - the day where the file was made
        "same": _told(heads.same) | {"learnt_from": _counts(sets, "same")},
        "funds": _told(heads.funds) | {"learnt_from": _counts(sets, "funds")},
    }
    path = Path(str(files("concerted.resolve.projects").joinpath("weights.json")))
    path.write_text(json.dumps(shipped, indent=1) + "\n")


def _counts(sets: list, relation: str) -> dict[str, int]:  # type: ignore[type-arg]
    truths = [truth_of(pairs, relation) for pairs in sets]
    return {
        "candidates": int(sum((t >= 0).sum() for t in truths)),
        "of_them_true": int(sum((t == 1).sum() for t in truths)),
    }


def _told(weights: Weights) -> dict[str, object]:
    levels = {
        name: dict(zip(codes, found.tolist(), strict=True))
        for (name, codes), found in zip(LEVELS.items(), weights.levels, strict=True)
    }
    return {"start": weights.start, "levels": levels}


if __name__ == "__main__":
    main()
