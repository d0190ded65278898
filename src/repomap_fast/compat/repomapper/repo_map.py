"""RepoMapper's RepoMap: the tags of files, their ranks, and as much of the best as fits."""

from __future__ import annotations

import logging
import os
import tempfile
from collections import namedtuple
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from repomap_fast.compat.named_files import tag_named_files
from repomap_fast.compat.repomapper.ranking import rank_files
from repomap_fast.compat.repomapper.sources import count_tokens, read_text
from repomap_fast.contents import FolderContents
from repomap_fast.drawing.choose import BARE, Shown, choose
from repomap_fast.drawing.excerpts import Excerpts
from repomap_fast.drawing.outline import Outliners
from repomap_fast.drawing.render import excerpt_text
from repomap_fast.languages.identify import identify_languages
from repomap_fast.languages.table import LANGUAGES
from repomap_fast.options import DEFAULT_FILE_TIMEOUT_S, DEFAULT_MAX_FILE_MEMORY_BYTES, ScanOptions
from repomap_fast.store.lru import LruCache
from repomap_fast.tables import NO_LANGUAGE, StringTable

Tag = namedtuple("Tag", "rel_fname fname line name kind")
"""``line`` is one-based, ``kind`` def or ref."""

UNRANKED = 0.0001
"""Ranks up to it count as none."""

_CHAT_WEIGHT, _MENTIONED_FILE_WEIGHT, _MENTIONED_NAME_WEIGHT = 20.0, 5.0, 10.0
_KEPT_BYTES = 32 << 20
_PADDING_TOKENS = 1024
_log = logging.getLogger("repomap_fast")


@dataclass
class FileReport:
    """What became of the files.

    excluded                of each file that could not be used, why.
    definition_matches      tags of definitions; reference_matches: of references.
    total_files_considered  files that were given, each once.
    """

    excluded: dict[str, str]
    definition_matches: int
    reference_matches: int
    total_files_considered: int


RankedTags = list[tuple[float, Any]]


