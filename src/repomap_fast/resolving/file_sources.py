"""What the files of a scan say that resolves references: scopes, tags and imports, read when they are needed."""

from __future__ import annotations

import posixpath
import sys
from array import array
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import chain
from typing import TYPE_CHECKING, Protocol

import numpy as np

from repomap_fast.joining import facts as of
from repomap_fast.joining.facts import NO_FACTS
from repomap_fast.joining.imports import (
    IMPORT_ALL,
    IMPORT_EXPORTED,
    IMPORT_KIND_MASK,
    IMPORT_MODULE,
    IMPORT_NAME,
    IMPORT_PATH,
)
from repomap_fast.languages.table import FAMILY_OF_LANGUAGE, LANGUAGES, RULES_OF_LANGUAGE
from repomap_fast.resolving.bindings import bound_names
from repomap_fast.resolving.exported_names import listed_names
from repomap_fast.resolving.resolve import ImportResolver, written_at
from repomap_fast.resolving.scopes import NONE, FileScopes, TagKinds
from repomap_fast.resolving.source_tree import SCRIPTS, Written
from repomap_fast.tables import NO_LANGUAGE, NO_SCOPE, ROLE_DEFINITION

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from repomap_fast.joining.imports import ImportTable
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.resolving.source_tree import Found, SourceTree
    from repomap_fast.tables import I64, U8, U32

_MOST_NUMBERS = 2_000_000
"""Of the scopes that are kept in memory."""
_BYTES_OF_NUMBER = 64
"""What a number takes in memory, with the tags and names of its file."""
_NUMBERS_OF_FILE = 100
"""That stand for what a file takes besides."""
_SHARE_OF_MEMORY = 16
"""Of the memory that the caller allows, scopes take the part that this divides it by."""
_MOST_IMPORT_BYTES = 4_000_000
"""Of the records of all imports; with more, no file's includers are looked up."""
_MOST_READ_SINGLY = 8
"""Names of the tags of a file that are read one by one; with more all are read in one piece."""
_READ_AHEAD = 64
"""Files whose records are read at once."""
_INCLUDING = frozenset(("c", "cpp"))
"""Languages that import whole files by their paths, and give nothing another name."""
_MEMBER_KINDS = frozenset((of.BIND_DEFINITION, of.BIND_ATTRIBUTE))
_OWNERS = (of.SCOPE_CLASS,)
_OWNERS_OF_SCRIPTS = (of.SCOPE_CLASS, of.SCOPE_OBJECT)
"""Kinds of scopes whose bindings are members."""


class _NameTexts(Protocol):
    """Reads names."""

    def known(self, name_id: int) -> bytes | None:
        """Return a name by its number if it is in memory."""
        ...

    def name_of(self, name_id: int) -> bytes:
        """Return a name by its number."""
        ...

    def names_of(self, name_ids: U32) -> list[bytes]:
        """Return names by their numbers."""
        ...

    def name_id(self, name: bytes) -> int:
        """Return the number of a name; -1 where no tag has it."""
        ...


@dataclass(eq=False)
class NamedFileTags:
    """The tags of one file: columns as of ``TagTable``, but for

    scopes  (n,) int64: number within the file of the innermost definition around each tag, or NO_SCOPE.
    texts   reads the names, when they are asked for.
    """

    texts: _NameTexts
    name_ids: U32
    roles: U8
    kind_ids: U8
    rows: U32
    end_rows: U32
    columns: U32
    scopes: I64
    _n_read: int = field(default=0, init=False)
    """Names that were read one by one."""

    def __len__(self) -> int:
        return len(self.name_ids)

    @property
    def n_numbers(self) -> int:
        """How many numbers it holds in memory, about."""
        return _NUMBERS_OF_FILE + 7 * len(self.name_ids)

    @cached_property
    def names(self) -> list[bytes]:
        """The name of each tag. Raises IndexDamagedError."""
        return self.texts.names_of(self.name_ids)

    def name(self, tag: int) -> bytes:
        """Return the name of a tag. Raises IndexDamagedError."""
        if "names" in self.__dict__:
            return self.names[tag]
        # Of most files few names are asked for: to read those of all its tags takes as long as all else of it.
        name_id = int(self.name_ids[tag])
        known = self.texts.known(name_id)
        if known is None:
            if self._n_read == _MOST_READ_SINGLY:
                return self.names[tag]
            self._n_read += 1
            known = self.texts.name_of(name_id)
        return known

    def name_id(self, name: bytes) -> int:
        """Return the number of a name; -1 where no tag of any file has it. Raises IndexDamagedError."""
        return self.texts.name_id(name)

    def named(self, name: bytes, role: int) -> list[int]:
        """Return the tags of a name and a role, rising. Raises IndexDamagedError."""
        found: list[int] = np.flatnonzero((self.name_ids == self.name_id(name)) & (self.roles == role)).tolist()
        return found


