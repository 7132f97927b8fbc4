"""One small edition for all tests that look at a finished one, and the one site that they share.

A fixture that lives as long as the session stands here and nowhere else: in two places it would be made twice.
"""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from builds import Small, write_small
from chained import build_chained
from web.registry_database import postgresql_databases, sqlite_databases
from web.site import site

__all__ = ["chained", "postgresql_databases", "site", "small", "small_data", "sqlite_databases"]

# How long an example takes says something of the machine, and nothing of the code.
settings.register_profile("concerted", deadline=None)
settings.load_profile("concerted")

# Spark's Java lives for a minute in a test: its second compiler and its many collectors take longer than they save.
JAVA = "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -XX:+UseSerialGC -XX:MetaspaceSize=256m"
os.environ.setdefault("JDK_JAVA_OPTIONS", JAVA)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """The small set; not to be changed."""
    return write_small(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def small_data(small: Small, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that holds the edition of the small set; not to be changed."""
    data = tmp_path_factory.mktemp("small-data") / "data"
    small.build(data)
    return data


@pytest.fixture(scope="session")
def chained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The edition of many small chains of money; not to be changed."""
    return build_chained(tmp_path_factory.mktemp("chained"))
