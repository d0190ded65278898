"""What references are sought to, as groups of bindings: of very many definitions, those that references lead to."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Protocol

from repomap_fast.joining import facts as of

if TYPE_CHECKING:
    from collections.abc import Iterable, Set

    from repomap_fast.resolving.file_sources import FileSources
    from repomap_fast.resolving.site_resolver import Group, SiteResolver


class Sought(Protocol):
    """What is sought. Every method raises IndexDamagedError."""

    @property
    def names(self) -> list[bytes]:
        """The names of all groups."""
        ...

    @property
    def families(self) -> Set[int]:
        """The families of languages that they are in."""
        ...

    @property
    def groups(self) -> set[Group]:
        """Those that are known."""
        ...

    def holds(self, group: Group, file: int) -> bool:
        """Return whether a group is sought; a binding in the file belongs to it."""
        ...

    def called(self, name: bytes, family: int, *, is_bare: bool) -> set[Group]:
        """Return what a site of a name may refer to that is not resolved.

        is_bare  nothing stands before it and a dot; else it can only be a member of a class.
        """
        ...


class AllGroups:
    """Groups that are known."""

    def __init__(self, groups: set[Group], sources: FileSources) -> None:
        """Take the groups."""
        self.groups = groups
        self.names = list(dict.fromkeys(name for _, _, name in sorted(groups)))
        self._named: dict[tuple[bytes, int], set[Group]] = {}
        for group in groups:
            self._named.setdefault((group[2], sources.family(group[0])), set()).add(group)
        self._members = {
            key: {group for group in alike if _is_member(group, sources)} for key, alike in self._named.items()
        }
        self.families = {family for _, family in self._named}

    def holds(self, group: Group, file: int) -> bool:
        """Return whether it is one of them."""
        return group in self.groups

    def called(self, name: bytes, family: int, *, is_bare: bool) -> set[Group]:
        """Return all groups of the name, or the members of classes among them."""
        return (self._named if is_bare else self._members).get((name, family), set())


class GroupsByNeed:
    """The groups of all definitions of one name. Those of a file are known once a reference leads there.

    Thousands of files may define the name: to read them all takes as long as all else that a short answer needs.
    """

    def __init__(self, definitions: Iterable[tuple[int, int]], name: bytes, resolver: SiteResolver) -> None:
        """Take the definitions: pairs of file and tag."""
        self.groups: set[Group] = set()
        self.names = [name]
        self._resolver = resolver
        self._tags: dict[int, list[int]] = {}
        for file, tag in definitions:
            self._tags.setdefault(file, []).append(tag)
        self._groups_of: dict[int, list[Group]] = {}
        self._files: dict[int, list[int]] = {}
        for file in self._tags:
            self._files.setdefault(resolver.sources.family(file), []).append(file)
        self.families = self._files.keys()
        self._first: dict[tuple[int, bool], set[Group]] = {}

    def holds(self, group: Group, file: int) -> bool:
        """Return whether it is one of them: a binding in the file is one of the definitions, or declares one."""
        self._read(file)
        self._read(group[0])
        return group in self.groups

    def called(self, name: bytes, family: int, *, is_bare: bool) -> set[Group]:
        """Return the first group of the name, or the first member of a class."""
        key = family, is_bare
        if name not in self.names or family not in self._files:
            return set()
        if key not in self._first:
            found = (group for file in self._files[family] for group in self._read(file))
            self._first[key] = set(islice((one for one in found if is_bare or self._is_member(one)), 1))
        return self._first[key]

    def _is_member(self, group: Group) -> bool:
        return _is_member(group, self._resolver.sources)

    def _read(self, file: int) -> list[Group]:
        found = self._groups_of.get(file)
        if found is None:
            found = self._groups_of[file] = list(self._resolver.groups_of(file, self._tags.get(file, ())))
            self.groups.update(found)
        return found


def _is_member(group: Group, sources: FileSources) -> bool:
    file, scope, _ = group
    return sources.scopes(file).scope_kinds[scope] in (of.SCOPE_CLASS, of.SCOPE_OBJECT)