class _Names:
    """Remembers names. Files of one repository have many names in common: each is read once."""

    def __init__(self, result: ScanResult) -> None:
        self._result = result
        self._name_of_id: dict[int, bytes] = {}
        self._id_of_name: dict[bytes, int] = {}

    def known(self, name_id: int) -> bytes | None:
        """Return a name by its number if it is remembered."""
        return self._name_of_id.get(name_id)

    def name_of(self, name_id: int) -> bytes:
        """Return a name by its number."""
        name = self._name_of_id.get(name_id)
        if name is None:
            name = self._name_of_id[name_id] = self._result.graph.tags.name(name_id)
        return name

    def names_of(self, name_ids: U32) -> list[bytes]:
        """Return names by their numbers."""
        numbers, names = name_ids.tolist(), self._name_of_id
        unknown = [number for number in dict.fromkeys(numbers) if number not in names]
        if unknown:
            texts = self._result.graph.tags.names_of(np.array(unknown, np.uint32))
            names.update(zip(unknown, texts, strict=True))
        return list(map(names.__getitem__, numbers))

    def name_id(self, name: bytes) -> int:
        """Return the number of a name; -1 where no tag has it."""
        number = self._id_of_name.get(name)
        if number is None:
            number = self._id_of_name[name] = int(self._result.graph.tags.find([name])[0])
        return number

    def clear(self) -> None:
        """Forget all."""
        self._name_of_id.clear()
        self._id_of_name.clear()


