"""The end of the parent is noticed, and nothing is done until then."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from repomap_fast.agents import parent

CHILD = """
import os, sys, time
from repomap_fast.agents.parent import on_end_of_parent
def act():
    open(sys.argv[1], "w").write(repr(time.process_time()))
    os._exit(0)
print(on_end_of_parent(act), os.getpid(), flush=True)
time.sleep(60)
"""
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", sys.argv[1], sys.argv[2]], stdout=subprocess.PIPE, text=True)
print(child.stdout.readline(), end="", flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such call that we use")
def test_the_end_of_the_parent_is_noticed_at_once(tmp_path: Path) -> None:
    sign = tmp_path / "sign"
    command = [sys.executable, "-c", PARENT, textwrap.dedent(CHILD), str(sign)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as middle:
        assert middle.stdout is not None
        can_tell, _ = middle.stdout.readline().split()
        if can_tell != "True":
            middle.kill()
            pytest.skip("the system cannot tell")
        time.sleep(0.2)
        assert not sign.exists()
        middle.kill()
    end = time.monotonic() + 5
    while not sign.exists() and time.monotonic() < end:
        time.sleep(0.01)
    assert sign.exists()


def test_a_system_that_cannot_tell_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parent, "_waiter_for", lambda process: None)
    assert parent.on_end_of_parent(lambda: None) is False
