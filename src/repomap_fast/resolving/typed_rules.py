"""What languages with written types have in common: how the values of chains are found, and what a site refers to."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from repomap_fast.joining import facts as of
from repomap_fast.resolving.followed import MOST_CLASSES, Followed
from repomap_fast.resolving.meanings import (
    ARRAY,
    BOUND,
    CLASS,
    FUNCTION,
    GENERIC_OUT,
    NOTHING,
    OF_CLASS,
    OUT,
    OUTSIDE,
    UNKNOWN,
    each,
    instance,
)
from repomap_fast.resolving.scopes import NONE

if TYPE_CHECKING:
    from repomap_fast.resolving.meanings import Meaning, Meanings, Sources
    from repomap_fast.resolving.scopes import FileScopes

AT_END = 1 << 32
"""Above this row all of a file is."""
_LOCAL_SCOPES = frozenset((of.SCOPE_FUNCTION, of.SCOPE_BLOCK))
_MAY_NAME_PARAMETERS = frozenset((of.BIND_PARAMETER, of.BIND_DEFINITION))


class Place(NamedTuple):
    """Where an expression stands.

    before   names that functions bind on this row or below are not seen.
    is_type  it is a written type: parameters are not seen.
    """

    file: int
    scope: int
    before: int
    is_type: bool = False


class TypedRules(ABC):
    """Finds the values of chains. A language says what its names mean, and the members and results of values."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._tree = sources.tree
        self._followed = Followed()

    # What a language says

    @abstractmethod
    def lookup(self, place: Place, name: bytes, depth: int) -> tuple[Meanings, bool]:
        """Return what a name means, and whether that is imported."""

    @abstractmethod
    def member(self, value: Meaning, name: bytes, depth: int) -> Meanings:
        """Return what a member of a value means; nothing where it has none that is known."""

    @abstractmethod
    def called(self, value: Meaning, result: int, depth: int) -> Meanings:
        """Return what a call gives, or one of the results of it."""

    @abstractmethod
    def bases_of(self, file: int, scope: int, depth: int) -> Meanings:
        """Return what the bases of a class are: CLASS, and for others OUT, UNKNOWN, or what language rules know."""

    # Names

    def local(self, place: Place, scope: int, name: bytes) -> list[int]:
        """Return what a name means that a function binds: what is bound last above the place."""
        here = self._sources.scopes(place.file)
        kinds, rows = here.binding_kinds, here.binding_rows
        is_in_function = self.is_local_scope(here, scope)
        seen = []
        for one in here.bound(scope, name):
            if kinds[one] == of.BIND_PARAMETER:
                is_seen = not place.is_type
            elif kinds[one] == of.BIND_LOCAL:
                is_seen = not place.is_type or self.hides_types(here, one)
            else:
                is_seen = is_in_function
            if is_seen and (rows[one] < place.before or kinds[one] == of.BIND_PARAMETER):
                seen.append(one)
        return seen[-1:]

    def hides_types(self, here: FileScopes, binding: int) -> bool:
        """Return whether a local hides a type of its name; a type parameter is written as a variable with a type."""
        return bool(here.binding_flags[binding] & of.FLAG_TYPED)

    def is_local_scope(self, here: FileScopes, scope: int) -> bool:
        """Return whether what a scope binds are locals of a function."""
        return here.scope_kinds[scope] in _LOCAL_SCOPES

    # Values

    def values(self, place: Place, chain: int, depth: int) -> Meanings:
        """Return what an expression means."""
        if chain < 0:
            return NOTHING
        return self._followed.answer((place, chain), depth, partial(self.values_of_chain, place, chain))

    def values_of_chain(self, place: Place, chain: int, depth: int) -> Meanings:
        """Return what an expression means, by what its chain ends in."""
        here = self._sources.scopes(place.file)
        operation, base, other = here.chain_ops[chain], here.chain_bases[chain], here.chain_names[chain]
        if operation == of.CHAIN_NAME:
            return self.values_of(self.lookup(place, here.name_of_chain(chain), depth)[0], depth)
        if operation == of.CHAIN_LITERAL:
            return NOTHING if base == of.LITERAL_NONE else OUTSIDE
        if operation == of.CHAIN_SCOPE:
            return ((FUNCTION if self.is_local_scope(here, base) else CLASS, place.file, base),)
        if operation == of.CHAIN_ONE_OF:
            return self.values(place, base, depth) + self.values(place, other, depth)
        if operation == of.CHAIN_GENERIC and base < 0:
            return ((ARRAY, *place[:3], other),)
        values = self.values(place, base, depth)
        if operation == of.CHAIN_MEMBER:
            members = each(values, lambda value: self.member(value, here.name_of_chain(chain), depth))
            return self.values_of(members, depth)
        if operation == of.CHAIN_CALL:
            return each(values, lambda value: self.called(value, 0, depth))
        if operation in (of.CHAIN_INSTANCE, of.CHAIN_NEW):
            return each(values, typed)
        if operation == of.CHAIN_GENERIC:
            return each(values, lambda value: self.with_arguments(value, place, other))
        if operation in (of.CHAIN_ITEM, of.CHAIN_ELEMENT):
            return each(values, lambda value: self.item(value, depth))
        return NOTHING

    def with_arguments(self, value: Meaning, place: Place, arguments: int) -> Meanings:
        """Return what a type with arguments in brackets is: one from outside keeps them."""
        return (value,) if value[0] != OUT else ((GENERIC_OUT, *place[:3], arguments),)

    def values_of(self, means: Meanings, depth: int) -> Meanings:
        """Return the values of what names mean."""
        return each(means, lambda one: self.value_bound(one[1], one[2], depth) if one[0] == BOUND else (one,))

    def value_bound(self, file: int, binding: int, depth: int) -> Meanings:
        """Return the value of what is bound."""
        here = self._sources.scopes(file)
        scope = here.opened_by(binding)
        if scope != NONE and here.binding_kinds[binding] == of.BIND_DEFINITION:
            return ((FUNCTION if self.is_local_scope(here, scope) else CLASS, file, scope),)
        row, scope = here.binding_rows[binding], here.binding_eval_scopes[binding]
        if here.binding_kinds[binding] in _MAY_NAME_PARAMETERS:
            # Type parameters may stand on the same row.
            row += 1
        place = Place(file, scope, row, bool(here.binding_flags[binding] & of.FLAG_TYPED))
        return self.values(place, here.binding_chains[binding], depth)

    def values_of_result(self, file: int, scope: int, chain: int, depth: int) -> Meanings:
        """Return what a function gives of which this is the chain."""
        here = self._sources.scopes(file)
        binding = here.binding_of_tag.get(here.scope_tags[scope], NONE)
        place = Place(file, scope, AT_END)
        if binding != NONE:
            # Its type is written above all that it binds.
            place = Place(file, scope, here.binding_rows[binding] + 1, is_type=True)
        return each(self.values(place, chain, depth), typed)

    def item(self, value: Meaning, depth: int, which: int = -1) -> Meanings:
        """Return what an item of a value is: of a type with arguments one of them, the last if not said otherwise."""
        if value[0] in (ARRAY, GENERIC_OUT):
            file, scope, before, argument = value[1:]
            chains = self._sources.scopes(file).arguments(argument)
            place = Place(file, scope, before, is_type=True)
            return each(self.values(place, chains[which], depth), typed) if chains else NOTHING
        if value[0] in (OF_CLASS, CLASS):
            return each(self.lineage(value[1], value[2], depth), lambda one: self._item_of_base(one, depth, which))
        return (value,) if value in OUTSIDE else NOTHING

    def _item_of_base(self, base: Meaning, depth: int, which: int) -> Meanings:
        return self.item(base, depth, which) if base[0] in (ARRAY, GENERIC_OUT) else NOTHING

    # Classes

    def lineage(self, file: int, scope: int, depth: int) -> Meanings:
        """Return a class and its bases, the nearest first; of bases that are no classes here what they are."""
        return self._followed.answer((file, scope), depth, partial(self._lineage_of, file, scope), MOST_CLASSES)

    def _lineage_of(self, file: int, scope: int, depth: int) -> Meanings:
        found: dict[Meaning, None] = {(CLASS, file, scope): None}
        level: list[Meaning] = list(found)
        while level and len(found) < MOST_CLASSES:
            below, level = level, []
            for one in below:
                for base in self.bases_of(one[1], one[2], depth):
                    if base not in found:
                        found[base] = None
                        if base[0] == CLASS:
                            level.append(base)
        return tuple(found)


def typed(value: Meaning) -> Meanings:
    """Return what a value is of the type that another value is: a type of functions is treated as one of them."""
    return (value,) if value[0] in (FUNCTION, UNKNOWN) else instance(value)
