"""Python: what names, members and results mean."""

from __future__ import annotations

import posixpath
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from repomap_fast.joining import facts as of
from repomap_fast.joining.imports import IMPORT_KIND_MASK, IMPORT_MODULE, IMPORT_NAME
from repomap_fast.resolving.followed import MOST_CLASSES, Followed
from repomap_fast.resolving.meanings import (
    ABOVE,
    BOUND,
    BY_GUESS,
    BY_IMPORT,
    BY_MEMBER,
    BY_SCOPE,
    CLASS,
    CLASS_AS_VALUE,
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
    instance,
    only_member,
    resolved,
)
from repomap_fast.resolving.scopes import NONE, FileScopes
from repomap_fast.resolving.source_tree import INSIDE, Written
from repomap_fast.resolving.source_tree import OUTSIDE as LEADS_OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from repomap_fast.resolving.meanings import Sources

_MOST_OVERRIDES = 3
"""Classes below that may have the member that a mixin asks of ``self``."""
_NO_NAMES = frozenset((of.BIND_ATTRIBUTE, of.BIND_IMPORT))
"""Bindings that are no names of their scopes: attributes; and imports, which are taken from the table of imports."""
_ONE_OF_ITS_ARGUMENTS = frozenset(
    (b"Optional", b"Union", b"Annotated", b"ClassVar", b"Final", b"Required", b"NotRequired", b"ReadOnly")
)
"""Generic types of ``typing`` that are no types of their own."""
_OPERATORS = (b"__getitem__", b"__iter__")
_ENTERED = (b"__enter__", b"__aenter__")


