"""Java: what names, members and results mean."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from repomap_fast.joining import facts as of
from repomap_fast.joining.imports import IMPORT_ALL, IMPORT_KIND_MASK, IMPORT_MODULE, IMPORT_STATIC
from repomap_fast.resolving.java_packages import JavaPackages
from repomap_fast.resolving.meanings import (
    ABOVE,
    ARRAY,
    BOUND,
    BY_GUESS,
    BY_IMPORT,
    BY_MEMBER,
    BY_SCOPE,
    CLASS,
    FUNCTION,
    GENERIC_OUT,
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
from repomap_fast.resolving.scopes import NONE
from repomap_fast.resolving.typed_rules import AT_END, Place, TypedRules

if TYPE_CHECKING:
    from repomap_fast.resolving.meanings import Sources
    from repomap_fast.resolving.scopes import FileScopes
    from repomap_fast.resolving.site_resolver import Group

_CLASS_SCOPES = frozenset((of.SCOPE_CLASS, of.SCOPE_OBJECT))
_FROM_OUTSIDE = frozenset((OUT, GENERIC_OUT, ARRAY))
_ANY, _CALLED, _TYPE = range(3)
"""What a site asks for: a variable, or else a type; a function; a type."""
_OF_ALL_TYPES = frozenset(
    b"equals hashCode toString getClass wait notify notifyAll clone finalize length class"
    b" values valueOf name ordinal compareTo getDeclaringClass".split()
)
"""Members of all objects, arrays and enums."""
_GIVE_THEMSELVES = frozenset(
    b"stream parallelStream iterator listIterator filter sorted distinct limit skip peek values subList or reversed"
    b" descendingIterator entrySet findFirst findAny".split()
)
"""Methods of types from outside that give what has the same arguments, or the last of them."""
_GIVE_ITEMS = frozenset(
    b"get next previous getValue orElse orElseGet orElseThrow remove poll peek pop first last getFirst getLast element"
    b" take put computeIfAbsent getOrDefault call join".split()
)
"""Methods of types from outside that give what the last of the arguments is."""
_MOST_STARS = 100
"""Imports of all names of a file that are looked at."""
_CALLED_BY_THE_MACHINE = frozenset(b"main readObject writeObject readResolve writeReplace readObjectNoData".split())


class JavaRules(TypedRules):
    """Resolves sites of Java files."""

    def __init__(self, sources: Sources) -> None:
        super().__init__(sources)
        self._packages = JavaPackages(sources)
        self._imports: dict[int, dict[bytes, list[tuple[bytes, bool]]]] = {}
        self._stars: dict[int, list[tuple[bytes, bool]]] = {}
        self._headers: dict[int, frozenset[int]] = {}

    # Sites

    def resolve(self, file: int, site: int) -> Resolved:
        """Return what a site refers to."""
        self._followed.begin()
        here = self._sources.scopes(file)
        name, receiver, kind = here.name_of_site(site), here.site_receivers[site], here.kind_of_site(site)
        asked = _CALLED if kind == "call" else _TYPE if kind and kind != "import" else _ANY
        is_of_header = kind == "class" and site in self._sites_of_headers(file)
        scope = here.site_scopes[site]
        if is_of_header or (kind == "annotation" and self._is_above(here, here.site_rows[site], scope)):
            # What is in a class is not known above it.
            scope = here.scope_parents[scope]
        place = Place(file, scope, here.site_rows[site] + 1, asked == _TYPE)
        if receiver == of.NO_CHAIN:
            found = self._bare(place, name, asked)
        elif receiver == of.UNKNOWN_RECEIVER:
            return UNRESOLVED
        else:
            found = self._member_site(place, receiver, name, asked, is_import=kind == "import")
        if kind != "class" or is_of_header:
            return found
        return Resolved(found.how, (*found.targets, *self._constructors(found)))

    def _bare(self, place: Place, name: bytes, asked: int) -> Resolved:
        if asked == _CALLED:
            means, is_imported = self._function(place, name, 0)
            if not means and name[:1].isupper():
                # Of Type::new the type is the name.
                found = self._bare(place._replace(is_type=True), name, _TYPE)
                return Resolved(found.how, (*found.targets, *self._constructors(found)))
        else:
            means, is_imported = self.lookup(place, name, 0)
        if asked == _ANY and not is_imported and all(one[0] == OUT for one in means):
            constants = self._constants(place.file, name)
            if constants:
                return Resolved(BY_GUESS, constants) if len(constants) == 1 else UNRESOLVED
        return resolved(BY_IMPORT if is_imported else BY_SCOPE, means)

    def _constants(self, file: int, name: bytes) -> tuple[tuple[int, int], ...]:
        """Return the constants of enums that have a name: the case of a switch says no more of them."""
        found = self._sources.members_named(file, name)
        return tuple(one for one in found if self._is_constant(self._sources.scopes(one[0]), one[1]))

    def _is_above(self, here: FileScopes, row: int, scope: int) -> bool:
        """Return whether a row is above the name of the class that a scope is."""
        binding = here.binding_of_tag.get(here.scope_tags[scope], NONE)
        is_class = binding != NONE and here.scope_kinds[scope] == of.SCOPE_CLASS
        return is_class and row <= here.binding_rows[binding]

    def _member_site(self, place: Place, receiver: int, name: bytes, asked: int, *, is_import: bool) -> Resolved:
        values = self.values(place._replace(is_type=False), receiver, 0)
        means = each(values, lambda value: self._member(value, name, asked, 0))
        if is_import and not any(one[0] == BOUND for one in means):
            # A static import may mean a function.
            means = (*means, *each(values, lambda value: self._member(value, name, _CALLED, 0)))
        is_of_package = any(value[0] == MODULE for value in values)
        return resolved(BY_IMPORT if is_of_package or is_import else BY_MEMBER, means)

    def _sites_of_headers(self, file: int) -> frozenset[int]:
        """Return the sites at which classes name their bases: they call no constructor."""
        if file not in self._headers:
            here = self._sources.scopes(file)
            left: dict[tuple[int, bytes], int] = {}
            for scope, bases in here.bases.items():
                for chain, _ in bases:
                    key = (scope, here.last_name(chain))
                    left[key] = left.get(key, 0) + (here.scope_kinds[scope] == of.SCOPE_CLASS)
            found = []
            for site, (scope, number) in enumerate(zip(here.site_scopes, here.site_names, strict=True)):
                key = (scope, here.names[number])
                if left.get(key) and here.kind_of_site(site) == "class":
                    left[key] -= 1
                    found.append(site)
            self._headers[file] = frozenset(found)
        return self._headers[file]

    def _constructors(self, found: Resolved) -> tuple[tuple[int, int], ...]:
        constructors: list[tuple[int, int]] = []
        for file, binding in found.targets:
            here = self._sources.scopes(file)
            scope = here.opened_by(binding)
            if scope != NONE:
                named = here.bound(scope, here.name_of_binding(binding))
                constructors += [(file, one) for one in named if here.is_function(one)]
        return tuple(constructors)

    def group(self, file: int, binding: int) -> Group:
        """Return what a binding belongs to: functions and variables of one name are two."""
        here = self._sources.scopes(file)
        scope, name = here.binding_scopes[binding], here.name_of_binding(binding)
        if not here.is_function(binding):
            # The scope of a function of the same name stands for the variable.
            functions = [one for one in here.bound(scope, name) if here.is_function(one)]
            if functions and here.scope_kinds[scope] in _CLASS_SCOPES:
                return file, here.opened_by(functions[0]), name
        return file, scope, name

    def overridden(self, file: int, scope: int, name: bytes) -> Meanings:
        """Return what a method of a class stands for: the same of its bases, and OUT or UNKNOWN for other bases."""
        here = self._sources.scopes(file)
        if here.scope_kinds[scope] not in _CLASS_SCOPES:
            return NOTHING
        if not any(here.is_function(one) for one in here.bound(scope, name)):
            return NOTHING
        if (
            name in _CALLED_BY_THE_MACHINE
            or name == here.name_of_scope(scope)
            or here.kind_of_scope(scope) in _ALL_PUBLIC
        ):
            return OUTSIDE
        self._followed.begin()
        found: list[Meaning] = []
        for base in self.lineage(file, scope, 0)[1:]:
            if base[0] != CLASS:
                found.append(base)
            else:
                found += self._own(base, name, _CALLED)
        return tuple(found)

    # Names

    def hides_types(self, here: FileScopes, binding: int) -> bool:
        """Return whether a local hides a type of its name: type parameters do, and nobody calls others like types."""
        return True

    def lookup(self, place: Place, name: bytes, depth: int) -> tuple[Meanings, bool]:
        """Return what a name means that is not called, and whether that is imported."""
        file, at = place.file, place.scope
        here = self._sources.scopes(file)
        asked = _TYPE if place.is_type else _ANY
        while at > 0:
            bound = self.local(place, at, name)
            if bound:
                return tuple((BOUND, file, one) for one in bound), False
            if here.scope_kinds[at] in _CLASS_SCOPES:
                found = self._of_lineage(file, at, name, asked, depth)
                if any(one[0] == BOUND for one in found):
                    return found, False
            at = here.scope_parents[at]
        own = tuple((BOUND, file, one) for one in here.bound(0, name) if here.opened_by(one) != NONE)
        if own:
            return own, False
        imported = self._imported(file, name, asked, depth)
        if imported is not None:
            return imported, True
        of_package = self._packages.type_in(self._packages.of(file), name)
        if of_package:
            return of_package, False
        starred = self._starred(file, name, asked, depth)
        if starred:
            return starred, starred != OUTSIDE
        return self._packages.named(name), False

    def _function(self, place: Place, name: bytes, depth: int) -> tuple[Meanings, bool]:
        """Return the functions that are called by a name alone, and whether they are imported."""
        file, at = place.file, place.scope
        here = self._sources.scopes(file)
        may_be_outside = name in _OF_ALL_TYPES
        while at > 0:
            if here.scope_kinds[at] in _CLASS_SCOPES:
                found = self._of_lineage(file, at, name, _CALLED, depth)
                if any(one[0] == BOUND for one in found):
                    return found, False
                may_be_outside = may_be_outside or bool(found)
            at = here.scope_parents[at]
        imported = self._imported(file, name, _CALLED, depth) or self._starred(file, name, _CALLED, depth)
        if imported:
            return imported, True
        return (OUTSIDE if may_be_outside else NOTHING), False

    def _imported(self, file: int, name: bytes, asked: int, depth: int) -> Meanings | None:
        """Return what an import of a single name means; None where there is none."""
        imports = [one for one in self._imports_of(file).get(name, ()) if one[1] or asked != _CALLED]
        if not imports:
            return None
        return each(
            imports,
            lambda one: self._of_import(one[0], asked, depth) if one[1] else self._packages.qualified(one[0]),
        )

    def _of_import(self, path: bytes, asked: int, depth: int) -> Meanings:
        owner, _, name = path.rpartition(b".")
        return each(
            self.values_of(self._packages.qualified(owner), depth), lambda one: self._member(one, name, asked, depth)
        )

    def _starred(self, file: int, name: bytes, asked: int, depth: int) -> Meanings:
        """Return what imports of all names give by a name; OUT if one from outside may."""
        return self._followed.answer((file, name, asked), depth, partial(self._find_starred, file, name, asked))

    def _find_starred(self, file: int, name: bytes, asked: int, depth: int) -> Meanings:
        self._imports_of(file)
        stars = self._stars[file]
        # Types of java.lang are there without an import.
        may_be_outside = asked != _CALLED and name[:1].isupper()
        for path, is_static in stars[:_MOST_STARS]:
            found: Meanings = NOTHING
            if not is_static and asked != _CALLED:
                found = self._packages.type_in(path, name)
            if not found:
                found = self._of_import(path + b"." + name, asked, depth)
            if any(one[0] == BOUND for one in found):
                return found
            may_be_outside = may_be_outside or (bool(found) and asked == _CALLED)
        return OUTSIDE if may_be_outside or len(stars) > _MOST_STARS else NOTHING

    def _imports_of(self, file: int) -> dict[bytes, list[tuple[bytes, bool]]]:
        """Return the paths that a file imports by the name that each binds, and whether the import is static."""
        if file not in self._imports:
            by_name = self._imports[file] = {}
            stars = self._stars[file] = []
            table = self._sources.imports(file)
            for path, kind in zip(table.modules, table.kinds.tolist(), strict=True):
                is_static = bool(kind & IMPORT_STATIC)
                if kind & IMPORT_KIND_MASK == IMPORT_MODULE:
                    by_name.setdefault(path.rpartition(b".")[2], []).append((path, is_static))
                elif kind & IMPORT_KIND_MASK == IMPORT_ALL:
                    stars.append((path, is_static))
        return self._imports[file]

    # Values

    def values_of_chain(self, place: Place, chain: int, depth: int) -> Meanings:
        """Return what an expression means, by what its chain ends in."""
        here = self._sources.scopes(place.file)
        operation, base = here.chain_ops[chain], here.chain_bases[chain]
        if operation in (of.CHAIN_SELF, of.CHAIN_SUPER):
            around = self._class_around(here, place.scope)
            value = OF_CLASS if operation == of.CHAIN_SELF else ABOVE
            return NOTHING if around == NONE else ((value, place.file, around),)
        if operation in (of.CHAIN_INSTANCE, of.CHAIN_GENERIC):
            place = place._replace(is_type=True)
        if operation != of.CHAIN_CALL:
            return super().values_of_chain(place, chain, depth)
        place = place._replace(is_type=False)
        named = here.chain_ops[base]
        if named == of.CHAIN_NAME:
            functions = self._function(place, here.name_of_chain(base), depth)[0]
            return each(self.values_of(functions, depth), lambda value: self.called(value, 0, depth))
        if named != of.CHAIN_MEMBER:
            return NOTHING
        values = self.values(place, here.chain_bases[base], depth)
        return each(values, lambda value: self._result_of(value, here.name_of_chain(base), depth))

    def _result_of(self, value: Meaning, name: bytes, depth: int) -> Meanings:
        """Return what a method of a value gives."""
        if value[0] == GENERIC_OUT:
            if name in _GIVE_THEMSELVES:
                return (value,)
            return self.item(value, depth) if name in _GIVE_ITEMS else OUTSIDE
        functions = self.values_of(self._member(value, name, _CALLED, depth), depth)
        return each(functions, lambda function: self.called(function, 0, depth))

    def _class_around(self, here: FileScopes, scope: int) -> int:
        while scope != NONE and here.scope_kinds[scope] not in _CLASS_SCOPES:
            scope = here.scope_parents[scope]
        return scope

    def value_bound(self, file: int, binding: int, depth: int) -> Meanings:
        """Return the value of what is bound."""
        here = self._sources.scopes(file)
        if self._is_constant(here, binding):
            return ((OF_CLASS, file, here.binding_scopes[binding]),)
        if here.binding_kinds[binding] == of.BIND_LOCAL and here.binding_chains[binding] < 0:
            # A type parameter may be anything; so may the parameter of a lambda expression.
            is_of_class = here.scope_kinds[here.binding_scopes[binding]] in _CLASS_SCOPES
            return ((UNKNOWN,),) if is_of_class else NOTHING
        return super().value_bound(file, binding, depth)

    def _is_constant(self, here: FileScopes, binding: int) -> bool:
        """Return whether a binding is a constant of an enum: no other member has neither a type nor a scope."""
        is_untyped = here.binding_chains[binding] < 0 and here.opened_by(binding) == NONE
        is_defined = here.binding_kinds[binding] == of.BIND_DEFINITION
        return is_untyped and is_defined and here.scope_kinds[here.binding_scopes[binding]] == of.SCOPE_CLASS

    def called(self, value: Meaning, result: int, depth: int) -> Meanings:
        """Return what a call gives."""
        if value[0] == FUNCTION:
            file, scope = value[1:]
            return self.values_of_result(file, scope, self._sources.scopes(file).scope_results[scope], depth)
        # The component of a record is called like a function.
        return (value,) if value[0] in (OF_CLASS, OUT, GENERIC_OUT, ARRAY) else NOTHING

    # Members

    def member(self, value: Meaning, name: bytes, depth: int) -> Meanings:
        """Return what a member of a value means that is not called; nothing where it has none that is known."""
        return self._member(value, name, _ANY, depth)

    def _member(self, value: Meaning, name: bytes, asked: int, depth: int) -> Meanings:
        if value[0] == MODULE:
            return self._packages.member(value, name)
        if value[0] in _FROM_OUTSIDE:
            return OUTSIDE
        found = NOTHING
        if value[0] in (CLASS, OF_CLASS, ABOVE):
            found = self._of_lineage(value[1], value[2], name, asked, depth, is_above=value[0] == ABOVE)
        elif value[0] != UNKNOWN:
            return NOTHING
        return found or (OUTSIDE if name in _OF_ALL_TYPES else NOTHING)

    def _of_lineage(
        self, file: int, scope: int, name: bytes, asked: int, depth: int, *, is_above: bool = False
    ) -> Meanings:
        """Return a member of a class or of its bases; OUT where one may be outside."""
        lineage = self.lineage(file, scope, depth)
        found: list[Meaning] = []
        counts: set[int] = set()
        for base in lineage[1:] if is_above else lineage:
            own = self._own(base, name, asked) if base[0] == CLASS else NOTHING
            if own and asked != _CALLED:
                return own
            # A function of a base may be called too, if those below it take other numbers of values.
            new = [(one, self._n_parameters(one)) for one in own]
            found += [one for one, count in new if count not in counts]
            counts.update(count for _, count in new)
        if found:
            return tuple(found)
        return OUTSIDE if any(base[0] in _FROM_OUTSIDE for base in lineage) else NOTHING

    def _n_parameters(self, function: Meaning) -> int:
        _, file, binding = function
        here = self._sources.scopes(file)
        scope = here.opened_by(binding)
        members = here.members(scope).values() if scope != NONE else ()
        return sum(here.binding_kinds[one] == of.BIND_PARAMETER for named in members for one in named)

    def _own(self, value: Meaning, name: bytes, asked: int) -> Meanings:
        """Return the members of a class itself."""
        _, file, scope = value
        here = self._sources.scopes(file)
        bound = [one for one in here.bound(scope, name) if here.binding_kinds[one] == of.BIND_DEFINITION]
        functions = [one for one in bound if here.is_function(one)]
        if asked == _CALLED:
            # The component of a record is called like a function.
            chosen = functions or [one for one in bound if here.opened_by(one) == NONE]
        else:
            types = [one for one in bound if here.opened_by(one) != NONE and one not in functions]
            variables = [one for one in bound if here.opened_by(one) == NONE]
            chosen = types if asked == _TYPE else variables or types or self._elements(here, scope, functions)
        return tuple((BOUND, file, one) for one in chosen)

    def _elements(self, here: FileScopes, scope: int, functions: list[int]) -> list[int]:
        """Return the functions of an annotation, which are named like variables."""
        return functions if here.kind_of_scope(scope) == "annotation" else []

    def bases_of(self, file: int, scope: int, depth: int) -> Meanings:
        """Return what the bases of a class are."""
        here = self._sources.scopes(file)
        parent = here.scope_parents[scope]
        bases = here.bases.get(scope, ())
        if not bases and here.scope_kinds[scope] == of.SCOPE_OBJECT and here.scope_kinds[parent] == of.SCOPE_CLASS:
            # What a constant of an enum has of its own.
            return ((CLASS, file, parent),)
        place = Place(file, parent, AT_END, is_type=True)
        found: list[Meaning] = []
        for chain, _ in bases:
            values = self.values(place, chain, depth)
            found += [(CLASS, *one[1:]) if one[0] == OF_CLASS else one for one in values] or [(UNKNOWN,)]
        return tuple(found)


_ALL_PUBLIC = frozenset(("interface", "annotation"))
"""Types whose members are for all."""
