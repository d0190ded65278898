"""The tags as a file of Apache Parquet or of Arrow IPC, for data frames and databases: needs pyarrow.

The columns are ``tables.TAG_ROWS``. In Parquet a row group is a batch of ``tag_rows.tag_batches``. The metadata of the
file says the versions, the folder and the commit.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO

from repomap_fast import __version__
from repomap_fast.arrow.fields import table_field
from repomap_fast.arrow.files import write_ipc, write_row_groups
from repomap_fast.arrow.stream import TableStream
from repomap_fast.errors import IndexDamagedError
from repomap_fast.joining.join import tidy_memory
from repomap_fast.tables import TAG_ROWS
from repomap_fast.utf8 import utf8_text

if TYPE_CHECKING:
    from repomap_fast.joining.result import ScanResult

_MANY_TAGS = 1 << 20
"""From here on what a scan leaves in memory is more than its tags take as rows: it goes before they are made."""


def write_parquet(result: ScanResult, out: BinaryIO) -> None:
    """Write every tag of ``result`` as Parquet."""
    _write(result, out, write_row_groups)


def write_arrow(result: ScanResult, out: BinaryIO) -> None:
    """Write every tag of ``result`` as a file of Arrow IPC."""
    _write(result, out, write_ipc)


def _write(result: ScanResult, out: BinaryIO, write: Callable[[TableStream, BinaryIO], None]) -> None:
    said = _metadata(result)
    if result.n_tags > _MANY_TAGS:
        tidy_memory()
    try:
        write(TableStream(table_field(TAG_ROWS, said), result.tag_batches()), out)
    except IndexDamagedError:
        # Columns are checked as they are read. The table of tags is made anew of what is sound.
        if not out.seekable():
            raise
        out.seek(0)
        out.truncate()
        write(TableStream(table_field(TAG_ROWS, said), result.tags.arrow_batches()), out)


def _metadata(result: ScanResult) -> dict[str, str]:
    """Return what a file says of the scan: versions, folder, commit."""
    from repomap_fast.discovery.commit_contents import CommitContents
    from repomap_fast.discovery.commits import commit_around
    from repomap_fast.tagging.build import build_info

    contents = result.contents
    commit = contents.commit if isinstance(contents, CommitContents) else commit_around(os.fsencode(result.root))
    return {
        "repomap_fast.version": __version__,
        "repomap_fast.grammars": ", ".join(build_info().grammars),
        "repomap_fast.root": utf8_text(os.fspath(result.root)),
        **({} if commit is None else {"repomap_fast.commit": commit}),
    }
