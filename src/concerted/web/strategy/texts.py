"""A strategy from an uploaded file, with everything that is wrong with it; and from and to the text that is kept.

The reader of strategies reads files, so what is uploaded stands in a private temporary folder while it is read.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import cast

from django.utils.translation import gettext

from concerted.codelists.frameworks import Framework, Lang, Node
from concerted.codelists.strategy import load_strategy, write_strategy
from concerted.codelists.strategy_problems import Problem, StrategyError, detail
from concerted.model.errors import SourceError
from concerted.records.screening.kinds import message
from concerted.records.screening.screen import READERS, screen
from concerted.sources.grid.workbook_check import check_workbook

#: Bytes of a file; a strategy of a thousand lines has a tenth of it.
LARGEST = 5_000_000
ENDINGS = (".xlsx", ".yml", ".yaml")


@dataclass(frozen=True)
class Looked:
    """A file that was read: the strategy, or what is to be mended."""

    framework: Framework | None
    problems: tuple[str, ...] = ()


def look_at(name: str, data: bytes, lang: str) -> Looked:
    """Read a file as people keep it.

    Args:
        name: only its ending is looked at; a file's name may tell who wrote it.
        lang: of the sentences about what is to be mended.
    """
    ending = Path(name).suffix.lower()
    if ending not in ENDINGS:
        return Looked(None, (gettext("A strategy is a workbook (.xlsx) or a YAML file (.yml)."),))
    if len(data) > LARGEST:
        return Looked(None, (gettext("The file is larger than five megabytes; is it a strategy?"),))
    try:
        if ending == ".xlsx":
            check_workbook(data, "strategy.xlsx")
        framework = _loaded(f"strategy{ending}", data)
    except StrategyError as error:
        return Looked(None, tuple(error.lines(cast(Lang, lang))))
    except SourceError as error:
        refused = Problem("workbook_refused", values={"detail": detail(str(error), cast(Lang, lang))})
        return Looked(None, (refused.text(cast(Lang, lang)),))
    except RecursionError:  # a YAML list in a list in a list, a thousand times
        return Looked(None, (gettext("The file is nested too deeply to be a strategy."),))
    found = tuple(_refused(framework, lang))
    return Looked(None, found) if found else Looked(framework)


def _loaded(name: str, data: bytes) -> Framework:
    with tempfile.TemporaryDirectory(prefix="concerted-strategy-") as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        return load_strategy(path)


def _refused(framework: Framework, lang: str) -> Iterator[str]:
    """Free texts that hold what is stored nowhere, with the words, for whoever brought the file."""
    for where, text in _free(framework):
        for finding in screen(text, READERS):
            said = message(finding, cast(Lang, lang))
            yield f"{where}: «{text[finding.start : finding.end]}» {said}"


def _free(framework: Framework) -> Iterator[tuple[str, str]]:
    stated = (framework.source, framework.author, framework.adopted_by)
    texts = (*framework.name.values(), *framework.note.values(), *(text for text in stated if text))
    yield from ((framework.id, text) for text in texts)
    for node in framework.nodes:
        yield from ((node.id, text) for text in _texts_of(node))


def _texts_of(node: Node) -> Iterator[str]:
    yield from (*node.name.values(), *node.definition.values())
    if node.lead:
        yield node.lead
    for indicator in node.indicators:
        yield from indicator.name.values()


def text_of(framework: Framework) -> str:
    """The strategy in its YAML form, the same for the same strategy."""
    with tempfile.TemporaryDirectory(prefix="concerted-strategy-") as folder:
        path = Path(folder) / "strategy.yml"
        write_strategy(framework, path)
        return path.read_text("utf-8")


@lru_cache(maxsize=16)
def framework_of(text: str) -> Framework:
    """The strategy that a kept text is.

    Raises:
        ConfigError: it is none; a newer reader may ask for more than the one by which it was kept.
    """
    return _loaded("strategy.yml", text.encode())


def file_of(framework: Framework, ending: str, lang: Lang) -> bytes:
    """The strategy as a workbook or YAML file for people."""
    with tempfile.TemporaryDirectory(prefix="concerted-strategy-") as folder:
        path = Path(folder) / f"strategy.{ending}"
        write_strategy(framework, path, lang)
        return path.read_bytes()


def without_status(framework: Framework) -> Framework:
    """The strategy alone: its status, the act and its day are told by its life on the site."""
    return replace(framework, status="draft", adopted_by=None, adopted_date=None)
