"""JavaScript and TypeScript: what names mean, in scopes, through imports, and as seen from other files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from repomap_fast.joining import facts as of
from repomap_fast.joining.imports import IMPORT_KIND_MASK, IMPORT_MODULE, IMPORT_NAME
from repomap_fast.resolving.declared_modules import DeclaredModules
from repomap_fast.resolving.meanings import BOUND, MODULE, NOTHING, OUT, OUTSIDE, Meaning, Meanings
from repomap_fast.resolving.scopes import NONE, FileScopes
from repomap_fast.resolving.source_tree import INSIDE, Written
from repomap_fast.resolving.source_tree import OUTSIDE as LEADS_OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from repomap_fast.resolving.followed import Followed
    from repomap_fast.resolving.meanings import Sources

DEFAULT = b"default"
WHOLE = b"export="
"""By this name a file binds what ``module.exports = …`` and ``export = …`` give."""
_NO_NAMES = frozenset((of.BIND_ATTRIBUTE, of.BIND_IMPORT, of.BIND_EXPORT))
"""Bindings that are no names of their scopes: members; what is seen from outside; and imports, which have a table."""
_MEMBERS_ONLY = frozenset((of.SCOPE_CLASS, of.SCOPE_OBJECT))
_OF_NO_OBJECT = (of.BIND_LOCAL, of.BIND_TYPE_PARAMETER)
"""Bindings of a class that are no members of it."""
_MOST_STARS = 5_000
"""Statements that pass on all names of a module, that are followed from one module."""
_MOST_GLOBALS = 100_000
"""Names of which it is remembered what files that are no modules say; with more all are forgotten."""
_JSX = b"JSX"
_MOST_SPACES = 4
"""Files that define a namespace of that name, that are looked at."""
_OF_COMMONJS = frozenset((b"module", b"exports"))
DECLARATIONS = (".d.ts", ".d.mts", ".d.cts")
"""Ends of the paths of files that declare what is defined elsewhere."""


class ScriptNames:
    """Finds what names mean. A file sees all names at the top of another, whether it exports them or not."""

    def __init__(self, sources: Sources, followed: Followed) -> None:
        self._sources = sources
        self._followed = followed
        self._reached: dict[int, list[int]] = {}
        self._globals: dict[tuple[int, bytes], tuple[Meanings, Meanings]] = {}
        """What files that are no modules declare and define, by family of languages and name."""
        self.declared_modules = DeclaredModules(sources)

    def lookup(self, file: int, scope: int, name: bytes, depth: int) -> tuple[Meanings, bool]:
        """Return what a name means in a scope, and whether that is imported."""
        here = self._sources.scopes(file)
        at = scope
        while at != NONE:
            bindings = self._seen(here, at, name)
            imports = here.imports_of(at, name)
            if bindings and len(bindings) + len(imports) > 1:
                # What is added to another module is seen there.
                own = [one for one in bindings if not self.declared_modules.module_of(file, one)]
                bindings = own if own or imports else bindings
            if bindings or imports:
                means: list[Meaning] = [(BOUND, file, binding) for binding in bindings]
                for row in imports:
                    means += self.imported(file, self._sources.imported(file, row), depth)
                return self._inside(means), not bindings
            at = here.scope_parents[at]
        if name in _OF_COMMONJS and self._gives_names(here):
            return ((MODULE, file),), False
        return self._global(file, name) or OUTSIDE, False

    def _gives_names(self, here: FileScopes) -> bool:
        return of.BIND_EXPORT in here.binding_kinds

    def imported(self, file: int, written: Written, depth: int) -> Meanings:
        """Return what an import means: a module, or a name of one."""
        found = self._sources.find(file, Written(IMPORT_MODULE, written.module, ""))
        if found.place != INSIDE:
            declared = self._declared(file, written)
            return declared or (OUTSIDE if found.place == LEADS_OUTSIDE else NOTHING)
        if written.kind & IMPORT_KIND_MASK != IMPORT_NAME:
            return ((MODULE, found.files[0]),)
        return self.exported(found.files[0], written.name.encode("utf-8", "surrogateescape"), depth)

    def _declared(self, file: int, written: Written) -> Meanings:
        """Return what an import means of a module that has declarations in the repository, but no source."""
        if written.kind & IMPORT_KIND_MASK != IMPORT_NAME:
            return NOTHING
        module, name = (text.encode("utf-8", "surrogateescape") for text in (written.module, written.name))
        return self.declared_modules.declared(file, module, name)

    def module(self, file: int, name: bytes) -> Meanings:
        """Return the module that a file names so."""
        return self.imported(file, Written(IMPORT_MODULE, name.decode("utf-8", "surrogateescape"), ""), 0)

    def exported(self, module: int, name: bytes, depth: int) -> Meanings:
        """Return what a name of a module means, through what it passes on from others."""
        return self._followed.answer(("export", module, name), depth, partial(self._exported, module, name))

    def given_at(self, file: int, row: int, name: bytes) -> Meanings:
        """Return what a file gives to others on a line under a name of its own: ``export { a as name }``."""
        here = self._sources.scopes(file)
        bound = (one for one in here.bound(0, name) if here.binding_kinds[one] == of.BIND_EXPORT)
        return tuple((BOUND, file, one) for one in bound if here.binding_rows[one] == row)

    def _exported(self, module: int, name: bytes, depth: int) -> Meanings:
        means = self._exported_itself(module, name, depth)
        if means:
            return means
        if name == DEFAULT:
            return self.exported(module, WHOLE, depth)
        for other in self._passing_on(module):
            means = self._exported_itself(other, name, depth)
            if means:
                return means
        return NOTHING

    def _exported_itself(self, module: int, name: bytes, depth: int) -> Meanings:
        """Return what a name of a module means, but for those that it passes on from others without naming them."""
        here = self._sources.scopes(module)
        bound = here.bound(0, name)
        exported = [(BOUND, module, one) for one in bound if here.binding_kinds[one] == of.BIND_EXPORT]
        if exported:
            return tuple(exported)
        if name == b"exports" and self._gives_names(here):
            # ``module`` and ``module.exports`` both stand for the module.
            return ((MODULE, module),)
        passed_on = self._sources.passed_on(module, name)
        if passed_on:
            return self._inside(one for written in passed_on for one in self.imported(module, written, depth))
        return tuple((BOUND, module, one) for one in bound if _is_name(here, one))

    def _passing_on(self, module: int) -> list[int]:
        """Return the modules all of whose names a module passes on, and those whose names these pass on; each once."""
        if module not in self._reached:
            reached = {module: None}
            waiting, n_left = [module], _MOST_STARS
            while waiting and n_left > 0:
                at = waiting.pop(0)
                stars = self._sources.stars(at)[:n_left]
                n_left -= len(stars)
                for written in stars:
                    found = self._sources.find(at, Written(IMPORT_MODULE, written.module, ""))
                    if found.place == INSIDE and found.files[0] not in reached:
                        reached[found.files[0]] = None
                        waiting.append(found.files[0])
            self._reached[module] = list(reached)[1:]
        return self._reached[module]

    def _seen(self, here: FileScopes, scope: int, name: bytes) -> list[int]:
        """Return the bindings of a name in a scope that those in it see; members are not seen."""
        kinds = here.binding_kinds
        bindings = here.bound(scope, name)
        # A namespace is an object that has a name.
        if here.scope_kinds[scope] in _MEMBERS_ONLY and not here.is_namespace(scope):
            return [one for one in bindings if kinds[one] in _OF_NO_OBJECT]
        return [one for one in bindings if _is_name(here, one)]

    def _global(self, file: int, name: bytes) -> Meanings:
        """Return what a name means that no scope binds: what files declare that are no modules.

        Two of these files see each other's definitions too, where only one of them has the name.
        """
        key = self._sources.family(file), name
        if key not in self._globals:
            if len(self._globals) >= _MOST_GLOBALS:
                self._globals.clear()
            self._globals[key] = self._find_globals(file, name)
        declared, defined = self._globals[key]
        is_seen = len({one[1] for one in defined}) == 1 and self.is_script(file)
        return declared or (defined if is_seen else self._jsx(file) if name == _JSX else NOTHING)

    def _find_globals(self, file: int, name: bytes) -> tuple[Meanings, Meanings]:
        """Return what files that are no modules declare of a name, and what they define of it."""
        declared: list[Meaning] = []
        defined: list[Meaning] = []
        for other in self._sources.files_with(file, name):
            # What a file imports is read in much less time than its scopes.
            if self._sources.has_imports(other):
                continue
            there = self._sources.scopes(other)
            bound = [one for one in there.bound(0, name) if _is_name(there, one)]
            if bound and self.is_script(other):
                is_declared = self._sources.tree.paths[other].endswith(DECLARATIONS)
                (declared if is_declared else defined).extend((BOUND, other, one) for one in bound)
        return tuple(declared), tuple(defined)

    def _jsx(self, file: int) -> Meanings:
        """Return the namespaces that say what elements of HTML are: settings of a compiler choose among them."""
        spaces: list[Meaning] = []
        for other in self._sources.definers(file, _JSX)[:_MOST_SPACES]:
            there = self._sources.scopes(other)
            spaces += ((BOUND, other, one) for one in there.bound(0, _JSX) if there.binding_tags[one] != NONE)
        return tuple(spaces)

    def is_script(self, file: int) -> bool:
        """Return whether a file is no module: it takes nothing and gives nothing."""
        here = self._sources.scopes(file)
        return not self._sources.has_imports(file) and of.BIND_EXPORT not in here.binding_kinds

    def _inside(self, means: Iterable[Meaning]) -> Meanings:
        """Return the meanings inside of the repository, where there are any."""
        every = tuple(means)
        return tuple(one for one in every if one[0] != OUT) or every


def _is_name(here: FileScopes, binding: int) -> bool:
    """Return whether what is bound in a scope is a name there: what is assigned to a member is none."""
    return here.binding_kinds[binding] not in _NO_NAMES and here.binding_tags[binding] not in here.site_of_member
