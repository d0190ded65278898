"""C, C++: which of all definitions of a name a file means, by what it includes, and what a declaration stands for."""

from __future__ import annotations

import posixpath
from collections import OrderedDict
from itertools import chain, count, filterfalse
from typing import TYPE_CHECKING

from repomap_fast.joining import facts as of
from repomap_fast.resolving.given_macros import GivenMacros
from repomap_fast.resolving.include_graph import IncludeGraph
from repomap_fast.resolving.meanings import (
    BOUND,
    BY_GUESS,
    BY_IMPORT,
    BY_SCOPE,
    IS_OUTSIDE,
    IS_UNKNOWN,
    NOTHING,
    OUTSIDE,
)
from repomap_fast.resolving.scopes import NONE
from repomap_fast.resolving.source_tree import n_common_folders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from repomap_fast.resolving.meanings import Meaning, Meanings, Sources

    Wanted = Callable[[int, int], bool]

_HEADERS = (".h", ".hh", ".hpp", ".hxx", ".h++", ".def", ".inc", ".inl", ".ipp", ".tcc", ".cuh")
_MOST_SEEN = 20_000
"""Files that one file includes, whether directly or not."""
_MOST_KEPT = 64
"""Files of which it is remembered what they include."""
_MOST_TARGETS = 16
"""Files to which steps are counted for all files together; to more, each file goes by itself."""
_STEPS_TO_SOURCES = 2
"""Steps within which a file sees one that is no header."""
_MOST_INCLUDERS = 50
"""Files around an included one that are asked what they see."""
_MOST_PICKED = 100_000
"""Answers that are remembered."""
_MOST_BOUND = 50_000
"""Names in files, and bindings, of which it is remembered what is defined there."""
_MOST_DEFINERS = 200
"""Files with definitions of one name that are read, the nearest first."""
_TAGS = frozenset(("struct", "union", "enum", "class"))
"""Kinds of definitions that C knows by a name behind a word (``struct S``), apart from all other names."""
_TYPES = _TAGS | {"type"}


