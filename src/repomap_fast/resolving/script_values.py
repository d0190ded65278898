"""JavaScript and TypeScript: what expressions and types mean, their members and results."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from repomap_fast.joining import facts as of
from repomap_fast.resolving.given_types import AWAITED, ITEM, RESULT, Given, Told, told_by_parameters
from repomap_fast.resolving.meanings import (
    ABOVE,
    BOUND,
    CLASS,
    CLASS_AS_VALUE,
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
from repomap_fast.resolving.script_members import CLASSES, ScriptMembers, owner
from repomap_fast.resolving.script_names import WHOLE
from repomap_fast.resolving.type_arguments import Place, arguments_of, with_arguments

if TYPE_CHECKING:
    from collections.abc import Iterable

    from repomap_fast.resolving.followed import Followed
    from repomap_fast.resolving.meanings import Sources
    from repomap_fast.resolving.script_names import ScriptNames

_SAME_MEMBERS = frozenset(
    (b"Partial", b"Readonly", b"Required", b"Omit", b"Pick", b"NonNullable", b"Exclude", b"Extract", b"DeepPartial",
     b"DeepReadonly", b"ThisType", b"NoInfer", b"UnionToIntersection", b"Simplify", b"Prettify", b"Expand")
)  # fmt: skip
"""Generic types whose instances have the members of their first argument."""
_AWAITED = frozenset((b"Promise", b"PromiseLike"))
_COMPONENTS = frozenset(
    (b"FC", b"FunctionComponent", b"VFC", b"SFC", b"ComponentType", b"ComponentClass", b"ForwardRefExoticComponent")
)
"""Types of components: an element is given what their first argument says."""
_GO_OVER = frozenset(
    (b"map", b"forEach", b"filter", b"find", b"findIndex", b"findLast", b"findLastIndex", b"some", b"every", b"flatMap",
     b"sort", b"toSorted")
)  # fmt: skip
"""Methods of arrays that call what they are given with an item."""
_GIVE_ITEM = frozenset((b"at", b"find", b"findLast", b"pop", b"shift", b"get"))
_GIVE_SAME = frozenset((b"filter", b"slice", b"sort", b"reverse", b"concat", b"toSorted", b"toReversed"))
"""Methods of arrays and maps that give an item, and an array of the same."""
_TAKE_ITEMS = frozenset((b"push", b"unshift", b"add"))
_TAKE_VALUE = b"set"
"""Methods of arrays and sets that take items, and of maps that take a key and a value."""
_RECORD = b"Record"
"""A type all of whose members are of its last argument."""
_MOST_TOLD = 10_000
"""Functions of which it is remembered what their parameters say of type parameters."""
_PLAIN = (of.CHAIN_NAME, of.CHAIN_MEMBER)
_ALIAS = "type"
"""Kind of the definition of a name that stands for another type."""


class ScriptValues(ScriptMembers):
    """Finds the values of chains. A meaning of what is generic has arguments where they are known."""

    def __init__(self, sources: Sources, followed: Followed, names: ScriptNames) -> None:
        super().__init__(sources, followed, names)
        self._told_by: dict[tuple[int, int], list[Told]] = {}

    def begin(self) -> None:
        """Begin a question of its own."""
        if self._arguments.are_too_many or self._alternatives.are_too_many:
            self._arguments.clear()
            self._alternatives.clear()
            self._followed.forget()
        self._followed.begin()

    # Names

    def named(self, means: Iterable[Meaning], depth: int = 0) -> Meanings:
        """Return the definitions that are meant by what only names them: exports, and names that require() gives."""
        return each(means, lambda one: self._named_by(one, depth))

    def _named_by(self, one: Meaning, depth: int) -> Meanings:
        if one[0] != BOUND or not _may_only_name(self._sources.scopes(one[1]), one[2]):
            return (one,)
        named = self._followed.answer(("named", *one[:3]), depth, partial(self._named_by_binding, one[1], one[2]))
        here = self._sources.scopes(one[1])
        if here.binding_tags[one[2]] != NONE:
            # A variable that holds more than a definition is a variable.
            is_one = named and all(found[0] == BOUND for found in named)
            return named if is_one else (one,)
        is_export = here.binding_kinds[one[2]] == of.BIND_EXPORT
        # A variable that holds a module from outside is a variable.
        return named if is_export or any(found[0] == BOUND for found in named) else (one,)

    def _named_by_binding(self, file: int, binding: int, depth: int) -> Meanings:
        here = self._sources.scopes(file)
        chain = here.binding_chains[binding]
        operation = here.chain_ops[chain] if chain >= 0 else NONE
        place = Place(file, here.binding_eval_scopes[binding])
        if operation in _PLAIN:
            return self.named(self._means(place, chain, depth), depth)
        if operation == of.CHAIN_SCOPE:
            tag = here.scope_tags[here.chain_bases[chain]]
            known = here.binding_of_tag.get(tag)
            return NOTHING if known is None else ((BOUND, file, known),)
        if operation != of.CHAIN_MODULE:
            return NOTHING
        modules = [one for one in self.values(Place(file, 0), chain, depth) if one[0] == MODULE]
        return each(modules, lambda one: self.named(self._names.exported(one[1], WHOLE, depth), depth) or (one,))

    def _means(self, place: Place, chain: int, depth: int) -> Meanings:
        """Return what a chain names that ends in a name."""
        here = self._sources.scopes(place.file)
        name = here.name_of_chain(chain)
        if here.chain_ops[chain] == of.CHAIN_NAME:
            return self._names.lookup(place.file, place.scope, name, depth)[0]
        values = self.values(place, here.chain_bases[chain], depth)
        return each(values, lambda value: self.member(value, name, depth))

    # Values

    def values(self, place: Place, chain: int, depth: int) -> Meanings:
        """Return what an expression or a type means."""
        if chain < 0:
            return NOTHING
        compute = partial(self._values, place, chain)
        return self._followed.answer((place, chain), depth, compute, n_steps=1 if place.arguments else 0)

    def _values(self, place: Place, chain: int, depth: int) -> Meanings:
        here = self._sources.scopes(place.file)
        operation, base, other = here.chain_ops[chain], here.chain_bases[chain], here.chain_names[chain]
        if operation == of.CHAIN_NAME:
            return self._values_of(self._means(place, chain, depth), place.arguments, depth)
        if operation == of.CHAIN_LITERAL:
            return NOTHING if base == of.LITERAL_NONE else OUTSIDE
        if operation in (of.CHAIN_SELF, of.CHAIN_SUPER):
            return self._self(here, place, depth, is_above=operation == of.CHAIN_SUPER)
        if operation == of.CHAIN_SCOPE:
            return (with_arguments(_value_of_scope(here, place.file, base), place.arguments),)
        if operation == of.CHAIN_ONE_OF:
            return self.values(place, base, depth) + self.values(place, other, depth)
        if operation == of.CHAIN_MODULE:
            return self._names.module(place.file, here.name_of_chain(chain))
        if operation == of.CHAIN_PARAMETER:
            return self._given_to(place, base, other, depth)
        if operation == of.CHAIN_GENERIC:
            return self._generic(place, chain, depth)
        values = self.values(place, base, depth)
        if operation == of.CHAIN_GIVEN:
            return values
        if operation == of.CHAIN_MEMBER:
            return self._values_of_member(values, here.name_of_chain(chain), depth)
        if operation == of.CHAIN_CALL:
            return self._values_of_call(place, base, values, depth)
        if operation == of.CHAIN_NEW:
            given = _given(here, place, base)
            return each(values, lambda value: self.constructed(value, depth, given))
        if operation == of.CHAIN_INSTANCE:
            # A name that a comment has for a type may be bound nowhere.
            is_unbound = values == OUTSIDE and self._sources.language(place.file) == "javascript"
            return NOTHING if is_unbound and here.chain_ops[base] == of.CHAIN_NAME else each(values, _instance)
        if operation == of.CHAIN_TYPE_OF:
            return each(values, _type_of)
        if operation in (of.CHAIN_ITEM, of.CHAIN_ELEMENT):
            return each(values, lambda value: self._item(value, depth))
        return each(values, lambda value: self._awaited(value, depth)) if operation == of.CHAIN_AWAITED else NOTHING

    def _values_of_call(self, place: Place, base: int, values: Meanings, depth: int) -> Meanings:
        here = self._sources.scopes(place.file)
        given = _given(here, place, base)
        if given:
            base = here.chain_bases[base]
        if here.chain_ops[base] != of.CHAIN_MEMBER:
            return each(values, lambda value: self._called(value, NOTHING, depth, given))
        receivers = self.values(place, here.chain_bases[base], depth)
        name = here.name_of_chain(base)
        generic = tuple(one for one in receivers if one[0] == GENERIC_OUT)
        if generic and name in _GIVE_SAME:
            return generic
        if generic and name in _GIVE_ITEM:
            return each(generic, lambda one: self._item(one, depth))
        return each(values, lambda value: self._called(value, receivers, depth, given))

    def _given_to(self, place: Place, chain: int, which: int, depth: int) -> Meanings:
        """Return what is given to a function in some place, by the type that it says it takes."""
        found = each(self.values(place, chain, depth), lambda value: self._parameter(value, which, depth))
        if found:
            return found
        here = self._sources.scopes(place.file)
        method = here.chain_bases[chain] if here.chain_ops[chain] == of.CHAIN_PARAMETER else chain
        if method < 0 or here.chain_ops[method] != of.CHAIN_MEMBER:
            return NOTHING
        name = here.name_of_chain(method)
        is_given_item = name in _TAKE_ITEMS or (name == _TAKE_VALUE and which == 1)
        # What arrays call is given an item of them.
        if not (is_given_item if method == chain else name in _GO_OVER):
            return NOTHING
        receivers = self.values(place, here.chain_bases[method], depth)
        return each(receivers, lambda value: self._item(value, depth))

    def _parameter(self, value: Meaning, which: int, depth: int) -> Meanings:
        if value[0] == MODULE:
            whole = (one for one in self._whole(value[1], depth) if one[0] != MODULE)
            return each(whole, lambda one: self._parameter(one, which, depth))
        if value[0] == GENERIC_OUT and which == 0 and self._head(value) in _COMPONENTS:
            return self._argument(value, 0, depth)
        if value[0] not in (FUNCTION, CLASS, OF_CLASS):
            return NOTHING
        file, scope = value[1:3]
        here = self._sources.scopes(file)
        functions = [scope]
        if value[0] != FUNCTION:
            is_class = value[0] == CLASS
            functions = [one for one in here.functions_in(scope) if _is_called(here, one, is_class=is_class)]
        found: list[Meaning] = []
        for function in functions:
            parameters = here.parameters(function)
            one = parameters[min(which, len(parameters) - 1)] if parameters else NONE
            is_rest = one != NONE and bool(here.binding_flags[one] & of.FLAG_REST)
            if which >= len(parameters) and not is_rest:
                continue
            values = self._value_bound((BOUND, file, one), arguments_of(value), depth)
            found += each(values, lambda some: self._item(some, depth)) if is_rest else values
        return tuple(found)

    def _values_of(self, means: Iterable[Meaning], arguments: int, depth: int) -> Meanings:
        """Return the values of what names mean, seen from where type parameters have arguments."""
        every = self._seen_from_outside(tuple(means))
        return each(every, lambda one: self._value_bound(one, arguments, depth) if one[0] == BOUND else (one,))

    def _seen_from_outside(self, means: Meanings) -> Meanings:
        """Leave out the body of an overloaded function without a written type: its signatures say what it gives."""
        if len(means) < 2 or means[-1][0] != BOUND:
            return means
        file, binding = means[-1][1:3]
        here = self._sources.scopes(file)
        scope = here.scope_of_tag.get(here.binding_tags[binding], NONE)
        if scope == NONE or here.scope_kinds[scope] != of.SCOPE_FUNCTION or here.kind_of_scope(scope) == _ALIAS:
            return means
        result = here.scope_results[scope]
        is_written = result >= 0 and here.chain_ops[result] == of.CHAIN_INSTANCE
        return means if is_written else means[:-1]

    def _value_bound(self, one: Meaning, arguments: int, depth: int, given: tuple[Meanings, ...] = ()) -> Meanings:
        """Return the value of what is bound.

        arguments  of the type parameters around it.
        given      the arguments of its own.
        """
        file, binding = one[1:3]
        arguments = arguments_of(one) or arguments
        here = self._sources.scopes(file)
        if here.binding_kinds[binding] == of.BIND_TYPE_PARAMETER:
            known = self._arguments.given(arguments).get((file, binding))
            if known is not None:
                return known
        tag = here.binding_tags[binding]
        scope = NONE if tag == NONE else here.scope_of_tag.get(tag, NONE)
        if here.binding_kinds[binding] == of.BIND_DEFINITION and scope != NONE:
            arguments = self._with(here, file, scope, given, arguments, depth)
            is_function = here.scope_kinds[scope] in (of.SCOPE_FUNCTION, of.SCOPE_BLOCK)
            if is_function and here.kind_of_scope(scope) == _ALIAS:
                return self.values(Place(file, scope, arguments), here.scope_results[scope], depth)
            # Else it is a class or a namespace.
            return (with_arguments((FUNCTION if is_function else CLASS, file, scope), arguments),)
        place = Place(file, here.binding_eval_scopes[binding], arguments)
        return self.values(place, here.binding_chains[binding], depth)

    def _self(self, here: FileScopes, place: Place, depth: int, *, is_above: bool) -> Meanings:
        """Return what ``this`` or ``super`` means in a scope."""
        file, scope, arguments = place
        while here.scope_kinds[scope] == of.SCOPE_BLOCK:
            scope = here.scope_parents[scope]
        if here.scope_kinds[scope] == of.SCOPE_FUNCTION:
            function, scope = scope, here.scope_parents[scope]
            if here.scope_kinds[scope] not in (of.SCOPE_CLASS, of.SCOPE_OBJECT):
                return self._object_of(here, file, function, depth)
        if here.scope_kinds[scope] not in (of.SCOPE_CLASS, of.SCOPE_OBJECT):
            return NOTHING
        return (with_arguments((ABOVE if is_above else OF_CLASS, file, scope), arguments),)

    def _object_of(self, here: FileScopes, file: int, function: int, depth: int) -> Meanings:
        """Return what ``this`` means in a function that stands in no class: by what it is assigned to, or makes."""
        site = here.site_of_member.get(here.scope_tags[function])
        if site is None:
            return ((OF_CLASS, file, function),) if here.scope_tags[function] != NONE else NOTHING
        chain, is_class = owner(here, site)
        values = self.values(Place(file, here.site_scopes[site]), chain, depth)
        return each(values, lambda value: self.constructed(value, depth) if is_class else (value,))

    def _values_of_member(self, values: Meanings, name: bytes, depth: int) -> Meanings:
        found: list[Meaning] = []
        for value in values:
            if value[0] == SEVERAL:
                found += self._values_of_one(value, name, depth)
                continue
            if value[0] == GENERIC_OUT and self._head(value) == _RECORD:
                found += self._argument(value, -1, depth)
                continue
            members = self.member(value, name, depth)
            if not any(one[0] == BOUND for one in members):
                members = members if (unnamed := self._of_unnamed(value, depth)) is None else ()
                found += unnamed or ()
            for one in self._seen_from_outside(members):
                if one[0] != BOUND:
                    found.append(one)
                    continue
                got = self._value_bound(one, 0, depth)
                if self._sources.scopes(one[1]).binding_flags[one[2]] & of.FLAG_PROPERTY:
                    got = each(got, partial(self._called, receivers=(value,), depth=depth))
                found += got
        return tuple(found)

    def _values_of_one(self, value: Meaning, name: bytes, depth: int) -> Meanings:
        """Return what a member of one of several values may be: of those that have one."""
        first, others = self._alternatives.of(value)
        return self._alternatives.either(
            self._values_of_member(first, name, depth), self._values_of_member(others, name, depth)
        )

    def _called(self, value: Meaning, receivers: Meanings, depth: int, given: Given | None = None) -> Meanings:
        """Return what a call gives."""
        if value[0] == FUNCTION:
            file, scope = value[1:3]
            place = Place(file, scope, self._inferred(file, scope, scope, arguments_of(value), given, depth))
            here = self._sources.scopes(file)
            chain = here.scope_results[scope]
            if chain >= 0 and _is_self_type(here, chain):
                mine = tuple(one for one in receivers if one[0] == OF_CLASS)
                return mine or self._self(here, place, depth, is_above=False)
            return self.values(place, chain, depth)
        if value[0] == MODULE:
            whole = (one for one in self._whole(value[1], depth) if one[0] != MODULE)
            return each(whole, lambda one: self._called(one, NOTHING, depth, given))
        if value[0] in CLASSES:
            return self._by_signature(value, depth, given)
        return NOTHING

    def constructed(self, value: Meaning, depth: int, given: Given | None = None) -> Meanings:
        """Return what ``new`` gives."""
        if value[0] == CLASS:
            return _instance(self._constructed_with(value, given, depth) if given else value)
        if value[0] in (OUT, GENERIC_OUT):
            return _instance(value)
        if value[0] == MODULE:
            whole = (one for one in self._whole(value[1], depth) if one[0] != MODULE)
            return each(whole, lambda one: self.constructed(one, depth, given))
        if value[0] == FUNCTION:
            return ((OF_CLASS, *value[1:]),)
        return self._by_signature(value, depth, given) if value[0] == OF_CLASS else NOTHING

    def _constructed_with(self, value: Meaning, given: Given, depth: int) -> Meaning:
        """Return a class with the arguments that follow from what its constructor is given."""
        file, scope = value[1:3]
        here = self._sources.scopes(file)
        arguments = arguments_of(value)
        for function in here.functions_in(scope):
            if _is_called(here, function, is_class=True):
                arguments = self._inferred(file, function, scope, arguments, given, depth)
        return with_arguments(value, arguments)

    def _by_signature(self, value: Meaning, depth: int, given: Given | None) -> Meanings:
        """Return what an object gives that is called, by what its interface says."""
        file, scope = value[1:3]
        here = self._sources.scopes(file)
        found: list[Meaning] = []
        for one in here.functions_in(scope):
            if here.scope_tags[one] == NONE:
                arguments = self._inferred(file, one, one, arguments_of(value), given, depth)
                found += self.values(Place(file, one, arguments), here.scope_results[one], depth)
        return tuple(found)

    def _inferred(self, file: int, function: int, generic: int, arguments: int, given: Given | None, depth: int) -> int:
        """Return the number of the arguments that hold in a function which is given something.

        generic  the scope whose type parameters are told by that: the function's, or its class's.
        """
        all_told = self._told(file, function, generic) if given else []
        if not given or not all_told:
            return arguments
        known = dict(self._arguments.given(arguments))
        for told in all_told:
            if told.parameter >= len(given.chains) or (file, told.type_parameter) in known:
                continue
            values = self.values(given.place, given.chains[told.parameter], depth)
            if told.way == ITEM:
                values = each(values, lambda value: self._item(value, depth))
            elif told.way == AWAITED:
                values = each(values, lambda value: self._awaited(value, depth))
            elif told.way == RESULT:
                values = each(values, lambda value: self._called(value, NOTHING, depth))
            if values:
                known[file, told.type_parameter] = each(values, _type_of)
        return self._arguments.number(known)

    def _told(self, file: int, function: int, generic: int) -> list[Told]:
        told = self._told_by.get((file, function))
        if told is None:
            if len(self._told_by) > _MOST_TOLD:
                self._told_by.clear()
            here = self._sources.scopes(file)
            type_parameters = here.type_parameters(generic)
            told = told_by_parameters(here, function, type_parameters) if type_parameters else []
            self._told_by[file, function] = told
        return told

    # Types with arguments

    def _generic(self, place: Place, chain: int, depth: int) -> Meanings:
        """Return what a type or a function with arguments is."""
        here = self._sources.scopes(place.file)
        head, arguments = here.chain_bases[chain], here.arguments(here.chain_names[chain])
        is_named = head >= 0 and here.chain_ops[head] in _PLAIN
        values = self._applied(place, chain, depth) if is_named else self.values(place, head, depth)
        name = here.name_of_chain(head) if is_named else b""
        inside = tuple(value for value in values if value[0] not in (OUT, GENERIC_OUT))
        if inside:
            return inside
        if name in _SAME_MEMBERS and arguments:
            return self.values(place, arguments[0], depth)
        if head >= 0 and not values:
            return NOTHING
        if name == b"Awaited" and arguments:
            return each(self.values(place, arguments[0], depth), lambda one: self._awaited(one, depth))
        if name == b"InstanceType" and arguments:
            return each(self.values(place, arguments[0], depth), _instance)
        if name == b"ReturnType" and arguments:
            functions = self.values(place, arguments[0], depth)
            return each(functions, lambda one: self._called(one, NOTHING, depth))
        return (with_arguments((GENERIC_OUT, place.file, place.scope, chain), place.arguments),)

    def _applied(self, place: Place, chain: int, depth: int) -> Meanings:
        """Return what a name is that has arguments."""
        here = self._sources.scopes(place.file)
        means = self.named(self._means(place, here.chain_bases[chain], depth), depth)
        given: tuple[Meanings, ...] | None = None
        found: list[Meaning] = []
        for one in means:
            if one[0] != BOUND:
                found.append(one)
                continue
            if given is None:
                arguments = here.arguments(here.chain_names[chain])
                given = tuple(self.values(place, argument, depth) for argument in arguments)
            found += self._value_bound(one, place.arguments if one[1] == place.file else 0, depth, given)
        return tuple(found)

    def _with(
        self, here: FileScopes, file: int, scope: int, given: tuple[Meanings, ...], arguments: int, depth: int
    ) -> int:
        """Return the number of the arguments that hold in a scope that is given some: its own, and those around it."""
        if here.scope_parents[scope] == 0:
            arguments = 0
        parameters = here.type_parameters(scope)
        if not parameters:
            return arguments
        known = dict(self._arguments.given(arguments))
        for binding, means in zip(parameters, given, strict=False):
            known[file, binding] = means
        for binding in parameters[len(given) :]:
            chain = here.binding_chains[binding]
            has_default = chain >= 0 and here.chain_ops[chain] == of.CHAIN_GENERIC
            if has_default:
                chain = here.arguments(here.chain_names[chain])[0]
            if chain >= 0 and (given or has_default):
                known[file, binding] = self.values(Place(file, scope, self._arguments.number(known)), chain, depth)
        return self._arguments.number(known)

    def _item(self, value: Meaning, depth: int) -> Meanings:
        """Return what an item of a value is: of a generic type an instance of its last argument."""
        if value[0] == GENERIC_OUT:
            return self._items(value, depth)
        if value[0] not in CLASSES:
            return NOTHING
        unnamed = self._of_unnamed(value, depth)
        if unnamed is not None:
            return unnamed
        return each(self._all_members(value), lambda one: self._value_bound(one, 0, depth))

    def _of_unnamed(self, value: Meaning, depth: int) -> Meanings | None:
        """Return what a member is whose name a type does not say; None where it has none that is so.

        A type that is computed may be one of several, and other files may add some.
        """
        members = self._unnamed(value, depth)
        if not members:
            return None
        first, *others = (each(some, lambda one: self._value_bound(one, 0, depth)) for some in members)
        return self._alternatives.either(first, tuple(one for some in others for one in some))

    def _argument(self, value: Meaning, which: int, depth: int) -> Meanings:
        """Return an instance of one of the arguments of a generic type from outside."""
        file, scope, chain = value[1:4]
        here = self._sources.scopes(file)
        arguments = here.arguments(here.chain_names[chain])
        if not arguments:
            return NOTHING
        return each(self.values(Place(file, scope, arguments_of(value)), arguments[which], depth), _instance)

    def _items(self, value: Meaning, depth: int) -> Meanings:
        """Return what the items of a generic type from outside are; those of a tuple are of each of its types."""
        here = self._sources.scopes(value[1])
        if here.chain_bases[value[3]] >= 0:
            return self._argument(value, -1, depth)
        arguments = range(len(here.arguments(here.chain_names[value[3]])))
        return tuple(one for which in arguments for one in self._argument(value, which, depth))

    def _head(self, value: Meaning) -> bytes:
        """Return the name of a generic type from outside."""
        here = self._sources.scopes(value[1])
        head = here.chain_bases[value[3]]
        is_named = head >= 0 and here.chain_ops[head] in _PLAIN
        return here.name_of_chain(head) if is_named else b""

    def _awaited(self, value: Meaning, depth: int) -> Meanings:
        if value[0] != GENERIC_OUT:
            return (value,)
        return self._item(value, depth) if self._head(value) in _AWAITED else (value,)


def _given(here: FileScopes, place: Place, chain: int) -> Given | None:
    """Return what is given to what a chain calls, where that is known."""
    if chain < 0 or here.chain_ops[chain] != of.CHAIN_GIVEN:
        return None
    return Given(place, here.arguments(here.chain_names[chain]))


def _is_called(here: FileScopes, function: int, *, is_class: bool) -> bool:
    """Return whether a function is the constructor of a class, or what an interface says of its objects' calls."""
    tag = here.scope_tags[function]
    return (here.name_of_tag(tag) == b"constructor") if is_class and tag != NONE else tag == NONE


def _may_only_name(here: FileScopes, binding: int) -> bool:
    """Return whether what is bound may be no definition, but give one another name."""
    chain = here.binding_chains[binding]
    is_export = here.binding_kinds[binding] == of.BIND_EXPORT
    if not is_export and chain >= 0 and here.chain_ops[chain] == of.CHAIN_MEMBER:
        chain = here.chain_bases[chain]
    is_import = chain >= 0 and here.chain_ops[chain] == of.CHAIN_MODULE
    return is_import or (is_export and here.binding_tags[binding] == NONE)


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
