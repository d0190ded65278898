"""``python -m repomap_fast`` is ``repomap-fast``."""

from __future__ import annotations

from repomap_fast.cli import main

if __name__ == "__main__":
    main()