class Declarations:
    """Finds the definitions that files mean by names."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._sights: OrderedDict[int, _Sight] = OrderedDict()
        self._included = _Included(sources)
        self._graph = IncludeGraph(self._included.__getitem__, _MOST_SEEN)
        self._given = GivenMacros(sources, self._included.__getitem__)
        self._picked: dict[tuple[int, bytes, object], tuple[Meanings, int]] = {}
        self._headers: dict[int, bool] = {}
        self._outside: dict[int, bool] = {}
        """Whether a file includes one that is not in the repository."""
        self._seeing_outside: dict[int, bool] = {}
        """Whether it does so itself or through others."""
        self._naming: tuple[tuple[int, bytes], frozenset[int]] = ((-1, b""), frozenset())
        """Family of languages and name that were asked last, and the files that have it."""
        self._bound_in: dict[tuple[int, bytes, Wanted], list[tuple[int, int]]] = {}
        """By file, name and condition: the scopes of all files that define a name take too much memory to be kept."""
        self._linked: dict[tuple[int, int], bool] = {}

    def seen(self, file: int) -> dict[int, int]:
        """Return a file and those that it includes, the nearest first, each with the number of steps to it."""
        sight = self._sight(file)
        while not sight.is_whole:
            sight.go_on()
        return sight.steps

    def _sight(self, file: int) -> _Sight:
        sight = self._sights.get(file)
        if sight is None:
            sight = self._sights[file] = _Sight(file, self._included)
            if len(self._sights) > _MOST_KEPT:
                self._sights.popitem(last=False)
        else:
            self._sights.move_to_end(file)
        return sight

    def pick(self, file: int, name: bytes, key: object, is_wanted: Wanted) -> tuple[Meanings, int]:
        """Return what a name at the top of files means in a file, and how that is known.

        is_wanted  whether a file's binding is looked for at all; ``key`` is equal for equal conditions.
        """
        asked = (file, name, key)
        picked = self._picked.get(asked)
        if picked is None:
            if len(self._picked) > _MOST_PICKED:
                self._picked.clear()
            picked = self._picked[asked] = self._pick(file, name, is_wanted)
        return picked

    def _pick(self, file: int, name: bytes, is_wanted: Wanted) -> tuple[Meanings, int]:
        here = self._bound(file, name, is_wanted)
        whole = [one for one in here if not self.is_declaration(*one)]
        definers = self._sources.definers(file, name)
        if whole:
            others = self._given_around(file, name, is_wanted)
            others += self._given_before(whole, name, definers, is_wanted)
            if all(self._is_private(*one) and self._scope_kind(*one) != of.SCOPE_FUNCTION for one in whole):
                others += self._declared_too(file, name, definers, is_wanted)
            return _bound([*whole, *others]), BY_SCOPE
        if not here and not definers:
            return OUTSIDE, IS_OUTSIDE
        found = self._in_sight(file, name, definers, is_wanted)
        if found:
            return _bound(found), BY_IMPORT
        if not any(self._bound(other, name, is_wanted) for other in definers):
            return OUTSIDE, IS_OUTSIDE
        # An included file sees what the files that include it see.
        given = self._given_around(file, name, is_wanted)
        for level in self._includers(file):
            found = [one for other in level for one in self._in_sight(other, name, definers, is_wanted)]
            if found and given:
                # What these files define below is not known there.
                found = [one for one in found if one[0] not in level or not self.is_macro(*one)]
            if found:
                return _bound(dict.fromkeys([*found, *given])), BY_IMPORT
        if given:
            return _bound(given), BY_IMPORT
        return self._out_of_sight(file, name, definers, is_wanted)

    def _in_sight(self, file: int, name: bytes, definers: list[int], is_wanted: Wanted) -> list[tuple[int, int]]:
        """Return what a name means by what a file and those that it includes say of it."""
        near: list[tuple[int, int]] = []
        whole: list[tuple[int, int]] = []
        rest = definers
        for seen in self._steps_to(file, definers):
            level = [one for other in rest if other in seen for one in self._bound(other, name, is_wanted)]
            rest = [other for other in rest if other not in seen]
            whole = [one for one in level if not self.is_declaration(*one)]
            if whole:
                # Another branch of an #if may only declare it.
                files = {one[0] for one in whole}
                near = [one for one in level if one[0] in files and one not in whole]
                break
            near += level
        if not near:
            return whole
        anchors = [one[0] for one in near]
        others = self._nearest(rest, anchors)
        found = [one for other in others for one in self._bound(other, name, is_wanted)]
        return whole + (self._best([one for one in found if self._is_linked(*one)], anchors) or near)

    def _given_around(self, file: int, name: bytes, is_wanted: Wanted) -> list[tuple[int, int]]:
        """Return the macros of a name that other files define before they include this one.

        They give what it defines another name, or set a value that it has only where nobody sets it.
        """
        if not self.is_header(file) and not self._sources.including(file):
            return []
        key = self._sources.family(file), name, is_wanted
        return self._given.given_to(file, key, lambda: self._macros(file, name, is_wanted))

    def _macros(self, file: int, name: bytes, is_wanted: Wanted) -> Iterator[tuple[int, int]]:
        definers = self._sources.definers(file, name)
        if len(definers) > _MOST_DEFINERS:
            # Hundreds of files have a function of one name. To read them all takes longer than to look for the macros.
            definers = self._sources.definers_of_kind(file, name, "macro")
        for other in definers:
            yield from (one for one in self._bound(other, name, is_wanted) if self.is_macro(*one))

    def _given_before(
        self, whole: list[tuple[int, int]], name: bytes, definers: list[int], is_wanted: Wanted
    ) -> list[tuple[int, int]]:
        """Return the macros of a name that a file includes and asks for before it defines the name itself.

        It does that where it sets a value that nobody has set (``#ifndef``), or another one (``#undef``).
        """
        if len(definers) < 2 or not all(self.is_macro(*one) for one in whole):
            return []
        file = whole[0][0]
        here = self._sources.scopes(file)
        first = min(here.binding_rows[binding] for _, binding in whole)
        if all(here.site_rows[site] >= first for site in here.sites_named(name)):
            return []
        before = dict.fromkeys(other for row, other in self._sources.included_at(file) if row < first)
        # Thousands of files may define the name, so no step here is one for each and each of these.
        seen = set(definers).intersection(chain.from_iterable(map(self.seen, before))) - {file}
        bound = (one for other in sorted(seen) for one in self._bound(other, name, is_wanted))
        return [one for one in bound if self.is_macro(*one)]

    def _declared_too(self, file: int, name: bytes, definers: list[int], is_wanted: Wanted) -> list[tuple[int, int]]:
        """Return what headers that a file includes declare by the name of a variable that is for this file alone.

        No compiler takes both, so they stand in branches of an ``#if``.
        """
        headers = [other for other in definers if other != file and self.is_header(other)]
        seen = self.seen(file) if headers else ()
        bound = (one for other in headers if other in seen for one in self._bound(other, name, is_wanted))
        declared = [one for one in bound if self.is_declaration(*one) and not self._has_flag(*one, of.FLAG_PRIVATE)]
        if not declared:
            return []
        anchors = [one[0] for one in declared]
        found = [
            one
            for other in self._nearest(definers, anchors)
            for one in self._bound(other, name, is_wanted)
            if self._is_linked(*one)
        ]
        return self._best(found, anchors) or declared

    def _steps_to(self, file: int, definers: list[int]) -> Iterator[set[int]]:
        """Yield which of some files a file sees, the nearest first, while a further step may find another.

        What is no header is included by the file that needs it, or by one that this includes.
        """
        headers = {other for other in definers if self.is_header(other)}
        may_ask_graph = len(definers) <= _MOST_TARGETS
        if may_ask_graph and len(self._graph):
            # Others went further than a few steps: what this file includes is likely to be known.
            all_steps = self._graph.steps_between(file, definers)
            if all_steps is not None:
                yield from _levels(all_steps, headers)
                return
        sight, unseen = self._sight(file), set(headers)
        for steps in count():
            while not sight.is_whole and sight.n_steps < steps:
                sight.go_on()
            reached = {other for other in definers if sight.steps.get(other) == steps}
            if reached:
                yield reached
            unseen -= reached
            is_over = sight.is_whole and steps >= sight.n_steps
            if is_over or (steps >= _STEPS_TO_SOURCES and not unseen):
                return
            if steps == _STEPS_TO_SOURCES and may_ask_graph and not sight.is_whole:
                all_steps = self._graph.steps_between(file, definers)
                if all_steps is not None:
                    yield from _levels(all_steps, headers, behind=steps)
                    return

    def _out_of_sight(self, file: int, name: bytes, definers: list[int], is_wanted: Wanted) -> tuple[Meanings, int]:
        """Return what a name means that no file declares which the file is known to see."""
        others = self._nearest(definers, [file])
        everywhere = [one for other in others for one in self._bound(other, name, is_wanted)]
        found = self._without_macros_of_others(everywhere, file)
        if not found:
            return OUTSIDE, IS_OUTSIDE
        linked = self._best([one for one in found if self._is_linked(*one)], [file])
        is_for_all = self.is_header(file) or not any(self.is_declaration(*one) for one in found)
        if linked and is_for_all and self._may_be_linked(file, name):
            return _bound(linked), BY_IMPORT
        # It may be seen by a way that is not known: through a file that is made, or a flag of the compiler.
        whole = [one for one in everywhere if not self.is_declaration(*one)]
        files = {one[0] for one in whole}
        is_seen = self.is_header(file) or all(self._kind(*one) in _TYPES for one in whole)
        if len(files) == 1 and not linked and (is_seen or self._is_header_beside(next(iter(files)), file)):
            return _bound(whole), BY_GUESS
        return NOTHING, IS_UNKNOWN

    def _without_macros_of_others(self, found: list[tuple[int, int]], file: int) -> list[tuple[int, int]]:
        """Leave out the macros of files that are no headers: they are known there and in what these files include."""
        macros = {one for one in found if not self.is_header(one[0]) and self.is_macro(*one)}
        origins = {one[0] for one in macros}
        if len(origins) == 1 and self.is_header(file) and file in self.seen(next(iter(origins))):
            return found
        return [one for one in found if one not in macros]

    def _may_be_linked(self, file: int, name: bytes) -> bool:
        """Return whether a file can mean what another one defines, though no declaration is known that it sees.

        A header from outside may declare something else of that name, such as ``fopen``. So the name must be in a file
        that this one sees, where it is not read as a declaration: in the body of a function, in brackets.
        """
        here = self._sources.scopes(file)
        if any(self.is_declaration(file, one) for one in here.bindings_named(name)):
            return True
        if not self._sees_outside(file):
            return True
        # All files that have a name ask for the others: their set is made once, and no step here is one for each.
        key = self._sources.family(file), name
        if self._naming[0] != key:
            self._naming = key, frozenset(self._sources.files_with(file, name))
        return not self._naming[1].intersection(self.seen(file)) <= {file}

    def _sees_outside(self, file: int) -> bool:
        """Return whether a file, or one that it includes, includes one that is not in the repository."""
        known = self._seeing_outside.get(file)
        if known is None:
            is_own = self._includes_outside(file)
            known = self._seeing_outside[file] = is_own or any(map(self._includes_outside, self.seen(file)))
        return known

    def _includes_outside(self, file: int) -> bool:
        known = self._outside.get(file)
        if known is None:
            known = self._outside[file] = self._sources.includes_outside(file)
        return known

    def _includers(self, file: int) -> Iterator[list[int]]:
        """Yield the files that include a file, then those that include these, and so on: some."""
        known, level = {file}, [file]
        while level and len(known) < _MOST_INCLUDERS:
            found = dict.fromkeys(other for one in level for other in self._sources.including(one))
            level = [other for other in found if other not in known][:_MOST_INCLUDERS]
            known.update(level)
            yield level

    def _best(self, found: list[tuple[int, int]], anchors: list[int]) -> list[tuple[int, int]]:
        """Return those of some bindings whose files are nearest to others."""
        if len(found) < 2:
            return found
        nearness = [self._nearness(one[0], anchors) for one in found]
        return [one for one, near in zip(found, nearness, strict=True) if near == max(nearness)]

    def _bound(self, file: int, name: bytes, is_wanted: Wanted) -> list[tuple[int, int]]:
        key = file, name, is_wanted
        found = self._bound_in.get(key)
        if found is None:
            if len(self._bound_in) > _MOST_BOUND:
                self._bound_in.clear()
            here = self._sources.scopes(file)
            found = self._bound_in[key] = [(file, one) for one in here.bindings_named(name) if is_wanted(file, one)]
        return found

    def _nearest(self, files: list[int], anchors: list[int]) -> list[int]:
        if len(files) <= _MOST_DEFINERS:
            return files
        return sorted(files, key=lambda file: -self._nearness(file, anchors))[:_MOST_DEFINERS]

    def _is_header_beside(self, file: int, other: int) -> bool:
        return self.is_header(file) and self._sources.tree.folder_of(file) == self._sources.tree.folder_of(other)

    def _nearness(self, file: int, anchors: list[int]) -> int:
        """Return how many folders a file has in common with the nearest of others."""
        tree = self._sources.tree
        folder = tree.folder_of(file)
        return max(n_common_folders(folder, tree.folder_of(one)) for one in anchors)

    def is_declaration(self, file: int, binding: int) -> bool:
        """Return whether a binding says only that something is defined elsewhere: a prototype, ``extern``."""
        flags = self._sources.scopes(file).binding_flags[binding]
        if flags & of.FLAG_DECLARED:
            return self._scope_kind(file, binding) == NONE
        return bool(flags & of.FLAG_FUNCTION) and self._kind(file, binding) == "prototype"

    def _is_linked(self, file: int, binding: int) -> bool:
        """Return whether other files can mean a binding that they only declare."""
        linked = self._linked.get((file, binding))
        if linked is None:
            if len(self._linked) > _MOST_BOUND:
                self._linked.clear()
            linked = self._linked[file, binding] = self._find_whether_linked(file, binding)
        return linked

    def _find_whether_linked(self, file: int, binding: int) -> bool:
        here = self._sources.scopes(file)
        if self.is_header(file) or self.is_declaration(file, binding) or self._is_private(file, binding):
            return False
        is_function = self._scope_kind(file, binding) == of.SCOPE_FUNCTION
        return is_function or bool(here.binding_flags[binding] & of.FLAG_TYPED)

    def _is_private(self, file: int, binding: int) -> bool:
        return self._has_flag(file, binding, of.FLAG_PRIVATE) and not self.is_header(file)

    def _has_flag(self, file: int, binding: int, flag: int) -> bool:
        return bool(self._sources.scopes(file).binding_flags[binding] & flag)

    def _scope_kind(self, file: int, binding: int) -> int:
        here = self._sources.scopes(file)
        scope = here.scope_of_tag.get(here.binding_tags[binding], NONE)
        return NONE if scope == NONE else here.scope_kinds[scope]

    def is_header(self, file: int) -> bool:
        """Return whether a file is made to be included."""
        known = self._headers.get(file)
        if known is None:
            suffix = posixpath.splitext(self._sources.tree.paths[file])[1].lower()
            known = self._headers[file] = suffix in _HEADERS
        return known

    def is_macro(self, file: int, binding: int) -> bool:
        """Return whether a binding is a macro."""
        return self._kind(file, binding) == "macro"

    def is_tag(self, file: int, binding: int) -> bool:
        """Return whether a binding is a struct, a union or an enum."""
        return self._kind(file, binding) in _TAGS

    def _kind(self, file: int, binding: int) -> str:
        tag = self._sources.scopes(file).binding_tags[binding]
        return "" if tag == NONE else self._sources.kind(file, tag)


class _Included(dict[int, tuple[int, ...]]):
    """The files that each file includes itself; a file is asked when it is first needed."""

    def __init__(self, sources: Sources) -> None:
        super().__init__()
        self._sources = sources

    def __missing__(self, file: int) -> tuple[int, ...]:
        found = self[file] = self._sources.included(file)
        return found


class _Sight:
    """A file and those that it includes, step by step.

    steps     each with the number of steps to it, the nearest first.
    n_steps   how many steps were gone.
    is_whole  whether nothing further is seen.
    """

    def __init__(self, file: int, included: _Included) -> None:
        self.steps = {file: 0}
        self.n_steps = 0
        self.is_whole = False
        self._edge = [file]
        self._included = included

    def go_on(self) -> None:
        """Go one step further."""
        # A file of a large repository sees thousands of others, so no step of the loops is one of the interpreter.
        found = dict.fromkeys(chain.from_iterable(map(self._included.__getitem__, self._edge)))
        self._edge = list(filterfalse(self.steps.__contains__, found))
        self.n_steps += 1
        self.steps.update(dict.fromkeys(self._edge, self.n_steps))
        self.is_whole = not self._edge or len(self.steps) >= _MOST_SEEN


def _levels(steps_to: dict[int, int], headers: set[int], *, behind: int = -1) -> Iterator[set[int]]:
    """Yield files by the steps to them, those behind so many steps, until all headers are met."""
    is_met = all(header in steps_to for header in headers)
    last = max((steps_to[one] for one in headers), default=0) if is_met else max(steps_to.values(), default=0)
    last = max(last, _STEPS_TO_SOURCES)
    for steps in sorted({steps for steps in steps_to.values() if behind < steps <= last}):
        yield {file for file, n_steps in steps_to.items() if n_steps == steps}


def _bound(found: Iterable[tuple[int, int]]) -> tuple[Meaning, ...]:
    return tuple((BOUND, *one) for one in found)
