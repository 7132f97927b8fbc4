"""The catalogue of issue codes: how grave each is, what it says and what to do, in three languages, and what it brings.

Place on the way: data for readers of issues (pages, commands) and for step 7, which asks what mending would bring.
"""

from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from concerted.model.yaml import load_yaml

#: What mending an issue does to the picture: money or activities are placed, classified, and so on.
Gain = Literal["placed", "classified", "confirmed", "valued", "dated", "counted_once", "read"]
GAINS: tuple[Gain, ...] = get_args(Gain)


@cache
def catalogue() -> dict[str, Any]:
    """Every issue code: severity, message and action by language, and `brings` where mending moves a figure."""
    return dict(load_yaml(files("concerted.codelists").joinpath("issues.yml").read_text("utf-8")))


@cache
def gain_of_code() -> dict[str, Gain]:
    """Code -> what mending it brings; codes that move no figure are left out."""
    return {code: entry["brings"] for code, entry in catalogue().items() if "brings" in entry}
