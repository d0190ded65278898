"""``python -m repomap_fast.compat.grep_ast PATTERN [PATH…]``: the command grep-ast."""

from __future__ import annotations

import sys

from repomap_fast.compat.grep_ast.main import main

if __name__ == "__main__":
    sys.exit(main())
