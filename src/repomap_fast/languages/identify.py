"""Finds the row of the language table that each file belongs to.

The first of these rules that applies decides:

1. its whole name (``Rakefile``, ``.bashrc``), letter for letter;
2. what follows the last dot of its name, letter for letter (``.C`` is C++, ``.c`` is C), then in lower case, so
   ``vue.d.ts`` is TypeScript and ``jquery.min.JS`` is JavaScript; several languages share some of these suffixes, and
   the beginning of the file tells which it is (``shared_suffixes``);
3. the beginning of its name (``Dockerfile.dev``);
4. where the name has no dot, the program that its ``#!`` line asks for.

A ``.ts`` file whose name ends as that of a locale is looked into, too: it may be a translation of Qt.

A ``.h`` or ``.def`` file, which sources include, is C, C++ or Objective-C by its neighbours, see
``_resolve_headers``. No file is read but for its ``#!`` line, and for what its suffix does not tell, nor its
neighbours.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from repomap_fast.languages import _identify
from repomap_fast.languages.shared_suffixes import (
    FIRST_BYTES,
    SHARED_SUFFIXES,
    is_translation,
    told_by_contents,
    told_by_headers,
)
from repomap_fast.languages.table import LANGUAGES, find_language
from repomap_fast.tables import NO_LANGUAGE, U16, U32, StringTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.contents import Contents

_C = find_language("c")
_CPP = find_language("cpp")
_OBJC = find_language("objc")
_TYPESCRIPT = find_language("typescript")
_ROW_BY_INTERPRETER = {program.encode(): i for i, row in enumerate(LANGUAGES) for program in row.interpreters}

# Answers that are not final: the neighbours, the file's first line, the whole name, or its first bytes decide.
_HEADER = NO_LANGUAGE - 1
_SCRIPT = NO_LANGUAGE - 2
_UNDECIDED = NO_LANGUAGE - 3
_SHARED = NO_LANGUAGE - 4

_ROW_BY_SUFFIX = {suffix[1:].encode(): i for i, row in enumerate(LANGUAGES) for suffix in row.suffixes}
_ROW_BY_SUFFIX |= dict.fromkeys((b"h", b"def"), _HEADER)
_ROW_BY_SUFFIX |= dict.fromkeys(SHARED_SUFFIXES, _SHARED)
_BEGINNINGS = [(beginning.encode(), i) for i, row in enumerate(LANGUAGES) for beginning in row.beginnings]

# Names without a dot that are common and never scripts: not opening them saves most of the time that the `#!` lines
# take (of the Linux kernel's 6,000 files whose name has no dot, 4,700 are these).
_NEVER_SCRIPTS = (
    "Kconfig",
    *("README", "LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS", "CHANGES", "ChangeLog", "CHANGELOG", "INSTALL"),
    *("NEWS", "TODO", "THANKS", "MAINTAINERS", "CONTRIBUTORS", "CODEOWNERS", "OWNERS", "VERSION"),
)
_ROW_BY_FILE_NAME = {name.encode(): NO_LANGUAGE for name in _NEVER_SCRIPTS} | {
    name.encode(): i for i, row in enumerate(LANGUAGES) for name in row.file_names
}

_ENDINGS_OF_NAMES = frozenset(name[name.rfind(b".") :] for name in _ROW_BY_FILE_NAME if b"." in name)

_LENGTHS_OF_LOCALES = tuple(len(locale) for locale in ("de", "ast", "de_AT"))
_IS_BEFORE_LOCALE = np.array([byte in b"_-/" for byte in range(256)])

_FIRST_LINE_BYTES = 256
"""How much of a file is read for its ``#!`` line: Linux itself reads no more (BINPRM_BUF_SIZE)."""
_ASKED_HEADERS = 32
"""How many headers are looked into, of a tree that has nothing but headers."""
_HEADER_BYTES = 8192
# A pipe without a writer, or a link to one, must not hold up the scan. Windows has neither flag.

_ENV_OPTIONS_WITH_VALUE = frozenset((b"-u", b"--unset", b"-C", b"--chdir", b"-a", b"--argv0"))


