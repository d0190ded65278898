"""Are our ranked tags those of cecli's RepoMap, in its order, and what does each take?

    CECLI/bin/python -m benchmarks.parity.cecli FOLDER [--pattern '*.py'] [--files N]

Run it where cecli-dev 1.10.0 and repomap-fast are installed. The files of FOLDER are ranked by both, by references and
by imports, for an empty chat, for a chat with two files and mentioned names, and for a mentioned file. Compared are all
files, the tags, but for names that more than 32 files define (see ``repomap_fast.compat.cecli``), and the order of
(file, name) among the first. cecli puts tags that are alike in the order of a set, so the order of those differs.
Caches are in memory: each time, of the processor, is that of a first map. Exit code 1 if tags or files differ.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cecli.repomap import RepoMap as TheirRepoMap

from repomap_fast.compat.cecli import RepoMap

FIRST = (20, 100, 500)
MAX_DEFINERS = 32


class QuietIO:
    """What cecli's RepoMap asks of an InputOutput; nothing is shown."""

    def read_text(self, fname: str) -> str | None:
        try:
            return Path(fname).read_text("utf-8")
        except (OSError, UnicodeError):
            return None

    def quiet(self, *_: Any, **__: Any) -> None:
        pass

    tool_output = tool_warning = tool_error = update_spinner = profile = quiet


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare our ranked tags with cecli's.")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--pattern", default="*.py", metavar="GLOB", help="files to rank (default: *.py)")
    parser.add_argument("--files", type=int, default=1000, metavar="N", help="rank the first N of them")
    options = parser.parse_args()
    root = str(options.folder.absolute())
    files = sorted(str(path) for path in Path(root).rglob(options.pattern) if path.is_file())[: options.files]
    names = {Path(files[0]).stem, Path(files[-1]).stem}
    questions: list[tuple[str, list[str], set[str], set[str]]] = [
        ("no chat", [], set(), set()),
        ("two files in the chat", files[5:7], set(), names),
        ("a mentioned file", [], {str(Path(files[3]).relative_to(root))}, names),
    ]
    n_differing = 0
    for by_imports in (False, True):
        for what, chat, fnames, idents in questions:
            others = [fname for fname in files if fname not in chat]
            ranked, seconds = [], []
            for cls in (RepoMap, TheirRepoMap):
                options_of_map = {"use_memory_cache": True, "use_enhanced_map": by_imports}
                made = cls(io=QuietIO(), repo_root=root, **options_of_map)
                start = time.process_time()
                ranked.append(made.get_ranked_tags(chat, others, fnames, idents, True))
                seconds.append(time.process_time() - start)
            n_differing += show(f"{'imports, ' if by_imports else ''}{what}", ranked, seconds)
    return 1 if n_differing else 0


def show(what: str, ranked: Sequence[list[Any]], seconds: Sequence[float]) -> bool:
    """Write one line; return whether the tags or the files that are named alone differ."""
    ours, theirs = ranked
    n_definers = Counter(name for _, name in {(tag[0], tag[3]) for tag in ours if len(tag) > 1})
    compared = [{tuple(tag) for tag in tags if len(tag) > 1 and n_definers[tag[3]] <= MAX_DEFINERS} for tags in ranked]
    differ = compared[0] != compared[1] or {tag[0] for tag in ours} != {tag[0] for tag in theirs}
    orders = [list(dict.fromkeys((tag[0], tag[3]) for tag in tags if len(tag) > 1)) for tags in ranked]
    shared = ", ".join(f"{len(set(orders[0][:n]) & set(orders[1][:n]))} of the first {n}" for n in FIRST)
    print(
        f"{what:32} {len(theirs):6,} entries {'DIFFER' if differ else 'equal'}; {shared}; "
        f"{seconds[1]:.2f} s → {seconds[0]:.2f} s",
        flush=True,
    )
    return differ


if __name__ == "__main__":
    sys.exit(main())
