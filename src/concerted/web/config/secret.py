"""The secret key: one per installation, shared by its workers, kept over restarts.

It signs sessions and seals second factors, so whoever restores a registry needs its key too.
"""

import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from concerted.model.errors import ConfigError

FILE = "secret_key"
_LEAST = 50


def setting(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """A setting from `NAME`, or from the file that `NAME_FILE` names; empty where neither is there.

    Raises:
        ConfigError: the file cannot be read.
    """
    if environment.get(name):
        return environment[name]
    path = environment.get(f"{name}_FILE")
    if not path:
        return ""
    try:
        return Path(path).read_text("utf-8").strip()
    except OSError as error:
        raise ConfigError(f"{name}_FILE names {path}, which cannot be read ({error.strerror})") from error


def secret_key(data: Path, environment: Mapping[str, str] = os.environ) -> str:
    """The key from `CONCERTED_SECRET_KEY` (or `_FILE`), else from `DATA/secret_key`, which is made where it is missing.

    Where the folder cannot be written, a key of this process alone: the pages are served, and nobody can sign in.

    Raises:
        ConfigError: the key that was given is too short to be one.
    """
    stated = setting("CONCERTED_SECRET_KEY", environment)
    if stated:
        if len(stated) < _LEAST:
            raise ConfigError(f"CONCERTED_SECRET_KEY has {len(stated)} characters; it needs at least {_LEAST}")
        return stated
    path = data / FILE
    try:
        return _read(path) or _make(path)
    except OSError:
        return secrets.token_urlsafe(64)


def is_open_to_others(path: Path) -> bool:
    """Whether another account of this machine can read the key."""
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _read(path: Path) -> str:
    try:
        found = path.read_text("utf-8").strip()
    except FileNotFoundError:
        return ""
    if len(found) < _LEAST:
        raise ConfigError(f"{path} holds no secret key (at least {_LEAST} characters); delete it and a new one is made")
    return found


def _make(path: Path) -> str:
    """Write a new key. Two processes may start at once: the first file wins, and both use it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{FILE}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(64) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(part)
    except FileExistsError:
        pass
    finally:
        part.unlink()
    return _read(path)
