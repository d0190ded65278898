"""What packages of JavaScript and TypeScript export: the names of the files that they name."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from repomap_fast.joining import facts as of
from repomap_fast.joining.imports import IMPORT_KIND_MASK, IMPORT_MODULE, IMPORT_NAME
from repomap_fast.resolving.followed import Followed
from repomap_fast.resolving.meanings import BOUND
from repomap_fast.resolving.script_modules import ScriptModules
from repomap_fast.resolving.script_names import DEFAULT, ScriptNames
from repomap_fast.resolving.source_tree import INSIDE, SCRIPTS, Written

if TYPE_CHECKING:
    from repomap_fast.resolving.meanings import Sources
    from repomap_fast.resolving.scopes import FileScopes

_MOST_MODULES = 20_000
"""Files that packages give as a whole, that are looked at."""


class ScriptExports:
    """Says of names at the top of files whether others than the repository may use them. Raises IndexDamagedError."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._names = ScriptNames(sources, Followed())

    def gives(self, file: int, name: bytes, *, is_exported: bool) -> bool:
        """Return whether a package gives a name of a file to others, or the file gives it in place of names.

        is_exported  whether the file says that others may use it.
        """
        here = self._sources.scopes(file)
        if any(_names(here, binding, name) for binding in here.bound(0, DEFAULT)):
            # What runs a file of settings, a page or a story takes it so.
            return True
        whole, single = self._given
        is_exported = is_exported or any(
            _names(here, binding, name) for bindings in here.members(0).values() for binding in bindings
        )
        # What no file imports is run by something else, which asks for what it exports.
        is_asked = file in whole or file not in self._imported
        return (is_asked and is_exported) or (file, name) in single

    @cached_property
    def _imported(self) -> set[int]:
        """The files that others import."""
        return {
            row
            for file, written in self._sources.all_imports(SCRIPTS)
            for row in self._sources.find(file, written).files
        }

    @cached_property
    def _given(self) -> tuple[set[int], set[tuple[int, bytes]]]:
        """Files all of whose names are given, and single names of others."""
        whole: set[int] = set()
        single: set[tuple[int, bytes]] = set()
        waiting = ScriptModules(self._sources.tree).entries()
        while waiting and len(whole) < _MOST_MODULES:
            module = waiting.pop()
            if module in whole:
                continue
            whole.add(module)
            waiting += self._found(module, self._sources.stars(module))
            for written in self._sources.all_passed_on(module):
                if written.kind & IMPORT_KIND_MASK == IMPORT_NAME:
                    for one in self._names.imported(module, written, 0):
                        if one[0] == BOUND:
                            there = self._sources.scopes(one[1])
                            single.add((one[1], there.name_of_binding(one[2])))
                else:
                    waiting += self._found(module, [written])
        return whole, single

    def _found(self, module: int, imports: list[Written]) -> list[int]:
        found = (self._sources.find(module, Written(IMPORT_MODULE, written.module, "")) for written in imports)
        return [one.files[0] for one in found if one.place == INSIDE]


def _names(here: FileScopes, binding: int, name: bytes) -> bool:
    """Return whether a binding is an export of a name."""
    chain = here.binding_chains[binding]
    if here.binding_kinds[binding] != of.BIND_EXPORT or chain == of.NO_CHAIN:
        return False
    if here.chain_ops[chain] == of.CHAIN_SCOPE:
        tag = here.scope_tags[here.chain_bases[chain]]
        return tag != of.NO_CHAIN and here.name_of_tag(tag) == name
    return here.chain_ops[chain] == of.CHAIN_NAME and here.name_of_chain(chain) == name
