"""Aider's maps: runs in aider's own Python and knows nothing of ours.

    aider_maps.py TREE COMMITS RESULTS TOKENS…

TREE is a work tree that may be checked out at will, COMMITS lines of JSON with ``sha``, ``parent`` and ``message``.
For each, RESULTS gets a line with aider's map of the parent's tree for every budget, gzip'ed, the tokens in it, and
the rows of aider's definitions in the files that the commit changed. What has a line there is passed over.

What is aider's: the mentions, by the coder's methods, from the message; the files, all that git tracks; one RepoMap
for the repository; its ranking; its search for what fits the budget, its own estimate of the tokens included, within
which 15 % above the budget passes. What is not: the ranking is made once for all budgets, rendered pieces and
parsed trees are kept between them, queries are compiled once, the walk over a file's tree stops at what stands on one
row, and tags are kept in memory, as aider does where its database fails. None of these changes a map.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import gzip
import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aider.repomap
import grep_ast.grep_ast
import grep_ast.tsl
import tiktoken
from aider.coders.base_coder import Coder
from aider.io import InputOutput

# litellm, which aider depends on, has the vocabulary in its wheel: nothing is downloaded.
os.environ.setdefault(
    "TIKTOKEN_CACHE_DIR",
    str(Path(importlib.util.find_spec("litellm").origin).parent / "litellm_core_utils" / "tokenizers"),
)
ENCODING = tiktoken.get_encoding("cl100k_base")


class Silent:
    """In place of the spinner."""

    def __init__(self, *_: object) -> None: ...
    def step(self, *_: object) -> None: ...
    def end(self) -> None: ...


class KeptPieces(aider.repomap.RepoMap):
    """A RepoMap whose rendered pieces outlive the search for one budget: ``tree_cache`` cannot be replaced."""

    @property
    def tree_cache(self) -> dict[Any, str]:
        return self.__dict__.setdefault("_kept_pieces", {})

    @tree_cache.setter
    def tree_cache(self, _: object) -> None: ...


class KeptTrees:
    """A parser for one language that remembers the last trees: a file is parsed for its tags, and again to be shown."""

    def __init__(self, language: str) -> None:
        parser = grep_ast.tsl.get_parser(language)
        self.parse = functools.lru_cache(maxsize=500)(parser.parse)


def walk_rows(context: Any, node: Any, depth: int = 0) -> tuple[int, int]:
    """Do what ``TreeContext.walk_tree`` does for a map, and stop at what stands on one row.

    Below such a node there is nothing but that row again. ``nodes``, which stays empty, is asked only by options that
    aider does not set.
    """
    start, end = node.start_point[0], node.end_point[0]
    if start == end:
        context.scopes[start].add(start)
        return start, end
    context.header[start].append((end - start, start, end))
    for row in range(start, end + 1):
        context.scopes[row].add(start)
    for child in node.children:
        walk_rows(context, child, depth + 1)
    return start, end


def count_tokens(text: str) -> int:
    return len(ENCODING.encode(text, disallowed_special=()))


def mentions(message: str, paths: list[str]) -> tuple[set[str], set[str]]:
    """Return the files and the names that aider's coder finds in a message, nothing being in the chat."""
    coder = SimpleNamespace(
        get_all_relative_files=lambda: paths,
        get_addable_relative_files=lambda: set(paths),
        get_inchat_relative_files=lambda: [],
        abs_read_only_fnames=set(),
    )
    text = message + "\n"
    names = Coder.get_ident_mentions(coder, text)
    files = Coder.get_file_mentions(coder, text) | Coder.get_ident_filename_matches(coder, names)
    return files, names


def maps_of(repo_map: KeptPieces, root: Path, message: str, budgets: list[int]) -> dict[str, Any]:
    tracked = subprocess.run(["git", "-C", str(root), "ls-files", "-s", "-z"], check=True, capture_output=True).stdout
    entries = [entry.partition(b"\t") for entry in tracked.split(b"\0") if entry]
    paths = sorted(os.fsdecode(path) for head, _, path in entries if not head.startswith(b"160000"))
    files, names = mentions(message, paths)
    others = [str(root / path) for path in paths]
    failure = None
    start = time.perf_counter()
    ranked: list[Any] = []
    try:
        ranked = repo_map.get_ranked_tags(set(), others, files, names, progress=lambda *_: None)
    except Exception as error:
        failure = f"{type(error).__name__}: {error}"[:300]
    seconds = time.perf_counter() - start
    repo_map.get_ranked_tags = lambda *_, **__: list(ranked)  # type: ignore[method-assign]
    texts = {}
    repo_map._kept_pieces = {}  # type: ignore[attr-defined]
    try:
        for budget in budgets:
            texts[budget] = repo_map.get_ranked_tags_map_uncached(set(), others, budget, files, names) or ""
    except Exception as error:
        failure = f"{type(error).__name__}: {error}"[:300]
    finally:
        del repo_map.get_ranked_tags
    return {
        "texts": texts,
        "failure": failure,
        "mentioned_files": sorted(files),
        "rank_seconds": round(seconds, 3),
        "all_seconds": round(time.perf_counter() - start, 3),
        "n_files": len(paths),
    }


def pack(text: str) -> str:
    return base64.b64encode(gzip.compress(text.encode("utf-8", "replace"), 6, mtime=0)).decode()


def main() -> None:
    root, commits, results = (Path(argument).resolve() for argument in sys.argv[1:4])
    budgets = [int(argument) for argument in sys.argv[4:]]
    aider.repomap.Spinner = Silent
    aider.repomap.TreeContext.walk_tree = walk_rows
    aider.repomap.Query = functools.cache(aider.repomap.Query)
    aider.repomap.get_parser = grep_ast.grep_ast.get_parser = functools.cache(KeptTrees)
    aider.repomap.tqdm = lambda items, **_: items
    done: dict[str, set[int]] = {}
    if results.exists():
        with results.open() as lines:
            for record in (json.loads(line) for line in lines if line.endswith("\n")):
                done.setdefault(record["sha"], set()).update(map(int, record["texts"]))
    io = InputOutput(pretty=False, yes=True, fancy_input=False, encoding="utf-8")
    io.tool_error = io.tool_warning = io.tool_output = lambda *_, **__: None
    os.chdir(root)
    repo_map = KeptPieces(root=str(root), io=io, main_model=SimpleNamespace(token_count=count_tokens))
    repo_map.TAGS_CACHE = {}
    with results.open("a") as out, contextlib.redirect_stdout(sys.stderr), commits.open() as lines:
        for line in lines:
            commit = json.loads(line)
            missing = [budget for budget in budgets if budget not in done.get(commit["sha"], ())]
            if not missing:
                continue
            subprocess.run(
                ["git", "-C", str(root), "checkout", "-q", "--force", "--detach", commit["parent"]], check=True
            )
            answer = maps_of(repo_map, root, commit["message"], missing)
            texts = answer.pop("texts")
            rows = {}
            for file in commit["files"]:
                tags = repo_map.get_tags(str(root / file["path"]), file["path"])
                rows[file["path"]] = sorted({tag.line for tag in tags if tag.kind == "def"})
            record = {
                "sha": commit["sha"],
                **answer,
                "definition_rows": rows,
                "tokens": {budget: count_tokens(text) for budget, text in texts.items()},
                "texts": {budget: pack(text) for budget, text in texts.items()},
            }
            out.write(json.dumps(record) + "\n")
            out.flush()
            if len(repo_map.tree_context_cache) > 2000:
                repo_map.tree_context_cache.clear()


if __name__ == "__main__":
    main()
