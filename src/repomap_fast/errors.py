"""The errors that repomap-fast raises, and the exit codes that its command line gives for them.

    RepoMapError                    everything below
    ├── RootError (ValueError)      the folder to scan is missing, or is no folder
    ├── OptionError (ValueError)    an option has a value that cannot be used
    ├── ConfigurationError (ValueError)  a repository's settings cannot be understood
    ├── QueryError (ValueError)     a tags query does not fit its grammar
    ├── LanguageError (ValueError)  a language is unknown, or its grammar cannot be loaded
    ├── SymbolError (LookupError)   nothing in the repository has the name that was asked for
    ├── GitError                    git was asked and failed
    ├── StoreError                  there is no place to keep the index
    │   └── IndexDamagedError       what was kept is not what was written
    │       └── IndexUnreadableError    it may be, but cannot be read now
    ├── FleetError                  a fleet cannot go on: its dataset, or a disk or a worker of it
    ├── BenchError                  a process that was to be measured failed
    ├── NotCompiledError (ImportError)  only the source of a compiled module is there
    ├── MissingPackageError (ImportError)  a package that only some calls need is not installed
    └── ScanCancelled               the caller's ``cancel`` event was set

Trouble with a single file is no error: it is the file's status (``tables.FileStatus``).
"""

from __future__ import annotations

EXIT_FINE = 0
"""Everything was done; a reader that closed its pipe early counts as fine."""
EXIT_FILES_FAILED = 1
"""Done, but some files that should have been tagged could not be (unreadable, out of time or memory, nested too
deeply)."""
EXIT_DAMAGED = 1
"""``cache check`` found something that is not as it was written."""
EXIT_NOTHING_FOUND = 1
"""``search``, ``show`` or ``refs`` found nothing, or ``--include`` left no file to ``scan`` or ``map``; as grep."""
EXIT_USAGE = 2
"""Nothing was done: an argument, an option, a query, the root or the installation cannot be used."""
EXIT_INTERRUPTED = 130
"""Ctrl-C: 128 + SIGINT, as shells report it."""


class RepoMapError(Exception):
    """Any error that this package raises on purpose."""


class RootError(RepoMapError, ValueError):
    """The root of the scan is missing, or is not a directory, or cannot be read."""


class OptionError(RepoMapError, ValueError):
    """An option has a value that cannot be used; the message names the option and what it takes."""


class ConfigurationError(RepoMapError, ValueError):
    """A repository's own settings cannot be understood; the message names file and key, what was found and expected."""


class QueryError(RepoMapError, ValueError):
    """A tags query cannot be compiled for its grammar; the message gives file, line and column."""


class LanguageError(RepoMapError, ValueError):
    """A language is not in the table, or its grammar cannot be loaded by this build."""


class SymbolError(RepoMapError, LookupError):
    """Nothing in the repository is what a symbol names; the message has the nearest names."""


class GitError(RepoMapError):
    """git was asked about the work tree and failed; the message holds git's own words."""


class StoreError(RepoMapError):
    """There is no place to keep an index; the message names it and says why."""


class IndexDamagedError(StoreError):
    """A stored index is not what was written. Opening the index makes it anew."""


class IndexUnreadableError(IndexDamagedError):
    """A stored index cannot be read now (too many open files, no right, a fault of the disk).

    Opening the index goes on without it, as if it were damaged. It is kept, since it may be sound.
    """


class BenchError(RepoMapError):
    """A process that was to be measured failed; the message holds its last words."""


class FleetError(RepoMapError):
    """A fleet cannot go on: its dataset cannot be read or written, or its workers cannot be used.

    What is complete stays: a new start goes on there.
    """


class NotCompiledError(RepoMapError, ImportError):
    """A compiled module is not there for this Python; the message says where it was looked for and how to get it."""


class MissingPackageError(RepoMapError, ImportError):
    """A package that only some calls need is not installed; the message says how to get it."""


class ScanCancelled(RepoMapError):
    """The scan was left because the caller's ``cancel`` event was set; nothing is kept of it."""
