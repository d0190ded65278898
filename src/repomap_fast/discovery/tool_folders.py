"""Recognizes folders that tools make: fetched packages, environments, build output, caches.

It never leaves out what git tracks. A folder counts only if it cannot hold a user's sources: its name
has no other use, or a file in it or beside it says which tool made it. So ``build``, ``dist``, ``lib`` and the like are
no such folders by their names alone.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from repomap_fast.safe_files import read_start

_BY_NAME = frozenset(
    name.encode()
    for name in (
        *("node_modules", "bower_components", "jspm_packages", "site-packages", "__pypackages__", "elm-stuff"),
        *("__pycache__", ".tox", ".nox", ".eggs", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".ipynb_checkpoints"),
        *(".terraform", ".terragrunt-cache", ".gradle", ".dart_tool", ".stack-work", "dist-newstyle", ".zig-cache"),
        *(".next", ".nuxt", ".svelte-kit", ".angular", ".parcel-cache", ".turbo", ".nyc_output", ".direnv"),
        *(".venv", ".virtualenv", ".hg", ".svn", ".jj"),
    )
)
_BESIDE = {
    b"target": (b"Cargo.toml", b"pom.xml", b"build.sbt"),
    b".build": (b"Package.swift",),
    b"_build": (b"mix.exs", b"dune-project", b"rebar.config"),
    b"deps": (b"mix.lock",),
    b"Pods": (b"Podfile.lock",),
}
"""By the name of a folder: files, of which one beside it shows that a tool made it."""

_ENVIRONMENT = b"pyvenv.cfg"
_CACHE_TAG = b"CACHEDIR.TAG"
_CACHE_SIGNATURE = b"Signature: 8a477f597d28d172789f06886806bc55"
"""bford.info/cachedir"""
_CMAKE_CACHE = b"CMakeCache.txt"
_CMAKE_SOURCES = b"CMakeLists.txt"

_MARKERS = (_ENVIRONMENT, _CACHE_TAG, _CMAKE_CACHE)


def is_tool_folder_by_place(name: bytes, beside: Collection[bytes]) -> bool:
    """Return whether a tool made the folder ``name``, by its name and the names ``beside`` it."""
    return name in _BY_NAME or any(one in beside for one in _BESIDE.get(name, ()))


def is_tool_folder_by_contents(path: bytes, names: Collection[bytes]) -> bool:
    """Return whether a tool made the folder at ``path``, by the ``names`` of what is in it."""
    if _ENVIRONMENT in names or (_CMAKE_CACHE in names and _CMAKE_SOURCES not in names):
        return True
    return _CACHE_TAG in names and _is_cache(path)


def is_told_by_a_file(names: Collection[bytes]) -> bool:
    """Return whether the contents of a file among ``names``, not these alone, say if a tool made their folder."""
    return _CACHE_TAG in names


def _is_cache(path: bytes) -> bool:
    try:
        tag = read_start(os.path.join(path, _CACHE_TAG), len(_CACHE_SIGNATURE), follow_link=False)
    except OSError:
        return False
    return tag == _CACHE_SIGNATURE


@dataclass(slots=True)
class LeftOut:
    """folders: those that tools made, outermost ones only; positions: of the paths below them, rising."""

    folders: list[bytes] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)


def find_tool_folders(root: bytes, paths: Iterable[bytes]) -> LeftOut:
    """Find the folders that tools made among the folders of ``paths``, which are sorted and below ``root``."""
    paths = list(paths)
    marked = _marked_folders(root, paths)
    left_out = LeftOut()
    is_made_by_folder: dict[bytes, bool] = {b"": False}
    made = b""
    for position, path in enumerate(paths):
        if made and path.startswith(made):
            left_out.positions.append(position)
            continue
        made = b""
        folder = path.rpartition(b"/")[0]
        if is_made_by_folder.get(folder) is False:
            continue
        end = path.find(b"/")
        while end >= 0:
            folder = path[:end]
            if folder not in is_made_by_folder:
                is_made_by_folder[folder] = folder in marked or _is_made_by_place(root, folder)
            if is_made_by_folder[folder]:
                made = folder + b"/"
                left_out.folders.append(folder)
                left_out.positions.append(position)
                break
            end = path.find(b"/", end + 1)
    return left_out


def _is_made_by_place(root: bytes, folder: bytes) -> bool:
    parent, _, name = folder.rpartition(b"/")
    beside = [one for one in _BESIDE.get(name, ()) if os.path.lexists(os.path.join(root, parent, one))]
    return is_tool_folder_by_place(name, beside)


def _marked_folders(root: bytes, paths: list[bytes]) -> set[bytes]:
    names_by_folder: dict[bytes, list[bytes]] = {}
    for path in paths:
        if path.endswith(_MARKERS):
            folder, _, name = path.rpartition(b"/")
            if folder and name in _MARKERS:
                names_by_folder.setdefault(folder, []).append(name)
    found = set()
    for folder, names in names_by_folder.items():
        path = os.path.join(root, folder)
        if _CMAKE_CACHE in names and os.path.lexists(os.path.join(path, _CMAKE_SOURCES)):
            names.append(_CMAKE_SOURCES)
        if is_tool_folder_by_contents(path, names):
            found.add(folder)
    return found
