"""What ``.gitattributes`` says of files for GitHub's linguist: ``linguist-generated``, ``linguist-vendored``.

Patterns are git's, read as those of ignore files are. Git's own attributes are not read, and no attribute macro.
Those above the root count down to it, as far up as the work tree goes.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.discovery.ignore import MAX_RULE_FILE_BYTES, Rules
from repomap_fast.paths import rows_ending_in
from repomap_fast.safe_files import read_start
from repomap_fast.tables import U8, FileMark

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from repomap_fast.contents import Contents
    from repomap_fast.progress import Progress
    from repomap_fast.tables import StringTable

_NAME = b".gitattributes"
_MOST_FILES = 1_000
"""Attribute files of a scan that are read; the outermost ones."""
_MOST_FOLDERS_ABOVE = 64
_FILES_AT_A_TIME = 1_000
_MARKS = {
    b"linguist-generated": (FileMark.GENERATED_ATTRIBUTE, FileMark.WRITTEN_ATTRIBUTE),
    b"linguist-vendored": (FileMark.VENDORED_ATTRIBUTE, FileMark.OWN_ATTRIBUTE),
}
"""By attribute: the marks of a file that has it, and of one that has it not."""
_ESCAPES = {ord("n"): b"\n", ord("t"): b"\t", ord("r"): b"\r"}


def attribute_marks(root: Path, paths: StringTable, rows: NDArray[np.intp], contents: Contents, watch: Progress) -> U8:
    """Return the marks of all paths by ``.gitattributes``, as bits of FileMark: (n,) uint8. Raises ScanCancelled.

    paths  sorted; rows: of those that are asked for; all others have no mark.
    """
    marks = np.zeros(len(paths), np.uint8)
    wanted = rows.tolist()
    for folder, n_off, text in _attribute_files(root, paths, contents):
        if b"linguist-" not in text:
            continue
        start = bisect_left(paths, folder) if folder else 0
        stop = bisect_left(paths, folder[:-1] + b"0") if folder else len(paths)
        inside = wanted[bisect_left(wanted, start) : bisect_left(wanted, stop)]
        for attribute, (positive, negative) in _MARKS.items():
            rules, values = _rules(text, attribute)
            if not rules:
                continue
            both = np.uint8(positive | negative)
            for number, row in enumerate(inside):
                if number % _FILES_AT_A_TIME == 0:
                    watch.raise_if_cancelled()
                above, slash, name = (n_off + paths[row][len(folder) :]).rpartition(b"/")
                rule = rules.deciding_rule(above + slash, name, is_folder=False)
                if rule is not None:
                    value = values[rule.line - 1]
                    marks[row] &= ~both
                    marks[row] |= 0 if value is None else positive if value else negative
    return marks


def _attribute_files(root: Path, paths: StringTable, contents: Contents) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield attribute files, outermost first: the folder below the root, what to put before a path, and the text."""
    above, before = os.fsencode(root), b""
    outer: list[tuple[bytes, bytes, bytes]] = []
    for _ in range(_MOST_FOLDERS_ABOVE):
        if os.path.lexists(os.path.join(above, b".git")):
            break
        above, name = os.path.split(above)
        if not name:
            # There is no work tree around the root: nothing above it belongs to it.
            outer.clear()
            break
        before = name + b"/" + before
        if text := _read(partial(read_start, os.path.join(above, _NAME), follow_link=False)):
            outer.append((b"", before, text))
    yield from reversed(outer)
    inner = (paths[row] for row in rows_ending_in(paths, b"/" + _NAME)[:_MOST_FILES].tolist())
    for path in (_NAME, *inner):
        if text := _read(partial(contents.start, path)):
            yield path[: -len(_NAME)], b"", text


def _read(start: Callable[[int], bytes]) -> bytes:
    """Return the text that ``start`` reads the beginning of; nothing where there is no such file."""
    try:
        return start(MAX_RULE_FILE_BYTES)
    except (OSError, ValueError):
        return b""


def _rules(text: bytes, attribute: bytes) -> tuple[Rules, list[bool | None]]:
    """Return the patterns of one attribute as rules, one a line, and the value of each line; None: it is unset."""
    patterns: list[bytes] = []
    values: list[bool | None] = []
    for line in text.splitlines():
        if attribute not in line:
            continue
        pattern, rest = _split(line.strip())
        # A pattern for folders is about no file.
        if not pattern or pattern.startswith((b"!", b"[attr]")) or pattern.endswith(b"/"):
            continue
        for token in rest.split():
            name, equals, value = token.lstrip(b"-!").partition(b"=")
            if name != attribute:
                continue
            patterns.append(b"\\" + pattern if pattern.startswith(b"#") else pattern)
            if token.startswith(b"!"):
                values.append(None)
            else:
                values.append(not token.startswith(b"-") and not (equals and value == b"false"))
    return Rules(b"\n".join(patterns), _NAME.decode()), values


def _split(line: bytes) -> tuple[bytes, bytes]:
    """Return the pattern of a line, which may be in quotes, and its attributes; two empty texts for a comment."""
    if line.startswith(b"#"):
        return b"", b""
    if not line.startswith(b'"'):
        pattern, _, rest = line.replace(b"\t", b" ").partition(b" ")
        return pattern, rest
    unquoted, i = bytearray(), 1
    while i < len(line) and line[i : i + 1] != b'"':
        if line[i : i + 1] == b"\\" and i + 1 < len(line):
            i += 1
            unquoted += _ESCAPES.get(line[i], line[i : i + 1])
        else:
            unquoted += line[i : i + 1]
        i += 1
    return bytes(unquoted).replace(b"\n", b"?"), line[i + 1 :]
