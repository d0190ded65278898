"""Which definitions say the most: by their kinds, and by the kind of code that they are in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.arrays import distinct_places
from repomap_fast.joining.file_traits import classify_files
from repomap_fast.joining.path_kinds import PathKind
from repomap_fast.tables import NO_SCOPE, ROLE_REFERENCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from repomap_fast.joining.result import ScanResult
    from repomap_fast.joining.sparse_tags import AnyTags
    from repomap_fast.tables import I64, U8, FileTable

_MOST_AROUND = 8
"""Definitions around another that are looked at."""
MODULE_KINDS = frozenset({"module", "namespace"})
TEST_MODULE = re.compile(rb"(?:.+_)?tests?|tests?_.+|Tests?")
"""Names of modules that are for tests."""
_KINDS = (
    (
        *("class", "struct", "interface", "trait", "protocol", "enum", "union", "record", "type", "object"),
        *("annotation", "concept", "module", "namespace", "mixin", "message", "service", "table", "view", "package"),
        *("model", "entity", "component", "role", "program", "covergroup", "modport"),
    ),
    (
        *("function", "method", "constructor", "macro", "operator", "callback", "modifier", "trigger", "operation"),
        *(
            "fragment",
            "directive",
            "target",
            "job",
            "stage",
            "command",
            "script",
            "test",
            "procedure",
            "task",
            "process",
        ),
        *("template", "node", "system", "alias"),
    ),
    # A prototype or an extension comes after the definition that it declares or extends.
    ("prototype", "extension", "implementation"),
    (
        *("constant", "property", "field", "enumerator", "column", "event", "error", "resource", "provider", "block"),
        *("schema", "path", "index", "sequence", "project", "value", "port", "signal", "exception", "option"),
        "constraint",
    ),
    (
        *("variable", "local", "output", "selector", "animation", "id", "anchor", "heading", "attribute", "parameter"),
        *("instance", "architecture", "section", "label", "group", "environment", "unit", "context", "element"),
    ),
)
"""Kinds of definitions, the most informative first; any other kind comes after them."""
TYPE_KINDS = frozenset(_KINDS[0])
DEFINITION_KINDS = frozenset(kind for kinds in _KINDS for kind in kinds)


def is_test_module(name: bytes) -> bool:
    """Return whether a module of this name is for tests."""
    return TEST_MODULE.fullmatch(name) is not None


def best_first(result: ScanResult, rows: I64) -> I64:
    """Return the rows of definitions of one name, those that say the most first: by kind, kind of code, and path.

    Code comes before text and configuration, which describe it.
    """
    order = np.lexsort((rows, is_remote(result, rows), ranks_of_tags(result, rows)))
    return rows[order]


def kind_ranks(kinds: Sequence[str], kind_ids: U8) -> U8:
    """Return the position of kinds of definitions in their order: the most informative ones have the least.

    kind_ids  (n,) uint8: rows of ``kinds``.
    """
    ranks = {kind: rank for rank, kinds_of_rank in enumerate(_KINDS) for kind in kinds_of_rank}
    of_kinds = np.array([ranks.get(kind, len(_KINDS)) for kind in (*kinds, "")], np.uint8)
    found: U8 = of_kinds[kind_ids]
    return found


def ranks_of_tags(result: ScanResult, rows: I64) -> U8:
    """Return the position of each tag's kind: (n,) uint8; 0 for references. Those of text and configuration come last.

    rows  (n,) int64: rows of the table of tags.
    """
    table, files = result.sparse_tags, result.file_table
    file_ids = np.searchsorted(files.tag_offsets.astype(np.int64), rows, side="right") - 1
    found = kind_ranks(table.kinds, table.kind_ids[rows]) + ranks_of_files(files, file_ids)
    found[table.roles[rows] == ROLE_REFERENCE] = 0
    return found


def ranks_of_files(files: FileTable, file_ids: NDArray[np.intp]) -> U8:
    """Return what the kind of a file adds to the position of a kind: (n,) uint8; 0 for code.

    file_ids  (n,) intp: rows of the file table.
    """
    is_data = (classify_files(files, file_ids) & np.uint8(PathKind.DATA)) != 0
    return np.where(is_data, np.uint8(len(_KINDS) + 1), np.uint8(0))


def is_remote(result: ScanResult, rows: I64) -> NDArray[np.bool_]:
    """Return for each tag whether its path is that of a test, an example, vendored or generated code."""
    files = result.file_table
    file_ids = np.searchsorted(files.tag_offsets.astype(np.int64), rows, side="right") - 1
    first, which = distinct_places(file_ids.astype(np.uint32))
    are_remote: NDArray[np.bool_] = classify_files(files, file_ids[first]) != 0
    return are_remote[which] | _in_test_modules(result.sparse_tags, rows)


def _in_test_modules(table: AnyTags, rows: I64) -> NDArray[np.bool_]:
    """Return for each tag whether a module around it is for tests, as ``mod tests`` is in Rust."""
    found = np.zeros(len(rows), np.bool_)
    kinds = np.array([kind in MODULE_KINDS for kind in table.kinds], np.bool_)
    around = rows
    for _ in range(_MOST_AROUND):
        around = np.where(around >= 0, table.scope_tag_ids[around], NO_SCOPE).astype(np.int64)
        places = np.flatnonzero(around >= 0)
        if not len(places):
            break
        places = places[kinds[table.kind_ids[around[places]]]]
        name_ids, which = distinct_places(table.name_ids[around[places]])
        names = [table.names[name_id] for name_id in table.name_ids[around[places]][name_ids].tolist()]
        found[places] |= np.array([is_test_module(name) for name in names], np.bool_)[which]
    return found
