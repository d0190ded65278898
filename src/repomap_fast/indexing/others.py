"""Other processes that scan the same files at the same time, as work trees of one repository are.

Nobody waits for another, and nothing is locked: each takes from the store what others have kept in the meantime, and
goes on with the files that are left in an order of its own. So two seldom parse the same file, and one that is killed
holds up none.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.tables import I64, U32

if TYPE_CHECKING:
    from repomap_fast.store.store import Store

_LEAST_S = 0.2
"""Between two looks at what others have kept."""
_SHARE = 0.1
"""Of the time, what these looks may take."""


class Others:
    """What other processes do with a store, from now on."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._next_s = 0.0
        store.is_written_by_others()

    def have_written(self) -> bool:
        """Return whether it is worth a look: another process has written, and the last look was long enough ago."""
        return time.monotonic() >= self._next_s and self._store.is_written_by_others()

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Note how long a look takes."""
        start_s = time.monotonic()
        yield
        end_s = time.monotonic()
        self._next_s = end_s + max(_LEAST_S, (end_s - start_s) / _SHARE)

    def in_another_order(self, rows: I64) -> U32:
        """Return rows in an order that another process is not likely to have."""
        # Most scans parse nothing.
        import random

        return np.array(random.Random().sample(rows.tolist(), len(rows)), np.uint32)
