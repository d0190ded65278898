"""Notices the end of the process that started this one, without looking again and again.

A client that is killed closes the pipe to its server, unless another process holds it open as well.
"""

from __future__ import annotations

import os
import select
import sys
import threading
from collections.abc import Callable


def on_end_of_parent(act: Callable[[], None]) -> bool:
    """Have ``act`` called, in a thread of its own, when the parent process ends.

    Return whether the system can tell: Linux and the BSDs with macOS can. If the parent has ended already, ``act`` is
    called at once.
    """
    parent = os.getppid()
    wait = _waiter_for(parent)
    if wait is None:
        return False

    def run() -> None:
        # The parent may have ended before it could be watched; then there is another one now.
        if os.getppid() == parent:
            wait()
        act()

    threading.Thread(target=run, name="repomap-fast-parent", daemon=True).start()
    return True


def _waiter_for(process: int) -> Callable[[], None] | None:
    """Return a function that returns when the process has ended; None where the system has no such call."""
    if sys.platform == "linux":
        return _linux_waiter(process)
    if hasattr(select, "kqueue"):
        return _kqueue_waiter(process)
    return None


def _linux_waiter(process: int) -> Callable[[], None] | None:
    try:
        descriptor = os.pidfd_open(process)
    except OSError:
        # An old kernel, or a sandbox that forbids the call.
        return None

    def wait() -> None:
        # Readable once the process has ended.
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        poll.poll()

    return wait


def _kqueue_waiter(process: int) -> Callable[[], None] | None:
    kqueue, kevent = select.kqueue(), select.kevent  # type: ignore[attr-defined,unused-ignore]
    event = kevent(
        process,
        filter=select.KQ_FILTER_PROC,  # type: ignore[attr-defined,unused-ignore]
        flags=select.KQ_EV_ADD | select.KQ_EV_ONESHOT,  # type: ignore[attr-defined,unused-ignore]
        fflags=select.KQ_NOTE_EXIT,  # type: ignore[attr-defined,unused-ignore]
    )
    try:
        kqueue.control([event], 0)
    except OSError:
        return None
    return lambda: kqueue.control(None, 1)
