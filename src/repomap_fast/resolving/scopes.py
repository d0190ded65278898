"""The scopes of one file as a resolver reads them: what is bound where, classes and their bases, chains, sites."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from repomap_fast.joining.facts import (
    BIND_IMPORT,
    BIND_PARAMETER,
    BIND_TYPE_PARAMETER,
    CHAIN_GENERIC,
    CHAIN_INSTANCE,
    CHAIN_MEMBER,
    CHAIN_NAME,
    CHAIN_SCOPE,
    NO_CHAIN,
    SCOPE_CLASS,
    SCOPE_FUNCTION,
    SCOPE_OBJECT,
    SITE_MEMBER,
    SITE_MEMBER_WRITTEN,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from repomap_fast.joining.facts import Facts
    from repomap_fast.tables import I32, U8, U32

NONE = -1
"""Where a number is none."""
_MOST_SOUGHT = 8
"""Names that are looked for in the columns of a file; for more all its names are numbered."""
_NO_IDS: U32 = np.empty(0, np.uint32)


class TagNames(Protocol):
    """The names of the tags of one file."""

    @property
    def name_ids(self) -> U32:
        """The number of the name of each tag, (n_tags,) uint32: equal for equal names of all files."""
        ...

    @property
    def names(self) -> list[bytes]:
        """The name of each tag."""
        ...

    def name(self, tag: int) -> bytes:
        """Return the name of a tag."""
        ...

    def name_id(self, name: bytes) -> int:
        """Return the number of a name; -1 where no tag of any file has it."""
        ...


class TagKinds(NamedTuple):
    """The kinds of tags: all that there are, and the row in them of each tag."""

    kinds: Sequence[str]
    kind_ids: U8

    def of(self, tag: int) -> str:
        """Return the kind of a tag."""
        return self.kinds[int(self.kind_ids[tag])]


class FileScopes:
    """The facts of one file. All numbers are those of the file; names are its rows of ``names``.

    A class, an object and a function are known by the scope that they open.
    """

    def __init__(
        self,
        facts: Facts,
        tag_names: TagNames | None = None,
        imports: Callable[[], tuple[dict[bytes, list[int]], list[int]]] = lambda: ({}, []),
        kinds_of_tags: TagKinds | None = None,
        tag_places: tuple[U32, U32] | None = None,
    ) -> None:
        """Take what the file says.

        tag_names      the names of its tags, which the facts do not repeat.
        imports        returns, for each name that imports bind, their rows in the table of the file's imports; and the
                       line of each of these rows, zero-based.
        kinds_of_tags  the kind of each of its tags.
        tag_places     the rows and the columns of its tags.
        """
        self._facts = facts
        self._tag_names = tag_names
        self._read_imports = imports
        self._kinds_of_tags = kinds_of_tags
        self._tag_places = tag_places
        self._members: dict[int, dict[int, list[int]]] = {}
        self._bindings_of: dict[bytes, list[int]] = {}
        """The bindings of names that were looked for, while the names have no numbers."""

    @cached_property
    def numbers(self) -> dict[bytes, int]:
        """The number of each name: those of the facts come first."""
        numbers = {name: number for number, name in enumerate(self._facts.names)}
        for name in dict.fromkeys(() if self._tag_names is None else self._tag_names.names):
            numbers.setdefault(name, len(numbers))
        return numbers

    @cached_property
    def names(self) -> list[bytes]:
        """What the numbers mean."""
        return list(self.numbers)

    @cached_property
    def _number_of_tag(self) -> NDArray[np.int64]:
        names = [] if self._tag_names is None else self._tag_names.names
        return np.fromiter(map(self.numbers.__getitem__, names), np.int64, len(names))

    @cached_property
    def scope_parents(self) -> array[int]:
        """The scope around each scope."""
        return _ints(self._facts.scope_parents)

    @cached_property
    def scope_kinds(self) -> array[int]:
        """The kind of each scope."""
        return _ints(self._facts.scope_kinds)

    @cached_property
    def binding_scopes(self) -> array[int]:
        """The scope of each binding; they rise."""
        return _ints(self._facts.binding_scopes)

    @cached_property
    def binding_kinds(self) -> array[int]:
        """The kind of each binding."""
        return _ints(self._facts.binding_kinds)

    @cached_property
    def binding_tags(self) -> array[int]:
        """The tag of each binding that is a definition, or NONE."""
        return _ints(self._facts.binding_tags)

    @cached_property
    def binding_names(self) -> array[int]:
        """The number of the name of each binding."""
        return self._with_tags(self._facts.binding_names, self._facts.binding_tags)

    @cached_property
    def binding_chains(self) -> array[int]:
        """The value of each binding, or NO_CHAIN."""
        return _ints(self._facts.binding_chains)

    @cached_property
    def binding_flags(self) -> array[int]:
        """Flags of each binding."""
        return _ints(self._facts.binding_flags)

    @cached_property
    def binding_eval_scopes(self) -> array[int]:
        """The scope in which the chain of each binding is to be evaluated."""
        return _ints(self._facts.binding_eval_scopes)

    @cached_property
    def binding_rows(self) -> array[int]:
        """The row of each binding."""
        return _ints(self._facts.binding_rows)

    @cached_property
    def chain_ops(self) -> array[int]:
        """The operation of each chain."""
        return _ints(self._facts.chain_ops)

    @cached_property
    def chain_bases(self) -> array[int]:
        """What each chain goes on from."""
        return _ints(self._facts.chain_bases)

    @cached_property
    def chain_names(self) -> array[int]:
        """The name, or another number, of each chain."""
        return _ints(self._facts.chain_names)

    @property
    def n_numbers(self) -> int:
        """How many numbers it holds in memory, about."""
        facts = self._facts
        return 8 * len(facts.binding_names) + 3 * len(facts.chain_ops) + 7 * len(facts.site_names)

    def imports_of(self, scope: int, name: bytes) -> list[int]:
        """Return the imports that bind a name in a scope: rows of the table of the file's imports.

        Those of a function are said by its bindings; all others are the file's.
        """
        imported, import_lines = self._imports
        rows = imported.get(name)
        if not rows:
            return []
        if name not in self._local_imports:
            return rows if scope == 0 else []
        lines = self._local_imports[name]
        if scope:
            return [row for row in rows if lines.get(import_lines[row]) == scope]
        return [row for row in rows if import_lines[row] not in lines]

    @cached_property
    def _imports(self) -> tuple[dict[bytes, list[int]], list[int]]:
        return self._read_imports()

    @cached_property
    def _local_imports(self) -> dict[bytes, dict[int, int]]:
        """For each name that an import binds in a function, the lines on which it does, and the scope."""
        found: dict[bytes, dict[int, int]] = {}
        for binding in np.flatnonzero(self._facts.binding_kinds == BIND_IMPORT).tolist():
            name = self.name_of_binding(binding)
            found.setdefault(name, {})[self.binding_rows[binding]] = self.binding_scopes[binding]
        return found

    @cached_property
    def binding_of_tag(self) -> dict[int, int]:
        """The binding of each definition, by its tag."""
        return _places_by(self._facts.binding_tags)

    @cached_property
    def scope_of_tag(self) -> dict[int, int]:
        """The scope that each definition opens, by its tag."""
        return _places_by(np.frombuffer(self.scope_tags, np.int32))

    @cached_property
    def scope_tags(self) -> array[int]:
        """The definition that opens each scope, or NONE; without a name of its own, that of its variable."""
        tags = _ints(self._facts.scope_tags)
        opening = set(tags)
        facts = self._facts
        valued = np.flatnonzero((facts.binding_tags != NONE) & (facts.binding_chains != NONE))
        of_scopes = valued[facts.chain_ops[facts.binding_chains[valued]] == CHAIN_SCOPE]
        scopes, named = facts.chain_bases[facts.binding_chains[of_scopes]], facts.binding_tags[of_scopes]
        for scope, tag in zip(scopes.tolist(), named.tolist(), strict=True):
            if tag not in opening and tags[scope] == NONE and self.scope_kinds[scope] != SCOPE_OBJECT:
                tags[scope] = tag
        return tags

    @cached_property
    def scope_results(self) -> array[int]:
        """The chain of what a call of each function gives, or NONE."""
        return _ints(self._facts.scope_results)

    @cached_property
    def scope_flags(self) -> array[int]:
        """Flags of each function."""
        return _ints(self._facts.scope_flags)

    @cached_property
    def bases(self) -> dict[int, list[tuple[int, int]]]:
        """For each class its bases: chain and kind."""
        bases: dict[int, list[tuple[int, int]]] = {}
        facts = self._facts
        columns = _ints(facts.base_scopes), _ints(facts.base_chains), _ints(facts.base_kinds)
        for scope, chain, kind in zip(*columns, strict=True):
            bases.setdefault(scope, []).append((chain, kind))
        return bases

    def bound(self, scope: int, name: bytes) -> list[int]:
        """Return the bindings of a name in a scope, in the order of the text."""
        if not self._is_numbered(name):
            found, scope_of = self.bindings_named(name), self.binding_scopes.__getitem__
            return found[bisect_left(found, scope, key=scope_of) : bisect_right(found, scope, key=scope_of)]
        number = self.numbers.get(name)
        return [] if number is None else self.members(scope).get(number, [])

    def binds(self, name: bytes) -> bool:
        """Return whether a name is bound in any scope."""
        if not self._is_numbered(name):
            return bool(self.bindings_named(name))
        return self.numbers.get(name, NONE) in self._bound_numbers

    @cached_property
    def _bound_numbers(self) -> frozenset[int]:
        return frozenset(self.binding_names)

    def bindings_named(self, name: bytes) -> list[int]:
        """Return the bindings of a name, whatever their scopes."""
        if not self._is_numbered(name):
            found = self._bindings_of.get(name)
            if found is None:
                found = self._bindings_of[name] = self._facts.bindings_named(name, *self._number_in_tags(name))
            return found
        number = self.numbers.get(name)
        return [] if number is None else _places_of(number, self.binding_names)

    def name_of_binding(self, binding: int) -> bytes:
        """Return the name of a binding."""
        return self._name_at(int(self._facts.binding_names[binding]), int(self._facts.binding_tags[binding]))

    def name_of_site(self, site: int) -> bytes:
        """Return the name of a site."""
        return self._name_at(int(self._facts.site_names[site]), int(self._facts.site_tags[site]))

    def name_of_chain(self, chain: int) -> bytes:
        """Return the name that a chain goes on by."""
        return self._facts.names[int(self._facts.chain_names[chain])]

    def _name_at(self, number: int, tag: int) -> bytes:
        if tag == NONE:
            return self._facts.names[number] if number >= 0 else b""
        return self.name_of_tag(tag)

    def _is_numbered(self, name: bytes) -> bool:
        """Return whether a name is found by its number. A file that is asked for few names need not number them all."""
        if "numbers" in self.__dict__:
            return True
        if name in self._bindings_of or len(self._bindings_of) < _MOST_SOUGHT:
            return False
        self._bindings_of.clear()
        return len(self.numbers) > 0

    def _number_in_tags(self, name: bytes) -> tuple[U32, int]:
        """Return the numbers of the names of the tags, and that of this name."""
        tags = self._tag_names
        return (_NO_IDS, NONE) if tags is None else (tags.name_ids, tags.name_id(name))

    def members(self, scope: int) -> dict[int, list[int]]:
        """Return what is bound in a scope: the bindings of each name."""
        members = self._members.get(scope)
        if members is None:
            members = self._members[scope] = {}
            # They rise by scope.
            first, end = bisect_left(self.binding_scopes, scope), bisect_right(self.binding_scopes, scope)
            for binding in range(first, end):
                members.setdefault(self.binding_names[binding], []).append(binding)
        return members

    def opened_by(self, binding: int) -> int:
        """Return the scope that a definition opens; NONE for other bindings."""
        return self.scope_of_tag.get(self.binding_tags[binding], NONE)

    def is_function(self, binding: int) -> bool:
        """Return whether a binding defines a function."""
        scope = self.opened_by(binding)
        return scope != NONE and self.scope_kinds[scope] == SCOPE_FUNCTION

    def arguments(self, chain: int) -> list[int]:
        """Return the chains of a list of arguments, in the order of the text."""
        found = []
        while chain >= 0:
            found.append(self.chain_bases[chain])
            chain = self.chain_names[chain]
        return found[::-1]

    def last_name(self, chain: int) -> bytes:
        """Return the name that a chain ends in, arguments of a type left out; empty where it ends in none."""
        while chain >= 0 and self.chain_ops[chain] in (CHAIN_GENERIC, CHAIN_INSTANCE):
            chain = self.chain_bases[chain]
        is_named = chain >= 0 and self.chain_ops[chain] in (CHAIN_NAME, CHAIN_MEMBER)
        return self.name_of_chain(chain) if is_named else b""

    def class_around(self, scope: int) -> int:
        """Return the class that a scope is, or is in; NONE outside of classes."""
        while scope != NONE and self.scope_kinds[scope] != SCOPE_CLASS:
            scope = self.scope_parents[scope]
        return scope

    def definition_around(self, scope: int) -> int:
        """Return the tag of the innermost definition that a scope is, or is in; NONE at the top of the file."""
        while scope != NONE and self.scope_tags[scope] == NONE:
            scope = self.scope_parents[scope]
        return NONE if scope == NONE else self.scope_tags[scope]

    def is_namespace(self, scope: int) -> bool:
        """Return whether a scope is an object that a definition opens."""
        return self.scope_kinds[scope] == SCOPE_OBJECT and self.scope_tags[scope] != NONE

    def functions_in(self, scope: int) -> list[int]:
        """Return the functions that stand in a scope itself."""
        return self._functions_in.get(scope, [])

    @cached_property
    def _functions_in(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for scope, kind in enumerate(self.scope_kinds):
            if kind == SCOPE_FUNCTION:
                found.setdefault(self.scope_parents[scope], []).append(scope)
        return found

    def parameters(self, function: int) -> list[int]:
        """Return the parameters of a function, in their order; one that is taken apart has no name."""
        return self._parameters.get(function, [])

    @cached_property
    def _parameters(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for binding, kind in enumerate(self.binding_kinds):
            if kind == BIND_PARAMETER:
                found.setdefault(self.binding_scopes[binding], []).append(binding)
        return found

    def type_parameters(self, scope: int) -> list[int]:
        """Return the type parameters of what opens a scope, in their order."""
        first, end = bisect_left(self.binding_scopes, scope), bisect_right(self.binding_scopes, scope)
        return [one for one in range(first, end) if self.binding_kinds[one] == BIND_TYPE_PARAMETER]

    def name_of_tag(self, tag: int) -> bytes:
        """Return the name of a definition."""
        return b"" if self._tag_names is None else self._tag_names.name(tag)

    @cached_property
    def site_of_member(self) -> dict[int, int]:
        """The site at which a definition stands that is assigned to a member, or is one of an object, by its tag."""
        if self._tag_places is None:
            return {}
        facts = self._facts
        are_members = (facts.site_kinds == SITE_MEMBER) | (facts.site_kinds == SITE_MEMBER_WRITTEN)
        sites = np.flatnonzero(are_members)
        tag_places = _places(*self._tag_places)
        order = np.argsort(tag_places, kind="stable")
        places = _places(facts.site_rows[sites], facts.site_columns[sites])
        # Of several tags at one place the last.
        last = np.searchsorted(tag_places[order], places, side="right") - 1
        tags = order[last] if len(order) else last
        is_there = (last >= 0) & (tag_places[tags] == places) if len(order) else last > 0
        return dict(zip(tags[is_there].tolist(), sites[is_there].tolist(), strict=True))

    @cached_property
    def sites_of_definitions(self) -> frozenset[int]:
        """The sites at which such definitions stand."""
        return frozenset(self.site_of_member.values())

    def assigned(self, name: bytes) -> list[tuple[int, int]]:
        """Return the definitions of a name that are assigned to members: bindings and their sites."""
        return self._assigned.get(name, [])

    @cached_property
    def _assigned(self) -> dict[bytes, list[tuple[int, int]]]:
        found: dict[bytes, list[tuple[int, int]]] = {}
        for tag, site in self.site_of_member.items():
            binding = self.binding_of_tag.get(tag)
            if binding is not None and self.site_kinds[site] == SITE_MEMBER_WRITTEN:
                found.setdefault(self.name_of_tag(tag), []).append((binding, site))
        return found

    # Sites

    @cached_property
    def site_names(self) -> array[int]:
        """The name of each site."""
        return self._with_tags(self._facts.site_names, self._facts.site_tags)

    @cached_property
    def site_kinds(self) -> array[int]:
        """The kind of each site."""
        return _ints(self._facts.site_kinds)

    @cached_property
    def site_scopes(self) -> array[int]:
        """The scope of each site."""
        return _ints(self._facts.site_scopes)

    @cached_property
    def site_receivers(self) -> array[int]:
        """The chain before each site, NO_CHAIN for a bare name, UNKNOWN_RECEIVER."""
        return _ints(self._facts.site_receivers)

    @cached_property
    def site_tags(self) -> array[int]:
        """The tag of each site, NONE for a use."""
        return _ints(self._facts.site_tags)

    @cached_property
    def site_rows(self) -> array[int]:
        """The row of each site."""
        return _ints(self._facts.site_rows)

    @cached_property
    def site_columns(self) -> array[int]:
        """The column of each site, in bytes."""
        return _ints(self._facts.site_columns)

    def kind_of_site(self, site: int) -> str:
        """Return the kind of the tag that a site is; an empty text for a use."""
        tag = self.site_tags[site]
        return "" if tag == NONE else self.kind_of_tag(tag)

    def kind_of_tag(self, tag: int) -> str:
        """Return the kind of a tag."""
        return "" if self._kinds_of_tags is None else self._kinds_of_tags.of(tag)

    def kind_of_scope(self, scope: int) -> str:
        """Return the kind of the definition that opens a scope; an empty text for none."""
        tag = self.scope_tags[scope]
        return "" if tag == NONE else self.kind_of_tag(tag)

    def name_of_scope(self, scope: int) -> bytes:
        """Return the name of the definition that opens a scope; empty for none."""
        tag = self.scope_tags[scope]
        return b"" if tag == NONE else self.name_of_tag(tag)

    def is_bare(self, site: int) -> bool:
        """Return whether nothing stands before a site and a dot."""
        return self.site_receivers[site] == NO_CHAIN

    def sites_named(self, name: bytes) -> list[int]:
        """Return the sites that have a name."""
        if not self._is_numbered(name):
            return self._facts.sites_named(name, *self._number_in_tags(name))
        number = self.numbers.get(name)
        return [] if number is None else _places_of(number, self.site_names)

    def _with_tags(self, names: I32, tags: I32) -> array[int]:
        """Return the names; where there is none, it is that of the tag."""
        is_tag = tags >= 0
        numbers = names.copy()
        numbers[is_tag] = self._number_of_tag[tags[is_tag]]
        return _ints(numbers)


def _places(rows: U32, columns: U32) -> NDArray[np.int64]:
    """Return places in a text as one number each."""
    return rows.astype(np.int64) << 32 | columns.astype(np.int64)


def _places_by(tags: NDArray[np.int32]) -> dict[int, int]:
    """Return where each tag stands in a column; the last place of each."""
    places = np.flatnonzero(tags != NONE)
    return dict(zip(tags[places].tolist(), places.tolist(), strict=True))


def _places_of(number: int, column: array[int]) -> list[int]:
    # A comparison in Python of each would take as long as all else that is read of a file.
    found: list[int] = np.flatnonzero(np.frombuffer(column, column.typecode) == number).tolist()
    return found


def _ints(column: NDArray[np.integer[Any]]) -> array[int]:
    # A list would take some thirty bytes a number, and twice the time.
    return array(column.dtype.char, column.tobytes())
