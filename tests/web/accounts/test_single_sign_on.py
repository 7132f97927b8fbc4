"""Single sign-on against a service of our own: it finds accounts and never makes one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_a_service_finds_accounts_and_makes_none() -> None:
    given = {name: value for name, value in os.environ.items() if not name.startswith(("CONCERTED_", "DJANGO_"))}
    program = Path(__file__).with_name("single_sign_on.py")
    run = subprocess.run([sys.executable, program], capture_output=True, text=True, check=False, env=given, timeout=180)
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert found["known"]["asked"]
    assert found["known"]["in"]
    assert found["again"]["in"]
    assert not found["unverified"]["in"]  # an address that the service does not vouch for
    assert not found["unknown"]["in"]
    assert "You have no account here" in found["unknown"]["text"]
    assert not found["keyed"]["in"]  # the second factor is still asked for
    assert found["keyed"]["at"] == "/en/sign-in/second-factor/"
    assert not found["forged"]["in"]
    assert "You were not let in" in found["forged"]["text"]
    assert found["accounts"] == 2
    assert f"form-action 'self' {found['issuer']}" in found["policy"]
