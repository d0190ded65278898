"""Finding files without git: one walk over the folders, by the rules that git would follow.

A folder is listed once and tested once. Ignored folders are left out with all that is below them, except for the way
to what is tracked in them. Symbolic links, FIFOs, sockets and devices are passed over and never opened.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from repomap_fast.discovery.excludes import excludes_file, repository_excludes
from repomap_fast.discovery.git_folder import Repository, repository_around, repository_at
from repomap_fast.discovery.git_index import NOTHING_TRACKED, TrackedPaths, read_index
from repomap_fast.discovery.ignore import (
    Chain,
    chain_from,
    chain_with_own,
    chain_within,
    is_ignored,
    may_have,
    read_rule_file,
)
from repomap_fast.discovery.selection import REPOMAP_IGNORE, SelectedFolder, Selection
from repomap_fast.discovery.tool_folders import (
    is_told_by_a_file,
    is_tool_folder_by_contents,
    is_tool_folder_by_place,
)
from repomap_fast.discovery.walk_memory import Found, Taken, WalkMemory, Way
from repomap_fast.errors import GitError
from repomap_fast.progress import STAGE_DISCOVER, Progress

GITIGNORE = b".gitignore"

_REPORT_EVERY = 2048
"""Files between two reports, or entries between two looks at whether the caller has cancelled: some milliseconds'
worth."""


@dataclass(slots=True)
class FoundFiles:
    """What was found below a root so far; paths are below the root.

    paths       files, by their names alone: they are not looked up yet.
    embedded    tops of repositories inside a work tree that does not have them as submodules.
    unreadable  folders that could not be listed.
    cut_rule_files  .gitignore files of which not all rules are applied.
    tool_folders    folders that were left out since tools made them, without a slash at the end.
    notes       other sentences for the user.
    """

    watch: Progress
    paths: list[bytes] = field(default_factory=list)
    embedded: list[bytes] = field(default_factory=list)
    unreadable: list[bytes] = field(default_factory=list)
    cut_rule_files: list[bytes] = field(default_factory=list)
    tool_folders: list[bytes] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, paths: list[bytes]) -> None:
        """Add files of a folder; leaves by ScanCancelled if the caller wants no more."""
        before = len(self.paths) // _REPORT_EVERY
        self.paths += paths
        if len(self.paths) // _REPORT_EVERY > before:
            self.watch.report(STAGE_DISCOVER, len(self.paths), 0)

    @property
    def sizes(self) -> tuple[int, ...]:
        """How much was found so far."""
        return tuple(map(len, self._lists()))

    def since(self, sizes: tuple[int, ...]) -> Found:
        """Return what was found since there was so much."""
        return tuple(tuple(one[size:]) for one, size in zip(self._lists(), sizes, strict=True))

    def add_all(self, found: Found) -> None:
        """Add what ``since`` gave."""
        for one, more in zip(self._lists(), found, strict=True):
            if more:
                one.extend(more)
        if found[0]:
            self.watch.report(STAGE_DISCOVER, len(self.paths), 0)

    def _lists(self) -> tuple[list[Any], ...]:
        return self.paths, self.embedded, self.unreadable, self.cut_rule_files, self.tool_folders, self.notes


class GitRules(NamedTuple):
    """What git knows of a folder.

    chain              the rules that apply in it, without those of its own .gitignore; None: what is not tracked is
                       ignored, as the folder itself is.
    tracked            paths below the root of the walk, whichever repository they are of.
    of_user            the rules in the user's core.excludesFile.
    is_in_work_tree    repositories below it are submodules or left out; else they are walked by their own rules.
    """

    chain: Chain | None
    tracked: TrackedPaths
    of_user: Chain
    is_in_work_tree: bool


def user_chain(repository: Repository | None, watch: Progress) -> Chain:
    """Return the rules in the user's ``core.excludesFile``, as it is set in the repository."""
    return chain_of_user(excludes_file(repository, watch))


