"""C, C++: which of all definitions of a name a file means, by what it includes, and what a declaration stands for."""

from __future__ import annotations

import posixpath
from collections import OrderedDict
from typing import TYPE_CHECKING

from repomap_fast.joining import facts as of
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
_MOST_INCLUDERS = 50
"""Files around an included one that are asked what they see."""
_MOST_PICKED = 200_000
"""Answers that are remembered."""
_MOST_DEFINERS = 200
"""Files with definitions of one name that are read, the nearest first."""
_TAGS = frozenset(("struct", "union", "enum", "class"))
"""Kinds of definitions that C knows by a name behind a word (``struct S``), apart from all other names."""
_TYPES = _TAGS | {"type"}


class Declarations:
    """Finds the definitions that files mean by names."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._seen: OrderedDict[int, dict[int, int]] = OrderedDict()
        self._included: dict[int, tuple[int, ...]] = {}
        self._picked: dict[tuple[int, bytes, object], tuple[Meanings, int]] = {}

    def seen(self, file: int) -> dict[int, int]:
        """Return a file and those that it includes, the nearest first, each with the number of steps to it."""
        seen = self._seen.get(file)
        if seen is None:
            seen = self._seen[file] = {file: 0}
            edge, steps = [file], 0
            while edge and len(seen) < _MOST_SEEN:
                steps += 1
                found = (other for one in edge for other in self.included(one))
                edge = [other for other in dict.fromkeys(found) if other not in seen]
                seen.update(dict.fromkeys(edge, steps))
            if len(self._seen) > _MOST_KEPT:
                self._seen.popitem(last=False)
        else:
            self._seen.move_to_end(file)
        return seen

    def included(self, file: int) -> tuple[int, ...]:
        """Return the files that a file includes itself."""
        included = self._included.get(file)
        if included is None:
            included = self._included[file] = self._sources.included(file)
        return included

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
            return _bound([*whole, *self._given_around(file, name, definers, is_wanted)]), BY_SCOPE
        if not here and not definers:
            return OUTSIDE, IS_OUTSIDE
        found = self._in_sight(file, name, definers, is_wanted)
        if found:
            return _bound(found), BY_IMPORT
        if not any(self._bound(other, name, is_wanted) for other in definers):
            return OUTSIDE, IS_OUTSIDE
        # What is included sees what those see who include it.
        for level in self._includers(file):
            seen = (one for other in level for one in self._in_sight(other, name, definers, is_wanted))
            found = list(dict.fromkeys(seen))
            if found:
                return _bound(found), BY_IMPORT
        return self._out_of_sight(file, name, definers, is_wanted)

    def _in_sight(self, file: int, name: bytes, definers: list[int], is_wanted: Wanted) -> list[tuple[int, int]]:
        """Return what a name means by what a file and those that it includes say of it."""
        seen = self.seen(file)
        near = [one for other in definers if other in seen for one in self._bound(other, name, is_wanted)]
        whole = [one for one in near if not self.is_declaration(*one)]
        if whole:
            nearest = min(seen[one[0]] for one in whole)
            whole = [one for one in whole if seen[one[0]] == nearest]
            # Another branch of an #if may only declare it.
            files = {one[0] for one in whole}
            near = [one for one in near if one[0] in files and one not in whole]
        if not near:
            return whole
        anchors = [one[0] for one in near]
        others = self._nearest([other for other in definers if other not in seen], anchors)
        found = [one for other in others for one in self._bound(other, name, is_wanted)]
        return whole + (self._best([one for one in found if self._is_linked(*one)], anchors) or near)

    def _given_around(
        self, file: int, name: bytes, definers: list[int], is_wanted: Wanted
    ) -> list[tuple[int, int]]:
        """Return the macros of a name that other files define before they include this one.

        They give what it defines another name, or set a value that it has only where nobody sets it.
        """
        if len(definers) < 2 or not self._sources.including(file):
            return []
        around = {other for level in self._includers(file) for other in level}
        bound = (one for other in definers if other in around for one in self._bound(other, name, is_wanted))
        return [one for one in bound if self.is_macro(*one) and self._is_before(*one, file)]

    def _is_before(self, file: int, binding: int, included: int) -> bool:
        """Return whether a binding stands before a file is included, directly or through others."""
        row = self._sources.scopes(file).binding_rows[binding]
        after = (other for at, other in self._sources.included_at(file) if at > row)
        return any(included in self.seen(other) for other in after)

    def _out_of_sight(self, file: int, name: bytes, definers: list[int], is_wanted: Wanted) -> tuple[Meanings, int]:
        """Return what a name means that no file declares which the file is known to see."""
        others = self._nearest(definers, [file])
        found = [one for other in others for one in self._bound(other, name, is_wanted)]
        linked = self._best([one for one in found if self._is_linked(*one)], [file])
        if linked and (self.is_header(file) or not any(self.is_declaration(*one) for one in found)):
            return _bound(linked), BY_IMPORT
        # It may be seen by a way that is not known: through a file that is made, or a flag of the compiler.
        whole = [one for one in found if not self.is_declaration(*one)]
        files = {one[0] for one in whole}
        is_seen = self.is_header(file) or all(self._kind(*one) in _TYPES for one in whole)
        if len(files) == 1 and (is_seen or self._is_header_beside(next(iter(files)), file)):
            return _bound(whole), BY_GUESS
        return NOTHING, IS_UNKNOWN

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
        here = self._sources.scopes(file)
        return [(file, one) for one in here.bindings_named(name) if is_wanted(file, one)]

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
        here = self._sources.scopes(file)
        if self.is_header(file) or self.is_declaration(file, binding) or self._is_private(file, binding):
            return False
        is_function = self._scope_kind(file, binding) == of.SCOPE_FUNCTION
        return is_function or bool(here.binding_flags[binding] & of.FLAG_TYPED)

    def _is_private(self, file: int, binding: int) -> bool:
        return bool(self._sources.scopes(file).binding_flags[binding] & of.FLAG_PRIVATE) and not self.is_header(file)

    def _scope_kind(self, file: int, binding: int) -> int:
        here = self._sources.scopes(file)
        scope = here.scope_of_tag.get(here.binding_tags[binding], NONE)
        return NONE if scope == NONE else here.scope_kinds[scope]

    def is_header(self, file: int) -> bool:
        """Return whether a file is made to be included."""
        return posixpath.splitext(self._sources.tree.paths[file])[1].lower() in _HEADERS

    def is_macro(self, file: int, binding: int) -> bool:
        """Return whether a binding is a macro."""
        return self._kind(file, binding) == "macro"

    def is_tag(self, file: int, binding: int) -> bool:
        """Return whether a binding is a struct, a union or an enum."""
        return self._kind(file, binding) in _TAGS

    def _kind(self, file: int, binding: int) -> str:
        tag = self._sources.scopes(file).binding_tags[binding]
        return "" if tag == NONE else self._sources.kind(file, tag)


def _bound(found: Iterable[tuple[int, int]]) -> tuple[Meaning, ...]:
    return tuple((BOUND, *one) for one in found)
