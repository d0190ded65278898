"""TypeScript: which parameters of a generic function say what its type parameters stand for.

A call that writes no type arguments has them from what it gives: ``function first<T>(items: T[]): T`` gives an item of
what it is given. This is the inference of TypeScript for parameters that are a type parameter, an array, a promise or
a function of it; what other types say of their arguments is not looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from repomap_fast.joining import facts as of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repomap_fast.resolving.scopes import FileScopes
    from repomap_fast.resolving.type_arguments import Place

ITSELF, ITEM, AWAITED, RESULT = range(4)
"""How a type parameter follows from an argument: it is the argument's type, that of its items, what it promises, or
what it gives when it is called."""

_MOST_PARAMETERS = 4
"""The first parameters of a function; of further arguments nothing is known."""
_MOST_TOLD = 16
"""What a function is looked at for: each call goes through it."""
_LISTS = frozenset((b"Array", b"ReadonlyArray", b"Iterable", b"Set", b"ReadonlySet"))
_PROMISES = frozenset((b"Promise", b"PromiseLike"))


class Given(NamedTuple):
    """The arguments of a call: where they stand, and the chain of each."""

    place: Place
    chains: list[int]


class Told(NamedTuple):
    """What a parameter says: its place, the binding of a type parameter, and how that follows from the argument."""

    parameter: int
    type_parameter: int
    way: int


def told_by_parameters(here: FileScopes, function: int, type_parameters: list[int]) -> list[Told]:
    """Return what the parameters of a function say of some type parameters, in the order of the parameters."""
    names = {here.name_of_binding(one): one for one in type_parameters}
    found: dict[Told, None] = {}
    for place, parameter in enumerate(here.parameters(function)[:_MOST_PARAMETERS]):
        is_rest = bool(here.binding_flags[parameter] & of.FLAG_REST)
        for name, way in _named(here, here.binding_chains[parameter]):
            if name in names and (not is_rest or way == ITEM):
                found[Told(place, names[name], ITSELF if is_rest else way)] = None
    return list(found)[:_MOST_TOLD]


def _named(here: FileScopes, chain: int) -> Iterator[tuple[bytes, int]]:
    """Yield the names in a type of which a value of the type says what they are, and how; those of a union in order."""
    if chain < 0:
        return
    operation, base, other = here.chain_ops[chain], here.chain_bases[chain], here.chain_names[chain]
    if operation == of.CHAIN_INSTANCE:
        yield from _named(here, base)
    elif operation == of.CHAIN_NAME:
        yield here.name_of_chain(chain), ITSELF
    elif operation == of.CHAIN_ONE_OF:
        yield from _named(here, base)
        yield from _named(here, other)
    elif operation == of.CHAIN_SCOPE:
        if here.scope_kinds[base] == of.SCOPE_BLOCK:
            yield from _of_all(here, here.scope_results[base], RESULT)
    elif operation == of.CHAIN_GENERIC:
        arguments = here.arguments(other)
        head = here.name_of_chain(base) if base >= 0 and here.chain_ops[base] == of.CHAIN_NAME else b""
        if len(arguments) == 1 and (base < 0 or head in _LISTS):
            yield from _of_all(here, arguments[0], ITEM)
        elif len(arguments) == 1 and head in _PROMISES:
            yield from _of_all(here, arguments[0], AWAITED)


def _of_all(here: FileScopes, chain: int, way: int) -> Iterator[tuple[bytes, int]]:
    return ((name, way) for name, inner in _named(here, chain) if inner == ITSELF)
