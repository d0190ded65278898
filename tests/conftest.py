"""What all tests share: options, fixtures, and the slow twins' caches."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from reference import tags as reference_tags

# A shared machine stalls now and then; what takes long is said by the tests' own bounds, not by each example's.
settings.register_profile(
    "default", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("default")

# A shell that starts a job in the background has it ignore Ctrl-C, and so would the processes that the tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Compiling a query takes the core up to a second, most of it for a proof that need not be repeated.
reference_tags.Query = cache(reference_tags.Query)  # type: ignore[misc, assignment]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-tags",
        action="store_true",
        help="rewrite tests/tags/*/*/expected.jsonl with what the tagger gives now",
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if "libasan" in os.environ.get("LD_PRELOAD", ""):
        skip = pytest.mark.skip(reason="AddressSanitizer takes memory for itself, and keeps what is freed")
        for item in items:
            if item.get_closest_marker("own_memory"):
                item.add_marker(skip)


@pytest.fixture(scope="session", autouse=True)
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep the indexes of all tests, and of the processes that they start, apart from the user's own."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setenv("REPOMAP_FAST_CACHE_DIR", str(folder))
        yield folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all examples of a property: hypothesis cannot make a new one for each."""
    return tmp_path_factory.mktemp("folder")


@pytest.fixture
def no_thread_left() -> Iterator[None]:
    """Fail the test when a thread that it started outlives it."""
    before = set(threading.enumerate())
    yield
    left = [thread.name for thread in threading.enumerate() if thread not in before]
    assert not left
