"""Putting our ``RepoMap`` under an installed aider, and taking it away again."""

from __future__ import annotations

from repomap_fast.compat.aider import functions
from repomap_fast.compat.aider.repo_map import RepoMap
from repomap_fast.compat.aider.tag import Tag
from repomap_fast.compat.installation import Replacements

_REPLACEMENTS = Replacements(
    "aider.repomap", {"RepoMap": RepoMap, "Tag": Tag, "get_scm_fname": functions.get_scm_fname}
)


def install() -> None:
    """Have aider make its maps by ours, wherever its modules have taken hold of its own class already.

    Raises ImportError where aider is not installed. A second call changes nothing.
    """
    _REPLACEMENTS.install()


def uninstall() -> None:
    """Give aider back its own class."""
    _REPLACEMENTS.undo()
