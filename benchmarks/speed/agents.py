"""How long an agent waits: for each tool where the index is warm, and for the first answer of a server.

    python -m benchmarks.speed.agents FOLDER… [--no-ignore] [--rounds N] [--json FILE]

A tool is called in process, with the look at the files that each call begins with. A server is started as a client
does it, over its standard streams: from the start of the process to the end of the answer of `repo_map`, with the
handshake. Each figure is given as wall time, and as processor time of the process, which a busy machine changes less.
The memory is what the server has resident after each tool was called three times.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import repomap_fast
from benchmarks.machine import describe_machine
from repomap_fast.agents import tools
from repomap_fast.agents.roots import Root
from repomap_fast.options import ScanOptions

QUERIES = (
    "free memory when a request is closed before it ends",
    "retry a failed connection after a delay",
    "parse the header of a message",
)
_PROTOCOL = "2025-06-18"


def calls_for(root: Path, cache: Path, options: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return calls of all tools: of names that the map of each query shows, and of one that is misspelt."""
    calls: list[tuple[str, dict[str, Any]]] = []
    for query in QUERIES:
        found = repomap_fast.map(root, query=query, cache_dir=cache, **options)
        names = [definition.name for file in found.files for definition in file.definitions][:2]
        calls.append(("repo_map", {"query": query}))
        for name in names:
            calls += [("search_symbols", {"name": name}), ("read_symbol", {"symbol": name})]
            calls.append(("find_references", {"symbol": name}))
    return calls


def in_process(root: Path, cache: Path, n_rounds: int, options: dict[str, Any]) -> dict[str, dict[str, list[float]]]:
    """Return the seconds of each call by tool; the first round does not count."""
    calls, one = calls_for(root, cache, options), Root(root, ScanOptions(**options), cache)
    taken: dict[str, dict[str, list[float]]] = {
        name: {"wall_s": [], "processor_s": []} for name in ("refresh", *tools.TOOLS)
    }

    def measure(name: str, work: Any) -> None:
        wall, processor = time.perf_counter(), time.process_time()
        work()
        taken[name]["processor_s"].append(time.process_time() - processor)
        taken[name]["wall_s"].append(time.perf_counter() - wall)

    for number in range(n_rounds + 1):
        if number == 1:
            for times in taken.values():
                times["wall_s"].clear()
                times["processor_s"].clear()
        for name, arguments in calls:

            def call(name: str = name, arguments: dict[str, Any] = arguments) -> None:
                tools.call(name, arguments, [one], progress=None, cancel=threading.Event())

            measure(name, call)
        measure("refresh", lambda: one.ask(lambda _: None, progress=None, cancel=threading.Event()))
    one.close()
    return taken


def server(root: Path, cache: Path, options: dict[str, Any]) -> dict[str, float]:
    """Start a server, and return the seconds until its first answer, those of its processor, and resident bytes."""
    start = time.perf_counter()
    flags = [f"--cache-dir={cache}", *(f"--{name.replace('_', '-')}" for name in options)]
    command = [sys.executable, "-m", "repomap_fast", "mcp", str(root), *flags]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        numbers: Iterator[int] = iter(range(1, 1_000))

        def ask(method: str, parameters: dict[str, Any]) -> dict[str, Any]:
            number = next(numbers)
            send({"id": number, "method": method, "params": parameters})
            while True:
                answer: dict[str, Any] = json.loads(process.stdout.readline())  # type: ignore[union-attr]
                if answer.get("id") == number:
                    return answer

        def send(message: dict[str, Any]) -> None:
            process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]

        client = {"name": "benchmark", "version": "1"}
        ask("initialize", {"protocolVersion": _PROTOCOL, "capabilities": {}, "clientInfo": client})
        handshake_s = time.perf_counter() - start
        send({"method": "notifications/initialized"})
        answer = ask("tools/call", {"name": "repo_map", "arguments": {"query": QUERIES[0]}})
        assert not answer["result"].get("isError"), answer
        report = {
            "handshake_s": handshake_s,
            "first_answer_s": time.perf_counter() - start,
            "processor_s": _processor_s(process.pid),
        }
        for name, arguments in calls_for(root, cache, options) * 3:
            ask("tools/call", {"name": name, "arguments": arguments})
        time.sleep(0.3)
        report["resident_bytes"] = _resident_bytes(process.pid)
        process.stdin.close()
    return report


def _processor_s(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _resident_bytes(process: int) -> float:
    return int(Path(f"/proc/{process}/statm").read_text("utf-8").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def describe(name: str, figures: dict[str, Any]) -> str:
    """Return the figures of one folder as rows of a table."""
    rows = []
    for tool, taken in figures["tools"].items():
        wall, processor = (1e3 * statistics.median(taken[kind]) for kind in ("wall_s", "processor_s"))
        rows.append(f"| {name} | {tool} | {wall:,.1f} | {1e3 * min(taken['wall_s']):,.1f} | {processor:,.1f} |")
    first = [run["first_answer_s"] for run in figures["server"]]
    processor = statistics.median(run["processor_s"] for run in figures["server"])
    rows.append(
        f"| {name} | server to first answer | {1e3 * statistics.median(first):,.0f} | {1e3 * min(first):,.0f} "
        f"| {1e3 * processor:,.0f} |"
    )
    resident = statistics.median(run["resident_bytes"] for run in figures["server"])
    return "\n".join([*rows, f"| {name} | resident, MB | {resident / 1e6:,.0f} | | |"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--cache-dir", type=Path, metavar="FOLDER", help="an index that is kept, in place of a new one")
    parser.add_argument("--no-ignore", action="store_true", help="scan what ignore files leave out, as the kernel's do")
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    options = {"no_ignore": True} if arguments.no_ignore else {}
    report: dict[str, Any] = {"machine": describe_machine()}
    print("| folder | what | median ms | least ms | processor ms |\n| --- | --- | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as temporary:
        cache = arguments.cache_dir or Path(temporary)
        for folder in arguments.folders:
            for _ in range(2):
                # The second time files that changed within the clock's grain are settled too.
                repomap_fast.scan(folder, cache_dir=cache, **options)
            figures = {
                "tools": in_process(folder, cache, arguments.rounds, options),
                "server": [server(folder, cache, options) for _ in range(arguments.rounds)],
            }
            report[folder.name] = figures
            print(describe(folder.name, figures), flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