def chain_of_user(excludes: bytes | None) -> Chain:
    """Return the rules in ``excludes``, the file that ``core.excludesFile`` names."""
    return () if excludes is None else _with_file((), excludes, origin=excludes)


def rules_outside(excludes: bytes | None) -> GitRules:
    """Return what git knows of a folder that is in no repository; ``excludes`` is the user's ``core.excludesFile``."""
    return _rules_outside(chain_of_user(excludes))


def _rules_outside(of_user: Chain) -> GitRules:
    return GitRules(of_user, NOTHING_TRACKED, of_user, is_in_work_tree=False)


def chain_for_root(root: bytes, repository: Repository | None, of_user: Chain) -> Chain | None:
    """Return the rules that apply to ``root`` from above it; None if they ignore the root itself."""
    if repository is None or repository.doubt:
        return of_user
    chain = _with_repository(of_user, repository)
    folder = b""
    for name in _way_down(repository, root):
        origin = os.fsdecode(os.path.join(repository.top, folder, GITIGNORE))
        chain = chain_with_own(chain, repository.top, folder, GITIGNORE, origin=origin)
        if is_ignored(chain, folder, name, is_folder=True):
            return None
        folder += name + b"/"
    return chain_from(chain, folder)


def rules_for_root(root: bytes, found: FoundFiles, of_user: Chain | None = None) -> GitRules:
    """Return what git knows of ``root``, from the folders above it and the user's settings.

    of_user  the rules in the user's ``core.excludesFile``, where they are known.
    """
    repository = repository_around(os.path.realpath(root))
    of_user = user_chain(repository, found.watch) if of_user is None else of_user
    outside = _rules_outside(of_user)
    if repository is not None and repository.doubt:
        found.notes.append(_note_on_doubt(repository))
    if repository is None or repository.doubt:
        return outside
    prefix = b"".join(name + b"/" for name in _way_down(repository, root))
    tracked = _read_tracked(repository, found, from_folder=prefix)
    chain = chain_for_root(root, repository, of_user)
    if chain is None and not tracked.files and not tracked.submodules:
        found.notes.append(
            f"{os.fsdecode(root)} is ignored by the repository {os.fsdecode(repository.top)} that it is in; "
            "it was scanned without the rules from above it"
        )
        return outside
    return GitRules(chain, tracked, of_user, is_in_work_tree=True)


def _note_on_doubt(repository: Repository) -> str:
    return (
        f"git was not asked about {os.fsdecode(repository.top)}, and .gitignore alone says what is left out there: "
        f"{repository.doubt}"
    )


def _way_down(repository: Repository, root: bytes) -> list[bytes]:
    """Return the names of the folders from the top of the work tree to ``root``, the root's own last."""
    way = os.path.relpath(os.path.realpath(root), repository.top)
    return [] if way == b"." else way.split(os.fsencode(os.sep))


def rules_for_repository(repository: Repository, path: bytes, *, of_user: Chain, found: FoundFiles) -> GitRules:
    """Return what git knows of a repository below the root, at the folder ``path`` (with a slash at its end)."""
    if repository.doubt:
        found.notes.append(_note_on_doubt(repository))
        return GitRules(chain_within(of_user, path), NOTHING_TRACKED, of_user, is_in_work_tree=False)
    own_excludes = repository_excludes(repository)
    if own_excludes is not None:
        of_user = _with_file((), own_excludes, origin=own_excludes)
    tracked = _read_tracked(repository, found, to_folder=path)
    chain = chain_within(_with_repository(of_user, repository), path)
    return GitRules(chain, tracked, of_user, is_in_work_tree=True)


def walk(
    root: bytes,
    start: SelectedFolder,
    rules: GitRules | None,
    *,
    selection: Selection,
    found: FoundFiles,
    memory: WalkMemory | None = None,
) -> None:
    """Add the files below ``start`` to ``found``; with ``rules`` None, even those that git ignores.

    memory  what the last walk took from the folders that are as they were, and where this one is remembered.
    """
    listing = _Listing(root, start, selection, found, memory)
    ways = [Way(start, rules, True)]
    while ways:
        way = ways.pop()
        found.watch.raise_if_cancelled()
        taken = None if memory is None else memory.taken_from(way)
        if taken is not None:
            found.add_all(taken.found)
            ways += taken.below
            continue
        if memory is None:
            ways += listing.take(way)[0]
            continue
        sizes = found.sizes
        below, is_all_known = listing.take(way)
        ways += below
        if is_all_known:
            memory.keep(Taken(way, found.since(sizes), below))
        else:
            memory.keep_nothing()


