"""The steps after reading, in their order, and the parameters that an edition is made with.

The only module that knows every step. A step is loaded when it runs, so that a command that needs none starts fast.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from concerted.codelists.frameworks import Crosswalk, Framework, load_framework, shipped_frameworks
from concerted.judgements.decisions import JUDGEMENTS, Decision, digest, in_force, read_decisions
from concerted.judgements.precedence import PRECEDENCE, Choice, precedence_digest, read_precedence
from concerted.marking.few_people import FEW_PEOPLE
from concerted.model.errors import ConfigError
from concerted.sources.run import InputReport
from concerted.sources.spread import Spread, do_without_pandas, on_executors
from concerted.store.code import LEARNING, libraries
from concerted.store.edition import file_sha256
from concerted.store.step import Step
from concerted.strategies.crosswalk_file import CROSSWALKS, crosswalk_digest, read_crosswalks, with_crosswalks

if TYPE_CHECKING:
    from concerted.store.engine import Engine

ORDER = ("resolve", "chain", "locate", "classify", "allocate", "unshown", "picture")
#: Trees of codes rather than of aims: activities are read by them, the picture is not drawn in them unless asked.
CODE_TREES = ("dac", "dac-groups", "sdg")


@dataclass(frozen=True)
class BuildRequest:
    """What a build is asked for. With inputs and code it makes the edition's id, so it holds nothing else.

    Attributes:
        strategy: file of the strategy, YAML or XLSX; null = none.
        as_of: the day the picture is for; null = the newest statement's (see `newest_day`).
        frameworks: shipped frameworks to draw besides the strategy; null = those of aims, not of codes.
        engine: `duckdb`, or `spark=MASTER`.
        memory: what DuckDB may hold before it spills.
        decisions: file of what people decided, CSV; null = none.
        decided: folder in which the site keeps what was decided on it (`JUDGEMENTS`, `CROSSWALKS`, `PRECEDENCE`);
            null = none.
        learn: also learn from the sector codes of these inputs how their texts speak of a framework's nodes.
        few_people: the least number of people that the public is told; counts from 1 to below it are suppressed.
    """

    strategy: Path | None = None
    as_of: date | None = None
    frameworks: tuple[str, ...] | None = None
    engine: str = "duckdb"
    memory: str = "4GB"
    threads: int | None = None
    learn: bool = False
    decisions: Path | None = None
    decided: Path | None = None
    few_people: int = FEW_PEOPLE

    def identity(self) -> dict[str, Any]:
        """The part of the request that can change a figure: engine, memory and threads cannot."""
        return {
            "strategy": file_sha256(self.strategy) if self.strategy else None,
            "as_of": self.as_of,
            "frameworks": list(self.framework_ids()),
            "decisions": digest(judged) if (judged := in_force(self.judgements())) else None,
            "crosswalks": crosswalk_digest(rows) if (rows := self.crosswalks()) else None,
            "precedence": precedence_digest(chosen) if (chosen := self.precedence()) else None,
            # Only there does the release of another library change a figure.
            "learn": libraries(LEARNING) if self.learn else False,
            "few_people": self.few_people,
        }

    def judgements(self) -> tuple[Decision, ...]:
        """What people decided, undone decisions too; of one pair the last said holds, and the site's stand last.

        Raises:
            ConfigError: a file is no decisions file.
        """
        files = [self.decisions] if self.decisions else []
        files += [path] if (path := self._kept(JUDGEMENTS)) else []
        return tuple(decision for path in files for decision in read_decisions(path))

    def crosswalks(self) -> tuple[Crosswalk, ...]:
        """How people of this installation relate nodes of two frameworks.

        Raises:
            ConfigError: the file is no such file.
        """
        path = self._kept(CROSSWALKS)
        return read_crosswalks(path) if path else ()

    def precedence(self) -> tuple[Choice, ...]:
        """Which of its two sources counts, by organisation and kind of money.

        Raises:
            ConfigError: the file is no such file.
        """
        path = self._kept(PRECEDENCE)
        return read_precedence(path) if path else ()

    def _kept(self, name: str) -> Path | None:
        """A file of the site's, where it keeps one."""
        path = self.decided / name if self.decided else None
        return path if path is not None and path.is_file() else None

    def framework_ids(self) -> tuple[str, ...]:
        """Shipped frameworks this request draws.

        Raises:
            ConfigError: one of them is not shipped, or there is nothing to draw the picture in.
        """
        shipped = shipped_frameworks()
        if self.frameworks == () and not self.strategy:
            raise ConfigError(f"no strategy and no framework to draw the picture in; there are: {', '.join(shipped)}")
        if self.frameworks is None:
            return tuple(f for f in shipped if f not in CODE_TREES)
        unknown = [f for f in self.frameworks if f.partition("@")[0] not in shipped]
        if unknown:
            raise ConfigError(f"no shipped framework {', '.join(unknown)}; there are: {', '.join(shipped)}")
        return self.frameworks

    def load(self) -> tuple[Framework, ...]:
        """The strategy first, then the shipped frameworks; a strategy replaces a shipped one of its id."""
        from concerted.codelists.strategy import load_strategy

        own = (replace(load_strategy(self.strategy), is_strategy=True),) if self.strategy else ()
        taken = {framework.id for framework in own}
        shipped = (load_framework(f) for f in self.framework_ids() if f not in taken)
        # One strategy at most: beside the owner's own, a shipped plan is a framework like the others.
        found = own + tuple(replace(f, is_strategy=f.is_strategy and not own) for f in shipped)
        said = self.crosswalks()
        return tuple(with_crosswalks(framework, said) for framework in found)


