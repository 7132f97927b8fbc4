"""Small codelists: which codes exist, and what people call them in French, English and Arabic.

Place on the way: used by readers (is this code known?), steps and pages (its label). Enters: `codes.yml` (codes that
exist, withdrawn ones included) and `labels.csv`; names of countries, currencies and languages come from Babel, those of
DAC codes and SDG targets from their frameworks. List ids are IATI's (`TransactionType`), those of ours snake_case.
"""

import csv
from functools import cache
from importlib.resources import files

from concerted.codelists.frameworks import Texts, load_framework
from concerted.codelists.lexicon import fold
from concerted.model.yaml import load_yaml

#: Lists whose names are those of a framework's nodes.
_TREES = {"Sector": "dac", "SectorCategory": "dac", "SDGGoals": "sdg", "SDGTargets": "sdg"}


@cache
def list_ids() -> tuple[str, ...]:
    """Every list that `codes` knows, in alphabetical order."""
    return tuple(sorted({*_codes(), *_labels(), *_TREES}))


@cache
def codes(list_id: str) -> frozenset[str]:
    """The codes of a list, withdrawn ones included; empty for a list that is not here.

    Compare codes as IATI writes them: countries and currencies in upper case, DAC codes as text.
    """
    if list_id in ("Sector", "SectorCategory"):
        is_category = list_id == "SectorCategory"
        return frozenset(n.id for n in load_framework("dac").nodes if (len(n.id) == 3) == is_category)
    known = _codes().get(list_id)
    return frozenset(known.split()) if known else frozenset(_labels().get(list_id, ()))


@cache
def labels(list_id: str, lang: str) -> dict[str, str]:
    """Label by code, in the order of the list; codes without a name in that language are left out.

    Args:
        list_id: such as `TransactionType`, `Country`, `Sector`, `cell_state`.
        lang: `fr`, `en` or `ar`.
    """
    if list_id in _TREES:
        return {n.id: n.name[lang] for n in load_framework(_TREES[list_id]).nodes if n.id in codes(list_id)}
    if list_id in ("Country", "Currency", "Language"):
        return _locale_names(list_id, lang)
    return {code: texts[lang] for code, texts in _labels().get(list_id, {}).items()}


def label(list_id: str, code: str, lang: str) -> str | None:
    """What people call a code; null where the list has no name for it (show the code then)."""
    return labels(list_id, lang).get(code)


def find_code(list_id: str, text: str) -> str | None:
    """The code that a person means by `text`: the code itself, or its label in any of the three languages."""
    return _by_folded_word(list_id).get(fold(text))


@cache
def _by_folded_word(list_id: str) -> dict[str, str]:
    words = {fold(name): code for lang in ("ar", "en", "fr") for code, name in labels(list_id, lang).items()}
    return words | {fold(code): code for code in codes(list_id)}


@cache
def _codes() -> dict[str, str]:
    known: dict[str, str] = load_yaml(files("concerted.codelists").joinpath("codes.yml").read_text("utf-8"))
    return known


@cache
def _labels() -> dict[str, dict[str, Texts]]:
    lists: dict[str, dict[str, Texts]] = {}
    text = files("concerted.codelists").joinpath("labels.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        lists.setdefault(row["list_id"], {})[row["code"]] = {lang: row[lang] for lang in ("fr", "en", "ar")}
    return lists


def _locale_names(list_id: str, lang: str) -> dict[str, str]:
    """Names that Unicode's CLDR keeps; read when first asked for, because Babel takes longer to load than all lists."""
    from babel import Locale

    locale = Locale(lang)
    names = {"Country": locale.territories, "Currency": locale.currencies, "Language": locale.languages}[list_id]
    return {code: names[code] for code in sorted(codes(list_id)) if code in names}
