"""The workers of a fleet: the caller's, a scheduler's, or of this machine."""

from __future__ import annotations

import time

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


@pytest.mark.slow
def test_workers_that_dask_gave_up_are_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(workers, "_KEEP_EVERY_MS", 200)
    monkeypatch.setitem(workers._CONFIG, "distributed.deploy.lost-worker-timeout", "1s")
    with workers.connected(None, 2, 2**28) as client:
        before = set(client.nthreads())
        for nanny in list(client.cluster.workers.values()):
            client.cluster.sync(nanny.close)
        end_s = time.monotonic() + 60
        while len(set(client.nthreads()) - before) < 2:
            assert time.monotonic() < end_s
            time.sleep(0.1)
        assert client.submit(sum, [1, 2]).result(timeout=60) == 3
