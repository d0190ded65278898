"""The command line in a terminal: bar, colours, width."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from repomap_fast.errors import EXIT_USAGE
from support.command_runs import COMMAND, environment, make_repository, slow_scan


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "repository")


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """The two ends of a pseudo-terminal of 100 columns: ours, and the one for a process."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    set_width(theirs, 100)
    yield ours, theirs
    for end in (ours, theirs):
        os.close(end)


def set_width(terminal: int, columns: int) -> None:
    import fcntl
    import struct
    import termios

    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))


def read_terminal(end: int) -> str:
    """Return what has come; what a process wrote before it left is there already."""
    os.set_blocking(end, False)
    text = b""
    try:
        while part := os.read(end, 1 << 16):
            text += part
    except (BlockingIOError, OSError):
        pass
    return text.decode()


def run_in_terminal(
    terminal: tuple[int, int], command: list[str | Path], *, stdout: bool, stderr: bool, **variables: str
) -> tuple[str, str, str]:
    """Run with stdout or stderr in the terminal; return the terminal's text, and that of the pipes."""
    ours, theirs = terminal
    done = subprocess.run(
        command,
        stdout=theirs if stdout else subprocess.PIPE,
        stderr=theirs if stderr else subprocess.PIPE,
        env=environment(TERM="xterm-256color", **variables),
        timeout=60,
        check=True,
    )
    return read_terminal(ours), (done.stdout or b"").decode(), (done.stderr or b"").decode()


def test_the_bar_is_on_stderr(terminal: tuple[int, int], repository: Path) -> None:
    shown, output, _ = run_in_terminal(terminal, slow_scan(repository, seconds=1), stdout=False, stderr=True)
    plain = re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", shown)
    assert re.search(r"Parsing [━╸╺ ]+ +\d+% 0:00:\d\d (0:00:\d\d|-:--:--) \d+ files/s", plain)
    assert output.startswith("Language")
    assert "\x1b" not in output
    assert shown.rstrip().endswith("\x1b[2K"), "the bar is not wiped away"


@pytest.mark.parametrize("option", ["--no-progress", "-q"])
def test_no_bar_if_none_is_wanted(terminal: tuple[int, int], repository: Path, option: str) -> None:
    shown, _, _ = run_in_terminal(terminal, slow_scan(repository, option, seconds=1), stdout=False, stderr=True)
    assert shown == ""


def test_no_bar_in_a_pipe(terminal: tuple[int, int], repository: Path) -> None:
    shown, _, errors = run_in_terminal(terminal, slow_scan(repository, seconds=1), stdout=True, stderr=False)
    assert errors == ""
    assert "Parsing" not in shown
    assert "\x1b[1m" in shown, "a terminal's summary is not styled"


def test_no_colour_is_obeyed(terminal: tuple[int, int], repository: Path) -> None:
    shown, _, _ = run_in_terminal(terminal, [*COMMAND, "scan", repository], stdout=True, stderr=False, NO_COLOR="1")
    assert not re.search(r"\x1b\[[\d;]*3\dm", shown)


def test_forty_columns_are_enough(terminal: tuple[int, int], repository: Path) -> None:
    set_width(terminal[1], 40)
    shown, _, _ = run_in_terminal(terminal, [*COMMAND, "scan", repository], stdout=True, stderr=False)
    lines = re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", shown).splitlines()
    assert max(map(len, lines)) <= 40
    assert lines[0].split() == ["Language", "Files", "Defs", "Refs", "MB"]


def test_npz_is_not_written_to_a_terminal(terminal: tuple[int, int], repository: Path) -> None:
    ours, theirs = terminal
    command = [*COMMAND, "scan", str(repository), "--format", "npz"]
    done = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, check=False)
    assert done.returncode == EXIT_USAGE
    assert b"expected -o FILE" in done.stderr
    assert read_terminal(ours) == ""
