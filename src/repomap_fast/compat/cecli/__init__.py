"""cecli's ``RepoMap``, as of cecli 1.10.0 (the packages cecli-dev and aider-ce), answered by our tagger.

    from repomap_fast.compat.cecli import RepoMap     in place of: from cecli.repomap import RepoMap
    install()                                         puts it under the cecli that is installed
    python -m repomap_fast.compat.cecli ARGS…         starts cecli on it

cecli is a fork of aider, and this is a subclass of ``repomap_fast.compat.aider.RepoMap``: what that module says of
tags, caches and of methods that are replaced holds here too. A map is a dictionary, a ``Tag`` says where its name
begins and ends, and there are ``get_file_stub`` and ``get_symbol_definition_location``. Tags are those of cecli's own
query files where it is installed, which it need not be.

What cecli does, and what ours does:

===================================================  =================================================================
cecli                                                here
===================================================  =================================================================
language by file name (a copy of grep-ast's table)   kept, with the names of our language table (``.pyi``, ``Rakefile``)
``map_cache_dir``: tags are kept there, as pickles   an attribute; tags are kept in the user's cache folder
``use_memory_cache``                                 kept
a map may be given again for other mentions, if the  kept, with its thresholds
letters of the names are alike (``refresh="auto"``)
16 tokens for each definition of a map               kept
a reference counts less the further apart the files  kept, with cecli's factors
are, and nothing between files of other suffixes
``use_enhanced_map``: references follow imports      kept
a name that more than 32 files define: a reference   not kept: it counts nothing, but for the own file
counts a billionth
ties by the order of a set                           not kept: by path, then name, then line
a stub of other lines than the first one asked for   the option of each call counts
has its line numbers as that one had
===================================================  =================================================================
"""

from repomap_fast.compat.aider.functions import find_src_files
from repomap_fast.compat.cecli.excluded import DEFAULT_EXCLUDE_DIR_GLOBS, DEFAULT_EXCLUDE_DIRS, is_excluded_rel_path
from repomap_fast.compat.cecli.functions import get_scm_fname, get_supported_languages_md, truncate_long_lines
from repomap_fast.compat.cecli.installation import install, uninstall
from repomap_fast.compat.cecli.repo_map import CACHE_VERSION, SQLITE_ERRORS, UPDATING_REPO_MAP_MESSAGE, RepoMap
from repomap_fast.compat.cecli.tag import Tag

TagBase = Tag
_is_excluded_rel_path = is_excluded_rel_path

__all__ = [
    "CACHE_VERSION",
    "DEFAULT_EXCLUDE_DIRS",
    "DEFAULT_EXCLUDE_DIR_GLOBS",
    "SQLITE_ERRORS",
    "UPDATING_REPO_MAP_MESSAGE",
    "RepoMap",
    "Tag",
    "TagBase",
    "find_src_files",
    "get_scm_fname",
    "get_supported_languages_md",
    "install",
    "truncate_long_lines",
    "uninstall",
]