class RepoMap:
    """Maps the files that it is given.

    map_tokens            the most that a map may have.
    token_counter_func    counts them; file_reader_func reads what is mapped, in place of the disk, unless it is ours.
    output_handler_funcs  called with messages as ``info``, ``warning`` and ``error``; the log gets them if None.
    max_context_window    with no files in the chat a map may have ``map_mul_no_files`` times as many tokens, below it.
    exclude_unranked      leave out files whose rank is nothing.
    queries_dir           a folder of tags queries that go before ours, LANGUAGE-tags.scm.

    ``refresh`` is accepted and ignored: a map is always of the files as they are.
    """

    def __init__(
        self,
        map_tokens: int = 1024,
        root: str | os.PathLike[str] | None = None,
        token_counter_func: Callable[[str], int] = count_tokens,
        file_reader_func: Callable[[str], str | None] = read_text,
        output_handler_funcs: Mapping[str, Callable[..., object]] | None = None,
        repo_content_prefix: str | None = None,
        verbose: bool = False,
        max_context_window: int | None = None,
        map_mul_no_files: int = 8,
        refresh: str = "auto",
        exclude_unranked: bool = False,
        *,
        queries_dir: str | os.PathLike[str] | None = None,
    ) -> None:
        self.map_tokens = self.max_map_tokens = map_tokens
        self.root = Path(root or Path.cwd()).resolve()
        self.token_count_func_internal = token_counter_func
        self.read_text_func_internal = file_reader_func
        self.output_handlers = output_handler_funcs or {
            "info": _log.info,
            "warning": _log.warning,
            "error": _log.error,
        }
        self.repo_content_prefix = repo_content_prefix
        self.verbose = verbose
        self.max_context_window = max_context_window
        self.map_mul_no_files = map_mul_no_files
        self.refresh = refresh
        self.exclude_unranked = exclude_unranked
        self.queries_dir = None if queries_dir is None else Path(queries_dir)
        self._kept = LruCache(_KEPT_BYTES)

    def token_count(self, text: str) -> int:
        """Return how many tokens a text has, as the caller counts."""
        return self.token_count_func_internal(text) if text else 0

    def get_rel_fname(self, fname: str | os.PathLike[str]) -> str:
        """Return a path below the root; as it is where it is not below it."""
        try:
            return str(Path(fname).relative_to(self.root))
        except ValueError:
            return os.fspath(fname)

    def get_mtime(self, fname: str | os.PathLike[str]) -> float | None:
        """Return when a file changed last; None, and a warning, where there is none."""
        try:
            return os.path.getmtime(fname)
        except OSError:
            self.output_handlers["warning"](f"File not found: {fname}")
            return None

    def load_tags_cache(self) -> None:
        """Do nothing: the index is opened when it is asked."""

    def save_tags_cache(self) -> None:
        """Do nothing: what was found is kept at once."""

    def tags_cache_error(self) -> None:
        """Do nothing: a damaged index is made anew."""

    def get_tags(self, fname: str | os.PathLike[str], rel_fname: str) -> list[Any]:
        """Return the tags of a file."""
        return self._tags_of([os.fspath(fname)], [rel_fname])[0]

    def get_tags_raw(self, fname: str | os.PathLike[str], rel_fname: str) -> list[Any]:
        """Return the tags of a file, parsed now whatever is known of it."""
        return self._tags_of([os.fspath(fname)], [rel_fname], keep=False)[0]

    def get_tags_of_files(self, fnames: Sequence[str], *, keep: bool = True) -> list[list[Any]]:
        """Return the tags of each file; all are parsed in one pass.

        keep  without, nothing is read from the index or written to it.
        """
        return self._tags_of(fnames, [self.get_rel_fname(fname) for fname in fnames], keep=keep)

    def _tags_of(self, fnames: Sequence[str], rel_fnames: Sequence[str], *, keep: bool = True) -> list[list[Any]]:
        options = ScanOptions(queries=self.queries_dir)
        with ExitStack() as stack:
            root, read = self._readable(fnames, stack)
            files = tag_named_files(read, root, options, keep=keep and root == self.root)
            found = []
            for fname, rel_fname, file in zip(fnames, rel_fnames, files, strict=True):
                if file.error is not None:
                    self.output_handlers["error"](f"Error parsing {fname}: {file.error}")
                found.append(
                    [
                        Tag(rel_fname, fname, tag.line, tag.name, "def" if ".definition." in tag.kind else "ref")
                        for tag in file.code_tags()
                    ]
                )
        return found

    def _readable(self, fnames: Sequence[str], stack: ExitStack) -> tuple[Path, list[str]]:
        """Return a root, and below it the files as the caller reads them: copies, unless that is from the disk."""
        if self.read_text_func_internal is read_text:
            return self.root, list(fnames)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="repomap-fast-")))
        copies = []
        for number, fname in enumerate(fnames):
            rel_fname = self.get_rel_fname(fname)
            is_below = not os.path.isabs(rel_fname) and ".." not in Path(rel_fname).parts
            copy = folder / (rel_fname if is_below else f"{number}/{os.path.basename(fname)}")
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes((self.read_text_func_internal(fname) or "").encode("utf-8", "surrogatepass"))
            copies.append(str(copy))
        return folder, copies

    def get_ranked_tags(
        self,
        chat_fnames: Iterable[str],
        other_fnames: Iterable[str],
        mentioned_fnames: Collection[str] | None = None,
        mentioned_idents: Collection[str] | None = None,
        *,
        keep: bool = True,
    ) -> tuple[RankedTags, FileReport]:
        """Return the definitions with their ranks, best first, and what became of the files.

        A definition's rank is its file's; times 20 in a file of the chat, times 5 in one that is mentioned, times 10
        where its name is mentioned. Those alike are in the order of the paths, then of the lines.
        """
        chat = {os.path.realpath(fname) for fname in chat_fnames}
        given = sorted(chat | {os.path.realpath(fname) for fname in other_fnames})
        fnames = [fname for fname in given if os.path.exists(fname)]
        excluded = dict.fromkeys(sorted(set(given) - set(fnames)), "[EXCLUDED] File not found")
        for fname in excluded:
            self.output_handlers["warning"](f"Repo-map can't include {fname}: File not found")
        tags = self.get_tags_of_files(fnames, keep=keep)
        defined = [dict.fromkeys(tag.name for tag in of_file if tag.kind == "def") for of_file in tags]
        used = [dict.fromkeys(tag.name for tag in of_file if tag.kind == "ref") for of_file in tags]
        ranks = rank_files(defined, used, np.array([100.0 * (fname in chat) for fname in fnames]))
        mentioned = {self.get_rel_fname(os.path.realpath(self.root / fname)) for fname in mentioned_fnames or ()}
        names = frozenset(mentioned_idents or ())
        ranked: RankedTags = []
        for fname, of_file, rank in zip(fnames, tags, ranks.tolist(), strict=True):
            if self.exclude_unranked and rank <= UNRANKED:
                continue
            if self.get_rel_fname(fname) in mentioned:
                rank *= _MENTIONED_FILE_WEIGHT
            if fname in chat:
                rank *= _CHAT_WEIGHT
            ranked += [
                (rank * _MENTIONED_NAME_WEIGHT if tag.name in names else rank, tag)
                for tag in of_file
                if tag.kind == "def"
            ]
        ranked.sort(key=lambda entry: -entry[0])
        n_definitions = sum(tag.kind == "def" for of_file in tags for tag in of_file)
        n_tags = sum(map(len, tags))
        return ranked, FileReport(excluded, n_definitions, n_tags - n_definitions, len(given))

    def get_ranked_tags_map(
        self,
        chat_fnames: Iterable[str],
        other_fnames: Iterable[str],
        max_map_tokens: int,
        mentioned_fnames: Collection[str] | None = None,
        mentioned_idents: Collection[str] | None = None,
        force_refresh: bool = False,
    ) -> tuple[str | None, FileReport]:
        """Return the map of the best definitions that fit, and what became of the files."""
        ranked, report = self.get_ranked_tags(
            chat_fnames, other_fnames, mentioned_fnames, mentioned_idents, keep=not force_refresh
        )
        with ExitStack() as stack:
            parts = self._parts(ranked, stack)
            file_ids = np.array([parts.file_ids[tag.rel_fname] for _, tag in ranked], np.uint32)
            rows = np.array([tag.line - 1 for _, tag in ranked], np.int64)
            choice = choose(file_ids, rows, parts, budget=max_map_tokens, count=self.token_count)
        return choice.text or None, report

    get_ranked_tags_map_uncached = get_ranked_tags_map

    def get_repo_map(
        self,
        chat_files: Sequence[str] | None = None,
        other_files: Sequence[str] | None = None,
        mentioned_fnames: Collection[str] | None = None,
        mentioned_idents: Collection[str] | None = None,
        force_refresh: bool = False,
    ) -> tuple[str | None, FileReport]:
        """Return the map, or None where there is nothing to show, and what became of the files."""
        if self.max_map_tokens <= 0 or not other_files:
            return None, FileReport({}, 0, 0, 0)
        max_map_tokens = self.max_map_tokens
        if not chat_files and self.max_context_window:
            available = self.max_context_window - _PADDING_TOKENS
            max_map_tokens = min(int(max_map_tokens * self.map_mul_no_files), available)
        text, report = self.get_ranked_tags_map(
            chat_files or (), other_files, max_map_tokens, mentioned_fnames, mentioned_idents, force_refresh
        )
        if text is None:
            return None, report
        if self.verbose:
            self.output_handlers["info"](f"Repo-map: {self.token_count(text) / 1024:.1f} k-tokens")
        prefix = (self.repo_content_prefix or "").format(other="other " if chat_files else "")
        return prefix + text, report

    def to_tree(self, tags: RankedTags, chat_rel_fnames: Collection[str] = ()) -> str:
        """Return the text of a map of these definitions: file by file, those with the best first."""
        best_first = sorted(tags, key=lambda entry: -entry[0])
        rows: dict[int, set[int]] = {}
        with ExitStack() as stack:
            parts = self._parts(best_first, stack)
            for _, tag in best_first:
                rows.setdefault(parts.file_ids[tag.rel_fname], set()).add(tag.line - 1)
            parts.prepare(rows)
            return parts.join(
                {
                    file: parts.part(file, tuple(Shown(row, BARE) for row in sorted(of_file)))
                    for file, of_file in rows.items()
                }
            )

    def render_tree(self, abs_fname: str, rel_fname: str, lois: Iterable[int]) -> str:
        """Return these one-based lines of a file, and the heads of the scopes that they are in; empty if it is gone."""
        with ExitStack() as stack:
            parts = self._parts([(0.0, Tag(rel_fname, abs_fname, 1, "", "def"))], stack)
            shown = parts.excerpts.excerpt(0, sorted({line - 1 for line in lois if line > 0}))
        return "" if shown is None or not shown.rows else f"{rel_fname}:\n{excerpt_text(shown)}".rstrip("\n")

    def _parts(self, ranked: RankedTags, stack: ExitStack) -> _Parts:
        """Return what makes the parts of a map of these definitions, which are in its order."""
        fname_of = {tag.rel_fname: tag.fname for _, tag in reversed(ranked)}
        rel_fnames = list(dict.fromkeys(tag.rel_fname for _, tag in ranked))
        root, read = self._readable([fname_of[rel_fname] for rel_fname in rel_fnames], stack)
        # Files that the caller names may be outside the root.
        root = Path(os.path.commonpath([root, *map(os.path.abspath, read)]))
        paths = [os.fsencode(os.path.relpath(path, root).replace(os.sep, "/")) for path in read]
        language_ids = identify_languages(FolderContents(root), StringTable.from_strings(paths)).tolist()
        languages = [None if number == NO_LANGUAGE else LANGUAGES[number] for number in language_ids]
        outliners = Outliners(
            n_workers=ScanOptions().n_workers,
            max_file_memory_bytes=DEFAULT_MAX_FILE_MEMORY_BYTES,
            file_timeout_s=DEFAULT_FILE_TIMEOUT_S,
        )
        best: dict[str, float] = {}
        for rank, tag in ranked:
            best.setdefault(tag.rel_fname, rank)
        excerpts = Excerpts(FolderContents(root), paths, languages.__getitem__, outliners, self._kept)
        return _Parts(excerpts, rel_fnames, [best[rel_fname] for rel_fname in rel_fnames])


