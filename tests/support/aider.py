"""What an aider has for its RepoMap: an InputOutput and a model; and a small repository."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from repomap_fast.compat.aider import RepoMap, Tag


class Io:
    """What a RepoMap asks of aider's InputOutput, and what it was told."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def read_text(self, fname: str) -> str | None:
        try:
            return Path(fname).read_text("utf-8")
        except (OSError, UnicodeError):
            return None

    def tool_output(self, *messages: str) -> None:
        self.said += messages

    def tool_warning(self, message: str) -> None:
        self.said.append(f"warning: {message}")

    def tool_error(self, message: str) -> None:
        self.said.append(f"error: {message}")


class Model:
    """Counts words for tokens."""

    def __init__(self) -> None:
        self.n_asked = 0

    def token_count(self, text: str) -> int:
        self.n_asked += 1
        return len(text.split())


SHAPES = """\
import math


class Shape:
    def area_of_shape(self):
        return 0


class Circle(Shape):
    def area_of_shape(self):
        return math.pi * self.radius


def total_area_of(shapes):
    return sum(shape.area_of_shape() for shape in shapes)
"""
USES = """\
from shapes import Circle, total_area_of


def print_report(circles):
    print(total_area_of(circles))


print_report([Circle()])
"""


FILES = {
    "shapes.py": SHAPES,
    "uses.py": USES,
    "notes.md": "# Notes\n",
    "package/lib.go": "package lib\n\nfunc Sum(a int) int { return a }\n",
}


def make(root: Path, *, cls: type[RepoMap] = RepoMap, **options: Any) -> RepoMap:
    return cls(root=str(root), main_model=Model(), io=Io(), **options)


def change(path: Path, text: str) -> None:
    """Write a file so that its time differs, however coarse the clock is."""
    before = path.stat().st_mtime_ns
    path.write_text(text)
    os.utime(path, ns=(before + 10**9, before + 10**9))


def plain(tags: list[Tag]) -> set[tuple[str, str, int]]:
    return {(tag.kind, tag.name, tag.line) for tag in tags}


def definitions(tags: list[Tag]) -> set[tuple[str, int]]:
    return {(tag.name, tag.line) for tag in tags if tag.kind == "def"}