class _Listing:
    """Lists the folders of one walk, one at a time."""

    def __init__(
        self, root: bytes, start: SelectedFolder, selection: Selection, found: FoundFiles, memory: WalkMemory | None
    ) -> None:
        self._root = root
        self._start = start
        self._selection = selection
        self._found = found
        self._memory = memory

    def take(self, way: Way) -> tuple[list[Way], bool]:
        """Add the files in a folder; return the folders to go on to, and whether its entries said all of this."""
        folder, rules, is_looked_at = way
        root, found = self._root, self._found
        try:
            with os.scandir(root + b"/" + folder.path) as scan:
                entries = list(scan)
        except (FileNotFoundError, NotADirectoryError):
            return [], False
        except OSError:
            found.unreadable.append(folder.path)
            return [], False
        names = {entry.name for entry in entries}
        is_all_known = True
        if rules is not None and not is_looked_at and may_have(names, b".git"):
            is_all_known = b".git" not in names
            rules = _rules_of_repository(root, folder.path[:-1], rules, is_submodule=False, found=found)
            if rules is None:
                return [], False
        if folder.path != self._start.path:
            folder = self._with_own_selection(folder, names)
        if (
            rules is not None
            and folder.path != self._start.path
            and is_tool_folder_by_contents(root + b"/" + folder.path, names)
        ):
            rules = _rules_in_tool_folder(folder.path[:-1], rules, found=found)
            if rules is None:
                return [], False
        is_all_known &= rules is None or not is_told_by_a_file(names)
        if rules is not None and rules.chain is not None and may_have(names, GITIGNORE):
            # Some gits follow a link here, and wait for a FIFO.
            is_all_known &= all(entry.name != GITIGNORE or entry.is_file(follow_symlinks=False) for entry in entries)
            rules = self._with_own_rules(folder.path, rules)
        below, looked_around = self._take_entries(folder, rules, entries, names)
        return below, is_all_known and not looked_around

    def _take_entries(
        self, folder: SelectedFolder, rules: GitRules | None, entries: list[os.DirEntry[bytes]], names: set[bytes]
    ) -> tuple[list[Way], bool]:
        """Add the files among the entries; return the folders, and whether anything was looked at in one of them."""
        selection, found = self._selection, self._found
        has_all_files = selection.has_all_files(folder)
        below: list[Way] = []
        files: list[bytes] = []
        looked_around = False
        for i, entry in enumerate(entries):
            if i % _REPORT_EVERY == 0:
                found.watch.raise_if_cancelled()
            name = entry.name
            if name == b".git":
                continue
            if entry.is_dir(follow_symlinks=False):
                selected = selection.below(folder, name, is_listed=True)
                if selected is None:
                    continue
                if rules is None:
                    below.append(Way(selected, None, True))
                    continue
                is_of_tool = is_tool_folder_by_place(name, names)
                looks_now = is_of_tool or folder.path + name in rules.tracked.submodules
                looked_around |= looks_now
                rules_below = _rules_below(self._root, folder.path, name, rules, looks_now=looks_now, found=found)
                if rules_below is not None and is_of_tool:
                    rules_below = _rules_in_tool_folder(folder.path + name, rules_below, found=found)
                if rules_below is not None:
                    below.append(Way(selected, rules_below, looks_now))
            elif (
                entry.is_file(follow_symlinks=False)
                and (rules is None or _is_part_of_work_tree(folder.path, name, rules))
                and (has_all_files or selection.has_file(folder, name))
            ):
                files.append(folder.path + name)
                if len(files) == _REPORT_EVERY:
                    found.add(files)
                    files = []
        if files:
            found.add(files)
        return below, looked_around

    def _with_own_selection(self, folder: SelectedFolder, names: set[bytes]) -> SelectedFolder:
        if self._memory is None or REPOMAP_IGNORE not in names:
            return self._selection.entered(folder, names)
        read = partial(self._selection.entered, folder, names)
        return self._memory.rules_with(folder.path + REPOMAP_IGNORE, folder, read)

    def _with_own_rules(self, path: bytes, rules: GitRules) -> GitRules:
        """Return the rules in the folder ``path``, with those of its own .gitignore."""

        def read() -> GitRules:
            assert rules.chain is not None
            chain = chain_with_own(rules.chain, self._root, path, GITIGNORE)
            return rules if chain is rules.chain else rules._replace(chain=chain)

        within = read() if self._memory is None else self._memory.rules_with(path + GITIGNORE, rules, read)
        if within is not rules and within.chain and within.chain[0][0].n_not_applied:
            self._found.cut_rule_files.append(path + GITIGNORE)
        return within


