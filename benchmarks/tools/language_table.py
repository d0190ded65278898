"""Print repomap-fast's language table as JSON: ``{suffix: {language, grammar, query}}``, query its tags query.

A program of its own, so that speed.compare does not import numpy: the resident set of the process that starts a
contender is counted in the contender's own.
"""

from __future__ import annotations

import json

from repomap_fast.languages.table import LANGUAGES
from repomap_fast.languages.tags_query import OUR_QUERIES, read_query


def main() -> None:
    queries = {row.name: read_query(OUR_QUERIES / f"{row.name}.scm").decode() for row in LANGUAGES}
    table = {
        suffix: {"language": row.name, "grammar": row.grammar, "query": queries[row.name]}
        for row in LANGUAGES
        for suffix in row.suffixes
    }
    print(json.dumps(table))


if __name__ == "__main__":
    main()
