"""Where the compiled grammar of a language is, and which release of it.

Grammars come with tree-sitter-language-pack. Many are also packages of their own (``tree-sitter-python``), which are
read where the pack is not installed, and tags are read with those that are better than the pack's. All hand over the
same kind of capsule.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from repomap_fast.arrays import distinct
from repomap_fast.errors import LanguageError
from repomap_fast.languages.table import LANGUAGES, find_language
from repomap_fast.tables import NO_LANGUAGE, U16

PACK = "tree_sitter_language_pack"
_HOW_TO_INSTALL_EXTRA = "pip install 'repomap-fast[grammars]'"
_HOW_TO_INSTALL_ALL = "pip install 'tree-sitter-language-pack>=0.13,<1'"

BETTER_PACKAGES = {
    # The pack takes these two from their packages, so their releases count.
    "csharp": "tree_sitter_c_sharp",
    "yaml": "tree_sitter_yaml",
    # The pack has no grammar of batch and SystemVerilog, and one of F# that loses a fifth of the definitions.
    "batch": "tree_sitter_batch",
    "fsharp": "tree_sitter_fsharp",
    "systemverilog": "tree_sitter_systemverilog",
    # Fewer files have errors than with the pack; benchmarks/results has the figures.
    "dart": "tree_sitter_dart",
    "scala": "tree_sitter_scala",
}
"""By grammar, the module of its own package, which tags are read with where it is installed."""

WITHOUT_PACK = frozenset(("batch", "fsharp", "systemverilog"))
"""Grammars that come from their own package alone, which the extra ``grammars`` installs."""

OTHER_PACKAGES = {
    **{
        name: f"tree_sitter_{name}"
        for name in (
            *("bash", "c", "cpp", "css", "dockerfile", "elixir", "go", "hcl", "html", "java", "javascript", "json"),
            *("lua", "make", "markdown", "objc", "python", "ruby", "rust", "scss", "solidity", "sql", "swift"),
        )
    },
    "php": "tree_sitter_php:language_php",
    "terraform": "tree_sitter_hcl",
    "tsx": "tree_sitter_typescript:language_tsx",
    "typescript": "tree_sitter_typescript:language_typescript",
}
"""By grammar, the module of its own package, read where the pack is not installed. After a colon the function that
returns the capsule, where that is not ``language``. Left out are packages whose nodes have other names than the pack's,
which the tags queries are written for: those of haskell, kotlin and zig."""


class _Origin(NamedTuple):
    """A package that holds a grammar: its module, and the function of it that returns the capsule."""

    module: str
    function: str


def load_grammar(name: str, package: str = "") -> Any:
    """Return the capsule of a grammar. Raises LanguageError.

    name     as tree-sitter-language-pack calls it.
    package  what ``best_package`` returned; empty for the grammar of the pack, which drop-ins need, for the tools that
             they replace use it.
    """
    origin = next((one for one in _origins(name, package) if is_installed(one.module)), None)
    if origin is None:
        raise LanguageError(f"the grammar {name!r} is not installed: {how_to_install(name)}")
    try:
        function = getattr(import_module(origin.module), origin.function)
        return function(name) if origin.module == PACK else function()
    except (LookupError, ImportError, OSError, AttributeError) as error:
        found = _package(origin.module)
        raise LanguageError(
            f"the grammar {name!r} cannot be loaded from {found} ({error}): {how_to_install(name)}"
        ) from error


def best_package(name: str) -> str:
    """Return the module of the better package that a grammar has, if that is installed; else nothing."""
    better = BETTER_PACKAGES.get(name, "")
    return better if better and is_installed(better) else ""


def grammar_release(name: str, package: str = "") -> str | None:
    """Return package and version of the grammar that ``load_grammar`` loads; None where none is installed."""
    return next(filter(None, (_release(origin.module) for origin in _origins(name, package))), None)


def is_installed(module: str) -> bool:
    """Return whether a package of grammars is installed."""
    return _release(module) is not None


def how_to_install(name: str) -> str:
    """Return the command that installs a grammar."""
    modules = [origin.module for origin in _origins(name) if origin.module != PACK]
    first = _HOW_TO_INSTALL_EXTRA if name in WITHOUT_PACK else _HOW_TO_INSTALL_ALL
    return " or ".join((first, *(f"pip install {_package(module)}" for module in modules)))


def without_missing(language_ids: U16) -> tuple[U16, list[str]]:
    """Return languages of files with NO_LANGUAGE for those whose grammar is not installed, and notes that say so.

    language_ids  (n,) uint16: rows of LANGUAGES, or NO_LANGUAGE.
    """
    present = distinct(language_ids[language_ids != NO_LANGUAGE]).tolist()
    missing = [i for i in present if is_missing(i)]
    if not missing:
        return language_ids, []
    extra = [i for i in missing if LANGUAGES[i].grammar in WITHOUT_PACK]
    notes = []
    for ids, command in (([i for i in missing if i not in extra], _HOW_TO_INSTALL_ALL), (extra, _HOW_TO_INSTALL_EXTRA)):
        n = int(np.count_nonzero(np.isin(language_ids, ids)))
        if n:
            names = ", ".join(LANGUAGES[i].name for i in ids)
            files = "file" if n == 1 else "files"
            notes.append(f"did not read {n:,} {files} of {names}, since no grammar is installed: {command}")
    return np.where(np.isin(language_ids, missing), np.uint16(NO_LANGUAGE), language_ids), notes


def is_missing(language_id: int) -> bool:
    """Return whether no grammar is installed for a language, nor for a part of its files where only these are read."""
    row = LANGUAGES[language_id]
    if row.grammar:
        return grammar_release(row.grammar) is None
    return all(is_missing(find_language(guest)) for guest in row.guests)


def _origins(name: str, package: str = "") -> list[_Origin]:
    """Return the packages that may hold a grammar, the first that is installed counts."""
    if name in WITHOUT_PACK:
        return [_own(BETTER_PACKAGES[name])]
    others = (BETTER_PACKAGES.get(name), OTHER_PACKAGES.get(name))
    origins = [_Origin(PACK, "get_binding"), *(_own(other) for other in others if other)]
    return [_own(package), *origins] if package else origins


def _own(package: str) -> _Origin:
    module, _, function = package.partition(":")
    return _Origin(module, function or "language")


def _package(module: str) -> str:
    return module.replace("_", "-")


@cache
def _release(module: str) -> str | None:
    """Return the name of a package's metadata folder, which has its version; None if it is not installed."""
    package = find_spec(module)
    if package is None:
        return None
    for folder in package.submodule_search_locations or []:
        named = list(Path(folder).parent.glob(f"{module}-*.dist-info"))
        if len(named) == 1:
            return named[0].name
    # Seven times slower than all other parts of a query's key together.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"{module}-{version(_package(module))}"
    except PackageNotFoundError:
        return module
