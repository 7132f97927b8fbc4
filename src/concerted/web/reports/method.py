"""What the method page may say of the inputs: only of those of which the viewer sees the precise records.

Enters: a scope. Leaves: the inputs of the edition, without those whose records are hidden, since a name alone would say
that something is there.
"""

from collections import Counter
from typing import Any

from concerted.publish.shown import visible_inputs
from concerted.web.edition.scope import Scope


def list_inputs(scope: Scope) -> list[dict[str, Any]]:
    """The manifest's entries for visible inputs; counts are left out where rows of a file may be hidden."""
    return visible_inputs(scope.viewer, scope.edition.manifest)


def sum_unread(scope: Scope) -> dict[str, int]:
    """What visible inputs hold and no table has, by the name of the element."""
    found: Counter[str] = Counter()
    for entry in list_inputs(scope):
        found.update(entry.get("unread") or {})
    return dict(sorted(found.items()))
