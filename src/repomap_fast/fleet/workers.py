"""The workers of a fleet: those of a scheduler of dask, or of this machine."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from typing import Any

from repomap_fast.errors import FleetError, MissingPackageError
from repomap_fast.resources.limits import available_cpus, memory_limit_bytes

DEFAULT_MAX_MEMORY = 2 * 2**30
"""Of the scan in one worker: room for the Linux kernel."""
_ROOM_BYTES = 2**30
"""Memory that a worker may have beyond what its scan may take. A worker that takes more is ended by dask."""
_PACKAGES = ("dask", "distributed", "fsspec", "pyarrow")
_CONFIG = {
    # Results are a few numbers: there is nothing to spill. The scan looks after its own memory.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.95,
    # How often that is looked at. Ten times a second, for each worker, is half of what dask takes beside its calls.
    "distributed.worker.memory.monitor-interval": "500ms",
    # What it looks at many times a second, for a page that nobody sees.
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.tick.limit": "10s",
    "distributed.admin.system-monitor.interval": "5s",
    # How long a worker may be gone before another takes its place: dask starts it again itself, as a rule.
    "distributed.deploy.lost-worker-timeout": "10s",
}
_CONNECT_S = 30
_KEEP_EVERY_MS = 5_000


def require_packages() -> None:
    """Raise MissingPackageError if a package of the extra is not installed."""
    for name in _PACKAGES:
        if find_spec(name) is None:
            raise MissingPackageError(
                f"a fleet needs {name}, which is not installed; run: pip install 'repomap-fast[fleet]'", name=name
            )


@contextmanager
def connected(client: Any, n_workers: int, max_memory: int) -> Iterator[Any]:
    """Yield a client of dask.

    client      the caller's own, which stays open; the address of a scheduler; or None for workers of this machine.
    n_workers   processes on this machine; 0 for one for each processor, as far as the memory reaches.
    max_memory  bytes that a scan may take.

    Raises FleetError.
    """
    if client is not None and not isinstance(client, str):
        yield client
        return
    import dask
    from distributed import Client, LocalCluster
    from tornado.ioloop import PeriodicCallback

    with ExitStack() as opened:
        if isinstance(client, str):
            try:
                yield opened.enter_context(Client(client, timeout=_CONNECT_S, set_as_default=False))
            except (OSError, TimeoutError, ValueError) as error:
                raise FleetError(f"cannot reach the scheduler {client!r}: {error}; expected tcp://HOST:8786") from error
            return
        opened.enter_context(dask.config.set(_CONFIG))
        limit = max_memory + _ROOM_BYTES
        n_workers = n_workers or _default_workers(limit)
        cluster = LocalCluster(
            n_workers=n_workers,
            # A scan keeps one processor busy, and a worker that dies takes one repository with it.
            threads_per_worker=1,
            memory_limit=limit,
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
        )
        opened.enter_context(cluster)
        # Dask gives a worker up that ends while it starts. To ask for as many again puts another in its place.
        keep = PeriodicCallback(lambda: cluster.scale(n_workers), _KEEP_EVERY_MS)
        cluster.loop.add_callback(keep.start)
        opened.callback(cluster.loop.add_callback, keep.stop)
        yield opened.enter_context(Client(cluster, set_as_default=False))


def _default_workers(limit: int) -> int:
    return max(1, min(available_cpus(), memory_limit_bytes() // limit))
