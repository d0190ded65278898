"""``RepoMap`` with aider's calls: what it keeps between calls, and which of its methods are replaced."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, ClassVar

from repomap_fast.compat.aider import ranking
from repomap_fast.compat.aider.languages import AIDER
from repomap_fast.compat.aider.lexing import names_of_lexer
from repomap_fast.compat.aider.map_text import MapText, important_files, spinner
from repomap_fast.compat.aider.question import Names, Question
from repomap_fast.compat.aider.ranking import Mentions, RankedTags, Table
from repomap_fast.compat.aider.sources import text_reader
from repomap_fast.compat.aider.tag import Tag, TagColumns, columns_of_blocks, columns_of_tags
from repomap_fast.compat.aider.tagging import Tagger
from repomap_fast.compat.aider.tags_cache import FileTags, TagsCache
from repomap_fast.compat.overrides import are_own, remember_methods
from repomap_fast.drawing.tokens import estimate_tokens
from repomap_fast.errors import StoreError
from repomap_fast.indexing.index import open_store
from repomap_fast.progress import Progress
from repomap_fast.store.store import MemoryStore, Store

SQLITE_ERRORS = (sqlite3.OperationalError, sqlite3.DatabaseError, OSError)
CACHE_VERSION = 4
UPDATING_REPO_MAP_MESSAGE = "Updating repo map"
REFERENCES_VARIABLE = "REPOMAP_FAST_AIDER_REFERENCES"

_MANY_FILES = 100
"""From so many files to parse on, the user is told that it is done once."""
_PADDING_TOKENS = 4096
"""Left free of the context window where there is no file in the chat."""
_SAMPLED_CHARACTERS = 200
"""A text from so many characters on has its tokens estimated from some of its lines."""
_SAMPLED_LINES = 100
_SLOW_MAP_S = 1.0
"""With ``refresh`` "auto", a map that took longer is kept for the same question."""


@remember_methods
class RepoMap:
    """A map of a repository for a language model, as aider's class of that name makes it.

    references  where references come from in a file for which the tags query finds none: ``tree``, the identifiers of
                its syntax tree, or ``pygments``, the names that aider takes. Set it on a class or an object, or the
                variable REPOMAP_FAST_AIDER_REFERENCES of the environment.
    """

    TAGS_CACHE_DIR: ClassVar[str] = f".aider.tags.cache.v{CACHE_VERSION}"
    warned_files: ClassVar[set[str]] = set()
    references: str = os.environ.get(REFERENCES_VARIABLE, "tree")
    _package: ClassVar[str] = AIDER

    TAGS_CACHE: Any
    tree_cache: dict[Any, str] = {}  # noqa: RUF012 (each object gets its own; callers read it of the class)

    def __init__(
        self,
        map_tokens: int = 1024,
        root: str | None = None,
        main_model: Any = None,
        io: Any = None,
        repo_content_prefix: str | None = None,
        verbose: bool = False,
        max_context_window: int | None = None,
        map_mul_no_files: float = 8,
        refresh: str = "auto",
    ) -> None:
        self.io = io
        self.verbose = verbose
        self.refresh = refresh
        self.root = root or os.getcwd()
        self._lock = threading.RLock()
        self._table: Table | None = None
        self._rel_fnames: tuple[str, dict[str, str]] = (self.root, {})
        self._map_text = MapText()
        self._cache: TagsCache | None = None
        self.load_tags_cache()
        if not hasattr(self, "TAGS_CACHE"):
            # A method that replaces it may do nothing.
            self.TAGS_CACHE = {}
        self.cache_threshold = 0.95
        self.max_map_tokens: float = map_tokens
        self.map_mul_no_files = map_mul_no_files
        self.max_context_window = max_context_window
        self.repo_content_prefix = repo_content_prefix
        self.main_model = main_model
        self.tree_cache = {}
        self.tree_context_cache: dict[Any, Any] = {}
        self.map_cache: dict[Any, str | None] = {}
        self.map_processing_time = 0.0
        self.last_map: str | None = None
        if self.verbose:
            self._tell(
                "tool_output", f"RepoMap shows {self.map_mul_no_files} times as much while no file is in the chat"
            )

    # What a map is made for

    def token_count(self, text: str) -> float:
        """Return the tokens of a text by the model's count; of a long one, as its sampled lines tell.

        Without a model they are estimated.
        """
        count = estimate_tokens if self.main_model is None else self.main_model.token_count
        if len(text) < _SAMPLED_CHARACTERS:
            return float(count(text))
        lines = text.splitlines(keepends=True)
        sample = "".join(lines[:: len(lines) // _SAMPLED_LINES or 1])
        return float(count(sample)) / len(sample) * len(text)

    def get_repo_map(
        self,
        chat_files: Names | None,
        other_files: Names | None,
        mentioned_fnames: Collection[str] | None = None,
        mentioned_idents: Collection[str] | None = None,
        force_refresh: bool = False,
    ) -> str | None:
        """Return the map of ``other_files`` for a chat about ``chat_files``, or None where there is nothing to show."""
        question = Question.of(chat_files, other_files, mentioned_fnames, mentioned_idents)
        listing: str | None = self._map_for_chat(question, force_refresh=force_refresh)
        if not listing:
            return None
        if self.verbose:
            self._tell("tool_output", f"The repo map has {self.token_count(listing) / 1024:.1f} k-tokens")
        return self._prefix(question) + listing

    def _prefix(self, question: Question) -> str:
        return (self.repo_content_prefix or "").format(other="other " if question.chat_fnames else "")

    def _map_for_chat(self, question: Question, *, force_refresh: bool) -> Any:
        """Return what ``get_ranked_tags_map`` returns for a chat; more of it while no file is in the chat."""
        if self.max_map_tokens <= 0 or not question.other_fnames:
            return None
        max_map_tokens = self.max_map_tokens
        if not question.chat_fnames and self.max_context_window:
            room = min(int(max_map_tokens * self.map_mul_no_files), self.max_context_window - _PADDING_TOKENS)
            if room > 0:
                max_map_tokens = room
        try:
            return self.get_ranked_tags_map(*question.with_budget(max_map_tokens), force_refresh)
        except RecursionError:
            # None of ours recurses; a method that replaces it may.
            self._tell(
                "tool_error", "The repo map is switched off: making it went too deep. Is the repository too large?"
            )
            self.max_map_tokens = 0
            return None

    def get_ranked_tags_map(
        self,
        chat_fnames: Names | None,
        other_fnames: Names | None = None,
        max_map_tokens: float | None = None,
        mentioned_fnames: Collection[str] | None = None,
        mentioned_idents: Collection[str] | None = None,
        force_refresh: bool = False,
    ) -> Any:
        """Return the map, made anew or, as ``refresh`` says, from an earlier call."""
        question = Question.of(chat_fnames, other_fnames, mentioned_fnames, mentioned_idents)
        key = self._map_key(question, max_map_tokens)
        if not force_refresh:
            if self.refresh == "manual" and self.last_map:
                return self.last_map
            is_kept = self.refresh == "files" or (self.refresh == "auto" and self.map_processing_time > _SLOW_MAP_S)
            if is_kept and key in self.map_cache:
                return self.map_cache[key]
        start = time.time()
        result = self._make_map(question, max_map_tokens)
        self.map_processing_time = time.time() - start
        self.map_cache[key] = self.last_map = result
        return result

    def _map_key(self, question: Question, max_map_tokens: float | None) -> tuple[Any, ...]:
        """Return what two questions have alike that may have one answer."""
        names = [tuple(sorted(of_one_kind)) for of_one_kind in question]
        return max_map_tokens, *(names if self.refresh == "auto" else names[:2])

    def _make_map(self, question: Question, max_map_tokens: float | None) -> Any:
        return self.get_ranked_tags_map_uncached(*question.with_budget(max_map_tokens))

    def get_ranked_tags_map_uncached(
        self,
        chat_fnames: Names | None,
        other_fnames: Names | None = None,
        max_map_tokens: float | None = None,
        mentioned_fnames: Collection[str] | None = None,
        mentioned_idents: Collection[str] | None = None,
    ) -> str | None:
        """Make the map: as many of the best definitions as fit into ``max_map_tokens``."""
        question = Question.of(chat_fnames, other_fnames, mentioned_fnames, mentioned_idents)
        budget = max_map_tokens or self.max_map_tokens
        with spinner(UPDATING_REPO_MAP_MESSAGE) as step:
            ranked = self._ranked(question, step)
            step()
            chat_rel_fnames = set(self._rel_fnames_of(question.chat_fnames))
            self.tree_cache = {}
            return self._map_text.choose(
                ranked,
                budget,
                to_tree=lambda tags: self.to_tree(tags, chat_rel_fnames),
                token_count=self.token_count,
                step=step,
            )

    def _ranked(self, question: Question, progress: Callable[[str], object]) -> RankedTags:
        """Return what a map shows, best first; by a ``get_ranked_tags`` of the caller if there is one."""
        if are_own(self, "get_ranked_tags"):
            # The names of all other files are among them: the important ones, which would come first else, too.
            return self._rank(question, progress)
        return self._with_important_files(self._ranked_by_caller(question, progress), question.other_fnames)

    def _ranked_by_caller(self, question: Question, progress: Callable[[str], object]) -> list[Any]:
        return self.get_ranked_tags(*question, progress=progress)

    def _with_important_files(self, tags: Sequence[Tag | tuple[str]], others: Collection[str]) -> RankedTags:
        """Put the important files of a repository before tags that were ranked without them."""
        ranked = {tag[0] for tag in tags}
        missing = sorted({*self._rel_fnames_of(others)} - ranked)
        return RankedTags([[(rel_fname,) for rel_fname in important_files(missing, self._package)], tags])

    # Ranking

    def get_ranked_tags(
        self,
        chat_fnames: Names | None,
        other_fnames: Names | None,
        mentioned_fnames: Collection[str] | None,
        mentioned_idents: Collection[str] | None,
        progress: Callable[[str], object] | None = None,
    ) -> list[Tag | tuple[str]]:
        """Return the definitions outside the chat, best first, then the names of files of which there is none."""
        question = Question.of(chat_fnames, other_fnames, mentioned_fnames, mentioned_idents)
        return self._rank(question, progress).all()

    def _rank(self, question: Question, progress: Callable[[str], object] | None) -> RankedTags:
        with self._lock:
            table = self._tag_all({*question.chat_fnames, *question.other_fnames}, progress)
        mentions = Mentions(
            chat_fnames=frozenset(question.chat_fnames),
            other_rel_fnames=frozenset(self._rel_fnames_of(question.other_fnames)),
            fnames=frozenset(question.mentioned_fnames),
            idents=frozenset(question.mentioned_idents),
        )
        return self._rank_tags(table, mentions)

    def _rank_tags(self, table: Table, mentions: Mentions) -> RankedTags:
        return ranking.rank_tags(table, mentions)

    def _tag_all(self, fnames: set[str], progress: Callable[[str], object] | None) -> Table:
        """Return the tags of all these files, with the graph of references."""
        mtimes = self._look_at(fnames)
        is_served_from_blocks = (
            are_own(self, "get_tags", "get_tags_raw", "get_mtime", "_run_captures")
            and self.TAGS_CACHE is self._cache
            and self._cache is not None
            and self._cache.is_own
            and self.references != "pygments"
        )
        if not is_served_from_blocks:
            return self._tag_one_by_one(list(mtimes), progress)
        table = self._table
        if table is not None and table.is_for(self.root, mtimes):
            return table
        cache = self.TAGS_CACHE
        self._tag_missing(mtimes, progress)
        ordered, rel_fnames = self._by_path(mtimes)
        columns = columns_of_blocks([cache.file_tags(fname).blocks for fname in ordered], cache.tagger.kinds)
        self._table = Table(self.root, mtimes, ordered, rel_fnames, columns)
        return self._table

    def _tag_one_by_one(self, fnames: Sequence[str], progress: Callable[[str], object] | None) -> Table:
        """Call ``get_tags`` for each file: it is replaced, and its answer counts."""
        if are_own(self, "get_tags_raw", "_run_captures") and self._cache is not None:
            self._tag_missing(dict.fromkeys(fnames, 0.0) | self._mtimes(fnames), progress)
        ordered, rel_fnames = self._by_path(fnames)
        found = []
        for fname, rel_fname in zip(ordered, rel_fnames, strict=True):
            if progress is not None:
                progress(f"{UPDATING_REPO_MAP_MESSAGE}: {fname}")
            found.append(list(self.get_tags(fname, rel_fname) or ()))
        return Table(self.root, {}, ordered, rel_fnames, columns_of_tags(found))

    def _by_path(self, fnames: Iterable[str]) -> tuple[list[str], list[str]]:
        """Return the files in the order of their paths from the root on, and these paths."""
        known = list(fnames)
        rel_fnames = self._rel_fnames_of(known)
        paths = sorted(zip(map(os.fsencode, rel_fnames), rel_fnames, known, strict=True))
        return [fname for _, _, fname in paths], [rel_fname for _, rel_fname, _ in paths]

    def _look_at(self, fnames: Iterable[str]) -> dict[str, float]:
        """Return the files that are there, in the order of their paths, and when each was changed; warn of others."""
        mtimes = {}
        for fname in sorted(fnames):
            try:
                looked_at = os.stat(fname)
                if stat.S_ISREG(looked_at.st_mode):
                    mtimes[fname] = looked_at.st_mtime
                    continue
            except (OSError, ValueError):
                pass
            if fname not in self.warned_files:
                self._tell("tool_warning", f"The repo map leaves out {fname}: there is no such file")
                self._tell("tool_output", "Was it deleted, and is it still known to git?")
                self.warned_files.add(fname)
        return mtimes

    def _mtimes(self, fnames: Iterable[str]) -> dict[str, float]:
        looked_at = ((fname, self.get_mtime(fname)) for fname in fnames)
        return {fname: mtime for fname, mtime in looked_at if mtime is not None}

    def _tag_missing(self, mtimes: dict[str, float], progress: Callable[[str], object] | None) -> None:
        """Tag all files at once whose tags are not known as of now."""
        cache = self._cache
        assert cache is not None
        missing = []
        for fname, mtime in mtimes.items():
            known = cache.file_tags(fname)
            if (known is None or known.mtime != mtime) and not cache.is_foreign(fname):
                missing.append(fname)
        if not missing:
            return
        if len(missing) > _MANY_FILES and not cache.tagger.store.has_blocks():
            self._tell("tool_output", "The first map of a large repository takes a while; the next ones do not.")

        def report(stage: str, done: int, total: int) -> None:
            if progress is not None:
                progress(f"{UPDATING_REPO_MAP_MESSAGE}: {done} of {total} files")

        self._tag(cache, missing, mtimes, Progress(report))

    def _tag(self, cache: TagsCache, fnames: Sequence[str], mtimes: dict[str, float], watch: Progress) -> None:
        read, is_plain = text_reader(self.io)
        wants_identifiers = self.references != "pygments"
        refused = set(cache.tagger.refused)
        found = cache.tagger.tag(fnames, read, is_plain=is_plain, wants_identifiers=wants_identifiers, watch=watch)
        for language in sorted(cache.tagger.refused.keys() - refused):
            self._tell("tool_warning", f"The repo map has no tags of {language}: {cache.tagger.refused[language]}")
        for fname, rel_fname in zip(fnames, self._rel_fnames_of(fnames), strict=True):
            blocks = found.get(fname, [])
            names: list[str] = []
            if not wants_identifiers and blocks and blocks[0].has_only_definitions:
                names = names_of_lexer(fname, read(fname) or "")
            cache.keep(fname, FileTags(mtimes[fname], rel_fname, blocks, names))

    # Tags

    def get_tags(self, fname: str, rel_fname: str) -> list[Tag]:
        """Return the tags of a file, those that are kept if it was not changed since; none if it is not there."""
        mtime = self.get_mtime(fname)
        if mtime is None:
            return []
        try:
            kept = self.TAGS_CACHE.get(fname)
        except SQLITE_ERRORS as error:
            self.tags_cache_error(error)
            kept = self.TAGS_CACHE.get(fname)
        if kept is not None and kept.get("mtime") == mtime:
            tags: list[Tag] = kept["data"]
            return tags
        tags = list(self.get_tags_raw(fname, rel_fname))
        if (
            self._cache is not None
            and self.TAGS_CACHE is self._cache
            and are_own(self, "get_tags_raw", "_run_captures")
        ):
            # They are there already, as blocks.
            self._cache.forget_foreign(fname)
            return tags
        try:
            self.TAGS_CACHE[fname] = {"mtime": mtime, "data": tags}
            self.save_tags_cache()
        except SQLITE_ERRORS as error:
            self.tags_cache_error(error)
            self.TAGS_CACHE[fname] = {"mtime": mtime, "data": tags}
        return tags

    def get_tags_raw(self, fname: str, rel_fname: str) -> Iterator[Tag]:
        """Yield the tags of a file, whatever is kept of its former contents."""
        cache = self._cache
        try:
            mtime = os.path.getmtime(fname)
        except OSError:
            mtime = 0.0
        with self._lock:
            if cache is None:
                cache = self._cache = self._new_cache(MemoryStore())
            known = cache.file_tags(fname)
            if known is None or known.mtime != mtime:
                self._tag(cache, [fname], {fname: mtime}, Progress())
                known = cache.file_tags(fname)
        assert known is not None
        for tag in cache.tags_of(fname, known):
            yield tag._replace(rel_fname=rel_fname)

    def _run_captures(self, query: Any, node: Any) -> Any:
        """Run a query of the stock binding, in whichever way its version wants; we have no use for it."""
        if hasattr(query, "captures"):
            return query.captures(node)
        from importlib import import_module

        return import_module("tree_sitter").QueryCursor(query).captures(node)

    def get_mtime(self, fname: str) -> float | None:
        """Return when a file was changed, or None, with a warning, if it is not there."""
        try:
            return os.path.getmtime(fname)
        except FileNotFoundError:
            self._tell("tool_warning", f"There is no file {fname}")
            return None

    def _rel_fnames_of(self, fnames: Iterable[str]) -> list[str]:
        """Return what ``get_rel_fname`` returns for files; ours is called once for each."""
        if not are_own(self, "get_rel_fname"):
            return [self.get_rel_fname(fname) for fname in fnames]
        root, known = self._rel_fnames
        if root != self.root:
            self._rel_fnames = root, known = self.root, {}
        rel_fnames = []
        for fname in fnames:
            rel_fname = known.get(fname)
            if rel_fname is None:
                rel_fname = known[fname] = self.get_rel_fname(fname)
            rel_fnames.append(rel_fname)
        return rel_fnames

    def get_rel_fname(self, fname: str) -> str:
        """Return a file's path from the root on; the whole of it where it is on another drive."""
        try:
            return os.path.relpath(fname, self.root)
        except ValueError:
            return fname

    # The cache

    def load_tags_cache(self) -> None:
        """Open what is kept of the tags of this root."""
        try:
            self._cache = self.TAGS_CACHE = self._new_cache(open_store(self.root))
        except (StoreError, *SQLITE_ERRORS) as error:
            self.tags_cache_error(error)

    def _new_cache(self, store: Store) -> TagsCache:
        return TagsCache(Tagger(store, self._package), self._tags_of_columns)

    def _tags_of_columns(self, columns: TagColumns, fname: str, rel_fname: str) -> list[Any]:
        return columns.tags_of(0, fname, rel_fname)

    def save_tags_cache(self) -> None:
        """Do nothing: what is found is kept at once."""

    def tags_cache_error(self, original_error: BaseException | None = None) -> None:
        """Begin afresh where what is kept cannot be read; in memory alone if that fails too."""
        if self.verbose and original_error:
            self._tell("tool_warning", f"The tags cache: {original_error}")
        if isinstance(getattr(self, "TAGS_CACHE", None), dict):
            return
        try:
            self._cache = self.TAGS_CACHE = self._new_cache(open_store(self.root))
        except (StoreError, *SQLITE_ERRORS) as error:
            self._tell("tool_warning", f"The tags of {self.root} cannot be kept, and are found anew each time")
            if self.verbose:
                self._tell("tool_warning", f"The tags cache: {error}")
            self.TAGS_CACHE = {}

    # Text

    def render_tree(self, abs_fname: str, rel_fname: str, lois: Sequence[int]) -> str:
        """Return what the map shows of a file for these lines of interest."""
        read, is_plain = text_reader(self.io)
        return self._map_text.render(abs_fname, rel_fname, lois, self.get_mtime(abs_fname), read, is_plain=is_plain)

    def to_tree(self, tags: Sequence[Tag | tuple[str]], chat_rel_fnames: Collection[str]) -> str:
        """Return the text of a map with these tags and files, without those of the chat."""
        if not tags:
            return ""
        read, is_plain = text_reader(self.io)
        render = None if are_own(self, "render_tree", "get_mtime") else self.render_tree
        return self._map_text.tree(tags, chat_rel_fnames, read, is_plain=is_plain, render=render)

    def _tell(self, how: str, message: str) -> None:
        """Show a message to the user by ``io``, if there is one that shows such messages."""
        show = getattr(self.io, how, None)
        if show is not None:
            show(message)
