"""Results of long computations that follow from small inputs alone, kept from build to build.

Place on the way: below the steps, which stay functions of their inputs: they get what was computed before from equal
inputs by the same code, or compute it. A result is a file in `DIR/cache/<kind>/`; the latest few of a kind stay.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from concerted.store.code import code_version
from concerted.store.edition import canonical_json, write_atomically

#: So many results of a kind stay, the last used ones: going back to older files finds theirs.
LATEST = 3

Result = TypeVar("Result")
_cache: ContextVar[Path | None] = ContextVar("cache", default=None)


@contextmanager
def keeping_results(cache: Path) -> Iterator[None]:
    """Keep results below the folder `cache` while this lasts; elsewhere nothing is kept. Its lock must be held."""
    token = _cache.set(cache)
    try:
        yield
    finally:
        _cache.reset(token)


def kept(
    kind: str,
    told: object,
    compute: Callable[[], Result],
    *,
    to_plain: Callable[[Result], Any],
    from_plain: Callable[[Any], Result],
) -> Result:
    """What `compute` returns, or returned before when it was told the same.

    Args:
        kind: name of the folder.
        told: plain data from which alone the result follows.
        to_plain, from_plain: the result as JSON holds it, and back without a loss.
    """
    cache = _cache.get()
    if cache is None:
        return compute()
    folder = cache / kind
    path = folder / f"{sha256(f'{code_version()} {canonical_json(told)}'.encode()).hexdigest()[:32]}.json"
    if path.exists():
        os.utime(path)
        return from_plain(json.loads(path.read_text("utf-8")))
    result = compute()
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(to_plain(result), ensure_ascii=False))
    others = sorted((p for p in folder.iterdir() if p != path), key=lambda p: p.stat().st_mtime_ns, reverse=True)
    for old in others[LATEST - 1 :]:
        old.unlink()
    return result
