"""Turn the results of one day and machine into a readable page.

    python -m benchmarks.speed.tables benchmarks/results/DATE-MACHINE

writes README.md beside the results; speed.compare does the same after each corpus.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

RULES = """\
Whole processes, from start to end, by the kernel's account; user and system time together make "cpu". Each cell is
minimum / **median** / maximum. "÷ floor" is against `stock-parse`, after the start of both (a run with no files) is
taken off: ratio of the medians · median of the ratios round by round; below 1 is less than the floor. "MB" is the
largest resident set, 10^6 bytes. Contenders in *italics* are not a fair pair: they see other files than the rest.
"""


def write_readme(folder: Path) -> None:
    """Write ``folder/README.md`` from the results that lie in it."""
    pages = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    pages = [page for page in pages if "contenders" in page]
    if pages:
        (folder / "README.md").write_text("\n".join([f"# {folder.name}\n", RULES, *map(corpus_section, pages)]))


def corpus_section(page: dict[str, Any]) -> str:
    corpus, machine = page["corpus"], page["machine"]
    size = f"{corpus['files']:,} files, {corpus['bytes'] / 1e6:.1f} MB"
    head = [
        f"## {corpus['name']}: {size}, {', '.join(corpus['languages'])}",
        "",
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory']}, {machine['system']}, "
        f"kernel {machine['kernel']}; {page['date']}; {page['rounds']} rounds, taken in turns; N = {page['workers']}; "
        f"file cache {page['file_cache']}.",
        f"Corpus: {', '.join(corpus['packages'][:4])}{' …' if len(corpus['packages']) > 4 else ''}.",
        "",
        "| contender | cpu s | wall s | MB | start cpu / wall s | cpu ÷ floor | wall ÷ floor | files | tags |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    rows = [contender_row(contender) for contender in page["contenders"]]
    notes = [
        f"- `{contender['name']}`: {contender['does']}. `{contender['command']}` ({versions(contender)})"
        for contender in page["contenders"]
    ]
    notes += [f"- `{row['name']}`: {note}." for row in page["contenders"] for note in row["summary"]["notes"]]
    notes += [f"- `{name}` is left out: {reason}." for name, reason in page["left_out"].items()]
    return "\n".join([*head, *rows, "", *notes, ""])


def contender_row(contender: dict[str, Any]) -> str:
    summary = contender["summary"]
    name = contender["name"] if contender["fair"] else f"*{contender['name']}*"
    cells = [
        name,
        seconds(summary["cpu_s"]),
        seconds(summary["wall_s"]),
        f"{summary['peak_bytes']['median'] / 1e6:.0f}",
        f"{summary['start_cpu_s']:.2f} / {summary['start_wall_s']:.2f}",
        ratio(summary["cpu_ratio"]),
        ratio(summary["wall_ratio"]),
        count(summary["files"]),
        count(summary["tags"]),
    ]
    return f"| {' | '.join(cells)} |"


def seconds(spread: dict[str, float]) -> str:
    digits = 2 if spread["median"] < 10 else 1
    return f"{spread['min']:.{digits}f} / **{spread['median']:.{digits}f}** / {spread['max']:.{digits}f}"


def ratio(pair: dict[str, float]) -> str:
    return f"**{pair['of_medians']:.2f}** · {pair['of_pairs']:.2f}"


def count(number: float | None) -> str:
    return "" if number is None else f"{int(number):,}"


def versions(contender: dict[str, Any]) -> str:
    return ", ".join(f"{name} {version}" for name, version in contender["versions"].items())


if __name__ == "__main__":
    write_readme(Path(sys.argv[1]))
