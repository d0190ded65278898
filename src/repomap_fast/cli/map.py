"""``repomap-fast map``: what matters most of a repository for the work at hand, within a token budget."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from repomap_fast.cli.arguments import NO_PROGRESS, OUTPUT, Focusing, Scanning, takes
from repomap_fast.cli.leaving import exit_codes, say
from repomap_fast.cli.output import check_output, open_output
from repomap_fast.cli.text import printable
from repomap_fast.errors import OptionError

if TYPE_CHECKING:
    from repomap_fast.repo_map import RepoMap


class MapFormat(StrEnum):
    """What ``map --format`` takes."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    XML = "xml"


_BY_SUFFIX = {".md": MapFormat.MARKDOWN, ".markdown": MapFormat.MARKDOWN, ".json": MapFormat.JSON, ".xml": MapFormat.XML}
