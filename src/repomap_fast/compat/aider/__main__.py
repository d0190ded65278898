"""``python -m repomap_fast.compat.aider ARGS…``: aider, on our repo map."""

from __future__ import annotations

import sys
from importlib import import_module

from repomap_fast.compat.aider.installation import install


def main() -> int:
    """Start aider with the arguments of the command line; return its exit code."""
    try:
        install()
    except ImportError as error:
        sys.stderr.write(
            f"aider cannot be started: {error}; expected aider-chat in the environment of {sys.executable}: "
            "install it there, 0.86.2 or near it\n"
        )
        return 1
    aider_main = import_module("aider.main").main
    # What it imports from now on finds ours.
    status = aider_main()
    return status if isinstance(status, int) else 0


if __name__ == "__main__":
    sys.exit(main())