@dataclass(slots=True)
class _Parts:
    """The parts of a map as RepoMapper writes them; files are numbered in the order of the map."""

    excerpts: Excerpts
    rel_fnames: list[str]
    ranks: list[float]
    file_ids: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.file_ids = {rel_fname: number for number, rel_fname in enumerate(self.rel_fnames)}

    def prepare(self, file_ids: Collection[int]) -> None:
        """Read and outline these files."""
        self.excerpts.prepare(file_ids)

    def part(self, file_id: int, rows: tuple[Shown, ...]) -> str:
        """Return a file's part."""
        return self._text(file_id, self.excerpts.excerpt(file_id, [row for row, _ in rows]))

    def least(self, file_id: int, rows: tuple[Shown, ...]) -> str:
        """Return a file's part without what is around these rows."""
        return self._text(file_id, self.excerpts.bare_excerpt(file_id, [row for row, _ in rows]))

    def _text(self, file_id: int, shown: Any) -> str:
        lines = "" if shown is None else excerpt_text(shown)
        return f"{self.rel_fnames[file_id]}:\n(Rank value: {self.ranks[file_id]:.4f})\n\n{lines}\n"

    def join(self, parts: Mapping[int, str], _bare: Collection[int] = ()) -> str:
        """Return the map of these parts."""
        return "".join(parts[file_id] for file_id in sorted(parts))

    def nothing(self) -> str:
        """Return the map of no parts."""
        return ""
