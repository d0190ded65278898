"""aider's RepoMap.get_tags over every file, with an empty cache.

    aider_tags.py LIST EMPTY_FOLDER

Runs in an environment of its own, where aider-chat is installed. aider keeps its cache of tags below the root that it
is given: an empty folder, so that nothing is left in the corpus and every run is cold. No model is needed for tags.
"""

from __future__ import annotations

import os
import sys

from aider.repomap import RepoMap

from report import Stopwatch, read_paths


class QuietIO:
    """The part of aider's InputOutput that get_tags calls, with the same answer for text that is not UTF-8: None."""

    def read_text(self, path: str) -> str | None:
        try:
            with open(path, encoding="utf-8") as file:
                return file.read()
        except (OSError, UnicodeError):
            return None

    def tool_output(self, *messages: str) -> None:
        pass

    tool_warning = tool_error = tool_output


def main() -> None:
    paths = read_paths(sys.argv[1])
    watch = Stopwatch()
    repo_map = RepoMap(root=sys.argv[2], io=QuietIO())
    n_tags = n_bytes = 0
    for path in paths:
        n_tags += len(repo_map.get_tags(path, os.path.relpath(path, sys.argv[2])))
        n_bytes += os.path.getsize(path)
    watch.print_report(n_files=len(paths), n_bytes=n_bytes, n_tags=n_tags)


if __name__ == "__main__":
    main()
