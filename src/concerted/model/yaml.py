"""YAML read with the compiled safe loader where there is one: ten times faster, same result."""

from typing import Any

import yaml

_SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_yaml(text: str) -> Any:
    """The value of a YAML document; only plain data, never objects.

    Raises:
        yaml.YAMLError: not YAML; the message has line and column.
    """
    return yaml.load(text, Loader=_SAFE)  # noqa: S506 (it is the safe loader)
