"""Translations: compile every `.po` to the `.mo` that gettext reads, and say what is missing.

`python -m concerted.web.ui.messages` compiles; `--missing` lists texts of the site that a language lacks. English is
the language of the source and needs no file. Each app keeps the texts of its own pages (`APP/locale`); a text that
several apps show stands in one of them. No `.mo` is committed: `make setup` runs this.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

WEB = Path(__file__).parent.parent
_FUNCTIONS = {"gettext", "gettext_lazy", "gettext_noop", "_", "ngettext", "pgettext", "npgettext"}
_STRING = r"""u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*\""""
_CALL = re.compile(rf"\b(?:gettext|ngettext|pgettext|npgettext|_)\((?:{_STRING}|[^()'\"])*\)")

#: A text as gettext looks it up: context (or None), then singular and plural (or the one text).
Text = tuple[str | None, str | tuple[str, str]]


def sources(language: str = "*") -> list[Path]:
    """The `.po` files of all apps, of one language or of every one."""
    return sorted(WEB.glob(f"*/locale/{language}/LC_MESSAGES/django.po"))


def compile_all() -> list[Path]:
    """Compile each file where its `.mo` is missing or older; the files written."""
    written = []
    for source in sources():
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with target.open("wb") as stream:
            write_mo(stream, read_catalog(source))
        written.append(target)
    return written


def read_catalog(source: Path) -> Catalog:
    """A `.po` file, strictly: a malformed entry is an error, never skipped."""
    with source.open("rb") as stream:
        return read_po(stream, locale=source.parent.parent.name, abort_invalid=True)


def texts_of_the_site() -> dict[Text, str]:
    """Every translatable text in the site's Python and templates, with the file where it stands."""
    found: dict[Text, str] = {}
    for path in sorted(WEB.rglob("*.py")):
        for text in _in_python(path.read_bytes()):
            found.setdefault(text, str(path.relative_to(WEB)))
    for path in sorted([*WEB.rglob("templates/**/*.html"), *WEB.rglob("templates/**/*.txt")]):
        for text in _in_template(path.read_text("utf-8")):
            found.setdefault(text, str(path.relative_to(WEB)))
    return found


def missing(language: str) -> list[Text]:
    """Texts of the site without a translation, or without every plural form, in `language`."""
    catalogs = [read_catalog(source) for source in sources(language)]
    lacking: list[Text] = []
    for context, text in texts_of_the_site():
        key = text[0] if isinstance(text, tuple) else text
        message = next((found for catalog in catalogs if (found := catalog.get(key, context))), None)
        string = message.string if message and not message.fuzzy else None
        forms = (string,) if isinstance(string, str) else tuple(string or ())
        wanted = catalogs[0].num_plurals if isinstance(text, tuple) else 1
        if len(forms) != wanted or not all(forms):
            lacking.append((context, text))
    return lacking


def _in_python(source: bytes) -> Iterator[Text]:
    """Calls of gettext with plain strings, those inside f-strings too, which extractors by token miss."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id not in _FUNCTIONS:
            continue
        parts = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        match call.func.id, parts:
            case "pgettext", [context, text]:
                yield context, text
            case "npgettext", [context, singular, plural]:
                yield context, (singular, plural)
            case "ngettext", [singular, plural]:
                yield None, (singular, plural)
            case _, [text]:
                yield None, text


def _in_template(source: str) -> Iterator[Text]:
    """Django turns a template into calls of gettext; what it leaves between them is noise, so each is read alone."""
    from django.utils.translation.template import templatize

    for call in _CALL.findall(templatize(source)):
        yield from _in_python(call.encode("utf-8"))


def main(arguments: list[str]) -> int:
    """Compile, or list what is missing; the exit code is 1 when something is."""
    if arguments != ["--missing"]:
        compile_all()
        return 0
    lacking = {language: missing(language) for language in ("fr", "ar")}
    for language, texts in lacking.items():
        for context, text in texts:
            sys.stdout.write(f"{language}\t{context or ''}\t{text}\n")
    return 1 if any(lacking.values()) else 0


if __name__ == "__main__":
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    raise SystemExit(main(sys.argv[1:]))