class Identified(NamedTuple):
    """The languages of some files.

    rows     (n,) uint16: rows of ``LANGUAGES``, or NO_LANGUAGE.
    scripts  files whose first line was asked, rising.
    shared   files whose first bytes were asked, rising. All others are known by the paths.
    """

    rows: U16
    scripts: NDArray[np.intp]
    shared: NDArray[np.intp]

    def without_language(self) -> NDArray[np.intp]:
        """Return the files that have no language whatever is in them: their paths tell that; rising."""
        has_none = self.rows == NO_LANGUAGE
        has_none[self.scripts] = has_none[self.shared] = False
        return np.flatnonzero(has_none)


def identify_languages(contents: Contents, paths: StringTable) -> U16:
    """Return each file's row of the language table, or NO_LANGUAGE; see ``identify``."""
    return identify(contents, paths).rows


def identify(contents: Contents, paths: StringTable) -> Identified:
    """Return each file's row of the language table.

    Parameters
    ----------
    contents
        Where the files are; they are read only for their ``#!`` line.
    paths
        Every file of the scan, ``/``-separated: what a ``.h`` file is depends on the others. A file that is gone or
        cannot be read is one of unknown language.
    """
    seed = int.from_bytes(os.urandom(8), "little")
    folder_ids, n_folders, ending_ids, offsets, data = _identify.split_paths(paths.offsets, paths.data, seed)
    row_by_ending = [_row_by_ending(ending) for ending in StringTable(offsets, data)]
    rows = np.array(row_by_ending, np.uint16)[ending_ids]
    for i in np.flatnonzero(rows == _UNDECIDED).tolist():
        name = paths[i].rpartition(b"/")[2]
        row = _ROW_BY_FILE_NAME.get(name)
        rows[i] = _row_by_suffix(name.rpartition(b".")[2]) if row is None else row
    _resolve_beginnings(rows, paths)
    shared = np.flatnonzero(rows == _SHARED)
    translations = _like_translations(rows, paths)
    with contents.held_open():
        for i in shared.tolist():
            rows[i] = _row_by_contents(contents, paths[i])
        for i in translations.tolist():
            rows[i] = _row_of_typescript(contents, paths[i])
        headers = _resolve_headers(rows, folder_ids, n_folders)
        _ask_headers(contents, paths, headers, rows)
        scripts = np.flatnonzero(rows == _SCRIPT)
        _ask_first_lines(contents, paths, scripts, rows)
    return Identified(rows, scripts, np.sort(np.concatenate((shared, translations, headers))))


def identify_again(
    contents: Contents, paths: StringTable, last: Identified, has_changed: NDArray[np.bool_]
) -> Identified:
    """Return the same for the same paths as before, where the contents of some files may be others."""
    if has_changed[last.shared].any():
        # What such a file is now may change what the headers beside it are.
        return identify(contents, paths)
    scripts = last.scripts[has_changed[last.scripts]]
    if not len(scripts):
        return last
    rows = last.rows.copy()
    with contents.held_open():
        _ask_first_lines(contents, paths, scripts, rows)
    return last._replace(rows=rows)


def _ask_first_lines(contents: Contents, paths: StringTable, scripts: NDArray[np.intp], rows: U16) -> None:
    for i in scripts.tolist():
        rows[i] = _row_by_first_line(contents, paths[i])


def _row_by_ending(ending: bytes) -> int:
    """Return what the end of a name tells: its last dot and what follows it, or the whole of a name without a dot."""
    if not ending.startswith(b"."):
        return _ROW_BY_FILE_NAME.get(ending, _SCRIPT)
    return _UNDECIDED if ending in _ENDINGS_OF_NAMES else _row_by_suffix(ending[1:])


def _row_by_suffix(suffix: bytes) -> int:
    row = _ROW_BY_SUFFIX.get(suffix)
    return _ROW_BY_SUFFIX.get(suffix.lower(), NO_LANGUAGE) if row is None else row


def _resolve_beginnings(rows: U16, paths: StringTable) -> None:
    """Find the files whose language only the beginning of their name tells."""
    text = paths.data.tobytes()
    for beginning, row in _BEGINNINGS:
        place = text.find(beginning)
        while place >= 0:
            i = int(np.searchsorted(paths.offsets, place, side="right")) - 1
            start, end = int(paths.offsets[i]), int(paths.offsets[i + 1])
            begins_name = place == start or text[place - 1 : place] == b"/"
            if rows[i] == NO_LANGUAGE and begins_name and text.find(b"/", place, end) < 0:
                rows[i] = row
            place = text.find(beginning, place + 1)


