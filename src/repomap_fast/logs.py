"""The logger of the package. It is loaded with the first message: hardly any run has one."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import logging


@cache
def logger() -> logging.Logger:
    """Return the logger ``repomap_fast``, which is silent until the application gives it or the root a handler."""
    import logging

    found = logging.getLogger("repomap_fast")
    # Without a handler, warnings would go to stderr, in the middle of a progress bar. They are notes as well.
    found.addHandler(logging.NullHandler())
    return found
