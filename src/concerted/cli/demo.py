"""`concerted demo`: invented sources, the same build as for real files, and the pages."""

from typing import Annotated

import typer

from concerted.cli.console import say, say_error, watching
from concerted.cli.options import DEFAULT_JOBS, Data, Jobs
from concerted.cli.serve import Port, serve_pages


def demo(
    data: Data,
    port: Port = 8000,
    jobs: Jobs = DEFAULT_JOBS,
    serve: Annotated[bool, typer.Option(help="Serve the pages when built.")] = True,
) -> None:
    """Generate the demonstration set, build it like real files, check it against its known truth, serve it."""
    from concerted.build import build
    from concerted.demo import write_demo
    from concerted.demo.truth import check, load_truth
    from concerted.rebuild import Asked, keep_request
    from concerted.steps import BuildRequest
    from concerted.store.released import release_built

    say("Invented data: 400 activities of 60 invented partners (données inventées, بيانات مختلقة)")
    world = data / "demo"
    write_demo(world)
    # Without what the site keeps: the truth is known of the invented sources alone. The site adds it when it starts.
    asked = Asked((str(world / "sources"),), BuildRequest(world / "strategy.yml"), jobs)
    with watching(quiet=False) as watcher:
        built = build(asked.sources, data, asked.request, jobs=jobs, watcher=watcher)
    keep_request(data, asked)
    release_built(data, built.folder.name)
    say(f"edition {built.manifest['edition_id']} {'made' if built.is_new else 'is unchanged'}")
    findings = check(built.folder, load_truth(world / "truth.json"))
    errors = [f for f in findings if f.severity == "error"]
    say(
        f"checked against the known truth of the invented world: {len(errors)} of its figures or faults differ,"
        f" {len(findings) - len(errors)} figures have a high slightly below the truth"
    )
    for finding in errors[:10]:
        say_error(f"  {finding.law}: {finding.where}: expected {finding.expected}, found {finding.found}")
    if serve:
        serve_pages(data, port, demo=True)
