"""Small worlds drawn by chance in which nearly everything is shared by some."""

import numpy as np
import pyarrow as pa

from concerted.resolve.projects.facts import NO_DAY, NO_SUM, SETS, Facts
from concerted.resolve.projects.sets import Sets

WORDS = ("#2", "#3", "'2020", "'2021", "=north", "=south", "=women", "@ML", "@NE",
         "bamako", "gao", "kayes", "kidal", "mopti", "segou", "sikaso", "taoude", "tombou")  # fmt: skip
CODES = ("12345678", "2020", "AB12", "CD3456789", "EF99887766", "X1Y2Z3")


def made_facts(seed: int, activities: int = 40) -> Facts:
    """An activity is new, or tells of one before it with a little changed; some under narrower markings too."""
    dice = np.random.default_rng(seed)
    names = {
        "words": pa.array(WORDS), "codes": pa.array(CODES), "orgs": pa.array(np.arange(6) * 10, pa.int64()),
        "countries": pa.array(["ML", "NE"]), "places": pa.array([f"place {n}" for n in range(8)]),
        "sectors": pa.array(["110", "150", "720"]), "amounts": pa.array([f"USD {n}" for n in range(12)]),
    }  # fmt: skip
    told: list[dict[str, set[int]]] = []
    days: list[tuple[int, int, int]] = []
    for at in range(activities):
        sets = {
            name: set(dice.integers(0, len(names[kind]), dice.integers(0, 4)).tolist()) for name, kind in SETS.items()
        }
        sets["title"] = set(dice.integers(0, len(WORDS), dice.integers(1, 7)).tolist())
        start = NO_DAY if dice.random() < 0.1 else int(dice.integers(18_000, 19_500))
        day = (start, NO_DAY if start == NO_DAY else start + 400, int(dice.choice([NO_SUM, 1_000, 10_000, 10_500])))
        if at and dice.random() < 0.6:
            other = int(dice.integers(0, at))
            sets |= {name: told[other][name] for name in SETS if dice.random() < 0.8}
            day = days[other] if dice.random() < 0.5 else day
        told.append(sets)
        days.append(day)
    title = [" ".join(sorted(WORDS[word] for word in sets["title"])) for sets in told]
    columns = [np.array(column, np.int64) for column in zip(*days, strict=True)]
    activity = np.sort(dice.choice(1000, activities))
    mark = np.zeros(activities, np.int64)
    # One activity under several marks stands in rows one after the other.
    for at in range(1, activities):
        mark[at] = mark[at - 1] + 1 if activity[at] == activity[at - 1] else int(dice.random() < 0.3)
    return Facts(
        activity, mark, dice.integers(0, 6, activities) * 10, *columns, pa.array(title), pa.array(title),
        {name: _sets(told, name, len(names[kind])) for name, kind in SETS.items()}, names,
    )  # fmt: skip


def _sets(told: list[dict[str, set[int]]], name: str, width: int) -> Sets:
    rows = np.array([(at, value) for at, sets in enumerate(told) for value in sets[name]], np.int64).reshape(-1, 2)
    return Sets.of(rows[:, 0], rows[:, 1], len(told), width)
