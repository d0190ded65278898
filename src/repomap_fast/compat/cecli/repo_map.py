"""``RepoMap`` with cecli's calls, over that of aider: maps as dictionaries, stubs of files, places of symbols."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, ClassVar, TypeAlias

from repomap_fast.compat.aider import repo_map
from repomap_fast.compat.aider.languages import CECLI
from repomap_fast.compat.aider.map_text import tags_by_file
from repomap_fast.compat.aider.question import Names, Question
from repomap_fast.compat.aider.ranking import Mentions, RankedTags, Table
from repomap_fast.compat.aider.sources import text_reader
from repomap_fast.compat.aider.tag import TagColumns
from repomap_fast.compat.cecli.excluded import is_excluded_rel_path
from repomap_fast.compat.cecli.imports import import_parts, means, path_parts
from repomap_fast.compat.cecli.likeness import LikeNames
from repomap_fast.compat.cecli.ranking import IMPORT, rank_tags
from repomap_fast.compat.cecli.stub import StubContext
from repomap_fast.compat.cecli.tag import Tag
from repomap_fast.compat.cecli.tag_places import TagMaker
from repomap_fast.compat.overrides import remember_methods
from repomap_fast.errors import SymbolError
from repomap_fast.store.store import MemoryStore

CACHE_VERSION = 9
SQLITE_ERRORS = repo_map.SQLITE_ERRORS
UPDATING_REPO_MAP_MESSAGE = repo_map.UPDATING_REPO_MAP_MESSAGE
TAG_TOKENS = 16
"""What cecli counts for a definition in a map."""
NO_OUTLINE = "# No outline available"

FileTags: TypeAlias = dict[str, dict[str, Any]]
MapDict: TypeAlias = dict[str, FileTags]
"""By path below the root and by name: ``kind``, ``line``, ``start_line`` and ``end_line``, zero-based."""


@remember_methods
class RepoMap(repo_map.RepoMap):
    """A map of a repository for a language model, as cecli's class of that name makes it.

    combined_map_dict  what all maps so far have shown; set it to an empty dictionary to begin anew.
    """

    TAGS_CACHE_DIR: ClassVar[str] = f".cecli/tags.cache.v{CACHE_VERSION}"
    warned_files: ClassVar[set[str]] = set()
    definition_kinds: ClassVar[set[str]] = {
        *("class", "constant", "constructor", "enum", "function", "interface", "method", "module", "namespace"),
        *("struct", "trait", "type", "variable"),
    }
    _package: ClassVar[str] = CECLI
    _stub_instance: ClassVar[RepoMap]

    def __init__(
        self,
        map_tokens: int = 1024,
        map_cache_dir: str = ".",
        main_model: Any = None,
        io: Any = None,
        repo_content_prefix: str | None = None,
        verbose: bool = False,
        max_context_window: int | None = None,
        map_mul_no_files: float = 8,
        refresh: str = "auto",
        max_code_line_length: int = 100,
        repo_root: str | None = None,
        use_memory_cache: bool = False,
        use_enhanced_map: bool = False,
    ) -> None:
        self.map_cache_dir = map_cache_dir
        self.use_memory_cache = use_memory_cache
        self.use_enhanced_map = use_enhanced_map
        self.max_code_line_length = max_code_line_length
        self.combined_map_dict: MapDict = {}
        self._like_names = LikeNames()
        super().__init__(
            map_tokens,
            None if repo_root is None else os.fspath(repo_root),
            main_model,
            io,
            repo_content_prefix,
            verbose,
            max_context_window,
            map_mul_no_files,
            refresh,
        )

    def load_tags_cache(self) -> None:
        """Open what is kept of the tags of this root; with ``use_memory_cache``, nothing outlives this object."""
        if self.use_memory_cache:
            self._cache = self.TAGS_CACHE = self._new_cache(MemoryStore())
        else:
            super().load_tags_cache()

    # Maps

    def get_repo_map(  # type: ignore[override]
        self,
        chat_files: Names | None,
        other_files: Names | None,
        mentioned_fnames: Collection[str] | None = None,
        mentioned_idents: Collection[str] | None = None,
        force_refresh: bool = False,
    ) -> dict[str, Any] | None:
        """Return the map of ``other_files`` for a chat about ``chat_files``, or None where there is nothing to show.

        ``combined_dict`` (also as ``files``) has what all maps so far have shown, ``new_dict`` what is new in this one;
        ``prefix`` goes before their text, and ``has_chat_files`` says whether there are files in the chat.
        """
        question = Question.of(chat_files, other_files, mentioned_fnames, mentioned_idents)
        maps = self._map_for_chat(question, force_refresh=force_refresh)
        if maps is None:
            return None
        combined, new = maps
        if not combined and not new:
            return None
        if self.verbose:
            self._tell("tool_output", f"The repo map has {len(combined)} files")
        return {
            "combined_dict": combined,
            "new_dict": new,
            "files": combined,
            "prefix": self._prefix(question),
            "has_chat_files": bool(question.chat_fnames),
        }

    def _map_key(self, question: Question, max_map_tokens: float | None) -> tuple[Any, ...]:
        if self.refresh == "auto":
            like = self._like_names.represent(question.mentioned_idents)
            return max_map_tokens, tuple(sorted(question.mentioned_fnames)), like
        return max_map_tokens, tuple(sorted(question.chat_fnames)), len(question.other_fnames)

    def _make_map(self, question: Question, max_map_tokens: float | None) -> tuple[MapDict, MapDict]:
        make: Callable[..., tuple[MapDict, MapDict]] = self.get_ranked_tags_map_uncached
        maps = make(*question.with_budget(max_map_tokens), self.combined_map_dict)
        self.combined_map_dict = maps[0]
        return maps

    def get_ranked_tags_map_uncached(  # type: ignore[override]
        self,
        chat_fnames: Names | None,
        other_fnames: Names | None = None,
        max_map_tokens: float | None = None,
        mentioned_fnames: Collection[str] | None = None,
        mentioned_idents: Collection[str] | None = None,
        combined_dict: MapDict | None = None,
    ) -> tuple[MapDict, MapDict]:
        """Return ``combined_dict`` with what a map shows, and of that what is new. Nothing that is given is changed."""
        question = Question.of(chat_fnames, other_fnames, mentioned_fnames, mentioned_idents)
        ranked = self._ranked(question, self._spin)
        hidden = set(self._rel_fnames_of(question.chat_fnames))
        shown = _shown_tags(ranked, hidden, max_map_tokens or self.max_map_tokens)
        known = combined_dict or {}
        new: MapDict = {}
        for rel_fname, tags in shown.items():
            more = {name: place for name, place in tags.items() if name not in known.get(rel_fname, ())}
            if more or rel_fname not in known:
                new[rel_fname] = more
        combined = {**known, **{rel_fname: {**known.get(rel_fname, {}), **tags} for rel_fname, tags in new.items()}}
        return combined, new

    # Ranking

    def get_ranked_tags(
        self,
        chat_fnames: Names | None,
        other_fnames: Names | None,
        mentioned_fnames: Collection[str] | None,
        mentioned_idents: Collection[str] | None,
        progress: object = True,
    ) -> list[Any]:
        """Return the definitions outside the chat, best first, then the names of files of which there is none."""
        question = Question.of(chat_fnames, other_fnames, mentioned_fnames, mentioned_idents)
        return self._rank(question, self._spin if progress else None).all()

    def _ranked_by_caller(self, question: Question, progress: Callable[[str], object]) -> list[Any]:
        rank: Callable[..., list[Any]] = self.get_ranked_tags
        return rank(*question, True)

    def _rank(self, question: Question, progress: Callable[[str], object] | None) -> RankedTags:
        chat, others = [[self._found(fname) for fname in fnames] for fnames in question[:2]]
        kept = [
            fname
            for fname, rel_fname in zip(others, self._rel_fnames_of(others), strict=True)
            if rel_fname in question.mentioned_fnames or not is_excluded_rel_path(rel_fname)
        ]
        return super()._rank(question._replace(chat_fnames=chat, other_fnames=kept), progress)

    def _found(self, fname: str) -> str:
        """Return a file's path; what is not below the current folder is looked for below the root."""
        below = os.path.join(self.root, fname)
        return below if not os.path.exists(fname) and os.path.exists(below) else fname

    def _rank_tags(self, table: Table, mentions: Mentions) -> RankedTags:
        maker = self._tag_maker()

        def make(file: int, rows: Sequence[int]) -> list[Tag]:
            return maker.make(table.columns, rows, table.fnames[file], table.rel_fnames[file])

        return rank_tags(table, mentions, make, by_imports=self.use_enhanced_map)

    def check_import_match(self, definer: str, imports: Iterable[str]) -> bool:
        """Return whether any of these imports may mean the file ``definer``."""
        parts = path_parts(definer)
        return any(means(parts, import_parts(name)) for name in imports)

    def shared_path_components(self, path1_str: str, path2_str: str) -> int:
        """Return how many steps lead from one path to the other in the tree of folders."""
        a, b = (os.path.normpath(path).split(os.sep) for path in (path1_str, path2_str))
        n_shared = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
        return len(a) + len(b) - 2 * n_shared

    # Tags

    def _tags_of_columns(self, columns: TagColumns, fname: str, rel_fname: str) -> list[Any]:
        return list(self._tag_maker().make(columns, range(len(columns.name_ids)), fname, rel_fname))

    def _tag_maker(self) -> TagMaker:
        read, is_plain = text_reader(self.io)
        return TagMaker(read, is_plain=is_plain)

    def get_symbol_definition_location(self, file_path: str, symbol_name: str) -> tuple[int, int]:
        """Return the first and the last line of the name of the one definition of a symbol in a file.

        Raises cecli's ToolError where cecli runs, else SymbolError, if there is none, or more than one.
        """
        find = getattr(self.io, "root_abs_path", None)
        path = find(file_path) if callable(find) else os.path.join(self.root, file_path)
        of_file: list[Any] = self.get_tags(path, self.get_rel_fname(path))
        tags = [tag for tag in of_file if tag.name == symbol_name]
        found = [tag for tag in tags if tag.kind == "def" and tag.start_line >= 0]
        if len(found) == 1:
            return found[0].start_line, found[0].end_line
        if found:
            lines = ", ".join(str(line) for line in sorted(tag.start_line + 1 for tag in found))
            raise _tool_error(f"{file_path} defines {symbol_name!r} on the lines {lines}; expected one definition")
        also = f"; it is there as {tags[0].kind} alone" if tags else ""
        raise _tool_error(f"{file_path} does not define {symbol_name!r}{also}; expected one definition")

    # Text

    @staticmethod
    def get_file_stub(
        fname: str,
        io: Any,
        line_numbers: bool = False,
        start_line: int | None = None,
        end_line: int | None = None,
    ) -> str:
        """Return the lines of a file's definitions and imports, and the heads of the scopes around them.

        start_line, end_line  zero-based: lines outside are left out.
        """
        if not hasattr(RepoMap, "_stub_instance"):
            RepoMap._stub_instance = RepoMap(map_tokens=0, io=io)
        stubs = RepoMap._stub_instance
        rel_fname = stubs.get_rel_fname(fname)
        tags: list[Any] = stubs.get_tags(fname, rel_fname)
        if not tags:
            return NO_OUTLINE
        rows = [tag.line for tag in tags if tag.kind == "def" or tag.specific_kind == IMPORT]
        first, last = start_line or 0, sys.maxsize if end_line is None else end_line
        lois = [row for row in rows if first <= row <= last]
        return stubs.render_tree(fname, rel_fname, lois, line_numbers, start_line, end_line)

    def render_tree(
        self,
        abs_fname: str,
        rel_fname: str,
        lois: Sequence[int],
        line_numbers: bool = False,
        start_line: int | None = None,
        end_line: int | None = None,
    ) -> str:
        """Return what is shown of a file for these lines of interest, and between ``start_line`` and ``end_line``."""
        mtime = self.get_mtime(abs_fname)
        kept = self.tree_context_cache.get(rel_fname)
        if kept is None or kept["mtime"] != mtime:
            code = text_reader(self.io)[0](abs_fname) or ""
            context = StubContext(rel_fname, code if code.endswith("\n") else f"{code}\n")
            kept = self.tree_context_cache[rel_fname] = {"context": context, "mtime": mtime}
        text: str = kept["context"].text(lois, line_numbers, start_line, end_line)
        return text

    def to_tree(self, tags: Sequence[Any], chat_rel_fnames: Collection[str]) -> str:
        """Return the text of a map with these tags and files, without those of the chat."""
        parts = []
        for rel_fname, path, rows in tags_by_file(tags, chat_rel_fnames):
            lines = self.render_tree(path, rel_fname, rows).splitlines() if rows else []
            cut = "".join(f"{line[: self.max_code_line_length]}\n" for line in lines)
            parts.append(f"\n{rel_fname}:\n{cut}" if rows else f"\n{rel_fname}\n")
        return "".join(parts)

    def _spin(self, message: str) -> None:
        """Show the user what is being done."""
        if hasattr(self.io, "update_spinner"):
            self.io.update_spinner(message)


def _shown_tags(ranked: RankedTags, hidden: Collection[str], budget: float) -> MapDict:
    """Return the definitions that fit, best first; files count nothing."""
    shown: MapDict = {}
    n_tokens = 0
    for tag in ranked:
        rel_fname = tag[0]
        if rel_fname in hidden:
            continue
        of_file = shown.setdefault(rel_fname, {})
        if len(tag) == 1:
            continue
        places = {name: getattr(tag, name, tag.line) for name in ("line", "start_line", "end_line")}
        of_file[tag.name] = {"kind": getattr(tag, "specific_kind", None) or tag.kind, **places}
        n_tokens += TAG_TOKENS
        if n_tokens >= budget:
            break
    return shown


def _tool_error(message: str) -> Exception:
    helpers = sys.modules.get("cecli.tools.utils.helpers")
    made: Exception = getattr(helpers, "ToolError", SymbolError)(message)
    return made
