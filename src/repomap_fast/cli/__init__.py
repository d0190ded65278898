"""The command line: it turns arguments into options, calls the API, prints, and leaves with an exit code.

    app        the commands, and what they have in common
    lazily     a command is imported and built when it is asked for
    usage      wrong usage, said in one way
    completion  completion in shells
    coercion   arguments become values, without loading what takes longer than a small scan
    map        ``repomap-fast map``
    search     ``repomap-fast search``
    scan       ``repomap-fast scan``
    languages  ``repomap-fast languages``
    cache      ``repomap-fast cache``, the upkeep of what is kept
    bench, bench_report          ``repomap-fast bench``; its tables
    dashboard, dashboard_report  ``repomap-fast dashboard``; its tables
    page, charts, trends         the dashboard's page, its charts, and the trends in a terminal
    arguments  what several commands take, in groups
    leaving    errors, Ctrl-C and closed pipes become exit codes (``errors`` says which)
    output     where what is written goes: stdout, or a file that is replaced as a whole
    bars       the progress bar
    counts     what the summary says of a result, as numbers
    summary    the summary, as a table
    grid       rows of cells under headings, in terminals and pipes
    text       numbers, sizes and paths as people read them
    formats    one exporter a file

Nothing here is loaded before it is needed: numpy, the compiled modules and rich cost more time than all else
that ``--help`` or ``--version`` does.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys


def main() -> None:
    """Run the command line with the arguments of this process, and leave the process."""
    # A command makes few cycles, and ends soon: the default looks through all that is imported, again and again, and
    # once more at the end, for a sixth of a small command's time.
    gc.set_threshold(100_000, 50, 100)
    atexit.register(gc.freeze)
    try:
        from repomap_fast.cli import exit_codes
        from repomap_fast.cli.app import app

        # numpy's linear algebra, which nobody here asks for, starts threads that spin: 50 ms of processor time.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        exit_codes.make_streams_tolerant()
        exit_codes.run(app)
    except KeyboardInterrupt:
        # Before the commands' own handlers stand, and after they are gone.
        from repomap_fast.errors import EXIT_INTERRUPTED

        print("repomap-fast: interrupted", file=sys.stderr)
        sys.exit(EXIT_INTERRUPTED)
