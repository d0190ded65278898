"""A tags file as in tags(5), format 2, of the definitions, sorted by name: for vim and ``readtags``.

    NAME<Tab>PATH<Tab>LINE;"<Tab>KIND<Tab>line:N<Tab>language:L<Tab>scope:KIND:NAME.NAME<Tab>end:N

Editors look for paths below the folder of the tags file, so that is what they are relative to. Names and paths are
those of the files, with control characters and backslashes escaped as Universal Ctags does. The file is UTF-8: bytes
that are not are escaped in paths, and are U+FFFD in names.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from repomap_fast import __version__
from repomap_fast.cli.formats.runs import MAX_RUN_TAGS, TextById, names_by_id, scopes_by_id
from repomap_fast.languages.identify import LANGUAGES
from repomap_fast.tables import I64, NO_SCOPE, ROLE_DEFINITION
from repomap_fast.utf8 import utf8_text

if TYPE_CHECKING:
    from repomap_fast.joining.result import ScanResult

_HEADER = f"""\
!_TAG_FILE_ENCODING\tutf-8\t//
!_TAG_FILE_FORMAT\t2\t/extended format; --format=1 will not append ;" to lines/
!_TAG_FILE_SORTED\t1\t/0=unsorted, 1=sorted, 2=foldcase/
!_TAG_OUTPUT_EXCMD\tnumber\t/number, pattern, mixed, or combineV2/
!_TAG_OUTPUT_FILESEP\tslash\t/slash or backslash/
!_TAG_OUTPUT_MODE\tu-ctags\t/u-ctags or e-ctags/
!_TAG_PROGRAM_NAME\trepomap-fast\t//
!_TAG_PROGRAM_VERSION\t{__version__}\t//
"""

HEADER_PREFIX = b"!_TAG_"
"""Names that begin so would be taken for lines of the header, and are left out.

Universal Ctags writes any first ``!`` or space of a name as ``\\x21``, ``\\x20``. But the file is sorted by what is
written and ``readtags`` searches by what is meant, and finds no name from A to Z once it meets one of those.
"""

_SPECIAL = re.compile(rb"[\x00-\x1f\x7f\\]")
_ESCAPES = {
    b"\t": rb"\t",
    b"\r": rb"\r",
    b"\n": rb"\n",
    b"\\": rb"\\",
    b"\a": rb"\a",
    b"\b": rb"\b",
    b"\v": rb"\v",
    b"\f": rb"\f",
}


def write_ctags(result: ScanResult, out: BinaryIO, *, folder: Path) -> None:
    """Write the definitions of ``result``, for a tags file in ``folder``."""
    files, tags = result.file_table, result.tag_table
    rows = _rows_by_name(result)
    file_ids = np.searchsorted(files.tag_offsets.astype(np.int64), rows, side="right") - 1
    below = _prefix(result.root, folder)
    paths = TextById(lambda file_id: below + _written_path(files.paths[file_id]))
    names = TextById(lambda name_id: _written_name(tags.names[name_id]).decode())
    scopes = _scope_fields(result)
    kinds = tags.kinds
    out.write(_HEADER.encode())
    for start in range(0, len(rows), MAX_RUN_TAGS):
        some = rows[start : start + MAX_RUN_TAGS]
        of_file = file_ids[start : start + MAX_RUN_TAGS]
        languages = files.language_ids[of_file].tolist()
        lines = [
            f'{names[name_id]}\t{paths[file_id]}\t{row + 1};"\t{kinds[kind_id]}\tline:{row + 1}'
            f"\tlanguage:{LANGUAGES[language_id].name}{scopes[scope_id]}\tend:{end_row + 1}\n"
            for name_id, file_id, row, kind_id, language_id, scope_id, end_row in zip(
                tags.name_ids[some].tolist(),
                of_file.tolist(),
                tags.rows[some].tolist(),
                tags.kind_ids[some].tolist(),
                languages,
                tags.scope_tag_ids[some].tolist(),
                tags.end_rows[some].tolist(),
                strict=True,
            )
        ]
        out.write("".join(lines).encode())


def escape(text: bytes) -> bytes:
    """Return ``text`` without a control character or a single backslash."""
    return _SPECIAL.sub(_escape_byte, text)


def _written_name(name: bytes) -> bytes:
    # An escape sorts differently from the byte that readtags searches for.
    return escape(name if name.isascii() else utf8_text(name).encode())


def _written_path(path: bytes) -> str:
    return escape(path).decode("utf-8", "backslashreplace")


def _escape_byte(match: re.Match[bytes]) -> bytes:
    byte = match[0]
    return _ESCAPES.get(byte) or rb"\x%02x" % byte[0]


def _rows_by_name(result: ScanResult) -> I64:
    """Return the rows of all definitions, sorted by escaped name as bytes, then in the order of the table.

    A tab separates the fields and is below every byte of a name, so that whole lines sort as the names do.
    """
    tags = result.tag_table
    rows = np.flatnonzero(tags.roles == ROLE_DEFINITION)
    name_ids, of_row = np.unique(tags.name_ids[rows], return_inverse=True)
    names = [_written_name(tags.names[name_id]) for name_id in name_ids.tolist()]
    is_written = np.array([not name.startswith(HEADER_PREFIX) for name in names], np.bool_)
    rows, of_row = rows[is_written[of_row]], of_row[is_written[of_row]]
    ranks = np.empty(len(names), np.int64)
    ranks[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
    by_name: I64 = rows[np.argsort(ranks[of_row], kind="stable")]
    return by_name


def _scope_fields(result: ScanResult) -> TextById:
    tags = result.tag_table
    scopes = scopes_by_id(result, names_by_id(result))

    def field(tag_id: int) -> str:
        if tag_id == NO_SCOPE:
            return ""
        name = escape(scopes[tag_id].encode()).decode()
        return f"\tscope:{tags.kinds[tags.kind_ids.item(tag_id)]}:{name}"

    return TextById(field)


def _prefix(root: Path, folder: Path) -> str:
    root, folder = root.resolve(), folder.resolve()
    try:
        below = os.path.relpath(root, folder)
    except ValueError:
        # Another drive of Windows: there is no way from one to the other.
        below = str(root)
    if below == os.curdir:
        return ""
    return _written_path(os.fsencode(below).replace(os.sep.encode(), b"/").rstrip(b"/") + b"/")
