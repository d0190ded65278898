"""Tests of the text of a file as the tagger reads it."""

from __future__ import annotations

import codecs
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.tables import FileStatus
from repomap_fast.tagging import source_text as source_text_module
from repomap_fast.tagging.source_text import source_text
from support.made_scans import names, queries_folder, scan_files, scan_source


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_utf_16_becomes_utf_8(mark: bytes) -> None:
    encoding = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
    assert source_text(mark + "def ü():\n".encode(encoding)) == "def ü():\n".encode()


def test_a_byte_order_mark_is_left_out() -> None:
    assert source_text(codecs.BOM_UTF8 + b"x = 1\n") == b"x = 1\n"


def test_bytes_that_are_no_utf_8_are_read_as_windows_1252() -> None:
    assert source_text(b"x = '\xff\x80\x81\xc3\xa9'\r\n") == "x = 'ÿ€\x81é'\r\n".encode()


def test_rows_that_a_carriage_return_ends_are_rows() -> None:
    assert source_text(b"a\rb\r") == b"a\nb\n"
    assert source_text(b"a\rb\n") == b"a\rb\n"


DECLARED = [
    (b"# -*- coding: latin-1 -*-", "latin-1", "größe"),
    (b"#!/bin/python\n# vim: set fileencoding=cp1251 :", "cp1251", "число"),
    (b"# encoding: shift_jis", "shift_jis", "函数"),
    (b"# coding=euc-jp", "euc-jp", "関数"),
    (b"# coding: gbk", "gbk", "函数"),
    (b"# -*- coding: koi8-r -*-", "koi8-r", "число"),
    (b"# coding: iso-8859-15", "iso-8859-15", "œuvre"),
    (b"# coding: utf-8", "utf-8", "число"),
    (b"# coding: no-such", "utf-8", "число"),
    (b"# coding: unicode_escape", "utf-8", "число"),
    (b"#\n#\n# coding: koi8-r", "utf-8", "число"),
    (b"# <?xml version='1.0' encoding='windows-1251'?>", "cp1251", "число"),
    (b'# open("a", encoding="latin-1")', "utf-8", "число"),
    (b"# nothing", "cp1252", "größe"),
]


@pytest.mark.parametrize(("first", "encoding", "name"), DECLARED)
def test_an_encoding_that_a_file_declares_is_believed(first: bytes, encoding: str, name: str, tmp_path: Path) -> None:
    source = first + b"\n" + f"def {name}(): pass\n".encode(encoding)
    assert source_text(source).splitlines()[-1] == f"def {name}(): pass".encode()
    assert names(scan_source(tmp_path, source, "python")) == [name]


@given(st.binary(max_size=40).filter(lambda text: b"\0" not in text))
def test_the_tagger_reads_a_text_alike(text: bytes) -> None:
    source = b"'" + text.translate(None, b"\r\n'\\\\#{}") + b"'\n"
    query = "(string_content) @name @definition.x"
    with tempfile.TemporaryDirectory() as folder:
        queries = queries_folder(Path(folder, "queries"), ruby=query)
        found = "".join(names(scan_source(Path(folder), source, "ruby", queries=queries)))
    assert found == source_text(source).decode()[1:-2]


def test_the_pointer_of_git_lfs_has_no_tags(tmp_path: Path) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
    result = scan_files(tmp_path, {b"a": pointer, b"b": pointer + b"x = 1\n" * 300}, "python")
    assert [file.status for file in result.files] == [FileStatus.NO_TAGS, FileStatus.TAGGED]


def test_rows_of_carriage_returns_are_tagged(tmp_path: Path) -> None:
    result = scan_source(tmp_path, b"def one():\r    return 1\r\rclass Two:\r    pass\r", "python")
    assert [(tag.name, tag.line) for tag in result.tags] == [("one", 1), ("Two", 4)]


def test_a_text_of_many_pieces_is_decoded_as_a_whole() -> None:
    text = "aü" * 100_000
    assert source_text(codecs.BOM_UTF16_LE + text.encode("utf-16-le")) == text.encode()


@given(
    st.lists(st.sampled_from(("a", "\n", "é", "中", "\N{GRINNING FACE}", "\ud800", "\udc00")), max_size=12),
    st.booleans(),
    st.data(),
)
def test_utf16_is_read_alike_whatever_blocks_it_is_in(characters: list[str], is_odd: bool, data: st.DataObject) -> None:
    raw = "".join(characters).encode("utf-16-le", "surrogatepass") + b"\x41" * is_odd
    expected = raw.decode("utf-16-le", "replace").encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source_text_module, "_PIECE_BYTES", data.draw(st.integers(1, 20)))
        assert source_text(b"\xff\xfe\0\0" + raw) == b"\0" + expected
