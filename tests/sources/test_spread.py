"""Workers give what the process itself gives, and do not load what they do not need."""

import subprocess
import sys

from concerted.sources.spread import in_workers


def double(number: int) -> int:
    return 2 * number


def has_loaded_pandas() -> bool:
    import pyarrow as pa

    pa.array([1])
    return "pandas" in sys.modules


def test_every_task_is_done_once_whatever_the_number_of_workers() -> None:
    tasks = [(n,) for n in range(7)]
    for jobs in (1, 2):
        assert sorted(in_workers(jobs)(double, tasks)) == [(n, 2 * n) for n in range(7)]


def test_a_worker_makes_arrays_without_pandas() -> None:
    code = (
        "from test_spread import has_loaded_pandas; from concerted.sources.spread import in_workers;"
        "print(sorted(in_workers(2)(has_loaded_pandas, [(), ()])))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=__file__.rpartition("/")[0], check=True, capture_output=True, text=True
    )
    assert told.stdout.strip() == "[(0, False), (1, False)]"


def test_pandas_is_still_there_for_who_asks() -> None:
    code = (
        "from concerted.sources.spread import do_without_pandas as f; f(); import pyarrow as pa;"
        "frame = pa.table({'a': [1, 2]}).to_pandas(); print(frame['a'].sum(), pa.array(frame['a']).to_pylist())"
    )
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "3 [1, 2]"
