"""What files say of their names: scopes, what is bound in them, and what stands before a dot, as chains.

A chain says by syntax alone how a value is come by: a name, a member of what another chain says, its result when it is
called. What the names in it mean is said elsewhere (``resolving``). Facts are decoded for one file at a time, when they
are asked for. A file whose language has no rules for them has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Self, TypeAlias

import numpy as np

from repomap_fast.errors import IndexDamagedError
from repomap_fast.joining import _facts
from repomap_fast.joining.records import RecordColumns
from repomap_fast.tables import I32, I64, U8, U32

(
    CHAIN_NAME, CHAIN_MEMBER, CHAIN_CALL, CHAIN_ITEM, CHAIN_INSTANCE, CHAIN_NEW, CHAIN_LITERAL, CHAIN_SELF, CHAIN_SUPER,
    CHAIN_ONE_OF, CHAIN_GENERIC, CHAIN_ARGUMENT, CHAIN_AWAITED, CHAIN_ENTERED, CHAIN_ELEMENT, CHAIN_SCOPE,
    CHAIN_PARAMETER, CHAIN_RESULT, CHAIN_TYPE_OF, CHAIN_TAG, CHAIN_RAISED, CHAIN_MODULE, CHAIN_GIVEN,
) = range(23)  # fmt: skip
"""How a chain goes on from its base: a name; a member of it; what it gives when it is called; what is behind brackets;
an instance of that type; a new one of that class; a literal of a kind; the object whose method it is; the same, as its
bases have it; that or a second chain; a generic type, with a list of arguments; one of them, the last one first; what
is awaited; what ``with`` binds; what ``for`` binds; the function or object that a scope is; the type of a parameter of
what is called; one of several results; the type of a value; a struct, union or enum of C; what ``except`` binds; a
module that a call imports; the same as its base, which is called with a list of arguments."""

(
    LITERAL_NONE, LITERAL_STRING, LITERAL_NUMBER, LITERAL_BOOLEAN, LITERAL_LIST, LITERAL_MAPPING, LITERAL_SET,
    LITERAL_TUPLE, LITERAL_FUNCTION, LITERAL_OTHER,
) = range(10)  # fmt: skip
"""Kinds of literals."""

SCOPE_FILE, SCOPE_CLASS, SCOPE_FUNCTION, SCOPE_BLOCK, SCOPE_OBJECT = range(5)
"""Kinds of scopes. A block has the ``self`` of what is around it: a lambda, a comprehension. What is bound in an object
or a class is a member of it."""

BASE_CLASS, BASE_METACLASS, BASE_METHOD_OF, BASE_IMPLEMENTED = range(4)
"""Kinds of bases: of a class; its metaclass; the type that a function is a method of; what a class implements."""

BIND_DEFINITION, BIND_PARAMETER, BIND_LOCAL, BIND_IMPORT, BIND_EXPORT, BIND_ATTRIBUTE, BIND_TYPE_PARAMETER = range(7)
"""Kinds of bindings: of a file or a class; a parameter; in a function; by an import that is not at the top; seen from
outside alone; a member that a method assigns; a type parameter."""

(
    FLAG_TYPED, FLAG_PROPERTY, FLAG_STATIC, FLAG_CLASSMETHOD, FLAG_OPTIONAL, FLAG_DECLARED, FLAG_PRIVATE, FLAG_FUNCTION,
) = (1 << i for i in range(8))  # fmt: skip
"""Flags of bindings: its type is written; it is read like a field; it has no object; its object is the class; it may be
left out; it is defined elsewhere; it is not seen from other files; its chain is what it gives when it is called."""
FLAG_REST = FLAG_FUNCTION
"""Flag of a parameter: it is an array of all that is given from its place on."""

SITE_KINDS = ("read", "write", "member", "written member", "tag")
"""Names of the kinds of sites, by number: those of uses, and a reference that is a tag."""
SITE_MEMBER, SITE_MEMBER_WRITTEN, SITE_TAG = 2, 3, 4

_MOST_AHEAD = 1 << 20
"""Bytes of records that are read before they are asked for."""

_Columns: TypeAlias = tuple[Any, ...]
"""Arrays, in the order of the fields of ``Facts``."""

NO_CHAIN, UNKNOWN_RECEIVER = -1, -2
"""Receivers that are no chain: nothing stands before a dot; something does that no chain says."""


class Facts(NamedTuple):
    """The facts of one file. All numbers are of things of the file, int32 unless said otherwise; -1 for none.

    names                  a sequence of n bytes: what the numbers of names mean.
    scope_parents          (n_scopes,) scope 0 is the file, around which is none; parents come before children.
    scope_kinds            (n_scopes,) uint8: ``SCOPE_*``.
    scope_tags             (n_scopes,) the definition that opens it.
    scope_results          (n_scopes,) what a function gives: an instance of its written type, else its values.
    scope_flags            (n_scopes,) uint8: those of the function's binding.
    base_scopes            (n_bases,) scopes of classes, or of methods that stand outside of their type.
    base_chains            (n_bases,) to be evaluated in the scope's parent.
    base_kinds             (n_bases,) uint8: ``BASE_*``.
    binding_scopes         (n_bindings,) rising; in a scope in the order of the text. Each definition has one at least.
    binding_names          (n_bindings,) -1 where there is a tag, which has the name.
    binding_kinds          (n_bindings,) uint8: ``BIND_*``.
    binding_chains         (n_bindings,) its value, or an instance of its type.
    binding_tags           (n_bindings,) the definition that it is.
    binding_rows           (n_bindings,) uint32.
    binding_flags          (n_bindings,) uint8: ``FLAG_*``.
    binding_eval_scopes    (n_bindings,) in which its chain is to be evaluated.
    chain_ops              (n_chains,) uint8: ``CHAIN_*``.
    chain_bases            (n_chains,) an earlier chain; of ``CHAIN_LITERAL`` its kind, of ``CHAIN_SCOPE`` a scope.
    chain_names            (n_chains,) a name; of ``CHAIN_ONE_OF``, ``CHAIN_GENERIC``, ``CHAIN_ARGUMENT`` and
                           ``CHAIN_GIVEN`` an earlier chain; of ``CHAIN_PARAMETER`` and ``CHAIN_RESULT`` a place,
                           from 0 on; of ``CHAIN_MODULE`` the name of the module.
    site_names             (n_sites,) -1 for a tag. Sites are references and uses, in the order of the text.
    site_kinds             (n_sites,) uint8: rows of ``SITE_KINDS``.
    site_scopes            (n_sites,)
    site_receivers         (n_sites,) the chain before the dot, ``NO_CHAIN`` or ``UNKNOWN_RECEIVER``.
    site_tags              (n_sites,) the reference that it is.
    site_rows              (n_sites,) uint32.
    site_columns           (n_sites,) uint32: in bytes.
    """

    names: _facts.Names
    scope_parents: I32
    scope_kinds: U8
    scope_tags: I32
    scope_results: I32
    scope_flags: U8
    base_scopes: I32
    base_chains: I32
    base_kinds: U8
    binding_scopes: I32
    binding_names: I32
    binding_kinds: U8
    binding_chains: I32
    binding_tags: I32
    binding_rows: U32
    binding_flags: U8
    binding_eval_scopes: I32
    chain_ops: U8
    chain_bases: I32
    chain_names: I32
    site_names: I32
    site_kinds: U8
    site_scopes: I32
    site_receivers: I32
    site_tags: I32
    site_rows: U32
    site_columns: U32

    @property
    def n_scopes(self) -> int:
        """How many scopes there are: 0 for a file without facts."""
        return len(self.scope_parents)

    def bindings_named(self, name: bytes, name_ids: U32, name_id: int) -> list[int]:
        """Return the bindings of a name, rising.

        name_ids  (n_tags,) uint32: the number of the name of each tag in all files, and
        name_id   that of the name there, -1 for none.
        """
        number = self.names.find(name)
        return _facts.places_named(self.binding_names, self.binding_tags, number, name_ids, name_id)

    def sites_named(self, name: bytes, name_ids: U32, name_id: int) -> list[int]:
        """Return the sites of a name, rising; the rest is as for ``bindings_named``."""
        number = self.names.find(name)
        return _facts.places_named(self.site_names, self.site_tags, number, name_ids, name_id)


class FileFacts:
    """The facts of files that have a language, in the order of their paths; decoded when they are asked for."""

    def __init__(
        self, facts: Sequence[tuple[RecordColumns, I64]], uses: Sequence[tuple[RecordColumns, I64]], n_files: int
    ) -> None:
        """Take the columns of facts and of uses, as ``FileRecords`` takes those of one kind: file for file the same."""
        self._facts = list(facts)
        self._uses = list(uses)
        self._n_files = n_files
        self._places: tuple[I64, I64] | None = None
        self._ahead: dict[int, tuple[U8, U8]] = {}
        """The records of facts and of uses of files that are asked for next."""

    @classmethod
    def of(cls, facts: RecordColumns, uses: RecordColumns) -> Self:
        """Return the facts of the files whose rows these are, one after another."""
        rows: I64 = np.arange(len(facts), dtype=np.int64)
        return cls([(facts, rows)], [(uses, rows)], len(facts))

    def __len__(self) -> int:
        return self._n_files

    def of_file(self, file_id: int, tag_rows: U32, tag_columns: U32, roles: U8) -> Facts:
        """Return the facts of a file.

        tag_rows, tag_columns  (n_tags,) uint32: where the tags of the file are, as the tag table has them.
        roles                  (n_tags,) uint8.

        Raises IndexDamagedError, IndexError for a file that is not there.
        """
        if not 0 <= file_id < self._n_files:
            raise IndexError(f"file {file_id} of {self._n_files}")
        parts, rows = self._places = self._places or self._find_places()
        part, row = int(parts[file_id]), int(rows[file_id])
        ahead = self._ahead.pop(file_id, None)
        facts, uses = ahead or (_records_of(self._facts[part][0], row), _records_of(self._uses[part][0], row))
        if not len(facts):
            return NO_FACTS
        try:
            return Facts(*_facts.decode_facts(facts, uses, tag_rows, tag_columns, roles))
        except ValueError as error:
            raise IndexDamagedError(f"{error} (file {file_id})") from error

    def read_ahead(self, file_ids: list[int]) -> None:
        """Read the records of some files, which are asked for next: those that lie together in one piece.

        What was read ahead before and not asked for is forgotten. Where the records are large, only those of the first
        files are read. Raises IndexDamagedError.
        """
        parts, rows = self._places = self._places or self._find_places()
        self._ahead, n_bytes = {}, 0
        for part, (of_facts, _) in enumerate(self._facts):
            of_uses, there = self._uses[part][0], []
            for row, file_id in sorted((int(rows[file_id]), file_id) for file_id in file_ids if parts[file_id] == part):
                n_bytes += of_facts.n_bytes_of(row) + of_uses.n_bytes_of(row)
                if n_bytes > _MOST_AHEAD:
                    break
                there.append((row, file_id))
            facts, uses = (_records_of_each(columns, [row for row, _ in there]) for columns in (of_facts, of_uses))
            self._ahead.update((file_id, (facts[i], uses[i])) for i, (_, file_id) in enumerate(there))

    def _find_places(self) -> tuple[I64, I64]:
        """Return for each file which of the columns has it, and in which row."""
        parts, rows = np.zeros(self._n_files, np.int64), np.zeros(self._n_files, np.int64)
        for part, (_, files) in enumerate(self._facts):
            there = np.flatnonzero(files >= 0)
            parts[files[there]], rows[files[there]] = part, there
        return parts, rows


def _records_of(columns: RecordColumns, row: int) -> U8:
    # Who asks keeps what is decoded: the pages of many files need not stay in memory.
    records: U8 = columns.records.read_again(int(columns.offsets[row]), int(columns.offsets[row + 1]))
    return records


def _records_of_each(columns: RecordColumns, rows: list[int]) -> list[U8]:
    return columns.records.read_parts(
        [int(columns.offsets[row]) for row in rows], [int(columns.offsets[row + 1]) for row in rows]
    )


def _no_facts() -> Facts:
    i32: I32 = np.empty(0, np.int32)
    u32: U32 = np.empty(0, np.uint32)
    u8: U8 = np.empty(0, np.uint8)
    scopes: _Columns = (i32, u8, i32, i32, u8, i32, i32, u8)
    bindings: _Columns = (i32, i32, u8, i32, i32, u32, u8, i32)
    columns: _Columns = (*scopes, *bindings, u8, i32, i32, i32, u8, i32, i32, i32, u32, u32)
    return Facts(_facts.Names([]), *columns)


NO_FACTS = _no_facts()
"""Of a file whose language has no rules."""
