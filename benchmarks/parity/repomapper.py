"""Are the files of our map, under RepoMapper's name, in the order of its own? Asked of a checkout of it.

    python -m benchmarks.parity.repomapper CHECKOUT PYTHON ROOT SUFFIX [--chat FILE …]

CHECKOUT is RepoMapper's, PYTHON an interpreter that has what it needs (tree-sitter below 0.26), ROOT a repository,
SUFFIX that of the files to map, such as ``py``. Its own queries are used on both sides, so that the tags are the same,
and files in the chat, without which it ranks nothing; three by default. Ends with 1 where two files whose ranks differ
by more than both programs settle for are in another order.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from repomap_fast.compat.repomapper import RepoMap, find_src_files

N_CHAT = 3
SETTLED = 1e-6
"""networkx ends when all ranks together change by less than that for each file."""


def queries_of(checkout: Path, folder: Path) -> Path:
    """Put the queries that RepoMapper would choose into one folder: its first folder goes before its second."""
    for pack in ("tree-sitter-languages", "tree-sitter-language-pack"):
        for query in (checkout / "queries" / pack).glob("*-tags.scm"):
            (folder / query.name).write_bytes(query.read_bytes())
    return folder


def best_ranks(repo_map: RepoMap, chat: list[str], others: list[str]) -> dict[str, list[float]]:
    ranked, _ = repo_map.get_ranked_tags(chat, others)
    files: dict[str, list[float]] = {}
    for rank, tag in ranked:
        of_file = files.setdefault(tag.rel_fname, [rank, 0])
        of_file[1] += 1
    return files


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkout", type=Path)
    parser.add_argument("python")
    parser.add_argument("root")
    parser.add_argument("suffix")
    parser.add_argument("--chat", nargs="*")
    arguments = parser.parse_args()
    checkout, root = arguments.checkout.resolve(), os.path.realpath(arguments.root)
    files = [path for path in find_src_files(root) if path.endswith(f".{arguments.suffix}")]
    chat = [os.path.realpath(path) for path in arguments.chat or random.Random(7).sample(files, N_CHAT)]
    others = [path for path in files if path not in chat]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        list_path = folder / "list.txt"
        list_path.write_text("".join(f"{path}\n" for path in others))
        argv = [
            arguments.python,
            str(Path(__file__).parents[1] / "tools" / "repomapper_ranks.py"),
            root,
            str(list_path),
            *chat,
        ]
        start_s = time.perf_counter()
        run = subprocess.run(argv, env=os.environ | {"PYTHONPATH": str(checkout)}, capture_output=True, check=True)
        theirs_s = time.perf_counter() - start_s
        theirs = json.loads(run.stdout.splitlines()[-1])
        queries = folder / "queries"
        queries.mkdir()
        os.environ["REPOMAP_FAST_CACHE_DIR"] = str(folder / "cache")
        start_s = time.perf_counter()
        ours = best_ranks(RepoMap(root=root, queries_dir=queries_of(checkout, queries)), chat, others)
        ours_s = time.perf_counter() - start_s
    close = SETTLED * len(files) * 20
    order = list(ours)
    swapped = [
        (first, second)
        for i, first in enumerate(order)
        for second in order[i + 1 :]
        if first in theirs and second in theirs and theirs[second][0] - theirs[first][0] > close / len(files)
    ]
    ranked = sum(rank > SETTLED for rank, _ in theirs.values())
    print(f"{len(files)} files, {ranked} with a rank of theirs above {SETTLED}; {theirs_s:.1f} s and {ours_s:.1f} s")
    print(f"the same files: {set(ours) == set(theirs)}")
    print(f"pairs of files in another order: {len(swapped)}")
    differences = [abs(ours[path][0] - theirs[path][0]) for path in ours if path in theirs]
    print(f"largest difference of ranks: {max(differences, default=0):.2e}")
    first = sorted(theirs, key=lambda path: (-theirs[path][0], path))[:20]
    print(f"first 20 the same: {first == order[:20]}")
    sys.exit(bool(swapped) or set(ours) != set(theirs))


if __name__ == "__main__":
    main()
