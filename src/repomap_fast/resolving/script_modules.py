"""JavaScript and TypeScript: from the text of an import to a file, as bundlers and TypeScript find it.

Read for it: ``paths``, ``baseUrl`` and ``extends`` of ``tsconfig.json`` and ``jsconfig.json``; ``name``, ``exports``,
``imports``, ``main``, ``module``, ``types`` and ``source`` of each ``package.json`` in the repository.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any, NamedTuple

from repomap_fast.resolving.source_tree import NOT_FOUND, NOT_HERE, SCRIPTS, Found, Written, ancestors, inside, join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from repomap_fast.resolving.source_tree import SourceTree

_SUFFIXES = (
    ".ts",
    ".tsx",
    ".d.ts",
    ".mts",
    ".cts",
    ".js",
    ".jsx",
    ".mjs",
    ".cjs",
    ".vue",
    ".svelte",
    ".astro",
    ".json",
)
_SOURCES_OF = {
    ".js": (".ts", ".tsx", ".d.ts", ".jsx"),
    ".jsx": (".tsx",),
    ".mjs": (".mts", ".d.mts"),
    ".cjs": (".cts", ".d.cts"),
}
"""What TypeScript reads in place of what it writes."""
_BUILT = ("dist", "lib", "build", "out", "esm", "cjs", "es", "types")
"""Folders that a build writes: what a package exports from there has its source elsewhere."""
_CONDITIONS = ("source", "types", "import", "module", "browser", "node", "development", "require", "default")
_ENTRIES = ("source", "types", "typings", "module", "main")
_MOST_EXTENDED = 8
_MOST_GIVEN = 2_000
"""Paths that one package exports."""
_MOST_TARGETS = 32
"""Of one pattern, and conditions in conditions, that are followed."""


class _Paths(NamedTuple):
    """What a tsconfig.json says of module names: the folder of ``baseUrl``, or None, and ``paths`` below ``folder``."""

    base: str | None
    folder: str
    paths: dict[str, Any]


class ScriptModules:
    """Finds modules."""

    def __init__(self, tree: SourceTree) -> None:
        self._tree = tree
        self._packages: dict[str, tuple[str, dict[str, Any]]] = {}
        self._package_at: dict[str, dict[str, Any]] = {}
        for folder in tree.folders_with("package.json", SCRIPTS):
            package = tree.read_json(posixpath.join(folder, "package.json"))
            self._package_at[folder] = package
            if isinstance(name := package.get("name"), str) and name:
                self._packages.setdefault(name, (folder, package))
        self._paths_of: dict[str, _Paths | None] = {}

    def find(self, row: int, written: Written) -> Found:
        """Return what an import in a file means."""
        folder, module = self._tree.folder_of(row), written.module.partition("?")[0]
        if module.startswith(("./", "../")) or module in (".", ".."):
            path = join(folder, module)
            found = None if path is None else self._file(path)
            return NOT_FOUND if found is None else inside(found)
        if module.startswith("#"):
            return self._own_import(folder, module)
        found = self._by_paths(folder, module)
        if found is not None:
            return inside(found)
        package = self._package_of(module)
        if package is not None:
            found = self._in_package(*self._packages[package], module[len(package) :])
            return NOT_FOUND if found is None else inside(found)
        if module.startswith(("@/", "~/")):
            return self._below_source(folder, module[2:])
        if module == "$lib" or module.startswith("$lib/"):
            # SvelteKit writes the settings that say so, and nobody commits them.
            return self._below_source(folder, module[1:])
        return NOT_HERE

    def _file(self, path: str) -> int | None:
        """Return the file that a path without or with a suffix means."""
        tree = self._tree
        stem, suffix = posixpath.splitext(path)
        # What declares a file says what it gives, as it does to TypeScript.
        sources = _SOURCES_OF.get(suffix, ())
        written = tree.first_of(f"{stem}{source}" for source in sources)
        if written is not None:
            return written
        if path in tree.row_of:
            return tree.row_of[path]
        found = tree.first_of(f"{path}{suffix}" for suffix in _SUFFIXES)
        if found is not None or path not in tree.folders:
            return found
        for entry in self._entries(self._package_at.get(path, {})):
            target = join(path, entry)
            found = None if target in (None, path) else self._at_target(path, entry)
            if found is not None:
                return found
        return tree.first_of(posixpath.join(path, f"index{suffix}") for suffix in _SUFFIXES)

    def _entries(self, package: dict[str, Any]) -> Iterator[str]:
        return (entry for name in _ENTRIES if isinstance(entry := package.get(name), str))

    # Packages of the repository

    def entries(self) -> list[int]:
        """Return the files that packages export, and the files that packages run."""
        found = set()
        for folder, package in self._package_at.items():
            targets = [
                *_all_targets(package.get("exports")),
                *self._entries(package),
                *_all_targets(package.get("bin")),
            ]
            for target in targets or ["index"]:
                row = self._at_target(folder, target.removesuffix("*"))
                if row is not None:
                    found.add(row)
        return sorted(found)

    def _package_of(self, module: str) -> str | None:
        """Return the package that a module's name begins with, if it is one of the repository."""
        parts = module.split("/")
        name = "/".join(parts[: 2 if module.startswith("@") else 1])
        return name if name in self._packages else None

    def _in_package(self, folder: str, package: dict[str, Any], rest: str) -> int | None:
        """Return the file of a package, or of what is below it."""
        for target in _exported(package.get("exports"), f".{rest}"):
            if (found := self._at_target(folder, target)) is not None:
                return found
        if not rest:
            for entry in self._entries(package):
                if (found := self._at_target(folder, entry)) is not None:
                    return found
        below = rest.lstrip("/")
        places = (posixpath.join(folder, "src", below), posixpath.join(folder, below))
        for path in places:
            found = self._file(path.rstrip("/")) if below else self._index_of(path.rstrip("/"))
            if found is not None:
                return found
        return None

    def _index_of(self, folder: str) -> int | None:
        return self._tree.first_of(posixpath.join(folder, f"index{suffix}") for suffix in _SUFFIXES)

    def _at_target(self, folder: str, target: str) -> int | None:
        """Return the file that a package names; of one that a build writes, its source."""
        path = join(folder, target)
        if path is None:
            return None
        found = self._tree.first_of([path]) if path in self._tree.row_of else None
        if found is not None:
            return found
        relative = path[len(folder) :].lstrip("/") if folder else path
        first, _, rest = relative.partition("/")
        if not rest:
            return self._file_of_any_suffix(path)
        if first in _BUILT:
            # dist/esm/x.js is as likely written from src/x.ts as dist/x.js is.
            inner = rest.partition("/")[2] if rest.partition("/")[0] in _BUILT else ""
            for tail in filter(None, (rest, inner)):
                for sources in ("src", ""):
                    found = self._file_of_any_suffix(posixpath.join(folder, sources, tail))
                    if found is not None:
                        return found
        return self._file_of_any_suffix(path)

    def _file_of_any_suffix(self, path: str) -> int | None:
        stem = path.removesuffix(".d.ts")
        if stem == path:
            stem = posixpath.splitext(path)[0]
        return self._tree.first_of(f"{one}{suffix}" for one in (path, stem) for suffix in _SUFFIXES)

    def _own_import(self, folder: str, module: str) -> Found:
        """Return what ``#name`` means: what the package around the file says."""
        for around in ancestors(folder):
            package = self._package_at.get(around)
            if package is not None and package.get("imports"):
                for target in _exported(package["imports"], module):
                    if (found := self._at_target(around, target)) is not None:
                        return inside(found)
                return NOT_FOUND
        return NOT_FOUND

    # tsconfig.json

    def _by_paths(self, folder: str, module: str) -> int | None:
        """Return the file that ``paths`` or ``baseUrl`` give a name."""
        said = self._paths_around(folder)
        if said is None:
            return None
        for target in _matching(said.paths, module):
            path = join(said.folder, target)
            if path is not None and (found := self._file(path)) is not None:
                return found
        if said.base is not None:
            path = join(said.base, module)
            if path is not None:
                return self._file(path)
        return None

    def _paths_around(self, folder: str) -> _Paths | None:
        """Return what the nearest tsconfig.json says that says anything of names."""
        if folder not in self._paths_of:
            said = None
            for name in ("tsconfig.json", "jsconfig.json"):
                if self._tree.has_settings(path := posixpath.join(folder, name)):
                    said = said or self._read_paths(path, _MOST_EXTENDED)
            if said is None and folder:
                said = self._paths_around(posixpath.dirname(folder))
            self._paths_of[folder] = said
        return self._paths_of[folder]

    def _read_paths(self, path: str, n_left: int) -> _Paths | None:
        settings, folder = self._tree.read_json(path), posixpath.dirname(path)
        options = settings.get("compilerOptions")
        options = options if isinstance(options, dict) else {}
        base, paths = options.get("baseUrl"), options.get("paths")
        based = join(folder, base) if isinstance(base, str) else None
        if based is not None or isinstance(paths, dict):
            return _Paths(based, folder if based is None else based, paths if isinstance(paths, dict) else {})
        extended = settings.get("extends")
        for one in extended if isinstance(extended, list) else [extended]:
            target = join(folder, one) if isinstance(one, str) and one.startswith(".") else None
            found = (
                None
                if target is None
                else next((p for p in (target, f"{target}.json") if self._tree.has_settings(p)), None)
            )
            if found is not None and n_left and (said := self._read_paths(found, n_left - 1)) is not None:
                return said
        return None

    def _below_source(self, folder: str, path: str) -> Found:
        """Return what ``@/path`` means where no settings say it: below ``src`` of the package around the file."""
        for around in ancestors(folder):
            if around in self._package_at or not around:
                for sources in ("src", ""):
                    found = self._file(posixpath.join(around, sources, path))
                    if found is not None:
                        return inside(found)
        return NOT_FOUND


