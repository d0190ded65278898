"""The definitions of a file, nested, with lines and signatures: of a repository, of a file alone, or of a text."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.drawing.source_lines import SourceLines
from repomap_fast.errors import OptionError, SymbolError
from repomap_fast.indexing.index import Index
from repomap_fast.languages.table import COMPONENT, LANGUAGES, find_language
from repomap_fast.paths import encoded, path_below, row_of
from repomap_fast.ranking.similar_names import nearest_paths
from repomap_fast.safe_files import read_regular
from repomap_fast.screens import Screen
from repomap_fast.symbols.source import first_row, read_source, signature
from repomap_fast.tables import ROLE_DEFINITION, FileStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repomap_fast.joining.result import File, ScanResult
    from repomap_fast.options import ScanOptions

STANDARD_INPUT = "-"
"""What a text is called that has no path."""
_MAX_SHOWN_DEPTH = 20
"""Levels that are indented; what is nested deeper is written below the last of them."""


@dataclass(frozen=True, slots=True)
class OutlineDefinition:
    """A definition of a file.

    name, kind  as of ``Tag``.
    depth       how many definitions are around it.
    line        one-based line of the name.
    start_line  one-based first line: comments and decorators above the name belong to it.
    end_line    one-based last line.
    signature   how it is declared, in one line of at most 200 characters.
    """

    name: str
    kind: str
    depth: int
    line: int
    start_line: int
    end_line: int
    signature: str

    @property
    def text(self) -> str:
        """Lines and signature."""
        lines = str(self.start_line) if self.start_line == self.end_line else f"{self.start_line}-{self.end_line}"
        return f"{lines} {self.signature}"


@dataclass(frozen=True, slots=True, repr=False)
class FileOutline(Screen):
    """The definitions of one file, in the order of the file; what is within another comes after it, one level deeper.

    path      as it was asked for; ``-`` for a text without a path.
    language  None where the language table does not know it.
    n_lines   of the file.
    reason    why there are no definitions, in words; empty if all is well.
    """

    path: str
    language: str | None
    n_lines: int
    reason: str
    definitions: tuple[OutlineDefinition, ...]

    @property
    def text(self) -> str:
        """All of it as text: a line for the file, and one for each definition."""
        about = self.reason or f"{self.language}, {self.n_lines:,} {'line' if self.n_lines == 1 else 'lines'}"
        lines = [f"{self.path} ({about})"]
        for one in self.definitions:
            lines.append("  " * min(one.depth, _MAX_SHOWN_DEPTH) + one.text)
        return "".join(f"{line}\n" for line in lines)

    def __str__(self) -> str:
        return self.text


def outline_of(result: ScanResult, path: str) -> FileOutline:
    """Return the outline of a file of a scan. Raises SymbolError where it has no such file."""
    try:
        file = result.file(path)
    except (KeyError, ValueError):
        key = path_below(result.root, path)
        near = nearest_paths(result.file_table.paths, key)
        meant = " or ".join(repr(os.fsdecode(one)) for one in near)
        where = f"no file {path!r} is in the scan of {str(result.root)!r}"
        raise SymbolError(f"{where}; did you mean {meant}?" if near else where) from None
    return _outline(result, file)


def outline_file(path: str, options: ScanOptions, *, language: str | None = None) -> FileOutline:
    """Return the outline of a file, which may lie anywhere.

    language  what it is written in; None to tell by its name.

    With ``options.revision`` it is the file as that commit has it, whether or not it is in the folder now.

    Raises OptionError for a path that is no file or cannot be read, LanguageError; GitError where git cannot be asked.
    """
    if options.revision is not None:
        return _outline_of_commit(path, options, language)
    if language is not None:
        return outline_text(_contents(path, options), options, path=path, language=language)
    _check_file(Path(path), path)
    # The user named it, so a link is followed; the tagger follows none.
    file = Path(os.path.realpath(path))
    return replace(_outline_of_one(file, options), path=path)


def outline_text(
    contents: bytes, options: ScanOptions, *, path: str = STANDARD_INPUT, language: str | None = None
) -> FileOutline:
    """Return the outline of a text, in a language or in that of ``path``. Raises LanguageError."""
    name = Path(path).name
    if language is not None:
        name = f"text{LANGUAGES[find_language(language)].suffixes[0]}"
    # The tagger reads files, so the text becomes one, which only this user can read.
    # No other outline needs it, nor does what shows a symbol.
    import tempfile

    with tempfile.TemporaryDirectory(prefix="repomap-fast-") as folder:
        file = Path(folder, name)
        file.write_bytes(contents)
        return replace(_outline_of_one(file, options), path=path)


def _outline_of_one(file: Path, options: ScanOptions) -> FileOutline:
    with Index.open_with(file.parent, options, cache=False) as index:
        result = index.tag_files([os.fsencode(file.name)])
    if not len(result.files):
        raise OptionError(f"{str(file)!r} is gone; expected a source file")
    return _outline_of_all(result)


def _outline_of_commit(path: str, options: ScanOptions, language: str | None) -> FileOutline:
    folder = Path(os.path.abspath(path)).parent  # noqa: PTH100
    while not folder.is_dir():
        # The commit may have folders that are gone.
        folder = folder.parent
    name = os.fsencode(os.path.relpath(os.path.abspath(path), folder)).replace(os.fsencode(os.sep), b"/")  # noqa: PTH100
    with Index.open_with(folder, options, cache=False) as index:
        result = index.tag_files([name])
        if not len(result.files):
            raise OptionError(f"{path!r} is no file of {options.revision!r}; expected one that the commit has")
        if language is None:
            return replace(_outline_of_all(result), path=path)
        try:
            contents = result.contents.read(name, options.max_file_size)
        except OSError as error:
            raise OptionError(f"{path!r} of {options.revision!r} cannot be read: {error.strerror or error}") from error
    return outline_text(contents, replace(options, revision=None), path=path, language=language)


def _contents(path: str, options: ScanOptions) -> bytes:
    _check_file(Path(path), path)
    try:
        return read_regular(path, options.max_file_size)
    except OSError as error:
        raise OptionError(f"{path!r} cannot be read: {error.strerror or error}") from error


def _check_file(file: Path, path: str) -> None:
    try:
        is_file, is_folder = file.is_file(), file.is_dir()
    except (OSError, ValueError) as error:
        raise OptionError(f"{path!r} cannot be read: {error}") from None
    if is_folder:
        raise OptionError(f"{path!r} is a folder; expected a file")
    if not is_file:
        raise OptionError(f"there is no file {path!r}; expected a source file")


def _outline_of_all(result: ScanResult) -> FileOutline:
    """Return the outline of the one file of a scan: notes say why its language is none, where they know."""
    found = _outline(result, result.files[0])
    return replace(found, reason="; ".join(result.notes)) if found.language is None and result.notes else found


def _outline(result: ScanResult, file: File) -> FileOutline:
    is_known = file.language is not None
    source = read_source(result.contents, encoded(file.path), result.options.max_file_size) if is_known else None
    if source is None or file.status not in (FileStatus.TAGGED, FileStatus.NO_TAGS):
        return FileOutline(file.path, file.language, 0 if source is None else len(source), file.reason, ())
    file_row = row_of(result.file_table.paths, encoded(file.path))
    start, stop = (0, 0) if file_row is None else result.file_table.tag_offsets[file_row : file_row + 2].tolist()
    definitions = tuple(definitions_between(result, start, stop, source, file.language or ""))
    return FileOutline(file.path, file.language, len(source), "", definitions)


def definitions_between(
    result: ScanResult, start: int, stop: int, source: SourceLines, language: str
) -> Iterator[OutlineDefinition]:
    """Yield the definitions in these rows of the table of tags, which are of one file; the outermost have depth 0."""
    table = result.sparse_tags
    rows = np.flatnonzero(table.roles[start:stop] == ROLE_DEFINITION) + start
    depths: dict[int, int] = {}
    # The first row that cannot belong to an earlier definition, by row of the definition around; -1 at the top.
    floors: dict[int, int] = {-1: 0}
    n_lines = len(source)
    for row in rows.tolist():
        around = int(table.scope_tag_ids[row])
        depth = depths[row] = depths.get(around, -1) + 1
        name_row, end_row = int(table.rows[row]), int(table.end_rows[row])
        if name_row >= n_lines:
            # The file is shorter now than it was when it was tagged.
            break
        first = first_row(source, language, name_row, min(floors.get(around, 0), name_row))
        name = table.names[int(table.name_ids[row])].decode(errors="replace")
        kind = table.kinds[int(table.kind_ids[row])]
        column = int(table.columns[row])
        if kind == COMPONENT and (name_row, column) == (0, 0):
            # It is the file: no row of it says how it is declared, and what follows stands within it.
            yield OutlineDefinition(name, kind, depth, 1, 1, end_row + 1, f"{COMPONENT} {name}")
            continue
        floors[around], floors[row] = end_row + 1, name_row + 1
        declared = signature(source, language, name_row, end_row, column)
        yield OutlineDefinition(name, kind, depth, name_row + 1, first + 1, end_row + 1, declared)
