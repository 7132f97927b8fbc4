"""May an edition be released? Bad structure or a missing source stops a release, never a reader.

Enters: the edition, the one that the public is shown, a viewer. Leaves: the reasons why not, as far as the viewer may
know of them: a law that is broken is named without its rows, a source that is hidden is counted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from concerted.marking import Viewer
from concerted.publish.integrity import check_edition
from concerted.publish.shown import visible_inputs
from concerted.store.edition import read_manifest


@dataclass(frozen=True)
class Reason:
    """Why an edition is not released.

    Attributes:
        kind: law = it breaks one; source = one that the public's edition has is not in it; hidden_source = as many of
            those that the viewer may not know of; build = the newest build failed, so it is not what was saved last.
        what: the law, or the source's id.
        count: how often, or how many.
    """

    kind: Literal["law", "source", "hidden_source", "build"]
    what: str = ""
    count: int = 1

    @property
    def may_be_meant(self) -> bool:
        """Whether a person may say that it is meant: a source can be left out on purpose, a law cannot be broken so."""
        return self.kind in ("source", "hidden_source")


def reasons_against(
    viewer: Viewer,
    folder: Path,
    before: Path | None,
    *,
    build_failed: bool = False,
    is_meant: bool = False,
    heard: Callable[[int, int], None] | None = None,
) -> list[Reason]:
    """Why the edition in `folder` should not follow the one in `before`; nothing where it may.

    Args:
        is_meant: somebody said that sources were left out on purpose.
        heard: told how many laws were looked at, of about how many.
    """
    found = [Reason("build")] if build_failed else []
    found += [Reason("law", f.law, f.broken) for f in check_edition(folder, heard) if not f.holds]
    if before is not None and not is_meant:
        found += missing_sources(viewer, folder, before)
    return found


def missing_sources(viewer: Viewer, folder: Path, before: Path) -> list[Reason]:
    """Sources of the edition before that are not in this one."""
    was, now = read_manifest(before), read_manifest(folder)
    gone = _sources(was["inputs"]) - _sources(now["inputs"])
    known = gone & _sources(visible_inputs(viewer, was))
    found = [Reason("source", source) for source in sorted(known)]
    return found + ([Reason("hidden_source", count=len(gone - known))] if gone - known else [])


def _sources(inputs: list[dict[str, Any]]) -> set[str]:
    return {str(entry.get("source_id") or entry["path"]) for entry in inputs}
