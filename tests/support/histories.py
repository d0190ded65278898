"""Repositories with histories: made by fast-import, some thousand commits a second."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from support.repositories import git

START_S = 1_600_000_000


class Made(NamedTuple):
    """A commit to be made: what it writes, its message, and its time in seconds after START_S.

    parents  numbers of commits before it, from 0; None for the one right before it.
    """

    files: Mapping[bytes, bytes]
    message: bytes = b"a message"
    time_s: int = 0
    parents: Sequence[int] | None = None


def make_history(top: Path, commits: Sequence[Made]) -> list[str]:
    """Make a repository at ``top`` whose last commit is checked out, as far as git knows; return all their ids."""
    top.mkdir(exist_ok=True)
    git(top, "init", "-q", "-b", "main", "--template=")
    text = b"".join(_commit(number, made) for number, made in enumerate(commits, 1))
    text += b"reset refs/heads/main\nfrom :%d\n" % len(commits)
    marks = top / ".git" / "marks"
    command = ["git", "fast-import", "--quiet", "--force", f"--export-marks={marks}"]
    subprocess.run(command, cwd=top, input=text, check=True, capture_output=True)
    ids = dict(line.split() for line in marks.read_text().splitlines())
    return [ids[f":{number}"] for number in range(1, len(commits) + 1)]


def _commit(number: int, made: Made) -> bytes:
    parents = made.parents if made.parents is not None else range(number - 2, number - 1)
    lines = [b"commit refs/heads/made", b"mark :%d" % number]
    lines.append(b"committer a <a@b> %d +0000" % (START_S + made.time_s))
    lines.append(b"data %d\n%s" % (len(made.message), made.message))
    named = [parent + 1 for parent in parents if parent >= 0]
    if named:
        lines += [b"from :%d" % named[0], *(b"merge :%d" % mark for mark in named[1:])]
    else:
        lines.insert(0, b"reset refs/heads/made\n")
    for path, contents in made.files.items():
        lines.append(b"M 100644 inline %s\ndata %d\n%s" % (_quoted(path), len(contents), contents))
    return b"\n".join(lines) + b"\n\n"


def _quoted(path: bytes) -> bytes:
    return b'"%s"' % b"".join(b"\\%03o" % byte for byte in path)
