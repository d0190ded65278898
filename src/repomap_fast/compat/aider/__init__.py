"""aider's ``RepoMap``, as of aider 0.86.2, answered by our tagger, our ranking and our rendering.

    from repomap_fast.compat.aider import RepoMap     in place of: from aider.repomap import RepoMap
    install()                                         puts it under the aider that is installed
    python -m repomap_fast.compat.aider ARGS…         starts aider on it

It also works where aider is not installed, for those who have copied its ``repomap.py``. Constructor, methods,
attributes, ``Tag`` and the module's functions are aider's; code that replaces ``get_tags``, ``get_tags_raw``,
``get_ranked_tags``, ``render_tree``, ``to_tree``, ``token_count``, ``get_mtime`` or ``get_rel_fname``, in a subclass or
in an object, has it called. Tags are those of aider's own query files where aider is installed, else of ours.

What aider does, and what ours does:

===================================================  =================================================================
aider                                                here
===================================================  =================================================================
``io`` and ``main_model`` must be there              without ``io`` nobody is told; without a model tokens are estimated
files are names in a list or a set                   names or paths, in any iterable
language by file name (grep-ast's table)             kept where grep-ast is installed; else our table, ``.h`` being C
a file that is not UTF-8 has no tags;                kept
CRLF and CR are line feeds
captures without ``name.definition.`` or             kept
``name.reference.`` do not count
``#is-not?``, ``#strip!`` and others decide nothing  kept: predicates are py-tree-sitter's, ``#match?`` is ``re.search``
a query that does not fit its grammar ends the map   not kept: the files of that language (Julia) have no tags
the last node of each capture is counted twice       not kept
the order of tags depends on memory addresses        not kept: they are in the order of the text
no reference in a file with definitions: every       by default the identifiers of the syntax tree, without lines as
name that pygments sees becomes one, on line -1      aider's; with ``references = "pygments"`` (on the class, an object,
                                                     or REPOMAP_FAST_AIDER_REFERENCES) aider's own, at its cost
tags of a file are found when they are asked for     one parallel pass over all files of a map; one for a single file
tags are kept as pickles in the repository, valid    kept in the user's cache folder, never as pickles, by contents;
while the modification time is the same              within a process a file is looked at again when that time changes
``TAGS_CACHE`` maps a file to ``mtime``, ``data``    kept, as a mapping in memory; what others put there is used
broken caches are made anew, then a dict serves      kept
the k-th definer of a name weighs n**(1/2**k)        not kept: the square root is taken once, for all definers alike
order of sums, edges and ties by hash seed           not kept: ties go by path, then name, then line
a node for each file with an edge, PageRank's        kept
tolerance, personalization and fallback
no reference at all: definitions are references      kept
too many steps, or too little memory, for            not kept: no such matrix is made, and 100 steps suffice
PageRank ends the map
files of the chat rank, and are not listed           kept
important files come first, unless they are          kept, which means never: every file is ranked, if only by its
ranked already                                       name; but what another ``get_ranked_tags`` leaves out does
the map may have 15 % more tokens than allowed,      not kept: never more; the search ends at 95 %
and the search ends 15 % below
lines are cut at 100 characters                      kept
``RecursionError`` switches the map off              kept, though only methods of others can raise it
``refresh``, ``map_cache``, ``last_map``             kept
a progress bar for the first scan                    not kept: aider's spinner tells how many files are done
files that are gone are warned of once               kept, in other words
a node that the parser puts in for a missing one     not kept: it has no text to look for
makes a tag without a name
broken sources are parsed by tree-sitter 0.25.2      by 0.26.1, which builds other trees of a few of them
a NUL in a file                                      not kept: such a file is binary, and has no tags
no limit to what one file may take                   not kept: 64 MB, 20 s and 2 GB of memory; past it, no tags
``tree_cache``, ``tree_context_cache``               there, and empty: excerpts are kept elsewhere
``TAGS_CACHE_DIR``                                   there, and nothing is put into such a folder
``get_random_color``                                 kept
===================================================  =================================================================

How far the identifiers of a syntax tree are the names that pygments sees is measured by
``benchmarks/parity/aider_tags.py``; for C, 100.0 % of aider's pairs of file and name are ours, and 99.4 % of ours are
aider's (4,000 files of the kernel).
"""

from repomap_fast.compat.aider.functions import (
    find_src_files,
    get_random_color,
    get_scm_fname,
    get_supported_languages_md,
)
from repomap_fast.compat.aider.installation import install, uninstall
from repomap_fast.compat.aider.repo_map import (
    CACHE_VERSION,
    SQLITE_ERRORS,
    UPDATING_REPO_MAP_MESSAGE,
    RepoMap,
)
from repomap_fast.compat.aider.tag import Tag
from repomap_fast.compat.grep_ast.parsers import USING_TSL_PACK

__all__ = [
    "CACHE_VERSION",
    "SQLITE_ERRORS",
    "UPDATING_REPO_MAP_MESSAGE",
    "USING_TSL_PACK",
    "RepoMap",
    "Tag",
    "find_src_files",
    "get_random_color",
    "get_scm_fname",
    "get_supported_languages_md",
    "install",
    "uninstall",
]
