"""How much of an index still serves after a checkout of an older version?

    python -m benchmarks.speed.hit_rate REPOSITORY… [--dates N] [--apart DAYS] [--older DAYS]

For N dates, so far apart, counted back from the last commit: the version of that date is scanned into an empty index,
then a version three months older is checked out in the same work tree and scanned with it. The hit rate is the share of
the files with a language that are not parsed. The ceiling beside it comes from git's own object names: the share of
these files whose contents the newer version had, in a file whose name ends alike; the rest nobody has ever parsed.
REPOSITORY is a checkout or a bare repository with its history; it is cloned, and left as it is.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
from pathlib import Path, PurePosixPath

import repomap_fast


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, errors="surrogateescape").stdout


def commit_before(clone: Path, seconds: int) -> str:
    """Return the last commit of the main line that is not younger, or an empty text."""
    return git(clone, "rev-list", "-1", "--first-parent", f"--before={seconds}", "HEAD").strip()


def contents(clone: Path, commit: str) -> dict[str, tuple[str, str]]:
    """Return for each file of a commit the name of its contents, and its name's ending."""
    files = {}
    for line in git(clone, "ls-tree", "-r", "-z", commit).split("\0"):
        if line:
            kind, path = line.split("\t", 1)
            files[path] = (kind.split()[2], PurePosixPath(path).suffix)
    return files


def measure(work_tree: Path, newer: str, older: str) -> tuple[int, float, float]:
    """Return the older version's files with a language, the hit rate, and the share of contents that were known."""
    with tempfile.TemporaryDirectory() as cache:
        git(work_tree, "checkout", "-q", "--force", newer)
        repomap_fast.scan(work_tree, cache_dir=cache)
        git(work_tree, "checkout", "-q", "--force", older)
        result = repomap_fast.scan(work_tree, cache_dir=cache)
    known = set(contents(work_tree, newer).values())
    of_older = contents(work_tree, older)
    paths = [file.path for file in result.files if file.language is not None and file.path in of_older]
    share = sum(of_older[path] in known for path in paths) / max(1, len(paths))
    return len(paths), result.metrics.hit_rate, share


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", type=Path, nargs="+", metavar="REPOSITORY")
    parser.add_argument("--dates", type=int, default=6, metavar="N")
    parser.add_argument("--apart", type=int, default=182, metavar="DAYS")
    parser.add_argument("--older", type=int, default=91, metavar="DAYS")
    arguments = parser.parse_args()
    rates = []
    print(f"{'repository':24} {'from':10}    {'to':10}         files hit rate  ceiling")
    for repository in arguments.repositories:
        with tempfile.TemporaryDirectory() as folder:
            clone = Path(folder, "clone")
            git(repository, "clone", "-q", "--shared", "--no-checkout", str(repository.resolve()), str(clone))
            last = int(git(clone, "log", "-1", "--format=%ct"))
            for number in range(arguments.dates):
                date = last - number * arguments.apart * 86400
                newer, older = commit_before(clone, date), commit_before(clone, date - arguments.older * 86400)
                if not older:
                    break
                try:
                    n_files, rate, share = measure(clone, newer, older)
                except subprocess.CalledProcessError as error:
                    print(f"{repository}: left out: {' '.join(error.cmd)}: {error.stderr.strip()}")
                    break
                rates.append(rate)
                name = repository.resolve().parent.name if repository.name in ("repo", ".git") else repository.name
                print(f"{name:24} {newer[:10]} -> {older[:10]} {n_files:7,} files {rate:8.1%} {share:8.1%}", flush=True)
    print(f"{len(rates)} checkouts: hit rate {min(rates):.1%} / {statistics.median(rates):.1%} / {max(rates):.1%}")
    print(f"above 70 %: {sum(rate > 0.7 for rate in rates)} of {len(rates)}")


if __name__ == "__main__":
    main()
