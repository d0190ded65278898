"""JavaScript and TypeScript: what names, members and results mean."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from repomap_fast.joining import facts as of
from repomap_fast.joining.imports import IMPORT_MODULE
from repomap_fast.resolving.followed import Followed
from repomap_fast.resolving.include_graph import IncludeGraph
from repomap_fast.resolving.meanings import (
    BOUND,
    BY_IMPORT,
    BY_MEMBER,
    BY_SCOPE,
    CLASS,
    LEADS_OUT,
    MODULE,
    NOTHING,
    OUTSIDE,
    UNKNOWN,
    UNRESOLVED,
    Meaning,
    Meanings,
    Resolved,
    each,
    only_member,
    resolved,
)
from repomap_fast.resolving.scopes import NONE, FileScopes
from repomap_fast.resolving.script_members import known_members, own_members, owner
from repomap_fast.resolving.script_names import DECLARATIONS, ScriptNames
from repomap_fast.resolving.script_values import ScriptValues
from repomap_fast.resolving.source_tree import Written
from repomap_fast.resolving.type_arguments import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from repomap_fast.resolving.meanings import Sources

_OF_VALUES = frozenset(("call", "class"))
"""Kinds of references that are to values: calls, and what a class extends."""
_TYPES = frozenset(("type", "interface"))
"""Kinds of definitions that are types and no values."""
_ALIAS = "type"
"""Kind of the definition of a name that stands for another type."""
_OF_FUNCTIONS = (of.SCOPE_FUNCTION, of.SCOPE_BLOCK)
_DEFINES = frozenset((of.SITE_MEMBER, of.SITE_MEMBER_WRITTEN))
"""Kinds of sites that may stand at a definition."""

_MOST_AROUND = 100
"""Scopes within each other that are looked at for a guess."""
_MOST_FILES = 100_000
"""Files whose imports are followed to find out whether two files may meet."""


class ScriptRules:
    """Resolves sites of files in JavaScript and TypeScript."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        followed = Followed()
        self._names = ScriptNames(sources, followed)
        self._values = ScriptValues(sources, followed, self._names)
        # To find these out takes as long as a file is, and each guess in it asks.
        self._is_script, self._is_seen = cache(self._names.is_script), cache(self._gives_to_all)
        self._importing = IncludeGraph(cache(self._imported), _MOST_FILES)

    # Sites

    def resolve(self, file: int, site: int) -> Resolved:
        """Return what a site refers to."""
        self._values.begin()
        here = self._sources.scopes(file)
        name, scope = here.name_of_site(site), here.site_scopes[site]
        receiver = here.site_receivers[site]
        if receiver == of.NO_CHAIN:
            tag = here.site_tags[site]
            is_value = tag != NONE and here.kind_of_tag(tag) in _OF_VALUES
            return self._bare(file, scope, name, here.site_rows[site], is_value=is_value)
        values = NOTHING if receiver == of.UNKNOWN_RECEIVER else self._values.values(Place(file, scope), receiver, 0)
        found = self._that_exist(_distinct(self._values.member(value, name, 0) for value in values))
        named = self._all_of(found) + self._shorthand(file, scope, name, here.site_rows[site])
        if here.site_kinds[site] in _DEFINES:
            named = tuple(one for one in named if not self._is_at(one, file, here.site_rows[site]))
        if any(one[0] in (BOUND, MODULE) for one in named):
            is_module = any(value[0] == MODULE for value in values)
            return resolved(BY_IMPORT if is_module else BY_MEMBER, named)
        if found or site in here.sites_of_definitions:
            return LEADS_OUT
        is_key = here.scope_kinds[scope] == of.SCOPE_OBJECT and here.site_kinds[site] != of.SITE_TAG
        is_known = is_key or not all(self._values.is_open(value) for value in values)
        return UNRESOLVED if is_known else self._guess(file, scope, name)

    def _shorthand(self, file: int, scope: int, name: bytes, row: int) -> Meanings:
        """Return what a key of an object means as a value, where it is its own: {name}."""
        here = self._sources.scopes(file)
        if here.scope_kinds[scope] != of.SCOPE_OBJECT:
            return NOTHING
        for binding in here.bound(scope, name):
            chain = here.binding_chains[binding]
            is_name = chain >= 0 and here.chain_ops[chain] == of.CHAIN_NAME and here.binding_tags[binding] == NONE
            if is_name and here.name_of_chain(chain) == name and here.binding_rows[binding] == row:
                return self._values.named(self._names.lookup(file, scope, name, 0)[0])
        return NOTHING

    def _that_exist(self, members: Meanings) -> Meanings:
        """Leave out, of the members of several types, those that are said never to be there."""
        if len(members) < 2:
            return members
        return tuple(one for one in members if not self._is_never(one)) or members

    def _is_never(self, one: Meaning) -> bool:
        if one[0] != BOUND:
            return False
        here = self._sources.scopes(one[1])
        chain = here.binding_chains[one[2]]
        if chain < 0 or here.chain_ops[chain] != of.CHAIN_INSTANCE:
            return False
        base = here.chain_bases[chain]
        return here.chain_ops[base] == of.CHAIN_LITERAL and here.chain_bases[base] == of.LITERAL_NONE

    def _is_at(self, one: Meaning, file: int, row: int) -> bool:
        """Return whether something is bound on that line: a site there is no reference to it."""
        return one[0] == BOUND and one[1] == file and self._sources.scopes(file).binding_rows[one[2]] == row

    def overridden(self, file: int, scope: int, name: bytes) -> Meanings:
        """Return what a member of a class stands for: the same of its bases, and OUT or UNKNOWN for other bases."""
        here = self._sources.scopes(file)
        if here.scope_kinds[scope] != of.SCOPE_CLASS:
            # What takes an object may ask for any of its members.
            is_object = here.scope_kinds[scope] == of.SCOPE_OBJECT and not here.is_namespace(scope)
            assigned = (owner(here, site) for binding, site in here.assigned(name))
            return ((UNKNOWN,),) if is_object or not all(is_class for _, is_class in assigned) else NOTHING
        self._values.begin()
        found: list[Meaning] = []
        for base in self._values.lineage((CLASS, file, scope), 0)[1:]:
            if base[0] != CLASS:
                found.append(base)
                continue
            members = own_members(self._sources.scopes(base[1]), base[2], name)
            found += ((BOUND, base[1], one) for one in members)
        return tuple(found)

    def _bare(self, file: int, scope: int, name: bytes, row: int, *, is_value: bool) -> Resolved:
        written = self._sources.imported_at(file, row, name)
        if written is not None:
            return resolved(BY_IMPORT, self._all_of(self._names.imported(file, written, 0)))
        known_as = self._names.given_at(file, row, name)
        if known_as:
            return resolved(BY_SCOPE, self._all_of(known_as))
        means, is_imported = self._names.lookup(file, scope, name, 0)
        # A type and a value of one name are one; what is declared to be global adds to a value of that name.
        is_global = not is_imported and all(one[0] == BOUND and one[1] != file for one in means)
        if is_value and means and not is_global and all(map(self._is_type, means)):
            means = OUTSIDE
        named = self._values.named(means)
        return resolved(BY_IMPORT if is_imported or named != means else BY_SCOPE, self._all_of(means))

    def _is_type(self, one: Meaning) -> bool:
        """Return whether something is a type alone: where a value stands, its name means another thing."""
        return all(
            found[0] == BOUND
            and (tag := self._sources.scopes(found[1]).binding_tags[found[2]]) != NONE
            and self._sources.scopes(found[1]).kind_of_tag(tag) in _TYPES
            for found in self._values.named((one,)) or (one,)
        )

    def _all_of(self, means: Meanings) -> Meanings:
        """Return the definitions that are meant, with those in other files that are one with them."""
        named = self._values.named(means)
        every = _distinct((means, named))
        return _distinct((named, each(every, lambda one: self._values.declared_elsewhere(one, 0))))

    def _guess(self, file: int, scope: int, name: bytes) -> Resolved:
        """Return the member of the only type that has one of that name, unless built-in types have one too.

        Where an object in the file has a key of that name, that is as likely. A class of which neither file imports the
        other, through others or not, is of another program, as packages of one repository are.
        """
        if name in known_members():
            return UNRESOLVED
        guessed = only_member(self._sources.members_by_class(file, name))
        if not all(self._may_be_of(file, scope, target) for target in guessed.targets):
            return UNRESOLVED
        here = self._sources.scopes(file)
        has_key = any(
            here.scope_kinds[here.binding_scopes[one]] == of.SCOPE_OBJECT for one in here.bindings_named(name)
        )
        return UNRESOLVED if has_key and any(other != file for other, _ in guessed.targets) else guessed

    def _may_be_of(self, file: int, scope: int, member: tuple[int, int]) -> bool:
        """Return whether what stands in a scope may have a member: one of a type that has a name, and is seen there."""
        other, binding = member
        there = self._sources.scopes(other)
        owner = there.binding_scopes[binding]
        outer = there.scope_parents[owner]
        if there.kind_of_scope(outer) == _ALIAS:
            outer = there.scope_parents[outer]
        elif there.scope_kinds[owner] == of.SCOPE_OBJECT:
            return False
        function = next((one for one in _around(there, outer) if there.scope_kinds[one] in _OF_FUNCTIONS), NONE)
        if function == NONE:
            return self._may_meet(file, other)
        return file == other and function in _around(there, scope)

    def _may_meet(self, file: int, other: int) -> bool:
        """Return whether one of two files imports the other, or what the other has may be seen everywhere."""
        if file == other or self._is_script(file) or self._is_seen(other):
            return True
        between = self._importing.steps_between
        return bool(between(file, [other]) or between(other, [file]))

    def _gives_to_all(self, file: int) -> bool:
        is_declaration = self._sources.tree.paths[file].endswith(DECLARATIONS)
        return is_declaration or self._is_script(file) or self._names.declared_modules.adds(file)

    def _imported(self, file: int) -> tuple[int, ...]:
        table, found = self._sources.imports(file), self._sources.find
        modules = dict.fromkeys(table.modules)
        written = (Written(IMPORT_MODULE, module.decode("utf-8", "surrogateescape"), "") for module in modules)
        return tuple(dict.fromkeys(one for each_of in written for one in found(file, each_of).files))


def _around(here: FileScopes, scope: int) -> list[int]:
    """Return a scope and those around it, the innermost first; of very many the first."""
    found: list[int] = []
    while scope != NONE and len(found) < _MOST_AROUND:
        found.append(scope)
        scope = here.scope_parents[scope]
    return found


def _distinct(answers: Iterable[Meanings]) -> Meanings:
    return tuple(dict.fromkeys(one for answer in answers for one in answer))
