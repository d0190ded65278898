"""Putting our ``RepoMap`` under an installed cecli, and taking it away again."""

from __future__ import annotations

from repomap_fast.compat.cecli.repo_map import RepoMap
from repomap_fast.compat.cecli.tag import Tag
from repomap_fast.compat.installation import Replacements

_REPLACEMENTS = Replacements("cecli.repomap", {"RepoMap": RepoMap, "Tag": Tag, "TagBase": Tag})


def install() -> None:
    """Have cecli make its maps by ours, wherever its modules have taken hold of its own class already.

    Raises ImportError where cecli is not installed. A second call changes nothing.
    """
    _REPLACEMENTS.install()


def uninstall() -> None:
    """Give cecli back its own class."""
    _REPLACEMENTS.undo()
