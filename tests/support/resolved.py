"""Small repositories whose references are resolved, for tests of rules."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import repomap_fast
from repomap_fast import ScanResult
from repomap_fast.resolving.meanings import HOWS
from repomap_fast.resolving.site_resolver import SiteResolver
from support.import_trees import write_files


def resolved(root: Path, files: dict[str, str], name: str, *, path: str = "use.py") -> list[str]:
    """Write files, and return what each site of a name in one of them means, in the order of the text.

    Each is how it was found, and ``path:line`` of the targets, lines from 1: ``import a.py:1 b.py:2``.
    """
    write_files(root, files)
    return sites_of(root, name, path)


def sites_of(root: Path, name: str, path: str) -> list[str]:
    """Return what each site of a name in a file means, as ``resolved`` does."""
    result = repomap_fast.scan(root, cache=False)
    resolver = SiteResolver(result)
    paths = [os.fsdecode(one) for one in result.file_table.paths]
    file = paths.index(path)
    sources = resolver.sources
    found = []
    for site in sources.scopes(file).sites_named(name.encode()):
        how, targets = resolver.resolve(file, site)
        lines = [f"{paths[other]}:{sources.scopes(other).binding_rows[binding] + 1}" for other, binding in targets]
        found.append(" ".join([HOWS[how], *lines]))
    return found


def all_sites(
    root: Path, *, result: ScanResult | None = None, order: Callable[[list[tuple[int, int]]], object] = list
) -> dict[str, str]:
    """Return what each site of a folder means: ``path:line:column name`` to what ``resolved`` says of it.

    result  a scan of it; None for a fresh one.
    order   brings the questions, pairs of file and site, into another order.
    """
    result = result or repomap_fast.scan(root, cache=False)
    resolver = SiteResolver(result)
    paths = [os.fsdecode(one) for one in result.file_table.paths]
    sources = resolver.sources
    files = [file for file in range(len(paths)) if resolver.can_resolve(file)]
    questions = [(file, site) for file in files for site in range(len(sources.scopes(file).site_names))]
    order(questions)
    found = {}
    for file, site in questions:
        here = sources.scopes(file)
        how, targets = resolver.resolve(file, site)
        lines = [f"{paths[one]}:{sources.scopes(one).binding_rows[binding] + 1}" for one, binding in targets]
        name = here.names[here.site_names[site]].decode()
        key = f"{paths[file]}:{here.site_rows[site] + 1}:{here.site_columns[site]} {name}"
        found[key] = " ".join([HOWS[how], *lines])
    return found
