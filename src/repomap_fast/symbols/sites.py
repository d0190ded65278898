"""The sites that refer to definitions, as their resolution gives them: lazily, those of some names at a time."""

from __future__ import annotations

import os
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from repomap_fast.joining.file_traits import classify_files
from repomap_fast.joining.scopes import scope_text
from repomap_fast.joining.uses import USE_KINDS
from repomap_fast.languages.table import COMPONENT
from repomap_fast.resolving.meanings import BY_GUESS, BY_NAME, HOWS, IS_OUTSIDE, IS_UNKNOWN
from repomap_fast.resolving.scopes import NONE
from repomap_fast.resolving.site_resolver import SiteResolver
from repomap_fast.symbols.site_columns import Site, Sites
from repomap_fast.symbols.sought import AllGroups, GroupsByNeed
from repomap_fast.tables import ROLE_DEFINITION, ROLE_REFERENCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Set

    from repomap_fast.joining.result import ScanResult
    from repomap_fast.progress import Progress
    from repomap_fast.resolving.site_resolver import Group
    from repomap_fast.symbols.sought import Sought

_KINDS = (*USE_KINDS, "write")
"""Kinds of the sites that are no tags: read, write, member that is read, member that is written."""
_MOST_NAMES = 16
"""By which a definition is known: its own, and those that imports give it."""
_MANY_DEFINITIONS = 64
"""With more, and few files to look at, those are read that references lead to."""

TOP = -1
"""Stands for the top of a file, in place of the number of a definition."""
_MOST_BY_NAME = 3
"""Definitions that a name may mean that is not resolved; with more it means none."""


class Definition(NamedTuple):
    """A definition: the row of its file in the file table, and the number of its tag in the file, or TOP."""

    file: int
    tag: int


class Described(NamedTuple):
    """A definition in words: lines from 1; the kind is ``file``, and the name empty, for the top of a file."""

    line: int
    end_line: int
    kind: str
    name: str
    scope: str | None


class UseCount(NamedTuple):
    """How many references a definition has, and how many sites of its name are not resolved and may be more."""

    n_references: int
    n_unresolved: int


class Referring(NamedTuple):
    """The sites that refer to some definitions, and those of their names that are not resolved; by file, then row."""

    found: Sites
    unknown: Sites


