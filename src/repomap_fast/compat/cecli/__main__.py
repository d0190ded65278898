"""``python -m repomap_fast.compat.cecli ARGS…``: cecli, on our repo map."""

from __future__ import annotations

import sys

from repomap_fast.compat.cecli.installation import install
from repomap_fast.compat.installation import start


def main() -> int:
    """Start cecli with the arguments of the command line; return its exit code."""
    return start("cecli", "cecli-dev 1.10.0", install)


if __name__ == "__main__":
    sys.exit(main())
