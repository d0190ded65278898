"""``python -m repomap_fast.compat.aider ARGS…``: aider, on our repo map."""

from __future__ import annotations

import sys

from repomap_fast.compat.aider.installation import install
from repomap_fast.compat.installation import start


def main() -> int:
    """Start aider with the arguments of the command line; return its exit code."""
    return start("aider", "aider-chat 0.86.2", install)


if __name__ == "__main__":
    sys.exit(main())
