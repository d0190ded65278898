"""The command line: arguments become options, the API is called, and its answer is printed.

    app            the commands, and what they have in common
    commands/      one module for each command
    arguments      options that several commands take, in groups
    help_screen    groups and examples of the help screens
    lazy_group     a command is imported and built only when it is needed
    quick_types    converts arguments without pydantic
    usage          wrong usage: what was found, what was expected, a hint
    exit_codes     errors, Ctrl-C and closed pipes become exit codes (``errors`` lists them)
    completion     completion in shells
    output         where output goes: stdout, or a file that is replaced as a whole
    progress_bar   the progress bar
    text           numbers, sizes and paths as people read them
    formats/       the formats of a scan, and the schemas of all JSON documents
    reports/       tables, summaries, and the page of the dashboard

It must never load numpy, the compiled modules or rich before a command needs them: each takes longer than all the rest
of ``--help`` or ``--version``.
"""

from __future__ import annotations

import atexit
import errno
import gc
import os
import sys


def main() -> None:
    """Run the command line with the arguments of this process, and leave the process."""
    # A command makes few cycles and ends soon. By default the collector visits all imported objects again and again,
    # and once more at the end, which takes a sixth of a small command's time.
    gc.set_threshold(100_000, 50, 100)
    atexit.register(gc.freeze)
    try:
        from repomap_fast.cli import exit_codes
        from repomap_fast.cli.app import app

        # numpy's linear algebra is not used here, and its threads spin: 50 ms of processor time.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        exit_codes.make_streams_tolerant()
        exit_codes.run(app)
    except KeyboardInterrupt:
        # Before the handlers of the commands are set, and after they are gone.
        from repomap_fast.errors import EXIT_INTERRUPTED

        print("repomap-fast: interrupted", file=sys.stderr)
        sys.exit(EXIT_INTERRUPTED)
    except (OSError, ImportError) as error:
        # Any file may be the first that cannot be opened, one with a module too.
        if not _are_too_many_open(error):
            raise
        from repomap_fast.errors import EXIT_USAGE

        print("repomap-fast: error: too many files are open; expected a higher limit (ulimit -n)", file=sys.stderr)
        sys.exit(EXIT_USAGE)


def _are_too_many_open(error: OSError | ImportError) -> bool:
    """Return whether a file could not be opened since this process, or the system, has too many open."""
    if isinstance(error, OSError):
        return error.errno in (errno.EMFILE, errno.ENFILE)
    # The loader of compiled modules tells it in words alone.
    return any(os.strerror(number) in str(error) for number in (errno.EMFILE, errno.ENFILE))
