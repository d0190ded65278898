"""A work tree that visits commits, and the files of results that a run adds lines to."""

from __future__ import annotations

import base64
import gzip
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.map_quality.commits import ChangedFile, Commit, git


def make_tree(repository: Path, tree: Path) -> None:
    """Clone ``repository`` into ``tree`` without its objects, unless it is there."""
    if not tree.exists():
        command = ["git", "clone", "-q", "--shared", "--no-checkout", str(repository), str(tree)]
        subprocess.run(command, check=True)
        # Line ends as they are stored: both taggers and the diff go by them.
        git(tree, "config", "core.autocrlf", "false")


def visit(tree: Path, revision: str) -> None:
    """Check out a commit; only files that differ are touched, so that what is kept by mtime stays good."""
    git(tree, "checkout", "-q", "--force", "--detach", revision)


def read_commits(path: Path) -> list[Commit]:
    """Return the commits of a file that ``choose`` wrote."""
    commits = []
    for record in read_lines(path):
        files = [
            ChangedFile(file["path"], [tuple(row) for row in file["definitions"]], file["changed"])
            for file in record.pop("files")
        ]
        commits.append(Commit(files=files, **record))
    return commits


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a file of results; a last line that was not written to its end is passed over."""
    if path.exists():
        with path.open() as lines:
            for line in lines:
                if line.endswith("\n"):
                    yield json.loads(line)


def pack(text: str) -> str:
    """Return a text as a string of JSON that is a tenth as long; what is no UTF-8 is lost."""
    return base64.b64encode(gzip.compress(text.encode("utf-8", "replace"), 6, mtime=0)).decode()


def unpack(packed: str) -> str:
    """Return the text that was packed."""
    return gzip.decompress(base64.b64decode(packed)).decode()
