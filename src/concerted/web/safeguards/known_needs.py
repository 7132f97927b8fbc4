"""Keep `KnownNeed` in step with the records: what a version says is worked out once, not by each process.

The worker does it after a picture was made; what is asked meanwhile does the rest itself, so nothing is ever left out.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from concerted.store.code import READING, code_version
from concerted.web.safeguards.models import KnownNeed
from concerted.web.safeguards.need import Need, needs_of
from concerted.web.workspace.models import Condition, Record

_AT_ONCE = 500


def candidates() -> QuerySet[Record]:
    """The records that wait for a focal point, if for anything: kept, and planned or ongoing."""
    return Record.objects.filter(condition=Condition.KEPT, state__in=("ongoing", "planned"))


def refresh() -> int:
    """Work out what is not known yet of the versions that are kept now; of how many records."""
    rules, count = _rules(), 0
    known = KnownNeed.objects.filter(record=OuterRef("pk"), version=OuterRef("version"), rules=rules)
    # An index holds what is asked of each record here, so that those that are known are not read.
    unknown = list(candidates().exclude(Exists(known)).order_by().values_list("pk", flat=True))
    for some in _batches(unknown):
        rows = list(Record.objects.filter(pk__in=some).values_list("pk", "version", "document"))
        found = [
            KnownNeed(
                record_id=pk,
                version=version,
                rules=rules,
                answer=need.answer,
                said=need.said,
                signs=need.signs,
                whys=list(need.whys),
                facts=need.facts,
                is_of_interest=need.answer != "no" or is_denied(need),
            )
            for (pk, version, _document), need in zip(rows, needs_of([row[2] for row in rows]), strict=True)
        ]
        KnownNeed.objects.bulk_create(found, update_conflicts=True, unique_fields=["record"], update_fields=_TOLD)
        count += len(found)
    return count


def is_denied(need: Need | KnownNeed) -> bool:
    """Whether its owner says that there is no such support, though the words may look like it."""
    return need.said == "no" and need.signs == "ask"


_TOLD = ["version", "rules", "answer", "said", "signs", "whys", "facts", "is_of_interest"]


@cache
def _rules() -> str:
    """The version of what reads documents and of the words that it looks for."""
    return code_version((*READING, "classify"))


def _batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    each = iter(items)
    while some := list(islice(each, _AT_ONCE)):
        yield some
