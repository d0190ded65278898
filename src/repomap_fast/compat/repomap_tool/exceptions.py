"""repomap-tool's exceptions: a message, and the circumstances as a dictionary.

They are also ``repomap_fast.RepoMapError``, so that a caller of either catches both.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

from repomap_fast import errors

P = ParamSpec("P")
T = TypeVar("T")

_log = logging.getLogger("repomap_fast")


class RepoMapError(errors.RepoMapError):
    """Any error of this drop-in; ``context`` says what it was about."""

    def __init__(self, message: str, context: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.context = dict(context or {})

    def __str__(self) -> str:
        if not self.context:
            return self.message
        return f"{self.message} (Context: {', '.join(f'{name}={value}' for name, value in self.context.items())})"


class ConfigurationError(RepoMapError):
    """A configuration is missing, or cannot be used."""


class FileAccessError(RepoMapError):
    """A file or folder cannot be reached."""


class TagExtractionError(RepoMapError):
    """A file's tags cannot be had."""


class MatcherError(RepoMapError):
    """A matcher failed."""


class CacheError(RepoMapError):
    """A cache was asked for what it cannot do."""


class ValidationError(RepoMapError):
    """A value does not have the shape that it must have."""


class SearchError(RepoMapError):
    """A search failed."""


class ProjectAnalysisError(RepoMapError):
    """A project cannot be analysed."""


class RepoMapMemoryError(RepoMapError):
    """There is not enough memory."""


class NetworkError(RepoMapError):
    """The network failed; nothing of ours uses it."""


class RepoMapTimeoutError(RepoMapError):
    """Something took longer than it may."""


class ParallelProcessingError(RepoMapError):
    """A worker failed."""


_TRANSLATIONS: tuple[tuple[type[Exception], type[RepoMapError], str], ...] = (
    (FileNotFoundError, FileAccessError, "File not found during {}"),
    (PermissionError, FileAccessError, "Permission denied during {}"),
    (MemoryError, RepoMapMemoryError, "Memory limit exceeded during {}"),
    (TimeoutError, RepoMapTimeoutError, "Operation timed out during {}"),
)


def safe_operation(
    operation_name: str, context: Mapping[str, Any] | None = None
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Return a decorator that turns whatever a function raises into a RepoMapError, which names the operation."""

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(function)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                return function(*args, **kwargs)
            except RepoMapError:
                raise
            except Exception as error:
                of_file = {"file_path": str(error)}
                of_operation = {"operation": operation_name}
                for kind, translated, sentence in _TRANSLATIONS:
                    if isinstance(error, kind):
                        default = of_file if translated is FileAccessError else of_operation
                        raise translated(sentence.format(operation_name), context or default) from error
                _log.error("unexpected error during %s: %s", operation_name, error)
                raise RepoMapError(
                    f"Unexpected error during {operation_name}: {error}",
                    context or {**of_operation, "original_error": str(error)},
                ) from error

        return guarded

    return decorate


def handle_errors(function: Callable[P, T]) -> Callable[P, T]:
    """Return ``function`` so that whatever it raises is a RepoMapError, which names the function."""

    @functools.wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except RepoMapError:
            raise
        except Exception as error:
            name = getattr(function, "__name__", repr(function))
            _log.error("error in %s: %s", name, error)
            raise RepoMapError(f"Error in {name}: {error}") from error

    return guarded
