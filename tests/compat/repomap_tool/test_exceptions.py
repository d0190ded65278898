"""repomap-tool's exceptions, which are ours too, and the decorators that raise them."""

from __future__ import annotations

import pytest

import repomap_fast
from repomap_fast.compat.repomap_tool.exceptions import (
    FileAccessError,
    RepoMapError,
    RepoMapMemoryError,
    RepoMapTimeoutError,
    SearchError,
    handle_errors,
    safe_operation,
)


def test_a_message_names_its_circumstances() -> None:
    error = SearchError("nothing", {"query": "x", "n": 3})
    assert str(error) == "nothing (Context: query=x, n=3)"
    assert str(SearchError("nothing")) == "nothing"
    assert isinstance(error, repomap_fast.RepoMapError)


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (FileNotFoundError("a.py"), FileAccessError),
        (PermissionError("a.py"), FileAccessError),
        (MemoryError(), RepoMapMemoryError),
        (TimeoutError(), RepoMapTimeoutError),
        (ZeroDivisionError("1 / 0"), RepoMapError),
    ],
)
def test_what_an_operation_raises_is_translated_and_kept(raised: Exception, expected: type[RepoMapError]) -> None:
    @safe_operation("counting")
    def count() -> None:
        raise raised

    with pytest.raises(RepoMapError, match="counting") as caught:
        count()
    assert type(caught.value) is expected
    assert caught.value.__cause__ is raised
    assert caught.value.context


def test_an_error_of_its_own_is_not_wrapped_again() -> None:
    error = SearchError("nothing")

    @safe_operation("searching", {"query": "x"})
    @handle_errors
    def search() -> None:
        raise error

    with pytest.raises(SearchError) as caught:
        search()
    assert caught.value is error


def test_other_errors_name_the_function() -> None:
    @handle_errors
    def count(n: int) -> float:
        return 1 / n

    assert count(2) == 0.5
    with pytest.raises(RepoMapError, match="Error in count: division by zero"):
        count(0)
