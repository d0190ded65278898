"""TypeScript: ``declare module "…"``, which adds declarations to a module, or says what one from outside gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repomap_fast.joining import facts as of
from repomap_fast.resolving.meanings import BOUND, Meaning, Meanings
from repomap_fast.resolving.scopes import NONE, FileScopes
from repomap_fast.tables import NO_SCOPE

if TYPE_CHECKING:
    from repomap_fast.resolving.meanings import Sources

_KIND = "module"
_ADDED_KINDS = frozenset(("interface", _KIND))
_MERGED_KINDS = _ADDED_KINDS | {"class"}
"""Kinds of definitions that may be added to one of a module, and of those that they are added to."""
_MOST_DECLARING = 100
"""Files that define one name, that are looked at."""


class DeclaredModules:
    """Finds what stands in such declarations. A module is known by its name as the declaration has it."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def declared(self, file: int, module: bytes, name: bytes) -> Meanings:
        """Return what a module gives under a name, by what files declare that a file can see."""
        found: list[Meaning] = []
        for other in self._sources.definers(file, module)[:_MOST_DECLARING]:
            here = self._sources.scopes(other)
            for binding in here.bound(0, name):
                if self._module_around(other, _tag_of(here, binding)) == module:
                    found.append((BOUND, other, binding))
        return tuple(found)

    def module_of(self, file: int, binding: int) -> bytes:
        """Return the name of the module that a declaration is added to; empty where it is of its own file."""
        here = self._sources.scopes(file)
        tag = here.binding_tags[binding]
        is_added = here.binding_scopes[binding] == 0 and tag != NONE and here.kind_of_tag(tag) in _ADDED_KINDS
        return self._module_around(file, tag) if is_added else b""

    def adds(self, file: int) -> bool:
        """Return whether a file adds declarations to a module, which those see too who do not import the file."""
        here = self._sources.scopes(file)
        bound = (here.binding_tags[one] for ones in here.members(0).values() for one in ones)
        return any(tag != NONE and self._is_declared_module(here, tag) for tag in bound)

    def may_be_several(self, file: int, binding: int) -> bool:
        """Return whether other files may add to this definition or export."""
        here = self._sources.scopes(file)
        tag = here.binding_tags[binding]
        if here.binding_kinds[binding] == of.BIND_EXPORT and tag == NONE:
            return True
        return here.binding_scopes[binding] == 0 and tag != NONE and here.kind_of_tag(tag) in _MERGED_KINDS

    def added(self, file: int, name: bytes) -> list[tuple[int, int, bytes]]:
        """Return the declarations of a name that files add to modules: file, binding, name of the module."""
        found: list[tuple[int, int, bytes]] = []
        for other in self._sources.definers(file, name)[:_MOST_DECLARING]:
            here = self._sources.scopes(other)
            for binding in here.bound(0, name):
                if module := self.module_of(other, binding):
                    found.append((other, binding, module))
        return found

    def _module_around(self, file: int, tag: int) -> bytes:
        """Return the name of the module in whose declaration a definition stands; empty for none."""
        if tag == NONE:
            return b""
        around = int(self._sources.tags(file).scopes[tag])
        here = self._sources.scopes(file)
        is_module = around != NO_SCOPE and self._is_declared_module(here, around)
        return here.name_of_tag(around) if is_module else b""

    def _is_declared_module(self, here: FileScopes, tag: int) -> bool:
        # A namespace has a scope of its own.
        return here.kind_of_tag(tag) == _KIND and tag not in here.scope_of_tag


def _tag_of(here: FileScopes, binding: int) -> int:
    """Return the definition that is bound, or that an export names; NONE where there is none."""
    tag, chain = here.binding_tags[binding], here.binding_chains[binding]
    if tag != NONE or here.binding_kinds[binding] != of.BIND_EXPORT or chain < 0:
        return tag
    if here.chain_ops[chain] == of.CHAIN_SCOPE:
        return here.scope_tags[here.chain_bases[chain]]
    if here.chain_ops[chain] != of.CHAIN_NAME:
        return NONE
    named = (here.binding_tags[one] for one in here.bound(0, here.name_of_chain(chain)))
    return next((one for one in named if one != NONE), NONE)
