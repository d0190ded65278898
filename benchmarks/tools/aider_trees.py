"""aider's RepoMap.to_tree for lists of rows, and what it says of how it came to them.

    aider_trees.py JOBS ANSWERS
    aider_trees.py

Runs in an environment of its own, where aider-chat is installed. JOBS has a JSON object a line:

    path       the file
    shown      the path that the text is to have, which also tells its language
    rows       lists of rows, zero-based, one for each text; null for the definitions that aider finds, if there are
               any, and for each third row
    is_traced  whether the rows of all nodes of the syntax tree are to be told too

ANSWERS has one for each: language (grep-ast's name, or null), rows, texts, error (of a file that it could not show),
and nodes ([[first row, last row] …], or null). Without arguments it prints the language of each file name and suffix
that grep-ast knows, as one JSON object.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from aider.repomap import RepoMap, Tag
from grep_ast import filename_to_lang
from grep_ast.parsers import PARSERS
from grep_ast.tsl import get_parser

from aider_tags import QuietIO

LISTS_OF_ROWS = list[list[int]]


def choose_rows(repo_map: RepoMap, path: str, shown: str) -> LISTS_OF_ROWS:
    definitions = sorted({tag.line for tag in repo_map.get_tags_raw(path, shown) if tag.kind == "def"})
    n_rows = (repo_map.io.read_text(path) or "").count("\n")
    return [rows for rows in (definitions, list(range(0, n_rows, 3))) if rows]


def node_rows(text: str, language: str) -> list[tuple[int, int]]:
    rows = []
    nodes = [get_parser(language).parse(text.encode()).root_node]
    while nodes:
        node = nodes.pop()
        rows.append((node.start_point[0], node.end_point[0]))
        nodes += reversed(node.children)
    return rows


def answer(job: dict[str, Any], io: QuietIO) -> dict[str, Any]:
    path, shown = job["path"], job["shown"]
    repo_map = RepoMap(root="/", io=io)
    repo_map.TAGS_CACHE = {}
    language = filename_to_lang(shown)
    found: dict[str, Any] = {"language": language, "rows": [], "texts": [], "error": None, "nodes": None}
    try:
        found["rows"] = job["rows"] or choose_rows(repo_map, path, shown)
        for rows in found["rows"]:
            tags = [Tag(shown, path, row, "", "def") for row in rows]
            found["texts"].append(repo_map.to_tree(tags, set()))
    except Exception as error:
        # Its walk over the tree is recursive, and fails where Python's stack ends.
        found["error"] = f"{type(error).__name__}: {error}"
    if job["is_traced"] and language:
        text = io.read_text(path) or ""
        found["nodes"] = node_rows(text if text.endswith("\n") else f"{text}\n", language)
    return found


def main() -> None:
    if len(sys.argv) == 1:
        print(json.dumps(PARSERS))
        return
    io = QuietIO()
    with open(sys.argv[1]) as jobs, open(sys.argv[2], "w") as answers:
        for job in jobs:
            answers.write(json.dumps(answer(json.loads(job), io)) + "\n")


if __name__ == "__main__":
    main()
