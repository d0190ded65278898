"""The columns of a scan as an npz file."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np

import repomap_fast
from repomap_fast.cli.formats import Format
from repomap_fast.joining.result import ScanResult
from repomap_fast.tables import (
    FileStatus,
    StringTable,
)
from support.made_results import make_result, written


def test_npz_holds_every_column(made_result: ScanResult) -> None:
    with np.load(io.BytesIO(written(made_result, Format.NPZ)), allow_pickle=False) as columns:
        tags, files = made_result.tag_table, made_result.file_table
        for name in ("name_ids", "roles", "kind_ids", "rows", "columns", "end_rows", "scope_tag_ids"):
            np.testing.assert_array_equal(columns[f"tag_{name}"], getattr(tags, name))
        for name in ("language_ids", "sizes_bytes", "mtimes_ns", "ctimes_ns", "inodes", "statuses", "errnos"):
            np.testing.assert_array_equal(columns[f"file_{name}"], getattr(files, name))
        np.testing.assert_array_equal(columns["file_tag_offsets"], files.tag_offsets)
        names = StringTable(columns["names_offsets"], columns["names_data"])
        paths = StringTable(columns["file_paths_offsets"], columns["file_paths_data"])
        assert list(names) == list(tags.names)
        assert list(paths) == list(files.paths)
        assert columns["kinds"].tolist() == ["call", "class", "function"]
        assert columns["roles"].tolist() == ["definition", "reference"]
        assert columns["languages"][files.language_ids[0]] == "python"
        assert columns["statuses"][FileStatus.OUT_OF_TIME] == "out_of_time"


def test_npz_of_nothing_can_be_loaded(tmp_path: Path) -> None:
    with np.load(io.BytesIO(written(make_result(tmp_path, {}), Format.NPZ)), allow_pickle=False) as columns:
        assert len(columns["tag_rows"]) == 0


def test_npz_needs_no_pickle_and_names_its_version(made_result: ScanResult) -> None:
    with np.load(io.BytesIO(written(made_result, Format.NPZ)), allow_pickle=False) as columns:
        assert columns["version"].item() == repomap_fast.__version__
        assert columns["root"].item() == str(made_result.root)
        assert {column.dtype.kind for column in columns.values()} <= set("uiU")
