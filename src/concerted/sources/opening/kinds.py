"""The kinds that documents were found to be, remembered, so that an unchanged document need not be shown to a reader.

Place on the way: beside detecting. Enters: a document's name, hash and description. Leaves: its kind, if these and the
code of the readers are as they were; then nothing of the document is opened and no reader is loaded.
"""

import json
from hashlib import sha256
from pathlib import Path

from concerted.sources.base import SourceConfig
from concerted.store.code import READING, code_version
from concerted.store.edition import write_atomically


class KnownKinds:
    """The kinds that are kept in a folder."""

    def __init__(self, folder: Path) -> None:
        """Load what is there; what other code found is forgotten."""
        self._path, self._kinds, self._is_changed = folder / "kinds.json", dict[str, str](), False
        if self._path.is_file():
            kept = json.loads(self._path.read_text("utf-8"))
            if kept["code"] == code_version(READING):
                self._kinds = kept["kinds"]

    def get(self, name: str, digest: str, config: SourceConfig) -> str | None:
        """The kind of a document with this name, SHA-256 and description; None when it has not been found yet."""
        return self._kinds.get(_key(name, digest, config))

    def learn(self, name: str, digest: str, config: SourceConfig, kind: str) -> None:
        """Remember a kind, and that a reader has found the description right."""
        self._kinds[_key(name, digest, config)] = kind
        self._is_changed = True

    def save(self) -> None:
        """Keep what was learnt."""
        if self._is_changed:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps({"code": code_version(READING), "kinds": self._kinds}, sort_keys=True)
            write_atomically(self._path, text)


def _key(name: str, digest: str, config: SourceConfig) -> str:
    return sha256("\0".join((name, digest, config.fingerprint)).encode()).hexdigest()[:32]
