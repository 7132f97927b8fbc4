"""The registry, opened for a command."""

import logging
from importlib.util import find_spec
from pathlib import Path

from concerted.model.errors import ConfigError


def need_web() -> None:
    """Refuse where the extra `web` is not installed.

    Raises:
        ConfigError: it is not.
    """
    if find_spec("django") is None:
        raise ConfigError("the registry needs the extra `web`; run: pip install 'concerted[web]'")


def open_registry(data: Path) -> None:
    """Set Django up over the registry of a data folder.

    Raises:
        ConfigError: the extra `web` is not installed, a setting is wrong, or the folder is not there.
    """
    need_web()
    if not data.is_dir():
        raise ConfigError(f"{data} is no folder; expected the data folder of an installation")
    from concerted.web.config.standalone import set_up

    set_up(data)
    logging.getLogger("django.db").setLevel(logging.CRITICAL)  # what fails is said by the command


def make_ready() -> None:
    """Bring the registry up to date before a command writes to it.

    Raises:
        ConfigError: it cannot be reached or written.
    """
    from concerted.web.config.prepare import prepare_registry

    problem = prepare_registry()
    if problem:
        raise ConfigError(f"the registry cannot be used: {problem}; concerted doctor says what to do")