@dataclass(frozen=True)
class BuildContext:
    """What every step may be told: the request with its files loaded, and what the inputs say of themselves.

    `told_before` is the edition that was current when the build began, where it or one before it told totals of records
    that are not shown.
    """

    as_of: date
    frameworks: tuple[Framework, ...]
    reports: Sequence[InputReport]
    learn: bool = False
    decisions: tuple[Decision, ...] = ()
    told_before: Path | None = None
    precedence: tuple[Choice, ...] = ()
    few_people: int = FEW_PEOPLE


def steps() -> Iterator[tuple[Step, Any]]:
    """Every step's module with the function `params(context)` that makes its parameters, in order."""
    for name in ORDER:
        module = import_module(f"concerted.{name}.step")
        yield cast(Step, module), module.params


@contextmanager
def engine_for(
    request: BuildRequest, scratch: Path, remembered: Path
) -> Iterator[tuple[Callable[[], "Engine"], Spread | None]]:
    """How to open the engine that the request names, and where it reads: null = in worker processes of this machine.

    DuckDB is opened after reading, because workers are forked and an engine holds threads; a Spark session is needed
    for reading already.

    Args:
        remembered: folder for the SQL of expressions, kept from build to build.

    Raises:
        ConfigError: no such engine.
    """
    name, _, master = request.engine.partition("=")
    opened: list[Engine] = []
    try:
        if name == "spark":
            try:
                from concerted.store.spark import SparkEngine
            except ImportError as error:
                raise ConfigError(f"--engine spark needs the extra `spark` ({error}): make spark-setup") from error
            spark = SparkEngine(scratch, master or "local[*]")
            opened.append(spark)
            yield (lambda: spark), on_executors(spark.session)
        elif name == "duckdb":
            do_without_pandas()

            def open_duckdb() -> "Engine":
                from concerted.store.engine import DuckEngine

                opened.append(DuckEngine(scratch, request.threads, request.memory, remembered))
                return opened[-1]

            yield open_duckdb, None
        else:
            raise ConfigError(f"no engine {request.engine!r}; expected duckdb or spark=MASTER")
    except BaseException:
        for engine in opened:
            engine.stop()
        raise
    finally:
        for engine in opened:
            engine.close()