def _like_translations(rows: U16, paths: StringTable) -> NDArray[np.intp]:
    """Return the files of TypeScript, by their suffix, whose names are as ``de.ts``, ``app_de.ts`` or ``de_AT.ts``."""
    files = np.flatnonzero(rows == _TYPESCRIPT)
    starts, ends = (paths.offsets[part][files].astype(np.int64) for part in (slice(-1), slice(1, None)))
    is_like = np.zeros(len(files), np.bool_)
    for length in _LENGTHS_OF_LOCALES:
        before = ends - length - len(b"_.ts")
        is_one = (before == starts - 1) | ((before >= starts) & _IS_BEFORE_LOCALE[paths.data[np.maximum(before, 0)]])
        if length == len("de_AT"):
            is_one &= _IS_BEFORE_LOCALE[paths.data[np.maximum(before + len("de_"), 0)]]
        is_like |= is_one
    return files[is_like]


def _row_of_typescript(contents: Contents, path: bytes) -> int:
    try:
        return NO_LANGUAGE if is_translation(contents.start(path, FIRST_BYTES)) else _TYPESCRIPT
    except OSError:
        return _TYPESCRIPT


def _row_by_contents(contents: Contents, path: bytes) -> int:
    try:
        start = contents.start(path, FIRST_BYTES)
    except OSError:
        return NO_LANGUAGE
    name = told_by_contents(path.rpartition(b".")[2], start)
    return NO_LANGUAGE if name is None else find_language(name)


def _resolve_headers(rows: U16, folder_ids: U32, n_folders: int) -> NDArray[np.intp]:
    """Make each header C, C++ or Objective-C; return some of them, where no file of the three is there.

    It goes with its own folder when that directly holds files of one of the three. Otherwise it goes with the larger
    number of files in the whole scan; when they are even, it is C before C++ before Objective-C.
    """
    headers = np.flatnonzero(rows == _HEADER)
    if not len(headers):
        return headers
    languages = np.array((_C, _CPP, _OBJC), np.uint16)
    in_folder = np.zeros((n_folders, len(languages)), np.bool_)
    for column, language in enumerate(languages):
        in_folder[folder_ids[rows == language], column] = True
    counts = [np.count_nonzero(rows == language) for language in languages]
    of_scan = languages[np.argmax(counts)]
    of_folder = np.where(in_folder.sum(axis=1) == 1, languages[np.argmax(in_folder, axis=1)], of_scan)
    rows[headers] = of_folder[folder_ids[headers]]
    return headers[:0] if any(counts) else headers[:: -(-len(headers) // _ASKED_HEADERS)]


def _ask_headers(contents: Contents, paths: StringTable, headers: NDArray[np.intp], rows: U16) -> None:
    """Give all headers the language that some of them tell, where there are such."""
    starts = []
    for i in headers.tolist():
        with suppress(OSError):
            starts.append(contents.start(paths[i], _HEADER_BYTES))
    if starts:
        rows[rows == _C] = find_language(told_by_headers(starts))


def _row_by_first_line(contents: Contents, path: bytes) -> int:
    try:
        start = contents.start(path, _FIRST_LINE_BYTES)
    except OSError:
        return NO_LANGUAGE
    if not start.startswith(b"#!"):
        return NO_LANGUAGE
    program = _interpreter(start[2:].partition(b"\n")[0].split())
    row = _ROW_BY_INTERPRETER.get(program)
    return _ROW_BY_INTERPRETER.get(program.rstrip(b"0123456789.-"), NO_LANGUAGE) if row is None else row


def _interpreter(words: list[bytes]) -> bytes:
    """Return the program that a ``#!`` line runs, without its folder; ``env`` is seen through."""
    programs = iter(words)
    program = next(programs, b"").rpartition(b"/")[2]
    if program != b"env":
        return program
    for word in programs:
        if word in _ENV_OPTIONS_WITH_VALUE:
            next(programs, None)
        elif word.startswith((b"-S", b"--split-string=")) and word != b"-S":
            return word.removeprefix(b"-S").removeprefix(b"--split-string=").rpartition(b"/")[2]
        elif not word.startswith(b"-") and b"=" not in word:
            return word.rpartition(b"/")[2]
    return b""
