"""Where the processor time of a scan goes: parse, query, append, memory, kernel, Python.

    python -m benchmarks.speed.profile_native CORPORA NAME [--tool perf | callgrind] [--functions N]

``perf`` samples a whole run; it needs leave to do so (``kernel.perf_event_paranoid``), but no hardware counters.
``callgrind`` counts instructions under valgrind, some fifty times slower: give it a small corpus (django). Both go by
the names of functions, so the compiled modules must not be stripped; functions that the compiler inlined count for the
one that called them.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.speed.contenders import CORPORA, Corpus

SAMPLES_PER_SECOND = 997
"""A prime, so that nothing that happens every so many milliseconds is met every time or never."""

Cost = Counter[tuple[str, str]]
"""Samples or instructions by (function, name of the file that it is in)."""

GROUPS = (
    # (group, pattern of the file, pattern of the function); the first that fits counts.
    ("kernel: memory", r"^\[kernel|^\[guest", r"page|fault|_mm_|vma|mmap|munmap|memcg|folio|lru|rmqueue|zap|charge"),
    ("kernel: files and the rest", r"^\[", r""),
    (
        "parse: grammar",
        r"^(?!_tagger).*",
        r"^(ts_lex|ts_lex_keywords|set_contains|tree_sitter_.*|scan.*|advance)$",
    ),
    ("arena", r"^_tagger", r"arena|repomap_(malloc|calloc|realloc|free|allocate)"),
    ("query", r"^_tagger", r"^(ts_query|repomap_(cursor|walk)|ts_tree_cursor|ts_node|analysis|capture_list|query_)"),
    ("read and hash", r"^_tagger", r"repomap_(read|bytes|utf16)|blake2b"),
    ("append", r"^_tagger", r"TagWorker|interner|candidate|reserve|scope"),
    ("parse: core", r"^_tagger", r"^(ts_|stack|repomap_parse|advance_|array_|pop_|summarize|subtree|length_|point_)"),
    ("tagger: the rest", r"^_tagger", r""),
    ("discover", r"^_(inodes|listing|languages)", r""),
    ("join", r"^_join", r""),
    ("strings", r"^_strings", r""),
    ("C library", r"^(libc[.-]|ld-|libm[.-]|libpthread)", r""),
    ("numpy", r"numpy|_multiarray|openblas|^_umath", r""),
    ("Python", r"^(libpython|python|.*cpython)", r""),
    ("parse: grammar", r"\.so$", r""),
)


def command(corpus: Corpus, folder: Path, workers: int) -> list[str]:
    languages = [f"--language={name}" for name in corpus.languages]
    scan = ["-m", "repomap_fast", "scan", "-q", "--no-ignore", "--no-cache", f"--workers={workers}"]
    return [sys.executable, *scan, *languages, str(folder / corpus.name)]


def sample_with_perf(argv: list[str], scratch: Path) -> Cost:
    record = scratch / "perf.data"
    # cpu-clock is there on virtual machines that show no hardware counters.
    options = ["-q", "-e", "cpu-clock", "-F", str(SAMPLES_PER_SECOND), "-o", str(record)]
    subprocess.run(["perf", "record", *options, "--", *argv], check=True, stderr=subprocess.DEVNULL)
    script = ["perf", "script", "-i", str(record), "-F", "ip,sym,dso"]
    lines = subprocess.run(script, check=True, capture_output=True, text=True).stdout.splitlines()
    cost: Cost = Counter()
    for line in lines:
        if found := re.match(r"\s*[0-9a-f]+ (.+) \((.+)\)$", line):
            cost[plain_name(found[1]), Path(found[2]).name] += 1
    return cost


def count_with_callgrind(argv: list[str], scratch: Path) -> Cost:
    record = scratch / "callgrind.out"
    valgrind = ["valgrind", "-q", "--tool=callgrind", f"--callgrind-out-file={record}"]
    subprocess.run([*valgrind, *argv], check=True)
    annotate = ["callgrind_annotate", "--threshold=100", "--show-percs=no", str(record)]
    lines = subprocess.run(annotate, check=True, capture_output=True, text=True).stdout.splitlines()
    cost: Cost = Counter()
    for line in lines:
        # "1,234,567  file.c:function [object]"
        if found := re.match(r"\s*([\d,]+) +\S*:(.+?) \[(.+)\]$", line):
            cost[plain_name(found[2]), Path(found[3]).name] += int(found[1].replace(",", ""))
    return cost


TOOLS = {"perf": sample_with_perf, "callgrind": count_with_callgrind}


def plain_name(function: str) -> str:
    """Return a function's name without what compilers append (``.constprop.0``, ``.lto_priv.0``, ``'2``)."""
    return re.sub(r"(\.(constprop|isra|part|lto_priv|cold)(\.\d+)?|'\d+)+$", "", function)


def group_of(function: str, file: str) -> str:
    for group, file_pattern, function_pattern in GROUPS:
        if re.search(file_pattern, file) and re.search(function_pattern, function):
            return group
    return "other"


def print_shares(cost: Cost, unit: str, n_functions: int) -> None:
    total = sum(cost.values())
    groups: Counter[str] = Counter()
    for (function, file), n in cost.items():
        groups[group_of(function, file)] += n
    print(f"{total:,} {unit}")
    for group, n in groups.most_common():
        print(f"{100 * n / total:6.1f} %  {group}")
    print()
    for (function, file), n in cost.most_common(n_functions):
        print(f"{100 * n / total:6.1f} %  {function}  [{file}]  {group_of(function, file)}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Share a scan's processor time out among its parts.")
    parser.add_argument("corpora", type=Path, metavar="CORPORA", help="the folder that benchmarks.corpora filled")
    parser.add_argument("name", choices=[*CORPORA], metavar="NAME", help=f"of {', '.join(CORPORA)}")
    parser.add_argument("--tool", choices=[*TOOLS], default="perf" if shutil.which("perf") else "callgrind")
    parser.add_argument("--workers", type=int, default=1, metavar="N")
    parser.add_argument("--functions", type=int, default=25, metavar="N", help="how many single functions to list")
    options = parser.parse_intermixed_args()
    argv = command(CORPORA[options.name], options.corpora.absolute(), options.workers)
    with tempfile.TemporaryDirectory() as temporary:
        cost = TOOLS[options.tool](argv, Path(temporary))
    unit = f"samples at {SAMPLES_PER_SECOND} Hz" if options.tool == "perf" else "instructions"
    print_shares(cost, unit, options.functions)


if __name__ == "__main__":
    main()
