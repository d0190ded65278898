"""What a walk remembers for the next one: what it took from each folder that is as it was.

Within a process only folders that changed are listed again. ``KeptWalk`` is what outlives a process: with it nothing is
listed if no folder changed, and all is listed if any did.

The system gives a folder another time whenever an entry is added to it, taken from it, or renamed. So a folder with the
times that it had has the same entries, of the same kinds. One that changed a moment before it was listed could change
again within the clock's grain, and is listed again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple, Self, TypeAlias, TypeVar, cast

import numpy as np

from repomap_fast.discovery import stamps
from repomap_fast.discovery.file_stats import FILE, FOLDER, MISSING, Inodes, look_up_inodes
from repomap_fast.discovery.git_memory import GitMemory
from repomap_fast.discovery.stamps import are_current, settled_stamp, stamp_of
from repomap_fast.tables import StringTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.discovery.selection import SelectedFolder
    from repomap_fast.discovery.stamps import Stamp
    from repomap_fast.discovery.walk import GitRules

Found: TypeAlias = tuple[tuple[object, ...], ...]
"""What was added to each list of a ``FoundFiles``, in the order of its fields."""
_T = TypeVar("_T")
_NOTHING_FOUND: Found = ((), (), (), (), (), ())


class Way(NamedTuple):
    """A folder on the way of a walk.

    rules         what git knows of it; None if that does not matter.
    is_looked_at  it is known to be no repository, or one whose rules these are.
    """

    folder: SelectedFolder
    rules: GitRules | None
    is_looked_at: bool


class Taken(NamedTuple):
    """What a walk took from one folder: what it found there, and the folders that it went on to."""

    way: Way
    found: Found
    below: list[Way]


class Tree(NamedTuple):
    """What is looked up before a walk, in one go: a folder and what is in it come one after another.

    The system looks for each part of a path among those that it was asked for last. To ask for a file just after its
    folder takes it a fifth less than to ask for all folders, then for all files.

    paths       sorted.
    of_folders  (n_folders,) rows of the folders and rule files that are remembered.
    of_files    (n_files,) rows of files of the last walk.
    """

    paths: StringTable
    of_folders: NDArray[np.intp]
    of_files: NDArray[np.intp]

    @classmethod
    def of(cls, folders: StringTable, files: StringTable) -> Self:
        paths = [*folders, *files]
        order = sorted(range(len(paths)), key=paths.__getitem__)
        rows = np.empty(len(paths), np.intp)
        rows[order] = np.arange(len(paths))
        return cls(StringTable.from_strings([paths[i] for i in order]), rows[: len(folders)], rows[len(folders) :])


class KeptWalk(NamedTuple):
    """A walk that the next process need not make again, as long as its folders and rule files are as they were.

    environment  what the rules depended on beside files.
    root         the stamp of the root.
    outside      the stamps of files that the rules depended on, and that are not below the root.
    tree         all folders and rule files, and all files that were found.
    inodes       how the folders and rule files were.
    """

    environment: str
    root: Stamp
    outside: Mapping[bytes, Stamp | None]
    tree: Tree
    inodes: Inodes


class _Spared(NamedTuple):
    """Files of the last walk of which it is enough to know that they are there: their folders tell that.

    inodes  of all files of the walk, as they were looked up last.
    rows    (n_spared,) of these files, rising.
    others  (n_others,) rows of all other files, rising.
    """

    inodes: Inodes
    rows: NDArray[np.intp]
    others: NDArray[np.intp]


class WalkMemory:
    """What walks of one folder, with one choice of files, remember. ``begin`` and ``end`` are around each walk.

    A walk that is ended by an exception leaves what was remembered before it.

    git  whether the walk may stand for git's listing; None if it never does.
    """

    def __init__(self, *, stands_for_git: bool = True) -> None:
        self.git = GitMemory() if stands_for_git else None
        self._last: dict[bytes, Taken] = {}
        self._next: dict[bytes, Taken] = {}
        self._rules: dict[bytes, tuple[object, object]] = {}
        self._new_rules: dict[bytes, tuple[object, object]] = {}
        self._is_whole = False
        self._changed: set[bytes] = set()
        self._paths = StringTable.from_strings([])
        self._inodes = look_up_inodes(b"", self._paths, lambda _: None)
        self._is_known = np.zeros(0, np.bool_)
        self._trees: dict[bool, Tree] = {}
        self._looked_up: Inodes | None = None
        self._spared: _Spared | None = None
        self._is_sparing = False
        self._root: tuple[Stamp | None, Way | None] | None = None
        self._outside: dict[bytes, Stamp | None] = {}
        self._environment: object = None
        self._kept: KeptWalk | None = None
        self._is_new = False
        self._all: tuple[StringTable, Found] | None = None
        self._started_ns = 0

    @property
    def root(self) -> Way | None:
        """The root with its rules, if all rule files are as they were and another walk read them; set by ``begin``."""
        return None if self._root is None else self._root[1]

    @property
    def all(self) -> tuple[StringTable, Inodes, Found] | None:
        """All files of the last walk, sorted, how they are now, and what else it found; None if any folder changed.

        Set by ``begin``.
        """
        if self._changed or self._all is None or self._looked_up is None:
            return None
        names, others = self._all
        return names, self._looked_up, others

    @property
    def is_whole(self) -> bool:
        """Whether the entries of each folder on this walk said all of it: none was a repository, or hard to read."""
        return self._is_whole

    @property
    def has_new_rules(self) -> bool:
        """Whether this walk has read a rule file that the last one did not; asked before ``end``."""
        return not self._new_rules.keys() <= self._rules.keys()

    def begin(
        self, root: bytes, n_threads: int, environment: object, tell: Callable[[int], None], *, is_sparing: bool = False
    ) -> None:
        """Find out which folders and rule files are as they were, and look up the files of the last walk.

        environment  what the rules depend on beside files; if it is not as it was, all is forgotten.
        is_sparing   whether the files that ``spare`` was given are not looked up, unless a folder changed: how they
                     are is then what was seen last.
        tell         as for ``look_up_inodes``.
        """
        self._started_ns = time.time_ns()
        self._is_sparing = is_sparing and self._spared is not None
        self._next, self._new_rules, self._is_whole = {}, {}, True
        is_as_before = are_current(self._outside)
        if self._kept is not None:
            is_as_before &= self._kept.environment == repr(environment) and self._kept.root == stamp_of(root)
            if not is_as_before:
                # It may be of another tree: its paths are not looked up.
                self.forget()
        inodes = self._look_up(root, n_threads, tell)
        is_same = self._is_known & _are_same(inodes, self._inodes)
        changed = {self._paths[row] for row in np.flatnonzero(~is_same).tolist()}
        # What was taken from each folder is not kept, so any change is one of all.
        is_as_before &= self._environment == environment if self._kept is None else not changed
        if not stamps.CAN_TELL or not is_as_before or not self._rules.keys().isdisjoint(changed):
            self.forget()
            changed = set()
        self._environment = environment
        if self._root is None or self._root[0] != stamp_of(root):
            changed.add(b"")
        self._changed = changed

    def _look_up(self, root: bytes, n_threads: int, tell: Callable[[int], None]) -> Inodes:
        """Return how the folders and rule files are, and note how the files of the last walk are."""
        self._looked_up = None
        if self._all is None:
            return look_up_inodes(root, self._paths, tell, n_threads=n_threads)
        files, _ = self._all
        spared = self._spared if self._is_sparing else None
        tree = self._trees.get(self._is_sparing)
        if tree is None:
            tree = Tree.of(self._paths, files if spared is None else files.rows(spared.others))
            self._trees[self._is_sparing] = tree
        inodes = look_up_inodes(root, tree.paths, tell, n_threads=n_threads)
        of_files = inodes.rows(tree.of_files)
        self._looked_up = of_files if spared is None else spared.inodes.with_rows(spared.others, of_files)
        return inodes.rows(tree.of_folders)

    def looked_up(self, root: bytes, files: StringTable, n_threads: int, tell: Callable[[int], None]) -> Inodes | None:
        """Return how the files that were found are, if ``begin`` has looked up just these; else None.

        Those that were spared are looked up now: a folder has changed.
        """
        if self._all is None or self._looked_up is None or not self._all[0].equals(files):
            return None
        inodes, spared = self._looked_up, self._spared if self._is_sparing else None
        if spared is not None:
            late = look_up_inodes(root, files.rows(spared.rows), tell, n_threads=n_threads)
            inodes = inodes.with_rows(spared.rows, late)
        # One that was not there has been written again since.
        return inodes if bool((inodes.kinds == FILE).all()) else None

    def spare(self, files: StringTable, inodes: Inodes, rows: NDArray[np.intp]) -> None:
        """Note of which files of the last walk it is enough to know that they are there.

        files   that ``discover`` found; none is spared if these are not all that the walk found.
        inodes  how they are.
        rows    of the files to spare, rising.
        """
        if self._all is None or not self._all[0].equals(files):
            rows = rows[:0]
        if self._spared is not None and np.array_equal(self._spared.rows, rows):
            self._spared = self._spared._replace(inodes=inodes)
            return
        self._trees.pop(True, None)
        is_other = np.ones(len(files), np.bool_)
        is_other[rows] = False
        self._spared = _Spared(inodes, rows, np.flatnonzero(is_other)) if len(rows) else None

    def taken_from(self, way: Way) -> Taken | None:
        """Return what the last walk took from a folder, if it would be the same now."""
        path = way.folder.path
        taken = None if path[:-1] in self._changed else self._last.get(path)
        if taken is None or not _is_same_way(taken.way, way):
            return None
        self._next[path] = taken
        return taken

    def keep(self, taken: Taken) -> None:
        """Remember what was taken from a folder."""
        self._next[taken.way.folder.path] = taken

    def keep_nothing(self) -> None:
        """Note that there is a folder of which nothing is remembered, as its entries do not say all."""
        self._is_whole = False

    def rules_with(self, rule_file: bytes, outer: object, read: Callable[[], _T]) -> _T:
        """Return ``outer`` with the rules of a file in the tree: what it was for the last walk, or what is read now.

        rule_file  its path below the root. It is read through no link.
        """
        known = self._new_rules.get(rule_file) or self._rules.get(rule_file)
        if known is None or known[0] is not outer:
            known = (outer, read())
        self._new_rules[rule_file] = known
        return cast("_T", known[1])

    def end(
        self, root: bytes, start: Way, found: tuple[StringTable, Found], outside: Iterable[bytes] | None, n_threads: int
    ) -> None:
        """Remember a walk that came to its end.

        found    all files, sorted, and what else was found.
        outside  files that the rules depend on, and that are not below the root; None for those of the last walk.
        """
        self._rules |= self._new_rules
        self._last, self._all = self._next, found if self._is_whole else None
        self._trees, self._looked_up, self._spared = {}, None, None
        folders = [path[:-1] for path in self._last if path]
        self._paths = StringTable.from_strings(sorted([*folders, *self._rules]))
        self._inodes = look_up_inodes(root, self._paths, lambda _: None, n_threads=n_threads)
        # Of a rule file that is not there its folder tells when it comes.
        is_there = np.flatnonzero(self._inodes.kinds != MISSING)
        self._paths, self._inodes = self._paths.rows(is_there), self._inodes.rows(is_there)
        newest = np.maximum(self._inodes.mtimes_ns, self._inodes.ctimes_ns)
        self._is_known = newest < self._started_ns - stamps.GRAIN_NS
        self._root = settled_stamp(root, self._started_ns), start
        if outside is not None:
            self._outside = {path: settled_stamp(path, self._started_ns) for path in outside}
        self._kept, self._is_new = None, True

    def take_new(self) -> KeptWalk | None:
        """Return the walk that ended last, to be kept for other processes; None if there is none, or it may not be.

        Each walk is returned once. It may be kept if it found nothing but files, and what it depends on was settled.
        """
        is_new, self._is_new = self._is_new, False
        # What git said of a work tree is more than a tuple of settings.
        is_plain = self._environment is None or type(self._environment) is tuple
        if not is_new or self._all is None or self._root is None or not (is_plain and self._is_known.all()):
            return None
        (stamp, _), (files, others) = self._root, self._all
        if not stamp or () in self._outside.values() or any(others):
            return None
        return KeptWalk(repr(self._environment), stamp, self._outside, Tree.of(self._paths, files), self._inodes)

    def restore(self, kept: KeptWalk) -> None:
        """Begin with a walk that another process has made."""
        self.forget()
        tree = kept.tree
        self._kept, self._root, self._outside = kept, (kept.root, None), dict(kept.outside)
        self._paths, self._inodes = tree.paths.rows(tree.of_folders), kept.inodes
        self._is_known = np.ones(len(self._paths), np.bool_)
        self._all, self._trees = (tree.paths.rows(tree.of_files), _NOTHING_FOUND), {False: tree}

    def forget(self) -> None:
        """Remember nothing."""
        self._kept, self._is_new = None, False
        self._last, self._rules, self._root, self._all = {}, {}, None, None
        self._paths, self._is_known = StringTable.from_strings([]), np.zeros(0, np.bool_)
        self._inodes = look_up_inodes(b"", self._paths, lambda _: None)
        self._trees, self._looked_up, self._spared = {}, None, None


def _are_same(inodes: Inodes, before: Inodes) -> NDArray[np.bool_]:
    is_same: NDArray[np.bool_] = (inodes.kinds == before.kinds) & (inodes.inodes == before.inodes)
    is_same &= (inodes.mtimes_ns == before.mtimes_ns) & (inodes.ctimes_ns == before.ctimes_ns)
    # The size of a folder says nothing that its times do not.
    is_same &= (inodes.kinds == FOLDER) | (inodes.sizes_bytes == before.sizes_bytes)
    return is_same


def _is_same_way(one: Way, other: Way) -> bool:
    """Return whether both have the same rules: not equal ones, which takes long to find out, but those themselves."""
    return (
        one.rules is other.rules
        and one.is_looked_at == other.is_looked_at
        and one.folder.ignored is other.folder.ignored
        and one.folder.is_included == other.folder.is_included
    )
