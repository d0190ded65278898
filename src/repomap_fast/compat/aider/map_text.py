"""The text of a map for aider's ``RepoMap``: trees of files, and as many of the best definitions as fit."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from repomap_fast.compat.aider.languages import AIDER, grammar_of_file
from repomap_fast.compat.aider.ranking import RankedTags
from repomap_fast.compat.aider.sources import ReadText, read_source
from repomap_fast.compat.aider.tag import Tag
from repomap_fast.drawing.important_files import important_rows
from repomap_fast.drawing.largest_prefix import largest_prefix
from repomap_fast.drawing.outline import Outline, Outliners, Text
from repomap_fast.drawing.render import LINE_LENGTH, excerpt, excerpt_text
from repomap_fast.drawing.source_lines import LineRule, SourceLines
from repomap_fast.errors import LanguageError
from repomap_fast.options import ScanOptions

TOKENS_OF_TAG = 25
"""About the tokens of a definition with the rows around it; the first guess of the search for how many fit."""
_N_KEPT_FILES = 4000
"""Files whose lines and outline are kept for the next map."""

RenderTree = Callable[[str, str, Sequence[int]], str]


@dataclass(frozen=True, slots=True)
class _ReadFile:
    mtime: float | None
    source: SourceLines
    outline: Outline | None


@contextmanager
def spinner(text: str) -> Iterator[Callable[..., object]]:
    """Yield a function that reports progress; if aider is running, it turns aider's own spinner."""
    waiting = sys.modules.get("aider.waiting")
    if waiting is None:
        yield lambda *_: None
        return
    turning = waiting.Spinner(text)
    try:
        yield turning.step
    finally:
        turning.end()


def important_files(rel_fnames: Sequence[str], package: str = AIDER) -> list[str]:
    """Return the important files: by the list of the package (aider) if it is installed, otherwise by ours."""
    if find_spec(package) is not None:
        special: Any = import_module(f"{package}.special")
        return list(special.filter_important_files(rel_fnames))
    paths = [os.fsencode(rel_fname) for rel_fname in rel_fnames]
    return [rel_fnames[row] for row in important_rows(paths)]


class MapText:
    """Renders files, and keeps their lines and outlines until they change."""

    def __init__(self) -> None:
        self._files: dict[str, _ReadFile] = {}
        self._texts: dict[tuple[str, tuple[int, ...], float | None], str] = {}
        self._outliners: Outliners | None = None

    def choose(
        self,
        ranked: RankedTags,
        budget: float,
        *,
        to_tree: Callable[[Sequence[Tag | tuple[str]]], str],
        token_count: Callable[[str], float],
        step: Callable[..., object],
    ) -> str | None:
        """Return the largest tree of a prefix of the tags that the search finds within the budget, or None."""
        best: str | None = None
        best_tokens = 0.0

        def cost(n: int) -> tuple[int, float]:
            nonlocal best, best_tokens
            step()
            tags = ranked.first(n)
            tree = to_tree(tags)
            n_tokens = token_count(tree)
            if best_tokens < n_tokens <= budget:
                best, best_tokens = tree, n_tokens
            return len(tags), n_tokens

        largest_prefix(sys.maxsize, budget, cost, first_guess=int(budget // TOKENS_OF_TAG))
        return best

    def tree(
        self,
        tags: Sequence[Tag | tuple[str]],
        chat_rel_fnames: Collection[str],
        read: ReadText,
        *,
        is_plain: bool,
        render: RenderTree | None,
    ) -> str:
        """Return the text of a map with these tags and bare files; ``render`` is a caller's own ``render_tree``."""
        files = tags_by_file(tags, chat_rel_fnames)
        if render is not None:
            parts = [f"\n{rel}:\n{render(path, rel, rows)}" if rows else f"\n{rel}\n" for rel, path, rows in files]
        else:
            self._load({path: _mtime(path) for _, path, rows in files if rows}, read, is_plain=is_plain)
            parts = [f"\n{rel}:\n{self._text(path, rows)}" if rows else f"\n{rel}\n" for rel, path, rows in files]
        return "".join(f"{line[:LINE_LENGTH]}\n" for line in "".join(parts).splitlines())

    def render(
        self,
        abs_fname: str,
        rel_fname: str,
        lois: Sequence[int],
        mtime: float | None,
        read: ReadText,
        *,
        is_plain: bool,
    ) -> str:
        """Return the excerpt of one file as text."""
        if grammar_of_file(rel_fname) is None:
            raise ValueError(f"{rel_fname} is in no language that can be shown; expected one with a grammar")
        self._load({abs_fname: mtime}, read, is_plain=is_plain)
        return self._text(abs_fname, lois)

    def _text(self, path: str, rows: Sequence[int]) -> str:
        known = self._files[path]
        key = (path, tuple(sorted(set(rows))), known.mtime)
        text = self._texts.get(key)
        if text is None:
            text = self._texts[key] = excerpt_text(excerpt(known.source, known.outline, rows))
        return text

    def _load(self, mtimes: dict[str, float | None], read: ReadText, *, is_plain: bool) -> None:
        """Read and outline the files that are new or changed."""
        stale = [path for path, mtime in mtimes.items() if path not in self._files or self._files[path].mtime != mtime]
        if not stale:
            return
        if len(self._files) + len(stale) > _N_KEPT_FILES:
            self._files = {path: self._files[path] for path in mtimes if path in self._files}
            self._texts = {}
        sources = []
        for path in stale:
            source = read_source(path, read, is_plain=is_plain)
            sources.append(SourceLines(b"" if source is None else source.raw, LineRule.PYTHON))
        for path, source_lines, outline in zip(stale, sources, self._outlines(stale, sources), strict=True):
            self._files[path] = _ReadFile(mtimes[path], source_lines, outline)

    def _outlines(self, paths: Sequence[str], sources: Sequence[SourceLines]) -> list[Outline | None]:
        if self._outliners is None:
            options = ScanOptions()
            self._outliners = Outliners(
                n_workers=options.n_workers,
                max_file_memory_bytes=options.max_file_memory,
                file_timeout_s=options.timeout_per_file,
            )
        outlines: list[Outline | None] = [None] * len(paths)
        grammars = [grammar_of_file(path) for path in paths]
        texts = {i: Text(sources[i].text, grammar) for i, grammar in enumerate(grammars) if grammar is not None}
        try:
            found = self._outliners.outline(list(texts.values()))
        except LanguageError:
            # A grammar is missing. This time, all of these files are shown without the scopes around their lines.
            return outlines
        for i, outline in zip(texts, found, strict=True):
            outlines[i] = outline
        return outlines


def tags_by_file(
    tags: Sequence[Tag | tuple[str]], chat_rel_fnames: Collection[str]
) -> list[tuple[str, str, list[int]]]:
    """Return the files of a map in order: (path from the root, path, rows of interest, which a bare file has none of).

    The first tag of a file decides whether it is bare.
    """
    files: list[tuple[str, str, list[int]]] = []
    for tag in sorted(tags):
        if tag[0] in chat_rel_fnames:
            continue
        path, row = ("", -1) if len(tag) == 1 else tag[1:3]
        if not files or files[-1][0] != tag[0]:
            files.append((tag[0], path, []))
        if path and files[-1][1]:
            files[-1][2].append(row)
    return files


def _mtime(path: str) -> float | None:
    try:
        return os.path.getmtime(path)
    except OSError:
        return None
