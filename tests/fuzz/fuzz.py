"""Feed what is broken to the package, for hours if need be, and keep what it does not survive.

    python tests/fuzz/fuzz.py --seconds 3600 --seed 1
    python tests/fuzz/fuzz.py --replay fuzz-failures/tagger-kotlin-17
    python tests/fuzz/fuzz.py --languages --seconds 60

It is for the build with the sanitizers, which see what a release only suffers; ``nox -s fuzz`` makes it. The inputs
run in a process of their own, each written to a file first: when that process dies, hangs, or an invariant does not
hold, the file is kept, and the next process goes on behind it. The same seed gives the same inputs.

A target is a module of this folder: ``make(random, corpus)`` returns an input and the name of what it is for (a
language), ``run(source, name, folder)`` has the package take it, and raises when it does not do so properly. What
reads other hostile bytes becomes a target by another such module, named in ``TARGETS``.

With ``--languages`` each language has its turn: the tagger takes sources of that one alone for ``--seconds``, and a
line says how many. Without names these are all languages that some C reads beside the tables of a parser: the scanner
of a grammar, or the search for parts in other languages. The scanner is that of a wheel, of which the sanitizers see
little: ``scanners/run.py`` compiles it with them.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from importlib import import_module
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

TARGETS = ("tagger", "query", "block", "outline", "pipeline", "patterns", "git", "store", "arrays")
HANGING_S = 120
"""No input may take longer: budgets are of a second, and sanitizers and a busy machine make that some more."""
ROUNDS_A_PROCESS = 2000
"""A new process now and then keeps a leak from looking like a fault of the input that met it."""


def main() -> int:
    """Fuzz, or replay; return 0, 1 if an input was not survived, 2 if none could be tried."""
    parser = argparse.ArgumentParser(description="Feed what is broken to the package.")
    parser.add_argument("--seconds", type=float, default=60, help="in all, or for each of --languages")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--targets", nargs="+", choices=TARGETS, default=TARGETS)
    parser.add_argument("--languages", nargs="*", metavar="NAME", help="one after another; without names those with C")
    parser.add_argument("--corpus", type=Path, help="a folder of real sources, beside those of tests/tags")
    parser.add_argument("--failures", type=Path, default=Path("fuzz-failures"))
    parser.add_argument("--replay", type=Path)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--language", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.replay:
        return replay(options.replay)
    if options.work:
        work(options)
        return 0
    try:
        n_failures = watch(options) if options.languages is None else watch_each(options)
    except (RuntimeError, ValueError) as error:
        print(error)
        return 2
    return min(n_failures, 1)


def replay(path: Path) -> int:
    """Run one kept input in this process."""
    target, name, _ = path.name.split("-", 2)
    with tempfile.TemporaryDirectory() as folder:
        import_module(f"fuzz_{target}").run(path.read_bytes(), name, Path(folder))
    print(f"{path} is survived")
    return 0


def watch_each(options: argparse.Namespace) -> int:
    """Run the workers for each language in turn, say what came of it, and return how many inputs failed.

    Raises ValueError for a name that is not known, and RuntimeError as ``watch`` does.
    """
    n_failures = 0
    for language in import_module("mutation").languages_to_fuzz(options.languages):
        print(f"{language}: ", end="", flush=True)
        n_failures += watch(options, "--languages", "--language", language, "--targets", "tagger")
    return n_failures


def watch(options: argparse.Namespace, *more: str) -> int:
    """Run the workers one after another until the time is up, keep what they fail at, and return how often they do.

    Raises RuntimeError, with what was said, if a worker cannot begin.
    """
    end = time.monotonic() + options.seconds
    n_rounds = n_failures = 0
    while (left := end - time.monotonic()) > 0:
        with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
            current, log = Path(folder, "current"), Path(folder, "log")
            arguments = [sys.executable, __file__, *sys.argv[1:], *more]
            arguments += ["--work", folder, "--seed", str(options.seed + n_rounds), "--seconds", str(left)]
            with log.open("wb") as said, subprocess.Popen(arguments, stdout=said, stderr=said) as process:
                is_hanging = wait(process, current)
            done = int(Path(folder, "round").read_text() or 0) if Path(folder, "round").exists() else 0
            n_rounds += max(1, done)
            if process.returncode and not current.exists():
                raise RuntimeError(log.read_text(errors="replace"))
            if process.returncode or is_hanging:
                n_failures += 1
                keep(options.failures, current, log, "hangs" if is_hanging else f"ends with {process.returncode}")
    print(f"{n_rounds} inputs, {n_failures} failures", flush=True)
    return n_failures


def wait(process: subprocess.Popen[bytes], current: Path) -> bool:
    """Wait for a worker to end; return whether it had to be killed in the middle of an input."""
    while True:
        try:
            process.wait(1)
            return False
        except subprocess.TimeoutExpired:
            with suppress(FileNotFoundError):  # between two inputs there is none
                if time.time() - current.stat().st_mtime > HANGING_S:
                    process.send_signal(signal.SIGABRT)  # faulthandler tells where it is
                    process.wait()
                    return True


def keep(failures: Path, current: Path, log: Path, what: str) -> None:
    """Move the input and what was said of it to the folder of failures, and say how to run it again."""
    failures.mkdir(parents=True, exist_ok=True)
    kept = failures / f"{current.readlink().name}-{int(time.time())}"
    shutil.copyfile(current, kept)
    shutil.copyfile(log, kept.with_name(f"{kept.name}.log"))
    print(f"{kept} {what}; again with: {sys.executable} {__file__} --replay {kept}", flush=True)


def work(options: argparse.Namespace) -> None:
    """Make inputs and run them, one after another, until one fails or the time is up."""
    faulthandler.enable()
    corpus = import_module("mutation").read_corpus(options.corpus, options.language)
    targets = {name: import_module(f"fuzz_{name}") for name in options.targets}
    end = time.monotonic() + options.seconds
    folder, current = options.work, options.work / "current"
    for done in range(ROUNDS_A_PROCESS):
        if time.monotonic() > end:
            return
        seed = options.seed + done
        draw = random.Random(seed)
        target = draw.choice(options.targets)
        source, name = targets[target].make(draw, corpus)
        path = folder / f"{target}-{name}-{seed}"
        path.write_bytes(source)
        current.unlink(missing_ok=True)
        current.symlink_to(path)
        (folder / "round").write_text(str(done + 1))
        try:
            targets[target].run(source, name, folder)
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(3)
        path.unlink()


if __name__ == "__main__":
    sys.exit(main())
