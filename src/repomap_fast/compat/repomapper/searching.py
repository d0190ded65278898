"""RepoMapper's search: names that hold a text, with the lines around them."""

from __future__ import annotations

import asyncio
import logging
import os
from typing import Any

from repomap_fast.compat.repomapper.repo_map import RepoMap
from repomap_fast.compat.source_files import find_src_files

_log = logging.getLogger("repomap_fast")


def find_identifiers(
    project_root: str,
    query: str,
    max_results: int = 50,
    context_lines: int = 2,
    include_definitions: bool = True,
    include_references: bool = True,
) -> dict[str, Any]:
    """Return ``{"results": [...]}``, each with file, line, name, kind (def or ref) and context; or ``{"error": ...}``.

    The query's case does not matter. Definitions come first, then names in which the text stands further in front;
    those alike in the order of files and lines.
    """
    if not os.path.isdir(project_root):
        return {"error": f"Project root directory not found: {project_root}"}
    try:
        repo_map = RepoMap(root=project_root)
        files = [os.path.realpath(path) for path in find_src_files(project_root)]
        wanted = query.lower()
        found = [
            tag
            for of_file in repo_map.get_tags_of_files(files)
            for tag in of_file
            if wanted in tag.name.lower() and (include_definitions if tag.kind == "def" else include_references)
        ]
        found.sort(key=lambda tag: (tag.kind != "def", tag.name.lower().find(wanted)))
        results = []
        for tag in found[: max(0, max_results)]:
            lines = range(tag.line - context_lines, tag.line + context_lines + 1)
            context = repo_map.render_tree(tag.fname, tag.rel_fname, lines)
            fields = {"file": tag.rel_fname, "line": tag.line, "name": tag.name, "kind": tag.kind}
            results.append({**fields, "context": context})
    except Exception as error:
        _log.exception("the search in %s failed", project_root)
        return {"error": f"Error searching identifiers: {error}"}
    return {"results": results}


async def search_identifiers(
    project_root: str,
    query: str,
    max_results: int = 50,
    context_lines: int = 2,
    include_definitions: bool = True,
    include_references: bool = True,
) -> dict[str, Any]:
    """Return what ``find_identifiers`` returns, which runs in a thread, as a server has it."""
    return await asyncio.to_thread(
        find_identifiers, project_root, query, max_results, context_lines, include_definitions, include_references
    )
