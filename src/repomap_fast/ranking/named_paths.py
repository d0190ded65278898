"""The files that the paths, frames and dotted names of a text mean: by the last parts of their paths."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from repomap_fast.ranking import _named_paths

if TYPE_CHECKING:
    from repomap_fast.joining.graph import Graph
    from repomap_fast.tables import StringTable

_MOST_FILES_OF_MODULE = 3
_MOST_OF_NAME = 5_000
"""Files of one name that are compared with a path, the first ones."""
_OF_FOLDERS = frozenset(
    {b"__init__.py", b"__init__.pyi", b"mod.rs", b"lib.rs", b"main.rs", b"init.lua", b"package.scala"}
    | {b"index." + suffix for suffix in (b"js", b"ts", b"jsx", b"tsx", b"mjs", b"cjs", b"mts", b"cts", b"php")}
)
"""Files that stand for the folder that they are in, as modules."""
_TOP_FOLDERS = (b"", b"src/", b"lib/", b"pkg/", b"crates/", b"packages/")
_ROOT_OF_MODULES = b"crate"
_NOT_OF_MODULES = frozenset({b"src"})
_PHP = b".php"


@dataclass(frozen=True, slots=True, eq=False)
class NamedPaths:
    """The files of a repository whose last parts, or stems, stand in a text.

    of_names  by the last part of a path, with its suffix: the ids of the files.
    of_stems  by the last part of a module: the ids of the files, and their paths as modules.
    """

    paths: StringTable
    of_names: dict[bytes, list[int]]
    of_stems: dict[bytes, list[tuple[int, tuple[bytes, ...]]]]
    _fitting: dict[bytes, tuple[list[int], int]] = field(default_factory=dict)

    @classmethod
    def of(cls, graph: Graph, named: Iterable[bytes], dotted: Iterable[tuple[bytes, ...]]) -> NamedPaths:
        """Find the files for these paths and dotted names."""
        paths = graph.paths
        names = {parts[-1] for path in named if (parts := _parts(path))}
        stems = {part for parts in dotted for part in parts} | {name.rpartition(b".")[0] or name for name in names}
        stems.discard(b"")
        stems |= {stem.replace(b"_", b"-") for stem in stems if b"_" in stem}
        of_names: dict[bytes, list[int]] = defaultdict(list)
        of_stems: dict[bytes, list[tuple[int, tuple[bytes, ...]]]] = defaultdict(list)
        if not names and not stems:
            return cls(paths, of_names, of_stems)
        with_names, with_stems = _named_paths.match_parts(paths.offsets, paths.data, names, stems, set(_OF_FOLDERS))
        for file_id, name in with_names:
            if len(of_names[name]) < _MOST_OF_NAME:
                of_names[name].append(file_id)
        for file_id, stem in with_stems:
            key = stem.replace(b"-", b"_")
            if len(of_stems[key]) < _MOST_OF_NAME:
                of_stems[key].append((file_id, _as_module(paths[file_id], stem)))
        return cls(paths, of_names, of_stems)

    def fitting(self, path: bytes) -> list[int]:
        """Return the files whose paths have most of the last parts of a path."""
        return self.fitting_parts(path)[0]

    def fitting_parts(self, path: bytes) -> tuple[list[int], int]:
        """Return these files, and how many of the last parts they have."""
        if path not in self._fitting:
            self._fitting[path] = self._find(path)
        return self._fitting[path]

    def _find(self, path: bytes) -> tuple[list[int], int]:
        parts = _parts(path)
        if not parts:
            return [], 0
        found = self.of_names.get(parts[-1], [])
        if not found:
            return self._without_suffix(parts)
        n_alike = {file_id: _n_alike(parts, self.paths[file_id].split(b"/")) for file_id in found}
        most = max(n_alike.values())
        if most == 1 and len(parts) > 1 and parts[-1] in _OF_FOLDERS:
            return [], 0
        return [file_id for file_id, n in n_alike.items() if n == most], most

    def _without_suffix(self, parts: Sequence[bytes]) -> tuple[list[int], int]:
        """Return the files of a module that is written as a path; nothing but all of it counts, but for PHP."""
        if len(parts) < 2:
            return [], 0
        n_parts, parts = len(parts), [part for part in parts[:-1] if part not in _NOT_OF_MODULES] + [parts[-1]]
        modules = self.of_stems.get(parts[-1].replace(b"-", b"_"), [])
        found = [file_id for file_id, own in modules if own[-len(parts) :] == _as_names(parts)]
        if not found:
            # A namespace of PHP begins with a name that no folder has.
            found = [
                file_id
                for file_id, own in modules
                if own[-2:] == _as_names(parts[-2:]) and self.paths[file_id].endswith(_PHP)
            ]
        return found, n_parts

    def below(self, folder: bytes) -> range:
        """Return the files in a folder, which is a path below the root."""
        folder = folder.strip(b"/")
        first, last = bisect_left(self.paths, folder + b"/"), bisect_left(self.paths, folder + b"0")
        return range(first, last if folder else first)

    def modules(self, parts: tuple[bytes, ...]) -> tuple[list[int], int]:
        """Return the files of the module that is the longest beginning of a dotted name, and how many parts it has."""
        n_roots = 1 if len(parts) > 1 and parts[0] == _ROOT_OF_MODULES else 0
        names = _as_names(parts[n_roots:])
        for n_parts in range(len(names), 0, -1):
            wanted = names[:n_parts]
            if wanted[-1] not in self.of_stems:
                continue
            if n_parts == 1 and not n_roots and (len(parts) == 1 or not self._is_top(names[0])):
                break
            found = [file_id for file_id, own in self.of_stems.get(wanted[-1], ()) if own[-n_parts:] == wanted]
            if found:
                return (found, n_roots + n_parts) if len(found) <= _MOST_FILES_OF_MODULE else ([], 0)
        return [], 0

    def _is_top(self, name: bytes) -> bool:
        """Return whether a package of the repository has this name."""
        return any(len(self.below(folder + name)) for folder in _TOP_FOLDERS)


def _as_module(path: bytes, stem: bytes) -> tuple[bytes, ...]:
    """Return the parts of a path as names of a module, the last of which is ``stem``."""
    folders = path.split(b"/")[:-1]
    is_folder = path.rpartition(b"/")[2] in _OF_FOLDERS
    names = [part for part in folders if part not in _NOT_OF_MODULES]
    return _as_names(names if is_folder and names and names[-1] == stem else [*names, stem])


def _as_names(parts: Sequence[bytes]) -> tuple[bytes, ...]:
    return tuple(part.replace(b"-", b"_") for part in parts)


def _parts(path: bytes) -> list[bytes]:
    """Return the parts of a path that are names."""
    return [part for part in path.split(b"/") if part not in (b"", b".", b"..", b"~")]


def _n_alike(parts: Sequence[bytes], others: Sequence[bytes]) -> int:
    n = 0
    for one, other in zip(reversed(parts), reversed(others), strict=False):
        if one != other:
            break
        n += 1
    return n
