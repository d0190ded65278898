"""repomap-tool's TreeSitterParser: the tags of a file, with the comment before each."""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from repomap_fast.compat.named_files import CodeTag, tag_named_files
from repomap_fast.contents import FolderContents
from repomap_fast.languages.identify import identify_languages
from repomap_fast.languages.table import LANGUAGES
from repomap_fast.options import ScanOptions
from repomap_fast.tables import NO_LANGUAGE, StringTable

_COMMENTS = Path(__file__).with_name("comment_queries")
"""A tags query for each language in which comments are the names."""
_COMMENT = "name.reference.comment"
_COMMENT_LINES = 5
"""How many lines before a tag a comment may begin."""
_MARKS = re.compile(
    r"^(?:#+[!|]?|%+|;+|!+|\"|/{2,}!?|/[*+]+!?|\(\*+|\{-|--+(?:\[=*\[)?)\s*"
    # Begun at a first blank or star alone, so that each is read once.
    r"|(?:(?<!\s)\s++)?(?:(?<!\*)\*++[/)]|\+/|-\}|\|#|\]=*+\])$"
)


class TreeSitterParser:
    """The tags of files, one at a time or many in one parallel pass.

    project_root        the folder that ``rel_fname`` is below; the current one if None.
    custom_queries_dir  a folder of the caller's own tags queries, LANGUAGE.scm or LANGUAGE-tags.scm, which go before
                        ours.
    cache               a ``TreeSitterTagCache``, or whatever has its ``get_tags`` and ``set_tags``; None for none.

    What cannot be parsed gives no tags, and a file's errors raise nothing, as with repomap-tool.
    """

    def __init__(
        self,
        project_root: str | os.PathLike[str] | None = None,
        custom_queries_dir: str | os.PathLike[str] | None = None,
        cache: Any | None = None,
    ) -> None:
        self.project_root = os.fspath(project_root or ".")
        self.custom_queries_dir = None if custom_queries_dir is None else Path(custom_queries_dir)
        self.tag_cache = cache

    def parse_file(self, file_path: str | os.PathLike[str]) -> list[CodeTag]:
        """Return the tags of a file, whatever is cached. Raises QueryError."""
        return self.parse_files([file_path])[os.fspath(file_path)]

    def parse_files(self, file_paths: Sequence[str | os.PathLike[str]]) -> dict[str, list[CodeTag]]:
        """Return the tags of each file, whatever is cached; all are parsed in one pass. Raises QueryError."""
        paths = [os.fspath(path) for path in file_paths]
        # A relative path is one of the current folder here, and not of the project.
        absolute = {path: os.path.abspath(path) for path in paths}
        tags_by_path = self._tags_of(list(absolute.values()), self.custom_queries_dir)
        commented = [path for path, tags in tags_by_path.items() if tags]
        comments = self._tags_of(commented, _COMMENTS) if commented else {}
        found = {}
        for path in paths:
            before = [tag for tag in comments.get(absolute[path], []) if tag.kind == _COMMENT]
            found[path] = [
                replace(tag, file=path, comment=_comment_before(tag.line, before))
                for tag in tags_by_path[absolute[path]]
            ]
        return found

    def get_tags(self, file_path: str | os.PathLike[str], use_cache: bool = True) -> list[CodeTag]:
        """Return the tags of a file, from the cache if they are there; else they are put there. Raises QueryError."""
        path = os.fspath(file_path)
        cache = self.tag_cache if use_cache else None
        if cache is not None and isinstance(cached := cache.get_tags(path), list):
            return cached
        tags = self.parse_file(path)
        if cache is not None and os.path.exists(path):
            cache.set_tags(path, tags)
        return tags

    def get_supported_languages(self) -> list[str]:
        """Return the names of the languages that there are tags of."""
        return [language.name for language in LANGUAGES]

    def is_language_supported(self, file_path: str | os.PathLike[str]) -> bool:
        """Return whether there are tags of the file's language."""
        folder, name = os.path.split(os.path.abspath(file_path))
        (language_id,) = identify_languages(
            FolderContents(Path(folder)), StringTable.from_strings([os.fsencode(name)])
        ).tolist()
        return bool(language_id != NO_LANGUAGE)

    def _tags_of(self, paths: Sequence[str], queries_dir: Path | None) -> dict[str, list[CodeTag]]:
        options = ScanOptions(queries=queries_dir)
        return {file.given: file.code_tags() for file in tag_named_files(paths, self.project_root, options, keep=False)}


def _comment_before(line: int, comments: Sequence[CodeTag]) -> str | None:
    """Return the text of the last of ``comments``, which are in order, that begins in the lines before ``line``."""
    position = bisect_left(comments, line, key=lambda comment: comment.line) - 1
    if position < 0 or comments[position].line < line - _COMMENT_LINES:
        return None
    return _MARKS.sub("", comments[position].name.strip()).strip() or None
