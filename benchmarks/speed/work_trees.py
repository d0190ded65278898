"""What do more work trees of a repository cost, when one of them was scanned?

    python -m benchmarks.speed.work_trees REPOSITORY [--trees N] [--apart COMMITS] [--clones N]

N work trees are made, each so many commits of the main line before the last one, and N clones of the last commit. Each
is scanned and mapped, all with one cache folder. Printed are the files with a language, how many of them were parsed,
how many of them have contents that no tree before had (by git's own object names and the endings of the files' names),
the seconds of the first scan, and the bytes of the store. REPOSITORY is a checkout or a bare repository with its
history; it is cloned, and left as it is.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import repomap_fast
from benchmarks.speed.hit_rate import contents, git


def disk_bytes(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository", type=Path, metavar="REPOSITORY")
    parser.add_argument("--trees", type=int, default=20, metavar="N")
    parser.add_argument("--apart", type=int, default=1, metavar="COMMITS")
    parser.add_argument("--clones", type=int, default=0, metavar="N")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        main_tree, cache = folder / "tree0", folder / "cache"
        git(arguments.repository, "clone", "-q", "--shared", str(arguments.repository.resolve()), str(main_tree))
        commits = git(main_tree, "rev-list", "--first-parent", "HEAD").split()[:: max(1, arguments.apart)]
        trees = [main_tree]
        for number in range(1, arguments.trees):
            trees.append(folder / f"tree{number}")
            git(main_tree, "worktree", "add", "-q", "--detach", str(trees[-1]), commits[number])
        for number in range(arguments.clones):
            trees.append(folder / f"clone{number}")
            git(folder, "clone", "-q", "--shared", str(arguments.repository.resolve()), str(trees[-1]))
        compare(trees, cache)


def compare(trees: list[Path], cache: Path) -> None:
    """Scan and map each of these work trees, and print what each added."""
    seen: set[tuple[str, str]] = set()
    n_parsed = n_new = of_first = 0
    print(f"{'work tree':10} {'files':>7} {'parsed':>7} {'new':>7} {'seconds':>8} {'MB':>7} {'of the first':>13}")
    for tree in trees:
        start_s = time.perf_counter()
        result = repomap_fast.scan(tree, cache_dir=cache)
        elapsed_s = time.perf_counter() - start_s
        repomap_fast.map(tree, query="fix the template loader cache", cache_dir=cache)
        of_tree = contents(tree, "HEAD")
        tagged = {of_tree[file.path] for file in result.files if file.language is not None}
        new, seen = tagged - seen, seen | tagged
        n_bytes = disk_bytes(cache)
        of_first = of_first or n_bytes
        if tree is not trees[0]:
            n_parsed, n_new = n_parsed + result.metrics.files_parsed, n_new + len(new)
        known = result.metrics.files_parsed + result.metrics.files_known
        row = f"{tree.name:10} {known:7,} {result.metrics.files_parsed:7,} {len(new):7,} {elapsed_s:8.2f}"
        print(f"{row} {n_bytes / 1e6:7.2f} {n_bytes / of_first:13.3f}", flush=True)
    print(f"after the first: {n_parsed:,} files parsed, {n_new:,} contents that no tree before had")


if __name__ == "__main__":
    main()
