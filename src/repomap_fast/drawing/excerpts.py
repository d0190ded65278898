"""The excerpts of files: each file is read once, several are outlined at a time, and both are kept for the next map.

Files that are shown by their path alone are never read. The cache keys are the contents of a file and the rows of
interest, so a kept excerpt is never stale.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Protocol

import numpy as np

from repomap_fast.drawing.outline import Outline, Outliners, Text
from repomap_fast.drawing.render import Excerpt, excerpt
from repomap_fast.drawing.source_lines import LineRule
from repomap_fast.drawing.sources import Sources
from repomap_fast.options import DEFAULT_MAX_FILE_BYTES
from repomap_fast.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repomap_fast.contents import Contents
    from repomap_fast.languages.table import Language
    from repomap_fast.resources.governors import MemoryGovernor

_DIGEST_BYTES = 16


class Kept(Protocol):
    """A cache of bytes under bytes for the next map: an ``LruCache``, or a store that outlives the process."""

    def get(self, key: bytes) -> bytes | None:
        """Return the value of the key; None if it is gone."""
        ...

    def put(self, key: bytes, value: bytes) -> object:
        """Keep a value under the key, if there is room."""
        ...


class Excerpts:
    """The files of a scan that one map may show.

    contents    where they are read.
    paths       of all files, by file id.
    language_of  returns a file's language; None for a file that is shown without scopes.
    outliners   parse what is not kept.
    kept        outlines and excerpts that earlier maps kept, of any root, under the contents of files.
    memory      limits what is read. A file for which there is no room counts as one that cannot be read.
    max_file_bytes  larger files are not read.

    Symbolic links are not followed, and only regular files are read.
    """

    def __init__(
        self,
        contents: Contents,
        paths: Sequence[bytes],
        language_of: Callable[[int], Language | None],
        outliners: Outliners,
        kept: Kept,
        *,
        rule: LineRule = LineRule.ROWS,
        watch: Progress | None = None,
        memory: MemoryGovernor | None = None,
        max_file_bytes: int = DEFAULT_MAX_FILE_BYTES,
    ) -> None:
        self._language_of = language_of
        self._outliners = outliners
        self._kept = kept
        self._rule = rule
        self._watch = watch
        self._keys: dict[int, bytes | None] = {}
        self._outlines: dict[int, Outline | None] = {}
        self._sources = Sources(
            contents, paths, rule=rule, memory=memory, max_file_bytes=max_file_bytes, on_read=self._note_contents
        )

    def prepare(self, file_ids: Collection[int]) -> None:
        """Read and outline those of these files that are not yet.

        Raises LanguageError, ScanCancelled.
        """
        waiting: dict[int, Text] = {}
        waiting_bytes = 0
        for file_id in file_ids:
            if file_id in self._outlines:
                continue
            key, language = self._key(file_id), self._language_of(file_id)
            kept = None if key is None else self._kept.get(b"outline" + key)
            if kept is not None:
                self._outlines[file_id] = Outline.from_bytes(kept)
            elif key is None or language is None or (text := Text.of(self._sources.lines(file_id), language)) is None:
                self._outlines[file_id] = None
            else:
                waiting[file_id] = text
                waiting_bytes += len(text.contents)
            if waiting_bytes > self._sources.room_bytes():
                self._outline(waiting)
                waiting, waiting_bytes = {}, 0
        self._outline(waiting)

    def _outline(self, texts: dict[int, Text]) -> None:
        if not texts:
            return
        outlines = self._outliners.outline(list(texts.values()), self._watch)
        for file_id, outline in zip(texts, outlines, strict=True):
            if outline is not None and texts[file_id].is_part:
                outline = outline.without_root()
            self._outlines[file_id] = outline
            key = self._key(file_id)
            # A parse that ran out of time may succeed the next time.
            if key is not None and outline is not None:
                self._kept.put(b"outline" + key, outline.to_bytes())

    def excerpt(self, file_id: int, rows: Sequence[int]) -> Excerpt | None:
        """Return the excerpt of a file for these rows; None for a file that is gone or cannot be read."""
        if file_id not in self._outlines:
            self.prepare([file_id])
        key, outline = self._key(file_id), self._outlines[file_id]
        if key is None:
            return None
        excerpt_key = (b"lines" if outline is None else b"excerpt") + key + np.asarray(rows, np.uint32).tobytes()
        kept = self._kept.get(excerpt_key)
        if kept is not None:
            return Excerpt.from_bytes(kept)
        source = self._sources.lines(file_id)
        if self._key(file_id) != key:
            # It was read again, and had changed.
            return self.excerpt(file_id, rows)
        made = excerpt(source, outline, rows)
        self._kept.put(excerpt_key, made.to_bytes())
        return made

    def bare_excerpt(self, file_id: int, rows: Sequence[int]) -> Excerpt | None:
        """Return these rows alone, without a parse; None as ``excerpt`` does."""
        return None if self._key(file_id) is None else excerpt(self._sources.lines(file_id), None, rows)

    def _key(self, file_id: int) -> bytes | None:
        """Return a digest of the file's contents, and of how they are read; None for a file that cannot be read."""
        if file_id not in self._keys:
            self._sources.lines(file_id)
        return self._keys[file_id]

    def _note_contents(self, file_id: int, contents: bytes | None) -> None:
        key = None
        if contents is not None:
            language = self._language_of(file_id)
            how = f"{language and language.name} {self._rule.value} {self._outliners.macros}\0".encode()
            digest = hashlib.blake2b(how, digest_size=_DIGEST_BYTES)
            digest.update(contents)
            key = digest.digest()
        if self._keys.setdefault(file_id, key) != key:
            self._keys[file_id] = key
            self._outlines.pop(file_id, None)