def _all_targets(exports: Any) -> list[str]:
    """Return all paths in ``exports`` or ``bin`` of a package.json, whatever names and conditions they have."""
    found: list[str] = []
    waiting = [exports]
    while waiting and len(found) < _MOST_GIVEN:
        one = waiting.pop()
        if isinstance(one, str):
            found.append(one)
        elif isinstance(one, (list, dict)):
            waiting += one.values() if isinstance(one, dict) else one
    return found


def _exported(exports: Any, wanted: str) -> Iterable[str]:
    """Yield the paths that ``exports`` or ``imports`` of a package.json give a name, the best first."""
    if isinstance(exports, dict) and any(isinstance(key, str) and key[:1] in (".", "#") for key in exports):
        yield from _matching(exports, wanted)
    elif wanted == ".":
        yield from _targets(exports, "")


def _matching(patterns: dict[str, Any], wanted: str) -> Iterator[str]:
    """Yield the targets of the pattern that fits a name: the whole name, or the longest with a ``*`` in it."""
    if wanted in patterns:
        yield from _targets(patterns[wanted], "")
        return
    fitting = []
    for pattern in patterns:
        before, is_open, after = pattern.partition("*")
        long_enough = len(wanted) >= len(before) + len(after)
        if is_open and long_enough and wanted.startswith(before) and wanted.endswith(after):
            fitting.append((len(before), pattern, wanted[len(before) : len(wanted) - len(after)]))
    for _, pattern, matched in sorted(fitting, reverse=True):
        yield from _targets(patterns[pattern], matched)


def _targets(target: Any, matched: str) -> list[str]:
    """Return the paths that a target names, of all conditions, ``*`` replaced."""
    found: list[str] = []
    waiting = [target]
    for _ in range(_MOST_TARGETS):
        if not waiting:
            break
        one = waiting.pop(0)
        if isinstance(one, str):
            found.append(one.replace("*", matched))
        elif isinstance(one, list):
            waiting = [*one, *waiting]
        elif isinstance(one, dict):
            waiting = [*(one[condition] for condition in _CONDITIONS if condition in one), *waiting]
    return found
