"""Small projects for the tests of drop-ins, and a scan's view of them."""

from __future__ import annotations

from pathlib import Path

import repomap_fast
from repomap_fast.compat.repomap_tool import CodeTag, PerformanceConfig, RepoMapConfig, RepoMapService

CALLS = {
    "core.py": "class Core:\n    def run(self):\n        return helper()\n\n\ndef helper():\n    return 1\n",
    "app.py": "from core import Core, helper\n\n\ndef main():\n    Core().run()\n    helper()\n",
    "lone.py": "def lone():\n    pass\n",
    "sub/use.c": "int main(void) { return helper(); }\n",
}
COMMENTED = {
    "a.py": "# Says hello.\ndef hello(x):\n    return x.strip()\n\n\nclass Über:\n    LIMIT = hello(1)\n",
    "lib/b.c": "/* Adds. */\nint add(int a) { return hello(a); }\n",
    "lib/deep/c.js": "// what\nexport function what() { return add(1); }\n",
    "notes.txt": "no language\n",
    "logo.png": "no picture\n",
}
N_THINGS = 30
THINGS = {
    **{
        f"m{number}.py": (
            f"class Thing{number}:\n    def get_thing(self): return LIMIT_{number % 3} + other{number}()\n"
        )
        for number in range(N_THINGS)
    },
    "notes.md": "no language\n",
}


def files_of(root: Path) -> list[str]:
    """Return the paths of ``CALLS`` below ``root``."""
    return [str(root / path) for path in CALLS]


def as_scanned(root: Path, path: str) -> list[tuple[str, str, int, int]]:
    """Return the tags of a file, as a scan has them and repomap-tool names them."""
    file = repomap_fast.scan(root, cache=False).file(path)
    return [(tag.name, f"name.{tag.role}.{tag.kind}", tag.line, tag.column) for tag in file.tags]


def as_listed(tags: list[CodeTag]) -> list[tuple[str, str, int, int]]:
    """Return tags of repomap-tool in the form of ``as_scanned``."""
    return [(tag.name, tag.kind, tag.line, tag.column) for tag in tags]


def make_service(root: Path, **performance: object) -> RepoMapService:
    """Return a service for the project in ``root``."""
    return RepoMapService(RepoMapConfig(project_root=root, performance=PerformanceConfig(**performance)))
