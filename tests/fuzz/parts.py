"""Inputs of several files: packed into one text, so that an input is one file to keep and to run again."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Return the files, by their paths, as one text; the same files give the same text."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, contents in parts.items():
            archive.writestr(zipfile.ZipInfo(path), contents)
    return packed.getvalue()


def unpack(source: bytes) -> dict[str, bytes]:
    """Return the files that were packed."""
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        return {path: archive.read(path) for path in archive.namelist()}


def write_below(root: Path, parts: Mapping[str, bytes]) -> None:
    """Write the files below the folder ``root``."""
    for path, contents in parts.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(contents)
