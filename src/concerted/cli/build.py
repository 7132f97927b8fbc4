"""`concerted build`: from sources to an edition."""

from shlex import quote
from typing import Annotated

import typer

from concerted.cli.console import JsonOption, say, say_json, watching
from concerted.cli.options import (
    DEFAULT_DATA,
    DEFAULT_JOBS,
    AsOf,
    Data,
    Decisions,
    EngineName,
    FewPeople,
    Frameworks,
    Jobs,
    Learn,
    Memory,
    Sources,
    Strategy,
    build_request,
)
from concerted.marking.few_people import FEW_PEOPLE
from concerted.model.errors import ConfigError

Release = Annotated[
    bool | None,
    typer.Option(
        "--release/--no-release",
        help="Show the edition to the public, or leave that to a decision from now on; default: show it, unless"
        " somebody has decided before.",
    ),
]


def build(
    sources: Sources,
    data: Data = DEFAULT_DATA,
    strategy: Strategy = None,
    jobs: Jobs = DEFAULT_JOBS,
    as_of: AsOf = None,
    framework: Frameworks = None,
    engine: EngineName = "duckdb",
    memory: Memory = "4GB",
    learn: Learn = False,
    decisions: Decisions = None,
    few_people: FewPeople = FEW_PEOPLE,
    release: Release = None,
    as_json: JsonOption = False,
) -> None:
    """Make an edition of the sources and let DATA/current name it. Nothing changed: nothing is made.

    What the site keeps in DATA/registry is read with them. The public is shown the edition too, until somebody has
    released one by a decision, on the site or with `concerted release`.
    """
    from concerted.build import build as make
    from concerted.rebuild import Asked, keep_request, with_registry
    from concerted.store.released import is_decided, release_built, withhold

    if release and is_decided(data):
        raise ConfigError(
            f"editions in {data} are released by a decision: build, then run concerted release EDITION --note '..'"
        )
    if release is False:
        withhold(data)
    request = build_request(strategy, as_of, framework, engine, memory, learn, decisions, few_people)
    with watching(quiet=as_json) as watcher:
        built = make(with_registry(data, tuple(sources)), data, request, jobs=jobs, watcher=watcher)
    keep_request(data, Asked(tuple(sources), request, jobs))
    is_released = release_built(data, built.folder.name)
    manifest = built.manifest
    if as_json:
        say_json(
            {
                "edition_id": manifest["edition_id"],
                "folder": built.folder,
                "is_new": built.is_new,
                "is_released": is_released,
            }
            | manifest
        )
        return
    seen, read = (sum(i[key] for i in manifest["inputs"]) for key in ("seen", "read"))
    say(f"edition {manifest['edition_id']} {'made' if built.is_new else 'is unchanged'} (as of {manifest['as_of']})")
    say(f"  {len(manifest['inputs'])} inputs: {seen} records seen, {read} read, {seen - read} set aside")
    if not is_released:
        say("  not released: the public is shown another one, or none, until: concerted release EDITION --note '..'")
    for table in ("core_activity", "core_transaction", "core_location", "out_allocation"):
        say(f"  {table:<17} {manifest['tables'][table]['rows']:>12,}")
    if manifest["issues"]:
        most = sorted(manifest["issues"].items(), key=lambda item: (-item[1], item[0]))[:8]
        say("  issues: " + ", ".join(f"{code} {count}" for code, count in most))
        named = " ".join(quote(source) for source in sources)
        say(f"  what each means, where and what to do: concerted check {named} --data {quote(str(data))}")
