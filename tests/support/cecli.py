"""What cecli has for its RepoMap: aider's stand-ins, with a spinner."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from repomap_fast.compat.cecli import RepoMap
from support.aider import Io


class SpinningIo(Io):
    """What a RepoMap asks of cecli's InputOutput, and what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.spun: list[str] = []

    def update_spinner(self, text: str) -> None:
        self.spun.append(text)


def make(root: Path, *, cls: type[RepoMap] = RepoMap, **options: Any) -> RepoMap:
    return cls(repo_root=str(root), io=SpinningIo(), use_memory_cache=True, **options)
