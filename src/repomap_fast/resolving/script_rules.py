"""JavaScript and TypeScript: what names, members and results mean."""

from __future__ import annotations

from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING

from repomap_fast.joining import facts as of
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
    resolved,
)
from repomap_fast.resolving.scopes import NONE, FileScopes
from repomap_fast.resolving.script_names import WHOLE, ScriptNames

if TYPE_CHECKING:
    from collections.abc import Iterable

    from repomap_fast.resolving.meanings import Sources

_MOST_ASSIGNED = 200
"""Definitions of one name that a file assigns to members, that are looked at."""
_SAME_MEMBERS = frozenset(
    (b"Partial", b"Readonly", b"Required", b"Omit", b"Pick", b"NonNullable", b"Exclude", b"Extract", b"DeepPartial",
     b"DeepReadonly", b"ThisType", b"NoInfer")
)  # fmt: skip
"""Generic types whose instances have the members of their first argument."""
_AWAITED = frozenset((b"Promise", b"PromiseLike"))
_GO_OVER = frozenset(
    (b"map", b"forEach", b"filter", b"find", b"findIndex", b"findLast", b"findLastIndex", b"some", b"every", b"flatMap",
     b"sort", b"toSorted")
)  # fmt: skip
"""Methods of arrays that call what they are given with an item."""
_DEFINES = frozenset((of.SITE_MEMBER, of.SITE_MEMBER_WRITTEN))
"""Kinds of sites that may stand at a definition."""
_PLAIN = (of.CHAIN_NAME, of.CHAIN_MEMBER)


