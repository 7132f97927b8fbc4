"""Where the parts of inputs are read: here, in worker processes, or on the executors of a Spark cluster.

A spread is given a function and tasks, and yields (index of the task, what it returned) as they are done, in any order.
"""

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from importlib.abc import MetaPathFinder
from typing import Any, Protocol

#: prctl(2): the signal that a process gets when its parent dies.
_PR_SET_PDEATHSIG = 1


class Spread(Protocol):
    """Runs `work(*task)` for every task."""

    def __call__(self, work: Callable[..., Any], tasks: Sequence[tuple[Any, ...]]) -> Iterator[tuple[int, Any]]:
        """Yield (index, result) for each task."""
        ...


def in_workers(jobs: int) -> Spread:
    """A spread over `jobs` processes of this machine; this process itself when one is enough."""

    def run(work: Callable[..., Any], tasks: Sequence[tuple[Any, ...]]) -> Iterator[tuple[int, Any]]:
        if jobs <= 1 or len(tasks) <= 1:
            for index, task in enumerate(tasks):
                yield index, work(*task)
            return
        # Forked workers start in milliseconds; the parent holds no threads and no engine while it reads.
        context = multiprocessing.get_context("fork" if hasattr(os, "fork") else "spawn")
        with ProcessPoolExecutor(
            min(jobs, len(tasks)), mp_context=context, initializer=_follow_parent, initargs=(os.getpid(),)
        ) as pool:
            indices = {pool.submit(work, *task): index for index, task in enumerate(tasks)}
            try:
                for future in as_completed(indices):
                    yield indices[future], future.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    return run


def _follow_parent(parent: int) -> None:
    """Live and die with the build: Ctrl-C is for the parent to decide on, and a killed parent takes its workers along.

    Without the second, a worker of a killed build waits for work for ever, and the lock that it inherited keeps the
    next build out.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    do_without_pandas()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the line above
            os._exit(1)


def do_without_pandas() -> None:
    """Let pyarrow believe that there is no pandas, as long as nobody asks it for a pandas object.

    The first `pyarrow.array` of a process imports pandas, 0.6 s long, only to see whether it was given a series. It
    tries once and remembers that it failed; `to_pandas` tries again.
    """
    if "pandas" not in sys.modules:
        import pyarrow as pa

        sys.meta_path.insert(0, _NoPandas)
        try:
            pa.array([0])
        finally:
            sys.meta_path.remove(_NoPandas)


class _NoPandas(MetaPathFinder):
    @classmethod
    def find_spec(cls, name: str, *_: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(f"no module named {name!r}, for a moment")


def on_executors(session: Any) -> Spread:
    """A spread over the executors of a Spark session; they must see the same files and data folder as the driver."""

    def run(work: Callable[..., Any], tasks: Sequence[tuple[Any, ...]]) -> Iterator[tuple[int, Any]]:
        if tasks:
            numbered = session.sparkContext.parallelize(list(enumerate(tasks)), len(tasks))
            yield from numbered.map(lambda pair: (pair[0], work(*pair[1]))).toLocalIterator(prefetchPartitions=True)

    return run
