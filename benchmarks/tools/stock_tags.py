"""What a careful program makes of the stock binding: each query compiled once, its matches, a tag object for each name.

    stock_tags.py LIST TABLE.json

The queries are repomap-fast's own, and so are the rules (tests/reference/tags.py says them at leisure); scopes and
ends of definitions are left out, which is in this program's favour.
"""

from __future__ import annotations

import json
import sys
from os.path import splitext
from pathlib import Path
from typing import NamedTuple

from tree_sitter import Parser, Query, QueryCursor
from tree_sitter_language_pack import get_language

from report import Stopwatch, read_paths


class Tag(NamedTuple):
    path: str
    name: str
    role: str
    kind: str
    row: int


class Tagger:
    """Parser and query of one language."""

    def __init__(self, grammar: str, query: str) -> None:
        language = get_language(grammar)  # type: ignore[arg-type]
        self.parser = Parser(language)
        self.cursor = QueryCursor(Query(language, query))

    def tag(self, path: str, source: bytes) -> list[Tag]:
        tags = []
        for _, captures in self.cursor.matches(self.parser.parse(source).root_node):
            for capture in captures:
                role, _, kind = capture.partition(".")
                if role == "name":
                    # The other style of capture: @name.definition.function.
                    if not kind:
                        continue
                    names, (role, _, kind) = captures[capture], kind.partition(".")
                else:
                    names = captures.get("name", [])
                if role in ("definition", "reference"):
                    for name in names:
                        text = name.text
                        if text is not None:
                            tags.append(Tag(path, text.decode(errors="replace"), role, kind, name.start_point[0]))
        return tags


def main() -> None:
    paths = read_paths(sys.argv[1])
    table = json.loads(Path(sys.argv[2]).read_text())
    watch = Stopwatch()
    taggers: dict[str, Tagger] = {}
    tags: list[Tag] = []
    n_bytes = 0
    for path in paths:
        row = table[splitext(path)[1]]
        tagger = taggers.get(row["language"])
        if tagger is None:
            tagger = taggers[row["language"]] = Tagger(row["grammar"], row["query"])
        with open(path, "rb") as file:
            source = file.read()
        tags += tagger.tag(path, source)
        n_bytes += len(source)
    watch.print_report(n_files=len(paths), n_bytes=n_bytes, n_tags=len(tags))


if __name__ == "__main__":
    main()
