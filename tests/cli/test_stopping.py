"""Ctrl-C at the moments at which Python would only tell of it and go on."""

import subprocess
import sys

#: The interruption falls into the end of an object, whose errors Python ignores.
_COMMAND = """
import signal, time
from concerted.cli import main

class Ends:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

def app():
    del_me = Ends()
    del del_me
    time.sleep(20)
    print("went on")

main.app = app
try:
    main.main()
except KeyboardInterrupt:
    print("stopped")
"""


def test_a_stop_that_falls_into_a_hook_of_python_is_not_lost() -> None:
    done = subprocess.run([sys.executable, "-c", _COMMAND], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "stopped\n", done.stderr
    assert done.stderr == ""
