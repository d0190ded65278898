"""The tags of a scan as Parquet and as Arrow IPC."""

from __future__ import annotations

import gc
import io
import sys
import weakref
from pathlib import Path
from typing import Any

import pytest

import repomap_fast
from repomap_fast.cli.formats import Format, arrow_files
from repomap_fast.errors import IndexDamagedError
from repomap_fast.joining.result import ScanResult
from support.made_results import make_result, written

pyarrow = pytest.importorskip("pyarrow")


def read(data: bytes, format: Format) -> Any:
    from pyarrow import parquet

    if format is Format.PARQUET:
        return parquet.read_table(io.BytesIO(data))
    return pyarrow.ipc.open_file(io.BytesIO(data)).read_all()


@pytest.mark.parametrize("format", [Format.PARQUET, Format.ARROW])
def test_a_file_has_the_rows_of_the_tags(made_result: ScanResult, format: Format) -> None:
    found, wanted = read(written(made_result, format), format), pyarrow.table(made_result.tags)
    assert found.to_pylist() == wanted.to_pylist()
    assert len(found) > 0
    if format is Format.PARQUET:
        assert found.schema.equals(wanted.schema)
    assert found.schema.metadata[b"repomap_fast.schema"] == b"1"
    assert found.schema.metadata[b"repomap_fast.version"] == repomap_fast.__version__.encode()
    assert found.schema.metadata[b"repomap_fast.root"] == str(made_result.root).encode()
    assert b"tree-sitter-language-pack" in found.schema.metadata[b"repomap_fast.grammars"]
    assert written(made_result, format) == written(made_result, format)


@pytest.mark.parametrize("format", [Format.PARQUET, Format.ARROW])
def test_a_file_of_nothing_has_the_columns(tmp_path: Path, format: Format) -> None:
    found = read(written(make_result(tmp_path, {}), format), format)
    assert (len(found), found.column_names[0]) == (0, "path")


def test_what_a_large_scan_leaves_in_memory_is_freed_before_rows_are_made(
    made_result: ScanResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Left:
        def __init__(self) -> None:
            self.itself = self

    left = weakref.ref(Left())
    gc.disable()
    try:
        written(made_result, Format.PARQUET)
        assert left() is not None
        monkeypatch.setattr(arrow_files, "_MANY_TAGS", 0)
        written(made_result, Format.PARQUET)
        assert left() is None
    finally:
        gc.enable()


def test_damage_that_shows_while_rows_are_written_is_repaired(
    made_result: ScanResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = written(made_result, Format.PARQUET)

    def damaged(result: ScanResult) -> Any:
        yield next(result.tags.arrow_batches())
        raise IndexDamagedError("a page is not what was written")

    monkeypatch.setattr(ScanResult, "tag_batches", damaged)
    assert written(made_result, Format.PARQUET) == whole

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    from repomap_fast.cli.formats.arrow_files import write_parquet

    with pytest.raises(IndexDamagedError):
        write_parquet(made_result, Pipe())


def test_a_missing_pyarrow_is_said_before_the_scan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from repomap_fast.cli import app

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(SystemExit) as raised:
        app.app(["scan", str(tmp_path), "-o", str(tmp_path / "tags.parquet"), "-q"])
    assert raised.value.code == 2
    assert "pip install 'repomap-fast[arrow]'" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
