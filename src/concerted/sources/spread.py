"""Where the parts of inputs are read: here, in worker processes, or on the executors of a Spark cluster.

A spread is given a function and tasks, and gives (index of the task, what it returned) as they are done, in any order.
"""

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from importlib.abc import MetaPathFinder
from typing import Any, Protocol

#: prctl(2): the signal that a process gets when its parent dies.
_PR_SET_PDEATHSIG = 1


class Results(Protocol):
    """What tasks returned, with their index, as they are done."""

    def __iter__(self) -> Iterator[tuple[int, Any]]:
        """Itself."""
        ...

    def __next__(self) -> tuple[int, Any]:
        """(index, result) of the task that was done next."""
        ...

    def close(self) -> object:
        """Give up the tasks that have not begun."""
        ...


class Spread(Protocol):
    """Runs `work(*task)` for every task."""

    def __call__(self, work: Callable[..., Any], tasks: Sequence[tuple[Any, ...]]) -> Results:
        """(index, result) for each task."""
        ...


def in_workers(jobs: int, meanwhile: Callable[[], object] = lambda: None) -> Spread:
    """A spread over `jobs` processes of this machine; this process itself when there is to be one.

    Workers are forked and begin when the spread is called, not when the first result is asked for: what the parent does
    in between costs no time, and it may then hold threads.

    Args:
        meanwhile: what this process does as soon as its workers have begun.
    """

    def run(work: Callable[..., Any], tasks: Sequence[tuple[Any, ...]]) -> Results:
        if jobs <= 1 or not tasks:
            return _here(work, tasks)
        results = _Workers(min(jobs, len(tasks)), work, tasks)
        meanwhile()
        return results

    return run


def _here(work: Callable[..., Any], tasks: Sequence[tuple[Any, ...]]) -> Generator[tuple[int, Any], None, None]:
    for index, task in enumerate(tasks):
        yield index, work(*task)


class _Workers:
    """Tasks that worker processes have begun to do."""

    def __init__(self, jobs: int, work: Callable[..., Any], tasks: Sequence[tuple[Any, ...]]) -> None:
        # Forked workers start in milliseconds; the parent holds no threads and no engine when it forks.
        context = multiprocessing.get_context("fork" if hasattr(os, "fork") else "spawn")
        self._pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_follow_parent, initargs=(os.getpid(),))
        self._indices = {self._pool.submit(work, *task): index for index, task in enumerate(tasks)}
        self._done = as_completed(self._indices)

    def __iter__(self) -> "_Workers":
        return self

    def __next__(self) -> tuple[int, Any]:
        try:
            future = next(self._done)
            return self._indices[future], future.result()
        except StopIteration:
            self._pool.shutdown()
            raise
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


def _follow_parent(parent: int) -> None:
    """Live and die with the build: Ctrl-C is for the parent to decide on, and a killed parent takes its workers along.

    Without the second, a worker of a killed build waits for work for ever, and the lock that it inherited keeps the
    next build out.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()  # to look through what the parent had would copy the pages it stands on
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

    def run(work: Callable[..., Any], tasks: Sequence[tuple[Any, ...]]) -> Generator[tuple[int, Any], None, None]:
        if tasks:
            numbered = session.sparkContext.parallelize(list(enumerate(tasks)), len(tasks))
            yield from numbered.map(lambda pair: (pair[0], work(*pair[1]))).toLocalIterator(prefetchPartitions=True)

    return run
