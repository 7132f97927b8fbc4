"""Calls run one after another, and the first that fails stops those behind it."""

import gc
import threading
import time
import weakref

import pytest

from concerted.store.line import Line, LineStoppedError


def a_line() -> Line:
    return Line(lambda: None)


def fail() -> None:
    raise ValueError("broken")


def test_calls_run_in_the_order_in_which_they_were_asked() -> None:
    line, done = a_line(), []
    for number in range(50):
        line.later(lambda n=number: done.append(n))  # type: ignore[misc]
    assert line.now(lambda: list(done)) == list(range(50))
    line.close()


def test_one_thread_alone_runs_them() -> None:
    line = a_line()
    found = {line.now(threading.get_ident) for _ in range(5)}
    assert len(found) == 1
    assert threading.get_ident() not in found
    line.close()


def test_what_fails_is_raised_by_the_next_that_waits_and_the_rest_never_runs() -> None:
    line, done = a_line(), []
    line.later(fail)
    line.later(lambda: done.append(1))
    with pytest.raises(ValueError, match="broken"):
        line.now(lambda: done.append(2))
    with pytest.raises(ValueError, match="broken"):
        line.settle()
    line.close()
    assert done == []


def test_a_failure_that_nobody_was_told_of_is_raised_by_close() -> None:
    line = a_line()
    line.later(fail)
    with pytest.raises(ValueError, match="broken"):
        line.close()


def test_a_stopped_line_interrupts_the_call_that_runs_and_closes_without_a_word() -> None:
    interrupted = threading.Event()
    line, done = Line(interrupted.set), []
    began = threading.Event()

    def wait_for_it() -> None:
        began.set()
        assert interrupted.wait(30)
        raise RuntimeError("interrupted")

    line.later(wait_for_it)
    line.later(lambda: done.append(1))
    assert began.wait(30)
    line.stop()
    with pytest.raises(LineStoppedError):
        line.settle()
    line.close()
    assert done == []


def test_a_call_may_be_asked_for_by_the_garbage_collector_on_any_thread() -> None:
    class Cycle:
        def __init__(self) -> None:
            self.me = self

    line, dropped = a_line(), []
    for number in range(200):
        cycle = Cycle()
        weakref.finalize(cycle, line.later, lambda n=number: dropped.append(n))
        del cycle
        line.later(lambda: gc.collect(0))
    gc.collect()
    deadline = time.monotonic() + 30
    while len(dropped) < 200 and time.monotonic() < deadline:
        line.settle()
    assert sorted(dropped) == list(range(200))
    line.close()
