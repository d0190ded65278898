"""JavaScript and TypeScript: the members of classes, objects and modules, along their bases."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING

from repomap_fast.joining import facts as of
from repomap_fast.resolving.alternatives import Alternatives
from repomap_fast.resolving.followed import MOST_CLASSES, MOST_VALUES
from repomap_fast.resolving.meanings import (
    ABOVE,
    BOUND,
    CLASS,
    FUNCTION,
    GENERIC_OUT,
    MODULE,
    NOTHING,
    OF_CLASS,
    OUT,
    OUTSIDE,
    SEVERAL,
    UNKNOWN,
    Meaning,
    Meanings,
    each,
)
from repomap_fast.resolving.scopes import NONE, FileScopes
from repomap_fast.resolving.script_names import WHOLE
from repomap_fast.resolving.type_arguments import Place, TypeArguments, arguments_of, with_arguments

if TYPE_CHECKING:
    from collections.abc import Iterable

    from repomap_fast.resolving.followed import Followed
    from repomap_fast.resolving.meanings import Sources
    from repomap_fast.resolving.script_names import ScriptNames

_MOST_ASSIGNED = 200
"""Definitions of one name that a file assigns to members, that are looked at."""
_NO_NAME = b""
CLASSES = (CLASS, OF_CLASS)
_OF_MEMBERS = (of.SCOPE_CLASS, of.SCOPE_OBJECT)


class ScriptMembers(ABC):
    """Finds members of values. What the values of chains are, a class on top of it says."""

    def __init__(self, sources: Sources, followed: Followed, names: ScriptNames) -> None:
        self._sources = sources
        self._followed = followed
        self._names = names
        self._modules = names.declared_modules
        self._arguments = TypeArguments()
        self._alternatives = Alternatives()

    @abstractmethod
    def named(self, means: Iterable[Meaning], depth: int = 0) -> Meanings:
        """Return the definitions that are meant by what only names them: exports, and names that require() gives."""

    @abstractmethod
    def values(self, place: Place, chain: int, depth: int) -> Meanings:
        """Return what an expression or a type means."""

    @abstractmethod
    def _values_of(self, means: Iterable[Meaning], arguments: int, depth: int) -> Meanings:
        """Return the values of what names mean, seen from where type parameters have arguments."""

    def member(self, value: Meaning, name: bytes, depth: int) -> Meanings:
        """Return what a member of a value means; nothing where it has none that is known."""
        if value[0] == MODULE:
            return self._names.exported(value[1], name, depth) or self._of_whole(value[1], name, depth)
        if value[0] in (OUT, GENERIC_OUT):
            return OUTSIDE
        if value[0] == SEVERAL:
            return self._of_one(value, name, depth)
        if value[0] == FUNCTION:
            found = self._of_namespace(value, name) or self._assigned(value, name, depth)
            return found or (OUTSIDE if name in known_members() else NOTHING)
        lineage = self.lineage(value, depth)
        for one in lineage[1:] if value[0] == ABOVE else lineage:
            if one[0] == CLASS:
                found = self._own(one, name)
            else:
                found = self.member(one, name, depth) if one[0] == MODULE else NOTHING
            if found:
                return found
        return self._assigned(value, name, depth) or (OUTSIDE if OUTSIDE[0] in lineage else NOTHING)

    def _of_one(self, value: Meaning, name: bytes, depth: int) -> Meanings:
        """Return a member of one of several values: that of the first, else the same one of all that have it."""
        first, others = self._alternatives.of(value)
        found = [self.member(one, name, depth) for one in (*first, *others)]
        inside = [members for members in found if any(one[0] == BOUND for one in members)]
        is_of_first = bool(first) and found[0] in inside
        # Types that share a base have its members, each with arguments of its own.
        same = {tuple(with_arguments(one, 0) for one in members) for members in inside}
        return inside[0] if is_of_first or len(same) == 1 else NOTHING

    def is_open(self, value: Meaning) -> bool:
        """Return whether a value is one of several, none of which has members of any name."""
        first, others = self._alternatives.of(value)
        return value[0] == SEVERAL and not any(self._unnamed(one, 0) for one in (*first, *others))

    def _unnamed(self, value: Meaning, depth: int) -> list[Meanings]:
        """Return the members of which the name is not known: it is computed, or any; of each class that has some.

        Those of a base count where the class has none.
        """
        if value[0] not in CLASSES:
            return []
        one: Meaning = (CLASS, *value[1:])
        own = [self._own(part, _NO_NAME) for part in (one, *self._merged(one, depth))]
        if found := [members for members in own if members]:
            return found
        for base in self.lineage(value, depth):
            if base[0] == CLASS and (members := self._own(base, _NO_NAME)):
                return [members]
        return []

    def _all_members(self, value: Meaning) -> Meanings:
        """Return all members that an object or a type has itself; nothing where these are many."""
        members = self._sources.scopes(value[1]).members(value[2])
        bindings = [one for of_name in members.values() for one in of_name]
        if len(bindings) > MOST_VALUES:
            return NOTHING
        return tuple(with_arguments((BOUND, value[1], one), arguments_of(value)) for one in bindings)

    def _assigned(self, value: Meaning, name: bytes, depth: int) -> Meanings:
        """Return what a file assigns to a member of an object, or of the prototype of what made it."""
        file = value[1]
        here = self._sources.scopes(file)
        found: list[Meaning] = []
        for binding, site in here.assigned(name)[:_MOST_ASSIGNED]:
            chain, _ = owner(here, site)
            if any(one[1:3] == value[1:3] for one in self.values(Place(file, here.site_scopes[site]), chain, depth)):
                found.append((BOUND, file, binding))
        return tuple(found)

    def _of_whole(self, module: int, name: bytes, depth: int) -> Meanings:
        """Return a member of what a module exports in place of names."""
        for one in self._whole(module, depth):
            found = self._names.exported(one[1], name, depth) if one[0] == MODULE else self.member(one, name, depth)
            if found:
                return found
        return NOTHING

    def _own(self, value: Meaning, name: bytes) -> Meanings:
        """Return the members of that name that a scope itself has."""
        here = self._sources.scopes(value[1])
        found = own_members(here, value[2], name)
        if name == b"constructor":
            # That of an object is its class.
            found = [one for one in found if not here.is_function(one)]
        return tuple(with_arguments((BOUND, value[1], one), arguments_of(value)) for one in found)

    def _of_namespace(self, function: Meaning, name: bytes) -> Meanings:
        """Return a member of the namespace that bears the name of a function."""
        return each(self._merged(function, 0), lambda one: self._own(one, name))

    def declared_elsewhere(self, one: Meaning, depth: int) -> Meanings:
        """Return the declarations in other files that are one with a definition: those that are added to its module."""
        if one[0] != BOUND or not self._modules.may_be_several(one[1], one[2]):
            return NOTHING
        return self._followed.answer(("declared", *one[1:3]), depth, partial(self._declared_elsewhere, *one[1:3]))

    def _declared_elsewhere(self, file: int, binding: int, depth: int) -> Meanings:
        here = self._sources.scopes(file)
        name = here.name_of_binding(binding)
        origins: Meanings = ((BOUND, file, binding),)
        if module := self._modules.module_of(file, binding):
            origins = self._of_module(file, module, name, depth)
        found = list(self.named(origins, depth))
        for other, added, module in self._modules.added(file, name):
            if set(origins) & set(self._of_module(other, module, name, depth)):
                found.append((BOUND, other, added))
        return tuple(one for one in dict.fromkeys(found) if one != (BOUND, file, binding))

    def _of_module(self, file: int, module: bytes, name: bytes, depth: int) -> Meanings:
        """Return the definitions that a module exports under a name. `module` is its name as `file` writes it.

        A module that gives one thing in place of names has names of its own for what it takes from others.
        """
        found: list[Meaning] = []
        for means in self._names.module(file, module):
            if means[0] != MODULE:
                continue
            exported = self._names.exported(means[1], name, depth) or self._of_whole(means[1], name, depth)
            is_whole = bool(self._names.exported(means[1], WHOLE, depth))
            found += exported if is_whole else (*exported, *self.named(exported, depth))
        return tuple(one[:3] for one in found if one[0] == BOUND)

    def _merged(self, value: Meaning, depth: int) -> Meanings:
        """Return the other classes, interfaces and namespaces of the name of what opens a scope: they are one."""
        file, scope = value[1:3]
        here = self._sources.scopes(file)
        binding = here.binding_of_tag.get(here.scope_tags[scope])
        if here.scope_tags[scope] == NONE or binding is None:
            return NOTHING
        name = here.name_of_binding(binding)
        bound = [(file, one) for one in here.bound(here.binding_scopes[binding], name)]
        bound += [(one[1], one[2]) for one in self.declared_elsewhere((BOUND, file, binding), depth)]
        others = []
        for other, one in bound:
            there = self._sources.scopes(other)
            opened = there.scope_of_tag.get(there.binding_tags[one], NONE)
            if opened != NONE and (other, opened) != (file, scope) and there.scope_kinds[opened] in _OF_MEMBERS:
                others.append(with_arguments((CLASS, other, opened), self._carried_over(value, other, opened)))
        return tuple(others)

    def _carried_over(self, value: Meaning, file: int, scope: int) -> int:
        """Return the number of a class's arguments as another declaration of it names them."""
        known = self._arguments.given(arguments_of(value))
        if not known:
            return 0
        own_file, own_scope = value[1:3]
        to = self._sources.scopes(file).type_parameters(scope)
        pairs = zip(to, self._sources.scopes(own_file).type_parameters(own_scope), strict=False)
        return self._arguments.number(
            {(file, one): known[own_file, own] for one, own in pairs if (own_file, own) in known}
        )

    def lineage(self, value: Meaning, depth: int) -> Meanings:
        """Return a class, what is merged with it, and their bases, each once; OUT or UNKNOWN for others."""
        one = (CLASS, *value[1:])
        return self._followed.answer(("lineage", *one), depth, partial(self._lineage_of, one), MOST_CLASSES)

    def _lineage_of(self, value: Meaning, depth: int) -> Meanings:
        own = (value, *self._merged(value, depth))
        order = list(own)
        for part in own:
            here = self._sources.scopes(part[1])
            place = Place(part[1], part[2], arguments_of(part))
            for chain, _ in here.bases.get(part[2], ()):
                values = self.values(place, chain, depth)
                inside = [one for one in values if one[0] in CLASSES]
                for one in inside:
                    order += self.lineage(one, depth)
                modules = [one for one in values if one[0] == MODULE]
                order += modules
                is_outside = any(one[0] in (OUT, GENERIC_OUT) for one in values)
                if not inside and not modules:
                    order.append((OUT,) if is_outside else (UNKNOWN,))
        return tuple(dict.fromkeys(order[:MOST_CLASSES]))

    def _whole(self, module: int, depth: int) -> Meanings:
        """Return what a module is that exports one thing in place of names; through other modules that it may be."""
        return self._followed.answer(("whole", module), depth, partial(self._whole_of, module))

    def _whole_of(self, module: int, depth: int) -> Meanings:
        values = self._values_of(self._names.exported(module, WHOLE, depth), 0, depth)
        return each(values, lambda one: (one, *self._whole(one[1], depth)) if one[0] == MODULE else (one,))