class SiteFinder:
    """Finds what refers to definitions. Every method raises IndexDamagedError."""

    def __init__(self, result: ScanResult, watch: Progress) -> None:
        self._result = result
        self._resolver = SiteResolver(result)
        self._sources = self._resolver.sources
        self.watch = watch

    @cached_property
    def _kinds(self) -> tuple[str, ...]:
        return self._result.graph.kinds

    def can_resolve(self, file: int) -> bool:
        """Return whether references to what a file defines are resolved; else they are found by name."""
        return self._resolver.can_resolve(file)

    def is_resolved(self, definition: Definition) -> bool:
        """Return whether references to a definition are resolved: a component is no binding, and is found by name."""
        if definition.tag == TOP or not self.can_resolve(definition.file):
            return self.can_resolve(definition.file)
        if COMPONENT not in self._kinds:
            return True
        return self._kinds[int(self._sources.tags(definition.file).kind_ids[definition.tag])] != COMPONENT

    def referring(
        self,
        definitions: Iterable[Definition],
        *,
        is_sure: bool = False,
        only: Set[int] | None = None,
        are_all: bool = False,
    ) -> Referring:
        """Return what refers to some definitions.

        is_sure  leave out what is guessed.
        only     look at these files alone; None for all.
        are_all  they are all definitions of a name: where few files are looked at, few definitions need be read.
        """
        resolved: list[Definition] = []
        by_name: list[Definition] = []
        for one in definitions:
            (resolved if self.is_resolved(one) else by_name).append(one)
        found, unknown = Referring(Sites(), Sites())
        if resolved:
            by_need = are_all and only is not None and len(resolved) > _MANY_DEFINITIONS
            sought = self._sought_by_need(resolved) if by_need else self._sought(resolved)
            found, unknown = self._referring_to(sought, is_sure=is_sure, only=only)
        for site in self._referring_by_name(by_name) if by_name else ():
            found.add(site)
        return Referring(found.in_order(), unknown.in_order())

    def _sought(self, definitions: list[Definition]) -> Sought:
        groups = (group for one in definitions for group in self._resolver.groups_of(one.file, [one.tag]))
        return AllGroups(set(groups), self._sources)

    def _sought_by_need(self, definitions: list[Definition]) -> Sought:
        return GroupsByNeed(definitions, self.name_of(definitions[0]), self._resolver)

    def referring_each(
        self, definitions: Iterable[Definition], *, is_sure: bool = False
    ) -> dict[Definition, Referring]:
        """Return what refers to each of some definitions, as ``referring`` does.

        Those of one name are looked for together: a name of a thousand definitions may stand in as many files.
        """
        found: dict[Definition, Referring] = {}
        alike: dict[tuple[bytes, int], dict[Definition, set[Group]]] = {}
        for one in definitions:
            groups = set(self._resolver.groups_of(one.file, [one.tag])) if self.is_resolved(one) else set()
            names = {name for _, _, name in groups}
            if len(names) == 1 and not self._aliases_of_default(groups):
                alike.setdefault((names.pop(), self._sources.family(one.file)), {})[one] = groups
            else:
                found[one] = self.referring([one], is_sure=is_sure)
        for groups_of in alike.values():
            found |= self._referring_to_each(groups_of, is_sure=is_sure)
        return found

    def _referring_to_each(
        self, groups_of: dict[Definition, set[Group]], *, is_sure: bool
    ) -> dict[Definition, Referring]:
        owners: dict[Group, list[Definition]] = {}
        for one, groups in groups_of.items():
            for group in groups:
                owners.setdefault(group, []).append(one)
        found: dict[Definition, Sites] = {one: Sites() for one in groups_of}
        renamed: dict[Definition, set[tuple[int, int]]] = {}
        unknown: dict[int, tuple[set[Group], Sites]] = {}
        for site, reached, is_own_name in self._sites_of(AllGroups(set(owners), self._sources)):
            if site.how == IS_UNKNOWN:
                # All of a name share one set: to go through it for each site would take their number squared.
                unknown.setdefault(id(reached), (reached, Sites()))[1].add(site)
                continue
            if site.how == BY_GUESS and is_sure:
                continue
            for one in dict.fromkeys(one for group in reached for one in owners[group]):
                if not is_own_name:
                    if one not in renamed:
                        renamed[one] = {(other.file, other.row) for other in found[one]}
                    if (site.file, site.row) in renamed[one]:
                        continue
                    renamed[one].add((site.file, site.row))
                found[one].add(site)
        in_order = [(groups, sites.in_order()) for groups, sites in unknown.values()]
        merged: dict[tuple[int, ...], Sites] = {}
        each: dict[Definition, Referring] = {}
        for one, groups in groups_of.items():
            of_one = tuple(number for number, (reached, _) in enumerate(in_order) if groups & reached)
            if of_one not in merged:
                merged[of_one] = Sites(site for number in of_one for site in in_order[number][1]).in_order()
            each[one] = Referring(found[one].in_order(), merged[of_one])
        return each

    def _referring_to(self, sought: Sought, *, is_sure: bool, only: Set[int] | None) -> Referring:
        found, unknown = Sites(), Sites()
        renamed: set[tuple[int, int]] | None = None
        for site, _, is_own_name in self._sites_of(sought, only):
            if site.how == IS_UNKNOWN:
                unknown.add(site)
            elif site.how != BY_GUESS or not is_sure:
                if not is_own_name:
                    # A line that gives another name is told once. The sites of the own names come before all others.
                    if renamed is None:
                        renamed = {(one.file, one.row) for one in found}
                    if (site.file, site.row) in renamed:
                        continue
                    renamed.add((site.file, site.row))
                found.add(site)
        return Referring(found, unknown)

    def counts(self, definitions: Iterable[Definition]) -> dict[Definition, UseCount]:
        """Return how many references some definitions have; of those alone to which references are resolved."""
        groups_of = {
            one: set(self._resolver.groups_of(one.file, [one.tag])) for one in definitions if self.is_resolved(one)
        }
        found: dict[Group, set[Site]] = {group: set() for groups in groups_of.values() for group in groups}
        unknown: dict[Group, set[Site]] = {group: set() for group in found}
        renamed: set[tuple[Group, int, int]] = set()
        for site, groups, is_own_name in self._sites_of(AllGroups(set(found), self._sources)):
            for group in groups:
                if site.how == IS_UNKNOWN:
                    unknown[group].add(site)
                elif is_own_name or (group, site.file, site.row) not in renamed:
                    found[group].add(site)
                    renamed.add((group, site.file, site.row))
        return {
            one: UseCount(*(len(set().union(*(sites[group] for group in groups))) for sites in (found, unknown)))
            for one, groups in groups_of.items()
        }

    def files_naming(self, names: Iterable[bytes]) -> dict[bytes, list[int]]:
        """Return for each name the files that have it, rising: these are read to find what refers to it."""
        return self._sources.files_naming(names)

    def owner_of(self, definition: Definition) -> bytes | None:
        """Return the name of the definition around one; None at the top of a file."""
        tags = self._sources.tags(definition.file)
        around = int(tags.scopes[definition.tag])
        return None if around == TOP else tags.name(around)

    @property
    def n_numbers(self) -> int:
        """How much is in memory of the files that were read: numbers, about."""
        return self._sources.n_numbers

    @property
    def unlisted_settings(self) -> dict[str, bytes | None]:
        """The files of settings that were read so far and that no digest tells of: see ``SourceTree.unlisted``."""
        return self._sources.tree.unlisted

    def _sites_of(self, sought: Sought, only: Set[int] | None = None) -> Iterator[tuple[Site, set[Group], bool]]:
        """Yield the sites that may refer to some groups, with these, and whether the name of the site is theirs.

        only  look at these files alone.

        One that is not resolved may refer to all groups of its name.
        """
        group_of: dict[tuple[int, int], Group] = {}
        """Of targets: the many sites of a name have few."""
        for name in self._with_aliases(
            [*sought.names, *self._aliases_of_default(sought.groups)], sought.families, only
        ):
            is_own_name = name in sought.names
            for file in self._sources.read_ahead(self._files_with(name, sought.families, only)):
                family = self._sources.family(file)
                self.watch.raise_if_cancelled()
                if not self.can_resolve(file):
                    alike = sought.called(name, family, is_bare=True)
                    yield from ((site, alike, True) for site in self._tags_named(file, name) if alike)
                    continue
                here = self._sources.scopes(file)
                for site in here.sites_named(name):
                    how, targets = self._resolver.resolve(file, site)
                    reached: set[Group] = set()
                    for target in targets:
                        if target not in group_of:
                            group_of[target] = self._resolver.group(*target)
                        if sought.holds(group_of[target], target[0]):
                            reached.add(group_of[target])
                    if not reached and how == IS_UNKNOWN:
                        reached = sought.called(name, family, is_bare=here.is_bare(site))
                    if reached:
                        yield self.site(file, site, how), reached, is_own_name

    def _files_with(self, name: bytes, families: Set[int], only: Set[int] | None) -> list[int]:
        """Return the files of some families of languages that have a name, rising; of some files alone."""
        files = self._sources.files_naming([name])[name]
        return [file for file in files if self._sources.family(file) in families and (only is None or file in only)]

    def _referring_by_name(self, definitions: list[Definition]) -> Iterator[Site]:
        """Yield the tags that have the name of one of these, in languages of its family, and the uses of that name."""
        result = self._result
        wanted: dict[bytes, set[int]] = {}
        for file, tag in definitions:
            wanted.setdefault(self._sources.tags(file).name(tag), set()).add(self._sources.family(file))
        for name, families in wanted.items():
            uses = result.uses.of_name(name)
            used = zip(
                uses.file_ids.tolist(), uses.rows.tolist(), uses.columns.tolist(), uses.kinds.tolist(), strict=True
            )
            for file_id, row, column, kind in used:
                file = self._sources.file_of_id(file_id)
                if self._sources.family(file) in families:
                    around = self._sources.definition_around(file, row)
                    yield Site(file, row, column, USE_KINDS[kind], BY_NAME, around)
            for file in self._sources.files_naming([name])[name]:
                if self._sources.family(file) in families:
                    self.watch.raise_if_cancelled()
                    yield from self._tags_named(file, name)

    def _tags_named(self, file: int, name: bytes) -> Iterator[Site]:
        tags = self._sources.tags(file)
        for tag in tags.named(name, ROLE_REFERENCE):
            kind, around = self._kinds[int(tags.kind_ids[tag])], int(tags.scopes[tag])
            yield Site(file, int(tags.rows[tag]), int(tags.columns[tag]), kind, BY_NAME, around)

    def definitions_of(self, file: int) -> list[Definition]:
        """Return all that a file defines; nothing for one whose language is not known."""
        if not self._sources.has_tags(file):
            return []
        roles = self._sources.tags(file).roles
        return [Definition(file, tag) for tag in np.flatnonzero(roles == ROLE_DEFINITION).tolist()]

    def definitions_at(self, file: int, rows: Iterable[range]) -> list[Definition]:
        """Return the innermost definitions around some rows of a file."""
        if not self._sources.has_tags(file):
            return []
        tags = (self._sources.definition_around(file, row) for some in rows for row in some)
        return [Definition(file, tag) for tag in dict.fromkeys(tags) if tag != TOP]

    def overridden(self, definition: Definition) -> list[Definition]:
        """Return the members of bases that a definition stands for: who refers to them may reach it."""
        if not self.can_resolve(definition.file):
            return []
        groups = self._resolver.groups_of(definition.file, [definition.tag])
        return list(self._tagged(target for group in groups for target in self._resolver.overridden(group)))

    def prepare(self, definitions: Iterable[Definition]) -> None:
        """Look up in one pass which files have the names of definitions that will be asked about."""
        self._sources.files_naming({self.name_of(one) for one in definitions if one.tag != TOP})

    def name_of(self, definition: Definition) -> bytes:
        """Return the name of a definition; nothing for the top of a file."""
        return b"" if definition.tag == TOP else self._sources.tags(definition.file).name(definition.tag)

    def referred(
        self, definition: Definition, *, is_sure: bool = False
    ) -> tuple[dict[Definition, list[Site]], list[Site]]:
        """Return the definitions that one refers to, each with the sites within it; and sites that are not resolved.

        is_sure  leave out what is guessed.
        """
        if not self.can_resolve(definition.file):
            return self._referred_by_name(definition)
        file = definition.file
        here = self._sources.scopes(file)
        top = here.scope_of_tag.get(definition.tag)
        if top is None:
            return {}, []
        inside = {top}
        for scope in range(top + 1, len(here.scope_parents)):
            if here.scope_parents[scope] in inside:
                inside.add(scope)
        found: dict[Definition, list[Site]] = {}
        unknown = []
        for number, scope in enumerate(here.site_scopes):
            if scope not in inside:
                continue
            how, targets = self._resolver.resolve(file, number)
            if how == IS_UNKNOWN:
                unknown.append(self.site(file, number, how))
            elif how != BY_GUESS or not is_sure:
                for target in self._tagged(targets):
                    found.setdefault(target, []).append(self.site(file, number, how))
        return found, unknown

    def _tagged(self, targets: Iterable[tuple[int, int]]) -> Iterable[Definition]:
        """Return the definitions among targets: of several in one scope the last, which is the one that runs."""
        last: dict[Group, Definition] = {}
        for file, binding in targets:
            tag = self._sources.scopes(file).binding_tags[binding]
            if tag != NONE:
                last[self._resolver.group(file, binding)] = Definition(file, tag)
        return last.values()

    def _referred_by_name(self, definition: Definition) -> tuple[dict[Definition, list[Site]], list[Site]]:
        file, family = definition.file, self._sources.family(definition.file)
        tags = self._sources.tags(file)
        first, last = int(tags.rows[definition.tag]), int(tags.end_rows[definition.tag])
        is_inside = (tags.roles == ROLE_REFERENCE) & (tags.rows >= first) & (tags.rows <= last)
        sites: dict[bytes, list[Site]] = {}
        for tag in np.flatnonzero(is_inside).tolist():
            kind, around = self._kinds[int(tags.kind_ids[tag])], int(tags.scopes[tag])
            site = Site(file, int(tags.rows[tag]), int(tags.columns[tag]), kind, BY_NAME, around)
            sites.setdefault(tags.names[tag], []).append(site)
        found: dict[Definition, list[Site]] = {}
        unknown: list[Site] = []
        for name, files in self._sources.files_naming(list(sites)).items():
            defined = [
                Definition(other, tag)
                for other in files
                if self._sources.family(other) == family
                for tag in self._definitions_named(other, name)
            ]
            if len(defined) > _MOST_BY_NAME:
                unknown += sites[name]
                continue
            for one in defined:
                found[one] = sites[name]
        return found, unknown

    def _definitions_named(self, file: int, name: bytes) -> list[int]:
        return self._sources.tags(file).named(name, ROLE_DEFINITION)

    def describe(self, definition: Definition) -> Described:
        """Return what a definition is, or that it is the top of a file."""
        if definition.tag == TOP:
            return Described(1, 1, "file", "", None)
        tags = self._sources.tags(definition.file)
        line, end_line = int(tags.rows[definition.tag]) + 1, int(tags.end_rows[definition.tag]) + 1
        kind = self._kinds[int(tags.kind_ids[definition.tag])]
        name = tags.name(definition.tag).decode(errors="replace")
        return Described(
            line, max(line, end_line), kind, name, self._scope_at(definition.file, int(tags.scopes[definition.tag]))
        )

    def site(self, file: int, site: int, how: int) -> Site:
        """Return a site of a file."""
        here = self._sources.scopes(file)
        tag, kind = here.site_tags[site], here.site_kinds[site]
        name = _KINDS[kind] if tag < 0 else self._kinds[int(self._sources.tags(file).kind_ids[tag])]
        if tag < 0:
            around = here.definition_around(here.site_scopes[site])
        else:
            around = int(self._sources.tags(file).scopes[tag])
        return Site(file, here.site_rows[site], here.site_columns[site], name, how, around)

    def scope_of(self, site: Site) -> str | None:
        """Return the names of the definitions around a site, outermost first, joined by dots; None where none is."""
        return self._scope_at(site.file, site.around)

    def _scope_at(self, file: int, tag: int) -> str | None:
        if tag == TOP:
            return None
        tags = self._sources.tags(file)
        return scope_text(
            tag,
            np.arange(len(tags), dtype=np.uint32),
            tags.scopes,
            lambda one: tags.name(one).decode(errors="replace"),
        )

    def _aliases_of_default(self, groups: set[Group]) -> list[bytes]:
        """Return the names that imports give to what files give in place of names, if that may be one of these."""
        files = {file for file, scope, _ in groups if scope == 0 and self._sources.scopes(file).bound(0, b"default")}
        found = [name for file in sorted(files) for name in self._sources.aliases_of_default(file)]
        return list(dict.fromkeys(found))[:_MOST_NAMES]

    def _with_aliases(self, names: list[bytes], families: Set[int], only: Set[int] | None) -> list[bytes]:
        """Return the names and those that imports give to what is called so."""
        known = list(names)
        for name in known:
            for file in self._files_with(name, families, only):
                for alias in self._sources.aliases(file, name):
                    if alias not in known and len(known) < len(names) + _MOST_NAMES:
                        known.append(alias)
        return known


def best_files_first(result: ScanResult, sites: Sites) -> Sites:
    """Return the sites: code before tests and vendored code, files with more of them before others."""
    if not len(sites):
        return sites
    files, which = np.unique(sites.files, return_inverse=True)
    is_remote = classify_files(result.file_table, files) != 0
    counts = np.bincount(which)
    return sites.at(np.lexsort((np.arange(len(sites)), which, -counts[which], is_remote[which])))


def how_counts(hows: Iterable[str]) -> dict[str, int]:
    """Return how many were found in each way, the surest way first."""
    counts = Counter(hows)
    return {how: counts[how] for how in HOWS[:IS_OUTSIDE] if counts[how]}


def how_line(n_by_how: Mapping[str, int], n_unresolved: int) -> str:
    """Return a line that says how things were found, and how many sites are not resolved."""
    found = ", ".join(f"{how} {count:,}" for how, count in n_by_how.items())
    return f"{f'found by: {found}; ' if found else ''}unresolved: {n_unresolved:,}"


def path_of(result: ScanResult, file: int) -> str:
    """Return the path of a file."""
    return os.fsdecode(result.file_table.paths[file])
