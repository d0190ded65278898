"""Which language aider takes a file for, and the tags query that it has for it; the same of its fork cecli.

Where they and grep-ast are installed their own tables and query files are read, since what they say decides the tags;
where they are not, our language table and our queries take their place. Nothing of them is imported for that.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from repomap_fast.compat.grep_ast.parsers import PARSERS
from repomap_fast.errors import LanguageError, QueryError
from repomap_fast.languages.table import LANGUAGES
from repomap_fast.languages.tags_query import OUR_QUERIES, TagsQueryText, query_key, read_query
from repomap_fast.tagging.tagger import compile_queries

AIDER = "aider"
CECLI = "cecli"
"""Packages whose queries are read."""
IDENTIFIER = "identifier"
"""Kind of the references that stand in for pygments' names."""

_PARALLEL = frozenset(row.grammar for row in LANGUAGES if row.grammar)
_NOT_CODE = frozenset(
    name for row in LANGUAGES if row.role != "code" or not row.grammar for name in (row.name, row.grammar)
)
"""Languages of ours that aider has no query for."""
_PACK = "tree-sitter-language-pack"
_OLDER_PACK = "tree-sitter-languages"
_BARE_NAME = re.compile(rb"@name(?![\w.-])")
"""Captures that aider passes over and our tagger would not."""

# Leaves of a syntax tree that stand for a name, in any of the grammars that aider has a query for.
_IDENTIFIER_NODES = (
    *("identifier", "type_identifier", "field_identifier", "namespace_identifier", "statement_identifier"),
    *("property_identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"),
    *("shorthand_field_identifier", "package_identifier", "private_property_identifier", "simple_identifier"),
    *("operator_identifier", "upper_case_identifier", "lower_case_identifier", "IDENTIFIER"),
    *("constant", "instance_variable", "class_variable", "global_variable", "name", "word", "symbol", "sym_name"),
    *("value_name", "constructor_name", "module_name", "type_constructor", "field_name", "method_name", "class_name"),
    *("module_type_name", "type_variable", "label_name"),
)
# The same of one grammar, where others have nodes of that name with more than a name in them.
_IDENTIFIER_NODES_OF = {
    "commonlisp": ("sym_lit",),
    "elixir": ("alias", "atom"),
    "haskell": ("variable", "constructor"),
    "properties": ("key",),
}


@dataclass(frozen=True, slots=True)
class FileLanguage:
    """A language as aider names it, and what finds its tags.

    has_references  whether the query of tags finds any; else all identifiers are taken for references with it.
    is_parallel     whether several threads may parse it at once: not every grammar that aider has a query for may.
    """

    name: str
    tags: TagsQueryText
    has_references: bool
    is_parallel: bool


def language_of_file(fname: str, package: str = AIDER) -> str | None:
    """Return the name of the language that aider takes a file for, by its name alone."""
    by_name = languages_by_name(package)
    basename = os.path.basename(fname)
    return by_name.get(basename) or by_name.get(os.path.splitext(fname)[1])


def grammar_of_file(fname: str) -> str | None:
    """Return the name of the grammar that a file is parsed by, in tree-sitter-language-pack; None if it is of none."""
    language = language_of_file(fname)
    return None if language is None else _grammar_of(language)


@cache
def _grammar_of(language: str) -> str:
    return next((row.grammar for row in LANGUAGES if language in (row.name, row.grammar)), language)


@cache
def languages_by_name(package: str = AIDER) -> dict[str, str]:
    """Return aider's languages by whole file name and by what follows the last dot, with the dot."""
    if package == CECLI:
        # It has a grep-ast of its own.
        return PARSERS
    if find_spec("grep_ast") is not None:
        return dict(import_module("grep_ast.parsers").PARSERS)
    # What is no code has no tags there.
    code = [row for row in LANGUAGES if row.role == "code" and row.grammar]
    ours = {name: row.name for row in code for name in (*row.suffixes, *row.file_names)}
    # As aider does; what its neighbours say of a header is not asked.
    return {**ours, ".h": "c"}


@cache
def installed_queries(package: str = AIDER) -> Path | None:
    """Return the folder of the queries of an installed aider, or None."""
    spec = find_spec(package)
    for folder in [] if spec is None else spec.submodule_search_locations or []:
        queries = Path(folder) / "queries"
        if (queries / _PACK).is_dir():
            return queries
    return None


def find_query_file(language: str, package: str = AIDER) -> Path | None:
    """Return the file of the tags query for a language: of an installed aider alone, else ours; None without one."""
    queries = installed_queries(package)
    if queries is not None:
        newer = queries / _PACK / f"{language}-tags.scm"
        if newer.is_file():
            return newer
    elif language in _NOT_CODE:
        return None
    path = expected_query_file(language, package)
    return path if path.is_file() else None


def expected_query_file(language: str, package: str = AIDER) -> Path:
    """Return the last place where the tags query for a language is looked for."""
    queries = installed_queries(package)
    if queries is None:
        return OUR_QUERIES / f"{language}.scm"
    return queries / _OLDER_PACK / f"{language}-tags.scm"


_numbers: dict[bytes, int] = {}
"""A number of its own for each query, by its key: what the tagger knows it by in this process."""


@cache
def find_language(language: str, *, wants_identifiers: bool, package: str = AIDER) -> FileLanguage | None:
    """Return what finds the tags of a language; None where there is no query for it.

    With ``wants_identifiers`` a query that has no references gets all identifiers for references.
    """
    path = find_query_file(language, package)
    if path is None:
        return None
    grammar = _grammar_of(language)
    if installed_queries(package) is None:
        source = read_query(path)
        has_references = b"reference." in source
    else:
        source = _BARE_NAME.sub(b"@_name", path.read_bytes())
        has_references = b"@name.reference." in source
    if wants_identifiers and not has_references:
        source += b"\n" + _identifier_pattern(grammar)
    return FileLanguage(language, _text(language, grammar, str(path), source), has_references, grammar in _PARALLEL)


@cache
def find_identifiers(language: str) -> TagsQueryText | None:
    """Return the query that takes every identifier of a language for a reference; None where it knows of none."""
    grammar = _grammar_of(language)
    pattern = _identifier_pattern(grammar)
    if not pattern:
        return None
    return _text(language, grammar, f"identifiers of {language}", pattern)


def _text(language: str, grammar: str, origin: str, source: bytes) -> TagsQueryText:
    rows = [row for row in LANGUAGES if row.grammar == grammar]
    traits = any(row.bmp_only for row in rows), any(row.reset_scanner for row in rows)
    key = query_key(f"aider {language}", grammar, source, traits)
    number = _numbers.setdefault(key, len(_numbers))
    return TagsQueryText(number, grammar, *traits, origin, source, is_users=False, key=key)


@cache
def _identifier_pattern(grammar: str) -> bytes:
    """Return a pattern that takes every node that the grammar has for a name, or nothing."""
    wanted = (*_IDENTIFIER_NODES, *_IDENTIFIER_NODES_OF.get(grammar, ()))
    known = [node for node in wanted if _has_node(grammar, node)]
    if not known:
        return b""
    nodes = " ".join(f"({node})" for node in known)
    return f"[{nodes}] @name.reference.{IDENTIFIER}\n".encode()


def _has_node(grammar: str, node: str) -> bool:
    source = f"({node}) @name.reference.{IDENTIFIER}".encode()
    text = TagsQueryText(0, grammar, False, False, node, source, is_users=False, key=bytes(16))
    try:
        compile_queries([text])
    except (QueryError, LanguageError):
        return False
    return True
