"""A small part of the demonstration set and its builds, for tests of editions, commands and publishing.

Two IATI files (one of version 1.05), a 3W workbook, population, and the restricted records whose words must not leak.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from concerted.build import Built, Watcher, build
from concerted.demo import write_demo
from concerted.steps import BuildRequest

FOLDERS = ("acces-restreint", "iati", "iati-ancien", "population", "presence-mali")
FILES = (
    "acces-restreint/pon-protege.xml",
    "acces-restreint/presence-partenaires.csv",
    "acces-restreint/projets-sensibles.xlsx",
    "iati-ancien/cul-1.05.xml",
    "iati/pon.xml",
    "population/population.csv",
    "presence-mali/3w-mali.xlsx",
)
AS_OF = date(2026, 9, 30)


@dataclass(frozen=True)
class Small:
    """Sources, strategy and known truth of the small set."""

    root: Path

    @property
    def sources(self) -> list[str]:
        """The folders as a user names them."""
        return [str(self.root / "sources" / name) for name in FOLDERS]

    @property
    def strategy(self) -> Path:
        """The invented strategy."""
        return self.root / "strategy.yml"

    def canaries(self) -> list[str]:
        """Words that stand in restricted records only."""
        truth = json.loads((self.root / "truth.json").read_text("utf-8"))
        return [c["word"] for c in truth["canaries"]]

    def activities(self, name: str) -> int:
        """How many activities an IATI file of the set tells."""
        return (self.root / "sources" / name).read_text("utf-8").count("<iati-activity ")

    def request(self, **more: Any) -> BuildRequest:
        """The strategy alone, as of the day of the set."""
        return BuildRequest(**({"strategy": self.strategy, "as_of": AS_OF, "frameworks": ()} | more))

    def build(self, data: Path, *, jobs: int = 1, watcher: Watcher | None = None, **more: Any) -> Built:
        """Its edition in `data`."""
        return build(self.sources, data, self.request(**more), jobs=jobs, watcher=watcher)


def write_small(root: Path, files: Sequence[str] = FILES) -> Small:
    """Write the small set below `root`, its files in the order given."""
    whole = root / "whole"
    write_demo(whole)
    for name in files:
        target = root / "sources" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(whole / "sources" / name, target)
        _describe(whole / "sources" / target.parent.name / "source.yml", target.parent, files)
    for name in ("strategy.yml", "truth.json"):
        shutil.copyfile(whole / name, root / name)
    shutil.rmtree(whole)
    return Small(root)


def _describe(description: Path, folder: Path, files: Sequence[str]) -> None:
    """The entries of a source.yml that speak of the files taken over."""
    entries = yaml.safe_load(description.read_text("utf-8"))["sources"]
    kept = [e for e in entries if any(f"{folder.name}/{name}" in files for name in e["files"])]
    for entry in kept:
        entry.get("marking", {}).pop("counted_hidden", None)  # what is hidden moves nothing here; see `count_hidden`
    text = yaml.safe_dump({"sources": kept}, allow_unicode=True, sort_keys=False)
    (folder / "source.yml").write_text(text, "utf-8")


def copy_small(small: Small, root: Path) -> Small:
    """A copy that a test may change."""
    shutil.copytree(small.root, root)
    return Small(root)


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of an edition, the manifest among them."""
    return {p.name: sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


def listing(folder: Path) -> dict[str, int]:
    """Every file below a folder with the moment of its last change, the lock aside."""
    return {
        p.relative_to(folder).as_posix(): p.stat().st_mtime_ns
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name not in (".lock", "current")
    }


def count_hidden(small: Small, *, is_on: bool) -> None:
    """Let the restricted records of a copy of the small set count, those that their partner alone sees, or not."""
    path = small.root / "sources" / "acces-restreint" / "source.yml"
    listed = yaml.safe_load(path.read_text("utf-8"))
    for entry in listed["sources"]:
        if entry["files"] == ["projets-sensibles.xlsx"]:
            entry["marking"]["counted_hidden"] = is_on
    path.write_text(yaml.safe_dump(listed, allow_unicode=True, sort_keys=False), "utf-8")
