"""The shapes that repomap-tool's parts hand each other: protocols, dictionaries with known keys, and their checks."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeAlias, TypedDict, TypeVar

from repomap_fast.compat.named_files import CodeTag

_log = logging.getLogger("repomap_fast")
T = TypeVar("T")

IdentifierSet: TypeAlias = set[str]
ScoredIdentifier: TypeAlias = tuple[str, int]
CacheStats: TypeAlias = dict[str, Any]

_CACHE_STATS = ("cache_size", "hits", "misses", "hit_rate_percent")


class RepoMapProtocol(Protocol):
    """What gives tags of a file, and a map."""

    def get_tags(self, file_path: str, rel_fname: str) -> list[CodeTag]:
        """Return the tags of a file."""
        ...

    def get_ranked_tags_map(self, files: list[str], max_tokens: int) -> str | None:
        """Return a map of the files."""
        ...


class MatcherProtocol(Protocol):
    """What finds names like a query."""

    def match_identifiers(
        self, query: str, all_identifiers: set[str], threshold: float | None = None
    ) -> list[tuple[str, int]]:
        """Return names with their scores in hundredths, best first."""
        ...

    def clear_cache(self) -> None:
        """Forget what was found."""
        ...

    def get_cache_stats(self) -> dict[str, Any]:
        """Return the figures of its cache."""
        ...


class CacheManagerProtocol(Protocol):
    """What ``CacheManager`` offers."""

    def get(self, key: str) -> Any | None:
        """Return the value under a key."""
        ...

    def set(self, key: str, value: Any) -> None:
        """Keep a value."""
        ...

    def clear(self) -> None:
        """Remove all entries."""
        ...

    def get_stats(self) -> dict[str, Any]:
        """Return the figures."""
        ...

    def cleanup_expired(self) -> int:
        """Remove what has expired."""
        ...

    def resize(self, new_max_size: int) -> None:
        """Hold so many entries."""
        ...


class FileScannerProtocol(Protocol):
    """What finds files."""

    def scan_files(self, project_root: Path) -> list[str]:
        """Return the files of a project."""
        ...

    def should_ignore_file(self, file_path: str) -> bool:
        """Return whether a file is left out."""
        ...


class ProjectAnalyzerProtocol(Protocol):
    """What analyses a project."""

    def analyze_project(self) -> dict[str, Any]:
        """Analyse it."""
        ...

    def get_project_info(self) -> dict[str, Any]:
        """Return what is known of it."""
        ...


class Tag(TypedDict):
    """A tag as a dictionary."""

    name: str
    type: str | None
    file: str | None
    line: int | None


class FileData(TypedDict):
    """What is known of a file."""

    identifiers: list[str] | None
    tags: list[Tag] | None
    content: str | None


class ProjectMap(TypedDict):
    """What is known of a project."""

    tags: list[Tag] | None
    identifiers: list[str] | None
    files: dict[str, FileData] | None


def validate_project_map(data: Mapping[str, Any] | None) -> ProjectMap:
    """Return a project's dictionary with the fields that it has to have. Raises ValueError."""
    if data is None:
        return ProjectMap(tags=None, identifiers=None, files=None)
    if not isinstance(data, dict):
        raise ValueError(f"Project map must be a dictionary; found {type(data).__name__}")
    tags, identifiers, files = data.get("tags"), data.get("identifiers"), data.get("files")
    if tags is not None and not isinstance(tags, list):
        raise ValueError(f"Tags must be a list; found {type(tags).__name__}")
    if identifiers is not None and not isinstance(identifiers, list | set | tuple):
        raise ValueError(f"Identifiers must be a list, set, or tuple; found {type(identifiers).__name__}")
    if files is not None and not isinstance(files, dict):
        raise ValueError(f"Files must be a dictionary; found {type(files).__name__}")
    return ProjectMap(
        tags=None if tags is None else [_as_tag(tag) for tag in tags],
        identifiers=None if identifiers is None else list(identifiers),
        files=None
        if files is None
        else {
            path: FileData(
                identifiers=of_file.get("identifiers"), tags=of_file.get("tags"), content=of_file.get("content")
            )
            for path, of_file in files.items()
            if isinstance(of_file, dict)
        },
    )


def _as_tag(tag: Any) -> Tag:
    if isinstance(tag, dict):
        return Tag(name=tag["name"], type=tag.get("type"), file=tag.get("file", ""), line=tag.get("line", 0))
    return Tag(name=tag.name, type=getattr(tag, "kind", None), file=tag.file, line=tag.line)


def validate_identifier_set(identifiers: Any) -> list[str]:
    """Return names as a list; one alone counts as one. Raises ValueError."""
    if identifiers is None:
        return []
    if isinstance(identifiers, str):
        return [identifiers]
    if isinstance(identifiers, list | set | tuple):
        return [str(name) for name in identifiers]
    raise ValueError(f"Identifiers must be a string, list, set, or tuple; found {type(identifiers).__name__}")


def validate_cache_stats(stats: Any) -> dict[str, Any]:
    """Return figures of a cache that has all of them. Raises ValueError."""
    if not isinstance(stats, dict):
        raise ValueError(f"Cache stats must be a dictionary; found {type(stats).__name__}")
    for name in _CACHE_STATS:
        if name not in stats:
            raise ValueError(f"Cache stats missing required key: {name}")
    return stats


def validate_match_result(match: Any) -> ScoredIdentifier:
    """Return a name and its score. Raises ValueError."""
    if not isinstance(match, list | tuple) or len(match) != 2:
        raise ValueError("Match result must be a tuple or list with 2 elements")
    name, score = match
    if not isinstance(name, str):
        raise ValueError(f"Match identifier must be a string; found {type(name).__name__}")
    if not isinstance(score, int | float):
        raise ValueError(f"Match score must be a number; found {type(score).__name__}")
    return name, int(score)


def safe_validate_project_map(data: Any) -> ProjectMap:
    """Return the project's dictionary, or an empty one where it is malformed."""
    return _or_default(validate_project_map, data, ProjectMap(tags=None, identifiers=None, files=None))


def safe_validate_identifier_set(identifiers: Any) -> list[str]:
    """Return the names, or none where they are malformed."""
    return _or_default(validate_identifier_set, identifiers, [])


def _or_default(validate: Callable[[Any], T], value: Any, default: T) -> T:
    try:
        return validate(value)
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        _log.warning("malformed, and left out: %s", error)
        return default
