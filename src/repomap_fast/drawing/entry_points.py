"""Where a repository starts: what its manifests install as commands, and functions and files with which programs begin.

Nothing of a repository is run; manifests are read as text.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.arrays import distinct
from repomap_fast.drawing.formats import EntryPoint
from repomap_fast.joining.file_traits import classify_files
from repomap_fast.languages.called_names import all_starts, starts_of
from repomap_fast.languages.table import LANGUAGES
from repomap_fast.paths import encoded, row_of, rows_at, rows_ending_in
from repomap_fast.tables import ROLE_DEFINITION

if TYPE_CHECKING:
    from repomap_fast.drawing.sources import Sources
    from repomap_fast.joining.graph import Graph
    from repomap_fast.ranking.rank import Ranking
    from repomap_fast.tables import FileTable, StringTable

_MOST_OF_MANIFEST = 20
_MOST_MAINS = 50
"""Files with a function ``main`` that are looked into, the best first."""
_MOST_PROGRAMS = 5
_MANIFEST_CHARACTERS = 200_000
_SCRIPTS_OF_TOML = frozenset({"[project.scripts]", "[project.gui-scripts]", "[tool.poetry.scripts]"})
_SCRIPT = re.compile(r"""["']?([\w.-]+)["']?\s*=\s*["']?([\w.]+):([\w.]+)""")
_QUOTED_SCRIPT = re.compile(r"""["']([\w.-]+)\s*=\s*([\w.]+):([\w.]+)\s*["']""")
_PACKAGE_FOLDERS = (b"", b"src/", b"lib/")
_NOT_STARTED = re.compile(rb"(?:.*/)?(?:build\.rs|bench(?:es|marks?)?/.*)|docs?/.*", re.DOTALL)
"""Files with a ``main`` that is no start of the repository: steps of its build, benchmarks, code in documents."""
_PROGRAM_FOLDERS = (b"exe", b"bin")
_FUNCTIONS = frozenset({"function", "method"})


def list_entry_points(files: FileTable, graph: Graph, ranking: Ranking, sources: Sources) -> Iterator[EntryPoint]:
    """Yield what a user starts, commands of manifests first; each file once."""
    seen: set[str] = set()
    for found in (_of_manifests(files.paths, sources), _of_mains(files, graph, ranking), _programs(files.paths)):
        for one in found:
            if one.path not in seen:
                seen.add(one.path)
                yield one


def _of_manifests(paths: StringTable, sources: Sources) -> Iterator[EntryPoint]:
    for name in ("pyproject.toml", "setup.cfg", "setup.py", "package.json", "composer.json"):
        row = row_of(paths, encoded(name))
        if row is None:
            continue
        text = sources.lines(row).text[:_MANIFEST_CHARACTERS].decode("utf-8", "replace")
        if name.endswith(".json"):
            yield from _programs_of_json(paths, text)
            continue
        for command, module, function in _scripts(name, text):
            path = _path_of_module(paths, module)
            if path is not None:
                yield EntryPoint(os.fsdecode(path), f"{command} ({function})" if command != function else command, None)


def _scripts(name: str, text: str) -> list[tuple[str, str, str]]:
    """Return command, module and function of each command that a package of Python installs."""
    if name == "setup.py":
        return _QUOTED_SCRIPT.findall(text)[:_MOST_OF_MANIFEST]
    found: list[tuple[str, str, str]] = []
    is_here = False
    for line in text.split("\n"):
        if line.startswith("["):
            is_here = line.rstrip() in _SCRIPTS_OF_TOML
        elif name == "setup.cfg" and not line[:1].isspace():
            is_here = line.startswith("console_scripts")
        elif name == "setup.cfg" and line.strip().startswith("console_scripts"):
            is_here = True
        if is_here and len(found) < _MOST_OF_MANIFEST and (script := _SCRIPT.match(line.strip())):
            found.append((script[1], script[2], script[3]))
    return found


def _path_of_module(paths: StringTable, module: str) -> bytes | None:
    inner = encoded(module.replace(".", "/"))
    for folder in _PACKAGE_FOLDERS:
        for ending in (b".py", b"/__init__.py"):
            if row_of(paths, folder + inner + ending) is not None:
                return folder + inner + ending
    return None


def _programs_of_json(paths: StringTable, text: str) -> Iterator[EntryPoint]:
    try:
        made = json.loads(text)
    except (ValueError, RecursionError):
        return
    found = made.get("bin") if isinstance(made, dict) else None
    named = found if isinstance(found, dict) else {"": found} if isinstance(found, str) else {}
    if isinstance(found, list):
        named = {str(one).rpartition("/")[2]: one for one in found}
    for command, path in list(named.items())[:_MOST_OF_MANIFEST]:
        if isinstance(path, str) and row_of(paths, key := encoded(path.removeprefix("./"))) is not None:
            yield EntryPoint(os.fsdecode(key), command, None)


def _of_mains(files: FileTable, graph: Graph, ranking: Ranking) -> Iterator[EntryPoint]:
    """Yield files called ``__main__.py`` and functions that programs begin with, outside of tests and examples."""
    modules = rows_ending_in(files.paths, b"/__main__.py")
    kinds = classify_files(files, modules)
    for row in modules[kinds == 0].tolist():
        yield EntryPoint(os.fsdecode(files.paths[row]), "", None)
    names = all_starts()
    ids = graph.tags.find([os.fsencode(name) for name in names]).tolist()
    name_of = {name_id: name for name_id, name in zip(ids, names, strict=True) if name_id >= 0}
    found = distinct(graph.definers_of(np.array(sorted(name_of), np.int64))[0])
    of_files = files.rows_with_language()
    is_function = np.array([kind in _FUNCTIONS for kind in graph.kinds], np.bool_)
    found = found[classify_files(files, of_files[found]) == 0]
    for file in found[np.argsort(-ranking.file_values[found], kind="stable")][:_MOST_MAINS].tolist():
        if _NOT_STARTED.fullmatch(graph.paths[file]):
            continue
        tags = graph.tags.of_file(file)
        starts = starts_of(LANGUAGES[files.language_ids[of_files[file]]].name)
        wanted = [name_id for name_id, name in name_of.items() if name in starts]
        is_wanted = np.isin(tags.name_ids, wanted) & (tags.roles == ROLE_DEFINITION) & is_function[tags.kind_ids]
        rows = np.flatnonzero(is_wanted)
        if len(rows):
            first = rows[0]
            yield EntryPoint(
                os.fsdecode(graph.paths[file]), name_of[int(tags.name_ids[first])], int(tags.rows[first]) + 1
            )


def _programs(paths: StringTable) -> Iterator[EntryPoint]:
    """Yield the files right in the folders that programs lie in."""
    for folder in _PROGRAM_FOLDERS:
        inside = (paths[row] for row in rows_at(paths, folder)[:_MOST_MAINS])
        for path in [one for one in inside if one.count(b"/") == 1][:_MOST_PROGRAMS]:
            yield EntryPoint(os.fsdecode(path), "", None)
