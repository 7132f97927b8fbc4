"""`concerted build`: from sources to an edition."""

from shlex import quote

from concerted.cli.console import JsonOption, say, say_json, watching
from concerted.cli.options import (
    DEFAULT_DATA,
    DEFAULT_JOBS,
    AsOf,
    Data,
    Decisions,
    EngineName,
    Frameworks,
    Jobs,
    Learn,
    Memory,
    Sources,
    Strategy,
    build_request,
)


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
    as_json: JsonOption = False,
) -> None:
    """Make an edition of the sources and let DATA/current name it. Nothing changed: nothing is made.

    What the site keeps in DATA/registry is read with them.
    """
    from concerted.build import build as make
    from concerted.rebuild import Asked, keep_request, with_registry

    request = build_request(strategy, as_of, framework, engine, memory, learn, decisions)
    with watching(quiet=as_json) as watcher:
        built = make(with_registry(data, tuple(sources)), data, request, jobs=jobs, watcher=watcher)
    keep_request(data, Asked(tuple(sources), request, jobs))
    manifest = built.manifest
    if as_json:
        say_json({"edition_id": manifest["edition_id"], "folder": built.folder, "is_new": built.is_new} | manifest)
        return
    seen, read = (sum(i[key] for i in manifest["inputs"]) for key in ("seen", "read"))
    say(f"edition {manifest['edition_id']} {'made' if built.is_new else 'is unchanged'} (as of {manifest['as_of']})")
    say(f"  {len(manifest['inputs'])} inputs: {seen} records seen, {read} read, {seen - read} set aside")
    for table in ("core_activity", "core_transaction", "core_location", "out_allocation"):
        say(f"  {table:<17} {manifest['tables'][table]['rows']:>12,}")
    if manifest["issues"]:
        most = sorted(manifest["issues"].items(), key=lambda item: (-item[1], item[0]))[:8]
        say("  issues: " + ", ".join(f"{code} {count}" for code, count in most))
        named = " ".join(quote(source) for source in sources)
        say(f"  what each means, where and what to do: concerted check {named} --data {quote(str(data))}")