class FileSources:
    """The files of a scan, by rows of its file table. Every method raises IndexDamagedError."""

    def __init__(self, result: ScanResult) -> None:
        self._result = result
        self._scopes: dict[int, FileScopes] = {}
        self._tags: dict[int, NamedFileTags] = {}
        self._older_scopes: dict[int, FileScopes] = {}
        """Those that were not asked for since as many others were read as half of the memory holds."""
        self._older_tags: dict[int, NamedFileTags] = {}
        self._texts = _Names(result)
        self._n_kept = self._n_older = 0
        memory = result.options.max_memory
        self._most_numbers = min(_MOST_NUMBERS, (memory or sys.maxsize) // _SHARE_OF_MEMORY // _BYTES_OF_NUMBER)
        self._imports: dict[int, ImportTable] = {}
        self._has_imports: dict[int, bool] = {}
        self._rows_at: dict[int, dict[int, list[int]]] = {}
        self._passed_on: dict[int, dict[bytes, list[Written]]] = {}
        self._members_by_class: dict[tuple[int, bytes], dict[int, dict[int, list[int]]]] = {}
        self._naming: dict[bytes, list[int]] = {}
        self._listed: dict[int, frozenset[bytes] | None] = {}
        self._definers: dict[tuple[int, bytes], list[int]] = {}

    @property
    def n_numbers(self) -> int:
        """How many numbers the scopes hold that are in memory, about."""
        return self._n_kept + self._n_older

    @cached_property
    def _resolver(self) -> ImportResolver:
        return ImportResolver(self._result)

    @property
    def tree(self) -> SourceTree:
        """The files, as the search for a module reads them."""
        return self._resolver.tree

    @cached_property
    def _file_of_id(self) -> array[int]:
        # As lists and dictionaries these two would take a hundred bytes a file.
        return array("i", self._result.file_table.rows_with_language().astype(np.int32).tobytes())

    @cached_property
    def _id_of_file(self) -> array[int]:
        """For each file its number among those that have a language, or -1."""
        files = np.frombuffer(self._file_of_id, np.int32)
        numbers = np.full(len(self._result.file_table), -1, np.int32)
        numbers[files] = np.arange(len(files), dtype=np.int32)
        return array("i", numbers.tobytes())

    def language(self, file: int) -> str:
        """Return the language whose rules hold in a file, or an empty text."""
        number = int(self._result.file_table.language_ids[file])
        return "" if number == NO_LANGUAGE else RULES_OF_LANGUAGE[LANGUAGES[number].name]

    def scopes(self, file: int) -> FileScopes:
        """Return the scopes of a file."""
        known = self._scopes.get(file)
        if known is None:
            known = self._older_scopes.pop(file, None)
            if known is None:
                known = self._read(file)
            else:
                self._n_older -= known.n_numbers
                # They have the tags in hand, which would be read a second time.
                if file in self._older_tags:
                    self.tags(file)
            self._make_room(known.n_numbers)
            self._n_kept += known.n_numbers
            self._scopes[file] = known
        return known

    def _make_room(self, n_numbers: int) -> None:
        """Forget what was not asked for of late, if there is no room for so many numbers."""
        # Not all: a header that many files include is asked for again and again.
        if self._n_kept + n_numbers <= self._most_numbers // 2:
            return
        self._older_scopes, self._older_tags, self._n_older = self._scopes, self._tags, self._n_kept
        self._scopes, self._tags, self._n_kept = {}, {}, 0
        self._texts.clear()

    def _read(self, file: int) -> FileScopes:
        if not self.has_tags(file):
            # A module may be a file of no known language.
            return FileScopes(NO_FACTS)
        tags = self.tags(file)
        facts = self._result.facts.of_file(self._id_of_file[file], tags.rows, tags.columns, tags.roles)
        kinds = TagKinds(self._result.graph.kinds, tags.kind_ids)
        return FileScopes(facts, tags, partial(self._imported_names, file), kinds, (tags.rows, tags.columns))

    def _imported_names(self, file: int) -> tuple[dict[bytes, list[int]], list[int]]:
        """Return the rows of the imports that bind each name, and the line of each row."""
        table = self.imports(file)
        imported: dict[bytes, list[int]] = {}
        for i, name in enumerate(bound_names(table, self.language(file))):
            if name:
                imported.setdefault(name, []).append(i)
        return imported, table.rows.tolist()

    def has_tags(self, file: int) -> bool:
        """Return whether a file has a language, and so may have tags."""
        return self._id_of_file[file] >= 0

    def tags(self, file: int) -> NamedFileTags:
        """Return the tags of a file."""
        known = self._tags.get(file)
        if known is None:
            known = self._older_tags.pop(file, None)
            if known is None:
                known = self._read_tags(file)
            else:
                self._n_older -= known.n_numbers
            self._make_room(known.n_numbers)
            self._n_kept += known.n_numbers
            self._tags[file] = known
        return known

    def _read_tags(self, file: int) -> NamedFileTags:
        file_id = self._id_of_file[file]
        reader = self._result.graph.tags
        tags, places = reader.of_file(file_id), reader.places_of_file(file_id)
        return NamedFileTags(
            self._texts,
            tags.name_ids,
            tags.roles,
            tags.kind_ids,
            tags.rows,
            tags.end_rows,
            places.columns,
            places.scopes,
        )

    def imports(self, file: int) -> ImportTable:
        """Return what a file imports, as it is written."""
        if file not in self._imports:
            self._imports[file] = self._read_imports(file)
        return self._imports[file]

    def _read_imports(self, file: int) -> ImportTable:
        # Of a file without a language there is none.
        return self._result.imports.of_file(self._id_of_file[file])

    def imported(self, file: int, row: int) -> Written:
        """Return an import: a row of the table of a file's imports."""
        return written_at(self.imports(file), row)

    def is_renamed(self, file: int, row: int) -> bool:
        """Return whether an import gives what it takes another name."""
        return bool(self.imports(file).aliases[row])

    def imported_at(self, file: int, line: int, name: bytes) -> Written | None:
        """Return the import on a line, zero-based, that takes this name from a module; None where there is none."""
        table = self.imports(file)
        for i in self._import_rows(file).get(line, ()):
            if name in (table.names[i], table.aliases[i]) and table.kinds[i] & IMPORT_KIND_MASK == IMPORT_NAME:
                return written_at(table, i)
        return None

    def _import_rows(self, file: int) -> dict[int, list[int]]:
        """Return the imports on each line of a file."""
        if file not in self._rows_at:
            rows = self._rows_at[file] = {}
            for i, line in enumerate(self.imports(file).rows.tolist()):
                rows.setdefault(line, []).append(i)
        return self._rows_at[file]

    def stars(self, file: int) -> list[Written]:
        """Return the imports of all names of a module, in the order of the text."""
        table = self.imports(file)
        of_all = np.flatnonzero(table.kinds & IMPORT_KIND_MASK == IMPORT_ALL)
        return [written_at(table, i) for i in of_all.tolist()]

    def passed_on(self, file: int, name: bytes) -> list[Written]:
        """Return the imports by which a file passes something on under a name, without binding it."""
        return self._passed_on_by(file).get(name, [])

    def all_passed_on(self, file: int) -> list[Written]:
        """Return all imports by which a file passes something on under a name."""
        return [written for of_name in self._passed_on_by(file).values() for written in of_name]

    def all_imports(self, languages: Collection[str]) -> Iterator[tuple[int, Written]]:
        """Yield all imports of files in some languages, as modules, with the file."""
        table = self._result.imports.table()
        for i, file_id in enumerate(table.file_ids.tolist()):
            file = self._file_of_id[file_id]
            if self.language(file) in languages:
                yield file, self._module_at(table, i)

    def _passed_on_by(self, file: int) -> dict[bytes, list[Written]]:
        if file not in self._passed_on:
            rows = self._passed_on[file] = {}
            table = self.imports(file)
            for i in np.flatnonzero(table.kinds & IMPORT_EXPORTED).tolist():
                if known_as := table.aliases[i] or table.names[i]:
                    rows.setdefault(known_as, []).append(written_at(table, i))
        return self._passed_on[file]

    def aliases_of_default(self, file: int) -> list[bytes]:
        """Return the names that imports of all files give to what a file gives in place of names."""
        imports = self._imports_of_default
        return list(
            dict.fromkeys(alias for other, written, alias in imports if file in self.find(other, written).files)
        )

    @cached_property
    def _imports_of_default(self) -> list[tuple[int, Written, bytes]]:
        table = self._result.imports.table()
        named = (i for i, name in enumerate(table.names) if name == b"default" and table.aliases[i])
        file_ids = table.file_ids.tolist()
        return [(self._file_of_id[file_ids[i]], self._module_at(table, i), table.aliases[i]) for i in named]

    def _module_at(self, table: ImportTable, i: int) -> Written:
        return Written(IMPORT_MODULE, written_at(table, i).module, "")

    def has_imports(self, file: int) -> bool:
        """Return whether a file imports anything."""
        known = self._has_imports.get(file)
        if known is None:
            # Thousands of files are asked this and nothing else: their tables are not kept.
            table = self._imports.get(file)
            known = self._has_imports[file] = len(self._read_imports(file) if table is None else table) > 0
        return known

    def files_with(self, file: int, name: bytes) -> list[int]:
        """Return the files that have a name, of the languages that a file can use."""
        family = self.family(file)
        return [other for other in self.files_naming([name])[name] if self.family(other) == family]

    def listed(self, file: int) -> frozenset[bytes] | None:
        """Return the names that a module of Python lists in ``__all__``; None where that is not known."""
        if file not in self._listed:
            result = self._result
            try:
                source = result.contents.read(result.file_table.paths[file], result.options.max_file_size)
            except OSError:
                source = b""
            self._listed[file] = listed_names(source)
        return self._listed[file]

    def find(self, file: int, written: Written) -> Found:
        """Return the files that an import in a file means."""
        return self._resolver.find(file, written)

    def files_naming(self, names: Iterable[bytes]) -> dict[bytes, list[int]]:
        """Return for each name the files that have it, rising."""
        wanted = [name for name in dict.fromkeys(names) if name not in self._naming]
        if wanted:
            n_threads = self._result.options.n_workers
            file_ids, which = self._result.uses.files_using(wanted, n_threads)
            graph = self._result.graph
            name_ids = graph.tags.find(wanted)
            tagged = graph.files_naming(name_ids[name_ids >= 0], n_threads)
            number_of = {name_id: number for number, name_id in enumerate(name_ids.tolist())}
            files: list[set[int]] = [set() for _ in wanted]
            for file_id, number in zip(file_ids.tolist(), which.tolist(), strict=True):
                files[number].add(file_id)
            for file_id, name_id in zip(*(column.tolist() for column in tagged), strict=True):
                files[number_of[name_id]].add(file_id)
            for name, of_name in zip(wanted, files, strict=True):
                self._naming[name] = [self._file_of_id[file_id] for file_id in sorted(of_name)]
        return {name: self._naming[name] for name in names}

    def read_ahead(self, files: list[int]) -> Iterator[int]:
        """Yield files whose scopes are asked for one after another. What lies together is read in one piece."""
        for start in range(0, len(files), _READ_AHEAD):
            some = files[start : start + _READ_AHEAD]
            unread = (file for file in some if file not in self._scopes and file not in self._older_scopes)
            new = [self._id_of_file[file] for file in unread]
            self._result.graph.tags.read_ahead(np.array(new, np.int64))
            self._result.facts.read_ahead(new)
            yield from some

    def included(self, file: int) -> tuple[int, ...]:
        """Return the files that a file includes by their paths."""
        if self.tree.languages[file] in _INCLUDING:
            return self._resolver.included_files.included(file, self._records_of_imports(file))
        return tuple(dict.fromkeys(chain.from_iterable(files for _, files in self._included_at(file))))

    def included_at(self, file: int) -> list[tuple[int, int]]:
        """Return the files that a file includes by their paths, each with the row, zero-based, that says so."""
        return [(row, other) for row, files in self._included_at(file) for other in files]

    def _included_at(self, file: int) -> list[tuple[int, tuple[int, ...]]]:
        if self.tree.languages[file] in _INCLUDING:
            # Thousands of headers are gone through of which nothing else is asked: no table is made of their imports.
            return self._resolver.included_files.included_at(file, self._records_of_imports(file))
        table = self._imports.get(file) or self._read_imports(file)
        by_path = np.flatnonzero(table.kinds & IMPORT_KIND_MASK >= IMPORT_PATH).tolist()
        return [(int(table.rows[i]), self.find(file, written_at(table, i)).files) for i in by_path]

    def _records_of_imports(self, file: int) -> bytes:
        return self._result.imports.records_of(self._id_of_file[file])

    def includes_outside(self, file: int) -> bool:
        """Return whether a file includes one by its path that is not in the repository."""
        return any(not files for _, files in self._included_at(file))

    def including(self, file: int) -> list[int]:
        """Return the files that include a file by its path, rising; none in a repository with very many imports."""
        name = posixpath.basename(self.tree.paths[file])
        asked = dict.fromkeys(self._includers_by_name.get(name, ()))
        return sorted(one for one in asked if file in self.included(one))

    @cached_property
    def _includers_by_name(self) -> dict[str, list[int]]:
        """The files that include one of each name."""
        if self._result.imports.n_bytes > _MOST_IMPORT_BYTES:
            return {}
        rows, table = self._resolver.written
        found: dict[str, list[int]] = {}
        for i in np.flatnonzero(table.kinds & IMPORT_KIND_MASK >= IMPORT_PATH).tolist():
            name = table.modules[i].rpartition(b"/")[2].decode("utf-8", "surrogateescape")
            found.setdefault(name, []).append(int(rows[i]))
        return found

    def definers(self, file: int, name: bytes) -> list[int]:
        """Return the files that define a name, in the languages that a file can use, rising."""
        family = self.family(file)
        key = family, name
        if key not in self._definers:
            graph = self._result.graph
            name_ids = graph.tags.find([name])
            file_ids, _ = graph.definers_of(name_ids[name_ids >= 0])
            files = (self._file_of_id[file_id] for file_id in file_ids.tolist())
            self._definers[key] = sorted({other for other in files if self.family(other) == family})
        return self._definers[key]

    def definers_of_kind(self, file: int, name: bytes, kind: str) -> list[int]:
        """Return those of them where the definition is of a kind. It looks at all tags and remembers nothing."""
        graph, family = self._result.graph, self.family(file)
        name_ids = graph.tags.find([name])
        tags = graph.tags.named(name_ids[name_ids >= 0], self._result.options.n_workers)
        kind_ids = [number for number, one in enumerate(graph.kinds) if one == kind]
        is_wanted = (tags.roles == ROLE_DEFINITION) & np.isin(tags.kind_ids, kind_ids)
        files = {self._file_of_id[file_id] for file_id in tags.files[is_wanted].tolist()}
        return sorted(other for other in files if self.family(other) == family)

    def kind(self, file: int, tag: int) -> str:
        """Return the kind of a tag of a file."""
        return self._result.graph.kinds[int(self.tags(file).kind_ids[tag])]

    def members_named(self, file: int, name: bytes) -> list[tuple[int, int]]:
        """Return the bindings of a name in classes, in all files of the languages that a file can use.

        In TypeScript and JavaScript also those in objects, and in types of objects.
        """
        by_class = self.members_by_class(file, name)
        return [
            (other, binding)
            for other, classes in by_class.items()
            for bindings in classes.values()
            for binding in bindings
        ]

    def members_by_class(self, file: int, name: bytes) -> dict[int, dict[int, list[int]]]:
        """Return the same bindings: by their files, then by the scopes of their classes."""
        key = self.family(file), name
        if key not in self._members_by_class:
            # Each site of the name asks for it. The scopes of all these files may be too many to be kept.
            found = ((other, self.members_in(other, name)) for other in self.files_with(file, name))
            self._members_by_class[key] = {other: classes for other, classes in found if classes}
        return self._members_by_class[key]

    def members_in(self, file: int, name: bytes) -> dict[int, list[int]]:
        """Return those of one file, by the scopes of their classes."""
        there = self.scopes(file)
        kinds = _OWNERS_OF_SCRIPTS if self.language(file) in SCRIPTS else _OWNERS
        found: dict[int, list[int]] = {}
        for binding in there.bindings_named(name):
            if _is_member(there, binding, kinds):
                found.setdefault(there.binding_scopes[binding], []).append(binding)
        return found

    def packages(self, language: str) -> list[tuple[int, str]]:
        """Return each file of a language with a package that it says it belongs to."""
        return self._resolver.packages((language,))

    def file_of_id(self, file_id: int) -> int:
        """Return the file of a number among those that have a language."""
        return self._file_of_id[file_id]

    def definition_around(self, file: int, row: int) -> int:
        """Return the tag of the innermost definition around a row; NO_SCOPE where none is."""
        tags = self.tags(file)
        is_around = (tags.roles == ROLE_DEFINITION) & (tags.rows <= row) & (tags.end_rows >= row)
        around = np.flatnonzero(is_around)
        return int(around[np.lexsort((around, tags.rows[around]))[-1]]) if len(around) else NO_SCOPE

    def aliases(self, file: int, name: bytes) -> list[bytes]:
        """Return the other names under which a file imports a name."""
        if self.tree.languages[file] in _INCLUDING:
            return []
        # Most files say nothing of it: what has a name has it in its records as it is.
        if name not in self._result.imports.records_of(self._id_of_file[file]):
            return []
        table = self.imports(file)
        pairs = zip(table.names, table.aliases, strict=True)
        return [alias for imported, alias in pairs if imported == name and alias and alias != name]

    def family(self, file: int) -> int:
        """Return the first language of the family that the language of a file is of."""
        return FAMILY_OF_LANGUAGE[int(self._result.file_table.language_ids[file])]


def _is_member(there: FileScopes, binding: int, kinds: tuple[int, ...]) -> bool:
    kind = there.scope_kinds[there.binding_scopes[binding]]
    is_owned = kind in kinds and (kind == of.SCOPE_CLASS or there.binding_tags[binding] != NONE)
    return is_owned and there.binding_kinds[binding] in _MEMBER_KINDS
