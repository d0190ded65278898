"""Help screens: options in groups, and examples at the end.

It writes plain text and loads no rich, so that a screen is the same in a pipe and in a narrow terminal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PROGRAM = "repomap-fast"

_GROUPS: dict[str, tuple[str, ...]] = {
    "Task": ("--focus", "--mention", "--query", "--query-json", "--changed"),
    "Search": (
        "--cycles",
        "--match",
        "--references",
        "--kind",
        "--path",
        "--scope",
        "--depth",
        "--sure",
        "--tests",
        "--with-tests",
        "--since",
    ),
    "Measurement": ("--repeats", "--operation", "--state", "--compare", "--last"),
    "Output": (
        "--context",
        "--tokens",
        "--format",
        "--output",
        "--out",
        "--retry-failed",
        "--html",
        "--show-focus",
        "--tokenizer",
        "--limit",
        "--header",
        "--no-header",
        "--ascii",
        "--no-progress",
        "--quiet",
        "--verbose",
    ),
    "Files": (
        "--language",
        "--include",
        "--exclude",
        "--no-ignore",
        "--revision",
        "--queries",
        "--macro",
        "--fences",
        "--paths",
        "--changed-last",
    ),
    "Limits": (
        "--deadline",
        "--workers",
        "--scheduler",
        "--timeout",
        "--timeout-per-file",
        "--max-file-size",
        "--max-file-memory",
        "--max-memory",
        "--max-cpu",
        "--older-than",
        "--max-size",
        "--max-files",
        "--max-depth",
        "--alert-memory",
        "--alert-cpu",
    ),
    "Cache": ("--all", "--no-cache", "--cache-dir", "--history", "--no-history"),
}
_OTHERS = "Options"
_COLUMN = 28
"""Width of the flags."""
_WIDE = 70

_EXAMPLES: dict[str, tuple[str, ...]] = {
    "": ("map .", 'map . --query "close idle connections"', "search Connection", "scan src --format csv -o tags.csv"),
    "map": (
        "map .",
        'map . --query "close connections" -t 4096',
        "map . --focus src/pool.py --changed",
        "map . --format json -o map.json",
    ),
    "explain": ("explain Connection", "explain src/pool.py --query pool", "explain Connection . --format json"),
    "search": (
        "search Connection",
        "search conn src --references",
        "search close --kind method --scope Pool",
        "search Connection --match exact --format json",
    ),
    "show": (
        "show Connection.close",
        "show src/pool.py:120 --context 5",
        "show src/pool.py::Pool.close . --format json",
    ),
    "imports": ("imports", "imports src/pool.py", "imports --cycles", "imports src/pool.py . --format json"),
    "refs": ("refs Connection.close", "refs retry src --limit 0", "refs Pool.close --sure --no-tests"),
    "callers": ("callers Connection.close", "callers src/pool.py::retry --depth 2"),
    "callees": ("callees Connection.close", "callees main --depth 2 --no-tests"),
    "impact": ("impact Connection.close", "impact src/pool.py", "impact --changed main", "impact . --depth 1"),
    "unused": ("unused", "unused --path src/pool", "unused . --format json --limit 0"),
    "report": ("report", "report src -o src.html --since 6m", "report . --format mermaid"),
    "outline": ("outline src/pool.py", "outline src/*.py --format json", "outline - --language python < pool.py"),
    "mcp": ("mcp", "mcp ~/src/project", "mcp . --http 8080"),
    "init": ("init claude-code", "init vscode . --write", "init codex --user --write", "init claude-code --undo"),
    "hook": ("hook SessionStart", "hook SubagentStart"),
    "scan": (
        "scan .",
        "scan . --language python -o tags.jsonl",
        "scan . -o tags",
        "scan . --exclude 'tests/' --max-memory 512M",
    ),
    "fleet": (
        "fleet list.txt --out mined",
        "fleet list.txt --out mined --retry-failed",
        "fleet list.txt --out s3://b/mined --workers 4",
    ),
    "languages": ("languages", "languages --format json"),
    "bench": ("bench .", "bench . --operation scan --state cold -n 10", "bench . --compare last"),
    "dashboard": ("dashboard", "dashboard . --last 5", "dashboard --html history.html"),
    "completion": ("completion bash", "completion zsh --install"),
    "cache": ("cache info --all", "cache prune --older-than 7", "cache clear ."),
    "cache path": ("cache path", "cache path src"),
    "cache info": ("cache info", "cache info --all --format json"),
    "cache warm": ("cache warm .", "cache warm --paths src --paths tests", "cache warm --changed-last 100"),
    "cache clear": ("cache clear", "cache clear --all --yes"),
    "cache prune": ("cache prune --all", "cache prune --older-than 7 --max-size 1G"),
    "cache check": ("cache check", "cache check --all --format json"),
}


def write_options(command: Any, ctx: Any, formatter: Any) -> None:
    """Write the arguments, and the options in groups; ``formatter`` is the one that Typer makes."""
    arguments: list[tuple[str, str]] = []
    groups: dict[str, list[tuple[int, tuple[str, str]]]] = {name: [] for name in (*_GROUPS, _OTHERS)}
    for param in command.get_params(ctx):
        record = param.get_help_record(ctx)
        if record is None:
            continue
        if param.param_type_name == "argument":
            arguments.append((str(param.metavar or param.name), record[1]))
        else:
            name, position = _find_group(param.opts)
            groups[name].append((position, record))
    if arguments:
        with formatter.section("Arguments"):
            formatter.write_dl(_aligned(arguments, formatter))
    for name, records in groups.items():
        if records:
            with formatter.section(name):
                ordered = [record for _, record in sorted(records, key=lambda one: one[0])]
                formatter.write_dl(_aligned(ordered, formatter), col_max=_COLUMN)


def _aligned(records: list[tuple[str, str]], formatter: Any) -> list[tuple[str, str]]:
    """Return the records with first columns of one width in all groups, where there is room."""
    width = _COLUMN if formatter.width >= _WIDE else 0
    return [(first.ljust(width), text) for first, text in records]


def write_commands(summaries: Mapping[str, str], formatter: Any) -> None:
    """Write the commands of a group, each with a whole sentence."""
    with formatter.section("Commands"):
        formatter.write_dl(list(summaries.items()))


def write_examples(ctx: Any, formatter: Any) -> None:
    """Write the examples of a command, one a line."""
    path = ctx.command_path.partition(" ")[2] if ctx.parent is not None else ""
    if examples := _EXAMPLES.get(path, ()):
        with formatter.section("Examples"):
            for example in examples:
                formatter.write(f"{'':{formatter.current_indent}}{PROGRAM} {example}\n")


def _find_group(flags: list[str]) -> tuple[str, int]:
    for name, members in _GROUPS.items():
        for position, member in enumerate(members):
            if member in flags:
                return name, position
    return _OTHERS, 0