class ScriptRules:
    """Resolves sites of files in JavaScript and TypeScript."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._followed = Followed()
        self._names = ScriptNames(sources, self._followed)

    # Sites

    def resolve(self, file: int, site: int) -> Resolved:
        """Return what a site refers to."""
        self._followed.begin()
        here = self._sources.scopes(file)
        name, scope = here.names[here.site_names[site]], here.site_scopes[site]
        receiver = here.site_receivers[site]
        if receiver == of.NO_CHAIN:
            return self._bare(file, scope, name, here.site_rows[site])
        values = NOTHING if receiver == of.UNKNOWN_RECEIVER else self.values(file, scope, receiver, 0)
        found = self._that_exist(_distinct(self.member(value, name, 0) for value in values))
        named = self._named(found) + self._shorthand(file, scope, name, here.site_rows[site])
        if here.site_kinds[site] in _DEFINES:
            named = tuple(one for one in named if not self._is_at(one, file, here.site_rows[site]))
        if any(one[0] in (BOUND, MODULE) for one in named):
            is_module = any(value[0] == MODULE for value in values)
            return resolved(BY_IMPORT if is_module else BY_MEMBER, named)
        if found or site in here.sites_of_definitions:
            return LEADS_OUT
        is_key = here.scope_kinds[scope] == of.SCOPE_OBJECT and here.site_kinds[site] != of.SITE_TAG
        return UNRESOLVED if values or is_key else self._guess(file, name)

    def _shorthand(self, file: int, scope: int, name: bytes, row: int) -> Meanings:
        """Return what a key of an object means as a value, where it is its own: {name}."""
        here = self._sources.scopes(file)
        if here.scope_kinds[scope] != of.SCOPE_OBJECT:
            return NOTHING
        for binding in here.bound(scope, name):
            chain = here.binding_chains[binding]
            is_name = chain >= 0 and here.chain_ops[chain] == of.CHAIN_NAME and here.binding_tags[binding] == NONE
            if is_name and here.names[here.chain_names[chain]] == name and here.binding_rows[binding] == row:
                return self._named(self._names.lookup(file, scope, name, 0)[0])
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
            assigned = (self._owner(here, site) for binding, site in here.assigned(name))
            return ((UNKNOWN,),) if is_object or not all(is_class for _, is_class in assigned) else NOTHING
        self._followed.begin()
        found: list[Meaning] = []
        for base in self._lineage(file, scope, 0)[1:]:
            found += self._own(base[1], base[2], name) if base[0] == CLASS else [base]
        return tuple(found)

    def _bare(self, file: int, scope: int, name: bytes, row: int) -> Resolved:
        written = self._sources.imported_at(file, row, name)
        if written is not None:
            return resolved(BY_IMPORT, self._named(self._names.imported(file, written, 0)))
        known_as = self._names.given_at(file, row, name)
        if known_as:
            return resolved(BY_SCOPE, self._named(known_as))
        means, is_imported = self._names.lookup(file, scope, name, 0)
        named = self._named(means)
        return resolved(BY_IMPORT if is_imported or named != means else BY_SCOPE, named)

    def _guess(self, file: int, name: bytes) -> Resolved:
        """Return the member of the only class that has one of that name, unless built-in types have one too."""
        if name in _known_members():
            return UNRESOLVED
        found = self._sources.members_named(file, name)
        owners = {(other, self._sources.scopes(other).binding_scopes[binding]) for other, binding in found}
        return Resolved(BY_GUESS, tuple(found)) if len(owners) == 1 else UNRESOLVED

    def _named(self, means: Iterable[Meaning], depth: int = 0) -> Meanings:
        """Return the definitions that are meant by what only names them: exports, and names that require() gives."""
        return each(means, lambda one: self._named_by(one, depth))

    def _named_by(self, one: Meaning, depth: int) -> Meanings:
        if one[0] != BOUND or not _only_names(self._sources.scopes(one[1]), one[2]):
            return (one,)
        named = self._followed.answer(("named", *one), depth, partial(self._named_by_binding, one[1], one[2]))
        is_export = self._sources.scopes(one[1]).binding_kinds[one[2]] == of.BIND_EXPORT
        # A variable that holds a module from outside is a variable.
        return named if is_export or any(found[0] == BOUND for found in named) else (one,)

    def _named_by_binding(self, file: int, binding: int, depth: int) -> Meanings:
        here = self._sources.scopes(file)
        chain = here.binding_chains[binding]
        operation = here.chain_ops[chain] if chain >= 0 else NONE
        if operation == of.CHAIN_NAME:
            scope, name = here.binding_eval_scopes[binding], here.names[here.chain_names[chain]]
            return self._named(self._names.lookup(file, scope, name, depth)[0], depth)
        if operation == of.CHAIN_MEMBER:
            scope, name = here.binding_eval_scopes[binding], here.names[here.chain_names[chain]]
            values = self.values(file, scope, here.chain_bases[chain], depth)
            return self._named(each(values, lambda value: self.member(value, name, depth)), depth)
        if operation == of.CHAIN_SCOPE:
            tag = here.scope_tags[here.chain_bases[chain]]
            known = here.binding_of_tag.get(tag)
            return NOTHING if known is None else ((BOUND, file, known),)
        if operation != of.CHAIN_MODULE:
            return NOTHING
        modules = [one for one in self.values(file, 0, chain, depth) if one[0] == MODULE]
        return each(modules, lambda one: self._named(self._names.exported(one[1], WHOLE, depth), depth) or (one,))

    # Values

    def values(self, file: int, scope: int, chain: int, depth: int) -> Meanings:
        """Return what an expression or a type means."""
        if chain < 0:
            return NOTHING
        return self._followed.answer((file, scope, chain), depth, partial(self._values, file, scope, chain))

    def _values(self, file: int, scope: int, chain: int, depth: int) -> Meanings:
        here = self._sources.scopes(file)
        operation, base, other = here.chain_ops[chain], here.chain_bases[chain], here.chain_names[chain]
        if operation == of.CHAIN_NAME:
            return self._values_of(self._names.lookup(file, scope, here.names[other], depth)[0], depth)
        if operation == of.CHAIN_LITERAL:
            return NOTHING if base == of.LITERAL_NONE else OUTSIDE
        if operation in (of.CHAIN_SELF, of.CHAIN_SUPER):
            return self._self(here, file, scope, depth, is_above=operation == of.CHAIN_SUPER)
        if operation == of.CHAIN_SCOPE:
            return (_value_of_scope(here, file, base),)
        if operation == of.CHAIN_ONE_OF:
            return self.values(file, scope, base, depth) + self.values(file, scope, other, depth)
        if operation == of.CHAIN_MODULE:
            return self._names.module(file, here.names[other])
        if operation == of.CHAIN_PARAMETER:
            return self._given_to(file, scope, base, other, depth)
        values = self.values(file, scope, base, depth)
        if operation == of.CHAIN_MEMBER:
            return self._values_of_member(values, here.names[other], depth)
        if operation == of.CHAIN_CALL:
            receivers = NOTHING
            if here.chain_ops[base] == of.CHAIN_MEMBER:
                receivers = self.values(file, scope, here.chain_bases[base], depth)
            return each(values, lambda value: self._called(value, receivers, depth))
        if operation == of.CHAIN_NEW:
            return each(values, lambda value: self._constructed(value, depth))
        if operation == of.CHAIN_INSTANCE:
            return each(values, _instance)
        if operation == of.CHAIN_TYPE_OF:
            return each(values, _type_of)
        if operation == of.CHAIN_GENERIC:
            return self._generic(file, scope, chain, values, depth)
        if operation in (of.CHAIN_ITEM, of.CHAIN_ELEMENT):
            return each(values, lambda value: self._item(value, depth))
        return each(values, lambda value: self._awaited(value, depth)) if operation == of.CHAIN_AWAITED else NOTHING

    def _given_to(self, file: int, scope: int, chain: int, place: int, depth: int) -> Meanings:
        """Return what is given to a function in some place, by the type that it says it takes."""
        found = each(self.values(file, scope, chain, depth), lambda value: self._parameter(value, place, depth))
        if found:
            return found
        here = self._sources.scopes(file)
        # What arrays call is given an item of them.
        outer = here.chain_bases[chain]
        is_callback = here.chain_ops[chain] == of.CHAIN_PARAMETER and here.chain_ops[outer] == of.CHAIN_MEMBER
        if not is_callback or here.names[here.chain_names[outer]] not in _GO_OVER:
            return NOTHING
        receivers = self.values(file, scope, here.chain_bases[outer], depth)
        return each(receivers, lambda value: self._item(value, depth))

    def _parameter(self, value: Meaning, place: int, depth: int) -> Meanings:
        if value[0] == MODULE:
            whole = (one for one in self._whole(value[1], depth) if one[0] != MODULE)
            return each(whole, lambda one: self._parameter(one, place, depth))
        if value[0] not in (FUNCTION, CLASS, OF_CLASS):
            return NOTHING
        file, scope = value[1:]
        here = self._sources.scopes(file)
        functions = [scope]
        if value[0] != FUNCTION:
            is_class = value[0] == CLASS
            functions = [one for one in here.functions_in(scope) if self._is_called(here, one, is_class=is_class)]
        found: list[Meaning] = []
        for function in functions:
            parameters = here.parameters(function)
            if place < len(parameters):
                found += self._value_bound(file, parameters[place], depth)
        return tuple(found)

    def _is_called(self, here: FileScopes, function: int, *, is_class: bool) -> bool:
        """Return whether a function is the constructor of a class, or what an interface says of its objects' calls."""
        tag = here.scope_tags[function]
        return (here.name_of_tag(tag) == b"constructor") if is_class and tag != NONE else tag == NONE

    def _values_of(self, means: Iterable[Meaning], depth: int) -> Meanings:
        """Return the values of what names mean."""
        every = self._seen_from_outside(tuple(means))
        return each(every, lambda one: self._value_bound(one[1], one[2], depth) if one[0] == BOUND else (one,))

    def _seen_from_outside(self, means: Meanings) -> Meanings:
        """Leave out the body of an overloaded function without a written type: its signatures say what it gives."""
        if len(means) < 2 or means[-1][0] != BOUND:
            return means
        file, binding = means[-1][1:]
        here = self._sources.scopes(file)
        scope = here.scope_of_tag.get(here.binding_tags[binding], NONE)
        if scope == NONE or here.scope_kinds[scope] != of.SCOPE_FUNCTION:
            return means
        result = here.scope_results[scope]
        is_written = result >= 0 and here.chain_ops[result] == of.CHAIN_INSTANCE
        return means if is_written else means[:-1]

    def _value_bound(self, file: int, binding: int, depth: int) -> Meanings:
        here = self._sources.scopes(file)
        tag = here.binding_tags[binding]
        scope = NONE if tag == NONE else here.scope_of_tag.get(tag, NONE)
        if here.binding_kinds[binding] == of.BIND_DEFINITION and scope != NONE:
            is_function = here.scope_kinds[scope] in (of.SCOPE_FUNCTION, of.SCOPE_BLOCK)
            # Else it is a class or a namespace.
            return ((FUNCTION if is_function else CLASS, file, scope),)
        return self.values(file, here.binding_eval_scopes[binding], here.binding_chains[binding], depth)

    def _self(self, here: FileScopes, file: int, scope: int, depth: int, *, is_above: bool) -> Meanings:
        """Return what ``this`` or ``super`` means in a scope."""
        while here.scope_kinds[scope] == of.SCOPE_BLOCK:
            scope = here.scope_parents[scope]
        if here.scope_kinds[scope] == of.SCOPE_FUNCTION:
            function, scope = scope, here.scope_parents[scope]
            if here.scope_kinds[scope] not in (of.SCOPE_CLASS, of.SCOPE_OBJECT):
                return self._object_of(here, file, function, depth)
        if here.scope_kinds[scope] not in (of.SCOPE_CLASS, of.SCOPE_OBJECT):
            return NOTHING
        return ((ABOVE if is_above else OF_CLASS, file, scope),)

    def _object_of(self, here: FileScopes, file: int, function: int, depth: int) -> Meanings:
        """Return what ``this`` means in a function that stands in no class: by what it is assigned to, or makes."""
        site = here.site_of_member.get(here.scope_tags[function])
        if site is None:
            return ((OF_CLASS, file, function),) if here.scope_tags[function] != NONE else NOTHING
        chain, is_class = self._owner(here, site)
        values = self.values(file, here.site_scopes[site], chain, depth)
        return each(values, lambda value: self._constructed(value, depth) if is_class else (value,))

    def _values_of_member(self, values: Meanings, name: bytes, depth: int) -> Meanings:
        found: list[Meaning] = []
        for value in values:
            for one in self._seen_from_outside(self.member(value, name, depth)):
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
        if value[0] == FUNCTION:
            file, scope = value[1:]
            here = self._sources.scopes(file)
            chain = here.scope_results[scope]
            if chain >= 0 and _is_self_type(here, chain):
                mine = tuple(one for one in receivers if one[0] == OF_CLASS)
                return mine or self._self(here, file, scope, depth, is_above=False)
            return self.values(file, scope, chain, depth)
        if value[0] == MODULE:
            whole = (one for one in self._whole(value[1], depth) if one[0] != MODULE)
            return each(whole, lambda one: self._called(one, NOTHING, depth))
        if value[0] in (OF_CLASS, CLASS):
            return self._by_signature(value, depth)
        return NOTHING

    def _constructed(self, value: Meaning, depth: int) -> Meanings:
        """Return what ``new`` gives."""
        if value[0] in (CLASS, OUT, GENERIC_OUT):
            return _instance(value)
        if value[0] == MODULE:
            whole = (one for one in self._whole(value[1], depth) if one[0] != MODULE)
            return each(whole, lambda one: self._constructed(one, depth))
        if value[0] == FUNCTION:
            return ((OF_CLASS, *value[1:]),)
        return self._by_signature(value, depth) if value[0] == OF_CLASS else NOTHING

    def _by_signature(self, value: Meaning, depth: int) -> Meanings:
        """Return what an object gives that is called, by what its interface says."""
        here = self._sources.scopes(value[1])
        signatures = [one for one in here.functions_in(value[2]) if here.scope_tags[one] == NONE]
        return each(signatures, lambda scope: self.values(value[1], scope, here.scope_results[scope], depth))

    def _whole(self, module: int, depth: int) -> Meanings:
        """Return what a module is that exports one thing in place of names; through other modules that it may be."""
        return self._followed.answer(("whole", module), depth, partial(self._whole_of, module))

    def _whole_of(self, module: int, depth: int) -> Meanings:
        values = self._values_of(self._names.exported(module, WHOLE, depth), depth)
        return each(values, lambda one: (one, *self._whole(one[1], depth)) if one[0] == MODULE else (one,))

    def _generic(self, file: int, scope: int, chain: int, values: Meanings, depth: int) -> Meanings:
        """Return what a type with arguments is."""
        here = self._sources.scopes(file)
        head = here.chain_bases[chain]
        name = here.names[here.chain_names[head]] if head >= 0 and here.chain_ops[head] in _PLAIN else b""
        inside = tuple(value for value in values if value[0] not in (OUT, GENERIC_OUT))
        if inside:
            return inside
        if head >= 0 and not values:
            return NOTHING
        arguments = here.arguments(here.chain_names[chain])
        if name in _SAME_MEMBERS and arguments:
            return self.values(file, scope, arguments[0], depth)
        if name == b"Awaited" and arguments:
            return each(self.values(file, scope, arguments[0], depth), lambda one: self._awaited(one, depth))
        if name == b"InstanceType" and arguments:
            return each(self.values(file, scope, arguments[0], depth), _instance)
        if name == b"ReturnType" and arguments:
            functions = self.values(file, scope, arguments[0], depth)
            return each(functions, lambda one: self._called(one, NOTHING, depth))
        return ((GENERIC_OUT, file, scope, chain),)

    def _item(self, value: Meaning, depth: int) -> Meanings:
        """Return what an item of a value is: of a generic type an instance of its last argument."""
        if value[0] != GENERIC_OUT:
            return NOTHING
        file, scope, chain = value[1:]
        here = self._sources.scopes(file)
        arguments = here.arguments(here.chain_names[chain])
        return each(self.values(file, scope, arguments[-1], depth), _instance) if arguments else NOTHING

    def _awaited(self, value: Meaning, depth: int) -> Meanings:
        if value[0] != GENERIC_OUT:
            return (value,)
        here = self._sources.scopes(value[1])
        head = here.chain_bases[value[3]]
        is_promise = head >= 0 and here.chain_ops[head] in _PLAIN and here.names[here.chain_names[head]] in _AWAITED
        return self._item(value, depth) if is_promise else (value,)

    # Members

    def member(self, value: Meaning, name: bytes, depth: int) -> Meanings:
        """Return what a member of a value means; nothing where it has none that is known."""
        if value[0] == MODULE:
            return self._names.exported(value[1], name, depth) or self._of_whole(value[1], name, depth)
        if value[0] in (OUT, GENERIC_OUT):
            return OUTSIDE
        if value[0] == FUNCTION:
            found = self._of_namespace(value, name) or self._assigned(value, name, depth)
            return found or (OUTSIDE if name in _known_members() else NOTHING)
        lineage = self._lineage(value[1], value[2], depth)
        for one in lineage[1:] if value[0] == ABOVE else lineage:
            if one[0] == CLASS:
                found = self._own(one[1], one[2], name)
            else:
                found = self.member(one, name, depth) if one[0] == MODULE else NOTHING
            if found:
                return found
        return self._assigned(value, name, depth) or (OUTSIDE if OUTSIDE[0] in lineage else NOTHING)

    def _assigned(self, value: Meaning, name: bytes, depth: int) -> Meanings:
        """Return what a file assigns to a member of an object, or of the prototype of what made it."""
        file = value[1]
        here = self._sources.scopes(file)
        found: list[Meaning] = []
        for binding, site in here.assigned(name)[:_MOST_ASSIGNED]:
            chain, _ = self._owner(here, site)
            if any(one[1:3] == value[1:3] for one in self.values(file, here.site_scopes[site], chain, depth)):
                found.append((BOUND, file, binding))
        return tuple(found)

    def _owner(self, here: FileScopes, site: int) -> tuple[int, bool]:
        """Return the chain of what has a member that is assigned at a site, and whether by its prototype."""
        chain = here.site_receivers[site]
        is_member = chain >= 0 and here.chain_ops[chain] == of.CHAIN_MEMBER
        if is_member and here.names[here.chain_names[chain]] == b"prototype":
            return here.chain_bases[chain], True
        return chain, False

    def _of_whole(self, module: int, name: bytes, depth: int) -> Meanings:
        """Return a member of what a module exports in place of names."""
        for one in self._whole(module, depth):
            found = self._names.exported(one[1], name, depth) if one[0] == MODULE else self.member(one, name, depth)
            if found:
                return found
        return NOTHING

    def _own(self, file: int, scope: int, name: bytes) -> Meanings:
        """Return the members of that name that a scope itself has: also those that parameters of a constructor make."""
        here = self._sources.scopes(file)
        if here.scope_kinds[scope] not in (of.SCOPE_CLASS, of.SCOPE_OBJECT):
            return NOTHING
        bindings = [one for one in here.bound(scope, name) if here.binding_kinds[one] != of.BIND_LOCAL]
        for function in here.functions_in(scope):
            bindings += [one for one in here.bound(function, name) if _is_property(here, one)]
        return tuple((BOUND, file, one) for one in bindings)

    def _of_namespace(self, function: Meaning, name: bytes) -> Meanings:
        """Return a member of the namespace that bears the name of a function."""
        return each(self._merged(*function[1:]), lambda one: self._own(one[1], one[2], name))

    def _merged(self, file: int, scope: int) -> Meanings:
        """Return the other classes, interfaces and namespaces of the name of what opens a scope: they are one."""
        here = self._sources.scopes(file)
        binding = here.binding_of_tag.get(here.scope_tags[scope])
        if here.scope_tags[scope] == NONE or binding is None:
            return NOTHING
        name = here.names[here.binding_names[binding]]
        bound = here.bound(here.binding_scopes[binding], name)
        scopes = (here.scope_of_tag.get(here.binding_tags[one], NONE) for one in bound)
        wanted = (of.SCOPE_CLASS, of.SCOPE_OBJECT)
        return tuple(
            (CLASS, file, one) for one in scopes if one not in (NONE, scope) and here.scope_kinds[one] in wanted
        )

    def _lineage(self, file: int, scope: int, depth: int) -> Meanings:
        """Return a class, what is merged with it, and their bases, each once; OUT or UNKNOWN for others."""
        key = ("lineage", file, scope)
        return self._followed.answer(key, depth, partial(self._lineage_of, file, scope), MOST_CLASSES)

    def _lineage_of(self, file: int, scope: int, depth: int) -> Meanings:
        own = ((CLASS, file, scope), *self._merged(file, scope))
        order = list(own)
        here = self._sources.scopes(file)
        for _, _, part in own:
            for chain, _ in here.bases.get(part, ()):
                values = self.values(file, here.scope_parents[part], chain, depth)
                inside = [one for one in values if one[0] in (CLASS, OF_CLASS)]
                for one in inside:
                    order += self._lineage(one[1], one[2], depth)
                modules = [one for one in values if one[0] == MODULE]
                order += modules
                is_outside = any(one[0] in (OUT, GENERIC_OUT) for one in values)
                if not inside and not modules:
                    order.append((OUT,) if is_outside else (UNKNOWN,))
        return tuple(dict.fromkeys(order[:MOST_CLASSES]))


