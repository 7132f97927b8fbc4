"""Calls that run one after another on a thread beside: what is next can be thought out while a query runs.

Place on the way: below the DuckDB backend. One thread alone touches the connection, in the order in which it was asked,
so a call may rely on all those before it.
"""

from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

Result = TypeVar("Result")


class LineStoppedError(Exception):
    """A call that was given up, because one before it failed or the line was stopped."""


class Line:
    """A line of calls. The first that fails stops the line: those behind it never run."""

    def __init__(self, interrupt: Callable[[], None]) -> None:
        """Open a line; `interrupt` makes the call that runs fail soon."""
        # Not an executor: tables are dropped when the garbage collector finds their expressions, which may be in the
        # middle of any call, also of `put`; a simple queue allows that, the lock of an executor does not.
        self._waiting: SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = SimpleQueue()
        self._interrupt = interrupt
        self._failure: BaseException | None = None
        self._is_told = False
        self.is_closed = False
        self._thread = Thread(target=self._work, name="line", daemon=True)
        self._thread.start()

    def later(self, call: Callable[[], object]) -> None:
        """Run `call` when all before it are done. What it raises is raised by the next `now`, `settle` or `close`."""
        self._waiting.put((call, Future()))

    def now(self, call: Callable[[], Result]) -> Result:
        """Run `call` when all before it are done, and wait for it.

        Raises:
            Exception: what the first call raised that failed.
        """
        done: Future[Result] = Future()
        self._waiting.put((call, done))
        error = done.exception()
        if error is not None:
            self._is_told = True
            raise self._failure or error
        return done.result()

    def settle(self) -> None:
        """Wait until all is done, and raise what failed."""
        self.now(lambda: None)

    def stop(self) -> None:
        """Interrupt the call that runs and give up those behind it; nobody wants to know how they fail."""
        self._is_told = True
        self._failure = self._failure or LineStoppedError("the line was stopped")
        self._interrupt()

    def close(self) -> None:
        """End the thread after the last call; raise what failed, if nobody was told."""
        self.is_closed = True
        self._waiting.put(None)
        self._thread.join()
        if self._failure is not None and not self._is_told:
            self._is_told = True
            raise self._failure

    def _work(self) -> None:
        while (waiting := self._waiting.get()) is not None:
            call, done = waiting
            if self._failure is not None:
                done.set_exception(LineStoppedError("a call before this one failed"))
                continue
            try:
                done.set_result(call())
            except BaseException as failure:  # noqa: BLE001  # whoever waits raises it
                self._failure = self._failure or failure
                done.set_exception(failure)
            # What the call holds on to is let go before the next one comes.
            del waiting, call, done
