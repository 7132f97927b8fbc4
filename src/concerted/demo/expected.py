"""What reading the files must give: records seen, read and set aside per file, and the issues that must be told.

Place on the way: the world enters, the part `files` and `claims` of `truth.json` leave.
"""

from collections import Counter
from typing import Any

from concerted.demo.asks import NEEDS, OFFERS
from concerted.demo.catalogue import partners, places
from concerted.demo.context import EVENTS, REQUESTS
from concerted.demo.faults import FAULTS
from concerted.demo.plan import PLANS
from concerted.demo.source_files import CLAIMED_REGIONS, STALE_REGION, UNCLAIMED
from concerted.demo.world_types import World

ISSUE_OF = {fault.name: fault.issue for fault in FAULTS}


def expected_files(world: World) -> list[dict[str, Any]]:
    """One entry per file: path, records seen, read and set aside, and at least how many issues of which code.

    `read` is null where two ways of reading are right. `refused` files give no record and one issue.
    """
    found = []
    for plan in PLANS:
        tellings = world.of_file(plan.file)
        if plan.format.startswith("hxl"):
            seen = sum(len(t.project.places) for t in tellings)
        else:
            seen = len(tellings) + sum("duplicate_identifier" in t.faults for t in tellings)
        issues = Counter(code for t in tellings for fault in t.faults if (code := ISSUE_OF[fault]))
        aside = 0
        if plan.file == "secretariat/suivi-du-plan.xlsx":
            seen, aside, issues["row_total"] = seen + 1, 1, 1
        if plan.format == "iati-cut":
            seen, aside, issues["xml_broken"] = seen + 1, 1, 1
        found.append(_file(plan.file, seen, seen - aside, issues))
    regions = sum(place.level == 1 for place in places().values())
    found += [
        _file("secretariat/demandes.csv", REQUESTS, REQUESTS, {}),
        _file("besoins-et-offres/besoins.csv", NEEDS, NEEDS, {}),
        _file("besoins-et-offres/offres.xlsx", OFFERS, OFFERS, {}),
        _file("organisations/organisations.xml", len(partners()), len(partners()), {}),
        _file("contexte/evenements.csv", EVENTS, EVENTS, {}),
        _file("population/population.csv", regions, regions, {}),
    ]
    found += [
        {"path": path, "refused": True, "seen": 0, "read": 0, "set_aside": 0, "issues": {code: 1}}
        for path, code in (
            ("defauts/entites.xml", "input_refused"),
            ("defauts/erreur-du-portail.xml", "input_unknown"),
            ("defauts/rapport-annuel.pdf", "input_ignored"),
        )
    ]
    return sorted(found, key=lambda entry: str(entry["path"]))


def expected_information() -> list[dict[str, Any]]:
    """Where and when a claim holds: informed; claimed but by a source that is silent: stale; not claimed: none."""
    rows = [{"place": place, "period": 2026, "informed": "fresh"} for place in CLAIMED_REGIONS]
    rows += [{"place": STALE_REGION, "period": 2026, "informed": "stale"}]
    rows += [{"place": place, "period": 2026, "informed": "none"} for place in UNCLAIMED]
    rows += [{"place": place, "period": 2022, "informed": "none"} for place in CLAIMED_REGIONS]
    return rows


#: Regions without any work: the first is claimed and so a gap, the second is claimed by nobody.
EMPTY_PLACES = ("ML01", "ML08")


def _file(path: str, seen: int, read: int, issues: dict[str, int]) -> dict[str, Any]:
    return {
        "path": path,
        "refused": False,
        "seen": seen,
        "read": read,
        "set_aside": seen - read,
        "issues": dict(sorted(issues.items())),
    }