def own_members(here: FileScopes, scope: int, name: bytes) -> list[int]:
    """Return the members of that name that a scope itself has: also those that parameters of a constructor make."""
    if here.scope_kinds[scope] not in _OF_MEMBERS:
        return []
    no_members = (of.BIND_LOCAL, of.BIND_TYPE_PARAMETER)
    bindings = [one for one in here.bound(scope, name) if here.binding_kinds[one] not in no_members]
    for function in here.functions_in(scope):
        bindings += [one for one in here.bound(function, name) if _is_property(here, one)]
    return bindings


def owner(here: FileScopes, site: int) -> tuple[int, bool]:
    """Return the chain of what has a member that is assigned at a site, and whether by its prototype."""
    chain = here.site_receivers[site]
    is_member = chain >= 0 and here.chain_ops[chain] == of.CHAIN_MEMBER
    if is_member and here.name_of_chain(chain) == b"prototype":
        return here.chain_bases[chain], True
    return chain, False


def _is_property(here: FileScopes, binding: int) -> bool:
    """Return whether a parameter of a constructor makes a member of the class."""
    return here.binding_kinds[binding] == of.BIND_PARAMETER and here.binding_tags[binding] != NONE


@cache
def known_members() -> frozenset[bytes]:
    """Return the names of the members of built-in types, and of much-used ones."""
    text = files("repomap_fast.resolving").joinpath("script_names.txt").read_text("utf-8")
    return frozenset(line.encode() for line in text.split("\n") if line)
