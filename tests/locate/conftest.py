"""The reference of the shipped places, built once."""

import pytest

from concerted.codelists.places import load_place_codes, load_places
from concerted.locate.reference import Reference, build_reference


@pytest.fixture(scope="session")
def shipped() -> Reference:
    """The reference of the shipped places alone."""
    return build_reference(load_places().to_pylist(), load_place_codes())
