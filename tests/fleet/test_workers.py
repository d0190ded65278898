"""The workers of a fleet: the caller's, a scheduler's, or of this machine."""

from __future__ import annotations

import pytest

from repomap_fast.errors import FleetError, MissingPackageError
from repomap_fast.fleet import workers


def test_a_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "find_spec", lambda name: None if name == "fsspec" else True)
    with pytest.raises(MissingPackageError, match=r"needs fsspec, .*pip install 'repomap-fast\[fleet\]'"):
        workers.require_packages()


def test_the_callers_client_stays_open() -> None:
    client = object()
    with workers.connected(client, 0, 1) as opened:
        assert opened is client


def test_workers_have_the_memory_that_they_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "available_cpus", lambda: 8)
    monkeypatch.setattr(workers, "memory_limit_bytes", lambda: 10 * 2**30)
    assert workers._default_workers(3 * 2**30) == 3
    assert workers._default_workers(2**30) == 8
    assert workers._default_workers(2**40) == 1


def test_a_scheduler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(workers, "_CONNECT_S", 0.2)
    with (
        pytest.raises(FleetError, match=r"cannot reach the scheduler 'tcp://127\.0\.0\.1:9'"),
        workers.connected("tcp://127.0.0.1:9", 0, 1),
    ):
        pass
