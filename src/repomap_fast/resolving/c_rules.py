"""C: what names, members and types mean."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from repomap_fast.joining import facts as of
from repomap_fast.resolving.declarations import Declarations
from repomap_fast.resolving.followed import Followed
from repomap_fast.resolving.meanings import (
    BOUND,
    BY_GUESS,
    BY_MEMBER,
    BY_SCOPE,
    CLASS,
    FUNCTION,
    IS_OUTSIDE,
    IS_UNKNOWN,
    LEADS_OUT,
    NOTHING,
    OF_CLASS,
    OUT,
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
from repomap_fast.resolving.scopes import NONE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from repomap_fast.resolving.meanings import Sources
    from repomap_fast.resolving.scopes import FileScopes

_SAME = frozenset((of.CHAIN_ITEM, of.CHAIN_ELEMENT, of.CHAIN_GENERIC))
"""Pointers and arrays are not told from what they point to."""
_NOT_GUESSED = frozenset((UNKNOWN, CLASS, OF_CLASS))
"""Values whose members are not guessed: of a type that is known, or that a macro hides."""
_MOST_GROUPS = 50_000
"""Bindings of which it is remembered what they belong to."""
_MOST_VALUES = 4
"""Definitions of one name whose values are followed."""


class CRules:
    """Resolves sites of C files."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._followed = Followed()
        self._declarations = Declarations(sources)
        self._groups: dict[tuple[int, int], tuple[int, int, bytes]] = {}
        self._guessed: dict[tuple[int, bytes], Resolved] = {}
        self._owners: dict[tuple[int, bytes], tuple[int, ...]] = {}
        """By families of languages and names: the first two files that define such a member."""

    # Sites

    def resolve(self, file: int, site: int) -> Resolved:
        """Return what a site refers to."""
        self._followed.begin()
        here = self._sources.scopes(file)
        name, scope = here.name_of_site(site), here.site_scopes[site]
        receiver = here.site_receivers[site]
        if receiver == of.NO_CHAIN:
            tag = here.site_tags[site]
            is_type = tag != NONE and self._sources.kind(file, tag) == "type"
            means, how = self.lookup(file, scope, name, is_type=is_type)
            return resolved(how, means)
        if receiver >= 0 and here.chain_ops[receiver] == of.CHAIN_TAG:
            means, how = self.lookup(file, scope, name, is_tag=True)
            return resolved(how, means)
        values = NOTHING if receiver == of.UNKNOWN_RECEIVER else self.values(file, scope, receiver, 0)
        return self._member_site(file, name, values)

    def overridden(self, file: int, scope: int, name: bytes) -> Meanings:
        """Return what a member of a class stands for: in C nothing."""
        return NOTHING

    def group(self, file: int, binding: int) -> tuple[int, int, bytes]:
        """Return what a binding belongs to; a declaration belongs to what it declares."""
        key = file, binding
        known = self._groups.get(key)
        if known is None:
            if len(self._groups) > _MOST_GROUPS:
                self._groups.clear()
            self._followed.begin()
            file, binding = self._definition_of(file, binding)
            here = self._sources.scopes(file)
            name = here.name_of_binding(binding)
            known = self._groups[key] = file, here.binding_scopes[binding], name
        return known

    def _definition_of(self, file: int, binding: int) -> tuple[int, int]:
        here = self._sources.scopes(file)
        if here.binding_scopes[binding] != 0 or not self._declarations.is_declaration(file, binding):
            return file, binding
        means, _ = self._pick(file, here.name_of_binding(binding))
        found = next((one for one in means if one[0] == BOUND), None)
        return (file, binding) if found is None else (found[1], found[2])

    def _member_site(self, file: int, name: bytes, values: Meanings) -> Resolved:
        found: dict[Meaning, None] = {}
        for value in values:
            found.update(dict.fromkeys(self.member(value, name, 0)))
        if any(one[0] == BOUND for one in found):
            return resolved(BY_MEMBER, found)
        if any(one[0] in _NOT_GUESSED for one in (*found, *values)):
            return UNRESOLVED
        return LEADS_OUT if found else self._guess(file, name)

    def _guess(self, file: int, name: bytes) -> Resolved:
        """Return the member of the only type that has one of that name, of all or else of those that the file sees."""
        key = file, name
        known = self._guessed.get(key)
        if known is None:
            if len(self._guessed) > _MOST_GROUPS:
                self._guessed.clear()
            known = self._guessed[key] = self._only_member(file, name)
        return known

    def _only_member(self, file: int, name: bytes) -> Resolved:
        # Thousands of files may define the name: two that have such a member are enough to know that one is not alone.
        definers, key = self._sources.definers(file, name), (self._sources.family(file), name)
        if key not in self._owners:
            self._owners[key] = tuple(islice((one for one in definers if self._sources.members_in(one, name)), 2))
        owners = self._owners[key]
        if len(owners) > 1:
            seen = self._declarations.seen(file)
            owners = tuple(one for one in definers if one in seen and self._sources.members_in(one, name))
        return only_member({one: self._sources.members_in(one, name) for one in owners})

    # Names

    def lookup(
        self, file: int, scope: int, name: bytes, *, is_tag: bool = False, is_type: bool = False
    ) -> tuple[Meanings, int]:
        """Return what a name means in a scope, and how that is known.

        is_tag   the name of a struct, a union or an enum is looked for, and nothing else.
        is_type  a type is: a variable of that name does not hide it, as in ``client *client``.
        """
        here = self._sources.scopes(file)
        declared: list[int] = []
        # Most files bind nothing by the name of what they refer to: then there is no scope to look in.
        while scope > 0 and here.binds(name):
            if here.scope_kinds[scope] in (of.SCOPE_FUNCTION, of.SCOPE_BLOCK):
                bound = [one for one in here.bound(scope, name) if self._declarations.is_tag(file, one) == is_tag]
                hiding = [one for one in bound if self._hides(here, file, one, is_type=is_type)]
                if hiding:
                    return tuple((BOUND, file, one) for one in hiding), BY_SCOPE
                declared += (one for one in bound if self._declarations.is_declaration(file, one))
            scope = here.scope_parents[scope]
        means, how = self._pick(file, name, is_tag=is_tag)
        if declared and how in (IS_OUTSIDE, IS_UNKNOWN):
            return tuple((BOUND, file, one) for one in declared), BY_SCOPE
        return means, how

    def _hides(self, here: FileScopes, file: int, binding: int, *, is_type: bool) -> bool:
        """Return whether a binding in a function hides what is outside of it."""
        if is_type:
            return not here.binding_flags[binding] & of.FLAG_TYPED
        return not self._declarations.is_declaration(file, binding)

    def _pick(self, file: int, name: bytes, *, is_tag: bool = False) -> tuple[Meanings, int]:
        means, how = self._declarations.pick(file, name, is_tag, self._is_tag if is_tag else self._is_ordinary)
        if how != IS_OUTSIDE:
            return means, how
        # A macro may be the name behind ``struct``; and in its arguments ``struct`` may be left out.
        means, how = self._declarations.pick(file, name, not is_tag, self._is_ordinary if is_tag else self._is_tag)
        # To guess both would be to guess twice.
        return (NOTHING, IS_UNKNOWN) if how == BY_GUESS else (means, how)

    def _is_ordinary(self, file: int, binding: int) -> bool:
        return self._is_at_top(file, binding) and not self._declarations.is_tag(file, binding)

    def _is_tag(self, file: int, binding: int) -> bool:
        here = self._sources.scopes(file)
        # A struct in a struct is known everywhere, one in a function there alone.
        is_seen = here.scope_kinds[here.binding_scopes[binding]] in (of.SCOPE_FILE, of.SCOPE_CLASS)
        return is_seen and self._declarations.is_tag(file, binding)

    def _is_at_top(self, file: int, binding: int) -> bool:
        here = self._sources.scopes(file)
        if here.binding_kinds[binding] != of.BIND_DEFINITION:
            return False
        scope, tag = here.binding_scopes[binding], here.binding_tags[binding]
        if scope == 0 or self._declarations.is_macro(file, binding):
            # A macro is known everywhere below, also where it stands in a struct.
            return True
        # So is what an ``enum`` in a struct lists.
        return here.scope_kinds[scope] == of.SCOPE_CLASS and tag != NONE and here.kind_of_tag(tag) == "enumerator"

    def _is_macro(self, one: Meaning) -> bool:
        return one[0] == BOUND and self._declarations.is_macro(one[1], one[2])

    # Values

    def values(self, file: int, scope: int, chain: int, depth: int) -> Meanings:
        """Return what an expression means. BOUND stands for a function of which only the result is known."""
        if chain < 0:
            return NOTHING
        return self._followed.answer((file, scope, chain), depth, partial(self._values, file, scope, chain))

    def _values(self, file: int, scope: int, chain: int, depth: int) -> Meanings:
        here = self._sources.scopes(file)
        operation, base, other = here.chain_ops[chain], here.chain_bases[chain], here.chain_names[chain]
        if operation in (of.CHAIN_NAME, of.CHAIN_TAG):
            means, _ = self.lookup(file, scope, here.name_of_chain(chain), is_tag=operation == of.CHAIN_TAG)
            if operation == of.CHAIN_TAG and means and all(map(self._is_macro, means)):
                # It gives a struct another name, which may be one from outside.
                return ((UNKNOWN,),)
            return self._values_of(means, depth)
        if operation == of.CHAIN_LITERAL:
            return OUTSIDE
        if operation == of.CHAIN_SCOPE:
            return ((FUNCTION if here.scope_kinds[base] == of.SCOPE_FUNCTION else CLASS, file, base),)
        if operation == of.CHAIN_ONE_OF:
            return self.values(file, scope, base, depth) + self.values(file, scope, other, depth)
        if operation == of.CHAIN_INSTANCE and base >= 0 and here.chain_ops[base] == of.CHAIN_NAME:
            means, _ = self.lookup(file, scope, here.name_of_chain(base), is_type=True)
            return each(self._values_of(means, depth), _instance)
        values = self.values(file, scope, base, depth)
        if operation == of.CHAIN_MEMBER:
            member = here.name_of_chain(chain)
            return self._values_of(each(values, lambda value: self.member(value, member, depth)), depth)
        if operation == of.CHAIN_CALL:
            return each(values, lambda value: self._called(value, depth))
        if operation in (of.CHAIN_INSTANCE, of.CHAIN_NEW):
            return each(values, _instance)
        return values if operation in _SAME else NOTHING

    def _values_of(self, means: Iterable[Meaning], depth: int) -> Meanings:
        """Return the values of what names mean."""
        few = tuple(means)[:_MOST_VALUES]
        return each(few, lambda one: self._value_bound(one[1], one[2], depth) if one[0] == BOUND else (one,))

    def _value_bound(self, file: int, binding: int, depth: int) -> Meanings:
        here = self._sources.scopes(file)
        tag = here.binding_tags[binding]
        scope = NONE if tag == NONE else here.scope_of_tag.get(tag, NONE)
        if scope != NONE:
            return ((FUNCTION if here.scope_kinds[scope] == of.SCOPE_FUNCTION else CLASS, file, scope),)
        if here.binding_flags[binding] & of.FLAG_FUNCTION:
            return ((BOUND, file, binding),)
        return self.values(file, here.binding_eval_scopes[binding], here.binding_chains[binding], depth)

    def _called(self, value: Meaning, depth: int) -> Meanings:
        """Return what a call gives."""
        if value[0] == FUNCTION:
            here = self._sources.scopes(value[1])
            return self.values(value[1], value[2], here.scope_results[value[2]], depth)
        if value[0] == BOUND:
            here = self._sources.scopes(value[1])
            return self.values(value[1], here.binding_eval_scopes[value[2]], here.binding_chains[value[2]], depth)
        return (value,) if value[0] in (OUT, UNKNOWN) else NOTHING

    # Members

    def member(self, value: Meaning, name: bytes, depth: int) -> Meanings:
        """Return what a member of a value means; nothing where it has none that is known."""
        if value[0] in (OUT, UNKNOWN):
            return (value,)
        if value[0] not in (CLASS, OF_CLASS):
            return NOTHING
        return self._followed.answer((*value[1:], name), depth, partial(self._member, value[1], value[2], name))

    def _member(self, file: int, scope: int, name: bytes, depth: int) -> Meanings:
        here = self._sources.scopes(file)
        bound = here.bound(scope, name)
        if bound:
            return tuple((BOUND, file, one) for one in bound)
        for chain, _ in here.bases.get(scope, ()):
            for value in self.values(file, here.scope_parents[scope], chain, depth):
                found = self.member(value, name, depth)
                if found and found != OUTSIDE:
                    return found
        return NOTHING


def _instance(value: Meaning) -> Meanings:
    return ((OF_CLASS, *value[1:]),) if value[0] == CLASS else (value,)
