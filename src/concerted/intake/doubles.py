"""Whether a new record may be one that is there already: by its title, or by a code that looks like its own.

Place on the way: below the preview. Work does not grow with the number of records: a title is compared with those that
share one of its rarest words.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz, process

from concerted.codelists.sheet_words import fold

#: Likeness of titles from which a new record may be one that is there, of 100.
LIKE = 92.0
#: Rarest words of a title that are looked up, and how many titles may share one that still tells something.
_RAREST, _SHARED = 3, 200
#: Signs that are taken for each other in codes; codes one digit apart are different on purpose.
_TAKEN_FOR = str.maketrans("oil", "011")


class Doubles:
    """Titles and codes of what is there."""

    def __init__(self, titles: Mapping[str, str], codes: Mapping[str, str]) -> None:
        """`titles` by record; `codes`: record by code."""
        self._titles = {record: fold(title) for record, title in titles.items()}
        self._of_word: defaultdict[str, list[str]] = defaultdict(list)
        for record, title in self._titles.items():
            for word in set(title.split()):
                self._of_word[word].append(record)
        self._of_code: defaultdict[str, list[str]] = defaultdict(list)
        for code, record in codes.items():
            self._of_code[_seen(code)].append(record)

    def of(self, title: str | None, code: str | None) -> tuple[str, ...]:
        """Records that a new one may be, the likeliest first."""
        return tuple(dict.fromkeys([*self._by_title(fold(title or "")), *self.by_code(code)]))

    def by_code(self, code: str | None) -> list[str]:
        """Records whose code has the same letters and digits, with other signs between them, or `l` for `1`."""
        return self._of_code.get(_seen(code), []) if code else []

    def _by_title(self, title: str) -> Iterable[str]:
        words = sorted(set(title.split()), key=lambda word: (len(self._of_word.get(word, ())), word))
        known = [word for word in words if word in self._of_word][:_RAREST]
        met = Counter(record for word in known for record in self._of_word[word][:_SHARED])
        found = process.extract(
            title,
            {record: self._titles[record] for record in met},
            scorer=fuzz.token_sort_ratio,
            limit=3,
            score_cutoff=LIKE,
        )
        return [record for _, _, record in found]


def _seen(code: str) -> str:
    return "".join(letter for letter in fold(code).translate(_TAKEN_FOR) if letter.isalnum())
