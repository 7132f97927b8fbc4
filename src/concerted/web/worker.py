"""The worker beside the site: takes what waits to be done from the registry, one thing after the other.

`concerted serve` starts one and stops it with itself: `python -m concerted.web.worker DATA`. Whoever serves the
application by other means runs it as a service of its own, with its standard input held open.
"""

import logging
import sys
from datetime import timedelta
from pathlib import Path

#: Seconds between two looks for something to do.
INTERVAL = 0.25


def main(arguments: list[str]) -> int:
    """Work until the process that started this one ends."""
    from concerted.rebuild import follow_parent
    from concerted.web.config.standalone import set_up

    follow_parent()
    set_up(Path(arguments[0]))
    from django.core.management import call_command

    from concerted.web.daily import ensure_daily
    from concerted.web.inbox.tasks import take_up_again
    from concerted.web.release.actions import follow
    from concerted.web.workspace.models import Condition, Record
    from concerted.web.workspace.tasks import ask_for_picture, write_decided

    ensure_daily()
    follow()  # what was decided last, where a stop in between or a restore left the data folder behind
    if write_decided() or Record.objects.filter(condition=Condition.KEPT).exists():
        ask_for_picture()  # what was saved while no worker ran; where nothing was, the build finds that out
    take_up_again(timedelta())  # this is the one worker: what another was at, it does no more
    call_command("prune_db_task_results", verbosity=0)  # each saving leaves one: those of two weeks are enough
    logging.getLogger("django_tasks").setLevel(logging.WARNING)
    call_command("db_worker", interval=INTERVAL, startup_delay=False, verbosity=0)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
