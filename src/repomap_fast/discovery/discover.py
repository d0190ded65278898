"""Finds the files of a scan: those that git considers part of the work tree, minus those that the user excludes.

In a work tree git lists them. Elsewhere, and where git is missing or fails, ``walk`` finds the same files. It never
runs what a repository names, follows no symbolic link, and writes nothing.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from repomap_fast.discovery.file_stats import FILE, Inodes, look_up_inodes
from repomap_fast.discovery.git_folder import repository_around
from repomap_fast.discovery.git_listing import FilePart, ListedFiles, file_part
from repomap_fast.discovery.git_run import GitRun
from repomap_fast.discovery.ignore import BOUNDS, Rule, chain_with_own, deciding_rule
from repomap_fast.discovery.root_walk import RootWalk
from repomap_fast.discovery.selection import Selection, select_rows
from repomap_fast.discovery.walk import GITIGNORE, FoundFiles, chain_for_root, user_chain
from repomap_fast.discovery.walk_memory import WalkMemory
from repomap_fast.options import ScanOptions
from repomap_fast.progress import STAGE_DISCOVER, Progress
from repomap_fast.tables import I64, U64, StringTable

if TYPE_CHECKING:
    from repomap_fast.discovery.commit_contents import CommitContents

_NEARLY_ALL = 0.9
"""Share of ignored entries at the top above which a note explains them."""

_MAX_NAMED = 3
"""Most paths that one note names; more would hide the other notes."""


class Discovery(NamedTuple):
    """The files of a scan, sorted by path as bytes.

    paths        below the root, ``/``-separated, as ``os.fsencode`` gives them.
    sizes_bytes  (n,) int64.
    mtimes_ns    (n,) int64: when the contents changed, nanoseconds since 1970.
    ctimes_ns    (n,) int64: when the contents or the inode changed, nanoseconds since 1970; 0 on Windows.
    inodes       (n,) uint64: number of the file's inode; 0 on Windows.
    notes        what the user should know of how they were found, in sentences.
    commit       the commit that the files are of; None if they are in a folder. Files of a commit have no times and no
                 inodes: in their place are numbers that are equal where the contents are.
    """

    paths: StringTable
    sizes_bytes: I64
    mtimes_ns: I64
    ctimes_ns: I64
    inodes: U64
    notes: tuple[str, ...]
    commit: CommitContents | None = None

    def as_inodes(self) -> Inodes:
        """Return what was looked up of the files."""
        kinds = np.full(len(self.paths), FILE, np.uint8)
        return Inodes(kinds, self.sizes_bytes, self.mtimes_ns, self.ctimes_ns, self.inodes, has_rule_files=False)

    def rows(self, rows: NDArray[np.intp]) -> Discovery:
        """Return these files and no others; ``rows`` rise."""
        return Discovery(
            self.paths.rows(rows),
            self.sizes_bytes[rows],
            self.mtimes_ns[rows],
            self.ctimes_ns[rows],
            self.inodes[rows],
            self.notes,
            self.commit,
        )


def discover(
    root: Path,
    options: ScanOptions,
    watch: Progress,
    *,
    listing: GitRun | None = None,
    memory: WalkMemory | None = None,
    is_sparing: bool = False,
    has_time: bool = True,
) -> Discovery:
    """Find the files to scan below ``root``, an absolute path of a folder.

    Only regular files, reached through no symbolic link; a file that vanishes meanwhile is left out.

    listing  what ``start_listing`` gave for the root, where the caller had something to do while git runs; the caller
             ends it if this raises before it is asked.
    memory   of walks of this root with these options, in this process.
    is_sparing  whether sizes and times of files that the memory was told to spare may be those that were seen last.
    has_time    whether this may take longer once, so that the next time takes less.

    Raises ScanCancelled, and OptionError for patterns that cannot be used; any other trouble is a note.
    """
    found = FoundFiles(watch)
    root_path = os.fsencode(root)
    selection = Selection(
        root_path,
        include=options.include,
        exclude=options.exclude,
        follow_ignore_files=not options.no_ignore,
    )
    root_walk = RootWalk(root_path, options, selection, memory)
    listed = ListedFiles(root_path, selection, found, options.n_workers)
    files, names, inodes = listed.files, None, None
    walked = root_walk.in_place_of_git(found, is_sparing=is_sparing) if listing is None else None
    has_git = not options.no_ignore and (listing is not None or root_walk.is_in_repository)
    if walked is None and not (has_git and listed.add_root(listing)):
        walked = root_walk.without_git(found, is_sparing=is_sparing)
    if walked is not None:
        names, inodes = walked
    elif found.paths or not files:
        names = StringTable.from_strings(sorted(found.paths))
    elif len(files) == 1 and has_time:
        root_walk.compare_with_git(files[0][0], found)
    if names is not None:
        if inodes is None:
            inodes = look_up_inodes(root_path, names, lambda _: watch.raise_if_cancelled(), n_threads=options.n_workers)
        files.append(file_part(names, inodes, np.flatnonzero(inodes.kinds == FILE)))
    paths, inodes = _join(files)
    watch.report(STAGE_DISCOVER, len(paths), len(paths))
    if not options.no_ignore:
        found.notes += _note_on_ignored_top(root_path, selection, paths, watch)
    notes = (*found.notes, *_notes_on_folders(found), *_notes_on_patterns(root, selection, found))
    return Discovery(paths, inodes.sizes_bytes, inodes.mtimes_ns, inodes.ctimes_ns, inodes.inodes, notes)


def look_up_files(root: Path, paths: Iterable[bytes], options: ScanOptions, watch: Progress) -> Discovery:
    """Look up these files below ``root``, even if a rule ignores them.

    As in ``discover``, only what is a regular file, reached through no symbolic link. Raises ScanCancelled.
    """
    root_path = os.fsencode(root)
    names = StringTable.from_strings(sorted(set(paths)))
    looked_up = look_up_inodes(root_path, names, lambda _: watch.raise_if_cancelled(), n_threads=options.n_workers)
    found, inodes = file_part(names, looked_up, np.flatnonzero(looked_up.kinds == FILE))
    watch.report(STAGE_DISCOVER, len(found), len(found))
    return Discovery(found, inodes.sizes_bytes, inodes.mtimes_ns, inodes.ctimes_ns, inodes.inodes, ())


def discover_commit(root: Path, options: ScanOptions, watch: Progress) -> Discovery:
    """Find the files to scan below ``root`` in the commit ``options.revision``, without looking at the folder.

    Raises as ``open_commit`` and ``discover``.
    """
    from repomap_fast.discovery.commit_contents import open_commit

    assert options.revision is not None
    root_path = os.fsencode(root)
    commit = open_commit(root_path, options.revision, watch)
    selection = Selection(
        root_path,
        include=options.include,
        exclude=options.exclude,
        follow_ignore_files=not options.no_ignore,
        contents=commit,
    )
    paths = commit.entries.paths
    with commit.held_open():
        rows = select_rows(selection, paths, range(len(paths)), watch)
    commit = commit.of_rows(rows)
    found = FoundFiles(watch)
    notes = _notes_on_patterns(root, selection, found)
    if not len(paths):
        notes.append(f"the commit {commit.commit[:12]} has no file below {str(root)!r}")
    watch.report(STAGE_DISCOVER, len(rows), len(rows))
    first, second, third = commit.fingerprints()
    sizes = np.maximum(commit.entries.sizes_bytes, 0)
    return Discovery(commit.entries.paths, sizes, first, second, third.view(np.uint64), tuple(notes), commit)


def _join(parts: Sequence[FilePart]) -> FilePart:
    """Join files, each part of which is sorted, into one sorted part."""
    if len(parts) == 1:
        return parts[0]
    paths = [path for part, _ in parts for path in part]
    order = sorted(range(len(paths)), key=paths.__getitem__)
    inodes = Inodes.join([inodes for _, inodes in parts])
    return StringTable.from_strings([paths[row] for row in order]), inodes.rows(np.array(order, np.intp))


def _notes_on_folders(found: FoundFiles) -> list[str]:
    notes = []
    if found.embedded:
        notes.append(
            f"skipped {_count(found.embedded, 'repository', 'repositories')} inside the work tree that "
            f"{'is no submodule' if len(found.embedded) == 1 else 'are no submodules'} of it "
            f"({_name_first(found.embedded)}): scan such a repository by itself"
        )
    if found.tool_folders:
        notes.append(
            f"left out {_count(found.tool_folders, 'folder', 'folders')} that tools made "
            f"({_name_first(found.tool_folders)}): use --no-ignore to scan all"
        )
    if found.unreadable:
        notes.append(
            f"skipped {_count(found.unreadable, 'folder', 'folders')} that cannot be read "
            f"({_name_first(found.unreadable)})"
        )
    return notes


def _notes_on_patterns(root: Path, selection: Selection, found: FoundFiles) -> list[str]:
    notes = []
    if cut := sorted({*found.cut_rule_files, *selection.cut_rule_files}):
        notes.append(f"did not apply all rules of {_count(cut, 'file', 'files')} ({_name_first(cut)}): {BOUNDS}")
    if unmatched := selection.patterns_without_match():
        names = ", ".join(repr(pattern) for pattern in unmatched[:_MAX_NAMED])
        more = f" and {len(unmatched) - _MAX_NAMED} more" if len(unmatched) > _MAX_NAMED else ""
        notes.append(
            f"nothing matches --include {names}{more}; expected patterns as in .gitignore, relative to {root}, of "
            "files that no rule leaves out"
        )
    return notes


def _count(paths: Sequence[bytes], one: str, many: str) -> str:
    return f"{len(paths)} {one if len(paths) == 1 else many}"


def _name_first(paths: Sequence[bytes]) -> str:
    names = [os.fsdecode(path.removesuffix(b"/")) or "." for path in sorted(paths)[:_MAX_NAMED]]
    return ", ".join(names) + (", …" if len(paths) > _MAX_NAMED else "")


def _note_on_ignored_top(root: bytes, selection: Selection, paths: Sequence[bytes], watch: Progress) -> list[str]:
    """Return a sentence if the rules ignore nearly all entries at the top, which is seldom what a user wants."""
    is_folder_by_name = _top_entries(root)
    n_entries = len(is_folder_by_name)
    missing_names = _names_without(paths, is_folder_by_name, n_enough=(1 - _NEARLY_ALL) * n_entries)
    if len(missing_names) <= _NEARLY_ALL * n_entries:
        return []
    repository = repository_around(os.path.realpath(root))
    of_git = chain_for_root(root, repository, user_chain(repository, watch))
    # A root that git ignores was walked without the rules from above it, and a note says so.
    chains = (chain_with_own(of_git or (), root, b"", GITIGNORE), selection.at_root().ignored)
    deciding: Counter[Rule] = Counter()
    for name in missing_names:
        rules = [deciding_rule(chain, b"", name, is_folder=is_folder_by_name[name]) for chain in chains]
        deciding.update([rule for rule in rules if rule is not None and rule.ignores][:1])
    if deciding.total() <= _NEARLY_ALL * n_entries:
        return []
    ((rule, _),) = deciding.most_common(1)
    return [
        f"the rules in {rule.origin} ignore nearly everything here ({deciding.total()} of {n_entries} entries at the "
        f"top; the pattern {os.fsdecode(rule.text)!r} on line {rule.line}): use --no-ignore to scan all"
    ]


def _names_without(paths: Sequence[bytes], is_folder_by_name: dict[bytes, bool], *, n_enough: float) -> list[bytes]:
    """Return the names that no path starts with, sorted; none once more names than ``n_enough`` are found in one."""
    missing = []
    n_found = 0
    for name in sorted(is_folder_by_name):
        is_folder = is_folder_by_name[name]
        position = bisect_left(paths, name + b"/" if is_folder else name)
        first = paths[position] if position < len(paths) else b""
        if first.startswith(name + b"/") if is_folder else first == name:
            n_found += 1
            if n_found > n_enough:
                return []
        else:
            missing.append(name)
    return missing


def _top_entries(root: bytes) -> dict[bytes, bool]:
    """Return the names of the files and folders at the top, and whether each is a folder."""
    try:
        with os.scandir(root) as scan:
            return {
                entry.name: entry.is_dir(follow_symlinks=False)
                for entry in scan
                if entry.name != b".git"
                and (entry.is_dir(follow_symlinks=False) or entry.is_file(follow_symlinks=False))
            }
    except OSError:
        return {}
