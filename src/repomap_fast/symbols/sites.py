"""The sites that refer to definitions, as their resolution gives them: lazily, those of some names at a time."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from repomap_fast.joining.scopes import scope_text
from repomap_fast.joining.uses import USE_KINDS
from repomap_fast.ranking.path_kinds import classify_paths
from repomap_fast.resolving import scopes as of
from repomap_fast.resolving.meanings import BY_GUESS, HOWS, IS_OUTSIDE, IS_UNKNOWN
from repomap_fast.resolving.site_resolver import SiteResolver

if TYPE_CHECKING:
    from collections.abc import Iterable

    from repomap_fast.joining.result import ScanResult
    from repomap_fast.progress import Progress
    from repomap_fast.resolving.site_resolver import Group

_KINDS = (*USE_KINDS, "write")
"""Kinds of the sites that are no tags: read, write, member that is read, member that is written."""
_MOST_NAMES = 16
"""By which a definition is known: its own, and those that imports give it."""


class Definition(NamedTuple):
    """A definition: the row of its file in the file table, and the number of its tag in the file."""

    file: int
    tag: int


class Site(NamedTuple):
    """A place that refers to something.

    file     row of the file table.
    row      zero-based, as is
    column   in bytes.
    kind     of the reference.
    how      row of ``meanings.HOWS``.
    around   number in the file of the innermost definition around it, or -1.
    """

    file: int
    row: int
    column: int
    kind: str
    how: int
    around: int


class Referring(NamedTuple):
    """The sites that refer to some definitions, and those of their names that are not resolved; by file, then row."""

    found: list[Site]
    unknown: list[Site]


class SiteFinder:
    """Finds what refers to definitions. Every method raises IndexDamagedError."""

    def __init__(self, result: ScanResult, watch: Progress) -> None:
        self._result = result
        self._resolver = SiteResolver(result)
        self._sources = self._resolver.sources
        self._watch = watch
        self._kinds = result.graph.kinds

    def can_resolve(self, file: int) -> bool:
        """Return whether references to what a file defines are resolved; else they are found by name."""
        return self._resolver.can_resolve(file)

    def referring(self, definitions: Iterable[Definition], *, is_sure: bool = False) -> Referring:
        """Return what refers to some definitions, all of files whose language has rules.

        is_sure  leave out what is guessed.
        """
        groups: set[Group] = set()
        for file, tag in definitions:
            groups.update(self._resolver.groups_of(file, [tag]))
        names = dict.fromkeys(name for _, _, name in sorted(groups))
        may_be_member = any(self._is_member(group) for group in groups)
        families = {self._sources.family(file) for file, _, _ in groups}
        found: list[Site] = []
        unknown: list[Site] = []
        for name in self._with_aliases(list(names), families):
            for file in self._sources.files_naming([name])[name]:
                if self._sources.family(file) not in families or not self.can_resolve(file):
                    continue
                self._watch.raise_if_cancelled()
                here = self._sources.scopes(file)
                for site in here.sites_named(name):
                    how, targets = self._resolver.resolve(file, site)
                    if any(self._resolver.group(*target) in groups for target in targets):
                        if how != BY_GUESS or not is_sure:
                            found.append(self.site(file, site, how))
                    elif how == IS_UNKNOWN and name in names:
                        if may_be_member or here.site_receivers[site] == of.NONE:
                            unknown.append(self.site(file, site, how))
        return Referring(sorted(set(found)), sorted(set(unknown)))

    def site(self, file: int, site: int, how: int) -> Site:
        """Return a site of a file."""
        here = self._sources.scopes(file)
        tag, kind = here.site_tags[site], here.site_kinds[site]
        name = _KINDS[kind] if tag < 0 else self._kinds[int(self._sources.tags(file).kind_ids[tag])]
        around = here.definition_around(here.site_scopes[site])
        return Site(file, here.site_rows[site], here.site_columns[site], name, how, around)

    def scope_of(self, site: Site) -> str | None:
        """Return the names of the definitions around a site, outermost first, joined by dots; None where none is."""
        if site.around == of.NONE:
            return None
        tags = self._sources.tags(site.file)
        return scope_text(
            site.around, np.arange(len(tags)), tags.scopes, lambda tag: tags.names[tag].decode(errors="replace")
        )

    def _is_member(self, group: Group) -> bool:
        file, scope, _ = group
        return self._sources.scopes(file).scope_kinds[scope] in (of.SCOPE_CLASS, of.SCOPE_OBJECT)

    def _with_aliases(self, names: list[bytes], families: set[int]) -> list[bytes]:
        """Return the names and those that imports give to what is called so."""
        known = list(names)
        for name in known:
            for file in self._sources.files_naming([name])[name]:
                if self._sources.family(file) in families:
                    for alias in self._sources.aliases(file, name):
                        if alias not in known and len(known) < len(names) + _MOST_NAMES:
                            known.append(alias)
        return known


def best_files_first(result: ScanResult, sites: list[Site]) -> list[Site]:
    """Return the sites: code before tests and vendored code, files with more of them before others."""
    if not sites:
        return []
    files, which = np.unique(np.array([site.file for site in sites]), return_inverse=True)
    is_remote = classify_paths(result.file_table.paths.rows(files)) != 0
    counts = np.bincount(which)
    order = np.lexsort((np.arange(len(sites)), which, -counts[which], is_remote[which]))
    return [sites[place] for place in order.tolist()]


def how_counts(sites: Iterable[Site]) -> dict[str, int]:
    """Return how many sites were found in each way, the surest first."""
    counts = dict.fromkeys(HOWS[:IS_OUTSIDE], 0)
    for site in sites:
        counts[HOWS[site.how]] += 1
    return {how: count for how, count in counts.items() if count}


def path_of(result: ScanResult, file: int) -> str:
    """Return the path of a file."""
    return os.fsdecode(result.file_table.paths[file])