class PythonRules:
    """Resolves sites of Python files."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._tree = sources.tree
        self._followed = Followed()
        self._folders: list[str] = []
        """Packages without a file of their own."""
        self._folder_numbers: dict[str, int] = {}

    # Sites

    def resolve(self, file: int, site: int) -> Resolved:
        """Return what a site refers to."""
        self._followed.begin()
        here = self._sources.scopes(file)
        name, scope = here.name_of_site(site), here.site_scopes[site]
        receiver = here.site_receivers[site]
        if receiver == of.NO_CHAIN:
            return self._bare(file, scope, name, here.site_rows[site])
        values = NOTHING if receiver == of.UNKNOWN_RECEIVER else self.values(file, scope, receiver, 0)
        return self._member_site(file, name, values)

    def overridden(self, file: int, scope: int, name: bytes) -> Meanings:
        """Return what a member of a class stands for: the same of its bases, and OUT or UNKNOWN for other bases."""
        if self._sources.scopes(file).scope_kinds[scope] != of.SCOPE_CLASS:
            return NOTHING
        self._followed.begin()
        found: list[Meaning] = []
        for base in self._lineage(file, scope, 0)[1:]:
            if base[0] != CLASS:
                found.append(base)
            else:
                found += [(BOUND, base[1], one) for one in self._sources.scopes(base[1]).bound(base[2], name)]
        return tuple(found)

    def _bare(self, file: int, scope: int, name: bytes, row: int) -> Resolved:
        written = self._sources.imported_at(file, row, name)
        if written is not None:
            return resolved(BY_IMPORT, self._imported(file, written, 0))
        means, is_imported = self.lookup(file, scope, name, 0)
        return resolved(BY_IMPORT if is_imported else BY_SCOPE, means)

    def _member_site(self, file: int, name: bytes, values: Meanings) -> Resolved:
        found: dict[Meaning, None] = {}
        for value in values:
            found.update(dict.fromkeys(self.member(value, name, 0)))
        is_module = any(value[0] == MODULE for value in values)
        if any(one[0] in (BOUND, MODULE) for one in found):
            return resolved(BY_IMPORT if is_module else BY_MEMBER, tuple(found))
        classes = [value for value in values if value[0] in (OF_CLASS, CLASS, ABOVE)]
        if classes:
            # A mixin asks for what the classes below it have.
            below = self._in_classes_below(file, classes, name)
            if below:
                return Resolved(BY_GUESS, below)
        if found:
            return LEADS_OUT
        return UNRESOLVED if values else self._guess(file, name)

    def _in_classes_below(self, file: int, classes: list[Meaning], name: bytes) -> tuple[tuple[int, int], ...]:
        wanted = {value[1:] for value in classes}
        found: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for other, binding in self._sources.members_named(file, name):
            scope = self._sources.scopes(other).binding_scopes[binding]
            lineage = self._lineage(other, scope, 0)
            if any(base[1:] in wanted for base in lineage[1:] if base[0] == CLASS):
                found.setdefault((other, scope), []).append((other, binding))
        return tuple(one for group in found.values() for one in group) if len(found) <= _MOST_OVERRIDES else ()

    def _guess(self, file: int, name: bytes) -> Resolved:
        """Return the member of the only class that has one of that name, unless built-in types have one too."""
        if name in _known_names("members") or (name.startswith(b"__") and name.endswith(b"__")):
            return UNRESOLVED
        return only_member(self._sources.members_by_class(file, name))

    # Names

    def lookup(self, file: int, scope: int, name: bytes, depth: int) -> tuple[Meanings, bool]:
        """Return what a name means in a scope, and whether that is imported."""
        here = self._sources.scopes(file)
        is_first = True
        at = scope
        while at != NONE:
            is_class = here.scope_kinds[at] == of.SCOPE_CLASS
            if not is_class or is_first:
                bindings = [one for one in here.bound(at, name) if here.binding_kinds[one] not in _NO_NAMES]
                imports = here.imports_of(at, name)
                if bindings or imports:
                    return self._bindings(file, bindings, imports, depth)
            is_first = is_first and here.scope_kinds[at] == of.SCOPE_BLOCK
            at = here.scope_parents[at]
        starred = self._starred(file, name, depth)
        if starred:
            return starred, True
        return (OUTSIDE if name in _known_names("names") else NOTHING), False

    def _bindings(self, file: int, bindings: list[int], imports: list[int], depth: int) -> tuple[Meanings, bool]:
        """Return what a name means that is bound so in a scope, and whether it is imported alone."""
        means: list[Meaning] = [(BOUND, file, binding) for binding in bindings]
        for row in imports:
            written = self._sources.imported(file, row)
            # ``import a.b`` binds ``a``.
            is_top = not bindings and "." in written.module and written.kind & IMPORT_KIND_MASK == IMPORT_MODULE
            if is_top and not self._sources.is_renamed(file, row):
                means += self._top_package(file, written.module)
            else:
                means += self._imported(file, written, depth)
        inside = tuple(one for one in means if one[0] != OUT)
        return (inside or tuple(means)), not bindings

    def _imported(self, file: int, written: Written, depth: int) -> Meanings:
        """Return what an import means: a module, or a name of one."""
        found = self._sources.find(file, Written(IMPORT_MODULE, written.module, ""))
        if written.kind & IMPORT_KIND_MASK != IMPORT_NAME:
            return tuple((MODULE, row) for row in found.files[:1]) or _when_missing(found.place)
        if found.place == INSIDE:
            means = self.global_of(found.files[0], written.name.encode("utf-8", "surrogateescape"), depth)
            if means:
                return means
        # A package without a file of its own has modules alone.
        found = self._sources.find(file, written)
        if found.place == INSIDE:
            stem = posixpath.splitext(posixpath.basename(self._module_path(found.files[0])))[0]
            return tuple((MODULE, row) for row in found.files[:1]) if stem == written.name else NOTHING
        return _when_missing(found.place)

    def _top_package(self, file: int, module: str) -> Meanings:
        top, _, rest = module.partition(".")
        found = self._sources.find(file, Written(IMPORT_MODULE, top, ""))
        if found.place == INSIDE:
            return tuple((MODULE, row) for row in found.files[:1])
        found = self._sources.find(file, Written(IMPORT_MODULE, module, ""))
        if found.place != INSIDE:
            return _when_missing(found.place)
        path = self._module_path(found.files[0])
        for _ in rest.split("."):
            path = posixpath.dirname(path)
        return (self._folder(path),)

    def _module_path(self, row: int) -> str:
        """Return the path of a module, that of a package without its file."""
        path = self._tree.paths[row]
        return posixpath.dirname(path) if posixpath.basename(path).startswith("__init__.") else path

    def _folder(self, path: str) -> Meaning:
        """Return what stands for a package without a file of its own."""
        number = self._folder_numbers.setdefault(path, len(self._folders))
        if number == len(self._folders):
            self._folders.append(path)
        return (MODULE, -1, number)

    def global_of(self, module: int, name: bytes, depth: int) -> Meanings:
        """Return what a name of a module means, through what it imports itself."""
        return self._followed.answer((module, name), depth, partial(self._global_of, module, name))

    def _global_of(self, module: int, name: bytes, depth: int) -> Meanings:
        here = self._sources.scopes(module)
        bindings = [one for one in here.bound(0, name) if here.binding_kinds[one] != of.BIND_IMPORT]
        imports = here.imports_of(0, name)
        if bindings or imports:
            means, _ = self._bindings(module, bindings, imports, depth)
            if means:
                return means
        return self._starred(module, name, depth) or self._submodule(module, name)

    def _starred(self, file: int, name: bytes, depth: int) -> Meanings:
        for written in reversed(self._sources.stars(file)):
            found = self._sources.find(file, Written(IMPORT_MODULE, written.module, ""))
            if found.place == INSIDE and found.files[0] != file and self._passes_on(found.files[0], name):
                means = self.global_of(found.files[0], name, depth)
                if means:
                    return means
        return NOTHING

    def _passes_on(self, module: int, name: bytes) -> bool:
        """Return whether ``import *`` takes a name from a module: one of ``__all__``, or one without an underscore."""
        here = self._sources.scopes(module)
        if here.imports_of(0, b"__all__"):
            return True
        if not here.bound(0, b"__all__"):
            return not name.startswith(b"_")
        listed = self._sources.listed(module)
        return listed is None or name in listed

    def _submodule(self, module: int, name: bytes) -> Meanings:
        path = self._tree.paths[module]
        if not posixpath.basename(path).startswith("__init__."):
            return NOTHING
        return self._module_in(posixpath.dirname(path), name)

    def _module_in(self, folder: str, name: bytes) -> Meanings:
        path = posixpath.join(folder, name.decode("utf-8", "surrogateescape"))
        names = (f"{path}/__init__.py", f"{path}/__init__.pyi", f"{path}.py", f"{path}.pyi", f"{path}.pyx")
        row = self._tree.first_of(names)
        if row is not None:
            return ((MODULE, row),)
        return (self._folder(path),) if path in self._tree.folders else NOTHING

    # Values

    def values(self, file: int, scope: int, chain: int, depth: int) -> Meanings:
        """Return what an expression means."""
        if chain < 0:
            return NOTHING
        return self._followed.answer((file, scope, chain), depth, partial(self._values, file, scope, chain))

    def _values(self, file: int, scope: int, chain: int, depth: int) -> Meanings:
        here = self._sources.scopes(file)
        operation, base, other = here.chain_ops[chain], here.chain_bases[chain], here.chain_names[chain]
        if operation == of.CHAIN_NAME:
            return self._values_of(self.lookup(file, scope, here.name_of_chain(chain), depth)[0], depth)
        if operation == of.CHAIN_LITERAL:
            return NOTHING if base == of.LITERAL_NONE else OUTSIDE
        if operation == of.CHAIN_SELF:
            return self._self(file, scope)
        if operation == of.CHAIN_CALL and self._is_named(here, base, b"super"):
            around = here.class_around(scope)
            return NOTHING if around == NONE else ((ABOVE, file, around),)
        if operation == of.CHAIN_SCOPE:
            return ((FUNCTION if here.scope_kinds[base] == of.SCOPE_FUNCTION else CLASS, file, base),)
        if operation == of.CHAIN_ONE_OF:
            return self.values(file, scope, base, depth) + self.values(file, scope, other, depth)
        values = self.values(file, scope, base, depth)
        if operation == of.CHAIN_MEMBER:
            return self._values_of_member(values, here.name_of_chain(chain), depth)
        if operation == of.CHAIN_CALL:
            receivers = NOTHING
            if here.chain_ops[base] == of.CHAIN_MEMBER:
                receivers = self.values(file, scope, here.chain_bases[base], depth)
            return each(values, lambda value: self._called(value, receivers, depth))
        if operation in (of.CHAIN_INSTANCE, of.CHAIN_NEW, of.CHAIN_RAISED):
            return each(values, instance)
        if operation == of.CHAIN_GENERIC:
            return self._generic(file, scope, chain, values, depth)
        if operation in (of.CHAIN_ITEM, of.CHAIN_ELEMENT):
            return each(values, lambda value: self._item(value, operation, depth))
        if operation == of.CHAIN_AWAITED:
            return values
        return each(values, lambda value: self._entered(value, depth)) if operation == of.CHAIN_ENTERED else NOTHING

    def _values_of(self, means: Iterable[Meaning], depth: int) -> Meanings:
        """Return the values of what names mean."""
        return each(means, lambda one: self._value_bound(one[1], one[2], depth) if one[0] == BOUND else (one,))

    def _value_bound(self, file: int, binding: int, depth: int) -> Meanings:
        here = self._sources.scopes(file)
        kind = here.binding_kinds[binding]
        tag = here.binding_tags[binding]
        scope = NONE if tag == NONE else here.scope_of_tag.get(tag, NONE)
        if kind == of.BIND_DEFINITION and scope != NONE:
            return ((CLASS if here.scope_kinds[scope] == of.SCOPE_CLASS else FUNCTION, file, scope),)
        chain = here.binding_chains[binding]
        if kind == of.BIND_PARAMETER and chain >= 0 and here.chain_ops[chain] == of.CHAIN_SELF:
            return self._self(file, here.binding_scopes[binding])
        return self.values(file, here.binding_eval_scopes[binding], chain, depth)

    def _self(self, file: int, scope: int) -> Meanings:
        """Return what the first parameter of the method around means."""
        here = self._sources.scopes(file)
        around = here.class_around(scope)
        if around == NONE:
            return NOTHING
        method = scope
        while here.scope_parents[method] != around and method != around:
            method = here.scope_parents[method]
        return ((CLASS if self._is_classmethod(here, method) else OF_CLASS, file, around),)

    def _is_classmethod(self, here: FileScopes, method: int) -> bool:
        return bool(here.scope_flags[method] & of.FLAG_CLASSMETHOD)

    def _values_of_member(self, values: Meanings, name: bytes, depth: int) -> Meanings:
        found: list[Meaning] = []
        for value in values:
            for one in self.member(value, name, depth):
                if one[0] != BOUND:
                    found.append(one)
                    continue
                got = self._value_bound(one[1], one[2], depth)
                if self._sources.scopes(one[1]).binding_flags[one[2]] & of.FLAG_PROPERTY:
                    got = each(got, partial(self._called, receivers=(value,), depth=depth))
                found += got
        return tuple(found)

    def _called(self, value: Meaning, receivers: Meanings, depth: int) -> Meanings:
        """Return what a call gives."""
        if value[0] == CLASS:
            return ((OF_CLASS, *value[1:]),)
        if value[0] == FUNCTION:
            file, scope = value[1:]
            here = self._sources.scopes(file)
            chain = here.scope_results[scope]
            if chain >= 0 and self._is_self_type(here, chain):
                own = here.class_around(scope)
                mine = tuple(one for one in receivers if one[0] == OF_CLASS)
                return mine or (((OF_CLASS, file, own),) if own != NONE else NOTHING)
            return self.values(file, scope, chain, depth)
        if value[0] == OF_CLASS:
            return self._results_of(value, b"__call__", depth)
        # What is outside mostly gives what is outside: one class here that has such a member is no hint.
        return ((UNKNOWN,),) if value[0] == OUT else NOTHING

    def _is_self_type(self, here: FileScopes, chain: int) -> bool:
        if here.chain_ops[chain] != of.CHAIN_INSTANCE:
            return False
        chain = here.chain_bases[chain]
        named = here.chain_ops[chain] in (of.CHAIN_NAME, of.CHAIN_MEMBER)
        return named and here.name_of_chain(chain) == b"Self"

    def _results_of(self, value: Meaning, method: bytes, depth: int) -> Meanings:
        functions = self._values_of(self.member(value, method, depth), depth)
        return each(functions, lambda one: self._called(one, (value,), depth) if one[0] == FUNCTION else NOTHING)

    def _generic(self, file: int, scope: int, chain: int, values: Meanings, depth: int) -> Meanings:
        """Return what a type with arguments in brackets is."""
        here = self._sources.scopes(file)
        head = here.chain_bases[chain]
        is_named = head >= 0 and here.chain_ops[head] in (of.CHAIN_NAME, of.CHAIN_MEMBER)
        name = here.name_of_chain(head) if is_named else b""
        if name in _ONE_OF_ITS_ARGUMENTS:
            arguments = here.arguments(here.chain_names[chain])
            # The rest of what is annotated is no type.
            kept = arguments[:1] if name == b"Annotated" else arguments
            return each(kept, lambda argument: self.values(file, scope, argument, depth))
        if name in (b"type", b"Type"):
            classes = each(
                here.arguments(here.chain_names[chain]),
                lambda argument: self.values(file, scope, argument, depth),
            )
            return tuple((CLASS_AS_VALUE, *one[1:]) if one[0] == CLASS else one for one in classes)
        inside = tuple(value for value in values if value[0] == CLASS)
        return inside or ((GENERIC_OUT, file, scope, here.chain_names[chain]),)

    def _item(self, value: Meaning, operation: int, depth: int) -> Meanings:
        """Return what an item of a value is: of a generic type its last argument, or the first of those gone over."""
        if value[0] == GENERIC_OUT:
            file, scope, argument = value[1:]
            here = self._sources.scopes(file)
            arguments = here.arguments(argument)
            if not arguments:
                return NOTHING
            chain = arguments[0 if operation == of.CHAIN_ELEMENT else -1]
            return each(self.values(file, scope, chain, depth), instance)
        if value[0] == CLASS:
            return (value,) if operation == of.CHAIN_ITEM else NOTHING
        if value[0] == OF_CLASS:
            for method in _OPERATORS if operation == of.CHAIN_ITEM else reversed(_OPERATORS):
                found = self._results_of(value, method, depth)
                if found and method == b"__iter__":
                    # What an iterator of a generic type gives is its argument.
                    generic = [one for one in found if one[0] == GENERIC_OUT]
                    return each(generic, lambda one: self._item(one, of.CHAIN_ELEMENT, depth))
                if found:
                    return found
        return NOTHING

    def _entered(self, value: Meaning, depth: int) -> Meanings:
        """Return what ``with`` binds."""
        if value[0] == OF_CLASS:
            found = each(_ENTERED, lambda method: self._results_of(value, method, depth))
            return found or (value,)
        return self._item(value, of.CHAIN_ELEMENT, depth) if value[0] == GENERIC_OUT else (value,)

    # Members

    def member(self, value: Meaning, name: bytes, depth: int) -> Meanings:
        """Return what a member of a value means; nothing where it has none that is known."""
        if value[0] == MODULE:
            if value[1] < 0:
                return self._module_in(self._folders[value[2]], name)
            return self.global_of(value[1], name, depth)
        if value[0] in (OUT, GENERIC_OUT):
            return OUTSIDE
        if value[0] == UNKNOWN:
            return NOTHING
        if value[0] == FUNCTION:
            return OUTSIDE if name.startswith(b"__") else NOTHING
        return self._member_of_class(value, name, depth)

    def _member_of_class(self, value: Meaning, name: bytes, depth: int) -> Meanings:
        lineage = self._lineage(value[1], value[2], depth)
        classes = [one for one in lineage if one[0] == CLASS]
        may_be_outside = OUTSIDE[0] in lineage
        assigned: Meanings = NOTHING
        for _, file, scope in classes[1:] if value[0] == ABOVE else classes:
            here = self._sources.scopes(file)
            bindings = here.bound(scope, name)
            means: Meanings = tuple((BOUND, file, one) for one in bindings)
            # What is only assigned is declared where a base declares it.
            if any(self._declares(here, one) for one in bindings):
                return means
            assigned = assigned or means
        if assigned:
            return assigned
        if value[0] == CLASS:
            for above in self._metaclasses(value[1], value[2], depth):
                found = self.member((OF_CLASS, *above[1:]), name, depth) if above[0] == CLASS else OUTSIDE
                if found and found != OUTSIDE:
                    return found
        return OUTSIDE if may_be_outside else NOTHING

    def _declares(self, here: FileScopes, binding: int) -> bool:
        """Return whether a member is a function, a class, or has a written type."""
        return bool(here.binding_flags[binding] & of.FLAG_TYPED) or here.binding_tags[binding] in here.scope_of_tag

    def _metaclasses(self, file: int, scope: int, depth: int) -> Meanings:
        here = self._sources.scopes(file)
        chains = [chain for chain, kind in here.bases.get(scope, ()) if kind == of.BASE_METACLASS]
        return each(chains, lambda chain: self.values(file, here.scope_parents[scope], chain, depth))

    def _lineage(self, file: int, scope: int, depth: int) -> Meanings:
        """Return a class and its bases in the order in which members are looked up; OUT or UNKNOWN for others.

        The order is that of a walk into depth in which a class comes at its last occurrence: so a base of two classes
        comes after both, as in Python's own order wherever that exists.
        """
        return self._followed.answer((file, scope), depth, partial(self._lineage_of, file, scope), MOST_CLASSES)

    def _lineage_of(self, file: int, scope: int, depth: int) -> Meanings:
        here = self._sources.scopes(file)
        order: list[Meaning] = []
        for chain, kind in here.bases.get(scope, ()):
            if kind == of.BASE_METACLASS:
                continue
            values = self.values(file, here.scope_parents[scope], chain, depth)
            inside = [one for one in values if one[0] == CLASS]
            for one in inside:
                order += self._lineage(one[1], one[2], depth)
            if not inside and not self._is_named(here, chain, b"object"):
                order.append((OUT,) if OUTSIDE[0] in values else (UNKNOWN,))
        last_first = dict.fromkeys(reversed(order[:MOST_CLASSES]))
        return ((CLASS, file, scope), *(one for one in reversed(last_first) if one != (CLASS, file, scope)))

    def _is_named(self, here: FileScopes, chain: int, name: bytes) -> bool:
        return chain >= 0 and here.chain_ops[chain] == of.CHAIN_NAME and here.name_of_chain(chain) == name


def _when_missing(place: int) -> Meanings:
    return OUTSIDE if place == LEADS_OUTSIDE else NOTHING


@cache
def _known_names(section: str) -> frozenset[bytes]:
    """Return the names that are there without an import, or the members of built-in types and much-used ones."""
    text = Path(__file__).with_name("python_names.txt").read_text("utf-8")
    lines = text.partition(f"[{section}]\n")[2].partition("\n[")[0].split("\n")
    return frozenset(line.encode() for line in lines if line)
