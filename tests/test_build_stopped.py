"""A build that is killed or stopped leaves the edition before it, nothing half-written, and the next build succeeds."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from builds import Small, copy_small
from concerted.publish.integrity import check_edition
from concerted.sources.cache import PACK
from concerted.store.edition import current_edition

pytestmark = pytest.mark.slow

KILLS = 12
COMMAND = (sys.executable, "-c", "from concerted.cli.main import main; main()")


def start(small: Small, data: Path, jobs: int = 2) -> subprocess.Popen[str]:
    """A build in a process group of its own, as a terminal would start it."""
    arguments = ("build", *small.sources, "--data", str(data), "--strategy", str(small.strategy), "--jobs", str(jobs))
    return subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def succeed(process: subprocess.Popen[str]) -> None:
    """Wait for a build that must succeed."""
    _, told = process.communicate(timeout=300)
    assert process.returncode == 0, told


def rename_an_activity(small: Small, number: int) -> None:
    path = small.root / "sources" / "iati" / "pon.xml"
    path.write_text(path.read_text("utf-8").replace("<narrative>", f"<narrative>{number} ", 1), "utf-8")


def leftovers(data: Path) -> list[str]:
    return [p.name for p in data.rglob("*") if p.name.startswith((".staging-", ".reading-", ".current-"))]


def half_editions(data: Path) -> list[str]:
    """Editions by name that are not whole; what is being made has a name that starts with a dot."""
    folders = [p for p in (data / "editions").iterdir() if not p.name.startswith(".")]
    return [p.name for p in folders if not all(f.holds for f in check_edition(p))]


@pytest.fixture
def built(small: Small, tmp_path: Path) -> tuple[Small, Path]:
    """A copy of the small set with a first edition; its files may be changed."""
    copy = copy_small(small, tmp_path / "set")
    succeed(start(copy, tmp_path / "data"))
    return copy, tmp_path / "data"


def test_a_killed_build_leaves_the_edition_before_it_and_the_next_succeeds(built: tuple[Small, Path]) -> None:
    small, data = built
    rename_an_activity(small, 0)
    began = time.monotonic()
    succeed(start(small, data))
    whole = time.monotonic() - began
    moments = random.Random(20).sample(range(1, 100), KILLS)  # noqa: S311
    killed = 0
    for number, moment in enumerate(moments, start=1):
        rename_an_activity(small, number)
        served = current_edition(data)
        process = start(small, data)
        time.sleep(whole * moment / 100)
        process.send_signal(signal.SIGKILL)
        process.wait()
        # Killed between the last rename and its end, a build has published: then the new edition is whole.
        killed += current_edition(data) == served
        assert half_editions(data) == []
    assert killed >= KILLS // 2, "most builds were done before they were killed: the test tests nothing"
    succeed(start(small, data))
    assert leftovers(data) == []
    assert current_edition(data) != served


def wait_for(process: subprocess.Popen[str], seen: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not seen():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.mark.parametrize("moment", ["reading", "steps"])
def test_ctrl_c_stops_with_130_and_leaves_nothing_half_written(built: tuple[Small, Path], moment: str) -> None:
    small, data = built
    served = current_edition(data)
    rename_an_activity(small, 1)
    inputs_before = len(list((data / "cache" / "read").iterdir()))
    process = start(small, data)
    if moment == "reading":
        wait_for(process, lambda: any((data / "cache" / "read").glob(".reading-*")))
    else:
        wait_for(process, lambda: any((data / "editions").glob(".staging-*/core_location.parquet")))
    os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to the whole group, the workers among it
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130, told
    assert told.strip().splitlines()[-1] == "stopped; nothing half-written was left"
    assert "Traceback" not in told
    assert leftovers(data) == []
    assert half_editions(data) == []
    assert current_edition(data) == served
    whole = [p for p in (data / "cache" / "read").iterdir() if (p / PACK).is_file()]
    assert len(whole) == len(list((data / "cache" / "read").iterdir())) == inputs_before + (moment == "steps")
    succeed(start(small, data))


def test_workers_of_a_killed_build_do_not_outlive_it(built: tuple[Small, Path]) -> None:
    small, data = built
    for path in (small.root / "sources" / "iati").glob("*.xml"):
        for number in range(40):
            (path.parent / f"copy-{number}.xml").write_bytes(path.read_bytes() + b"\n" * number)
    process = start(small, data)
    wait_for(process, lambda: len(members(process.pid)) > 1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 5
    while members(process.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert members(process.pid) == []


def members(group: int) -> list[int]:
    """Living processes of a process group (Linux)."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(int(folder.name))
    return found
