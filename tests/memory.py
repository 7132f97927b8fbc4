"""How much memory something takes at most."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


@dataclass
class Memory:
    """`most`: MiB that this process held at most, beyond what it held before; known once the block has ended."""

    most: int = 0


@contextmanager
def watched() -> Iterator[Memory]:
    """Watch this process; skips where the kernel does not tell."""
    if not _CLEAR.exists():
        pytest.skip("this kernel does not tell how much memory a process held at most")
    _CLEAR.write_text("5")  # the high-water mark falls to what is held now (proc(5))
    before, found = _mib("VmRSS"), Memory()
    yield found
    found.most = _mib("VmHWM") - before


def _mib(name: str) -> int:
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) // 1024
