"""Feed broken texts to the scanners of grammars, compiled with the sanitizers, and keep what these find.

    python tests/fuzz/scanners/run.py --seconds 3600 --sources SOURCES --corpus REPOSITORIES
    python tests/fuzz/scanners/run.py python ruby --seconds 60
    python tests/fuzz/scanners/run.py ruby --replay scanner-findings/ruby/finding-812

``nox -s fuzz_scanners`` brings what it needs. Each grammar has its turn for ``--seconds`` of processor time, in a
process of its own. A report of a sanitizer does not end that process, and is given once for each place in the code; a
crash and a hang do, and the next one goes on with what was found worth keeping. A line for each grammar says how many
texts its scanner had, how often the parser called it, how many of its ways were met, and when the last of them was new.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

sys.path.insert(1, str(Path(__file__).parents[1]))
sys.path.insert(2, str(Path(__file__).parents[2]))

from build import Scanner, build_loop, build_scanner, fetch_sources, load_scanner, sanitizers_environment
from mutation import read_corpus, words_of

from repomap_fast.errors import LanguageError
from repomap_fast.languages.table import LANGUAGES, Language, find_language
from support import hostile
from support.installed import INSTALLED_PARSED
from support.scanner_states import MeasuredScanner

_LARGEST_SEED = 1 << 10
_SEEDS = 400
_CRASHES = 20
"""After so many a scanner has shown enough."""
_SLICE_S = 1.0
_WARM_UP = 100
"""Texts that the loop does not ask whether they keep memory, as the C library does so at first."""


_SUMS = ("n_inputs", "n_scans", "n_reports", "n_leaks", "seconds")
"""Counts of a process that are added to those of the processes before; others are known from its beginning on."""


class _Counts(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_uint64) for name in ("n_inputs", "n_scans", "n_reports", "n_leaks")),
        *((name, ctypes.c_uint32) for name in ("n_texts", "n_ways")),
        ("last_new_s", ctypes.c_double),
    )


def main() -> int:
    """Fuzz, or replay; return 0, 1 if something was found, 2 if a scanner could not be tried."""
    parser = argparse.ArgumentParser(description="Feed broken texts to the scanners of grammars.")
    parser.add_argument("languages", nargs="*", metavar="LANGUAGE", help="without names all that have a scanner")
    parser.add_argument("--seconds", type=float, default=60, help="of processor time, for each")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sources", type=Path, default=Path("scanner-sources"), help="source distributions, unpacked")
    parser.add_argument("--corpus", type=Path, help="a folder of real sources, beside those of tests/tags")
    parser.add_argument("--build", type=Path, default=Path("scanner-build"))
    parser.add_argument("--findings", type=Path, default=Path("scanner-findings"))
    parser.add_argument("--replay", type=Path)
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--left", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--round", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        return _work(LANGUAGES[find_language(options.languages[0])], options)
    try:
        rows = _rows(options.languages)
        options.sources.mkdir(parents=True, exist_ok=True)
        fetch_sources(options.sources, [row.grammar for row in rows])
        build_loop(options.build)
    except (LanguageError, subprocess.CalledProcessError) as error:
        print(error)
        return 2
    if options.replay:
        build_scanner(rows[0].grammar, options.sources, options.build)
        return _replay(rows[0], options)
    corpus = read_corpus(options.corpus)
    return max(_fuzz(row, corpus[row.name], options) for row in rows)


def _fuzz(row: Language, sources: list[bytes], options: argparse.Namespace) -> int:
    try:
        build_scanner(row.grammar, options.sources, options.build)
        _write_seeds(row, sources, options.findings / row.name / "seeds", options.seed)
        return min(1, _watch(row, options))
    except (FileNotFoundError, RuntimeError, subprocess.CalledProcessError) as error:
        print(f"{row.name}: {error}", flush=True)
        return 2


def _rows(names: list[str]) -> list[Language]:
    """Return the languages of these names, or all that have a scanner. Raises LanguageError."""
    rows = [LANGUAGES[find_language(name)] for name in names] or INSTALLED_PARSED
    with_scanner = [row for row in rows if row.grammar and MeasuredScanner(row.name).has_scanner]
    without = [row.name for row in rows if names and row not in with_scanner]
    if without:
        raise LanguageError(f"{', '.join(without)}: the grammar has no scanner of its own; name another language")
    return with_scanner


def _write_seeds(row: Language, sources: list[bytes], folder: Path, seed: int) -> None:
    """Write pieces of real sources, which begin with a line, and hostile ones."""
    folder.mkdir(parents=True, exist_ok=True)
    draw = random.Random(seed)
    texts = [make()[:_LARGEST_SEED] for _, make in hostile.sources(row.name)]
    while sources and len(texts) < _SEEDS:
        source = draw.choice(sources)
        start = draw.randrange(max(1, len(source) - _LARGEST_SEED // 2))
        start = source.rfind(b"\n", 0, start) + 1
        texts.append(source[start : start + draw.choice((100, 300, 800))])
    for number, text in enumerate(texts):
        (folder / f"{number:04}").write_bytes(text)


def _watch(row: Language, options: argparse.Namespace) -> int:
    """Run workers until the time is up; say what they did, and return how many findings there are.

    Raises RuntimeError, with what was said, if a worker cannot begin.
    """
    folder = options.findings / row.name
    totals = dict.fromkeys((*(name for name, _ in _Counts._fields_), "seconds", "n_compared", "n_differing"), 0.0)
    n_crashes = 0
    while (left := options.seconds - totals["seconds"]) > 0 and n_crashes < _CRASHES:
        for name in ("counts", "current"):
            (folder / name).unlink(missing_ok=True)
        with (folder / "log").open("ab") as log:
            status = _run_worker(row, options, "--left", str(left), "--round", str(n_crashes), log=log)
        if status and not (folder / "current").exists():
            raise RuntimeError((folder / "log").read_text(errors="replace"))
        counts = json.loads((folder / "counts").read_text()) if (folder / "counts").exists() else {}
        for name, count in counts.items():
            totals[name] = totals[name] + count if name in _SUMS else count
        if status == 0:
            break
        n_crashes += 1
        totals["seconds"] += 1  # what was not counted at the end
        current = (folder / "current").read_bytes()
        kept = folder / f"crash-{options.seed}-{n_crashes}"
        kept.write_bytes(current[4 : 4 + int.from_bytes(current[:4], sys.byteorder)])
        print(f"{kept} ends with {status}; {folder / 'log'} tells more", flush=True)
    print(
        f"{row.name}: {totals['n_inputs']:,.0f} texts in {totals['seconds']:.0f} s, {totals['n_scans']:,.0f} calls, "
        f"{totals['n_ways']:,.0f} ways, the last new after {totals['last_new_s']:.0f} s; "
        f"{totals['n_differing']:.0f} of {totals['n_compared']:.0f} trees differ; {totals['n_reports']:.0f} reports, "
        f"{totals['n_leaks']:.0f} leaks, {n_crashes} crashes",
        flush=True,
    )
    return int(totals["n_reports"] + totals["n_leaks"]) + n_crashes


def _replay(row: Language, options: argparse.Namespace) -> int:
    """Run one text again, tell what the sanitizers say, and return 0 if that is nothing."""
    # The loop sees a report by the size of the file.
    with tempfile.TemporaryFile() as log:
        status = _run_worker(row, options, "--replay", str(options.replay), log=log)
        log.seek(0)
        sys.stderr.write(log.read().decode(errors="replace"))
    print(f"{options.replay} {'is survived' if status == 0 else f'ends with {status}'}")
    return status


def _run_worker(row: Language, options: argparse.Namespace, *more: str, log: IO[bytes]) -> int:
    arguments = [sys.executable, __file__, row.name, "--work", "--seed", str(options.seed)]
    arguments += ["--build", str(options.build), "--findings", str(options.findings), *more]
    environment = {**os.environ, **sanitizers_environment()}
    return subprocess.run(arguments, stderr=log, env=environment, check=False).returncode


def _work(row: Language, options: argparse.Namespace) -> int:
    """Feed texts for some seconds, and write what was counted; or run one text again, and return 1 if that finds."""
    folder = options.findings / row.name
    folder.mkdir(parents=True, exist_ok=True)
    start = time.process_time()
    loop = _begin(load_scanner(row.grammar, options.build / f"{row.grammar}.so"), row, folder, options)
    if options.replay:
        text = options.replay.read_bytes()
        for _ in range(_WARM_UP + 1):
            loop.loop_feed(text, len(text))
        counts = loop.loop_run(ctypes.c_double(0))
        return min(1, counts.n_reports + counts.n_leaks)
    texts = [path.read_bytes() for path in sorted((folder / "seeds").iterdir())]
    for word in words_of(row.name):
        loop.loop_add_word(word, len(word))
    for text in texts + [path.read_bytes() for path in sorted(folder.glob("text-*"))]:
        loop.loop_feed(text, len(text))
    # Behind that: a report is given once, and is to be counted as one of its text.
    hashes = [(_hash(loop, text, False), _hash(loop, text, True)) for text in texts]
    compared = [(given, watched) for given, watched in hashes if given and watched]
    n_differing = sum(given != watched for given, watched in compared)
    while (taken := time.process_time() - start) < options.left:
        counts = loop.loop_run(ctypes.c_double(min(_SLICE_S, options.left - taken)))
        found = {name: getattr(counts, name) for name, _ in _Counts._fields_}
        found |= {"n_differing": n_differing, "n_compared": len(compared), "seconds": time.process_time() - start}
        (folder / "counts").write_text(json.dumps(found))
        if counts.n_texts == 0:
            break
    return 0


def _begin(scanner: Scanner, row: Language, folder: Path, options: argparse.Namespace) -> ctypes.CDLL:
    loop = scanner.library
    loop.loop_hash_tree.restype = ctypes.c_uint64
    loop.loop_run.restype = _Counts
    functions = (ctypes.c_void_p * len(scanner.functions))(*scanner.functions)
    loop.loop_begin.restype = ctypes.c_bool
    is_begun = loop.loop_begin(
        ctypes.c_void_p(scanner.language),
        functions,
        ctypes.c_bool(row.bmp_only),
        ctypes.c_bool(row.reset_scanner),
        os.open(folder, os.O_RDONLY),
        ctypes.c_uint64(options.seed + options.round),
    )
    if not is_begun:
        raise OSError(f"cannot keep texts in {folder}")
    return loop


def _hash(loop: ctypes.CDLL, text: bytes, is_watched: bool) -> int:
    """Return a number for the tree of a text; 0 where its time was up."""
    number: int = loop.loop_hash_tree(text, len(text), ctypes.c_bool(is_watched))
    return number


if __name__ == "__main__":
    sys.exit(main())
