"""The files of a scan as batches of an Arrow table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.arrow.stream import Column, encoded, numbers, table, texts
from repomap_fast.joining.identities import digest_text
from repomap_fast.joining.tag_rows import bytes_of_paths, of_texts, plain_texts, texts_at
from repomap_fast.languages.table import LANGUAGES
from repomap_fast.tables import NO_LANGUAGE, FileStatus

if TYPE_CHECKING:
    from repomap_fast.joining.result import ScanResult

_FILES_AT_A_TIME = 1 << 15
_STATUSES = texts([status.name.lower().encode() for status in FileStatus])


def file_batches(result: ScanResult) -> Iterator[Column]:
    """Yield batches of all files, as ``tables.FILE_ROWS`` has them."""
    files = result.file_table
    for start in range(0, len(files), _FILES_AT_A_TIME):
        rows = slice(start, start + _FILES_AT_A_TIME)
        paths = list(files.paths.rows(np.arange(len(files))[rows]))
        n_tags = np.diff(files.tag_offsets)[rows].astype(np.uint32)
        digests = [digest_text(digest) for digest in result.digests[rows]]
        known = np.flatnonzero(np.array([digest is not None for digest in digests]))
        yield table(
            [
                plain_texts([path.decode("utf-8", "replace") for path in paths]),
                bytes_of_paths(paths, np.arange(len(paths))),
                of_texts([_language(language_id) for language_id in files.language_ids[rows].tolist()], np.int16),
                numbers(files.sizes_bytes[rows]),
                numbers(files.mtimes_ns[rows]),
                encoded(files.statuses[rows].view(np.int8), _STATUSES),
                numbers(files.definition_counts[rows]),
                numbers(n_tags - files.definition_counts[rows]),
                texts_at(known, [digest for digest in digests if digest is not None], len(digests)),
            ]
        )


def _language(language_id: int) -> str | None:
    return None if language_id == NO_LANGUAGE else LANGUAGES[language_id].name
