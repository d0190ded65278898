"""The options of a scan: validated once, then passed through every stage unchanged."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from repomap_fast.argument_types import number, one_of, several, whole_number
from repomap_fast.errors import OptionError
from repomap_fast.resources.limits import available_cpus

MAX_WORKERS = 256
"""More threads than this on one scan is a typing error, not a wish."""

DEFAULT_MAX_FILE_BYTES = 64 * 2**20
"""No file that a person wrote comes near it; generated ones above it (register maps, data as code) say little."""

DEFAULT_FILE_TIMEOUT_S = 20.0
"""About two hundred times what the slowest ordinary file of the Linux kernel takes to parse."""

DEFAULT_MAX_FILE_MEMORY_BYTES = 2 * 2**30
"""Arena of one parse. 20 bytes for a byte of C on average, 250 at worst: room for every file that is not hostile."""

DEFAULT_REPEATS = 3
"""How often a benchmark runs each case: the fewest of which there is a median that one bad run does not move."""

DEFAULT_ALERT_MEMORY_BYTES = 100 * 10**6
"""What a typical project should stay below; a benchmark says so where one does not."""

MIN_MAX_MEMORY_MB = 64
"""The interpreter with all modules takes some 40 before the first file is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanOptions:
    """What to scan and how; every field has been checked once the object exists.

    Where a field takes several texts, a single one is one of them: ``languages="python"``. Raises OptionError from the
    constructor, and TypeError for a value of a wrong type.
    """

    workers: int = 0
    """Threads that parse; 0 means one for each processor that this process may use, see ``limits.available_cpus``."""
    languages: tuple[str, ...] = ()
    """Names of the only languages to look at; empty means all."""
    include: tuple[str, ...] = ()
    """gitignore-style patterns, or ``*.{py,js}``, or ``./a.py``; a file must match one of them. Empty means all."""
    exclude: tuple[str, ...] = ()
    """Patterns as in ``include``; a file must match none of them."""
    follow_ignore_files: bool = True
    """Obey .gitignore, .repomapignore, .git/info/exclude and core.excludesFile, and leave out folders that tools made;
    False is ``--no-ignore``."""
    queries_dir: Path | None = None
    """Folder of the user's own tags queries, LANGUAGE.scm or LANGUAGE-tags.scm, which go before ours."""
    max_file_bytes: int = DEFAULT_MAX_FILE_BYTES
    """Files with more bytes get the status ``too large``."""
    file_timeout_s: float = DEFAULT_FILE_TIMEOUT_S
    """Seconds that one file may take to parse and query; past it, the status ``out of time``."""
    max_file_memory_bytes: int = DEFAULT_MAX_FILE_MEMORY_BYTES
    """Bytes that one parse may allocate; past it, the status ``out of memory``."""
    max_memory_mb: int | None = None
    """Megabytes (10**6 bytes) that the process is to stay below; None for no limit."""
    max_cpu_percent: int | None = None
    """Processor time that the process is to take in the mean, in hundredths of one processor; None for no limit."""

    def __post_init__(self) -> None:
        self._check_types()
        if not 0 <= self.workers <= MAX_WORKERS:
            raise OptionError(f"workers is {self.workers}; expected 1 to {MAX_WORKERS}, or 0 for one per processor")
        if not 0 < self.max_file_bytes < 2**32:
            raise OptionError(f"max_file_bytes is {self.max_file_bytes}; expected 1 to {2**32 - 1}")
        if not self.file_timeout_s > 0:
            raise OptionError(f"file_timeout_s is {self.file_timeout_s}; expected seconds above 0")
        if not 2**20 <= self.max_file_memory_bytes < 2**63:
            raise OptionError(f"max_file_memory_bytes is {self.max_file_memory_bytes}; expected {2**20} to {2**63 - 1}")
        if self.max_memory_mb is not None and self.max_memory_mb < MIN_MAX_MEMORY_MB:
            raise OptionError(
                f"max_memory_mb is {self.max_memory_mb} MB; expected at least {MIN_MAX_MEMORY_MB}: the interpreter "
                "with its modules alone takes about 40"
            )
        if self.max_cpu_percent is not None and not 1 <= self.max_cpu_percent <= 100 * MAX_WORKERS:
            raise OptionError(
                f"max_cpu_percent is {self.max_cpu_percent}; expected 1 to {100 * MAX_WORKERS}, 100 for each processor"
            )
        if self.queries_dir is not None and not self.queries_dir.is_dir():
            raise OptionError(
                f"queries_dir is {str(self.queries_dir)!r}, and there is no such folder; expected one with files named "
                "LANGUAGE.scm"
            )

    def _check_types(self) -> None:
        """Put each field into its own type. Raises TypeError, and OptionError for an empty text."""
        for name in ("languages", "include", "exclude"):
            texts = several(name, getattr(self, name))
            if not all(map(str.strip, texts)):
                raise OptionError(
                    f"{name} is ''; expected {'names' if name == 'languages' else 'patterns'}, or nothing"
                )
            object.__setattr__(self, name, texts)
        for name in ("workers", "max_file_bytes", "max_file_memory_bytes"):
            object.__setattr__(self, name, whole_number(name, getattr(self, name)))
        for name in ("max_memory_mb", "max_cpu_percent"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, whole_number(name, getattr(self, name)))
        object.__setattr__(self, "file_timeout_s", number("file_timeout_s", self.file_timeout_s))
        if self.queries_dir is not None:
            one_of("queries_dir", self.queries_dir, str, os.PathLike)
            object.__setattr__(self, "queries_dir", Path(self.queries_dir))

    @property
    def n_workers(self) -> int:
        """Threads that a scan with these options starts at the most."""
        return self.workers or available_cpus()

    @property
    def max_memory_bytes(self) -> int | None:
        """``max_memory_mb`` in bytes."""
        return None if self.max_memory_mb is None else self.max_memory_mb * 10**6
