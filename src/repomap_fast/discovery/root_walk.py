"""Walks the root of a scan: without git, in place of git where that is known to be the same, or to find that out."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from repomap_fast.discovery.excludes import settings_of_user, user_excludes
from repomap_fast.discovery.file_stats import Inodes
from repomap_fast.discovery.git_folder import repository_around
from repomap_fast.discovery.selection import REPOMAP_IGNORE, Selection
from repomap_fast.discovery.walk import FoundFiles, GitRules, chain_of_user, rules_for_root, rules_outside, walk
from repomap_fast.discovery.walk_memory import Found, WalkMemory, Way
from repomap_fast.tables import StringTable

if TYPE_CHECKING:
    from repomap_fast.options import ScanOptions


class Walked(NamedTuple):
    """All files of a walk, sorted, and how they are, if that was looked up on the way."""

    names: StringTable
    inodes: Inodes | None


class RootWalk:
    """A walk of one root. ``memory`` has the last one; None to remember nothing."""

    def __init__(self, root: bytes, options: ScanOptions, selection: Selection, memory: WalkMemory | None) -> None:
        self._root = root
        self._options = options
        self._selection = selection
        self._memory = memory
        self._real_root = os.path.realpath(root)
        self._repository = None if options.no_ignore else repository_around(self._real_root)

    @property
    def is_in_repository(self) -> bool:
        """Whether ignore rules count and the root is in a repository, be it in doubt or not."""
        return self._repository is not None

    def without_git(self, found: FoundFiles, *, is_sparing: bool) -> Walked:
        """Walk where git is not asked, or did not answer."""
        root, selection, memory = self._root, self._selection, self._memory
        has_rules = not self._options.no_ignore
        if memory is None or selection.notes_unmatched or self.is_in_repository:
            rules = rules_for_root(root, found) if has_rules else None
            walk(root, selection.at_root(), rules, selection=selection, found=found)
            return Walked(StringTable.from_strings(sorted(found.paths)), None)
        settings = settings_of_user() if has_rules else None
        self._begin(memory, settings, found, is_sparing=is_sparing)
        if memory.all is not None:
            return _as_remembered(memory.all, found)
        sources: Iterable[bytes] | None = None
        if memory.root is not None:
            rules = memory.root.rules
        elif has_rules:
            excludes = user_excludes(found.watch, settings)
            rules, sources = rules_outside(excludes.path), excludes.sources
        else:
            rules, sources = None, []
        return self._go_on(memory, rules, sources, found)[0]

    def in_place_of_git(self, found: FoundFiles, *, is_sparing: bool) -> Walked | None:
        """Walk in a work tree; None where git has to be asked. Adds to ``found`` only what it returns."""
        memory = self._memory
        if memory is None or memory.git is None or self._selection.notes_unmatched:
            return None
        memory.git.look(self._real_root, self._repository)
        if not memory.git.has_agreed:
            return None
        own = FoundFiles(found.watch)
        self._begin(memory, memory.git.state, own, is_sparing=is_sparing)
        # No root: a rule file has changed. Its rules apply to files that git and the walk have not compared.
        if memory.root is not None:
            walked, has_new_rules = self._go_on(memory, memory.root.rules, None, own)
            if memory.is_whole and not has_new_rules and _is_plain(own):
                memory.git.held()
                return walked
        memory.forget()
        memory.git.doubt()
        return None

    def compare_with_git(self, listed: StringTable, found: FoundFiles) -> None:
        """Find out whether the walk may stand for git from now on: it finds just the files that git listed."""
        memory = self._memory
        if memory is None or memory.git is None or self._selection.notes_unmatched:
            return
        if not memory.git.may_compare(len(listed), found.watch):
            return
        state = memory.git.state
        assert state is not None
        own = FoundFiles(found.watch.silent())
        rules = rules_for_root(self._root, own, chain_of_user(state.excludes))
        is_same = _is_plain(found) and _is_plain(own) and _are_plain_rules(rules)
        if is_same:
            self._begin(memory, state, own, is_sparing=False)
            walked, _ = self._go_on(memory, rules, (), own)
            is_same = memory.is_whole and _is_plain(own) and walked.names.equals(listed)
        if not is_same:
            memory.forget()
        memory.git.compared(is_same=is_same)

    def _begin(self, memory: WalkMemory, environment: object, found: FoundFiles, *, is_sparing: bool) -> None:
        def tell(_: int) -> None:
            found.watch.raise_if_cancelled()

        memory.begin(self._root, self._options.n_workers, environment, tell, is_sparing=is_sparing)

    def _go_on(
        self, memory: WalkMemory, rules: GitRules | None, sources: Iterable[bytes] | None, found: FoundFiles
    ) -> tuple[Walked, bool]:
        """Walk where the last one does not say all, and remember it; return whether it met rules that are new, too.

        sources  files outside of the root that the rules depend on; None for those of the last walk.
        """
        root, selection, n_threads = self._root, self._selection, self._options.n_workers
        if memory.all is not None:
            return _as_remembered(memory.all, found), False

        def tell(_: int) -> None:
            found.watch.raise_if_cancelled()

        is_new, before = memory.root is None, found.sizes
        has_own = not self._options.no_ignore and os.path.lexists(os.path.join(root, REPOMAP_IGNORE))
        start = memory.rules_with(REPOMAP_IGNORE, None, selection.at_root) if has_own else selection.at_root()
        walk(root, start, rules, selection=selection, found=found, memory=memory)
        names = StringTable.from_strings(sorted(found.paths))
        inodes = memory.looked_up(root, names, n_threads, tell)
        has_new_rules = memory.has_new_rules
        if selection.cut_rule_files or (is_new and sources is None):
            memory.forget()
        else:
            memory.end(root, Way(start, rules, True), (names, ((), *found.since(before)[1:])), sources, n_threads)
        return Walked(names, inodes), has_new_rules


def _as_remembered(remembered: tuple[StringTable, Inodes, Found], found: FoundFiles) -> Walked:
    names, as_they_are, others = remembered
    found.add_all(others)
    return Walked(names, as_they_are)


def _is_plain(found: FoundFiles) -> bool:
    """Return whether nothing but files was found: no repository, nothing that is hard to read, no note."""
    return not any(found.since((0,) * len(found.sizes))[1:])


def _are_plain_rules(rules: GitRules) -> bool:
    """Return whether git's own files say of each path whether it is tracked, and all rules in them are applied."""
    is_whole = not rules.tracked.submodules and not rules.tracked.is_sparse
    return is_whole and not any(one.n_not_applied for one, _, _ in rules.chain or ())
