"""RepoMapper's class, function and command line, over our steps.

    from repomap_fast.compat.repomapper import RepoMap
    text, report = RepoMap(map_tokens=2048, root=".").get_repo_map(chat_files=[...], other_files=[...])

    python -m repomap_fast.compat.repomapper . --map-tokens 2048

Names, arguments and results are RepoMapper's: tags have one-based lines, files in the chat are listed and weigh twenty
times as much, each file of a map is followed by its rank. Tags come from an ``Index`` in the user's cache folder, in
one parallel pass; ranks from ``rank``, what is shown from ``excerpts``, how much fits from ``choose``. tiktoken counts
tokens where it is installed; else they are estimated.

These faults of RepoMapper are not kept:

===================================================== ==============================================================
there                                                 here
===================================================== ==============================================================
without files in the chat every file has rank 1       PageRank, with every file alike
the cache of tags lies in the folder that was the     in the user's cache folder, sealed, and never in the repository
current one at import, and is unpickled
no files: FileReport is called with five arguments,   an empty list, and an empty report
a TypeError; it may be unbound elsewhere
``TreeContext.format`` is called with lines, always   the scopes around what is shown, as was meant
fails, and bare numbered lines are shown
tags of all files are fetched twice                   once
a map is kept forever,  whatever changes meanwhile    each map is of the files as they are; ``force_refresh`` parses
                                                      all of them anew
``language.query`` is gone from newer tree-sitter:    a core of our own
no tags, and an error on the output
ties are in the order of a set, which changes         in the order of the paths
tokens are counted of a sample for each step of a     counted once for each file; the budget is kept, and at least nine
search by halves, in which all files are rendered     tenths of it are used where there is enough
mentioned files count only when they are spelled as   below the root or absolute
the root's own paths are
folders are walked through ignored files              what git ignores is left out
the command prints the tuple of map and report, and   the map; all else goes to the standard error output
"Chat files: ..." before it
without paths the command maps nothing                the root
a missing tiktoken ends the program                   tokens are estimated
===================================================== ==============================================================
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from repomap_fast.compat.repomapper.repo_map import FileReport, RepoMap, Tag
    from repomap_fast.compat.repomapper.searching import find_identifiers, search_identifiers
    from repomap_fast.compat.repomapper.sources import count_tokens, read_text
    from repomap_fast.compat.source_files import find_src_files

__all__ = [
    "FileReport",
    "RepoMap",
    "Tag",
    "count_tokens",
    "find_identifiers",
    "find_src_files",
    "read_text",
    "search_identifiers",
]

_MODULES = {
    **dict.fromkeys(("FileReport", "RepoMap", "Tag"), ".repo_map"),
    **dict.fromkeys(("find_identifiers", "search_identifiers"), ".searching"),
    **dict.fromkeys(("count_tokens", "read_text"), ".sources"),
    "find_src_files": "..source_files",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name], __name__), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_MODULES])
