"""References that are used for many unlike names: they say a kind or nothing, and identify nobody.

Place on the way: resolve, inner. Enters: names under each reference. Leaves: references to be passed over. Found by how
they are used, because each publisher invents others: `10-GOVERNMENT`, `EXCLUDED`, `21000`, `;`.
"""

from collections.abc import Iterable, Mapping

from concerted.resolve.groups import group_pairs
from concerted.resolve.matching.known import find_known
from concerted.resolve.matching.spelling import Spelling, take_apart

#: Unlike names from which on a reference is suspect, and the share that its largest group of like names then needs.
UNLIKE_NAMES, MAIN_SHARE = 4, 0.4


def find_placeholders(names: Mapping[str, Iterable[str]], trusted: frozenset[str]) -> frozenset[str]:
    """References whose names fall into many groups that share no telling word, no acronym and no known organisation.

    Args:
        names: spellings by reference.
        trusted: references that stand whatever they are called: of those who report here and of well-known
            organisations.
    """
    return frozenset(
        ref for ref, spelt in names.items() if ref not in trusted and _is_used_for_many(sorted(set(spelt)))
    )


def _is_used_for_many(names: list[str]) -> bool:
    if len(names) < UNLIKE_NAMES:
        return False
    spellings = [spelling for spelling in map(take_apart, names) if spelling.folded]
    features = [_features(spelling) for spelling in spellings]
    pairs = [(at, at) for at in range(len(features))]
    first: dict[str, int] = {}
    for at, shared in enumerate(features):
        pairs += [(first.setdefault(feature, at), at) for feature in sorted(shared)]
    group = group_pairs(pairs, int)
    sizes: dict[int, int] = {}
    for root in group.values():
        sizes[root] = sizes.get(root, 0) + 1
    return len(sizes) >= UNLIKE_NAMES and max(sizes.values()) < MAIN_SHARE * len(features)


def _features(spelling: Spelling) -> set[str]:
    """What like names share: words that are not common ones, acronyms, a known organisation, or the same meaning."""
    known, _ = find_known(spelling)
    return {
        *(f"word {word}" for word in spelling.telling_words),
        *(f"letters {acronym}" for acronym in spelling.acronyms | spelling.initials),
        f"meaning {spelling.text}",
        *([f"known {known.ref}"] if known else []),
    }
