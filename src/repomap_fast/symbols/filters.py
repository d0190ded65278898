"""Chooses tags by kind, path and scope."""

from __future__ import annotations

import fnmatch
import os
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.errors import OptionError
from repomap_fast.joining.scopes import MAX_SCOPE_NAMES
from repomap_fast.joining.sparse_tags import number_of_name
from repomap_fast.paths import encoded, path_below, rows_at
from repomap_fast.ranking.definition_order import DEFINITION_KINDS, TYPE_KINDS
from repomap_fast.tables import I64, ROLE_DEFINITION

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.joining.result import ScanResult
    from repomap_fast.ranking.search import RowFilter, SearchResult

_WILDCARDS = re.compile(r"[*?\[]")
_MAX_CHARACTERS = 1_000
"""Of a path or a scope that is asked for."""


@dataclass(frozen=True, slots=True)
class TagFilter:
    """Which tags are wanted. What is empty leaves nothing out.

    kinds  of the tags. A function directly within a type counts as a method too, as some languages have no other kind.
    paths  files and folders below the root, or patterns with ``*`` and ``?``, which match across folders.
    scope  names of definitions that are directly within each other and around the tag, joined by dots.
    """

    kinds: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    scope: str = ""

    def bind(self, result: ScanResult) -> RowFilter | None:
        """Return the filter for the tags of a scan; None if it leaves nothing out. Raises OptionError."""
        if not (self.kinds or self.paths or self.scope):
            return None
        for name, text in (("scope", self.scope), *(("path", path) for path in self.paths)):
            if len(text) > _MAX_CHARACTERS:
                raise OptionError(f"{name} has {len(text):,} characters; expected at most {_MAX_CHARACTERS:,}")
        self._check_kinds(result)
        is_file_wanted = files_matching(result, self.paths) if self.paths else None

        def is_wanted(rows: I64) -> NDArray[np.bool_]:
            kept = np.ones(len(rows), np.bool_)
            if self.kinds:
                kept &= _is_of_kinds(result, rows, self.kinds)
            if is_file_wanted is not None:
                offsets = result.file_table.tag_offsets.astype(np.int64)
                kept &= is_file_wanted[np.searchsorted(offsets, rows, side="right") - 1]
            if self.scope:
                kept[kept] = _is_within(result, rows[kept], re.split(r"\.|::|#", self.scope))
            return kept

        return is_wanted

    def said(self, found: SearchResult) -> SearchResult:
        """Return what was found in the words of the question: where methods alone are wanted, each is called so."""
        if "method" not in self.kinds or "function" in self.kinds:
            return found
        as_methods = tuple(
            replace(one, tag=replace(one.tag, kind="method")) if one.tag.kind == "function" else one
            for one in found.found
        )
        return replace(found, found=as_methods)

    def _check_kinds(self, result: ScanResult) -> None:
        known = result.sparse_tags.kinds
        unknown = [kind for kind in self.kinds if kind not in known and kind not in DEFINITION_KINDS]
        if unknown and known:
            expected = [kind for kind in known if kind in DEFINITION_KINDS]
            raise OptionError(f"kind is {unknown[0][:_MAX_CHARACTERS]!r}; expected one such as {', '.join(expected)}")


def _is_of_kinds(result: ScanResult, rows: I64, kinds: tuple[str, ...]) -> NDArray[np.bool_]:
    table = result.sparse_tags
    is_wanted = np.array([kind in kinds for kind in table.kinds], np.bool_)
    found: NDArray[np.bool_] = is_wanted[table.kind_ids[rows]]
    if "method" in kinds:
        is_function = np.array([kind == "function" for kind in table.kinds], np.bool_)
        is_type = np.array([kind in TYPE_KINDS or kind == "implementation" for kind in table.kinds], np.bool_)
        around = table.scope_tag_ids[rows]
        is_in_type = (around >= 0) & is_type[table.kind_ids[around]]
        found |= is_function[table.kind_ids[rows]] & is_in_type & (table.roles[rows] == ROLE_DEFINITION)
    return found


def files_matching(result: ScanResult, paths: tuple[str, ...]) -> NDArray[np.bool_]:
    """Return for each file whether it is at one of these paths, or matches one of these patterns."""
    known = result.file_table.paths
    is_wanted = np.zeros(len(known), np.bool_)
    patterns = []
    for path in paths:
        key = path_below(result.root, path) if os.path.isabs(path) else encoded(path)  # noqa: PTH117
        key = key.removeprefix(b"./").rstrip(b"/")
        there = rows_at(known, b"" if key == b"." else key)
        is_wanted[there.start : there.stop] = True
        if not there and _WILDCARDS.search(path):
            patterns.append(re.compile(fnmatch.translate(os.fsdecode(key)).encode("utf-8", "surrogateescape")))
    if patterns:
        is_wanted |= np.array([any(pattern.match(path) for pattern in patterns) for path in known], np.bool_)
    return is_wanted


def _is_within(result: ScanResult, rows: I64, scope: list[str]) -> NDArray[np.bool_]:
    """Return whether each tag is, at any depth, within definitions of these names, the last the innermost."""
    table = result.sparse_tags
    names = [number_of_name(table, name.encode("utf-8", "surrogateescape")) for name in reversed(scope)]
    is_within, around = np.zeros(len(rows), np.bool_), table.scope_tag_ids[rows]
    for _ in range(MAX_SCOPE_NAMES):
        if not (around >= 0).any():
            break
        is_here, outer = np.ones(len(rows), np.bool_), around
        for name_id in names:
            is_here &= (outer >= 0) & (table.name_ids[outer] == name_id)
            outer = np.where(outer >= 0, table.scope_tag_ids[outer], -1)
        is_within |= is_here
        around = np.where(around >= 0, table.scope_tag_ids[around], -1)
    return is_within
