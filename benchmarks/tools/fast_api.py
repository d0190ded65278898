"""repomap-fast as a library: one scan; the tags stay columns.

    fast_api.py ROOT WORKERS LANGUAGE…

takes a folder where the others take a list: finding the files is part of its work.
"""

from __future__ import annotations

import sys

import repomap_fast
from repomap_fast.tables import FileStatus
from report import Stopwatch


def main() -> None:
    root, workers, *languages = sys.argv[1:]
    watch = Stopwatch()
    result = repomap_fast.scan(root, workers=int(workers), languages=languages, no_ignore=True, cache=False)
    counts = result.status_counts()
    n_parsed = counts.get(FileStatus.TAGGED, 0) + counts.get(FileStatus.NO_TAGS, 0)
    watch.print_report(n_files=n_parsed, n_bytes=result.metrics.source_bytes, n_tags=len(result.tag_table))


if __name__ == "__main__":
    main()
