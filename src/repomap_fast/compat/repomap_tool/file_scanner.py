"""The files of a project: the plan's OptimizedFileScanner, and repomap-tool's functions for the same.

All of them decide as git does, by the rules of ``ignore``; ``should_ignore_file`` too.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from repomap_fast.discovery.discover import discover
from repomap_fast.discovery.ignore import Rules, read_rule_file
from repomap_fast.options import ScanOptions
from repomap_fast.progress import CancelEvent, Progress, ProgressCallback

_log = logging.getLogger("repomap_fast")

_ANYWHERE = (
    ".svn .hg __pycache__ .pytest_cache .mypy_cache .ruff_cache .tox .nyc_output .npm .yarn .gradle .mvn .bundle "
    ".venv .conda conda-meta .vscode .idea .vs .circleci node_modules *.egg-info CMakeFiles"
)
"""Folders that no project keeps sources in, at any depth."""
_AT_THE_TOP = "dist build target vendor bin obj packages env venv coverage htmlcov site _site Debug Release docs/_build"
"""Folders that tools make at the top of a project; further down they may hold sources."""
_FILES = (
    # Compiled, packed, pictures, sounds, office papers, fonts.
    "*.py[cod] *.class *.jar *.war *.ear *.o *.obj *.exe *.dll *.so *.dylib *.a *.lib *.pdb *.out *.gem *.snap "
    "*.tgz *.gz *.bz2 *.xz *.tar *.zip *.7z *.rar *.jpg *.jpeg *.png *.gif *.bmp *.tiff *.ico *.mp3 *.mp4 *.avi "
    "*.mov *.wmv *.flv *.webm *.wav *.pdf *.doc *.docx *.ppt *.pptx *.xls *.xlsx *.ttf *.otf *.woff *.woff2 *.eot "
    # Databases, logs, backups, editors' leftovers, locks.
    "*.db *.db-shm *.db-wal *.sqlite *.sqlite3 *.mdb *.accdb *.log *.tmp *.temp *.pid *.bak *.backup *.old *.orig "
    "*.rej *.sw[op] *~ *.cache *.lock package-lock.json go.work.sum .coverage .DS_Store Thumbs.db desktop.ini "
    # What tools are told, and containers are built from.
    ".gitignore .env *.env *.sample *.example Dockerfile* docker-compose*.yml Jenkinsfile Makefile mvnw mvnw.cmd "
    "gradlew gradlew.bat"
)
"""Files that repomap-tool does not look at."""

DEFAULT_EXCLUSIONS: tuple[str, ...] = (
    *(f"{name}/" for name in _ANYWHERE.split()),
    *(f"/{name}/" for name in _AT_THE_TOP.split()),
    *_FILES.split(),
)


def parse_gitignore(gitignore_path: str | os.PathLike[str]) -> list[str]:
    """Return the patterns of a .gitignore, as git reads them; none where there is no such file."""
    rules = read_rule_file(os.fsencode(gitignore_path), os.fspath(gitignore_path), follow_link=True)
    return [os.fsdecode(rule.text) for rule in rules or ()]


@lru_cache(maxsize=16)
def _rules_of(patterns: tuple[str, ...]) -> Rules:
    return Rules(b"\n".join(os.fsencode(pattern) for pattern in patterns), "patterns")


def should_ignore_file(
    file_path: str | os.PathLike[str], gitignore_patterns: Sequence[str], project_root: str | os.PathLike[str]
) -> bool:
    """Return whether the patterns leave out a file or folder, or a folder on the way to it from the root.

    What is not below the root is not ignored. The patterns are read once, however often they are asked about.
    """
    try:
        parts = Path(file_path).relative_to(project_root).parts
    except ValueError:
        return False
    rules = _rules_of(tuple(gitignore_patterns))
    if not rules or not parts:
        return False
    folder = b""
    for part in parts[:-1]:
        name = os.fsencode(part)
        if rules.ignores(folder, name, is_folder=True):
            return True
        folder += name + b"/"
    return rules.ignores(folder, os.fsencode(parts[-1]), is_folder=Path(file_path).is_dir())


def get_project_files(project_root: str | os.PathLike[str], verbose: bool = False) -> list[str]:
    """Return the absolute paths of a project's files, sorted: what git has in its work tree, less DEFAULT_EXCLUSIONS.

    A folder that git knows nothing of is walked by the same rules.
    """
    root = Path(os.path.abspath(project_root))
    found = discover(root, ScanOptions(exclude=DEFAULT_EXCLUSIONS), Progress())
    if verbose:
        _log.info("%d files below %s; %d patterns leave others out", len(found.paths), root, len(DEFAULT_EXCLUSIONS))
        for note in found.notes:
            _log.info(note)
    return [os.path.join(root, os.fsdecode(path)) for path in found.paths]


class OptimizedFileScanner:
    """The plan's scanner: the files below a folder that its patterns do not leave out.

    A folder that is left out is never entered, so nothing in it is asked about; a pattern is compiled once; what stands
    at the paths is looked up in one pass of a few threads, in which each folder is on the way once.

    gitignore_patterns  the only rules to follow. None: those of git, from all its files, and git itself is asked.
    """

    def __init__(self, project_root: str | os.PathLike[str], gitignore_patterns: Iterable[str] | None = None) -> None:
        self.project_root = Path(project_root)
        self.gitignore_patterns = None if gitignore_patterns is None else list(gitignore_patterns)

    def scan_files(self, *, progress: ProgressCallback | None = None, cancel: CancelEvent | None = None) -> list[Path]:
        """Return the files, sorted by path; each begins with the root as it was given.

        Symbolic links are neither followed nor listed. Raises ScanCancelled when ``cancel`` is set.
        """
        patterns = self.gitignore_patterns
        options = ScanOptions(exclude=tuple(patterns or ()), no_ignore=patterns is not None)
        found = discover(Path(os.path.abspath(self.project_root)), options, Progress(progress, cancel))
        return [self.project_root / os.fsdecode(path) for path in found.paths]
