"""Print repomap-fast's language table as JSON: ``{suffix: {language, grammar, query}}``, query the path of a file.

A program of its own, so that speed.compare does not import numpy: the resident set of the process that starts a
contender is counted in the contender's own.
"""

from __future__ import annotations

import json
from pathlib import Path

from repomap_fast.languages import identify as languages


def main() -> None:
    queries = Path(languages.__file__).with_name("queries")
    table = {
        suffix: {"language": row.name, "grammar": row.grammar, "query": str(queries / f"{row.name}.scm")}
        for row in languages.LANGUAGES
        for suffix in row.suffixes
    }
    print(json.dumps(table))


if __name__ == "__main__":
    main()
