"""What a fleet of this machine takes: real repositories by one worker and by two, and many small ones.

    python -m benchmarks.speed.fleet list repositories.txt --rounds 3
    python -m benchmarks.speed.fleet small --repositories 10000

``list`` scans the repositories of a list into a new dataset, by one worker and by two in turns, and compares the bytes.
``small`` makes repositories of two small files. Overhead is the processor time of all processes, less that of a fleet
of one repository and of as many scans in one process, for each; memory is the largest resident set of a process.

Processor time is that of the process and of all its workers. On a busy machine it says more than seconds of the clock.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil

import repomap_fast
from benchmarks.machine import describe_machine
from benchmarks.measure import Run, run_measured

WORKERS = (1, 2)
N_SCANS = 500
"""Small repositories that are scanned without a fleet, to know what the scans alone take."""
N_LOOKS = 10
"""How often memory is looked at."""


def main() -> None:
    """Measure, and print what was found as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ways = parser.add_subparsers(dest="way", required=True)
    of_list = ways.add_parser("list", help="real repositories, by one worker and by two")
    of_list.add_argument("file", type=Path)
    of_list.add_argument("--rounds", type=int, default=3)
    of_small = ways.add_parser("small", help="many small repositories")
    of_small.add_argument("--repositories", type=int, default=10_000)
    of_small.add_argument("--workers", type=int, default=2)
    run = ways.add_parser("run", help="one fleet; the others start it")
    run.add_argument("file", type=Path)
    run.add_argument("out", type=Path)
    run.add_argument("workers", type=int)
    given = parser.parse_args()
    if given.way == "run":
        run_fleet(given.file, given.out, given.workers)
        return
    found = measure_list(given.file, given.rounds) if given.way == "list" else measure_small(given)
    load = [round(one, 1) for one in psutil.getloadavg()]
    print(json.dumps({"machine": describe_machine(), "load": load, "version": repomap_fast.__version__, **found}))


def run_fleet(file: Path, out: Path, workers: int) -> None:
    """Run one fleet, and print its summary and what its workers had of memory on the way."""
    from repomap_fast.fleet import read_list, scan_repositories

    sources = read_list(file)
    looks: list[tuple[int, float]] = []

    def look(_: str, done: int, total: int) -> None:
        if done and done % max(1, total // N_LOOKS) == 0:
            looks.append((done, max(map(resident_mb, psutil.Process().children(recursive=True)), default=0.0)))

    summary = scan_repositories(sources, out, workers=workers, progress=look)
    report = {"elapsed_s": summary.elapsed_s, "n_scanned": summary.n_scanned, "n_failed": summary.n_failed}
    report["n_failed_files"] = summary.n_failed_files
    # A run keeps numbers alone.
    memory = {f"worker_mb_after_{done}": size_mb for done, size_mb in looks}
    print(json.dumps({**report, "n_tags": summary.n_tags, "size_bytes": summary.size_bytes, **memory}))


def resident_mb(process: psutil.Process) -> float:
    """Return the resident memory of a process in 10^6 bytes; 0 of one that is gone."""
    try:
        return round(process.memory_info().rss / 1e6, 1)
    except psutil.Error:
        return 0.0


def measure_list(file: Path, rounds: int) -> dict[str, object]:
    """Run the fleet of a list with each number of workers, in turns."""
    runs: dict[int, list[Run]] = {workers: [] for workers in WORKERS}
    digests = set()
    for _ in range(rounds):
        for workers in WORKERS:
            with tempfile.TemporaryDirectory() as folder:
                out = Path(folder) / "out"
                runs[workers].append(started(file, out, workers))
                digests.add(digest_of(out))
    seconds = {workers: statistics.median(float(run.report["elapsed_s"]) for run in of) for workers, of in runs.items()}
    return {
        "runs": {workers: [described(run) for run in of] for workers, of in runs.items()},
        "speedup": seconds[1] / seconds[2],
        "same_bytes": len(digests) == 1,
    }


def measure_small(given: argparse.Namespace) -> dict[str, object]:
    """Run a fleet of small repositories, and scan some without one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        roots = [make_small(folder / "sources" / f"{number:06}", number) for number in range(given.repositories)]
        (folder / "list").write_text("".join(f"{root}\n" for root in roots))
        (folder / "one").write_text(f"{roots[0]}\n")
        start = started(folder / "one", folder / "out of one", given.workers)
        run = started(folder / "list", folder / "out", given.workers)
        alone_s = scans_alone(roots[:N_SCANS])
    of_each_s = (run.cpu_s - start.cpu_s) / (given.repositories - 1)
    return {
        **described(run),
        "workers": given.workers,
        "start_cpu_s": round(start.cpu_s, 2),
        "cpu_ms_each": 1e3 * of_each_s,
        "scan_ms_each": 1e3 * alone_s,
        "overhead_ms_each": 1e3 * (of_each_s - alone_s),
        "wall_ms_each": 1e3 * float(run.report["elapsed_s"]) / given.repositories,
    }


def make_small(root: Path, number: int) -> Path:
    """Make a folder of two small files."""
    root.mkdir(parents=True)
    body = f"    def f(self):\n        return g{number}(1)\n\n\ndef g{number}(x):\n    return x\n"
    (root / "a.py").write_text(f"class C{number}:\n{body}")
    (root / "README.md").write_text(f"# R{number}\n\nText.\n")
    return root


def scans_alone(roots: list[Path]) -> float:
    """Return the processor time of a scan of one of these folders, in seconds."""
    repomap_fast.scan(roots[0], cache=False, workers=1)
    started_s = time.process_time()
    for root in roots:
        repomap_fast.scan(root, cache=False, workers=1)
    return (time.process_time() - started_s) / len(roots)


def started(file: Path, out: Path, workers: int) -> Run:
    """Run one fleet in a process of its own."""
    return run_measured([sys.executable, "-m", "benchmarks.speed.fleet", "run", str(file), str(out), str(workers)])


def described(run: Run) -> dict[str, object]:
    """Return what a run took."""
    return {"cpu_s": round(run.cpu_s, 2), "wall_s": round(run.wall_s, 2), **run.report}


def digest_of(out: Path) -> str:
    """Return a digest of all files of a dataset."""
    digest = hashlib.blake2b()
    for path in sorted(path for path in out.rglob("*") if path.is_file()):
        digest.update(path.relative_to(out).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
