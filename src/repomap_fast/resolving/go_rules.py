"""Go: what names, members and results mean."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from repomap_fast.joining import facts as of
from repomap_fast.joining.imports import IMPORT_ALL, IMPORT_KIND_MASK, IMPORT_MODULE
from repomap_fast.resolving.go_packages import Bound, GoPackages, Package, type_of_method
from repomap_fast.resolving.meanings import (
    ARRAY,
    BOUND,
    BY_IMPORT,
    BY_MEMBER,
    BY_SCOPE,
    CLASS,
    FUNCTION,
    GENERIC_OUT,
    LEADS_OUT,
    MODULE,
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
    resolved,
)
from repomap_fast.resolving.resolve import written_at
from repomap_fast.resolving.scopes import NONE
from repomap_fast.resolving.source_tree import INSIDE
from repomap_fast.resolving.typed_rules import AT_END, Place, TypedRules, typed

if TYPE_CHECKING:
    from repomap_fast.resolving.meanings import Sources
    from repomap_fast.resolving.scopes import FileScopes
    from repomap_fast.resolving.site_resolver import Group
    from repomap_fast.resolving.source_tree import Written

_UNIVERSE = frozenset(
    (
        b"append cap clear close complex copy delete imag len make max min new panic print println real recover"
        b" any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string"
        b" uint uint8 uint16 uint32 uint64 uintptr true false iota nil _"
    ).split()
)
"""Names that are there without a declaration."""
_OF_ALL_TYPES = frozenset((b"any", b"comparable"))
"""Constraints that say nothing of the members of a type."""
_VERSION = re.compile(rb"v\d+")
_PARTS = re.compile(rb"[/.-]")
_LITERALS = frozenset((of.CHAIN_INSTANCE, of.CHAIN_ITEM))
_TYPES = frozenset(("class", "type"))
_NO_VALUES = frozenset((ARRAY, OUT, GENERIC_OUT))


class GoRules(TypedRules):
    """Resolves sites of Go files."""

    def __init__(self, sources: Sources) -> None:
        super().__init__(sources)
        self._packages = GoPackages(sources)
        self._imports: dict[int, dict[bytes, Meanings]] = {}
        self._dot_imports: dict[int, list[Meanings]] = {}

    # Sites

    def resolve(self, file: int, site: int) -> Resolved:
        """Return what a site refers to."""
        self._followed.begin()
        here = self._sources.scopes(file)
        name, receiver = here.name_of_site(site), here.site_receivers[site]
        place = Place(file, here.site_scopes[site], here.site_rows[site] + 1)
        if receiver == of.NO_CHAIN:
            return self._bare(self._place_of_bare(place, here.kind_of_site(site)), name)
        if receiver == of.UNKNOWN_RECEIVER:
            return UNRESOLVED
        values = self.values(place, receiver, 0)
        is_literal = here.chain_ops[receiver] in _LITERALS and here.site_tags[site] == NONE
        if is_literal and values and all(self._is_array(value) for value in values):
            # What is a field in the literal of a struct is any name in that of a map.
            return self._bare(place, name)
        found = each(values, lambda value: self.member(value, name, 0))
        if found:
            is_of_module = any(value[0] == MODULE for value in values)
            return resolved(BY_IMPORT if is_of_module else BY_MEMBER, found)
        return LEADS_OUT if values and all(value[0] in _NO_VALUES for value in values) else UNRESOLVED

    def _place_of_bare(self, place: Place, kind: str) -> Place:
        if kind == "call":
            # ``x := x()`` calls what x was before.
            return place._replace(before=place.before - 1)
        return place._replace(is_type=kind in _TYPES)

    def _bare(self, place: Place, name: bytes) -> Resolved:
        means, is_imported = self.lookup(place, name, 0)
        return resolved(BY_IMPORT if is_imported else BY_SCOPE, means)

    def _is_array(self, value: Meaning) -> bool:
        if value[0] != OF_CLASS:
            return value[0] == ARRAY
        return any(base[0] == ARRAY for base in self.lineage(value[1], value[2], 0))

    def group(self, file: int, binding: int) -> Group:
        """Return what a binding belongs to: all of a name at the top of a package, in whatever file, are one."""
        here = self._sources.scopes(file)
        scope, name = here.binding_scopes[binding], here.name_of_binding(binding)
        if scope:
            return file, scope, name
        package = self._packages.of(file)
        owner = type_of_method(here, binding)
        if owner is None:
            return package.names.get(name, [(file, binding)])[0][0], 0, name
        for other, declared in package.names.get(owner, ()):
            opened = self._sources.scopes(other).opened_by(declared)
            if opened != NONE:
                return other, opened, name
        return file, here.opened_by(binding), name

    def overridden(self, file: int, scope: int, name: bytes) -> Meanings:
        """Return what a method stands for: those of interfaces of its type; OUT if others may ask for it."""
        here = self._sources.scopes(file)
        if here.scope_kinds[scope] != of.SCOPE_CLASS:
            return NOTHING
        self._followed.begin()
        if any(here.is_function(one) for one in here.bound(scope, name)):
            # A type needs the method to be the interface, whether it is called or not.
            return OUTSIDE
        if not self._own_members(file, scope, name, is_method=True):
            return NOTHING
        found = [
            (BOUND, other, binding)
            for other, binding in self._sources.members_named(file, name)
            if self._implements(file, scope, other, binding)
        ]
        return (*found, *OUTSIDE) if name[:1].isupper() else tuple(found)

    def _implements(self, file: int, scope: int, other: int, binding: int) -> bool:
        """Return whether a type has all the methods of the interface that one of them is bound in."""
        there = self._sources.scopes(other)
        interface = there.binding_scopes[binding]
        if (other, interface) == (file, scope) or not there.is_function(binding):
            return False
        wanted = [number for number, found in there.members(interface).items() if there.is_function(found[0])]
        return all(
            any(one[0] == BOUND for one in self.member((OF_CLASS, file, scope), there.names[number], 0))
            for number in wanted
        )

    # Names

    def lookup(self, place: Place, name: bytes, depth: int) -> tuple[Meanings, bool]:
        """Return what a name means, and whether that is imported."""
        file, at = place.file, place.scope
        here = self._sources.scopes(file)
        while at > 0:
            bound = self.local(place, at, name)
            if bound:
                return tuple((BOUND, file, one) for one in bound), False
            at = here.scope_parents[at]
        means = self._declared(self._packages.of(file), file, name)
        if means:
            return means, False
        imported = self._imports_of(file).get(name)
        if imported is not None:
            return imported, True
        for module in self._dot_imports[file]:
            means = each(module, lambda value: self.member(value, name, depth))
            if means:
                return means, True
        is_outside = name in _UNIVERSE or self._may_be_outside(file, name)
        return (OUTSIDE if is_outside else NOTHING), False

    def _declared(self, package: Package, file: int, name: bytes) -> Meanings:
        """Return what a package declares by a name, in a build that a file is part of."""
        return tuple((BOUND, *one) for one in self._chosen(package.names.get(name, []), file, name))

    def _chosen(self, bound: list[Bound], file: int, name: bytes) -> list[Bound]:
        is_clear = len({one[0] for one in bound}) < 2 and name not in _UNIVERSE
        return bound if is_clear or not bound else self._packages.built_with(file, bound)

    def _imports_of(self, file: int) -> dict[bytes, Meanings]:
        """Return what the imports of a file bind."""
        if file in self._imports:
            return self._imports[file]
        bound = self._imports[file] = {}
        self._dot_imports[file] = dots = []
        table = self._sources.imports(file)
        for i, kind in enumerate(table.kinds.tolist()):
            kind &= IMPORT_KIND_MASK
            if kind not in (IMPORT_MODULE, IMPORT_ALL):
                continue
            means = self._module(file, written_at(table, i))
            if kind == IMPORT_ALL:
                dots.append(means)
            else:
                bound.setdefault(table.aliases[i] or self._name_of(means, table.modules[i]), means)
        return bound

    def _module(self, file: int, written: Written) -> Meanings:
        found = self._sources.find(file, written)
        return ((MODULE, found.files[0], file),) if found.place == INSIDE else OUTSIDE

    def _name_of(self, means: Meanings, path: bytes) -> bytes:
        """Return the name of a package: that which it gives itself, or the last of its path."""
        if means != OUTSIDE:
            return self._packages.name_of(means[0][1])
        parts = path.split(b"/")
        if len(parts) > 1 and _VERSION.fullmatch(parts[-1]):
            parts.pop()
        return parts[-1]

    def _may_be_outside(self, file: int, name: bytes) -> bool:
        """Return whether a package from outside may have a name that is not the last of its path: yaml of yaml.v3."""
        table = self._sources.imports(file)
        return any(name in _PARTS.split(path) for path in table.modules) or OUTSIDE in self._dot_imports[file]

    # Values

    def values_of_chain(self, place: Place, chain: int, depth: int) -> Meanings:
        """Return what an expression means, by what its chain ends in."""
        here = self._sources.scopes(place.file)
        operation, base = here.chain_ops[chain], here.chain_bases[chain]
        if operation == of.CHAIN_ELEMENT:
            return each(self.values(place, base, depth), lambda value: self.item(value, depth, 0))
        if operation == of.CHAIN_NAME and (name := here.names[here.chain_names[chain]]) in _OF_ALL_TYPES:
            means = self.lookup(place, name, depth)[0]
            return ((UNKNOWN,),) if means == OUTSIDE else self.values_of(means, depth)
        if operation != of.CHAIN_RESULT or base < 0:
            return super().values_of_chain(place, chain, depth)
        result, operation = here.chain_names[chain], here.chain_ops[base]
        if operation == of.CHAIN_CALL:
            functions = self.values(place, here.chain_bases[base], depth)
            return each(functions, lambda value: self.called(value, result, depth))
        if operation == of.CHAIN_ELEMENT:
            # Of a map its keys and its values, of a list the values behind their numbers.
            gone_over = self.values(place, here.chain_bases[base], depth)
            return each(gone_over, lambda value: self.item(value, depth, -result))
        # The second of two values says whether there is a first.
        return OUTSIDE if result else self.values(place, base, depth)

    def value_bound(self, file: int, binding: int, depth: int) -> Meanings:
        """Return the value of what is bound; of an embedded field it is that of the type whose name it has."""
        here = self._sources.scopes(file)
        if here.binding_chains[binding] < 0 and here.opened_by(binding) == NONE:
            scope, name = here.binding_scopes[binding], here.name_of_binding(binding)
            place = Place(file, here.scope_parents[scope], AT_END)
            embedded = [chain for chain, _ in here.bases.get(scope, ()) if here.last_name(chain) == name]
            return each(embedded, lambda chain: each(self.values(place, chain, depth), typed))
        return super().value_bound(file, binding, depth)

    def item(self, value: Meaning, depth: int, which: int = -1) -> Meanings:
        """Return what an item of a value is: of a function or type, which has none, what it is for given types."""
        found = super().item(value, depth, which)
        # A parameter that takes all that is left is written as one of them.
        return found or ((value,) if value[0] in (FUNCTION, CLASS, OF_CLASS) else NOTHING)

    def called(self, value: Meaning, result: int, depth: int) -> Meanings:
        """Return what a call gives, or one of the results of it."""
        if value[0] == CLASS:
            return ((OF_CLASS, *value[1:]),) if result == 0 else NOTHING
        if value[0] == FUNCTION:
            return self._results(value[1], value[2], result, depth)
        if value[0] == OF_CLASS:
            functions = [one for one in self.lineage(value[1], value[2], depth) if one[0] == FUNCTION]
            return each(functions, lambda one: self._results(one[1], one[2], result, depth))
        return OUTSIDE if value[0] in (OUT, GENERIC_OUT) else NOTHING

    def _results(self, file: int, scope: int, result: int, depth: int) -> Meanings:
        here = self._sources.scopes(file)
        chain = here.scope_results[scope]
        if chain < 0:
            return NOTHING
        if here.chain_ops[chain] == of.CHAIN_ARGUMENT:
            chains = here.arguments(chain)
            chain = chains[result] if result < len(chains) else NONE
        elif result:
            return NOTHING
        return self.values_of_result(file, scope, chain, depth)

    # Members

    def member(self, value: Meaning, name: bytes, depth: int) -> Meanings:
        """Return what a member of a value means; nothing where it has none that is known."""
        if value[0] == MODULE:
            return self._declared(self._packages.imported(value[1]), value[2], name)
        if value[0] in (OUT, GENERIC_OUT):
            return OUTSIDE
        if value[0] == ARRAY:
            # It has none: what is received from a channel is written like the channel.
            return each(
                self.item(value, depth), lambda one: NOTHING if one[0] == ARRAY else self.member(one, name, depth)
            )
        if value[0] in (FUNCTION, UNKNOWN):
            return NOTHING
        lineage = self.lineage(value[1], value[2], depth)
        for base in lineage:
            if base[0] == CLASS:
                found = self._own_members(base[1], base[2], name)
                if found:
                    return found
        return OUTSIDE if OUTSIDE[0] in lineage else NOTHING

    def _own_members(self, file: int, scope: int, name: bytes, *, is_method: bool = False) -> Meanings:
        """Return the fields of a struct, or methods of an interface, of a name, and the methods of a type."""
        here = self._sources.scopes(file)
        tag = here.scope_tags[scope]
        binding = here.binding_of_tag.get(tag, NONE)
        means: Meanings = NOTHING
        if not is_method:
            means = tuple((BOUND, file, one) for one in here.bound(scope, name) if self._is_field(here, one))
        if means or binding == NONE or here.binding_scopes[binding] != 0:
            return means
        package, owner = self._packages.of(file), here.name_of_binding(binding)
        methods = package.methods.get(owner, {}).get(name, [])
        if len(package.names[owner]) > 1:
            # The type is another one in other builds.
            methods = self._packages.built_with(file, methods)
        return tuple((BOUND, *one) for one in self._chosen(methods, file, name))

    def _is_field(self, here: FileScopes, binding: int) -> bool:
        return here.binding_kinds[binding] == of.BIND_DEFINITION

    def bases_of(self, file: int, scope: int, depth: int) -> Meanings:
        """Return what is embedded in a type, or what it is made of."""
        here = self._sources.scopes(file)
        place = Place(file, here.scope_parents[scope], AT_END)
        found: list[Meaning] = []
        for chain, _ in here.bases.get(scope, ()):
            values = self.values(place, chain, depth)
            found += [(CLASS, *one[1:]) if one[0] == OF_CLASS else one for one in values] or [(UNKNOWN,)]
        return tuple(found)
