"""Work trees of bare repositories at one commit after another.

A bare repository may lack the contents of its largest files; they are left out of the work tree.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path


class CommitMissing(Exception):
    """A repository does not have the commit that an instance starts from."""


def find_repository(folder: Path, repo: str, aliases: Mapping[str, str]) -> Path | None:
    """Return the bare repository of ``owner/name`` in a folder, or None.

    It is ``owner+name/repo``, ``owner+name`` or ``owner/name``, each also with ``.git`` after it; ``aliases`` names
    the forks that stand in for repositories.
    """
    owner_name = aliases.get(repo, repo)
    flat = owner_name.replace("/", "+")
    for name in (f"{flat}/repo", flat, owner_name):
        for path in (folder / name, folder / f"{name}.git"):
            if (path / "HEAD").is_file():
                return path.resolve()
    return None


class Snapshots:
    """A work tree of a bare repository that shows one commit at a time; only files that differ are written."""

    def __init__(self, repository: Path, tree: Path) -> None:
        self._repository = repository
        self.tree = tree
        if not (tree / ".git").exists():
            tree.parent.mkdir(parents=True, exist_ok=True)
            _run("clone", "-q", "--shared", "--no-checkout", str(repository), str(tree))
            # Line ends as they are stored, so that lines are counted alike everywhere.
            self._git("config", "core.autocrlf", "false")
            self._git("config", "core.sparseCheckout", "true")

    def visit(self, commit: str) -> list[str]:
        """Check a commit out and return the paths that are missing in the repository. Raises CommitMissing."""
        asked = ["git", "-C", str(self._repository), "cat-file", "-e", f"{commit}^{{commit}}"]
        if subprocess.run(asked, capture_output=True).returncode:
            raise CommitMissing(commit)
        missing = self._missing(commit)
        patterns = Path(self.tree, ".git", "info", "sparse-checkout")
        patterns.parent.mkdir(exist_ok=True)
        patterns.write_text("/*\n" + "".join(f"!/{_escaped(path)}\n" for path in missing))
        self._git("checkout", "-q", "--force", "--detach", commit)
        return missing

    def _missing(self, commit: str) -> list[str]:
        entries = self._git("ls-tree", "-r", "-z", commit).decode("utf-8", "surrogateescape").split("\0")[:-1]
        places = [(head.split()[2], path) for head, _, path in (entry.partition("\t") for entry in entries)]
        asked = "".join(f"{digest}\n" for digest, _ in places).encode()
        answers = self._git("cat-file", "--batch-check=%(objecttype)", input=asked).decode().splitlines()
        # A submodule's commit is never there, and needs not be.
        return [path for (_, path), answer in zip(places, answers, strict=True) if answer.endswith("missing")]

    def _git(self, *arguments: str, input: bytes | None = None) -> bytes:
        return _run("-C", str(self.tree), *arguments, input=input)


def _escaped(path: str) -> str:
    """Return a path as a pattern that matches it alone."""
    return "".join(f"\\{character}" if character in "\\*?[]! " else character for character in path)


def _run(*arguments: str, input: bytes | None = None) -> bytes:
    """Run git and return what it prints; what it says besides is shown only if it fails.

    A checkout complains of contents that are missing, even if they are left out of the tree.
    """
    done = subprocess.run(["git", *arguments], capture_output=True, input=input)
    if done.returncode:
        sys.stderr.write(done.stderr.decode("utf-8", "replace"))
        done.check_returncode()
    return done.stdout
