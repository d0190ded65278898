"""The tags of many files in one parallel pass.

What a file gives is one block, as of any scan (``cext/tagging/block.h``), or two: where aider's query finds definitions
in a file and no reference, its identifiers come in a second one. Blocks are kept in the store of the root, by contents
and query, so that a new process parses nothing that an old one has parsed.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.compat.aider.languages import (
    AIDER,
    FileLanguage,
    find_identifiers,
    find_language,
    language_of_file,
)
from repomap_fast.compat.aider.sources import ReadText, read_source, split_anchors
from repomap_fast.errors import LanguageError, QueryError
from repomap_fast.options import ScanOptions
from repomap_fast.progress import STAGE_CHECK, Progress
from repomap_fast.tables import StringTable
from repomap_fast.tagging.block import check_block, read_counts
from repomap_fast.tagging.tagger import SourceFiles, TaggedBatch, TagsQueries, compile_queries, tag

if TYPE_CHECKING:
    from repomap_fast.languages.tags_query import TagsQueryText
    from repomap_fast.store.store import Store

DIGEST_BYTES = 16
_FILES_OF_REPORT = 256
FILE_TIMEOUT_S = 120.0
"""aider has no limit; a machine with much else to do takes its time."""


@dataclass(frozen=True, slots=True)
class FileBlock:
    """The tags that one query finds in one file; ``query_id`` tells which, see ``Tagger.kinds``."""

    query_id: int
    data: bytes

    @property
    def n_definitions(self) -> int:
        """How many of the tags are definitions."""
        return read_counts(self.data)[2]

    @property
    def n_tags(self) -> int:
        """How many tags there are."""
        return read_counts(self.data)[1]

    @property
    def has_only_definitions(self) -> bool:
        """Whether there are definitions, and no reference."""
        return 0 < self.n_definitions == self.n_tags


@dataclass(slots=True)
class _Pending:
    """A file on its way through the pass.

    path    where what is parsed stands.
    digest  of it; empty while it is not known.
    """

    fname: str
    path: str
    size: int
    digest: bytes


class Tagger:
    """Finds the tags of files as a package's queries say; keeps what it has compiled, and the tags in ``store``."""

    def __init__(self, store: Store, package: str = AIDER) -> None:
        self.store = store
        self._package = package
        self.kinds: dict[int, tuple[str, ...]] = {}
        """The kinds that each query names."""
        self.refused: dict[str, str] = {}
        """Languages whose query does not fit their grammar, or that have no grammar, and what was said of them."""
        self._compiled: dict[bytes, TagsQueries] = {}

    def tag(
        self,
        fnames: Sequence[str],
        read: ReadText,
        *,
        is_plain: bool,
        wants_identifiers: bool = True,
        watch: Progress | None = None,
    ) -> dict[str, list[FileBlock]]:
        """Return the blocks of those files that have tags; nothing of the others.

        ``read`` and ``is_plain`` are as ``sources.text_reader`` says. Raises ScanCancelled.
        """
        watch = watch or Progress()
        found: dict[str, list[FileBlock]] = {}
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            by_language = self._read(fnames, read, folder, watch, is_plain=is_plain, identifiers=wants_identifiers)
            work = [(language.tags, language.is_parallel, files) for language, files in by_language.values()]
            own_references = {
                language.tags.language_id for language, _ in by_language.values() if language.has_references
            }
            for fname, block in self._blocks(work, watch):
                # Where there is no definition, nothing takes the place of the references that a query does not find.
                if block.n_definitions or (block.n_tags and block.query_id in own_references):
                    found[fname] = [block]
            if wants_identifiers:
                self._add_identifiers(by_language, found, watch)
        self.store.commit()
        return found

    def _read(
        self, fnames: Sequence[str], read: ReadText, folder: Path, watch: Progress, *, is_plain: bool, identifiers: bool
    ) -> dict[str, tuple[FileLanguage, list[_Pending]]]:
        """Read what aider would parse, and sort it by language; what stands nowhere as it is parsed gets a file."""
        by_language: dict[str, tuple[FileLanguage, list[_Pending]]] = {}
        is_hashed = self.store.has_blocks()
        for number, fname in enumerate(fnames):
            if number % _FILES_OF_REPORT == 0:
                watch.report(STAGE_CHECK, number, len(fnames))
            name = language_of_file(fname, self._package)
            language = (
                None if name is None else find_language(name, wants_identifiers=identifiers, package=self._package)
            )
            if language is None or not self._can_tag(language.name, language.tags):
                continue
            source = read_source(fname, read, is_plain=is_plain)
            if source is None:
                continue
            path = os.path.abspath(fname)
            if not source.is_on_disk:
                path = os.fspath(folder / str(number))
                Path(path).write_bytes(source.raw)
            digest = hashlib.blake2b(source.raw, digest_size=DIGEST_BYTES).digest() if is_hashed else b""
            by_language.setdefault(language.name, (language, []))[1].append(
                _Pending(fname, path, len(source.raw), digest)
            )
        return by_language

    def _can_tag(self, language: str, text: TagsQueryText) -> bool:
        """Return whether a query can be used; it is compiled at its first use."""
        if text.key in self._compiled:
            return True
        if language in self.refused:
            return False
        try:
            queries = compile_queries([text])
        except (QueryError, LanguageError) as error:
            self.refused[language] = str(error)
            return False
        self._compiled[text.key] = queries
        self.kinds[text.language_id] = queries.kinds[text.language_id]
        # Whoever looks after the store checks blocks by the kinds of their query.
        state = f"query:{text.key.hex()}"
        if self.store.read_state(state) is None:
            self.store.write_state(state, {"kinds": self.kinds[text.language_id]})
        return True

    def _add_identifiers(
        self,
        by_language: Mapping[str, tuple[FileLanguage, list[_Pending]]],
        found: dict[str, list[FileBlock]],
        watch: Progress,
    ) -> None:
        """Add the identifiers of files for which the query gave definitions and no reference."""
        work = []
        for language, files in by_language.values():
            wanting = [file for file in files if file.fname in found and found[file.fname][0].has_only_definitions]
            text = find_identifiers(language.name) if language.has_references and wanting else None
            if text is not None and self._can_tag(f"{language.name} identifiers", text):
                work.append((text, language.is_parallel, wanting))
        for fname, block in self._blocks(work, watch):
            found[fname].append(block)

    def _blocks(
        self, work: Sequence[tuple[TagsQueryText, bool, list[_Pending]]], watch: Progress
    ) -> list[tuple[str, FileBlock]]:
        """Return the blocks that each query gives for its files, from the store or by parsing them."""
        found = []
        for is_parallel in (True, False):
            files = [(text, file) for text, is_so, files in work if is_so == is_parallel for file in files]
            kept = self._stored(files)
            found += [(file.fname, block) for (_, file), block in zip(files, kept, strict=True) if block is not None]
            missing = [pair for pair, block in zip(files, kept, strict=True) if block is None]
            found += self._parse(missing, watch, n_workers=0 if is_parallel else 1)
        return found

    def _stored(self, files: Sequence[tuple[TagsQueryText, _Pending]]) -> list[FileBlock | None]:
        keys = [file.digest + text.key if file.digest else b"" for text, file in files]
        wanted = list(dict.fromkeys(key for key in keys if key))
        stored = self.store.read_blocks(wanted) if wanted else {}
        kept: list[FileBlock | None] = []
        for key, (text, _) in zip(keys, files, strict=True):
            data = stored.get(key)
            is_sound = data is not None and check_block(key, data, len(self.kinds[text.language_id])) is not None
            kept.append(FileBlock(text.language_id, data) if data is not None and is_sound else None)
        if used := [key for key, block in zip(keys, kept, strict=True) if block is not None]:
            self.store.touch(used)
        return kept

    def _parse(
        self, files: Sequence[tuple[TagsQueryText, _Pending]], watch: Progress, *, n_workers: int
    ) -> list[tuple[str, FileBlock]]:
        found: list[tuple[str, FileBlock]] = []
        paths = [file.path for _, file in files]
        for anchor, positions in split_anchors(paths).items():
            some = [files[position] for position in positions]
            sources = SourceFiles(
                Path(anchor),
                StringTable.from_strings([os.fsencode(file.path)[len(os.fsencode(anchor)) :] for _, file in some]),
                np.array([text.language_id for text, _ in some], np.uint16),
                np.array([file.size for _, file in some], np.int64),
            )
            queries = self._gather(text for text, _ in some)

            def take(batch: TaggedBatch, some: Sequence[tuple[TagsQueryText, _Pending]] = some) -> None:
                blocks = []
                for row, digest, data in zip(batch.file_ids.tolist(), batch.digests, batch.blocks, strict=True):
                    text, file = some[row]
                    if data:
                        file.digest = digest.tobytes()
                        blocks.append((file.digest + text.key, data))
                        found.append((file.fname, FileBlock(text.language_id, data)))
                self.store.write_blocks(blocks)

            file_ids = np.arange(len(some), dtype=np.uint32)
            options = ScanOptions(workers=n_workers, timeout_per_file=FILE_TIMEOUT_S)
            tag(sources, file_ids, queries, options, watch, take)
        return found

    def _gather(self, texts: Iterable[TagsQueryText]) -> TagsQueries:
        """Return the queries of one run of the tagger, each where its number says."""
        return compile_queries(list({text.key: text for text in texts}.values()))
