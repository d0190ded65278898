"""The functions beside ``RepoMap`` in cecli's module."""

from __future__ import annotations

from pathlib import Path

from repomap_fast.compat.aider import functions
from repomap_fast.compat.aider.languages import CECLI


def get_scm_fname(lang: str) -> Path:
    """Return where the tags query of a language is; where there is none, where it would be."""
    return functions.get_scm_fname(lang, CECLI)


def get_supported_languages_md() -> str:
    """Return a table of languages in Markdown: their files' endings, and whether there is a tags query."""
    return functions.get_supported_languages_md(CECLI)


def truncate_long_lines(text: str, max_length: int) -> str:
    """Return a text with its lines cut to a length."""
    return "\n".join(line[:max_length] for line in text.splitlines()) + "\n"
