"""The functions beside ``RepoMap`` in aider's module."""

from __future__ import annotations

import colorsys
import os
import random
from pathlib import Path

from repomap_fast.compat.aider.languages import AIDER, expected_query_file, find_query_file, languages_by_name


def find_src_files(directory: str) -> list[str]:
    """Return every file below a folder, ignored ones too; a file itself."""
    if not os.path.isdir(directory):
        return [directory]
    return [os.path.join(folder, name) for folder, _, names in os.walk(directory) for name in names]


def get_scm_fname(lang: str, package: str = AIDER) -> Path:
    """Return where the tags query of a language is; where there is none, where it would be."""
    return find_query_file(lang, package) or expected_query_file(lang, package)


def get_supported_languages_md(package: str = AIDER) -> str:
    """Return a table of languages in Markdown: their files' endings, and whether there is a tags query."""
    rows = sorted((language, ending) for ending, language in languages_by_name(package).items())
    lines = [
        "",
        "| Language | File extension | Repo map | Linter |",
        "|:--------:|:--------------:|:--------:|:------:|",
    ]
    for language, ending in rows:
        has_map = "✓" if find_query_file(language, package) is not None else ""
        lines.append(f"| {language:20} | {ending:20} | {has_map:^8} | {'✓':^6} |")
    return "\n".join([*lines, "", ""])


def get_random_color() -> str:
    """Return a random colour of medium brightness, as ``#rrggbb``."""
    red, green, blue = (round(part * 255) for part in colorsys.hsv_to_rgb(random.random(), 1, 0.75))
    return f"#{red:02x}{green:02x}{blue:02x}"
