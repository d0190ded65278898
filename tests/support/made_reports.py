"""Repositories and reports for the tests of reports."""

from __future__ import annotations

from pathlib import Path

from repomap_fast.reporting.files import ReportFile
from repomap_fast.reporting.report import Report, report
from support.histories import Made, make_history
from support.repositories import git

SHOP = {
    b"shop/till/till.py": b"from shop.stock import stock\n\nclass Till:\n    def add(self, n):\n        stock.take()\n",
    b"shop/till/__init__.py": b"",
    b"shop/stock/stock.py": b"from shop.till import till\n\ndef take(n): return till.Till()\n\ndef unused(): pass\n",
    b"shop/stock/__init__.py": b"",
    b"shop/__init__.py": b"",
    b"tests/test_till.py": b"from shop.till import till\n\ndef test_add():\n    till.Till().add(1)\n",
    b"README.md": b"# Shop\n\nSells.\n",
    b"logo.bin": b"\0",
}
"""Two folders that import each other, and tests."""
DAY_S = 86_400

ATTACKS = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "<img src=x onerror=alert(1)>",
    "a\u2028alert(1)\u2029b",
    '"onmouseover="alert(1)',
    "';alert(1)//",
    "${alert(1)}`",
    "{a|b}{b}",
    "\x1b]0;title\x07",
    "]]>",
    "end\nsubgraph",
    "&lt;b&gt;",
    "__proto__",
)
"""Names that do something where a page takes them for more than text."""


def make_shop(root: Path) -> Path:
    """Make a repository of three commits, a day apart; the last two change the till."""
    till = SHOP[b"shop/till/till.py"]
    make_history(
        root,
        [
            Made(SHOP),
            Made({b"shop/till/till.py": till + b"\nONE = 1\n"}, time_s=DAY_S),
            Made({b"shop/till/till.py": till + b"\nTWO = 2\n"}, time_s=2 * DAY_S),
        ],
    )
    git(root, "reset", "-q", "--hard")
    return root


def make_attacks(root: Path) -> Path:
    """Make a folder whose files, folders and definitions are attacks."""
    for number, attack in enumerate(ATTACKS):
        folder = root / attack.replace("/", "\N{FULLWIDTH SOLIDUS}") / f"{number}{attack.replace('/', '-')}"
        folder.mkdir(parents=True)
        source = f"import {{ f{number - 1} }} from '../../other{number}.js';\nexport function f{number}() {{}}\n"
        (folder / f"{attack.replace('/', '-')}.js").write_text(source)
        (root / f"other{number}.js").write_text(f"export function f{number - 1}() {{}}\n")
        (folder / "titles.md").write_text(f"# {attack}\n")
    return root


def made_file(path: str, n_lines: int = 10, place: int = 1, n_changes: int = 0, kind: str = "code") -> ReportFile:
    """Return a file of a report."""
    return ReportFile(path, "python", kind, n_lines, 1, place, 1 / place, n_changes)


def report_on(root: Path, **keywords: object) -> Report:
    """Return the report on a folder without an index on disk."""
    return report(root, cache=False, **keywords)  # type: ignore[arg-type]
