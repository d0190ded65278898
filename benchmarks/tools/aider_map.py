"""One repo map, then a second one with other mentions, by aider's RepoMap or by ours.

    aider_map.py aider|ours LIST KEPT

Runs in an environment where both are installed. LIST has the root on its first line and the files below it on the
others; KEPT is the folder for what is kept: an empty one for a cold run, the same one for the next process. All that is
imported late is imported first, aider's networkx and scipy too; the token counter is the same cheap one for both.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

MAP_TOKENS = 1024
MENTIONS: tuple[set[str], set[str]] = (set(), {"get_queryset", "Model", "main", "init", "parse"})


class Model:
    """Counts tokens by characters."""

    def token_count(self, text: str) -> int:
        return len(text) // 4


def make(which: str, root: str, kept: str) -> Any:
    import numpy  # noqa: F401
    from aider.io import InputOutput

    io = InputOutput(pretty=False, fancy_input=False, yes=True)
    if which == "ours":
        os.environ["REPOMAP_FAST_CACHE_DIR"] = kept
        from repomap_fast.compat.aider import RepoMap

        return RepoMap(MAP_TOKENS, root=root, main_model=Model(), io=io)
    import aider.repomap
    import networkx  # noqa: F401
    import scipy.sparse  # noqa: F401

    class Kept(aider.repomap.RepoMap):  # type: ignore[misc]
        TAGS_CACHE_DIR = kept

    # The bar of the first scan is drawn for people.
    aider.repomap.tqdm = lambda fnames, **_: fnames
    return Kept(MAP_TOKENS, root=root, main_model=Model(), io=io)


def main() -> None:
    which, list_path, kept = sys.argv[1:]
    root, *paths = Path(list_path).read_text(errors="surrogateescape").splitlines()
    repo_map = make(which, root, kept)
    seconds = []
    text = ""
    for idents in MENTIONS:
        start = time.perf_counter()
        text = repo_map.get_repo_map([], paths, set(), idents) or ""
        seconds.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = {
        "first_s": seconds[0],
        "second_s": seconds[1],
        "peak_bytes": peak if sys.platform == "darwin" else peak * 1024,
        "tokens": len(text) // 4,
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
