"""The language table, and which row of it a file belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from repomap_fast.tables import U16


@dataclass(frozen=True, slots=True)
class Language:
    """One row: the tags query is ``queries/NAME.scm``, the parser tree-sitter-language-pack's ``grammar``."""

    name: str
    grammar: str
    suffixes: tuple[str, ...]
    file_names: tuple[str, ...] = ()
    interpreters: tuple[str, ...] = ()


LANGUAGES: tuple[Language, ...] = (
    Language("c", "c", (".c",)),
    Language("python", "python", (".py", ".pyi"), (), ("python", "python3")),
)


def identify_languages(root: Path, paths: Sequence[bytes]) -> U16:
    by_suffix = {suffix.encode(): i for i, row in enumerate(LANGUAGES) for suffix in row.suffixes}
    return np.array([by_suffix.get(b"." + p.rpartition(b".")[2], 0xFFFF) for p in paths], np.uint16)
