"""The version of the code that made something: a hash over the files whose change could change a figure."""

import hashlib
import unicodedata
from functools import cache
from importlib.metadata import version
from pathlib import Path

import concerted

#: What readers depend on. The site, the commands and the demonstration count for nothing.
READING = ("model", "codelists", "sources", "records")
#: Libraries whose release could change the bytes of a table or a rate.
LIBRARIES = (
    "duckdb", "ibis-framework", "sqlglot", "pyarrow", "numpy", "scipy", "lxml", "currencyconverter", "py3langid",
    "shapely", "babel", "rapidfuzz", "python-calamine",
)  # fmt: skip
#: Libraries that a build with `learn` depends on besides.
LEARNING = ("scikit-learn", "scipy")
EDITION = (
    *READING,
    "marking",
    "judgements",
    "store",
    "resolve",
    "chain",
    "locate",
    "classify",
    "allocate",
    "unshown",
    "picture",
)
#: What runs the steps and writes their tables; it lies beside the packages.
BUILDING = ("steps.py", "prepare.py", "issue_markings.py", "making.py", "assemble.py", "build.py")


@cache
def code_version(parts: tuple[str, ...] = EDITION) -> str:
    """16 hexadecimal digits that change when a file of these packages, or a library's release, changes."""
    root = Path(concerted.__file__).parent
    digest = hashlib.sha256()
    files = [p for part in parts for p in (root / part).rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    for path in sorted([*files, *((root / name for name in BUILDING) if parts is EDITION else ())]):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for library, release in libraries().items():
        digest.update(f"{library}={release}\0".encode())
    return digest.hexdigest()[:16]


def libraries(names: tuple[str, ...] = LIBRARIES) -> dict[str, str]:
    """The releases of what a figure depends on, the letters that Python knows among it."""
    return {name: version(name) for name in names} | {"unicode": unicodedata.unidata_version}