def _only_names(here: FileScopes, binding: int) -> bool:
    """Return whether what is bound is no definition, but gives one another name."""
    if here.binding_tags[binding] != NONE:
        return False
    chain = here.binding_chains[binding]
    if here.binding_kinds[binding] != of.BIND_EXPORT and chain >= 0 and here.chain_ops[chain] == of.CHAIN_MEMBER:
        chain = here.chain_bases[chain]
    is_import = chain >= 0 and here.chain_ops[chain] == of.CHAIN_MODULE
    return is_import or here.binding_kinds[binding] == of.BIND_EXPORT


def _is_property(here: FileScopes, binding: int) -> bool:
    """Return whether a parameter of a constructor makes a member of the class."""
    return here.binding_kinds[binding] == of.BIND_PARAMETER and here.binding_tags[binding] != NONE


def _value_of_scope(here: FileScopes, file: int, scope: int) -> Meaning:
    kind = here.scope_kinds[scope]
    if kind == of.SCOPE_OBJECT:
        return (OF_CLASS, file, scope)
    return (CLASS if kind == of.SCOPE_CLASS else FUNCTION, file, scope)


def _instance(value: Meaning) -> Meanings:
    """Return an instance of a type. Functions, objects and modules stand for their own types."""
    if value[0] == CLASS:
        return ((OF_CLASS, *value[1:]),)
    if value[0] == CLASS_AS_VALUE:
        return ((CLASS, *value[1:]),)
    return NOTHING if value[0] in (ABOVE, UNKNOWN) else (value,)


def _type_of(value: Meaning) -> Meanings:
    return ((CLASS_AS_VALUE, *value[1:]),) if value[0] == CLASS else (value,)


def _is_self_type(here: FileScopes, chain: int) -> bool:
    if here.chain_ops[chain] == of.CHAIN_INSTANCE:
        chain = here.chain_bases[chain]
    return here.chain_ops[chain] == of.CHAIN_SELF


def _distinct(answers: Iterable[Meanings]) -> Meanings:
    return tuple(dict.fromkeys(one for answer in answers for one in answer))


@cache
def _known_members() -> frozenset[bytes]:
    """Return the names of the members of built-in types, and of much-used ones."""
    text = files("repomap_fast.resolving").joinpath("script_names.txt").read_text("utf-8")
    return frozenset(line.encode() for line in text.split("\n") if line)
