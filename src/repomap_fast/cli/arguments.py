"""Arguments and options that several commands have."""

from __future__ import annotations

import typer

CACHE_DIR = typer.Option(
    "--cache-dir",
    metavar="DIR",
    help="Keep indexes in DIR, not in the user's cache folder; so does the environment variable "
    "REPOMAP_FAST_CACHE_DIR.",
)
