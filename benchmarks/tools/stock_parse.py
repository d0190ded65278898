"""The floor: read each file and let the stock binding parse it, in one thread; nothing else.

    stock_parse.py LIST TABLE.json

The tree is dropped at once, as any program must in the end.
"""

from __future__ import annotations

import json
import sys
from os.path import splitext
from pathlib import Path

from tree_sitter import Parser
from tree_sitter_language_pack import get_language

from report import Stopwatch, read_paths


def main() -> None:
    paths = read_paths(sys.argv[1])
    table = json.loads(Path(sys.argv[2]).read_text())
    watch = Stopwatch()
    parsers: dict[str, Parser] = {}
    n_bytes = 0
    for path in paths:
        grammar = table[splitext(path)[1]]["grammar"]
        parser = parsers.get(grammar)
        if parser is None:
            parser = parsers[grammar] = Parser(get_language(grammar))
        with open(path, "rb") as file:
            source = file.read()
        parser.parse(source)
        n_bytes += len(source)
    watch.print_report(n_files=len(paths), n_bytes=n_bytes)


if __name__ == "__main__":
    main()