def _is_part_of_work_tree(folder: bytes, name: bytes, rules: GitRules) -> bool:
    if folder + name in rules.tracked.files:
        return True
    return rules.chain is not None and not is_ignored(rules.chain, folder, name, is_folder=False)


def _rules_below(
    root: bytes, folder: bytes, name: bytes, rules: GitRules, *, looks_now: bool, found: FoundFiles
) -> GitRules | None:
    """Return what git knows of the folder ``name`` in ``folder``; None if it is no part of the work tree.

    looks_now  whether to look for a repository there; else its caller does, which sees the names in it.
    """
    path = folder + name
    is_submodule = path in rules.tracked.submodules
    is_left_out = rules.chain is None or is_ignored(rules.chain, folder, name, is_folder=True)
    if is_left_out and not is_submodule and path not in rules.tracked.folders:
        return None
    of_folder: GitRules | None = rules
    if looks_now:
        of_folder = _rules_of_repository(root, path, rules, is_submodule=is_submodule, found=found)
    if of_folder is not rules or not is_left_out:
        return of_folder
    return rules._replace(chain=None)


def _rules_of_repository(
    root: bytes, path: bytes, rules: GitRules, *, is_submodule: bool, found: FoundFiles
) -> GitRules | None:
    """Return what git knows of the folder ``path``: ``rules`` if it is no repository; None if it is left out."""
    repository = None if path in rules.tracked.folders else repository_at(os.path.join(root, path))
    if repository is not None and (is_submodule or not rules.is_in_work_tree):
        return rules_for_repository(repository, path + b"/", of_user=rules.of_user, found=found)
    if repository is not None:
        found.embedded.append(path)
        return None
    return None if is_submodule else rules


def _rules_in_tool_folder(path: bytes, rules: GitRules, *, found: FoundFiles) -> GitRules | None:
    """Return what git knows of a folder that a tool made, so that only what is tracked in it is part of the work tree;
    None if nothing is."""
    if rules.chain is not None:
        found.tool_folders.append(path)
    return rules._replace(chain=None) if path in rules.tracked.folders else None


def _with_file(chain: Chain, path: bytes, *, origin: bytes) -> Chain:
    rules = read_rule_file(path, os.fsdecode(origin), follow_link=True)
    return ((rules, b"", 0), *chain) if rules else chain


def _with_repository(of_user: Chain, repository: Repository) -> Chain:
    path = os.path.join(repository.common_dir, b"info", b"exclude")
    return _with_file(of_user, path, origin=b".git/info/exclude")


def _read_tracked(
    repository: Repository, found: FoundFiles, *, from_folder: bytes = b"", to_folder: bytes = b""
) -> TrackedPaths:
    try:
        tracked = read_index(os.path.join(repository.git_dir, b"index"))
        return tracked.moved(from_folder=from_folder, to_folder=to_folder)
    except GitError as error:
        found.notes.append(f"files that are tracked and ignored are missing: {error}")
        return NOTHING_TRACKED
