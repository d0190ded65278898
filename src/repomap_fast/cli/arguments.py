"""Arguments and options that several commands have."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from repomap_fast.errors import OptionError

CACHE_DIR = typer.Option(
    "--cache-dir",
    metavar="DIR",
    help="Keep indexes in DIR, not in the user's cache folder; so does the environment variable "
    "REPOMAP_FAST_CACHE_DIR.",
)

_FLAG_OF_FIELD = {
    "workers": "--workers",
    "max_file_bytes": "--max-file-size",
    "file_timeout_s": "--timeout-per-file",
    "max_file_memory_bytes": "--max-file-memory",
    "max_memory_mb": "--max-memory",
    "max_cpu_percent": "--max-cpu",
    "repeats": "--repeats",
    "operation": "--operation",
    "state": "--state",
}


@contextmanager
def named_by_flags() -> Iterator[None]:
    """Let an OptionError that the library raises in the block begin with the flag in place of the field."""
    try:
        yield
    except OptionError as error:
        field, _, rest = str(error).partition(" ")
        raise OptionError(f"{_FLAG_OF_FIELD.get(field, field)} {rest}") from error
